"""Days together: what carries over, what was borne best, what is missing, how much in all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.dosing.course import Course, CourseDay, CourseError, StepRun
from clinical.instant import Instant
from clinical.pharmacokinetics.history import Bolus, Stretch
from clinical.pharmacokinetics.prediction import Predictor
from tests.clinical.bed import ORDER

DAY_MIN = 24 * 60.0
START = Instant(5_000_000_000, 1_772_352_000_000_000_000)


def day(number: int, rate: float, *steps: StepRun, drug: str = "ketamine") -> CourseDay:
    doses = (Stretch(start_min=0, end_min=240, rate_mg_per_h=rate), Bolus(at_min=60, dose_mg=5))
    return CourseDay(number=number, drug=drug, start_min=(number - 1) * DAY_MIN, doses=doses, steps=steps)


REMA = Course([day(1, 14), day(2, 28), day(3, 42)])


def test_all_that_was_given_and_what_the_ceiling_leaves():
    assert REMA.given_mg == pytest.approx(4 * (14 + 28 + 42) + 15)
    assert REMA.history().total_mg == pytest.approx(REMA.given_mg)
    assert REMA.left_mg(ORDER) is None
    assert REMA.left_mg(replace(ORDER, ceiling_mg_per_course=400, days=3)) == pytest.approx(400 - 351)
    assert REMA.left_mg(replace(ORDER, ceiling_mg_per_course=300, days=3)) == pytest.approx(-51)


def test_yesterday_is_in_todays_level():
    first, second, third = REMA.carried_over_ng_per_ml(70)
    assert first == (0.0, 0.0)
    assert 0 < second[0] < second[1] < third[1]
    alone = Predictor(70, margin=0.0)
    alone.rate(START, 14)
    alone.bolus(START.plus(3600), 5)
    alone.rate(START.plus(4 * 3600), 0)
    left = alone.now(START.plus(24 * 3600))
    assert second == (pytest.approx(left.low_ng_per_ml, rel=1e-9), pytest.approx(left.high_ng_per_ml, rel=1e-9))


def test_a_missing_day_is_named_and_the_rest_stands():
    course = Course([day(1, 14), day(2, 28), day(4, 42)])
    assert course.missing == (3,)
    assert REMA.missing == ()
    assert course.carried_over_ng_per_ml(70)[2][1] < REMA.carried_over_ng_per_ml(70)[2][1], "a day without leaves less"


def test_the_best_borne_rate_has_its_denominator():
    course = Course(
        [
            day(1, 14, StepRun(rate_mg_per_h=10, minutes=60), StepRun(rate_mg_per_h=20, minutes=60, untoward=("nausea",))),
            day(2, 14, StepRun(rate_mg_per_h=15, minutes=45), StepRun(rate_mg_per_h=20, minutes=60), StepRun(rate_mg_per_h=25, minutes=10)),
            day(3, 14, StepRun(rate_mg_per_h=15, minutes=30), StepRun(rate_mg_per_h=15, minutes=40)),
        ]
    )
    assert [(row.rate_mg_per_h, row.days_run, row.days_untoward) for row in course.rates_borne()] == [(10, 1, 0), (15, 2, 0), (20, 2, 1)]
    best = course.best_borne()
    assert best is not None
    assert (best.rate_mg_per_h, best.days_run) == (15, 2)
    assert Course([day(1, 14, StepRun(rate_mg_per_h=10, minutes=60, untoward=("hold",)))]).best_borne() is None


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "at least one day"),
        ([day(2, 14), day(1, 14)], "day 1 does not come after day 2"),
        ([day(1, 14), day(1, 14)], "day 1 does not come after day 1"),
        ([day(1, 14), day(2, 14, drug="S-ketamine")], "ketamine and S-ketamine in one course: they are never mixed"),
    ],
)
def test_what_is_no_course(days, words):
    with pytest.raises(CourseError, match=words):
        Course(days)
