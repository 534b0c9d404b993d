"""One observation a line of JSON: the form that ``decode`` and ``listen`` print. Key order and digits are fixed here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import assert_never

import numpy as np

from clinical.messages import FromDevice
from clinical.observations import DeviceAlert, LinkStatus, Numeric, Observation, PumpStatus, Validity, WaveformBlock

Pairs = Iterator[tuple[str, object]]

ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)

PUMP_DECIMALS = 6
"""Takes away the noise of binary fractions, and nothing that a pump could mean."""

PUMP_FIELDS = tuple(field.name for field in fields(PumpStatus) if field.name not in {"at", "state", "channel", "interval_s"})


def as_json_line(item: FromDevice | Observation) -> str:
    """One line, without its end. A ``FromDevice`` also names its device, last."""
    observation = item.observation if isinstance(item, FromDevice) else item
    row = {"at": observation.at.iso(), **dict(_pairs(observation))}
    if isinstance(item, FromDevice):
        row["device"] = item.device
    return ENCODER.encode(row)


def _pairs(observation: Observation) -> Pairs:
    match observation:
        case Numeric():
            return _numeric(observation)
        case WaveformBlock():
            return _waveform(observation)
        case PumpStatus():
            return _pump(observation)
        case DeviceAlert():
            return _alert(observation)
        case LinkStatus():
            return _link(observation)
    assert_never(observation)


def _numeric(numeric: Numeric) -> Pairs:
    yield "kind", "numeric"
    yield "metric", numeric.metric.id
    yield "value", None if numeric.value is None else _rounded(numeric.value, numeric.metric.decimals)
    yield "unit", numeric.metric.unit.ucum
    yield "validity", numeric.validity.value
    yield from _set("channel", numeric.channel)
    if numeric.measured_at is not None:
        yield "measured_at", numeric.measured_at.iso()
    yield from _set("reason", numeric.reason)


def _waveform(block: WaveformBlock) -> Pairs:
    values = np.round(block.values(), block.metric.decimals) + 0.0  # adding zero makes -0.0 into 0.0
    yield "kind", "waveform"
    yield "metric", block.metric.id
    yield "rate_hz", float(block.rate_hz)
    yield "samples", [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN alone differs from itself
    yield "unit", block.metric.unit.ucum
    if block.validity is not Validity.VALID:
        yield "validity", block.validity.value
    yield from _set("channel", block.channel)


def _pump(pump: PumpStatus) -> Pairs:
    yield "kind", "pump"
    yield "state", pump.state.value
    for name in PUMP_FIELDS:
        value = getattr(pump, name)
        if value is not None:
            yield name, value if isinstance(value, str | bool) else _rounded(value, PUMP_DECIMALS)
    yield from _set("channel", pump.channel)


def _alert(alert: DeviceAlert) -> Pairs:
    yield "kind", "alert"
    yield "code", alert.code
    yield "text", alert.text
    yield "priority", alert.priority.value
    yield "active", alert.active
    yield "technical", alert.technical
    yield from _set("channel", alert.channel)


def _link(status: LinkStatus) -> Pairs:
    yield "kind", "link"
    yield "state", status.state.value
    yield "bad_frames", status.bad_frames
    yield from _set("detail", status.detail)


def _set(name: str, text: str) -> Pairs:
    if text:
        yield name, text


def _rounded(value: float, decimals: int) -> float:
    return round(float(value), decimals) + 0.0
