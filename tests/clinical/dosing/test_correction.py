"""A weight or concentration corrected at hour two."""

from __future__ import annotations

import pytest

from clinical.dosing.correction import Basis, corrected
from clinical.dosing.given import Tally
from clinical.observations import PumpState, PumpStatus
from tests.clinical.bed import T0

AT = T0.plus(7200)


def given():
    tally = Tally()
    for minute in range(121):
        at = T0.plus(60 * minute)
        tally.take(PumpStatus(at=at, channel="", state=PumpState.INFUSING, rate_ml_per_h=12.0, infused_ml=minute / 5, interval_s=60))
    return tally.given(AT)


@pytest.mark.parametrize(
    ("kg", "mg_per_ml", "text"),
    [
        (82.0, 2.0, "weight 70 → 82 kg: given so far 48 mg, 0.686 → 0.585 mg/kg"),
        (70.0, 5.0, "concentration 2 → 5 mg/mL: given so far 48 → 120 mg, 0.686 → 1.71 mg/kg"),
        (82.0, 5.0, "weight 70 → 82 kg, concentration 2 → 5 mg/mL: given so far 48 → 120 mg, 0.686 → 1.46 mg/kg"),
        (70.0, 2.0, "nothing changed: given so far 48 mg, 0.686 mg/kg"),
    ],
)
def test_both_values_are_kept_and_everything_is_reckoned_anew(kg, mg_per_ml, text):
    before, after = Basis(weight_kg=70.0, concentration_mg_per_ml=2.0), Basis(weight_kg=kg, concentration_mg_per_ml=mg_per_ml)
    found = corrected(given(), before, after, at=AT, by="A. Nurse")
    assert found.text() == text
    assert (found.before, found.after, found.by, found.at) == (before, after, "A. Nurse", AT)
    assert found.doses_after.best_mg == pytest.approx(24 * mg_per_ml)
    assert found.doses_after.high_mg == pytest.approx(24 * mg_per_ml, abs=0.011 * mg_per_ml)


@pytest.mark.parametrize("wrong", [0.0, -70.0, float("nan")])
def test_a_basis_that_cannot_be(wrong):
    with pytest.raises(ValueError, match="must be above 0"):
        Basis(weight_kg=wrong, concentration_mg_per_ml=2.0)
    with pytest.raises(ValueError, match="must be above 0"):
        Basis(weight_kg=70.0, concentration_mg_per_ml=wrong)
