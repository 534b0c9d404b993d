"""A clinic of simulated patients, each with a course of several days, charted as nurses chart: for trying what is counted over many.

What is entered goes through the monitor like any entry, and so do the pump's reports; there is no patient behind them and there are
no device's bytes, so a case of this clinic is a chart and no recording. Every case is marked simulated. How pain falls and what goes
wrong how often are invented and say nothing of ketamine.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from app.site_data import SiteData
from clinical.alarm_model import AlarmPreset
from clinical.assessments.treated import CSS16_ITEM, FOLLOW_UP_WEEKS, FollowUp
from clinical.commands import CaseSetup, Command, EndCase, EventKind, Patient, RecordAssessment, RecordEvent, StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message
from clinical.monitor import Monitor
from clinical.observations import PumpState, PumpStatus
from clinical.orders import Order
from storage.courses import FollowUpEntry, add_follow_ups
from storage.recorder import Recorder

BY = "simulated nurse"
CONCENTRATION_MG_PER_ML = 2.0
FIRST_DAY = Instant(0, 1_772_438_400_000_000_000)
"""2026-03-02 08:00 UTC, a Monday."""
REPORT_EVERY_MIN = 10.0
PATIENTS_A_WEEK = 5
ORDERS = ("rema-day-1", "rema-day-2", "rema-day-3")

_DAY_S = 86_400.0
_OURS = uuid.UUID("0f4a3f0a-55a1-4a43-9a04-7a4a6d0f5b21")
_SIDE_EFFECTS = (
    ("nausea", 0.2),
    ("dizzy", 0.25),
    ("double vision", 0.15),
    ("headache", 0.06),
    ("hallucination", 0.05),
    ("dysphoria", 0.07),
)
"""Chance of each in one infusion: invented."""
_STOP_CHANCE = 0.02
_STOPS = ("distressing dissociation", "vomiting", "systolic pressure above 180 mmHg", "at the patient's request")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Invented:
    """One patient: ``relief`` is the share of the pain that each day takes away, ``fades`` the share of that which a week gives back."""

    setups: tuple[CaseSetup, ...]
    starts: tuple[Instant, ...]
    pain: float
    relief: float
    fades: float


def make_clinic(address: str, patients: int, *, seed: int = 1, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Writes so many patients into a database; how many cases they are. The same seed gives the same clinic.

    Args:
        progress: told after each patient how many are done.

    Raises StoreError or SiteDataError.
    """
    site, preset = SiteData(), SiteData().load_preset("adult-ketamine").value
    recorder = Recorder(address, program_version="simulated clinic")
    recorder.open()
    follow_ups: list[FollowUpEntry] = []
    cases = 0
    try:
        for number in range(patients):
            random = np.random.default_rng([seed, number])
            patient = _invent(number, seed, random, site, preset)
            last = 0
            for day in range(len(patient.setups)):
                last = _record(recorder, _messages(patient, day, random))
                cases += 1
            follow_ups += _follow_ups(patient, last, random)
            progress(number + 1)
    finally:
        recorder.close()
    add_follow_ups(address, follow_ups)
    return cases


def _record(recorder: Recorder, messages: Iterator[Message]) -> int:
    """Keeps one case; its number."""
    monitor = Monitor()
    case_id = 0
    for message in messages:
        ends = isinstance(message, FromOperator) and isinstance(message.command, EndCase)
        if ends:
            recorder.commit()
            case_id = recorder.case_id or 0
        recorder.keep(monitor.step(message))
    recorder.commit()
    return case_id


