"""Whole histories: against an independent matrix exponential, against word by word, and what no history may do."""

import numpy as np
import pytest

from clinical.instant import Instant
from clinical.pharmacokinetics.compartments import CompartmentModel, RateConstants
from clinical.pharmacokinetics.history import Bolus, DoseHistory, Stretch, levels, plasma_levels
from clinical.pharmacokinetics.models import MODELS, OTTO_2021, model_named
from clinical.pharmacokinetics.prediction import Predictor
from tests.clinical.pharmacokinetics.matrix_exponential import levels_by_matrix

START = Instant(5_000_000_000, 1_772_352_000_000_000_000)


def random_history(rng, changes):
    """Lengths from a second to a day, pauses and boluses among them."""
    minutes = np.cumsum(np.exp(rng.uniform(np.log(1 / 60), np.log(1440), changes))) - 1 / 60
    rate = np.where(rng.random(changes) < 0.3, 0.0, rng.uniform(0, 60, changes)) / 60
    rate[-1] = 0.0
    return DoseHistory(
        minutes=minutes, rate_mg_per_min=rate, bolus_mg=np.where(rng.random(changes) < 0.2, rng.uniform(0, 50, changes), 0.0)
    )


@pytest.mark.parametrize("row", MODELS, ids=lambda row: row.name)
@pytest.mark.parametrize("seed", range(4))
def test_random_histories_against_the_matrix_exponential(row, seed):
    rng = np.random.default_rng(seed)
    constants = row.constants(rng.uniform(40, 130), half_life_ke0_min=rng.uniform(0.2, 12))
    history = random_history(rng, 12)
    at = np.sort(np.concatenate((history.minutes, history.minutes + rng.uniform(0, 300, 12), [history.minutes[-1] + 1e-3])))
    expected = levels_by_matrix(constants, history.minutes, history.rate_mg_per_min, history.bolus_mg, at)
    model = CompartmentModel(constants)
    got = levels(model, history, at)
    np.testing.assert_allclose(got.plasma_ng_per_ml, expected[:, 0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got.effect_ng_per_ml, expected[:, 1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(plasma_levels(model, history, at), got.plasma_ng_per_ml, rtol=1e-14)
    assert (got.metabolite_ng_per_ml is None) == (row is not OTTO_2021)
    if got.metabolite_ng_per_ml is not None:
        np.testing.assert_allclose(got.metabolite_ng_per_ml, expected[:, 2], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("ke0", [0.05, 0.05 * (1 + 1e-15), 0.05 * (1 + 1e-8), 1e-4, 100.0])
def test_a_ke0_at_and_near_a_decay_of_the_body_and_over_all_lengths(ke0):
    constants = RateConstants(v1_l=3.0, k10=0.05, ke0=ke0)
    history = DoseHistory.of([Stretch(start_min=0, end_min=1e-4, rate_mg_per_h=60), Bolus(at_min=30, dose_mg=2)])
    at = np.array([1e-6, 1e-5, 1e-4, 1e-2, 1.0, 30.0, 31.0, 500.0])
    expected = levels_by_matrix(constants, history.minutes, history.rate_mg_per_min, history.bolus_mg, at)
    got = levels(CompartmentModel(constants), history, at)
    np.testing.assert_allclose(got.effect_ng_per_ml, expected[:, 1], rtol=1e-9)
    np.testing.assert_allclose(got.plasma_ng_per_ml, expected[:, 0], rtol=1e-9)


def test_word_by_word_and_at_once_are_one_solution():
    rng = np.random.default_rng(5)
    history = random_history(rng, 40)
    predictor = Predictor(70)
    for minute, rate, bolus in zip(history.minutes.tolist(), history.rate_mg_per_min.tolist(), history.bolus_mg.tolist(), strict=True):
        predictor.rate(START.plus(minute * 60), rate * 60)
        predictor.bolus(START.plus(minute * 60), bolus)
    end = history.minutes[-1] + 60
    told = predictor.now(START.plus(end * 60))
    whole = levels(CompartmentModel(model_named("kamp2020").constants(70)), history, np.array([end]))
    assert whole.plasma_ng_per_ml[0] == pytest.approx(told.plasma_ng_per_ml, rel=1e-8)  # instants count nanoseconds
    assert whole.effect_ng_per_ml[0] == pytest.approx(told.effect_ng_per_ml, rel=1e-8)


def test_histories_superpose_to_rounding():
    rng = np.random.default_rng(6)
    first = [Stretch(start_min=float(m), end_min=float(m) + 40, rate_mg_per_h=float(r)) for m, r in rng.uniform(0, 400, (8, 2))]
    second = [Bolus(at_min=float(m), dose_mg=float(d)) for m, d in rng.uniform(0, 400, (5, 2))]
    at = np.linspace(0, 900, 200)
    for row in MODELS:
        model = CompartmentModel(row.constants(70))
        a, b, both = (levels(model, DoseHistory.of(doses), at) for doses in (first, second, first + second))
        np.testing.assert_allclose(both.plasma_ng_per_ml, a.plasma_ng_per_ml + b.plasma_ng_per_ml, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(both.effect_ng_per_ml, a.effect_ng_per_ml + b.effect_ng_per_ml, rtol=1e-12, atol=1e-13)


def test_what_went_in_is_counted():
    history = DoseHistory.of(
        [
            Stretch(start_min=10, end_min=70, rate_mg_per_h=20),
            Stretch(start_min=40, end_min=100, rate_mg_per_h=10),
            Bolus(at_min=40, dose_mg=5),
        ]
    )
    assert history.total_mg == pytest.approx(35)
    assert history.given_mg(np.array([0.0, 9.9, 40.0, 70.0, 500.0])) == pytest.approx([0, 0, 15, 30, 35])
    assert history.rate_mg_per_min[-1] == 0.0
    assert DoseHistory.of([]).total_mg == 0.0


def test_drug_eliminated_becomes_the_metabolite_mass_for_mass():
    model = CompartmentModel(OTTO_2021.constants(70))
    state = model.propagate(model.empty(), 30 * 24 * 60, 0.25)
    flow_l_per_min = 57.72 / 60
    assert model.metabolite_ng_per_ml(state) == pytest.approx(0.25 / flow_l_per_min * 1000, rel=1e-6)


def test_nothing_is_there_before_the_first_dose():
    history = DoseHistory.of([Bolus(at_min=60, dose_mg=10)])
    model = CompartmentModel(OTTO_2021.constants(70))
    got = levels(model, history, np.array([0.0, 59.999, 60.0]))
    assert got.plasma_ng_per_ml[:2].tolist() == got.effect_ng_per_ml[:2].tolist() == [0.0, 0.0]
    assert got.metabolite_ng_per_ml is not None
    assert got.metabolite_ng_per_ml.tolist() == [0.0, 0.0, 0.0]
    assert plasma_levels(model, history, np.array([0.0, 60.0])) == pytest.approx([0.0, 10 / 133 * 1000])
    for empty in (DoseHistory.of([]),):
        assert levels(model, empty, np.array([5.0])).plasma_ng_per_ml.tolist() == [0.0]
        assert plasma_levels(model, empty, np.array([5.0])).tolist() == [0.0]


@pytest.mark.parametrize(
    "wrong",
    [
        Stretch(start_min=5, end_min=5, rate_mg_per_h=1),
        Stretch(start_min=0, end_min=5, rate_mg_per_h=-1),
        Stretch(start_min=0, end_min=float("inf"), rate_mg_per_h=1),
        Bolus(at_min=0, dose_mg=float("nan")),
        Bolus(at_min=0, dose_mg=-1),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must be|ends after"):
        DoseHistory.of([wrong])


def test_a_log_of_rates_ends_with_none():
    log = DoseHistory.of_rates(np.array([0.0, 60.0, 90.0]), np.array([10.0, 20.0, 0.0]))
    assert log.total_mg == pytest.approx(20)
    with pytest.raises(ValueError, match="ends with the rate 0"):
        DoseHistory.of_rates(np.array([0.0, 60.0]), np.array([10.0, 20.0]))


def test_an_unknown_model_is_told_with_the_names_there_are():
    with pytest.raises(ValueError, match="there are kamp2020, domino, clements250, otto2021, simons2022"):
        model_named("white")
