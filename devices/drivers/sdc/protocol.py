"""Reports of an SDC device → observations: which descriptor a state belongs to, what is older than the description, which alerts stand.

Nothing is ever sent: the line subscribes, this reads. Meanings are in mapping.py, rules in readings.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import DeviceAlert, Observation, WaveformBlock
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
        self._standing: dict[str, DeviceAlert] = {}
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
        return [self._end(handle, now) for handle in list(self._standing) if handle not in self._conditions]

    def _note_times(self, document: Document, now: Instant) -> None:
        """All of a document's times before any of its values: the order of its states means nothing."""
        for state in document.states:
            track = self._tracks.get(state.handle)
            if track is not None and track.metric not in HELD:
                self._clock.note(time_of(state), now)

    def _read(self, state: State, now: Instant) -> list[Observation]:
        condition = self._conditions.get(state.handle)
        if condition is not None:
            return list(self._read_condition(condition, state, now))
        track = self._tracks.get(state.handle)
        if track is None:
            return []
        if not track.metric.waveform:
            return [numeric_of(track, state, self._clock, now)]
        block: WaveformBlock | None = block_of(track, state, now)
        return [] if block is None else [block]

    def _read_condition(self, condition: Descriptor, state: State, now: Instant) -> list[DeviceAlert]:
        before = self._standing.get(condition.handle)
        priority = PRIORITIES.get(state.attributes.get("ActualPriority") or condition.attributes.get("Priority", ""))
        if state.attributes.get("Presence", "false") not in {"true", "1"} or priority is None:
            return [] if before is None else [self._end(condition.handle, now)]
        if before is not None and before.priority is priority:
            return []
        code = f"MDC:{condition.code}" if condition.code else "MDC:0"
        alert = DeviceAlert(
            at=now,
            code=f"{code}@{condition.handle}"[:80],
            text=condition.text or f"unknown code {condition.code or condition.handle}",
            priority=priority,
            technical=condition.attributes.get("Kind") != PHYSIOLOGICAL,
        )
        self._standing[condition.handle] = alert
        return [alert]

    def _end(self, handle: str, now: Instant) -> DeviceAlert:
        told = self._standing.pop(handle)
        return DeviceAlert(at=now, code=told.code, text=told.text, priority=told.priority, active=False, technical=told.technical)
