"""Tenfold slips are caught, and named."""

from __future__ import annotations

import pytest

from clinical.plausibility import Band, Plausibility, whole_dose_mg
from tests.clinical.bed import ORDER

USUAL = {"weight_kg": 70.0, "concentration_mg_per_ml": 2.0, "syringe_ml": 50.0}


def of_case(**changes: float) -> tuple[str, ...]:
    return Plausibility().of_case(**(USUAL | changes), order=ORDER)


def test_a_usual_case_is_not_doubted():
    assert of_case() == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weight_kg": 7.0}, "weight 7 kg: usual is 30 to 200; is 70 meant?"),
        ({"weight_kg": 5000.0}, "weight 5000 kg: usual is 30 to 200"),
        ({"weight_kg": 700.0}, "weight 700 kg: usual is 30 to 200; is 70 meant?"),
        ({"weight_kg": 0.0}, "weight 0 kg cannot be: it must be above 0"),
        ({"weight_kg": float("nan")}, "weight nan kg cannot be: it must be above 0"),
        ({"concentration_mg_per_ml": 500.0}, "concentration 500 mg/mL: usual is 0.5 to 50; is 50 meant?"),
        ({"concentration_mg_per_ml": 50.0}, "pump rate 0.2 mL/h: usual is 0.3 to 60; is 2 meant?"),
        ({"concentration_mg_per_ml": 0.2}, "pump rate 125 mL/h: usual is 0.3 to 60; is 12.5 meant?"),
        ({"syringe_ml": 20.0}, "the order needs 85 mg, the syringe or bag holds 40 mg: it will have to be changed"),
    ],
)
def test_slips(change, sentence):
    assert sentence in of_case(**change)


def test_rates():
    fine = Plausibility().of_rate(rate_mg_per_h=25, weight_kg=70, concentration_mg_per_ml=2)
    assert fine == ()
    assert "is 0.357 meant?" in Plausibility().of_rate(rate_mg_per_h=250, weight_kg=70, concentration_mg_per_ml=2)[0]


def test_bands_include_their_edges_and_can_be_a_sites_own():
    band = Band(what="weight", unit="kg", low=30, high=200)
    assert band.doubt(30) == band.doubt(200) == ""
    assert band.doubt(29.9)
    assert Plausibility(weight_kg=Band(what="weight", unit="kg", low=2, high=40)).weight_kg.doubt(7) == ""


def test_whole_dose():
    assert whole_dose_mg(ORDER) == pytest.approx(5 + 7.5 + 10 + 62.5)
