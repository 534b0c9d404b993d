"""A course in the record: its earlier days, what was untoward, yesterday's curves; what was given and the ledger as files."""

import csv
from dataclasses import replace

import pytest

from clinical.commands import CorrectDose, EventKind, LedgerAct, RecordEvent, SignLedger
from clinical.forms import Phase, RecordExamination
from clinical.metrics import HEART_RATE
from clinical.monitor import Monitor
from storage.cases import open_case
from storage.course import days_before, examined_before
from storage.export.account_sheets import given_along
from storage.export.case_csv import export_case
from storage.replay import runs_of
from tests.storage.made_case import address_of, made_setup
from tests.storage.made_course import DAY_S, START, made_day


@pytest.fixture
def address(tmp_path):
    return address_of(tmp_path / "course.sqlite")


def test_the_days_of_a_course_come_back(address):
    sick = RecordEvent(kind=EventKind.SIDE_EFFECT, event_at=START.plus(50 * 60), text="nausea")
    made_day(address, 1, rates={1: 5.0, 40: 7.5}, entries=((50, sick),))
    made_day(address, 3, rates={1: 5.0})
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
    setup = made_day(address, 1, rates={1: 5.0})
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
    made_day(address, 1, rates={1: 5.0}, entries=entries)
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
    made_day(address, 1, rates={1: 5.0}, entries=entries)
    rebuilt = Monitor()
    with open_case(address, "day-1") as history:
        outcomes = [rebuilt.step(message) for message in resume_messages(history, START.plus(4800))]
    dose = next(outcome.dose for outcome in reversed(outcomes) if outcome.dose is not None)
    assert dose.weight_kg == 80.0
    assert dose.correction.startswith("weight 68.5 → 80 kg")
    assert dose.ledger is not None
    assert dose.ledger.left_mg == pytest.approx(100 - 79 / 6, rel=1e-3)


def test_what_ran_on_a_day_comes_back_by_the_worlds_clock_and_replays(address):
    thinner = CorrectDose(concentration_mg_per_ml=1.0, reason="wrong bag", by="A", witness="B")
    made_day(address, 1, rates={1: 5.0, 40: 7.5}, entries=((20, thinner),))
    setup = replace(made_setup(uuid="day-2"), day=2)
    (first,) = days_before(address, setup, START.plus(DAY_S))
    assert [(rate.day, rate.rate_mg_per_h) for rate in first.rates] == [(1, 5.0), (1, 7.5)], "all of the day as corrected"
    assert first.rates[0].since_utc_ns == START.plus(60).utc_ns
    assert first.rates[0].until_utc_ns == first.rates[1].since_utc_ns == START.plus(40 * 60).utc_ns
    assert first.day.given_mg == pytest.approx(39 / 60 * 5 + 40 / 60 * 7.5, rel=0.02)
    made_day(address, 2, rates={1: 5.0}, changes={"earlier_rates": first.rates})
    with open_case(address, "day-2") as history:
        assert history.setup.earlier_rates == first.rates
        told = history.dose_reports()[0].predicted_ng_per_ml
        assert told is not None
        assert told[0] > 0, "before anything was given today there is the rest of yesterday"
        kept = {(report.at, report.predicted_ng_per_ml) for report in history.dose_reports()}
        assert kept <= _doses_again(history), "the record holds all it takes to reckon the same once more"


def _doses_again(history):
    """Moments and predictions that the case's messages give once more."""
    monitor = Monitor()
    doses = [monitor.step(message).dose for run in runs_of(history) for message in run.messages]
    return {(dose.at, dose.predicted_ng_per_ml) for dose in doses if dose is not None}


def test_an_older_course_is_not_mixed_into_this_one(address):
    for number in (1, 2):
        made_day(address, number, rates={1: 5.0})
    again = replace(made_setup(uuid="again-1"), day=1)
    made_day(address, 1, rates={1: 10.0}, changes={"uuid": "again-1"}, after_days=10)
    days = days_before(address, replace(again, uuid="again-2", day=2), START.plus(DAY_S * 11))
    assert [(day.day.number, day.rates[0].rate_mg_per_h) for day in days] == [(1, 20.0)]
    assert (
        days_before(address, replace(again, uuid="x", day=3, patient=replace(again.patient, label="not named")), START.plus(DAY_S * 11))
        == ()
    )


def test_what_was_examined_on_earlier_days_comes_back_as_it_stands(address):
    begin = START.plus(60)
    first = RecordExamination(event_at=begin, phase=Phase.BEFORE, limb="right arm", pain=8, by="A")
    right = replace(first, pain=6, corrects=1, reason="misheard")
    after = replace(first, phase=Phase.AFTER, event_at=START.plus(60 * 70), pain=3)
    made_day(address, 1, rates={1: 5.0}, entries=((1, first), (2, right), (70, after)))
    setup = replace(made_setup(uuid="day-2"), day=2)
    (day,) = examined_before(address, setup, START.plus(DAY_S))
    assert (day.number, [form.pain for form in day.examinations]) == (1, [6, 3])
    assert examined_before(address, replace(setup, day=1), START.plus(DAY_S)) == ()


def test_a_side_effect_that_was_struck_out_is_no_untoward_one(address):
    sick = RecordEvent(kind=EventKind.SIDE_EFFECT, event_at=START.plus(50 * 60), text="nausea")
    struck = replace(sick, kind=EventKind.CORRECTION, text="", corrects=1, reason="another patient")
    made_day(address, 1, rates={1: 5.0}, entries=((50, sick), (51, struck)))
    (day,) = days_before(address, replace(made_setup(uuid="day-2"), day=2), START.plus(DAY_S))
    assert [step.untoward for step in day.day.steps] == [()]


def test_what_ran_until_the_end_of_a_day_counts_to_its_end(address):
    made_day(address, 1, rates={1: 5.0}, until_min=80)
    (first,) = days_before(address, replace(made_setup(uuid="x"), day=2), START.plus(DAY_S))
    assert first.rates[-1].until_utc_ns == START.plus(80 * 60 + 30).utc_ns, "the case ended half a minute after the last report"
    assert first.day.given_mg == pytest.approx(79.5 / 60 * 10, rel=1e-3)
