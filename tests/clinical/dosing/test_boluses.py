"""When a bolus may be given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.dosing.boluses import bolus_waits
from clinical.orders import BolusRule
from tests.clinical.bed import ORDER, T0

RULE = BolusRule(dose_mg=7, over_min=5, least_min_between=60, most_in_case=2)
CAPPED = replace(ORDER, ceiling_mg_per_case=100, boluses=(RULE,))


@pytest.mark.parametrize(
    ("minutes", "at_min", "given_mg", "words"),
    [
        ([], 10, 20, ()),
        ([10], 50, 20, ("in 20 min",)),
        ([10], 70, 20, ()),
        ([10, 70], 200, 20, ("2 of 2 given",)),
        ([], 10, 93, ()),
        ([], 10, 95, ("95 + 7 mg is above the case's ceiling of 100 mg",)),
        ([10], 40, 99, ("in 30 min", "99 + 7 mg is above the case's ceiling of 100 mg")),
    ],
)
def test_why_not_now(minutes, at_min, given_mg, words):
    boluses = [T0.plus(60 * minute) for minute in minutes]
    assert bolus_waits(CAPPED, RULE, boluses, T0.plus(60 * at_min), given_mg=given_mg) == words


def test_without_a_ceiling_only_time_and_number_count():
    assert bolus_waits(ORDER, RULE, [], T0, given_mg=1e6) == ()
