"""What the simulated monitor shows: the bedside's present values as objects with attributes. No dialogue, no time-table."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from devices.driver import SimulatedBedside
from devices.drivers.intellivue.attributes import (
    TICKS_PER_S,
    Observed,
    attribute_bytes,
    counted,
    date_bytes,
    float_word,
    observed_bytes,
    text_bytes,
)
from devices.drivers.intellivue.mapping import (
    ARRAY,
    BPM_CODE,
    CELSIUS_CODE,
    COMPOUND_NUMERIC,
    COMPOUND_SAMPLES,
    ENUMERATION,
    FIXED_VALUES,
    HANDLE,
    INVALID,
    LABEL,
    LABEL_TEXT,
    MEASURED_AT,
    MEASURING,
    MILLIVOLT_CODE,
    MMHG_CODE,
    NONE_CODE,
    NUMERIC,
    OHM_CODE,
    PATIENT_ALERTS,
    PERCENT_CODE,
    PERIOD,
    RPM_CODE,
    SAMPLES,
    SCALE,
    TECHNICAL_ALERTS,
    UNAVAILABLE,
    UNIT_CODE,
)
from devices.drivers.intellivue.messages import object_bytes

PACKET_S = 0.256
_CUFF, _CUFF_PULSE, _ALERT_MONITOR, _RHYTHM = 0x8272, 0x8275, 0x0001, 0x0120
_INVALID_SAMPLE = 0x8000
_MARKS = ((1, _INVALID_SAMPLE), (4, 0x8008), (3, 0x4001), (2, 0x8004))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A numeric object with one value. ``off``: the state shown while the bedside has no value."""

    handle: int
    physio: int
    label: str
    metric: Metric
    unit: int
    channel: str = ""
    decimals: int = 0
    off: int = INVALID


