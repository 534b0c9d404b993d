"""A course in the record: its earlier days, what was untoward, yesterday's curves; what was given and the ledger as files."""

import csv
from dataclasses import replace

import pytest

from clinical.commands import CorrectDose, EndCase, EventKind, LedgerAct, RecordEvent, SignLedger, StartCase
from clinical.forms import Phase, RecordExamination
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Tick
from clinical.metrics import HEART_RATE
from clinical.monitor import Monitor
from clinical.observations import Numeric, PumpState, PumpStatus, Validity
from storage.cases import open_case
from storage.course import days_before, examined_before
from storage.export.account_sheets import given_along
from storage.export.case_csv import export_case
from storage.recorder import Recorder
from tests.storage.made_case import address_of, made_setup

START = Instant(0, 1_772_352_000_000_000_000)
DAY_S = 86_400


def _day(address, number, *, rates, entries=(), until_min=80):
    """A day as the program records it: the monitor steps, the recorder keeps."""
    begin = START.plus(DAY_S * (number - 1))
    setup = replace(made_setup(uuid=f"day-{number}"), day=number)
    monitor, recorder = Monitor(), Recorder(address)
    recorder.open()
    infused_ml, rate = 0.0, 0.0
    messages = [FromOperator(begin, StartCase(setup=setup))]
    for minute in range(until_min + 1):
        at = begin.plus(60 * minute)
        infused_ml += rate / 60
        rate = rates.get(minute, rate)
        state = PumpState.INFUSING if rate else PumpState.STOPPED
        status = PumpStatus(at=at, channel="", state=state, rate_ml_per_h=rate, infused_ml=infused_ml, drug="Ketamine", interval_s=60.0)
        messages.append(FromDevice("pump", status))
        messages.append(FromDevice("monitor", Numeric(at=at, metric=HEART_RATE, value=70.0 + number, validity=Validity.VALID)))
        messages += [FromOperator(at.plus(1), command) for when, command in entries if when == minute]
        messages.append(Tick(at.plus(2)))
    messages.append(FromOperator(begin.plus(60 * until_min + 30), EndCase(reason="done")))
    for message in messages:
        recorder.keep(monitor.step(message))
    recorder.commit()
    recorder.close()
    return setup


@pytest.fixture
def address(tmp_path):
    return address_of(tmp_path / "course.sqlite")


def test_the_days_of_a_course_come_back(address):
    sick = RecordEvent(kind=EventKind.SIDE_EFFECT, event_at=START.plus(50 * 60), text="nausea")
    _day(address, 1, rates={1: 5.0, 40: 7.5}, entries=((50, sick),))
    _day(address, 3, rates={1: 5.0})
    setup = replace(made_setup(uuid="day-4"), day=4)
    first, last = days_before(address, setup, START.plus(DAY_S * 3))
    assert [(step.rate_mg_per_h, round(step.minutes)) for step in first.day.steps] == [(10.0, 39), (15.0, 40)]
    assert first.day.steps[1].untoward == ("nausea",)
    assert first.day.given_mg == pytest.approx(39 / 6 + 40 / 4, rel=0.02)
    assert (last.day.number, last.day.start_min) == (3, pytest.approx(2 * 1440 + 1))
    assert first.ghosts == ()
    assert last.ghosts[0].metric is HEART_RATE
    assert set(last.ghosts[0].values) == {73.0}


def test_another_patient_and_another_drug_are_another_course(address):
    setup = _day(address, 1, rates={1: 5.0})
    other = replace(setup, uuid="x", day=2, patient=replace(setup.patient, label="C.D."))
    assert days_before(address, other, START.plus(DAY_S)) == ()
    s_ketamine = replace(setup, uuid="x", day=2, order=replace(setup.order, drug="S-ketamine"))
    assert days_before(address, s_ketamine, START.plus(DAY_S)) == ()
    assert days_before(address, replace(setup, uuid="x", day=1), START.plus(DAY_S)) == ()
    assert len(days_before(address, replace(setup, uuid="x", day=2), START.plus(DAY_S))) == 1


