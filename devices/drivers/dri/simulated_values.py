"""What the simulated monitor displays: the bedside's present values as 270-byte unions and the cuff's time. No dialogue."""

from __future__ import annotations

import struct

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import (
    CO2_RESP_RATE,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE_RESP_RATE,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from devices.driver import SimulatedBedside
from devices.drivers.dri.cuff import AUTO, MEASURING, OLDER_THAN_60_S
from devices.drivers.dri.groups import ACTIVE, BASIC, EXISTS, EXT1, UNION_BYTES, bits
from devices.drivers.dri.mapping import (
    APNEA,
    ARRHYTHMIA_ASYSTOLE,
    ARRHYTHMIA_AT,
    ASYSTOLE,
    CO2_AT,
    ECG_AT,
    ECG_CHANNELS,
    INVALID_CODE,
    NIBP_AT,
    SKIN_LABEL,
    SPO2_AT,
    TEMPERATURES_AT,
)

AMBIENT_MMHG = 760.0
LOWEST, HIGHEST = -31999, 32000
"""What the simulated monitor clips its numbers to, so that none becomes a code."""
_ON = bits(EXISTS, ACTIVE)
_FROM_ECG = 1 << 3
_LEAD_II_ON_1 = 2 << 8
_HR_BY_ECG = 1 << 12
_RR_FROM_CO2 = 1
_T3_LABEL = 13
_ALL_LEADS_OFF = bits(*(bit for bit, _ in ECG_CHANNELS))
_AUX = struct.Struct("<IhIIh98x")


def steps(value: float | None, per_unit: float) -> int:
    """A value as the monitor's 16-bit number, clipped; the code for "invalid" where there is none."""
    if value is None:
        return INVALID_CODE
    return max(LOWEST, min(HIGHEST, round(value * per_unit)))


class SimulatedValues:
    """Reads the bedside whenever a record is due."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside

    def unions(self, classes: int, now: Instant) -> list[tuple[int, bytes]]:
        """(class, 270 bytes) of the basic class, unless denied, and of extended class 1, if asked for."""
        found = [] if classes & 1 else [(BASIC, self._basic(now))]
        return found + ([(EXT1, self._arrhythmia())] if classes & 2 else [])

    def aux_info(self) -> bytes:
        """The auxiliary subrecord (114 bytes): when the last cuff reading was measured, nothing else."""
        cuff = self._bedside.cuff
        return _AUX.pack(cuff.at.utc_ns // NS_PER_S if cuff else 0, 0, 0, 0, 0)

    def _basic(self, now: Instant) -> bytes:
        union = bytearray(UNION_BYTES)
        self._put_ecg(union)
        self._put_cuff(union, now)
        for channel, metric, bedside_channel, label in (
            ("T1", SKIN_TEMPERATURE, "T1", SKIN_LABEL),
            ("T2", SKIN_TEMPERATURE, "T2", SKIN_LABEL),
            ("T3", TEMPERATURE, "", _T3_LABEL),
        ):
            value = self._bedside.value(metric, bedside_channel)
            _put(union, TEMPERATURES_AT[channel], _ON if value is not None else bits(EXISTS), label, [steps(value, 100)])
        values = [self._steps(SPO2, 100), self._steps(PULSE_RATE, 1), INVALID_CODE, INVALID_CODE]
        _put(union, SPO2_AT, _ON, 0, values)
        self._put_co2(union)
        return bytes(union)

    def _steps(self, metric: Metric, per_unit: float) -> int:
        return steps(self._bedside.value(metric), per_unit)

    def _put_ecg(self, union: bytearray) -> None:
        rate = self._bedside.value(HEART_RATE)
        status = _ON | (_ALL_LEADS_OFF if rate is None else _FROM_ECG) | (1 << ASYSTOLE.bit if rate == 0 else 0)
        st = [INVALID_CODE] * 3
        _put(union, ECG_AT, status, _LEAD_II_ON_1 | _HR_BY_ECG, [steps(rate, 1), *st, self._steps(IMPEDANCE_RESP_RATE, 1)])
        struct.pack_into("<3h", union, 226, steps(rate, 1), INVALID_CODE, INVALID_CODE)

    def _put_cuff(self, union: bytearray, now: Instant) -> None:
        cuff, measuring = self._bedside.cuff, self._bedside.cuff_inflating
        label = AUTO | (MEASURING if measuring else 0)
        values = [INVALID_CODE] * 4
        if cuff is not None and not measuring:
            values = [steps(cuff.sys, 100), steps(cuff.dia, 100), steps(cuff.mean, 100), steps(cuff.pulse, 1)]
        if cuff is not None and now.since(cuff.at) > 60:
            label |= OLDER_THAN_60_S
        _put(union, NIBP_AT, _ON, label, values)

    def _put_co2(self, union: bytearray) -> None:
        rate = self._bedside.value(CO2_RESP_RATE)
        status = _ON | (1 << APNEA.bit if rate == 0 else 0)
        percent = 10_000 / AMBIENT_MMHG
        values = [self._steps(ETCO2, percent), self._steps(FICO2, percent), steps(rate, 1), steps(AMBIENT_MMHG, 10)]
        _put(union, CO2_AT, status, _RR_FROM_CO2, values)

    def _arrhythmia(self) -> bytes:
        union = bytearray(UNION_BYTES)
        rate = self._bedside.value(HEART_RATE)
        _put(union, 0, bits(EXISTS) if rate is None else _ON, 0, [steps(rate, 1), steps(60_000 / rate if rate else None, 1), 0])
        struct.pack_into("<I", union, ARRHYTHMIA_AT, 1 << ARRHYTHMIA_ASYSTOLE.bit if rate == 0 else 0)
        return bytes(union)


def _put(union: bytearray, at: int, status: int, label: int, values: list[int]) -> None:
    struct.pack_into(f"<IH{len(values)}h", union, at, status, label, *values)
