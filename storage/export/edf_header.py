"""The header of an EDF+ file, its fields of ASCII, and its annotations. Knows bytes; knows no case.

Kemp et al. 1992 (EDF) and Kemp, Olivan 2003 (EDF+). A field has a fixed width, so a scale is rounded to eight characters: where that
would move samples by a tenth of a step or more, the dimension is a thousandth or millionth of the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

DIGITAL = (-32768, 32767)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
ANNOTATIONS = "EDF Annotations"
_SMALLER = {"mV": ("mV", "uV", "nV"), "Ohm": ("Ohm", "mOhm", "uOhm"), "": ("", "10^-3", "10^-6")}
_MOST_OFF_STEPS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalHead:
    """One signal: what its columns in the header say; ``low`` and ``high`` are the physical values of the ends of int16."""

    label: str
    source: str
    dimension: str
    low: str
    high: str
    samples: int
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHead:
    """A whole header. ``seconds``: of one record, as the header writes it."""

    patient: str
    recording: str
    begins: datetime
    continuous: bool
    records: int
    seconds: str
    signals: Sequence[SignalHead]


def header(head: FileHead) -> bytes:
    """The bytes of a header: 256 for the file and 256 for each signal."""
    size = 256 * (1 + len(head.signals))
    first = (
        _field("0", 8),
        _field(head.patient, 80),
        _field(head.recording, 80),
        _field(f"{head.begins:%d.%m.%y}", 8),
        _field(f"{head.begins:%H.%M.%S}", 8),
        _field(str(size), 8),
        _field("EDF+C" if head.continuous else "EDF+D", 44),
        _field(str(head.records), 8),
        _field(head.seconds, 8),
        _field(str(len(head.signals)), 4),
    )
    digital = tuple(map(str, DIGITAL))
    rows = [(one.label, one.source, one.dimension, one.low, one.high, *digital, one.told, str(one.samples), "") for one in head.signals]
    widths = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
    columns = (_field(row[place], width) for place, width in enumerate(widths) for row in rows)
    return b"".join((*first, *columns))


def _field(text: str, width: int) -> bytes:
    return ascii_of(text)[:width].ljust(width).encode("ascii")


def ascii_of(text: str) -> str:
    """Text as EDF's header may have it: printable ASCII, subscripts as digits, the rest as question marks."""
    plain = text.translate({0x2080 + digit: str(digit) for digit in range(10)} | {0x03A9: "Ohm", 0xB0: "deg", 0xB5: "u"})
    return "".join(letter if " " <= letter <= "~" else "?" for letter in plain)


def scaled(unit: str, per_step: float, at_zero: float) -> tuple[str, str, str]:
    """Dimension, and the physical values of -32768 and 32767 in eight characters each, as near to a scale as they can be."""
    found: list[tuple[float, tuple[str, str, str]]] = []
    for power, dimension in enumerate(_SMALLER.get(unit, (unit, f"e-3{unit}", f"e-6{unit}"))):
        factor = 1000**power
        ends = [(at_zero + per_step * digital) * factor for digital in DIGITAL]
        low, high = map(eight, ends)
        off_steps = max(abs(float(text) - end) for text, end in zip((low, high), ends, strict=True)) / abs(per_step * factor)
        if off_steps <= _MOST_OFF_STEPS:
            return dimension, low, high
        found.append((off_steps, (dimension, low, high)))
    return min(found)[1]


def eight(value: float) -> str:
    """A number in at most eight characters, as exact as that allows."""
    for decimals in range(7, -1, -1):
        text = f"{value:z.{decimals}f}"
        if len(text) <= 8:
            return text
    return f"{value:.2E}"[:8]


def annotation(onset_s: float, text: str, lasts_s: float | None = None) -> bytes:
    """One timestamped annotation list; without a text it is a record's own moment."""
    lasts = "" if lasts_s is None else f"\x15{_seconds(lasts_s)}"
    clean = "".join(max(letter, " ") for letter in text)
    return f"{'+' if onset_s >= 0 else '-'}{_seconds(abs(onset_s))}{lasts}\x14{clean}\x14\x00".encode()


def _seconds(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"


def padded(lists: bytes, size: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Annotation lists as the samples of a signal, filled up with zeros."""
    return np.frombuffer(lists.ljust(size, b"\0"), "<i2")