def test_what_was_given_and_the_ledger_are_files(address, tmp_path):
    entries = (
        (0, SignLedger(act=LedgerAct.OPENED, mg=100.0, by="A", witness="B")),
        (30, CorrectDose(weight_kg=80.0, reason="wrong chart", by="A", witness="B")),
        (79, SignLedger(act=LedgerAct.GIVEN, mg=13.0, by="A")),
        (79, SignLedger(act=LedgerAct.WASTED, mg=87.0, by="A")),
        (79, SignLedger(act=LedgerAct.WASTED, mg=87.0, by="A", witness="B")),
    )
    _day(address, 1, rates={1: 5.0}, entries=entries)
    with open_case(address, "day-1") as history:
        told = list(given_along(history))
        folder = export_case(history, tmp_path / "out", program_version="test")
    assert told[-1][1].best_mg == pytest.approx(79 / 6, rel=1e-3)
    assert told[-1][1].best_mg_per_kg == pytest.approx(79 / 6 / 80, rel=1e-3)
    given = list(csv.DictReader((folder / "given.csv").read_text(encoding="utf-8").splitlines()))
    assert float(given[-1]["by_counter_low_mg"]) <= 79 / 6 <= float(given[-1]["by_counter_high_mg"])
    assert given[-1]["by_rest_low_mg"] == ""
    ledger = list(csv.DictReader((folder / "ledger.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["what"], float(row["mg"]), float(row["left_mg"])) for row in ledger] == [
        ("opened", 100, 100), ("given", -13, 87), ("wasted", -87, 0)
    ]  # fmt: skip
    events = {row["kind"]: row for row in csv.DictReader((folder / "events.csv").read_text(encoding="utf-8").splitlines())}
    assert (events["correct dose"]["text"], events["correct dose"]["old_value"]) == ("weight 80 kg: wrong chart", "weight 68.5 kg")


def test_a_case_that_is_taken_up_has_its_ledger_and_correction(address):
    from storage.cases import resume_messages

    entries = ((0, SignLedger(act=LedgerAct.OPENED, mg=100.0, by="A")), (30, CorrectDose(weight_kg=80.0, by="A", witness="B")))
    _day(address, 1, rates={1: 5.0}, entries=entries)
    rebuilt = Monitor()
    with open_case(address, "day-1") as history:
        outcomes = [rebuilt.step(message) for message in resume_messages(history, START.plus(4800))]
    dose = next(outcome.dose for outcome in reversed(outcomes) if outcome.dose is not None)
    assert dose.weight_kg == 80.0
    assert dose.correction.startswith("weight 68.5 → 80 kg")
    assert dose.ledger is not None
    assert dose.ledger.left_mg == pytest.approx(100 - 79 / 6, rel=1e-3)


def test_what_was_examined_on_earlier_days_comes_back_as_it_stands(address):
    begin = START.plus(60)
    first = RecordExamination(event_at=begin, phase=Phase.BEFORE, limb="right arm", pain=8, by="A")
    right = replace(first, pain=6, corrects=1, reason="misheard")
    after = replace(first, phase=Phase.AFTER, event_at=START.plus(60 * 70), pain=3)
    _day(address, 1, rates={1: 5.0}, entries=((1, first), (2, right), (70, after)))
    setup = replace(made_setup(uuid="day-2"), day=2)
    (day,) = examined_before(address, setup, START.plus(DAY_S))
    assert (day.number, [form.pain for form in day.examinations]) == (1, [6, 3])
    assert examined_before(address, replace(setup, day=1), START.plus(DAY_S)) == ()


def test_a_side_effect_that_was_struck_out_is_no_untoward_one(address):
    sick = RecordEvent(kind=EventKind.SIDE_EFFECT, event_at=START.plus(50 * 60), text="nausea")
    struck = replace(sick, kind=EventKind.CORRECTION, text="", corrects=1, reason="another patient")
    _day(address, 1, rates={1: 5.0}, entries=((50, sick), (51, struck)))
    (day,) = days_before(address, replace(made_setup(uuid="day-2"), day=2), START.plus(DAY_S))
    assert [step.untoward for step in day.day.steps] == [()]
