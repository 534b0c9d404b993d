"""The predicted level follows what the pump gave: steps of its counter are no boluses, a real bolus is one, an idle pump gives nothing."""

from __future__ import annotations

import pytest

from clinical.dosing.level import Level
from clinical.instant import Instant
from clinical.pharmacokinetics.prediction import Predictor

T0 = Instant(0, 1_772_352_000_000_000_000)
MG_PER_ML = 5.0


def after(minutes: float) -> Instant:
    return T0.plus(60 * minutes)


def test_a_counter_that_moves_in_steps_is_a_steady_infusion() -> None:
    level, even = Level(70, "ketamine", MG_PER_ML), Predictor(70)
    even.rate(T0, 10.0)
    bands = []
    for second in range(0, 3600, 3):
        true_ml = second / 3600 * 2.0
        level.take(T0.plus(second), int(true_ml * 10) / 10 * MG_PER_ML, 10.0)
        bands.append(level.band(T0.plus(second)))
    expected = even.now(T0.plus(3597))
    assert bands[-1] == (pytest.approx(expected.low_ng_per_ml, rel=0.02), pytest.approx(expected.high_ng_per_ml, rel=0.02))
    highs = [band[1] for band in bands[1:] if band is not None]
    assert highs == sorted(highs), "a steady infusion from nothing never falls"


def test_a_bolus_that_only_the_counter_shows_counts() -> None:
    level = Level(70, "ketamine", MG_PER_ML)
    level.take(T0, 0.0, 10.0)
    level.take(after(1), 20.0, 10.0)
    band = level.band(after(1))
    assert band is not None
    assert band[1] > 100


def test_a_pump_that_runs_but_delivers_nothing_lets_the_level_fall() -> None:
    level = Level(70, "ketamine", MG_PER_ML)
    for minute in range(61):
        level.take(after(minute), minute / 6, 10.0)
    before = level.band(after(60))
    for minute in range(61, 121):
        level.take(after(minute), 10.0, 10.0)
    later = level.band(after(120))
    assert before is not None
    assert later is not None
    assert later[1] < before[1]


def test_a_drug_without_a_model_has_no_prediction() -> None:
    level = Level(70, "none", MG_PER_ML)
    level.take(T0, 0.0, 10.0)
    assert level.band(after(5)) is None
