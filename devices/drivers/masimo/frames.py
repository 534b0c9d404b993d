"""Lines of Masimo's serial ASCII ↔ records: live lines ("ASCII 1") and trend lines. Knows no meaning of a bit and no metric.

Parsed by key and never by position: models differ in fields and in the width of the words. A line has no check sum. What can
be noticed of damage is noticed: a field that does not read, a field twice, one of those that every model sends missing.
Sources: Masimo Rad-8 and Rad-87 operator's manuals; captured lines of Rad-8 and Radical-7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 512
"""The longest known line has about 200 characters."""
LINE_END = b"\r\n"
DASHES = "-"

_LINE = re.compile(r"(\d\d/\d\d/\d\d \d\d:\d\d:\d\d)((?: +[A-Za-z0-9]+=[^=\s]*)+)")
_FIELD = re.compile(r"([A-Za-z0-9]+)=(\S*)")
_PERCENT = re.compile(r"(\d{1,3}|-{1,3})%?")
_RATE = re.compile(r"(\d{1,3}|-{1,3})")
_INDEX = re.compile(r"(\d{1,2}\.\d{1,2}|-{1,2}\.-{1,2})%?")
_WORD = re.compile(r"([0-9A-Fa-f]{2,8})")
_NAMED_WORD = re.compile(r"([0-9A-Fa-f]{2,8})(?::[A-Za-z0-9,]*)?")
_SERIAL = re.compile(r"(\d+|-+)")

LIVE_FIELDS = {
    "SPO2": _PERCENT,
    "BPM": _RATE,
    "ALARM": _WORD,
    "EXC": _WORD,
    "PI": _INDEX,
    "EXC1": _WORD,
    "SN": _SERIAL,
}
"""Fields of a live line that are read, with their form; the first four are in every model's."""
TREND_FIELDS = {"SpO2": _PERCENT, "PR": _RATE, "PI": _INDEX, "EXC": _NAMED_WORD}
LIVE_NEEDS = frozenset({"SPO2", "BPM", "ALARM", "EXC"})
TREND_NEEDS = frozenset({"SpO2", "PR", "EXC"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line. None: the device sent dashes, or has no such field.

    Attributes:
        spo2, pulse: per cent, per minute; a 0 stands as it came.
        perfusion: per cent.
        alarm, exceptions, exceptions_1: bit words; 0 where the line has none.
        serial: digits, or empty.
        taken: of a trend line the moment it tells of, by the device's clock read as UTC (it knows no zone); None: a live line.
    """

    spo2: int | None
    pulse: int | None
    perfusion: float | None
    alarm: int = 0
    exceptions: int = 0
    exceptions_1: int = 0
    serial: str = ""
    taken: datetime | None = None


def parse(line: str) -> Record | None:
    """The record in a line, or None where it is none or is damaged."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    pairs = _FIELD.findall(found[2])
    fields = dict(pairs)
    if len(fields) != len(pairs):
        return None
    return _live(fields) if "BPM" in fields else _trend(fields, found[1])


def _live(fields: dict[str, str]) -> Record | None:
    read = _read(fields, LIVE_FIELDS, LIVE_NEEDS)
    if read is None:
        return None
    serial = read.get("SN", DASHES)
    return Record(
        spo2=_count(read["SPO2"]),
        pulse=_count(read["BPM"]),
        perfusion=_index(read.get("PI", DASHES)),
        alarm=int(read["ALARM"], 16),
        exceptions=int(read["EXC"], 16),
        exceptions_1=int(read.get("EXC1", "0"), 16),
        serial="" if DASHES in serial else serial,
    )


def _trend(fields: dict[str, str], stamp: str) -> Record | None:
    read, taken = _read(fields, TREND_FIELDS, TREND_NEEDS), _moment(stamp)
    if read is None or taken is None:
        return None
    return Record(
        spo2=_count(read["SpO2"]),
        pulse=_count(read["PR"]),
        perfusion=_index(read.get("PI", DASHES)),
        exceptions=int(read["EXC"], 16),
        taken=taken,
    )


def _read(fields: dict[str, str], forms: dict[str, re.Pattern[str]], needs: frozenset[str]) -> dict[str, str] | None:
    """The known fields without their units; None if one does not read or a needed one is missing."""
    if not needs <= fields.keys():
        return None
    matches = {key: form.fullmatch(fields[key]) for key, form in forms.items() if key in fields}
    read = {key: match[1] for key, match in matches.items() if match is not None}
    return read if len(read) == len(matches) else None


def _count(text: str) -> int | None:
    return None if DASHES in text else int(text)


def _index(text: str) -> float | None:
    return None if DASHES in text else float(text)


def _moment(stamp: str) -> datetime | None:
    """A device whose clock was never set may send an impossible date."""
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


STAMP = "%m/%d/%y %H:%M:%S"


def live_line(record: Record, now: datetime) -> bytes:
    """A live line as a Rad-8 sends it."""
    spo2 = "---" if record.spo2 is None else f"{record.spo2:03d}"
    pulse = "---" if record.pulse is None else f"{record.pulse:03d}"
    perfusion = "--.--" if record.perfusion is None else f"{record.perfusion:05.2f}"
    return (
        f"{now:{STAMP}} SN={record.serial or '-' * 10} SPO2={spo2}% BPM={pulse} PI={perfusion}% SPCO=--.-% SPMET=--.-% DESAT=-- "
        f"PIDELTA=+-- ALARM={record.alarm:04X} EXC={record.exceptions:06X}"
    ).encode("ascii") + LINE_END


def trend_line(record: Record, taken: datetime, names: str) -> bytes:
    """A trend line; what is missing is sent as 0. ``names`` spell out the exceptions."""
    return (
        f"{taken:{STAMP}} SpO2={record.spo2 or 0:03d} PR={record.pulse or 0:03d} PI={record.perfusion or 0.0:05.2f} "
        f"EXC={record.exceptions:X}:{names}"
    ).encode("ascii") + LINE_END
