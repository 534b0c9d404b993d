"""Orders out of mappings, and their exact errors."""

from __future__ import annotations

import pytest

from clinical.dosing.ladders import needs_weight, order_from
from clinical.site_values import SiteValueError

GOOD = {
    "name": "by weight",
    "drug": "ketamine",
    "unit": "mg/kg/h",
    "length_min": 240,
    "ceiling_mg_per_h": 25,
    "source": "tests",
    "step": [{"at_min": 0, "rate": 0.2}, {"at_min": 60, "rate": 0.35}],
}


def test_rates_for_each_kilogram_are_cut_to_the_ceiling():
    assert needs_weight(GOOD)
    assert [step.rate_mg_per_h for step in order_from(GOOD, 70).steps] == pytest.approx([14.0, 24.5])
    assert [step.rate_mg_per_h for step in order_from(GOOD, 100).steps] == pytest.approx([20.0, 25.0])


def test_the_lower_of_two_ceilings_counts():
    both = GOOD | {"ceiling_mg_per_kg_h": 0.3}
    assert (order_from(both, 70).ceiling_mg_per_h, order_from(both, 100).ceiling_mg_per_h) == (pytest.approx(21), 25)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"drug": "Ketanest"}, "drug: is 'Ketanest'; allowed are ketamine, S-ketamine"),
        ({"unit": "mL/h"}, "unit: is 'mL/h'; allowed are mg/h, mg/kg/h"),
        ({"length_min": 0}, "length_min: is 0; allowed is a number from 1 to 10080"),
        ({"length_min": 60}, "step: by weight: the last step comes at or after the end"),
        ({"ceiling_mg_per_h": -1}, "ceiling_mg_per_h: is -1; allowed is"),
        ({"step": []}, "step: by weight: an order needs at least one step"),
        ({"step": [{"at_min": 0, "rate": 35}]}, "step 1, rate: is 35; allowed is a number from 0.001 to 7"),
        ({"unit": "mg/h", "step": [{"at_min": 0, "rate": 30}]}, "step 1, rate: is 30 mg/h; allowed is up to the ceiling of 25 mg/h"),
        (
            {"step": [{"at_min": 0, "rate": 0.2}, {"at_min": 0, "rate": 0.3}]},
            "step: by weight: the step at 0 min does not come after 0 min",
        ),
        ({"step": [{"at_min": 0, "rate": 0.2, "ramp": 1}]}, "step 1, ramp: not known; allowed are at_min, rate"),
    ],
)
def test_errors_name_key_fault_and_what_is_allowed(change, error):
    with pytest.raises(SiteValueError) as caught:
        order_from(GOOD | change, 70)
    assert str(caught.value).startswith(error)


def test_a_ceiling_is_needed():
    with pytest.raises(SiteValueError, match="needed is this or ceiling_mg_per_kg_h"):
        order_from({key: value for key, value in GOOD.items() if key != "ceiling_mg_per_h"}, 70)


@pytest.mark.parametrize("weight_kg", [0, -70, float("nan")])
def test_a_weight_that_cannot_be(weight_kg):
    with pytest.raises(SiteValueError, match="weight: is"):
        order_from(GOOD, weight_kg)
