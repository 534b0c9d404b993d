"""What earlier days left is in today's prediction, exactly; and the effect site is told where it is asked for."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.commands import CorrectDose, EarlierRate
from clinical.dosing.earlier import days_told, earlier_mg, tell_earlier
from clinical.instant import NS_PER_S, Instant
from clinical.pharmacokinetics.prediction import Predictor
from tests.clinical.bed import T0, Bed

H = 3600 * NS_PER_S


def rate(day: int, begin_h: float, end_h: float, mg_per_h: float) -> EarlierRate:
    """Hours count from T0; negative ones lie before it."""
    begin, end = T0.utc_ns + round(begin_h * H), T0.utc_ns + round(end_h * H)
    return EarlierRate(day=day, since_utc_ns=begin, until_utc_ns=end, rate_mg_per_h=mg_per_h)


YESTERDAY = (rate(1, -24, -22, 10.0), rate(1, -22, -20, 20.0))


def started(*rates: EarlierRate, half_life_min: float | None = None) -> Bed:
    bed = Bed()
    bed.start(earlier_rates=rates, half_life_ke0_min=half_life_min)
    return bed


def infused(bed: Bed, seconds: float) -> None:
    begin = bed.now
    bed.each_second(seconds, lambda: bed.pump(rate_ml_per_h=5.0, infused_ml=5.0 * bed.now.since(begin) / 3600))


def test_today_begins_with_what_yesterday_left():
    bed = started(*YESTERDAY)
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    infused(bed, 120)
    whole = Predictor(70)
    for begin_h, mg_per_h in ((-24, 10.0), (-22, 20.0), (-20, 0.0), (0, 10.0)):
        whole.rate(T0.plus(3600 * begin_h), mg_per_h)
    level = whole.now(bed.now)
    assert bed.dose is not None
    assert bed.dose.predicted_ng_per_ml == pytest.approx((level.low_ng_per_ml, level.high_ng_per_ml), rel=1e-9)
    alone = Predictor(70)
    alone.rate(T0, 10.0)
    assert bed.dose.predicted_ng_per_ml[0] > alone.now(bed.now).low_ng_per_ml * 1.05
    assert bed.dose.given_mg < 1, "what ran yesterday was not given today"


def test_before_today_s_first_dose_the_rest_of_yesterday_is_told():
    bed = started(rate(1, -3, -1, 25.0))
    bed.pump(rate_ml_per_h=0.0, infused_ml=0.0)
    assert bed.dose is not None
    assert bed.dose.predicted_ng_per_ml is not None
    assert bed.dose.predicted_ng_per_ml[0] > 5
    assert bed.dose.ahead is not None
    assert started().dose.predicted_ng_per_ml is None


def test_a_corrected_weight_reckons_the_earlier_days_anew_too():
    bed = started(*YESTERDAY)
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    infused(bed, 60)
    bed.do(CorrectDose(weight_kg=35.0, reason="wrong chart", by="A"))
    whole = Predictor(35)
    for begin_h, mg_per_h in ((-24, 10.0), (-22, 20.0), (-20, 0.0), (0, 10.0)):
        whole.rate(T0.plus(3600 * begin_h), mg_per_h)
    level = whole.now(bed.now)
    assert bed.dose.predicted_ng_per_ml == pytest.approx((level.low_ng_per_ml, level.high_ng_per_ml), rel=1e-6)
    assert bed.dose.correction.startswith("weight 70 → 35 kg")


@given(st.lists(st.tuples(st.floats(-60, -0.1), st.floats(0.01, 8), st.floats(0, 40)), min_size=1, max_size=6))
def test_any_order_and_any_overlap_is_a_history_that_runs_forward(stretches):
    rates = [rate(1, begin, begin + hours, mg_per_h) for begin, hours, mg_per_h in stretches]
    one, other = Predictor(70), Predictor(70)
    tell_earlier(one, T0, rates)
    tell_earlier(other, T0, sorted(rates, key=lambda each: each.since_utc_ns))
    level = one.now(T0.plus(60)).plasma_ng_per_ml
    assert math.isfinite(level)
    assert level >= 0
    assert level == pytest.approx(other.now(T0.plus(60)).plasma_ng_per_ml, rel=1e-9, abs=1e-9)
    most_mg_per_l = earlier_mg(rates) / 1.0
    assert level <= most_mg_per_l * 1000


def test_which_days_are_in_it_is_said():
    assert days_told(()) == ""
    assert days_told(YESTERDAY) == "with day 1"
    assert days_told((*YESTERDAY, rate(2, -10, -9, 5.0))) == "with day 1–2"
    assert days_told((*YESTERDAY, rate(3, -10, -9, 5.0))) == "with day 1, 3"


def test_an_effect_site_is_told_where_it_is_asked_for_and_lags():
    bed = started(half_life_min=6.1)
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    infused(bed, 300)
    alone = Predictor(70, half_life_ke0_min=6.1)
    alone.rate(T0, 10.0)
    now = alone.now(bed.now)
    assert bed.dose.effect_ng_per_ml == pytest.approx(now.effect_ng_per_ml, rel=1e-9)
    assert bed.dose.effect_ng_per_ml < now.plasma_ng_per_ml
    silent = started()
    silent.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    infused(silent, 60)
    assert silent.dose.effect_ng_per_ml is None


def test_times_are_the_world_s_not_the_clock_s_that_began_today():
    early, late = Predictor(70), Predictor(70)
    tell_earlier(early, Instant(0, T0.utc_ns), YESTERDAY)
    tell_earlier(late, Instant(10**17, T0.utc_ns), YESTERDAY)
    assert early.now(Instant(0, T0.utc_ns)).plasma_ng_per_ml == late.now(Instant(10**17, T0.utc_ns)).plasma_ng_per_ml
