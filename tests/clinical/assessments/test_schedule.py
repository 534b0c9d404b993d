"""When the next round is due: denser at the start and after each dose step, counted from the last one taken; by the site's own file."""

from __future__ import annotations

import pytest

from app.site_data import SiteData, SiteDataError
from clinical.assessments.schedule import DEFAULT_ROUNDS, interval_min, next_round, schedule_from
from clinical.instant import Instant
from clinical.orders import RoundInterval
from clinical.site_values import SiteValueError

START = Instant(0, 1_772_352_000_000_000_000)


def after(minutes: float) -> Instant:
    return START.plus(60 * minutes)


@pytest.mark.parametrize(("minutes", "every"), [(0, 15), (59.9, 15), (60, 30), (179.9, 30), (180, 60), (1000, 60)])
def test_rounds_thin_out(minutes: float, every: float) -> None:
    assert interval_min(minutes) == every


def test_first_round_counts_from_the_start_of_the_infusion() -> None:
    assert next_round(START, None, ()) == (after(15), "")


def test_a_round_before_the_infusion_does_not_count() -> None:
    assert next_round(START, after(-5), ()) == (after(15), "")


def test_next_round_counts_from_the_last() -> None:
    assert next_round(START, after(70), ()) == (after(100), "")


def test_a_dose_step_brings_the_round_forward_and_says_so() -> None:
    assert next_round(START, after(60), [after(62)]) == (after(77), "after the dose step")


@pytest.mark.parametrize(("last", "due"), [(65, 80), (121.9, 136.9), (122, 152), (241.9, 271.9), (242, 302)])
def test_the_schedule_begins_anew_with_a_dose_step(last: float, due: float) -> None:
    assert next_round(START, after(last), [after(62)]) == (after(due), "")


def test_the_first_rate_is_no_step() -> None:
    assert next_round(START, None, [START]) == (after(15), "")


def test_an_orders_own_rounds_come_first() -> None:
    rounds = (RoundInterval(every_min=5, until_min=10), RoundInterval(every_min=20))
    assert next_round(START, after(5), (), rounds) == (after(10), "")
    assert next_round(START, after(10), (), rounds) == (after(30), "")


def test_the_shipped_schedule_is_the_default_and_reaches_every_order_without_rounds() -> None:
    site = SiteData()
    assert site.load_schedule("rounds").value == DEFAULT_ROUNDS
    assert site.load_order("goldberg", 70).value.rounds == DEFAULT_ROUNDS


def test_a_sites_own_schedule_takes_the_shipped_ones_place(tmp_path) -> None:
    (tmp_path / "schedules").mkdir()
    file = tmp_path / "schedules" / "rounds.toml"
    file.write_text("[[round]]\nevery_min = 10\n", encoding="utf-8")
    assert SiteData(tmp_path).load_order("goldberg", 70).value.rounds == (RoundInterval(every_min=10),)
    file.write_text("[[round]]\nevery_min = 0\n", encoding="utf-8")
    broken = SiteData(tmp_path).load_order("goldberg", 70)
    assert broken.value.rounds == DEFAULT_ROUNDS
    assert (
        broken.error == f"{file}, line 2: round 1, every_min: is 0; allowed is a number from 1 to 1440; the shipped rounds is used instead"
    )


def test_a_schedule_needs_rounds_and_nothing_else() -> None:
    with pytest.raises(SiteValueError, match="at least one"):
        schedule_from({})
    with pytest.raises(SiteValueError, match="not known"):
        schedule_from({"rounds": []})
    with pytest.raises(SiteDataError, match="there are rounds"):
        SiteData().load_schedule("nightly")


def test_a_round_that_was_missed_is_not_let_off_by_a_step():
    assert next_round(START, None, [after(30)]) == (after(15), "")
    assert next_round(START, after(14), [after(31)]) == (after(29), "")
    assert next_round(START, after(14), [after(25)]) == (after(40), "after the dose step")
    assert next_round(START, after(32), [after(30)]) == (after(47), "")


def test_a_round_between_two_steps_is_due_by_the_first_of_them():
    steps = [after(180), after(220)]
    assert next_round(START, after(185), steps) == (after(200), "")
    assert next_round(START, after(201), steps) == (after(216), "")
    assert next_round(START, after(206), steps) == (after(235), "after the dose step")
    assert next_round(START, after(170), [after(180), after(190), after(220)]) == (after(205), "after the dose step")
