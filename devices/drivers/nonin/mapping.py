"""Nonin's bits and numbers ↔ the catalogue, as tables. Knows no byte order of a stream and no dialogue.

Source: Nonin 9560 OEM specification 6470-000-01; bits that only the 4100 or the OEM III set, after independent drivers of those.
The priorities of the device's alerts are proposals: to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from clinical.instant import Instant
from clinical.metrics import PULSE_RATE, SPO2, Metric
from clinical.observations import DeviceAlert, Numeric, Priority, Validity
from devices.alert_book import AlertBook, AlertRow, by_code

HR_MISSING = 511
SPO2_MISSING = 127
LIVE_INTERVAL_S = 1.0
SPOT_INTERVAL_S = 600.0
"""A spot check announces no next one; after half an hour (three of these) it no longer stands on a screen."""


class Sign(Enum):
    """What a status bit says."""

    DISCONNECTED = "sensor disconnected"
    SENSOR_OFF = "sensor off"
    ARTIFACT = "artifact"
    OUT_OF_TRACK = "no steady pulse signal"
    LOW_PERFUSION = "low perfusion"
    MARGINAL_PERFUSION = "marginal perfusion"
    LOW_BATTERY = "battery low"
    CRITICAL_BATTERY = "battery critical"
    SPOT_MODE = "spot-check mode"
    NO_SPOT_QUALITY = "not a SmartPoint reading"
    NO_SPOT = "SmartPoint found no measurement"


PLETH_STATUS = {0x40: Sign.DISCONNECTED, 0x20: Sign.ARTIFACT, 0x10: Sign.OUT_OF_TRACK, 0x08: Sign.SENSOR_OFF}
"""STATUS of formats 2 and 7. Bit 6 is the OEM III's; the 9560 calls it reserved."""
SENSOR_BITS = 0x48
"""Those of them that mean that there is no finger to measure."""
PERFUSION_BITS = 0x06
PLETH_PERFUSION = {0x04: Sign.LOW_PERFUSION, 0x06: Sign.MARGINAL_PERFUSION}
"""Red; red and green together are yellow. Set for 12 frames of each pulse, 0x02 alone is green."""
SLOT_STATUS = {0x01: Sign.LOW_BATTERY}
"""STAT2 in slot 8 of a packet."""
SLOW_STATUS = {
    0x40: Sign.DISCONNECTED,
    0x20: Sign.OUT_OF_TRACK,
    0x10: Sign.LOW_PERFUSION,
    0x08: Sign.MARGINAL_PERFUSION,
    0x04: Sign.ARTIFACT,
}
"""First byte of formats 1 and 8."""
SLOW_STATUS_2 = {0x08: Sign.SENSOR_OFF, 0x04: Sign.SPOT_MODE, 0x02: Sign.CRITICAL_BATTERY, 0x01: Sign.LOW_BATTERY}
"""Fourth byte of format 8; 0x04 and 0x02 are the 4100's."""

INVALIDATING = (Sign.DISCONNECTED, Sign.SENSOR_OFF)
"""Whatever number comes with these is held from before the finger left, for up to 10 s: no reading."""
DOUBTFUL = (Sign.NO_SPOT, Sign.ARTIFACT, Sign.OUT_OF_TRACK, Sign.NO_SPOT_QUALITY)

MANUAL_AND_DRIVERS = "9560 OEM specification; for the 4100 and the OEM III, independent drivers"


def _row(code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, source=MANUAL_AND_DRIVERS)


ALERTS = {
    Sign.OUT_OF_TRACK: _row("OOT", "Oximeter: no steady pulse signal", Priority.LOW),
    Sign.LOW_PERFUSION: _row("RPRF", "Oximeter: low perfusion", Priority.LOW),
    Sign.MARGINAL_PERFUSION: _row("YPRF", "Oximeter: marginal perfusion", Priority.LOW),
    Sign.LOW_BATTERY: _row("LBAT", "Oximeter: battery low", Priority.LOW),
    Sign.CRITICAL_BATTERY: _row("CBAT", "Oximeter: battery critical", Priority.MEDIUM),
    Sign.SPOT_MODE: _row("SPOT", "Oximeter is in spot-check mode, which is no watch", Priority.LOW),
}


def signs_in(status: int, table: Mapping[int, Sign]) -> frozenset[Sign]:
    """The signs whose bits are set."""
    return frozenset(sign for bit, sign in table.items() if status & bit)


def heart_rate(msb: int, lsb: int) -> int:
    """Nine bits of pulse rate, formats 1, 2, 7 and 8: two above seven. Format 13 splits them elsewhere."""
    return (msb & 0x03) << 7 | lsb & 0x7F


def judged(metric: Metric, count: int, missing: int, signs: frozenset[Sign]) -> tuple[float | None, Validity, str]:
    """What a number on the wire is worth with what the device says beside it: value, validity and the reason."""
    for sign in INVALIDATING:
        if sign in signs:
            return None, Validity.INVALID, sign.value
    if count in {missing, 0}:
        return None, Validity.INVALID, Sign.OUT_OF_TRACK.value if Sign.OUT_OF_TRACK in signs else "no reading"
    if not metric.low <= count <= metric.high:
        return None, Validity.INVALID, "impossible number"
    for sign in DOUBTFUL:
        if sign in signs:
            return float(count), Validity.QUESTIONABLE, sign.value
    return float(count), Validity.VALID, ""


def numerics(
    spo2: int,
    pulse: int,
    signs: frozenset[Sign],
    now: Instant,
    *,
    measured_at: Instant | None = None,
    interval_s: float = LIVE_INTERVAL_S,
) -> tuple[Numeric, Numeric]:
    """Saturation and pulse rate from their counts on the wire."""
    rows = ((SPO2, spo2, SPO2_MISSING), (PULSE_RATE, pulse, HR_MISSING))
    made = []
    for metric, count, missing in rows:
        value, validity, reason = judged(metric, count, missing, signs)
        made.append(
            Numeric(at=now, metric=metric, value=value, validity=validity, reason=reason, interval_s=interval_s, measured_at=measured_at)
        )
    return made[0], made[1]


def alerts(book: AlertBook, told: Iterable[Sign], signs: frozenset[Sign], now: Instant) -> list[DeviceAlert]:
    """What changed among the signs the device has ``told`` of just now; the others stay as they were."""
    rows = ((sign, ALERTS[sign] if sign in signs else None) for sign in told if sign in ALERTS)
    return [alert for sign, row in rows for alert in book.update(by_code([row]), now, teller=sign.value)]
