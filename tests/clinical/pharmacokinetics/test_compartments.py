"""The compartment solution against reference levels, and against what any linear model must obey."""

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.pharmacokinetics.compartments import CompartmentModel, RateConstants
from clinical.pharmacokinetics.models import MODELS

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "reference_levels.json").read_text(encoding="utf-8"))
FULL = HERE.parents[2].parent / "shared" / "vectors" / "pk_vectors.json"
ROWS = {row.name: row for row in MODELS}

rates = st.floats(0.0, 2.0)
minutes = st.floats(0.0, 600.0)
models = st.sampled_from([CompartmentModel(row.constants(70)) for row in MODELS])


def levels(model, boluses, segments, times):
    """(plasma, effect) at each of the times, stepping from change to change."""
    changes = {t for t, _ in boluses} | {t for begin, end, _ in segments for t in (begin, end)} | set(times)
    state, now, found = model.empty(), 0.0, {}
    for t in sorted(changes):
        running = sum(rate for begin, end, rate in segments if begin <= now < end)
        state, now = model.propagate(state, t - now, running), t
        for _, dose in (pair for pair in boluses if pair[0] == t):
            state = model.with_bolus(state, dose)
        found[t] = (model.plasma_ng_per_ml(state), model.effect_ng_per_ml(state))
    return [found[t] for t in times]


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: f"{case['model']}-{case['history'][:1]}-{case['ke0_per_min']:.3g}")
def test_reference_levels(case):
    model = CompartmentModel(replace(ROWS[case["model"]].constants(70), ke0=case["ke0_per_min"]))
    history = REFERENCE["histories"][case["history"]]
    rows = case["min_plasma_effect"]
    got = levels(model, history["bolus_min_mg"], history["from_min_to_min_mg_per_min"], [row[0] for row in rows])
    for (_, plasma, effect), (got_plasma, got_effect) in zip(rows, got, strict=True):
        assert got_plasma == pytest.approx(plasma, rel=1e-5, abs=1e-9)
        assert got_effect == pytest.approx(effect, rel=1e-5, abs=1e-9)


def test_every_full_vector():
    if not FULL.exists():
        pytest.skip("the full table of reference levels is not beside this checkout")
    data = json.loads(FULL.read_text(encoding="utf-8"))
    checked = 0
    for name, history in data["histories"].items():
        for model_id, table in data["vectors"][name].items():
            fields = {k: data["models"][model_id][k] for k in ("k10", "k12", "k21", "k13", "k31", "ke0")}
            model = CompartmentModel(RateConstants(v1_l=data["models"][model_id]["V1"], **fields))
            rows = table["rows"]
            got = levels(model, history["bolus_mg"], history["infusion_segments_min_min_mgpermin"], [row[0] for row in rows])
            np.testing.assert_allclose(np.array(got), np.array(rows)[:, 1:], rtol=1e-5, atol=1e-9)
            checked += len(rows)
    assert checked > 400


@given(models, st.lists(st.tuples(minutes, rates), max_size=6), st.floats(0, 100))
@settings(deadline=None, max_examples=60)
def test_no_drug_is_lost_or_made(model, stretches, bolus_mg):
    state, given_mg = model.with_bolus(model.empty(), bolus_mg), bolus_mg
    for length, rate in stretches:
        state = model.propagate(state, length, rate)
        given_mg += rate * length
        assert (model.amounts_mg(state) >= -1e-9 * (1 + given_mg)).all()
    assert model.amounts_mg(state).sum() + state.eliminated_mg == pytest.approx(given_mg, rel=1e-10, abs=1e-12)


@given(models, st.lists(st.tuples(st.floats(0.01, 300), rates, rates), min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_doses_superpose(model, stretches):
    first = second = both = model.empty()
    for length, a, b in stretches:
        first, second, both = model.propagate(first, length, a), model.propagate(second, length, b), model.propagate(both, length, a + b)
    assert model.plasma_ng_per_ml(both) == pytest.approx(model.plasma_ng_per_ml(first) + model.plasma_ng_per_ml(second), rel=1e-9, abs=1e-9)
    assert model.effect_ng_per_ml(both) == pytest.approx(model.effect_ng_per_ml(first) + model.effect_ng_per_ml(second), rel=1e-9, abs=1e-9)


@given(models, rates, st.lists(st.floats(0.0, 240.0), min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_subdividing_an_interval_changes_nothing(model, rate, cuts):
    marks = sorted({0.0, 240.0, *cuts})
    state = model.empty()
    for begin, end in pairwise(marks):
        state = model.propagate(state, end - begin, rate)
    whole = model.propagate(model.empty(), 240.0, rate)
    assert model.plasma_ng_per_ml(state) == pytest.approx(model.plasma_ng_per_ml(whole), rel=1e-10, abs=1e-12)
    assert model.effect_ng_per_ml(state) == pytest.approx(model.effect_ng_per_ml(whole), rel=1e-10, abs=1e-12)


def test_course_meets_propagation():
    model = CompartmentModel(ROWS["kamp2020"].constants(70))
    state = model.with_bolus(model.empty(), 10)
    times = np.array([0.0, 0.1, 7.0, 33.0, 240.0])
    plasma, effect = model.course(state, times, 0.4)
    for t, p, e in zip(times, plasma, effect, strict=True):
        later = model.propagate(state, float(t), 0.4)
        assert p == pytest.approx(model.plasma_ng_per_ml(later), rel=1e-12)
        assert e == pytest.approx(model.effect_ng_per_ml(later), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("nudge", [0.0, 1e-15, 1e-12, 1e-9, 1e-6])
def test_ke0_may_equal_the_elimination_constant(nudge):
    k = 0.05
    model = CompartmentModel(RateConstants(v1_l=1.0, k10=k, ke0=k + nudge))
    state = model.propagate(model.with_bolus(model.empty(), 1.0), 30.0)
    assert model.effect_ng_per_ml(state) == pytest.approx(1000 * k * 30 * math.exp(-k * 30), rel=2e-5)


def test_a_very_long_wait_overflows_nothing():
    model = CompartmentModel(RateConstants(v1_l=1.0, k10=0.001, ke0=5.0))
    state = model.propagate(model.empty(), 1e6, 1.0)
    assert model.plasma_ng_per_ml(state) == pytest.approx(1_000_000.0)
    assert model.effect_ng_per_ml(state) == pytest.approx(1_000_000.0)


@pytest.mark.parametrize(
    "wrong",
    [{"v1_l": 0.0}, {"k10": 0.0}, {"ke0": -1.0}, {"k12": 0.1}, {"k13": -0.1, "k31": 0.1}, {"ke0": math.nan}, {"k12": math.nan, "k21": 0.1}],
)
def test_impossible_constants_are_refused(wrong):
    with pytest.raises(ValueError, match="above 0"):
        RateConstants(**({"v1_l": 1.0, "k10": 0.1, "ke0": 0.1} | wrong))
