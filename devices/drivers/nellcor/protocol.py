"""The host's side of a Nellcor line: listens, and after a silence sends XON once. Knows no code and no form of a line.

XON sets nothing. It only releases an output that somebody stopped with XOFF, as the NPB-290's manual says to do when the rows
stop; without it a line that another program left stopped would stay silent for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from clinical.instant import Instant
from clinical.observations import Observation
from devices.alert_book import AlertBook, by_code
from devices.drivers.nellcor.frames import LONGEST_LINE, XON, Heading, Line, Mode, Row, Title, parse
from devices.drivers.nellcor.mapping import INTERVAL_S, alerts, numerics
from devices.text_lines import TextRecords

SILENCE_S = 3 * INTERVAL_S
"""Three rows missing. XON is sent again after as long a silence, no sooner."""
REQUESTS = (XON,)


class NellcorProtocol:
    """Rows become numbers and alerts; headings become the device's identity and its limits. Raises ValueError for any variant.

    Attributes:
        heading: the latest, with the device's alarm limits; None until there was one.
        mode: the latest; None until there was one, and for good where the model has none.
    """

    def __init__(self, variant: str = "") -> None:
        if variant:
            raise ValueError(f"a Nellcor line has no variant {variant}")
        self.heading: Heading | None = None
        self.mode: Mode | None = None
        self._lines: TextRecords[Line] = TextRecords(parse, LONGEST_LINE)
        self._alerts = AlertBook()
        self._rows = 0
        self._quiet_since: Instant | None = None

    @property
    def bad_frames(self) -> int:
        return self._lines.bad

    @property
    def identity(self) -> str:
        """Model, version, mode and the device's own alarm limits, as far as they were told."""
        if self.heading is None:
            return "Nellcor" if self._rows else ""
        head, mode = self.heading, self.mode
        limits = f"alarm limits SpO₂ {head.spo2_limits[0]}–{head.spo2_limits[1]} %, pulse {head.pulse_limits[0]}–{head.pulse_limits[1]}/min"
        watch = f", {mode.patient.lower()}, SatSeconds {mode.sat_seconds}" if mode else ""
        return f"Nellcor {head.model}, version {head.version}, {limits}{watch}"

    @property
    def due(self) -> Instant | None:
        return None if self._quiet_since is None else self._quiet_since.plus(SILENCE_S)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told: list[Observation] = []
        for line in self._lines.feed(data):
            self._quiet_since = now
            told += self._take(line, now)
        return told

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        due = self.due
        if due is None:
            self._quiet_since = now
        if due is None or now < due:
            return ()
        self._quiet_since = now
        return REQUESTS

    def _take(self, line: Line, now: Instant) -> list[Observation]:
        match line:
            case Row():
                self._rows += 1
                return [*numerics(line, now), *self._alerts.update(by_code(alerts(line)), now)]
            case Heading():
                self.heading = line
            case Mode():
                self.mode = line if self.heading else None  # without its heading it may be the end of a line that was joined
            case Title():
                pass
            case _:
                assert_never(line)
        return []
