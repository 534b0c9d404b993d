"""Reports of an SDC device → observations: which descriptor a state belongs to, what is older than the description, which alerts stand.

Nothing is ever sent: the line subscribes, this reads. Meanings are in mapping.py, rules in readings.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import DeviceAlert, Observation, WaveformBlock
from devices.alert_book import AlertBook, Standing
from devices.drivers.sdc.documents import Descriptor, Document, DocumentError, State, parse
from devices.drivers.sdc.frames import Deframer
from devices.drivers.sdc.mapping import HELD, PHYSIOLOGICAL, PRIORITIES
from devices.drivers.sdc.readings import DeviceClock, Track, block_of, numeric_of, time_of, track_of

CONDITIONS = frozenset({"AlertConditionDescriptor", "LimitAlertConditionDescriptor"})


class SdcProtocol:
    """The consumer's side of ISO/IEEE 11073 SDC."""

    def __init__(self) -> None:
        self._deframer = Deframer()
        self._malformed = 0
        self._identity = ""
        self._sequence: str | None = None
        self._version = 0
        self._tracks: dict[str, Track] = {}
        self._conditions: dict[str, Descriptor] = {}
        self._alerts = AlertBook()
        self._clock = DeviceClock()

    @property
    def bad_frames(self) -> int:
        return self._deframer.bad_frames + self._malformed

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def due(self) -> None:
        """Nothing is ever sent."""
        return

    def outgoing(self, now: Instant) -> Sequence[bytes]:  # noqa: ARG002  nothing is ever sent
        return ()

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [told for document in self._deframer.push(data) for told in self._take(document, now)]

    def _take(self, raw: bytes, now: Instant) -> list[Observation]:
        try:
            document = parse(raw)
        except DocumentError:
            self._malformed += 1
            return []
        told: list[Observation] = []
        if document.is_description:
            told += self._describe(document, now)
        elif document.sequence != self._sequence or document.version <= self._version:
            return []  # of another life of the device, or part of the description already
        self._note_times(document, now)
        return told + [found for state in document.states for found in self._read(state, now)]

    def _describe(self, document: Document, now: Instant) -> list[DeviceAlert]:
        """A new description. Alerts of conditions that are no longer there have gone with them."""
        taken: set[tuple[Metric, str]] = set()
        found = {descriptor.handle: track_of(descriptor, taken) for descriptor in document.descriptors}
        unread = [track for track in found.values() if track is not None and track.scale is None]
        self._malformed += len(unread)
        self._tracks = {handle: track for handle, track in found.items() if track is not None and track.scale is not None}
        self._conditions = {descriptor.handle: descriptor for descriptor in document.descriptors if descriptor.kind in CONDITIONS}
        self._sequence, self._version = document.sequence, document.version
        self._identity = document.name or "SDC device"
        gone = [handle for handle in self._alerts.tellers if handle not in self._conditions]
        return [alert for handle in gone for alert in self._alerts.update({}, now, teller=handle)]

    def _note_times(self, document: Document, now: Instant) -> None:
        """All of a document's times before any of its values: the order of its states means nothing."""
        for state in document.states:
            track = self._tracks.get(state.handle)
            if track is not None and track.metric not in HELD:
                self._clock.note(time_of(state), now)

    def _read(self, state: State, now: Instant) -> list[Observation]:
        condition = self._conditions.get(state.handle)
        if condition is not None:
            return [*self._read_condition(condition, state, now)]
        track = self._tracks.get(state.handle)
        if track is None:
            return []
        if not track.metric.waveform:
            return [numeric_of(track, state, self._clock, now)]
        block: WaveformBlock | None = block_of(track, state, now)
        return [] if block is None else [block]

    def _read_condition(self, condition: Descriptor, state: State, now: Instant) -> list[DeviceAlert]:
        priority = PRIORITIES.get(state.attributes.get("ActualPriority") or condition.attributes.get("Priority", ""))
        if state.attributes.get("Presence", "false") not in {"true", "1"} or priority is None:
            return self._alerts.update({}, now, teller=condition.handle)
        told = Standing(
            text=condition.text or f"unknown code {condition.code or condition.handle}",
            priority=priority,
            technical=condition.attributes.get("Kind") != PHYSIOLOGICAL,
        )
        code = f"MDC:{condition.code or 0}@{condition.handle}"[:80]
        return self._alerts.update({(code, ""): told}, now, teller=condition.handle)
