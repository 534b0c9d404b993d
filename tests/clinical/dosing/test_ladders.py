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
    both = GOOD | {"ceiling_mg_per_kg_h": 0.3, "step": [{"at_min": 0, "rate": 0.2}, {"at_min": 60, "rate": 0.3}]}
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
        ({"step": [{"at_min": 0, "rate": 0.2, "ramp": 1}]}, "step 1, ramp: not known; allowed are at_min, minutes_at_step_before, rate"),
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


TITRATION = GOOD | {
    "drug": "S-ketamine",
    "unit": "ug/kg/min",
    "ceiling_ug_per_kg_min": 1.8,
    "step": [{"at_min": 0, "rate": 1.2}, {"minutes_at_step_before": 60, "rate": 1.8}],
}
RULE = {"action": "hold", "metric": "MDC_PRESS_BLD_NONINV_SYS", "above_percent_of_baseline": 130, "readings": 2}


@pytest.mark.parametrize("unit", ["µg/kg/min", "μg/kg/min", "ug/kg/min", "mcg/kg/min"])
def test_micrograms_however_they_are_spelt(unit):
    order = order_from(TITRATION | {"unit": unit}, 70)
    assert [step.rate_mg_per_h for step in order.steps] == pytest.approx([5.04, 7.56])
    assert [(step.earliest_min, step.least_min_before) for step in order.steps] == [(0, 0), (60, 60)]
    assert order.drug == "S-ketamine"


def test_every_row_of_an_order():
    rows = {
        "weight": "ideal",
        "concentration_mg_per_ml": 5,
        "days": 3,
        "ceiling_mg_per_case": 100,
        "ceiling_mg_per_course": 300,
        "bolus": [{"dose_mg_per_kg": 0.1, "over_min": 5, "least_min_between": 60, "most_in_case": 2}],
        "rule": [RULE, {"action": "stop", "score": "RASS", "below": -3, "for_s": 60}],
        "adjunct": [{"text": "ondansetron 4 mg IV", "when": "if needed"}],
        "round": [{"every_min": 15, "until_min": 60}, {"every_min": 60}],
    }
    order = order_from(GOOD | rows, 70)
    assert (order.weight_basis, order.concentration_mg_per_ml, order.days) == ("ideal", 5, 3)
    assert (order.ceiling_mg_per_case, order.ceiling_mg_per_course, order.planned_mg) == (100, 300, pytest.approx(14 + 3 * 24.5))
    assert [(bolus.dose_mg, bolus.most_in_case) for bolus in order.boluses] == [(pytest.approx(7), 2)]
    pressure, sedation = order.rules
    assert (pressure.label, pressure.above, pressure.of_baseline, pressure.readings) == ("SBP", 130, True, 2)
    assert (sedation.subject, sedation.below, sedation.action, sedation.for_s) == ("RASS", -3, "stop", 60)
    assert [adjunct.when for adjunct in order.adjuncts] == ["if needed"]
    assert [(row.every_min, row.until_min) for row in order.rounds] == [(15, 60), (60, None)]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"weight": "lean"}, "weight: is 'lean'; allowed are actual, ideal, adjusted"),
        ({"days": 2.5}, "days: is 2.5; allowed is a whole number from 1 to 30"),
        ({"concentration_mg_per_ml": 0}, "concentration_mg_per_ml: is 0; allowed is a number from 0.1 to 100"),
        ({"ceiling_mg_per_case": 80}, "step: by weight: the ladder gives 87.5 mg in a case; allowed is up to the ceiling of 80 mg"),
        (
            {"days": 10, "ceiling_mg_per_course": 800},
            "step: by weight: the ladder gives 875 mg in a course of 10 days",
        ),
        ({"ceiling_mg_per_kg_h": 0.3}, "step 2, rate: is 0.35 mg/kg/h; allowed is up to the ceiling of 0.3 mg/kg/h"),
        ({"step": [{"minutes_at_step_before": 5, "rate": 0.2}]}, "step 1, minutes_at_step_before: stands in the first step"),
        ({"bolus": [{"dose_mg": 5, "dose_mg_per_kg": 0.1}]}, "bolus 1, dose_mg: needed is either this or dose_mg_per_kg"),
        ({"bolus": [{"dose_mg": 5}]}, "bolus 1, over_min: missing; allowed is a number from 0.1 to 120"),
        ({"rule": [RULE | {"above": 180}]}, "rule 1, above: needed is exactly one of above, below, above_percent_of_baseline"),
        ({"rule": [RULE | {"metric": "SBP"}]}, "rule 1, metric: is 'SBP'; allowed are MDC_"),
        ({"rule": [RULE | {"score": "RASS"}]}, "rule 1, metric: needed is either this or score"),
        ({"rule": [RULE | {"action": "pause"}]}, "rule 1, action: is 'pause'; allowed are no step up, hold, step down, stop"),
        ({"adjunct": [{"text": "clonidine", "when": "soon"}]}, "adjunct 1, when: is 'soon'; allowed are before, with the start"),
        ({"round": [{"every_min": 15, "until_min": 60}]}, "round 1, until_min: stands in the last row"),
        ({"round": [{"every_min": 15}, {"every_min": 30}]}, "round 2, until_min: needed is a number that rises"),
    ],
)
def test_errors_of_the_further_rows(change, error):
    with pytest.raises(SiteValueError) as caught:
        order_from(GOOD | change, 70)
    assert str(caught.value).startswith(error)
