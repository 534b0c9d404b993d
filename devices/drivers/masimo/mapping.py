"""Masimo's bits and numbers ↔ the catalogue, as tables. Knows no line and no dialogue.

Sources: bits up to 0x800 after the Rad-8 operator's manual, higher ones after OpenICE's driver. What an exception makes of a
number, and every priority, are proposals: to be confirmed by your clinicians.
"""

from __future__ import annotations

from clinical.instant import Instant
from clinical.metrics import PERFUSION_INDEX, PULSE_RATE, SPO2, Metric
from clinical.observations import Numeric, Priority, Validity
from devices.alert_book import AlertRow, unknown_row
from devices.drivers.masimo.frames import Record

MANUAL, OPENICE, OURS = "Rad-8 operator's manual", "OpenICE driver", "ours"
HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LIVE_INTERVAL_S = 1.0
TREND_INTERVAL_S = 2.0

NO_SENSOR, DEFECTIVE_SENSOR, LOW_PERFUSION, PULSE_SEARCH, INTERFERENCE, SENSOR_OFF = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
LOW_SIGNAL_IQ, SET_MODE = 0x400, 0x800
SPO2_HIGH, SPO2_LOW, PULSE_HIGH, PULSE_LOW, ALARM_ACTIVE, SILENCED = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
LIMIT_BITS = 0x1 | 0x2 | 0x4 | 0x8 | 0x100 | 0x200 | 0x400 | 0x800 | 0x1000 | 0x2000


def _exception(bit: int, text: str, priority: Priority, source: str = MANUAL) -> tuple[int, AlertRow]:
    return bit, AlertRow(code=f"EXC-{bit:X}", text=f"Oximeter: {text}", priority=priority, source=source)


INVALIDATING: dict[int, AlertRow] = dict(
    (
        _exception(NO_SENSOR, "no sensor", LOW),
        _exception(SENSOR_OFF, "sensor off", LOW),
        _exception(DEFECTIVE_SENSOR, "defective sensor", MEDIUM),
        _exception(0x80, "unrecognised sensor", MEDIUM),
        _exception(0x100, "incompatible sensor", MEDIUM, f"{OPENICE}; reserved in the {MANUAL}"),
        _exception(0x1000, "no cable", MEDIUM, OPENICE),
        _exception(0x4000, "incompatible cable", MEDIUM, OPENICE),
        _exception(0x8000, "unrecognised cable", MEDIUM, OPENICE),
        _exception(0x10000, "defective cable", MEDIUM, OPENICE),
        _exception(0x20000, "calibrating", LOW, OPENICE),
        _exception(0x40, "too much ambient light", LOW),
        _exception(PULSE_SEARCH, "pulse search", LOW),
    )
)
"""Whatever number comes with these is held or guessed: no reading. In the order in which they are named as the reason."""
DOUBTFUL: dict[int, AlertRow] = dict(
    (
        _exception(LOW_SIGNAL_IQ, "low signal IQ", LOW),
        _exception(LOW_PERFUSION, "low perfusion", LOW),
        _exception(INTERFERENCE, "interference", LOW),
        _exception(0x80000, "check emitter temperature", MEDIUM, OPENICE),
        _exception(0x100000, "current limit", MEDIUM, OPENICE),
    )
)
"""The number stands, with a question mark."""
HARMLESS: dict[int, AlertRow] = dict(
    (
        _exception(0x2000, "cable near its end of life", LOW, OPENICE),
        _exception(0x40000, "sensor near its end of life", LOW, OPENICE),
        _exception(0x200000, "SpCO of low confidence", LOW, OPENICE),
        _exception(0x400000, "SpMet of low confidence", LOW, OPENICE),
    )
)
"""Told, but saturation and pulse are none the worse."""
EXCEPTIONS = {**INVALIDATING, **DOUBTFUL, **HARMLESS}
NORMAL = {SET_MODE: "Masimo SET mode"}
"""Bits that say that all is as it should be: no alert."""


def _alarm(bit: int, text: str, priority: Priority, *, technical: bool = False) -> tuple[int, AlertRow]:
    return bit, AlertRow(code=f"ALARM-{bit:X}", text=f"Oximeter: {text}", priority=priority, source=MANUAL, technical=technical)


