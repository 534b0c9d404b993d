"""Contec's bits and numbers of both protocols ↔ the catalogue, as tables. Knows no stream and no dialogue.

Sources: Contec's V7.0 document; the old protocol after two independent programs, in which a missing number is 0 and no code for
it is documented. What a bit makes of a number, and every priority, are proposals: to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from clinical.instant import Instant
from clinical.metrics import PERFUSION_INDEX, PULSE_RATE, SPO2, Metric
from clinical.observations import Numeric, Priority, Validity
from devices.alert_book import AlertRow, unknown_row
from devices.drivers.contec.frames import DISCONNECT, FEEDBACK, SPO2_MISSING, Packet, Speech

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
VENDOR, PROGRAMS = "Contec V7.0", "independent programs"
PULSE_MISSING = 0xFF
PERFUSION_MISSING = 0xFFFF
INTERVAL_S = 1.0


class Sign(Enum):
    """What a bit says."""

    PROBE = "finger out or probe error"
    FINGER = "finger out, or pulse not found"
    SEARCH_LONG = "pulse not found"
    SEARCHING = "pulse search"
    SPO2_LOW = "SpO₂ low"
    SPO2_FALLING = "SpO₂ falling"
    BEEP = "beat"
    NO_PERFUSION = "perfusion index not valid"
    UNKNOWN_20 = "unknown code 0x20"
    UNKNOWN_40 = "unknown code 0x40"
    UNKNOWN_80 = "unknown code 0x80"


V7_BITS = (
    (2, 0x80, Sign.PROBE),
    (2, 0x10, Sign.SEARCH_LONG),
    (2, 0x20, Sign.SPO2_LOW),
    (2, 0x40, Sign.BEEP),
    (3, 0x80, Sign.SEARCHING),
    (4, 0x10, Sign.NO_PERFUSION),
    (4, 0x20, Sign.UNKNOWN_20),
    (4, 0x40, Sign.UNKNOWN_40),
    (4, 0x80, Sign.UNKNOWN_80),
)
"""Byte of the restored packet, bit, sign. The last three are in no document."""
OLD_BITS = (
    (0, 0x10, Sign.FINGER),
    (0, 0x20, Sign.SPO2_FALLING),
    (0, 0x40, Sign.BEEP),
    (2, 0x10, Sign.PROBE),
    (2, 0x20, Sign.SEARCHING),
)
BITS = {Speech.V7: V7_BITS, Speech.OLD: OLD_BITS}

INVALIDATING = (Sign.PROBE, Sign.FINGER, Sign.SEARCH_LONG, Sign.SEARCHING)
"""Whatever number comes with these is no reading. In the order in which they are named as the reason."""
UNKNOWN = (Sign.UNKNOWN_20, Sign.UNKNOWN_40, Sign.UNKNOWN_80)
SILENT_SIGNS = frozenset({Sign.BEEP, Sign.NO_PERFUSION})
"""No alerts: a beat, and a model that does not measure perfusion."""


def _row(code: str, sign: Sign, priority: Priority, source: str, *, technical: bool = True) -> tuple[Sign, AlertRow]:
    return sign, AlertRow(code=code, text=f"Oximeter: {sign.value}", priority=priority, source=source, technical=technical)


ALERTS: dict[Sign, AlertRow] = dict(
    (
        _row("PROBE", Sign.PROBE, LOW, VENDOR),
        _row("FINGER", Sign.FINGER, LOW, PROGRAMS),
        _row("SEARCH-LONG", Sign.SEARCH_LONG, MEDIUM, VENDOR),
        _row("SEARCH", Sign.SEARCHING, LOW, VENDOR),
        _row("SPO2-LOW", Sign.SPO2_LOW, MEDIUM, VENDOR, technical=False),
        _row("SPO2-FALLING", Sign.SPO2_FALLING, MEDIUM, PROGRAMS, technical=False),
        *((sign, unknown_row("Oximeter", "V7 byte 4", bit)) for _, bit, sign in V7_BITS if sign in UNKNOWN),
    )
)


def _refusal(reason: int, text: str) -> tuple[int, AlertRow]:
    return reason, AlertRow(code=f"0B-{reason:02X}", text=f"Oximeter refuses live data: {text}", priority=LOW, source=VENDOR)


DONE = 0x00
REFUSALS: dict[int, AlertRow] = dict(
    (
        _refusal(0x01, "it is being switched off"),
        _refusal(0x02, "the user is being changed"),
        _refusal(0x03, "it is recording"),
        _refusal(0x04, "deletion failed"),
        _refusal(0x05, "not supported"),
        _refusal(0xFF, "for a reason it does not know"),
    )
)
"""Reasons in a feedback packet. Deletion is listed for what it means; it is never asked for."""


def notice(packet: Packet) -> AlertRow | None:
    """The alert in a V7 packet that is an answer; None if it says nothing."""
    kind, reason = packet.body[0], packet.body[-1]
    if kind == DISCONNECT:
        return AlertRow(
            code=f"0D-{reason:02X}", text=f"Oximeter ends the connection: unknown code 0x{reason:02X}", priority=MEDIUM, source=VENDOR
        )
    if kind != FEEDBACK or reason == DONE:
        return None
    return REFUSALS.get(reason) or unknown_row("Oximeter", "0B", reason)


class Sample(NamedTuple):
    """What a live packet says, whichever protocol. ``perfusion`` in hundredths of a per cent, None where the protocol has none."""

    pleth: int
    spo2: int
    pulse: int
    perfusion: int | None
    signs: frozenset[Sign]


def sample(packet: Packet) -> Sample:
    """A live packet read."""
    body = packet.body
    signs = frozenset(sign for place, bit, sign in BITS[packet.speech] if body[place] & bit)
    if packet.speech is Speech.V7:
        return Sample(body[3] & 0x7F, body[6], body[5], body[7] | body[8] << 8, signs)
    return Sample(body[1], body[4], body[3] | (body[2] & 0x40) << 1, None, signs)


def alerts(signs: frozenset[Sign]) -> list[AlertRow]:
    """All that stands by these signs, in the order of the table."""
    return [row for sign, row in ALERTS.items() if sign in signs]


def numerics(read: Sample, now: Instant) -> list[Numeric]:
    """Saturation, pulse rate and, in V7, perfusion index, each with what the signs leave of its worth."""
    rows: list[tuple[Metric, float | None]] = [
        (SPO2, None if read.spo2 == SPO2_MISSING else read.spo2),
        (PULSE_RATE, None if read.pulse == PULSE_MISSING else read.pulse),
    ]
    made = [_numeric(metric, number, read.signs, now) for metric, number in rows]
    if read.perfusion is not None:
        made.append(_perfusion(read.perfusion, read.signs, now))
    return made


def _perfusion(count: int, signs: frozenset[Sign], now: Instant) -> Numeric:
    """Most models say of it all the time that it is not valid: they do not measure it."""
    if Sign.NO_PERFUSION in signs or count == PERFUSION_MISSING:
        return Numeric(
            at=now,
            metric=PERFUSION_INDEX,
            value=None,
            validity=Validity.NOT_AVAILABLE,
            reason=Sign.NO_PERFUSION.value,
            interval_s=INTERVAL_S,
        )
    return _numeric(PERFUSION_INDEX, count / 100, signs, now)


def _numeric(metric: Metric, number: float | None, signs: frozenset[Sign], now: Instant) -> Numeric:
    value, validity, reason = judged(metric, number, signs)
    return Numeric(at=now, metric=metric, value=value, validity=validity, reason=reason, interval_s=INTERVAL_S)


def judged(metric: Metric, number: float | None, signs: frozenset[Sign]) -> tuple[float | None, Validity, str]:
    """A number's value, validity and the reason."""
    for sign in INVALIDATING:
        if sign in signs:
            return None, Validity.INVALID, sign.value
    if not number:
        return None, Validity.INVALID, "no reading"
    if not metric.low <= number <= metric.high:
        return None, Validity.INVALID, "impossible number"
    doubts = [sign.value for sign in UNKNOWN if sign in signs]
    return float(number), Validity.QUESTIONABLE if doubts else Validity.VALID, ", ".join(doubts)


def bits_of(signs: frozenset[Sign], speech: Speech) -> Mapping[int, int]:
    """Byte → bits to be set there for these signs, as the device does."""
    made: dict[int, int] = {}
    for place, bit, sign in BITS[speech]:
        if sign in signs:
            made[place] = made.get(place, 0) | bit
    return made
