"""The predictor: its band, its order in time, its cost."""

import time

import numpy as np
import pytest

from clinical.instant import Instant
from clinical.pharmacokinetics.compartments import CompartmentModel
from clinical.pharmacokinetics.models import DOMINO, KAMP_2020, MODELS, models_for
from clinical.pharmacokinetics.prediction import HistoryError, Predictor

START = Instant(5_000_000_000, 1_772_352_000_000_000_000)


def test_published_numbers_of_the_ordinary_infusion():
    predictor = Predictor(70)
    predictor.rate(START, 24.5)
    level = predictor.now(START.plus(240 * 60))
    assert level.plasma_ng_per_ml == pytest.approx(219.699, rel=1e-5)
    assert level.effect_ng_per_ml == pytest.approx(217.19, rel=2e-5)
    assert level.low_ng_per_ml == pytest.approx(0.7 * 181.813, rel=1e-5)
    assert level.high_ng_per_ml == pytest.approx(1.3 * 219.699, rel=1e-5)


def test_volume_and_clearance_rows_give_the_printed_rate_constants():
    constants = DOMINO.constants(70)
    assert (constants.v1_l, constants.k12, constants.k21, constants.k13, constants.k31) == pytest.approx(
        (4.41, 0.592, 0.247, 0.590, 0.0146), rel=1e-12
    )
    assert CompartmentModel(KAMP_2020.constants(70)).half_lives_min == pytest.approx((2.83971, 28.361, 183.751), rel=1e-5)


def test_the_same_dose_for_each_kilogram_gives_the_same_level():
    small, large = Predictor(50), Predictor(100)
    small.rate(START, 0.3 * 50)
    large.rate(START, 0.3 * 100)
    at = START.plus(3600)
    assert small.now(at).plasma_ng_per_ml == pytest.approx(large.now(at).plasma_ng_per_ml)


def test_asking_changes_nothing():
    predictor = Predictor(70)
    predictor.rate(START, 10)
    before = predictor.now(START.plus(900))
    predictor.curve(START.plus(60), np.linspace(0, 240, 50), plan=[(30.0, 20.0)])
    predictor.now(START.plus(7200))
    assert predictor.now(START.plus(900)) == before


def test_a_volume_counter_tells_the_same_as_a_rate():
    by_rate, by_volume = Predictor(70), Predictor(70)
    by_rate.rate(START, 20)
    by_volume.delivered(START, 0.0)
    for minute in range(1, 61):
        by_volume.delivered(START.plus(minute * 60), 20 / 60)
    at = START.plus(3600)
    assert by_volume.now(at).plasma_ng_per_ml == pytest.approx(by_rate.now(at).plasma_ng_per_ml, rel=1e-9)


def test_a_bolus_and_a_rate_superpose():
    both, rate, bolus = Predictor(70), Predictor(70), Predictor(70)
    for predictor in (both, rate):
        predictor.rate(START, 15)
    for predictor in (both, bolus):
        predictor.bolus(START.plus(600), 7)
    at = START.plus(1800)
    assert both.now(at).plasma_ng_per_ml == pytest.approx(rate.now(at).plasma_ng_per_ml + bolus.now(at).plasma_ng_per_ml, rel=1e-10)


def test_curve_follows_the_plan():
    predictor = Predictor(70)
    predictor.rate(START, 10)
    minutes = np.array([0.0, 15.0, 30.0, 45.0, 90.0])
    curve = predictor.curve(START, minutes, plan=[(30.0, 20.0), (60.0, 0.0)])
    told = Predictor(70)
    told.rate(START, 10)
    told.rate(START.plus(1800), 20)
    told.rate(START.plus(3600), 0)
    end = told.now(START.plus(5400))
    assert curve.plasma_ng_per_ml[-1] == pytest.approx(end.plasma_ng_per_ml, rel=1e-10)
    assert curve.effect_ng_per_ml[-1] == pytest.approx(end.effect_ng_per_ml, rel=1e-10)
    assert curve.low_ng_per_ml[-1] == pytest.approx(end.low_ng_per_ml, rel=1e-10)
    assert (curve.low_ng_per_ml[1:] < curve.plasma_ng_per_ml[1:]).all()
    assert (curve.plasma_ng_per_ml[1:] < curve.high_ng_per_ml[1:]).all()


def test_history_runs_forward_only():
    predictor = Predictor(70)
    predictor.rate(START, 10)
    with pytest.raises(HistoryError, match="lies before"):
        predictor.rate(START.plus(-1), 5)
    with pytest.raises(HistoryError, match="from 0 up"):
        predictor.bolus(START.plus(1), float("nan"))
    assert predictor.now(START.plus(60)).plasma_ng_per_ml > 0


def test_the_racemate_and_the_enantiomer_are_never_mixed():
    assert {row.drug for row in models_for("ketamine")} == {"ketamine"}
    assert {row.drug for row in models_for("S-ketamine")} == {"S-ketamine"}
    with pytest.raises(ValueError, match="models for: ketamine, S-ketamine"):
        models_for("propofol")


def test_every_row_says_where_it_comes_from():
    assert all(row.source and "read in" in row.standing for row in MODELS)
    assert "6.1 min" in Predictor(70).assumption
    assert "not measured" in Predictor(70).assumption


def test_an_update_is_cheap_however_long_the_history():
    predictor = Predictor(70)
    predictor.rate(START, 10)
    costs = []
    for second in range(1, 400):
        begun = time.perf_counter()
        predictor.rate(START.plus(second), 10 + second % 3)
        predictor.now(START.plus(second))
        costs.append(time.perf_counter() - begun)
    assert sorted(costs)[len(costs) // 2] < 0.4e-3  # twice the figure aimed at: the machine may be shared
