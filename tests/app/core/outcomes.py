"""Outcomes as the monitor gives them, for tests of the way to the display."""

from __future__ import annotations

import numpy as np

from clinical.alarm_model import Alarm, AlarmTransition, Kind, Presence
from clinical.commands import EventKind, RecordEvent
from clinical.instant import Instant
from clinical.messages import DoseReport, FromDevice, FromOperator, Outcome, Tick
from clinical.metrics import PLETH, SPO2, Metric
from clinical.observations import LinkState, LinkStatus, Numeric, Priority, WaveformBlock, read_only_steps

START = Instant(1_000_000_000, 1_772_352_000_000_000_000)
BLOCK_S = 0.5


def numeric(second: float, value: float, metric: Metric = SPO2, channel: str = "") -> Outcome:
    shown = Numeric(at=START.plus(second), metric=metric, value=value, channel=channel)
    return Outcome(message=FromDevice("monitor", shown), shown=shown)


def wave(second: float, metric: Metric = PLETH) -> Outcome:
    steps = read_only_steps(np.full(round(BLOCK_S * 75), 7, dtype=np.int16))
    shown = WaveformBlock(at=START.plus(second), metric=metric, rate_hz=75.0, steps=steps, unit_per_step=1.0)
    return Outcome(message=FromDevice("monitor", shown), shown=shown)


def dose(second: float, rate: float = 10.0) -> Outcome:
    at = START.plus(second)
    return Outcome(message=Tick(at), dose=DoseReport(at=at, rate_mg_per_h=rate))


def alarm(second: float, condition: str = "spo2-low") -> Outcome:
    at = START.plus(second)
    stands = Alarm(
        condition=condition, kind=Kind.TECHNICAL, priority=Priority.HIGH, presence=Presence.ON, title=condition, detail="", since=at
    )
    return Outcome(message=Tick(at), transitions=(AlarmTransition(at=at, before=Presence.OFF, alarm=stands),), alarms=(stands,))


def event(second: float, text: str) -> Outcome:
    at = START.plus(second)
    return Outcome(message=FromOperator(at, RecordEvent(kind=EventKind.NOTE, event_at=at, text=text)))


def link(second: float, state: LinkState) -> Outcome:
    return Outcome(message=FromDevice("monitor", LinkStatus(at=START.plus(second), state=state)))
