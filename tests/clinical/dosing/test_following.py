"""Where we are on the ladder, what is next, when, and why not yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.dosing.following import RateChange, follow, matched
from clinical.dosing.rules import Observed, RuleStanding, judge
from clinical.metrics import NIBP_SYS, SPO2
from clinical.orders import Rule, RuleAction, Step
from tests.clinical.bed import ORDER, T0

MG_PER_ML = 2.0
PRESSURE = Rule(action=RuleAction.HOLD, subject=NIBP_SYS.id, label="SBP", above=130, of_baseline=True)
SATURATION = Rule(action=RuleAction.STOP, subject=SPO2.id, label="SpO₂", below=88, for_s=60)
SEDATION = Rule(action=RuleAction.HOLD, subject="RASS", label="RASS", below=-2)
RULED = replace(ORDER, rules=(PRESSURE, SATURATION, SEDATION), ceiling_mg_per_case=100)


def after(minutes: float):
    return T0.plus(60 * minutes)


def rates(*pairs: tuple[float, float]) -> list[RateChange]:
    """(minute, mg/h)."""
    return [RateChange(at=after(minute), rate_ml_per_h=rate / MG_PER_ML) for minute, rate in pairs]


def seen(*pairs: tuple[float, float]) -> list[Observed]:
    return [Observed(at=after(minute), value=value) for minute, value in pairs]


FINE = {NIBP_SYS.id: seen((29, 140)), SPO2.id: seen((29, 97)), "RASS": seen((29, 0))}


def at(minute: float, *pairs: tuple[float, float], order=RULED, observed=FINE, given_mg: float = 5.0):
    now, baselines = after(minute), {NIBP_SYS.id: 120.0}
    taken = matched(order, [change for change in rates(*pairs) if change.at <= now], MG_PER_ML)
    verdicts = [judge(rule, observed.get(rule.subject, ()), baselines.get(rule.subject), now) for rule in order.rules]
    return follow(order, taken, verdicts, now, given_mg=given_mg)


def test_on_plan_and_the_next_step_may_be_taken():
    now = at(30, (0, 10))
    assert (now.step_number, now.next_number, now.next_mg_per_h, now.waits, now.may_step, now.asked) == (1, 2, 15.0, (), True, None)
    assert now.may_step_at == after(30)


def test_before_its_time_it_says_when():
    now = at(29.51, (0, 10))
    assert now.waits == ("in 0:30 min",)
    assert not now.may_step


def test_a_hold_rule_tells_its_live_value_and_limit():
    now = at(31, (0, 10), observed=FINE | {NIBP_SYS.id: seen((20, 140), (30, 168))})
    assert now.waits == ("SBP 168 > 156: hold",)
    assert now.asked is RuleAction.HOLD


def test_the_gravest_of_two_broken_rules_is_asked_for():
    low = [(minute, 85.0) for minute in (28.0, 29.0, 30.0)]
    now = at(30, (0, 10), observed={NIBP_SYS.id: seen((29, 168)), SPO2.id: seen(*low), "RASS": seen((29, 0))})
    assert now.asked is RuleAction.STOP
    assert "SpO₂ 85 < 88: stop" in now.waits


def test_what_is_not_known_is_not_taken_as_kept():
    now = at(75, (0, 10), observed={NIBP_SYS.id: seen((29, 140)), SPO2.id: seen((74, 97))})
    assert now.waits == ("SBP: last known 46 min ago", "RASS: not known")
    assert now.asked is None
    nobody = judge(PRESSURE, seen((0, 200)), None, after(1))
    assert (nobody.standing, nobody.text) == (RuleStanding.UNKNOWN, "SBP: no baseline was entered")


@pytest.mark.parametrize(
    ("readings", "for_s", "values", "standing", "text"),
    [
        (2, 0, [(0, 160)], RuleStanding.BEYOND, "SBP 160 > 156, 1 of 2 readings: hold"),
        (2, 0, [(0, 160), (5, 150)], RuleStanding.KEPT, "SBP 150"),
        (2, 0, [(0, 160), (5, 170)], RuleStanding.BROKEN, "SBP 170 > 156: hold"),
        (1, 600, [(5, 170)], RuleStanding.BEYOND, "SBP 170 > 156, 300 of 600 s: hold"),
        (1, 600, [(0, 160), (5, 170)], RuleStanding.BROKEN, "SBP 170 > 156: hold"),
        (1, 0, [(0, 156)], RuleStanding.KEPT, "SBP 156"),
    ],
)
def test_so_many_readings_for_so_long(readings, for_s, values, standing, text):
    verdict = judge(replace(PRESSURE, readings=readings, for_s=for_s), seen(*values), 120.0, after(10))
    assert (verdict.standing, verdict.text) == (standing, text)


@pytest.mark.parametrize(
    ("changes", "numbers", "words"),
    [
        ([(0, 10), (30, 15), (60, 20), (90, 25)], [1, 2, 3, 4], ["", "", "", ""]),
        ([(0, 10), (20, 15)], [1, 2], ["", "step 2 was taken 10 min early"]),
        ([(0, 10), (29.5, 15)], [1, 2], ["", ""]),
        ([(0, 10), (60, 20)], [1, 3], ["", "step 3 was taken where step 2 is next"]),
        ([(0, 10), (30, 17.5)], [1, None], ["", "17.5 mg/h is no step; nearest is step 2, 15 mg/h"]),
        ([(0, 10), (30, 150)], [1, None], ["", "150 mg/h is above the ceiling of 25 mg/h"]),
        ([(0, 10), (30, 15), (40, 0), (50, 15), (70, 10)], [1, 2, None, 2, 1], ["", "", "", "", ""]),
        ([(0, 15)], [2], ["step 2 was taken where step 1 is next"]),
    ],
)
def test_the_pumps_rate_is_matched_to_a_step(changes, numbers, words):
    taken = matched(ORDER, rates(*changes), MG_PER_ML)
    assert [entry.step_number for entry in taken] == numbers
    assert [entry.off_order for entry in taken] == words


def test_a_rate_as_the_pump_rounds_it_is_the_step():
    thick = [RateChange(at=T0, rate_ml_per_h=0.2)]  # 10 mg/h of 50 mg/mL
    assert matched(ORDER, thick, 50.0)[0].step_number == 1


def test_of_two_steps_with_one_rate_the_nearer_is_meant():
    up_and_down = replace(ORDER, steps=(*ORDER.steps[:2], Step(rate_mg_per_h=10, earliest_min=60), Step(rate_mg_per_h=15, earliest_min=90)))
    taken = matched(up_and_down, rates((0, 10), (30, 15), (60, 10), (90, 15)), MG_PER_ML)
    assert [entry.step_number for entry in taken] == [1, 2, 3, 4]
    assert not any(entry.off_order for entry in taken)


def test_least_minutes_count_from_when_the_step_before_was_taken():
    first, second, third, _ = ORDER.steps
    dwelling = replace(ORDER, steps=(first, replace(second, least_min_before=30), replace(third, least_min_before=30)))
    late = at(70, (0, 10), (50, 15), order=dwelling, observed={})
    assert late.may_step_at == after(80), "not at 60, where the ladder plans it"
    paused = at(70, (0, 10), (50, 15), (55, 0), (65, 15), order=dwelling, observed={})
    assert paused.may_step_at == after(80), "a pause does not begin the step anew"
    assert matched(dwelling, rates((0, 10), (50, 15), (60, 20)), MG_PER_ML)[2].off_order == "step 3 was taken 20 min early"


def test_paused_off_the_order_full_and_at_the_top():
    assert at(40, (0, 10), (35, 0)).waits == ("the pump is not infusing",)
    off = at(31, (0, 10), (30, 12))
    assert off.off_order == "12 mg/h is no step; nearest is step 1, 10 mg/h"
    assert off.waits == (off.off_order,)
    assert at(31, (0, 10), given_mg=100.0).waits == ("100 mg given; the case's ceiling is 100 mg",)
    top = at(95, (0, 10), (30, 15), (60, 20), (90, 25))
    assert (top.step_number, top.next_number, top.may_step_at, top.may_step, top.waits) == (4, None, None, False, ())


def test_before_the_start_the_first_step_is_next():
    before = at(0, observed=FINE | {NIBP_SYS.id: seen((-1, 120)), SPO2.id: seen((-1, 97)), "RASS": seen((-1, 0))})
    assert (before.step_number, before.next_number, before.next_mg_per_h, before.may_step) == (None, 1, 10.0, True)


def test_after_the_ordered_end_nothing_is_next():
    late = at(240, (0, 10), (30, 15), (239, 0))
    assert (late.step_number, late.next_number, late.may_step_at, late.may_step, late.waits) == (2, None, None, False, ())
    assert at(239, (0, 10), (30, 15)).next_number == 3
