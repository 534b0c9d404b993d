"""Amounts in types: a sample of the million cases of ``bench.dose_arithmetic``, and how an amount is shown."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.dose_arithmetic import MOST_RELATIVE, run
from clinical.dosing.quantities import (
    Concentration,
    ConcentrationUnit,
    DoseRate,
    Drug,
    Flow,
    Mass,
    RateUnit,
    UnitError,
    Volume,
    Weight,
    displayed,
)

KETAMINE = Drug.KETAMINE


def test_a_sample_of_the_million_cases():
    worst, shown, taken = run(2_000, seed=7)
    assert worst <= MOST_RELATIVE
    assert shown <= 0.005
    assert taken == 0


@pytest.mark.parametrize(
    ("rate", "unit", "kg", "mg_per_ml", "ml_per_h"),
    [
        (0.25, RateUnit.MG_PER_KG_H, 80, 5, 4.0),
        (5, RateUnit.UG_PER_KG_MIN, 70, 2, 10.5),
        (0.3, RateUnit.MG_PER_KG_H, 70, 50, 0.42),
        (15, RateUnit.UG_PER_KG_MIN, 100, 5, 18),
        (240, RateUnit.MG_PER_24_H, 70, 10, 1),
    ],
)
def test_worked_examples(rate, unit, kg, mg_per_ml, ml_per_h):
    flow = DoseRate(rate, unit, KETAMINE).flow(Concentration(mg_per_ml, ConcentrationUnit.MG_PER_ML, KETAMINE), Weight(kg))
    assert flow.ml_per_h == pytest.approx(ml_per_h, rel=1e-14)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.5, "0.5"), (5.0, "5"), (24.5, "24.5"), (0.35, "0.35"), (0.3499, "0.35"), (1.005, "1"), (99.96, "100"), (9.996, "10"),
        (0.9996, "1"), (0.0123456, "0.0123"), (1915.2, "1915"), (100, "100"), (1200, "1200"), (1e6, "1000000"), (2.675, "2.67"),
        (1e-7, "0.0000001"),
    ],
)  # fmt: skip
def test_a_zero_before_the_point_and_none_at_the_end(value, text):
    assert displayed(value) == text


@given(st.floats(1e-9, 1e9))
def test_what_is_displayed_is_the_amount(value):
    text = displayed(value)
    assert abs(Fraction(text) / Fraction(value) - 1) <= Fraction(5, 1000)
    assert not text.startswith(".")
    assert "e" not in text
    assert "." not in text or text[-1] not in "0."


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weight(0),
        lambda: Weight(float("nan")),
        lambda: Volume(-1),
        lambda: Flow(float("inf")),
        lambda: Mass(-1, KETAMINE),
        lambda: Concentration(0, ConcentrationUnit.MG_PER_ML, KETAMINE),
        lambda: DoseRate(-1, RateUnit.MG_PER_H, KETAMINE),
        lambda: displayed(-1),
        lambda: displayed(float("nan")),
    ],
)
def test_amounts_that_cannot_be(make):
    with pytest.raises(UnitError, match="must be a number"):
        make()


def test_the_enantiomer_is_never_the_racemate():
    with pytest.raises(UnitError, match="ketamine and S-ketamine are never mixed"):
        DoseRate(1, RateUnit.MG_PER_H, KETAMINE).flow(Concentration(5, ConcentrationUnit.MG_PER_ML, Drug.S_KETAMINE))
