"""Places on the ladder, and when a rate is the planned one."""

from __future__ import annotations

import pytest

from clinical.dosing.ladder import place_on, rate_agrees
from tests.clinical.bed import ORDER


@pytest.mark.parametrize(
    ("minutes", "step", "planned", "following", "in_min"),
    [
        (0, 1, 10, 15, 30),
        (29.99, 1, 10, 15, 0.01),
        (30, 2, 15, 20, 30),
        (90, 4, 25, None, None),
        (239.9, 4, 25, None, None),
        (240, None, None, None, None),
    ],
)
def test_place(minutes, step, planned, following, in_min):
    place = place_on(ORDER, minutes * 60)
    assert (place.step_number, place.planned_mg_per_h, place.next_mg_per_h) == (step, planned, following)
    assert place.next_in_s == (None if in_min is None else pytest.approx(in_min * 60))
    assert place.ended == (minutes >= 240)


@pytest.mark.parametrize(
    ("ml_per_h", "mg_per_h", "mg_per_ml", "agrees"),
    [
        (5.0, 10, 2, True),
        (5.05, 10, 2, True),
        (5.06, 10, 2, False),
        (50.0, 10, 2, False),  # a tenfold slip
        (0.4, 21, 50, True),  # 0.42 mL/h on a pump that takes tenths
        (0.5, 21, 50, False),
        (0.0, 2, 50, False),  # a plan that rounds to nothing is not given by nothing
    ],
)
def test_rates(ml_per_h, mg_per_h, mg_per_ml, agrees):
    assert rate_agrees(ml_per_h, mg_per_h, mg_per_ml) is agrees