def _invent(number: int, seed: int, random: np.random.Generator, site: SiteData, preset: AlarmPreset) -> _Invented:
    weight = float(np.round(np.clip(random.normal(76, 14), 45, 130), 1))
    label = f"SIM-{number + 1:04d}"
    patient = Patient(
        label=label, age_years=int(random.integers(21, 70)), sex=str(random.choice(["f", "m"], p=[0.75, 0.25])), diagnosis="CRPS"
    )
    first = FIRST_DAY.plus(7 * _DAY_S * (number // PATIENTS_A_WEEK) + 60.0 * (number % PATIENTS_A_WEEK))
    orders = [site.load_order(name, weight).value for name in ORDERS]
    blank = CaseSetup(
        uuid="",
        patient=patient,
        bed="1",
        weight_kg=weight,
        concentration_mg_per_ml=CONCENTRATION_MG_PER_ML,
        syringe_ml=250.0,
        order=None,
        preset=preset,
        source_order=("pump",),
        simulated=True,
    )
    named = [(str(uuid.uuid5(_OURS, f"{seed}/{label}/{day}")), day, order) for day, order in enumerate(orders, start=1)]
    setups = tuple(replace(blank, uuid=name, day=day, order=order) for name, day, order in named)
    responds = random.random() < 0.65
    return _Invented(
        setups=setups,
        starts=tuple(first.plus(_DAY_S * day) for day in range(len(setups))),
        pain=float(random.uniform(6, 9.4)),
        relief=float(random.uniform(0.15, 0.3) if responds else random.uniform(-0.02, 0.08)),
        fades=float(random.uniform(0.02, 0.12)),
    )


def _messages(patient: _Invented, day: int, random: np.random.Generator) -> Iterator[Message]:
    """One case in order of time: set-up, a round before, the infusion with its rounds, and the end."""
    setup, start = patient.setups[day], patient.starts[day]
    order = setup.order
    assert order is not None  # noqa: S101 - for the type checker; _setup gave one
    stops_at = float(random.uniform(45, 200)) if random.random() < _STOP_CHANCE else order.length_min
    yield FromOperator(start, StartCase(setup=setup, by=BY))
    told: list[tuple[float, Message]] = [*_pump(start, order, stops_at), *_rounds(patient, day, stops_at, random)]
    if stops_at < order.length_min:
        why = RecordEvent(kind=EventKind.STOP, event_at=start.plus(60 * (stops_at + 10)), text=str(random.choice(_STOPS)), by=BY)
        told.append((stops_at + 10, FromOperator(why.event_at, why)))
    yield from (message for _, message in sorted(told, key=lambda pair: pair[0]))
    yield FromOperator(start.plus(60 * (stops_at + 75)), EndCase(reason="simulated end", by=BY))


def _pump(start: Instant, order: Order, stops_at: float) -> Iterator[tuple[float, Message]]:
    """Reports of a pump that runs by the order from ten minutes after the case began."""
    infused_ml = 0.0
    for minute in np.arange(0.0, stops_at + REPORT_EVERY_MIN, REPORT_EVERY_MIN).tolist():
        step = order.step_at(minute) if minute < stops_at else None
        rate = 0.0 if step is None else step.rate_mg_per_h / CONCENTRATION_MG_PER_ML
        at = start.plus(60 * (minute + 10))
        state = PumpState.INFUSING if step is not None else PumpState.STOPPED
        status = PumpStatus(
            at=at, channel="1", state=state, rate_ml_per_h=rate, infused_ml=infused_ml, drug=order.drug, interval_s=60 * REPORT_EVERY_MIN
        )
        infused_ml += rate * min(REPORT_EVERY_MIN, max(0.0, stops_at - minute)) / 60
        yield minute + 10, FromDevice("pump", status)


def _rounds(patient: _Invented, day: int, stops_at: float, random: np.random.Generator) -> Iterator[tuple[float, Message]]:
    """Before, each half hour, and afterwards; pain falls along the infusion, side effects come and go."""
    before = patient.pain * (1 - patient.relief) ** day
    after = patient.pain * (1 - patient.relief) ** (day + 1)
    present = [name for name, chance in _SIDE_EFFECTS if random.random() < chance]
    minutes = [5.0, *np.arange(40.0, stops_at + 10, 30.0).tolist(), stops_at + 70]
    for minute in minutes:
        along = min(1.0, max(0.0, (minute - 10) / stops_at))
        pain = _rated(before + (after - before) * along + random.normal(0, 0.3))
        scores = [("pain at rest", pain), ("pain on movement", _rated(pain + random.uniform(0.5, 2))), ("RASS", 0 if along < 0.3 else -1)]
        scores += [(name, 1) for name in present if 0.3 < along < 1]
        if minute in {minutes[0], minutes[-1]}:
            scores.append((CSS16_ITEM, int(np.clip(round(4 + pain + random.normal(0, 0.7)), 0, 16))))
        at = patient.starts[day].plus(60 * minute)
        command: Command = RecordAssessment(event_at=at, scores=tuple(scores), by=BY)
        yield minute, FromOperator(at, command)


def _follow_ups(patient: _Invented, case_id: int, random: np.random.Generator) -> list[FollowUpEntry]:
    """Relief fades week by week; not everyone is reached, and who is lost stays lost."""
    entries = []
    kept = 1 - (1 - patient.relief) ** len(patient.setups)
    for week in FOLLOW_UP_WEEKS:
        if random.random() < 0.12:
            break
        pain = _rated(patient.pain * (1 - kept * max(0.0, 1 - patient.fades * week)) + random.normal(0, 0.4))
        at_utc_ns = patient.starts[-1].plus(7 * _DAY_S * week).utc_ns
        entries.append(FollowUpEntry(case_id=case_id, follow_up=FollowUp(week=week, pain=pain), at_utc_ns=at_utc_ns, by=BY))
    return entries


def _rated(pain: float) -> int:
    return int(np.clip(round(pain), 0, 10))
