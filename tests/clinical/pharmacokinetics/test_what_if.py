"""Curves ahead and times until below a level, against the levels themselves."""

from __future__ import annotations

import numpy as np
import pytest

from clinical.instant import Instant
from clinical.pharmacokinetics.models import OTTO_2021, models_for
from clinical.pharmacokinetics.prediction import Predictor
from clinical.pharmacokinetics.what_if import LANDMARKS, day_ahead, until_below, what_ifs

START = Instant(5_000_000_000, 1_772_352_000_000_000_000)
NOW = START.plus(240 * 60)


@pytest.fixture
def predictor() -> Predictor:
    predictor = Predictor(70)
    predictor.rate(START, 24.5)
    return predictor


def test_stepped_held_and_stopped(predictor):
    stepped, held, stopped = what_ifs(predictor, NOW, predictor.grid(np.linspace(0, 120, 13)), rate_mg_per_h=24.5, next_mg_per_h=30.0)
    assert [course.name for course in (stepped, held, stopped)] == ["if stepped now", "if held", "if stopped"]
    assert stepped.curve.plasma_ng_per_ml[0] == held.curve.plasma_ng_per_ml[0] == stopped.curve.plasma_ng_per_ml[0]
    assert (stepped.curve.plasma_ng_per_ml[1:] > held.curve.plasma_ng_per_ml[1:]).all()
    assert (held.curve.plasma_ng_per_ml[1:] > stopped.curve.plasma_ng_per_ml[1:]).all()
    told = Predictor(70)
    told.rate(START, 24.5)
    told.rate(NOW, 0.0)
    assert stopped.curve.plasma_ng_per_ml[-1] == pytest.approx(told.now(NOW.plus(7200)).plasma_ng_per_ml, rel=1e-10)
    assert [course.name for course in what_ifs(predictor, NOW, predictor.grid(np.zeros(1)), rate_mg_per_h=24.5, next_mg_per_h=None)] == [
        "if held",
        "if stopped",
    ]


def test_until_below_is_where_the_level_crosses(predictor):
    (until,) = until_below(predictor, NOW, [70.0], grid=day_ahead(predictor))
    assert until.soonest_min is not None
    assert until.estimate_min is not None
    assert until.latest_min is not None
    assert 0 < until.soonest_min < until.estimate_min < until.latest_min
    predictor.rate(NOW, 0.0)
    for minute, edge in ((until.soonest_min, "low"), (until.estimate_min, "plasma"), (until.latest_min, "high")):
        before, after = (getattr(predictor.now(NOW.plus(60 * m)), f"{edge}_ng_per_ml") for m in (minute - 0.02, minute))
        assert after < 70.0 <= before


def test_below_already_and_never(predictor):
    day = day_ahead(predictor)
    far, near = until_below(predictor, NOW, [10_000.0, 70.0], grid=day)
    assert far.latest_min == 0.0
    assert near.latest_min is not None
    assert until_below(predictor, NOW, [1.0], grid=day_ahead(predictor, 60))[0].estimate_min is None
    assert until_below(predictor, NOW, [70.0], grid=day, rate_mg_per_h=24.5)[0].estimate_min is None


def test_the_cheap_ways_give_what_the_whole_state_gives(predictor):
    predictor.bolus(START.plus(600), 12.5)
    for seconds in (0.0, 0.37, 61.0, 7200.0, 86_400.0):
        at = START.plus(600 + seconds)
        whole = predictor.now(at)
        assert predictor.band(at) == pytest.approx((whole.low_ng_per_ml, whole.high_ng_per_ml), rel=1e-12)
    minutes = np.array([0.0, 0.01, 3.0, 700.0])
    slow, quick = predictor.curve(NOW, minutes, plan=[(0.0, 7.0)]), predictor.along(predictor.grid(minutes), NOW, 7.0)
    for edge in ("plasma_ng_per_ml", "low_ng_per_ml", "high_ng_per_ml"):
        assert getattr(quick, edge) == pytest.approx(getattr(slow, edge), rel=1e-12)


def test_s_ketamine_comes_with_its_metabolite_and_the_racemate_without():
    assert models_for("S-ketamine")[0] is OTTO_2021
    enantiomer, racemate = Predictor(70, drug="S-ketamine"), Predictor(70)
    for predictor in (enantiomer, racemate):
        predictor.rate(START, 15.0)
    assert racemate.now(NOW).metabolite_ng_per_ml is None
    found = enantiomer.now(NOW).metabolite_ng_per_ml
    assert found is not None
    assert 20 < found < 300


def test_landmarks_say_where_they_come_from():
    assert [(mark.name, mark.low_ng_per_ml, mark.high_ng_per_ml) for mark in LANDMARKS] == [
        ("analgesia", 70, 160),
        ("dissociation", 100, 250),
    ]
    assert all("Zanos 2018" in mark.source for mark in LANDMARKS)
