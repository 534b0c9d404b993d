"""Days become courses, and courses become figures: each patient once, each drug apart, simulated and real never together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from clinical.assessments.effectiveness import effectiveness
from clinical.assessments.intervals import wilson
from clinical.assessments.published import PUBLISHED
from clinical.assessments.treated import (
    FollowUp,
    TreatedCourse,
    TreatedDay,
    first_and_last,
    follow_ups_of,
    linked,
    of_period,
    parted,
    side_effects_of,
)
from clinical.commands import RecordAssessment
from clinical.instant import Instant

START = Instant(0, 1_772_438_400_000_000_000)


def day(label: str, number: int, at_day: float, **more: object) -> TreatedDay:
    fields = {"case_id": 1, "weight_kg": 70.0, "drug": "ketamine", "simulated": False, "given_mg": 80.0}
    return TreatedDay(label=label, day=number, started=START.plus(86_400 * at_day), **(fields | more))


def numbers(courses: tuple[TreatedCourse, ...]) -> list[list[int]]:
    return [[each.day for each in course.days] for course in courses]


def test_consecutive_days_of_one_patient_are_a_course() -> None:
    days = [day("A", 1, 0), day("B", 1, 0.1), day("A", 2, 1), day("A", 3, 4), day("B", 2, 1.1)]
    assert [(course.label, len(course.days)) for course in linked(days)] == [("A", 3), ("B", 2)]


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        ([(1, 0), (2, 1), (1, 30), (2, 31)], [[1, 2], [1, 2]]),
        ([(1, 0), (2, 1), (3, 30)], [[1, 2], [3]]),
        ([(1, 0), (1, 0.2), (2, 1)], [[1, 1, 2]]),
        ([(1, 0), (1, 1)], [[1], [1]]),
        ([(2, 0), (1, 1)], [[2], [1]]),
    ],
)
def test_where_a_course_ends(days, parts) -> None:
    assert numbers(linked([day("A", number, at) for number, at in days])) == parts


def test_two_drugs_and_simulated_days_are_never_one_course() -> None:
    days = [day("A", 1, 0), day("A", 2, 1, drug="S-ketamine"), day("A", 2, 1, simulated=True)]
    assert len(linked(days)) == 3


def course(label: str, before: int | None, after: int | None, *follow_ups: tuple[int, int], at: float = 0) -> TreatedCourse:
    entries = tuple(FollowUp(week=week, pain=pain) for week, pain in follow_ups)
    return TreatedCourse(days=(day(label, 1, at, pain_before=before, pain_after=after, follow_ups=entries),))


def test_responders_and_change() -> None:
    told = effectiveness([course("A", 8, 4), course("B", 9, 6), course("C", 8, 7), course("D", None, 3), course("E", 0, 0)])
    assert (told.patients, told.judged) == (5, 3)
    assert dict(told.responders) == {30.0: wilson(2, 3), 50.0: wilson(1, 3)}
    assert told.change.value == pytest.approx((4 + 3 + 1) / 3)
    assert told.change_percent.value == pytest.approx((50 + 100 / 3 + 12.5) / 3)


def test_a_patient_counts_once_by_the_first_course() -> None:
    told = effectiveness([course("A", 8, 8, at=40), course("A", 8, 4, at=0)])
    assert (told.patients, told.courses, told.infusions, told.judged) == (1, 2, 2, 1)
    assert told.change.value == 4
    assert told.change.low is None


def test_how_long_relief_lasted() -> None:
    told = effectiveness(
        [
            course("A", 8, 4, (1, 4), (2, 5), (4, 7)),  # two weeks
            course("B", 8, 4, (1, 4), (4, 5)),  # four or longer
            course("C", 8, 4),  # never asked
            course("D", 8, 8, (1, 2)),  # no relief at the end
            course("E", 8, 4, (1, 8), (2, 2)),  # none that lasted
        ]
    )
    assert (told.followed, told.weeks_relieved, told.still_at_last) == (3, 2, 1)
    assert {row.week: (row.still.count, row.still.of) for row in told.lasting} == {1: (2, 3), 2: (2, 2), 4: (1, 2), 8: (0, 0), 12: (0, 0)}


def test_side_effects_and_stops_are_of_infusions() -> None:
    days = (day("A", 1, 0, side_effects=("nausea",), stops=("vomiting",)), day("A", 2, 1, side_effects=("dizzy", "nausea")))
    told = effectiveness([TreatedCourse(days=days), course("B", 5, 4)])
    assert told.side_effects == (("nausea", wilson(2, 3)), ("dizzy", wilson(1, 3)))
    assert (told.stopped, told.stops) == (wilson(1, 3), (("vomiting", 1),))


def test_doses_by_drug_and_unknown_ones_left_out() -> None:
    days = (day("A", 1, 0, given_mg=70.0), day("A", 2, 1, given_mg=140.0))
    other = replace(course("B", 5, 4), days=(day("B", 1, 0, drug="S-ketamine", given_mg=None),))
    (dose,) = effectiveness([TreatedCourse(days=days), other]).doses
    assert (dose.drug, dose.infusions, dose.mg, dose.mg_per_kg) == ("ketamine", 2, (105.0, 70.0, 140.0), (1.5, 1.0, 2.0))
    assert dose.course_mg == (210.0, 210.0, 210.0)


def test_nothing_and_mixtures_are_refused() -> None:
    with pytest.raises(ValueError, match="no course"):
        effectiveness([])
    with pytest.raises(ValueError, match="never counted together"):
        effectiveness([course("A", 5, 4), TreatedCourse(days=(day("B", 1, 0, simulated=True),))])


def assessed(*scores: tuple[str, int]) -> RecordAssessment:
    return RecordAssessment(event_at=START, scores=scores)


def test_a_follow_up_is_not_the_end_of_its_day() -> None:
    told = [assessed(("pain at rest", 8)), assessed(("pain at rest", 4)), assessed(("follow-up week", 2), ("pain at rest", 7))]
    of_day, later = parted(told)
    assert first_and_last(of_day, "pain at rest") == (8, 4)
    assert first_and_last(of_day[:1], "pain at rest") == (None, None)
    assert follow_ups_of(later) == (FollowUp(week=2, pain=7),)


def test_side_effects_from_ticks_and_from_events() -> None:
    told = [assessed(("nausea", 0), ("dizzy", 2), ("RASS", 1))]
    assert side_effects_of(told, ["Nausea, given ondansetron", "a strange taste"]) == ("dizzy", "nausea", "other")


def test_every_published_figure_has_its_source() -> None:
    assert all(row.figure and row.source and row.regimen for row in PUBLISHED)
    assert {row.about for row in PUBLISHED} == {"dose", "change", "duration", "side effects"}


def test_a_period_may_have_any_ends() -> None:
    assert of_period([], date.min, date.max) == []
