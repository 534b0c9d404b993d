"""Dräger's data codes ↔ the catalogue, as tables; what a reply with measured data is worth. Knows no dialogue and no alarm text.

Source: codes and layouts after "MEDIBUS for Intensive Care Devices" 90 28 329, 11th edition; ambient pressure (6B) and the
spellings of dates after OpenICE (BSD-2-Clause). Pressures, volumes and gases of a ventilator have no place at a bedside where
the patient breathes by himself and are left where they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from clinical.instant import Instant
from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PLETH, PULSE_RATE, RESP_RATE, SPO2, Metric
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt, doubted

INTERVAL_S = 2.0
"""Data are asked for each second; a slow line takes longer."""
STANDARD_AMBIENT_MMHG = 760.0
MMHG_PER_KPA = 7.50062
AMBIENT_CODE = 0x6B
_MMHG_PER_MBAR = MMHG_PER_KPA / 10
_ENTRY_BYTES = 6


class Scale(Enum):
    """What a number is counted in on the wire, where the catalogue counts mmHg."""

    AS_IS = "catalogue's unit"
    KPA = "kPa"
    PERCENT = "per cent of ambient pressure"
    PERCENT_OF_FULL_SCALE = "per cent of full scale"

    def factor(self, ambient_mmhg: float) -> float:
        """What a number is multiplied by to be in the catalogue's unit."""
        return {
            Scale.AS_IS: 1.0,
            Scale.KPA: MMHG_PER_KPA,
            Scale.PERCENT: ambient_mmhg / 100,
            Scale.PERCENT_OF_FULL_SCALE: 0.01,
        }[self]


@dataclass(frozen=True, slots=True)
class Row:
    """A metric under one of its codes; of several the first that the device tells is taken."""

    metric: Metric
    code: int
    scale: Scale = Scale.AS_IS


ROWS = (
    Row(ETCO2, 0xE6),
    Row(ETCO2, 0xE3, Scale.KPA),
    Row(ETCO2, 0xDB, Scale.PERCENT),
    Row(FICO2, 0xE5),
    Row(FICO2, 0xFF, Scale.KPA),
    Row(FICO2, 0xDA, Scale.PERCENT),
    Row(CO2_RESP_RATE, 0xD5),
    Row(RESP_RATE, 0xD6),
    Row(SPO2, 0xEB),
    Row(PULSE_RATE, 0xE1),
)
METRICS = tuple(dict.fromkeys(row.metric for row in ROWS))
WAVES = (Row(CO2, 0x06), Row(CO2, 0x07, Scale.KPA), Row(CO2, 0x08, Scale.PERCENT), Row(PLETH, 0x02, Scale.PERCENT_OF_FULL_SCALE))
"""Realtime streams; of those with one metric the first that is offered is asked for."""

CAPNOSAT = 0x8300
NAMES = {
    CAPNOSAT: "Capnosat",
    0x8210: "Evita",
    0x8200: "Evita 2",
    0x8240: "Evita 4",
    0x8230: "Evita 2 dura",
    0x8260: "Evita XL",
    0x7012: "Graphic Screen",
}
EXPECTED = {CAPNOSAT: (ETCO2, FICO2, CO2_RESP_RATE, SPO2, PULSE_RATE)}
"""What a model measures whether or not it has told it yet; of others a number is missed only after it was there."""

_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)")
_IDENTITY = re.compile(r"([0-9A-Fa-f]{4})'([^']*)'(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identity:
    number: int
    name: str
    revision: str

    def __str__(self) -> str:
        return f"Dräger {self.name or NAMES.get(self.number, 'MEDIBUS')} ({self.number:04X}) {self.revision}".rstrip()


def identity_in(data: bytes) -> Identity | None:
    """Who the device says it is: ``8300'Capnosat'01.00:03.00``; None where it does not say."""
    match = _IDENTITY.fullmatch(data.decode("ascii", "replace").strip())
    return None if match is None else Identity(int(match[1], 16), match[2].strip(), match[3].strip())


def texts_in(data: bytes) -> tuple[dict[int, str], int]:
    """Code → the four characters of its value; and how many entries could not be read."""
    entries = [data[at : at + _ENTRY_BYTES].decode("ascii", "replace") for at in range(0, len(data), _ENTRY_BYTES)]
    good = {int(entry[:2], 16): entry[2:] for entry in entries if re.fullmatch(r"[0-9A-F]{2}.{4}", entry, re.DOTALL)}
    bad = sum(not re.fullmatch(r"[0-9A-F]{2}.{4}", entry, re.DOTALL) for entry in entries)
    return good, bad


def number(text: str) -> float | None:
    """A padded number; None where no digits stand."""
    packed = text.replace(" ", "")
    return float(packed) if _NUMBER.fullmatch(packed) else None


def ambient_mmhg(texts: Mapping[int, str]) -> float | None:
    """Ambient pressure as the device measures it; None where it does not tell a possible one."""
    mbar = number(texts.get(AMBIENT_CODE, ""))
    return mbar * _MMHG_PER_MBAR if mbar is not None and 500 <= mbar <= 1100 else None


_ASSUMED_AMBIENT = Doubt(Validity.QUESTIONABLE, "ambient pressure assumed 760 mmHg")


def reading(
    metric: Metric, texts: Mapping[int, str], now: Instant, *, ambient: float | None, why: Doubt | None, effect: Doubt | None
) -> Numeric:
    """A metric's number in a reply; a missing one is invalid, for the reason ``why`` where there is one.

    ``effect`` is what an alarm makes of a number that is there.
    """
    row = next((row for row in ROWS if row.metric is metric and row.code in texts), None)
    told = None if row is None else number(texts[row.code])
    if row is None or told is None:
        return doubted(metric, None, why or Doubt(Validity.INVALID, "device tells no value"), now, interval_s=INTERVAL_S)
    assumed = row.scale is Scale.PERCENT and ambient is None
    value = told * row.scale.factor(ambient or STANDARD_AMBIENT_MMHG)
    if effect is not None and effect.validity is Validity.INVALID:
        return doubted(metric, None, effect, now, interval_s=INTERVAL_S)
    if not metric.low <= value <= metric.high:
        return doubted(metric, None, Doubt(Validity.INVALID, "impossible number"), now, interval_s=INTERVAL_S)
    return doubted(metric, value, effect or (_ASSUMED_AMBIENT if assumed else None), now, interval_s=INTERVAL_S)


_DATE = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(\d{1,2})-([A-Z]{3})-(\d{2})")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ")
_MONTH = {name: place for place, name in enumerate(_MONTHS, start=1)} | {"MAY": 5, "OCT": 10, "DEC": 12}
_FIRST_YEAR = 1970


def date_in(data: bytes) -> datetime | None:
    """The device's clock (it knows no zone; read as UTC): ``11:11:1911-NOV-93``, with or without seconds. None if it is no time."""
    match = _DATE.fullmatch(data.decode("ascii", "replace").strip())
    if match is None or match[5] not in _MONTH:
        return None
    hour, minute, second, day, year = (int(group or 0) for group in match.group(1, 2, 3, 4, 6))
    try:
        return datetime(_FIRST_YEAR + (year - _FIRST_YEAR) % 100, _MONTH[match[5]], day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def date_text(moment: datetime) -> bytes:
    """As a device writes it."""
    return f"{moment:%H:%M:%S}{moment.day:02d}-{_MONTHS[moment.month - 1]}-{moment:%y}".encode("ascii")
