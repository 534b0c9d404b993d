"""Lines of Nellcor's ASCII output ↔ records: headings and rows. Knows no meaning of a code and no metric.

Sources: NPB-290, NPB-295 and N-560 manuals; a log of a real N-560. A line has no check sum: what does not read is damage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

LONGEST_LINE = 256
"""The longest known line has about 85 characters."""
LINE_END = b"\r\n"
XON = b"\x11"
XOFF = b"\x13"
TITLE = "TIME                 %SpO2   BPM     PA     Status"

_ROW = re.compile(
    r"\d\d-[A-Za-z]{3}-\d\d(?:\d\d)? \d\d:\d\d:\d\d +(\d{1,3}|-{3})(\*?) +(\d{1,3}|-{3})(\*?) +(\d{1,3}|-{3})(\*?)((?: +[A-Z]{2})*)"
)
_HEADING = re.compile(
    r"(\S+(?: \S+)*) +VERSION +(\S+) +CRC: ?(\S+) +SpO2 Limit: *(\d{1,3})- *(\d{1,3})% +PR Limit: *(\d{1,3})- *(\d{1,3})BPM"
)
_MODE = re.compile(r"([A-Z]+) +(\d{1,3})SAT-S")
_TITLE = re.compile(r"TIME +%SpO2 +BPM +PA(?: +Status)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement. None: dashes.

    Attributes:
        spo2, pulse, amplitude: per cent, per minute, without unit; a 0 stands as it came.
        beyond: those of "SpO2", "BPM", "PA" that are starred: outside the device's alarm limit.
        codes: status, two letters each.
    """

    spo2: int | None
    pulse: int | None
    amplitude: int | None
    beyond: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the device says of itself and of its alarm limits, per cent and per minute."""

    model: str
    version: str
    crc: str
    spo2_limits: tuple[int, int]
    pulse_limits: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """Whom the limits are for ("ADULT"), and the SatSeconds that a fall may last."""

    patient: str
    sat_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Names of the columns: says nothing."""


Line = Row | Heading | Mode | Title


def parse(line: str) -> Line | None:
    """What a line is, or None where it is nothing known or is damaged."""
    if row := _ROW.fullmatch(line):
        return _row(row)
    if heading := _HEADING.fullmatch(line):
        model, version, crc, *limits = heading.groups()
        low, high, slow, fast = (int(limit) for limit in limits)
        return Heading(model=model, version=version, crc=crc, spo2_limits=(low, high), pulse_limits=(slow, fast))
    if mode := _MODE.fullmatch(line):
        return Mode(patient=mode[1], sat_seconds=int(mode[2]))
    return Title() if _TITLE.fullmatch(line) else None


def _row(match: re.Match[str]) -> Row:
    spo2, spo2_star, pulse, pulse_star, amplitude, amplitude_star, codes = match.groups()
    stars = (("SpO2", spo2_star), ("BPM", pulse_star), ("PA", amplitude_star))
    return Row(
        spo2=_count(spo2),
        pulse=_count(pulse),
        amplitude=_count(amplitude),
        beyond=frozenset(column for column, star in stars if star),
        codes=tuple(codes.split()),
    )


def _count(text: str) -> int | None:
    return None if text.startswith("-") else int(text)


def row_line(row: Row, now: datetime) -> bytes:
    """A row as an N-560 prints it."""
    month = _MONTHS[now.month - 1]
    cells = "".join(
        f"{'---' if count is None else count:>6}{'*' if column in row.beyond else ' '} "
        for column, count in (("SpO2", row.spo2), ("BPM", row.pulse), ("PA", row.amplitude))
    )
    return f"{now:%d}-{month}-{now:%y %H:%M:%S}{cells}  {' '.join(row.codes):<22}".encode("ascii") + LINE_END


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not by the locale of this computer, in which a month may be anything."""


def heading_lines(heading: Heading, mode: Mode) -> bytes:
    """The three lines that stand above the columns."""
    low, high = heading.spo2_limits
    slow, fast = heading.pulse_limits
    lines = (
        f"{heading.model}    VERSION {heading.version}    CRC:{heading.crc}  SpO2 Limit: {low}-{high}%    PR Limit: {slow}-{fast}BPM",
        f"{'':29}{mode.patient:<17}{mode.sat_seconds}SAT-S ",
        TITLE,
    )
    return b"".join(line.encode("ascii") + LINE_END for line in lines)