_NUMBERS = (
    _Number(handle=0x82CF, physio=0x4182, label="HR", metric=HEART_RATE, unit=BPM_CODE),
    _Number(handle=0x82D6, physio=0x500A, label="RR", metric=IMPEDANCE_RESP_RATE, unit=RPM_CODE),
    _Number(handle=0x8400, physio=0x4BB8, label="SpO₂", metric=SPO2, unit=PERCENT_CODE),
    _Number(handle=0x8406, physio=0x4822, label="Pulse", metric=PULSE_RATE, unit=BPM_CODE),
    _Number(handle=0x840A, physio=0x4BB0, label="Perf", metric=PERFUSION_INDEX, unit=NONE_CODE, decimals=2),
    _Number(handle=0x8500, physio=0x50B0, label="etCO₂", metric=ETCO2, unit=MMHG_CODE),
    _Number(handle=0x8504, physio=0x50BA, label="imCO₂", metric=FICO2, unit=MMHG_CODE),
    _Number(handle=0x8508, physio=0x5012, label="awRR", metric=CO2_RESP_RATE, unit=RPM_CODE),
    _Number(handle=0x8700, physio=0x4B60, label="Tcore", metric=TEMPERATURE, unit=CELSIUS_CODE, decimals=1, off=UNAVAILABLE),
    _Number(handle=0x8704, physio=0x4B74, label="Tskin", metric=SKIN_TEMPERATURE, unit=CELSIUS_CODE, channel="T1", decimals=1),
    *(
        _Number(
            handle=handle, physio=physio, label=label, metric=TEMPERATURE, unit=CELSIUS_CODE, channel=label, decimals=1, off=UNAVAILABLE
        )
        for handle, physio, label in ((0x8708, 0xF0C7, "T1"), (0x870C, 0xF0C8, "T2"))
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wave:
    """A wave object; ``low`` and ``high`` are the values of the first and last sample, None for a wave without a scale."""

    handle: int
    physio: int
    label_id: int
    label: str
    metric: Metric
    rate_hz: float
    significant: int
    unit: int
    low: float
    high: float
    decimals: int | None
    flags: int = 0x1000
    compound: bool = False

    @property
    def top(self) -> int:
        return (1 << self.significant) - 1


_WAVES = (
    _Wave(
        handle=0x02CA,
        physio=0x0102,
        label_id=0x0100,
        label="ECG",
        metric=ECG_II,
        rate_hz=250.0,
        significant=14,
        unit=MILLIVOLT_CODE,
        low=-40.96,
        high=40.955,
        decimals=3,
        flags=0x3000,
        compound=True,
    ),
    _Wave(
        handle=0x0402,
        physio=0x4BB4,
        label_id=0x4BB4,
        label="Pleth",
        metric=PLETH,
        rate_hz=125.0,
        significant=12,
        unit=NONE_CODE,
        low=0.0,
        high=1.0,
        decimals=None,
        flags=0x9000,
    ),
    _Wave(
        handle=0x0500,
        physio=0x50AC,
        label_id=0x50AC,
        label="CO₂",
        metric=CO2,
        rate_hz=62.5,
        significant=12,
        unit=MMHG_CODE,
        low=-10.0,
        high=153.8,
        decimals=1,
    ),
    _Wave(
        handle=0x02D6,
        physio=0x5000,
        label_id=0x5000,
        label="Resp",
        metric=IMPEDANCE,
        rate_hz=62.5,
        significant=12,
        unit=OHM_CODE,
        low=-2.5,
        high=2.5,
        decimals=2,
    ),
)


def alert_entry(source: int, code: int, kind: int, text: str = "") -> bytes:
    """An entry of an alert list, with the monitor's text if one is given."""
    info = struct.pack(">HIHH", 1, 0, 0, 0)
    number, info = (516, info + text_bytes(text)) if text else (513, info)
    return struct.pack(">HHHHHHHHH", source, code, kind, 0, 0x0006, 1, 0, number, len(info)) + info


class SimulatedValues:
    """Reads the bedside whenever an answer is due."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside

    def numerics(self) -> list[bytes]:
        """All numeric objects, as sent."""
        return [self._cuff_object(), self._cuff_pulse(), *(self._number(row) for row in _NUMBERS)]

    def waves(self, since: Instant, *, told: bool) -> list[bytes]:
        """The wave objects of one packet that begins at ``since``; ``told``: with how they are to be read."""
        return [self._wave(row, since, told=told) for row in _WAVES]

    def enumerations(self) -> list[bytes]:
        """The rhythm: sinus, or not to be had with the leads off."""
        off = self._bedside.value(HEART_RATE) is None
        value = struct.pack(">HHHHH", 0xD007, INVALID if off else 0, 1, 2, 0x4012)
        return [object_bytes(_RHYTHM, attribute_bytes([(HANDLE, struct.pack(">H", _RHYTHM)), (ENUMERATION, value)]))]

    def alerts(self) -> list[bytes]:
        """The alert monitor with both of its lists."""
        rows = [(PATIENT_ALERTS, counted(self._patient_alerts())), (TECHNICAL_ALERTS, counted(self._technical_alerts()))]
        return [object_bytes(_ALERT_MONITOR, attribute_bytes(rows))]

    def _patient_alerts(self) -> list[bytes]:
        stopped = [
            (self._bedside.value(HEART_RATE), alert_entry(0x4182, 3076, 0x0400)),
            (self._bedside.value(CO2_RESP_RATE), alert_entry(0x5012, 3072, 0x0400)),
        ]
        return [entry for value, entry in stopped if value == 0]

    def _technical_alerts(self) -> list[bytes]:
        sensors = [
            (self._bedside.value(HEART_RATE), alert_entry(0x0100, 274, 2)),
            (self._bedside.value(SPO2), alert_entry(0x4BB8, 308, 2)),
            (self._bedside.value(ETCO2), alert_entry(0x50AC, 352, 1)),
        ]
        return [entry for value, entry in sensors if value is None]

    def _number(self, row: _Number) -> bytes:
        value = self._bedside.value(row.metric, row.channel)
        observed = Observed(row.physio, row.off if value is None else 0, row.unit, float_word(value, row.decimals))
        return _object(row.handle, row.physio, row.label, [(NUMERIC, observed_bytes(observed))])

    def _cuff_state(self) -> int:
        if self._bedside.cuff_inflating:
            return MEASURING
        return UNAVAILABLE if self._bedside.cuff is None else 0

    def _cuff_object(self) -> bytes:
        cuff, state = self._bedside.cuff, self._cuff_state()
        values = (cuff.sys, cuff.dia, cuff.mean) if cuff else (None, None, None)
        rows = [Observed(0x4A05 + place, state, MMHG_CODE, float_word(value)) for place, value in enumerate(values)]
        stamp = date_bytes(monitor_date(cuff.at)) if cuff else b"\xff" * 8
        told = [(MEASURED_AT, stamp), (COMPOUND_NUMERIC, counted([observed_bytes(row) for row in rows]))]
        return _object(_CUFF, 0x4A04, "NBP", told)

    def _cuff_pulse(self) -> bytes:
        cuff = self._bedside.cuff
        observed = Observed(0xF0E5, self._cuff_state(), BPM_CODE, float_word(cuff.pulse if cuff else None))
        return _object(_CUFF_PULSE, 0xF0E5, "Pulse", [(NUMERIC, observed_bytes(observed))])

    def _wave(self, row: _Wave, since: Instant, *, told: bool) -> bytes:
        count = round(row.rate_hz * PACKET_S)
        values = self._bedside.samples(row.metric, since, count, row.rate_hz)
        off = np.isnan(values)
        raw = np.clip(np.rint((np.nan_to_num(values) - row.low) / (row.high - row.low) * row.top), 0, row.top)
        raw[off] = _INVALID_SAMPLE
        samples = raw.astype(">u2").tobytes()
        run = struct.pack(">HHH", row.physio, INVALID if off.all() else 0, len(samples)) + samples
        sent = (COMPOUND_SAMPLES, counted([run])) if row.compound else (SAMPLES, run)
        if not told:
            return object_bytes(row.handle, attribute_bytes([sent]))
        return _object(row.handle, row.label_id, row.label, [*_how_to_read(row, count), sent])


def _how_to_read(row: _Wave, count: int) -> list[tuple[int, bytes]]:
    low, high = (None, None) if row.decimals is None else (row.low, row.high)
    scale = struct.pack(">IIHH", float_word(low, row.decimals or 0), float_word(high, row.decimals or 0), 0, row.top)
    return [
        (ARRAY, struct.pack(">HBBH", count, 16, row.significant, row.flags)),
        (FIXED_VALUES, counted([struct.pack(">HH", *mark) for mark in _MARKS])),
        (PERIOD, struct.pack(">I", round(TICKS_PER_S / row.rate_hz))),
        (UNIT_CODE, struct.pack(">H", row.unit)),
        (SCALE, scale),
    ]


def _object(handle: int, label_id: int, label: str, told: Sequence[tuple[int, bytes]]) -> bytes:
    named = [(HANDLE, struct.pack(">H", handle)), (LABEL, struct.pack(">HH", 2, label_id)), (LABEL_TEXT, text_bytes(label))]
    return object_bytes(handle, attribute_bytes([*named, *told]))


def monitor_date(at: Instant) -> datetime:
    """The simulated monitor's own clock: UTC, without saying so."""
    return datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC).replace(tzinfo=None)
