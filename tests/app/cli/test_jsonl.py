"""One observation a line: the exact text."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.cli.jsonl import as_json_line
from clinical.instant import Instant
from clinical.messages import FromDevice
from clinical.metrics import CATALOGUE, HEART_RATE, NIBP_SYS, PLETH, SPO2, TEMPERATURE
from clinical.observations import (
    MISSING_SAMPLE,
    DeviceAlert,
    LinkState,
    LinkStatus,
    Numeric,
    Priority,
    PumpState,
    PumpStatus,
    Validity,
    WaveformBlock,
    read_only_steps,
)

AT = Instant(0, 1_772_352_000_000_000_000)
STAMP = '{"at": "2026-03-01T08:00:00.000Z", '


def block(*steps: int, **more) -> WaveformBlock:
    samples = read_only_steps(np.array(steps, dtype=np.int16))
    return WaveformBlock(at=AT, metric=PLETH, rate_hz=75, steps=samples, unit_per_step=1 / 3, **more)


@pytest.mark.parametrize(
    ("observation", "text"),
    [
        (
            Numeric(at=AT, metric=SPO2, value=97),
            '"kind": "numeric", "metric": "MDC_PULS_OXIM_SAT_O2", "value": 97.0, "unit": "%", "validity": "valid"}',
        ),
        (
            Numeric(at=AT, metric=TEMPERATURE, value=3661 * 0.01, channel="T1"),
            '"kind": "numeric", "metric": "MDC_TEMP", "value": 36.6, "unit": "Cel", "validity": "valid", "channel": "T1"}',
        ),
        (
            Numeric(at=AT, metric=HEART_RATE, value=None, validity=Validity.INVALID, reason="off"),
            '"kind": "numeric", "metric": "MDC_ECG_HEART_RATE", "value": null, "unit": "/min", "validity": "invalid", "reason": "off"}',
        ),
        (
            Numeric(at=AT, metric=NIBP_SYS, value=120, measured_at=AT.plus(-60)),
            (
                '"kind": "numeric", "metric": "MDC_PRESS_BLD_NONINV_SYS", "value": 120.0, "unit": "mm[Hg]", '
                '"validity": "valid", "measured_at": "2026-03-01T07:59:00.000Z"}'
            ),
        ),
        (
            block(1, -1, 0, MISSING_SAMPLE),
            '"kind": "waveform", "metric": "MDC_PULS_OXIM_PLETH", "rate_hz": 75.0, "samples": [0.3333, -0.3333, 0.0, null], "unit": "1"}',
        ),
        (
            block(MISSING_SAMPLE, validity=Validity.INVALID, channel="2"),
            (
                '"kind": "waveform", "metric": "MDC_PULS_OXIM_PLETH", "rate_hz": 75.0, "samples": [null], "unit": "1", '
                '"validity": "invalid", "channel": "2"}'
            ),
        ),
        (
            PumpStatus(
                at=AT, channel="A1", state=PumpState.INFUSING, rate_ml_per_h=5, infused_ml=125 * 0.1, drug="Ketamin", on_mains=False
            ),
            (
                '"kind": "pump", "state": "infusing", "rate_ml_per_h": 5.0, "infused_ml": 12.5, '
                '"drug": "Ketamin", "on_mains": false, "channel": "A1"}'
            ),
        ),
        (
            DeviceAlert(at=AT, code="17", text="Druck zu hoch µ", priority=Priority.HIGH, active=False, technical=True),
            '"kind": "alert", "code": "17", "text": "Druck zu hoch µ", "priority": "high", "active": false, "technical": true}',
        ),
        (LinkStatus(at=AT, state=LinkState.LIVE, bad_frames=3), '"kind": "link", "state": "live", "bad_frames": 3}'),
        (
            LinkStatus(at=AT, state=LinkState.LOST, detail="unplugged"),
            '"kind": "link", "state": "lost", "bad_frames": 0, "detail": "unplugged"}',
        ),
    ],
)
def test_exact_lines(observation, text: str) -> None:
    assert as_json_line(observation) == STAMP + text


def test_a_message_names_its_device_last() -> None:
    line = as_json_line(FromDevice("pump", LinkStatus(at=AT, state=LinkState.LIVE)))
    assert list(json.loads(line)) == ["at", "kind", "state", "bad_frames", "device"]


def test_no_negative_zero() -> None:
    assert '"value": 0.0' in as_json_line(Numeric(at=AT, metric=SPO2, value=-0.2))


@pytest.mark.parametrize("metric", [row for row in CATALOGUE.values() if not row.waveform], ids=lambda row: row.id)
def test_every_metric_reads_back(metric) -> None:
    row = json.loads(as_json_line(Numeric(at=AT, metric=metric, value=42.0)))
    assert (row["metric"], row["value"], row["unit"]) == (metric.id, 42.0, metric.unit.ucum)