ALARMS: dict[int, AlertRow] = dict(
    (
        _alarm(SPO2_HIGH, "SpO₂ above its limit", MEDIUM),
        _alarm(SPO2_LOW, "SpO₂ below its limit", HIGH),
        _alarm(PULSE_HIGH, "pulse rate above its limit", MEDIUM),
        _alarm(PULSE_LOW, "pulse rate below its limit", HIGH),
        _alarm(ALARM_ACTIVE, "alarm active", LOW, technical=True),
        _alarm(SILENCED, "alarm silenced", LOW, technical=True),
        _alarm(0x40, "battery low", MEDIUM, technical=True),
        _alarm(0x100, "SpCO above its limit", MEDIUM),
        _alarm(0x200, "SpCO below its limit", LOW),
        _alarm(0x400, "SpMet above its limit", MEDIUM),
        _alarm(0x800, "SpMet below its limit", LOW),
        _alarm(0x1000, "desaturation index", MEDIUM),
        _alarm(0x2000, "rate of the perfusion index", MEDIUM),
    )
)
TECHNICAL = AlertRow(code="ALARM-technical", text="Oximeter: technical alarm (no limit is crossed)", priority=MEDIUM, source=OURS)
"""An active alarm without a limit bit is one of the device or its sensor."""
TREND = AlertRow(
    code="TREND",
    text="Oximeter: sends its memory (trend download); these are numbers of the past and are not shown",
    priority=LOW,
    source=OURS,
)

DOWNLOADING = "sends its memory"


def alerts(record: Record) -> list[AlertRow]:
    """All that stands by a live line."""
    rows = _rows(record.alarm, ALARMS, "ALARM") + _rows(record.exceptions & ~SET_MODE, EXCEPTIONS, "EXC")
    if record.alarm & ALARM_ACTIVE and not record.alarm & LIMIT_BITS:
        rows.append(TECHNICAL)
    return rows + _rows(record.exceptions_1, {}, "EXC1")


def _rows(word: int, table: dict[int, AlertRow], where: str) -> list[AlertRow]:
    known = [row for bit, row in table.items() if word & bit]
    return known + [unknown_row("Oximeter", where, bit) for bit in _unknown_bits(word, table)]


def _unknown_bits(word: int, table: dict[int, AlertRow]) -> list[int]:
    return [bit for place in range(word.bit_length()) if word & (bit := 1 << place) and bit not in table]


def numerics(record: Record, now: Instant, *, measured_at: Instant | None = None) -> list[Numeric]:
    """Saturation, pulse rate and perfusion index, each with what the device's exceptions leave of its worth."""
    rows: tuple[tuple[Metric, float | None], ...] = (
        (SPO2, record.spo2),
        (PULSE_RATE, record.pulse),
        (PERFUSION_INDEX, record.perfusion),
    )
    interval_s = LIVE_INTERVAL_S if measured_at is None else TREND_INTERVAL_S
    made = []
    for metric, number in rows:
        value, validity, reason = judged(metric, number, record)
        made.append(
            Numeric(at=now, metric=metric, value=value, validity=validity, reason=reason, interval_s=interval_s, measured_at=measured_at)
        )
    return made


def absent(now: Instant) -> list[Numeric]:
    """What is said of every number while the device sends its memory: there is none of now."""
    return [
        Numeric(at=now, metric=metric, value=None, validity=Validity.NOT_AVAILABLE, reason=DOWNLOADING, interval_s=LIVE_INTERVAL_S)
        for metric in (SPO2, PULSE_RATE, PERFUSION_INDEX)
    ]


def judged(metric: Metric, number: float | None, record: Record) -> tuple[float | None, Validity, str]:
    """A number's value, validity and the reason. Numbers are held on the line with the sensor off, so exceptions rule."""
    stopping = [row for bit, row in INVALIDATING.items() if record.exceptions & bit]
    if stopping:
        return None, Validity.INVALID, _reason(stopping[0])
    if not number:
        return None, Validity.INVALID, "no reading"
    if not metric.low <= number <= metric.high:
        return None, Validity.INVALID, "impossible number"
    doubts = [_reason(row) for bit, row in DOUBTFUL.items() if record.exceptions & bit]
    # Nobody can say of an exception that nobody knows that it leaves the number good.
    doubts += [f"unknown code 0x{bit:X}" for bit in _unknown_bits(record.exceptions & ~SET_MODE, EXCEPTIONS)]
    return float(number), Validity.QUESTIONABLE if doubts else Validity.VALID, ", ".join(doubts)


def _reason(row: AlertRow) -> str:
    return row.text.removeprefix("Oximeter: ")
