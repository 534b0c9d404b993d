"""What the simulated device writes: BICEPS documents of its description, metrics, waveforms and alerts. No dialogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from devices.driver import SimulatedBedside

SEQUENCE = "urn:uuid:00000000-0000-4000-8000-000000000001"
_BASE = "http://standards.ieee.org/downloads/11073/11073-10207-2017"
NAMESPACES = f'xmlns:pm="{_BASE}/participant" xmlns:msg="{_BASE}/message" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_PER_MIN, _RESP, _PERCENT, _MMHG, _CELSIUS, _MILLIVOLT, _ONE = "264864", "264928", "262688", "266016", "268192", "266418", "262656"

NUMERICS: tuple[tuple[str, Metric, str], ...] = (
    ("hr", HEART_RATE, _PER_MIN),
    ("spo2", SPO2, _PERCENT),
    ("pulse", PULSE_RATE, _PER_MIN),
    ("pi", PERFUSION_INDEX, _PERCENT),
    ("etco2", ETCO2, _MMHG),
    ("fico2", FICO2, _MMHG),
    ("rr", CO2_RESP_RATE, _RESP),
    ("temp", TEMPERATURE, _CELSIUS),
)
"""Handle, metric, unit."""
CUFF: tuple[tuple[str, str, Metric], ...] = (
    ("nibp-sys", "sys", NIBP_SYS),
    ("nibp-dia", "dia", NIBP_DIA),
    ("nibp-mean", "mean", NIBP_MEAN),
    ("nibp-pulse", "pulse", NIBP_PULSE_RATE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A waveform: its rate divides evenly into four reports a second."""

    handle: str
    metric: Metric
    unit: str
    rate_hz: int
    decimals: int


WAVES = (
    Wave(handle="ecg-ii", metric=ECG_II, unit=_MILLIVOLT, rate_hz=200, decimals=3),
    Wave(handle="pleth", metric=PLETH, unit=_ONE, rate_hz=100, decimals=4),
    Wave(handle="co2", metric=CO2, unit=_MMHG, rate_hz=40, decimals=2),
)
ALERTS: tuple[tuple[str, str, str, Callable[[SimulatedBedside], bool]], ...] = (
    ("leads-off", "ECG leads off", 'Kind="Tec" Priority="Lo"', lambda bedside: bedside.value(HEART_RATE) is None),
    ("probe-off", "SpO2 sensor off", 'Kind="Tec" Priority="Me"', lambda bedside: bedside.value(SPO2) is None),
    ("apnoea", "Apnoea", 'Kind="Phy" Priority="Hi"', lambda bedside: bedside.value(CO2_RESP_RATE) == 0),
)
"""Handle, text, kind and priority, and when it is present."""


def description(states: str) -> bytes:
    """The whole device with all its states, version 0."""
    numerics = [_numeric(handle, metric, unit) for handle, metric, unit in NUMERICS]
    cuff = [_numeric(handle, metric, _PER_MIN if name == "pulse" else _MMHG, held=True) for handle, name, metric in CUFF]
    metrics = "".join((*numerics, *cuff, *(_wave(wave) for wave in WAVES)))
    conditions = "".join(
        f'<pm:AlertCondition xsi:type="pm:AlertConditionDescriptor" Handle="{handle}" {kind}>{_type("0", text)}</pm:AlertCondition>'
        for handle, text, kind, _ in ALERTS
    )
    mds = (
        f'<pm:Mds Handle="mds"><pm:AlertSystem Handle="alerts">{conditions}</pm:AlertSystem>'
        "<pm:MetaData><pm:ModelName>Bedside simulated SDC monitor</pm:ModelName></pm:MetaData>"
        f'<pm:Vmd Handle="vmd"><pm:Channel Handle="channel">{metrics}</pm:Channel></pm:Vmd></pm:Mds>'
    )
    mdib = f"<pm:MdDescription>{mds}</pm:MdDescription><pm:MdState>{states}</pm:MdState>"
    head = f'SequenceId="{SEQUENCE}" MdibVersion="0"'
    return f"<msg:GetMdibResponse {NAMESPACES} {head}><msg:Mdib {head}>{mdib}</msg:Mdib></msg:GetMdibResponse>".encode()


def report(name: str, version: int, states: str) -> bytes:
    """A report of some states."""
    part = f"<msg:ReportPart>{states}</msg:ReportPart>"
    return f'<msg:{name} {NAMESPACES} SequenceId="{SEQUENCE}" MdibVersion="{version}">{part}</msg:{name}>'.encode()


def metric_state(handle: str, value: float | None, decimals: int, time_ms: int, *, validity: str = "Inv") -> str:
    """A numeric; without a value it is of ``validity``."""
    number = "" if value is None else f' Value="{value:.{decimals}f}" DeterminationTime="{time_ms}"'
    return _state("NumericMetricState", handle, number, validity if value is None else "Vld")


def wave_state(wave: Wave, samples: str, time_ms: int) -> str:
    """A run of samples; none where the sensor is off."""
    told = f' Samples="{samples}" DeterminationTime="{time_ms}"'
    return _state("RealTimeSampleArrayMetricState", wave.handle, told, "Vld" if samples else "Inv")


def alert_state(handle: str, *, presence: bool) -> str:
    told = str(presence).lower()
    return f'<pm:State xsi:type="pm:AlertConditionState" DescriptorHandle="{handle}" ActivationState="On" Presence="{told}"/>'


def _state(kind: str, handle: str, told: str, validity: str) -> str:
    value = f'<pm:MetricValue{told}><pm:MetricQuality Validity="{validity}"/></pm:MetricValue>'
    return f'<pm:State xsi:type="pm:{kind}" DescriptorHandle="{handle}" ActivationState="On">{value}</pm:State>'


def _type(code: str, text: str) -> str:
    return f'<pm:Type Code="{code}"><pm:ConceptDescription Lang="en">{text}</pm:ConceptDescription></pm:Type>'


def _numeric(handle: str, metric: Metric, unit: str, *, held: bool = False) -> str:
    how = 'MetricAvailability="Intr"' if held else 'MetricAvailability="Cont" DeterminationPeriod="PT1S"'
    return _metric("NumericMetricDescriptor", handle, metric, unit, f'{how} Resolution="{10**-metric.decimals:g}"')


def _wave(wave: Wave) -> str:
    how = f'MetricAvailability="Cont" SamplePeriod="PT{1 / wave.rate_hz:g}S" Resolution="{10**-wave.decimals:g}"'
    return _metric("RealTimeSampleArrayMetricDescriptor", wave.handle, wave.metric, wave.unit, how)


def _metric(kind: str, handle: str, metric: Metric, unit: str, how: str) -> str:
    attributes = f'xsi:type="pm:{kind}" Handle="{handle}" MetricCategory="Msrmt" {how}'
    return f'<pm:Metric {attributes}>{_type(str(metric.code or 0), metric.title)}<pm:Unit Code="{unit}"/></pm:Metric>'
