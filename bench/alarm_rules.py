"""What is compared: thresholds as plain monitors have them, and the program's own preset run through the ordinary monitor.

Each gives, for one patient, when which limit's alarm stood. Nothing here judges what that is worth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.site_data import SiteData
from bench.recorded_patients import RecordedPatient
from clinical.alarm_model import AlarmLimit, AlarmPreset, AlarmTransition, Presence
from clinical.commands import CaseSetup, Patient, StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Tick
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, PULSE_RATE, RESP_RATE, SPO2, Metric
from clinical.monitor import Monitor
from clinical.observations import Numeric, Validity

PRESET = "adult-ketamine"
LIMITS: dict[Metric, tuple[float | None, float | None]] = {
    HEART_RATE: (50, 120),
    PULSE_RATE: (50, 120),
    SPO2: (90, None),
    RESP_RATE: (8, 30),
    CO2_RESP_RATE: (8, 30),
}
"""The same limits for every rule."""

HYSTERESIS: dict[Metric, float] = {HEART_RATE: 5, PULSE_RATE: 5, SPO2: 2, RESP_RATE: 2, CO2_RESP_RATE: 2}
T0 = Instant(10**12, 1_772_352_000 * 10**9)
TICKS_A_SECOND = 4

Key = tuple[Metric, int]
"""A metric and a side: −1 low, +1 high."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One alarm from its appearance to its end.

    Attributes:
        begin, end: in steps of the patient's grid; a delay may run out between two.
        returned: it is the return of one before.
        worsened: how often its priority rose while it stood.
    """

    begin: float
    end: float
    returned: bool = False
    worsened: int = 0


Alarms = dict[Key, list[Standing]]


def sides(patient: RecordedPatient) -> Iterable[tuple[Key, NDArray[np.float64], float]]:
    """Every limit there is for a patient: its key, the values and the limit."""
    for metric, values in patient.values.items():
        for sign, limit in zip((-1, 1), LIMITS[metric], strict=True):
            if limit is not None:
                yield (metric, sign), values, limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """A limit, a delay, and a hysteresis by metric. A missing value is not beyond a limit, and ends the alarm."""

    delay_s: float
    hysteresis: bool

    def alarms(self, patient: RecordedPatient) -> Alarms:
        return {key: self._standing(patient, key, values, limit) for key, values, limit in sides(patient)}

    def _standing(self, patient: RecordedPatient, key: Key, values: NDArray[np.float64], limit: float) -> list[Standing]:
        metric, sign = key
        give = HYSTERESIS[metric] if self.hysteresis else 0.0
        beyond = (values - limit) * sign  # NaN compares as not beyond
        found: list[Standing] = []
        delay = self.delay_s / patient.step_s
        since: int | None = None
        begin: float | None = None
        for step, amount in enumerate(beyond.tolist()):
            if begin is not None:
                if not (amount > -give if give else amount > 0):
                    found.append(Standing(begin, step))
                    since = begin = None
            elif amount > 0:
                since = step if since is None else since
                begin = since + delay if since + delay < step + 1 else None
            else:
                since = None
        return found if begin is None else [*found, Standing(begin, len(values))]


def shipped_preset() -> AlarmPreset:
    """The shipped preset with the limits of every rule."""
    shipped = SiteData().load_preset(PRESET).value
    return replace(shipped, limits=tuple(_limited(limit) for limit in shipped.limits if limit.metric in LIMITS))


def _limited(limit: AlarmLimit) -> AlarmLimit:
    low, high = LIMITS[limit.metric]
    return replace(limit, low=low, high=high)


class OwnPreset:
    """The shipped preset with the limits above, through ``Monitor.step``: a message a value, four ticks a second.

    Args:
        without: fields of every limit that are set to something else, to see what a part of the judgement is worth.
    """

    def __init__(self, without: dict[str, float | None] | None = None) -> None:
        preset = shipped_preset()
        self._preset = replace(preset, limits=tuple(replace(limit, **(without or {})) for limit in preset.limits))  # type: ignore[arg-type]

    def alarms(self, patient: RecordedPatient) -> Alarms:
        told = transitions(self._preset, patient)
        return {key: _standing(told, key, patient) for key, _, _ in sides(patient)}


def transitions(preset: AlarmPreset, patient: RecordedPatient, ticks_a_second: int = TICKS_A_SECOND) -> list[AlarmTransition]:
    """The alarm log of a recording under a preset."""
    monitor = Monitor()
    monitor.step(FromOperator(T0, StartCase(setup=_setup(preset, patient))))
    return [step for message in _messages(patient, ticks_a_second) for step in monitor.step(message).transitions]


def _setup(preset: AlarmPreset, patient: RecordedPatient) -> CaseSetup:
    return CaseSetup(
        uuid="measurement",
        patient=Patient(label="measurement"),
        bed="1",
        weight_kg=70,
        concentration_mg_per_ml=1,
        syringe_ml=0,
        order=None,
        preset=preset,
        source_order=("monitor",),
        simulated=False,
        recording=patient.id,
    )


def _messages(patient: RecordedPatient, ticks_a_second: int) -> Iterable[Message]:
    ticks = max(1, round(ticks_a_second * patient.step_s))
    columns = [(metric, values.tolist()) for metric, values in patient.values.items()]
    for step in range(patient.count):
        at = T0.plus(step * patient.step_s)
        for metric, values in columns:
            value = values[step]
            missing = math.isnan(value)
            worth = Validity.INVALID if missing else Validity.VALID
            yield FromDevice(
                "monitor", Numeric(at=at, metric=metric, value=None if missing else value, validity=worth, interval_s=patient.step_s)
            )
        for tick in range(1, ticks + 1):
            yield Tick(at.plus(tick * patient.step_s / ticks))


def _standing(told: list[AlarmTransition], key: Key, patient: RecordedPatient) -> list[Standing]:
    """From the log."""
    metric, sign = key
    name = f"limit:{metric.id}:{'low' if sign < 0 else 'high'}"
    found: list[Standing] = []
    begin: float | None = None
    returned, worsened = False, 0
    for step in told:
        if step.alarm.condition != name:
            continue
        place = step.at.since(T0) / patient.step_s
        if step.alarm.presence is Presence.OFF and begin is not None:
            found.append(Standing(begin, place, returned, worsened))
            begin = None
        elif step.before is Presence.OFF:
            begin, returned, worsened = place, step.alarm.returns > 0, 0
        else:
            worsened += 1
    return found if begin is None else [*found, Standing(begin, patient.count, returned, worsened)]
