"""The oximeter's side of the line: an N-560 that prints a row each 2 s and its headings now and then. Hears XON and XOFF alone.

Pace, headings and codes are the maker's; the scale of the pulse amplitude, how long a number is held while the pulse is sought,
and the alarm limits are its own.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from devices.driver import SimulatedBedside
from devices.drivers.nellcor.frames import XOFF, XON, Heading, Mode, Row, heading_lines, row_line

EVERY_S = 2.0
ROWS_BETWEEN_HEADINGS = 25
HELD_ROWS = 3
LONGEST_BACKLOG_S = 9.0
HEADING = Heading(model="N-560", version="1.56.00", crc="XXXX", spo2_limits=(90, 100), pulse_limits=(60, 170))
MODE = Mode(patient="ADULT", sat_seconds=0)
AMPLITUDE_PER_PERCENT = 20
HIGHEST_AMPLITUDE = 254


class _Finger:
    """What the device makes of the finger in it."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._held: tuple[int, int] | None = None
        self._sought = 0

    def row(self) -> Row:
        """A row's content at the bedside's moment."""
        spo2, pulse = self._bedside.value(SPO2), self._bedside.value(PULSE_RATE)
        if spo2 is None or pulse is None:
            return self._without()
        self._sought = 0
        self._held = (min(round(spo2), 100), min(round(pulse), 250))
        index = self._bedside.value(PERFUSION_INDEX)
        amplitude = None if index is None else min(max(round(index * AMPLITUDE_PER_PERCENT), 1), HIGHEST_AMPLITUDE)
        return _judged(*self._held, amplitude)

    def _without(self) -> Row:
        """Off: dashes. Still on: a pulse is sought, with numbers that are held at first and then 0."""
        if np.isnan(self._bedside.samples(PLETH, self._bedside.now, 1, 1.0)).any():
            self._held = None
            return Row(spo2=None, pulse=None, amplitude=None, codes=("SO",))
        self._sought += 1
        spo2, pulse = self._held if self._held and self._sought <= HELD_ROWS else (0, 0)
        return Row(spo2=spo2, pulse=pulse, amplitude=None, codes=("PS",))


def _judged(spo2: int, pulse: int, amplitude: int | None) -> Row:
    """Numbers with a star and a code where they are outside the limits."""
    codes = [
        code
        for code, crossed in (
            ("SL", spo2 < HEADING.spo2_limits[0]),
            ("SH", spo2 > HEADING.spo2_limits[1]),
            ("PL", pulse < HEADING.pulse_limits[0]),
            ("PH", pulse > HEADING.pulse_limits[1]),
        )
        if crossed
    ]
    beyond = frozenset({"S": "SpO2", "P": "BPM"}[code[0]] for code in codes)
    return Row(spo2=spo2, pulse=pulse, amplitude=amplitude, beyond=beyond, codes=tuple(codes))


class NellcorSimulator:
    """An N-560 on the simulated patient's finger. Raises ValueError for any variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant:
            raise ValueError(f"a Nellcor line has no variant {variant}")
        self._bedside = bedside
        self._finger = _Finger(bedside)
        self._start = bedside.now
        self._ticks = 0
        self._rows = 0
        self._stopped = False

    @property
    def due(self) -> Instant:
        return self._start.plus((self._ticks + 1) * EVERY_S)

    def receive(self, data: bytes, now: Instant) -> None:  # noqa: ARG002  the contract's argument; XOFF holds at once
        """The last XON or XOFF counts."""
        for byte in data:
            if byte in XON + XOFF:
                self._stopped = byte in XOFF

    def outgoing(self, now: Instant) -> bytes:
        late_s = now.since(self.due) - LONGEST_BACKLOG_S
        if late_s > 0:
            self._ticks += int(late_s / EVERY_S) + 1
        said = bytearray()
        while (at := self.due) <= now:
            said += self._speak(at)
            self._ticks += 1
        return bytes(said)

    def _speak(self, at: Instant) -> bytes:
        """What is measured while the output is stopped is lost."""
        row = self._finger.row()
        if self._stopped:
            return b""
        head = heading_lines(HEADING, MODE) if self._rows % ROWS_BETWEEN_HEADINGS == 0 else b""
        self._rows += 1
        return head + row_line(row, datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC))
