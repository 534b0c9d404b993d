"""What a report's first page says, from values made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clinical.alarms.burden import Burden
from clinical.instant import Instant
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, NIBP_SYS, RESP_RATE, SPO2
from clinical.report.going_home import recovery_of
from clinical.report.quarters import hours_of, quarters_of, rates, spread
from clinical.report.summary import before_after, extremes, highest_rate, named, side_effects, stops
from clinical.report.told import BUCKET_S, Basis, CaseReport, CuffReading, DosePoint, Entry, Heading, ScoreEntry, Trend

HEADING = Heading(
    case="c",
    patient="A.B.",
    bed="3",
    day=1,
    started=Instant(0, 1_772_352_000_000_000_000),
    utc_offset_min=0,
    simulated=False,
    recording="",
    deidentified=False,
    program_version="1",
)
QUIET = Burden(
    hours=1, new=0, returned=0, worsened=0, self_cleared=0, physiological=0, technical=0, in_alarm_s=0, silenced_s=0, response_s=None
)
REPORT = CaseReport(
    heading=HEADING,
    who="",
    recorded_by_version="1",
    length_s=5400.0,
    ended=True,
    end_reason="",
    basis_at_first=Basis(weight_kg=70, concentration_mg_per_ml=5),
    basis=Basis(weight_kg=70, concentration_mg_per_ml=5),
    syringe_ml=50,
    baseline_sbp_mmhg=None,
    preset="",
    order=None,
    given=None,
    course_before_mg=0,
    burden=QUIET,
)


def trend(values, metric=HEART_RATE, *, first=0, doubtful=()):
    """A value a bucket, one more above and below it."""
    means = np.array(values, np.float64)
    return Trend(
        metric=metric,
        channel="",
        places=np.arange(first, first + len(values)),
        lows=means - 1,
        highs=means + 1,
        means=means,
        doubtful=np.array([place in doubtful for place in range(len(values))]),
    )


def dose(at_s, rate, state="infusing", *, stale=False):
    return DosePoint(
        at_s=at_s,
        state=state,
        stale=stale,
        rate_ml_per_h=rate,
        rate_mg_per_h=rate,
        rate_mg_per_kg_h=rate,
        planned_mg_per_h=None,
        given_mg=at_s / 100,
    )


def score(at_s, *pairs, number=1, replaced_by=None):
    return ScoreEntry(at_s=at_s, entered_s=at_s, number=number, scores=pairs, replaced_by=replaced_by)


def test_extremes_are_those_of_every_value_and_leave_out_what_the_device_doubts():
    report = replace(
        REPORT, trends=(trend([70, 200, 80, 60], doubtful={1}),), cuffs=(CuffReading(at_s=30, sys=140), CuffReading(at_s=930, sys=118))
    )
    heart, cuff = extremes(report)
    assert (heart.low, heart.low_at_s, heart.high, heart.high_at_s, heart.median) == (59, 30, 81, 20, 70)
    assert (cuff.metric, cuff.low, cuff.low_at_s, cuff.high, cuff.high_at_s) == (NIBP_SYS, 118, 930, 140, 30)
    assert extremes(replace(REPORT, trends=(trend([70], doubtful={0}),))) == ()


def test_two_metrics_of_one_label_are_told_apart():
    assert named(CO2_RESP_RATE, "", [CO2_RESP_RATE, RESP_RATE]) == "RR (CO₂)"
    assert named(CO2_RESP_RATE, "", [CO2_RESP_RATE, SPO2]) == "RR"
    assert named(SPO2, "hand", [SPO2]) == "SpO₂ hand"


def test_before_and_after_follow_corrections_and_leave_side_effects_to_their_own_list():
    told = (
        score(0, ("pain at rest", 9), number=1, replaced_by=3),
        score(900, ("pain at rest", 5), ("nausea", 0)),
        score(0, ("pain at rest", 8), number=3),
        score(1800, ("pain at rest", 3), ("nausea", 2)),
    )
    report = replace(REPORT, scores=tuple(sorted(told, key=lambda one: one.at_s)))
    (pain,) = before_after(report)
    assert (pain.first, pain.first_at_s, pain.last, pain.last_at_s, pain.low, pain.high, pain.count) == (8, 0, 3, 1800, 3, 8, 3)
    (nausea,) = side_effects(report)
    assert (nausea.name, nausea.worst, nausea.there, nausea.asked, nausea.first_at_s) == ("nausea", "strong", 1, 2, 1800)


def test_a_side_effect_that_was_only_entered_is_told_once():
    entries = (
        Entry(at_s=50, entered_s=60, kind="side effect", text="itch", number=1, replaced_by=2),
        Entry(at_s=50, entered_s=90, kind="side effect", text="itching, mild", number=2, corrects=1),
        Entry(at_s=70, entered_s=70, kind="medication", text="x", number=3),
    )
    (found,) = side_effects(replace(REPORT, entries=entries))
    assert (found.name, found.asked) == ("itching, mild", 0)


def test_rests_of_the_pump_are_told_with_the_reason_that_was_entered_near_them():
    doses = (
        dose(0, 0, "stopped"),
        dose(60, 10),
        dose(600, 0, "paused"),
        dose(660, 0, "paused", stale=True),
        dose(900, 10),
        dose(3000, 0, "stopped"),
    )
    entries = (
        Entry(at_s=700, entered_s=700, kind="hold", text="asked for a rest"),
        Entry(at_s=2000, entered_s=2000, kind="hold", text="never done"),
        Entry(at_s=650, entered_s=650, kind="note", text="no reason"),
    )
    first, alone, last = stops(doses, entries)
    assert (first.at_s, first.until_s, first.state, first.why) == (600, 900, "paused", "hold: asked for a rest")
    assert (alone.at_s, alone.state, alone.why) == (2000, "hold entered", "never done")
    assert (last.at_s, last.until_s, last.why) == (3000, None, "")


def test_the_highest_rate_is_where_it_was_first_given():
    found = highest_rate((dose(0, 0, "stopped"), dose(10, 5), dose(20, 9), dose(30, 9), dose(40, 2)))
    assert found is not None
    assert found.at_s == 20
    assert highest_rate(()) is None


def test_quarters_have_the_middle_the_ends_and_the_last_scores():
    report = replace(
        REPORT,
        trends=(trend([70] * 45 + [90] * 45 + [50]),),
        doses=(dose(60, 10), dose(1000, 20)),
        cuffs=(CuffReading(at_s=100, sys=120, dia=80), CuffReading(at_s=899, sys=130, dia=85, mean=100)),
        scores=(score(10, ("RASS", 0)), score(800, ("RASS", -1)), score(900, ("RASS", 1))),
    )
    first, second, *_ = quarters_of(report, 0)
    found = first.spreads[HEART_RATE, ""]
    assert (found.median, found.low, found.high, found.doubtful) == (80, 69, 91, False)
    assert second.spreads[HEART_RATE, ""].median == 50
    assert (first.cuffs, first.cuff.written(), first.scores) == (2, "130/85 (100)", {"RASS": -1})
    assert (first.rates_mg_per_h, second.rates_mg_per_h) == ((10, 10), (10, 20))
    assert first.last.at_s == 60
    assert [len(quarters_of(report, hour)) for hour in range(hours_of(report))] == [4, 2]


@pytest.mark.parametrize(("length_s", "hours"), [(0, 1), (30, 1), (3600, 1), (3601, 2), (360_000, 100)])
def test_hours_that_have_begun(length_s, hours):
    assert hours_of(replace(REPORT, length_s=length_s)) == hours


def test_a_bucket_belongs_to_the_stretch_in_which_it_begins():
    made = trend(range(180))
    assert spread(made, 0, 900).high == 90
    assert spread(made, 900, 1800).low == 89
    assert spread(made, 1800, 2700) is None
    assert spread(trend([5, 7], doubtful={0, 1}), 0, 900).doubtful
    assert spread(trend([5, 7], doubtful={0}), 0, 900).median == 7
    assert BUCKET_S == 10


def test_a_silent_pump_has_no_rate():
    doses = (dose(0, 10), dose(100, 10, stale=True), dose(2000, 5))
    assert rates(doses, 900, 1800) is None
    assert rates(doses, 50, 900) == (10, 10)
    assert rates((), 0, 900) is None


def test_what_the_record_knows_of_going_home():
    report = replace(
        REPORT,
        doses=(dose(0, 0, "stopped"), dose(600, 10), dose(3000, 0, "stopped")),
        trends=(trend([60] * 60 + [75] * 480),),
        cuffs=(CuffReading(at_s=100, sys=120), CuffReading(at_s=5300, sys=132)),
        scores=(score(100, ("consciousness", 0)), score(5000, ("consciousness", 2), ("pain at rest", 1))),
    )
    found = recovery_of(report, (10.0, 20.0))
    assert found.stopped_at == HEADING.started.plus(3000)
    assert found.vitals == ((HEART_RATE, 75, 60), (NIBP_SYS, 132, 120))
    assert found.aldrete == (("consciousness", 2),)
    assert recovery_of(replace(report, doses=()), None).stopped_at is None
    assert recovery_of(replace(report, doses=report.doses[:2]), None).stopped_at is None
    assert recovery_of(replace(report, baseline_sbp_mmhg=150.0, length_s=9000), None).vitals == ()
