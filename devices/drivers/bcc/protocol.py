"""The host's side of a BCC line: joins frames, dialogue and rack. Knows no byte layout, no timing and no table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import Observation, Priority
from devices.drivers.bcc.alerts import ALERT_KEYS, PROPOSED_PRIORITIES
from devices.drivers.bcc.dialogue import Content, Dialogue
from devices.drivers.bcc.frames import Damaged, Frame, FrameReader
from devices.drivers.bcc.mapping import GENERAL_KEYS, STATE_KEYS, VALUE_KEYS
from devices.drivers.bcc.quads import Report, read_quads
from devices.drivers.bcc.rack import Rack
from devices.drivers.bcc.variants import Variant, variant_named

WANTED = STATE_KEYS | VALUE_KEYS | GENERAL_KEYS | ALERT_KEYS
REFUSALS = frozenset({"68", "811"})


class BccProtocol:
    """Polls a SpaceCom, ComDevice or data module, and takes what it pushes. Variant "stuffed" says that it stuffs; else that is found.

    The other variants are the simulator's: cyclic mode and keys of a single bit are understood without being told.

    ``priorities`` replaces, by alert code, what ``alerts.py`` proposes. Raises ValueError for an unknown variant.
    """

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] = PROPOSED_PRIORITIES) -> None:
        stuffed = True if variant_named(variant) is Variant.STUFFED else None
        self._reader = FrameReader(stuffed=stuffed)
        self._dialogue = Dialogue(stuffed=stuffed)
        self._rack = Rack(priorities)
        self._version = ""

    @property
    def bad_frames(self) -> int:
        return self._reader.bad

    @property
    def identity(self) -> str:
        """Version of the protocol and the pumps: "BCC V3.30: Perfusor Space 40864"."""
        pumps = ", ".join(f"{model} {channel}".strip() for channel, model in self._rack.models.items())
        name = f"BCC {self._version}".strip() if self._version or pumps else ""
        return f"{name}: {pumps}" if pumps else name

    @property
    def due(self) -> Instant | None:
        return self._dialogue.due

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        return self._dialogue.outgoing(now)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        if data:
            self._dialogue.noise(now)
        told: list[Observation] = []
        for item in self._reader.feed(data):
            if isinstance(item, Frame):
                told += self._frame(item, now)
            elif isinstance(item, Damaged):
                self._dialogue.damaged(now)
            # A bare ACK or NAK from the device means nothing to us: it acknowledges no request.
        return told

    def _frame(self, frame: Frame, now: Instant) -> list[Observation]:
        report = read_quads(frame.information, WANTED)
        self._version = report.version or self._version
        content = _content(report)
        ends_round = self._dialogue.heard(frame, content, now)
        if content is not Content.DATA:
            return []
        told = self._rack.take(report, now, self._dialogue.interval_s)
        return [*told, *self._rack.end(now, whole_round=ends_round)] if frame.last else told


def _content(report: Report) -> Content:
    if any(error in REFUSALS for _, error in report.errors):
        return Content.REFUSED
    if report.version:
        return Content.VERSION
    return Content.GREETING if "GNACK" in report.general else Content.DATA
