"""Proposals of limits: from what is measured, never wider than the preset, none where the patient is outside it already."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.alarms.auto_limits import proposed
from tests.clinical.bed import LIMITS

SPO2, HEART, SBP, TEMP = LIMITS


@pytest.mark.parametrize(
    ("preset", "values", "limits"),
    [
        (SPO2, [97, 96, 97], (92, None)),
        (SPO2, [93], (90, None)),
        (HEART, [80, 81, 200], (65, 101)),
        (SBP, [128], (102, 156)),
        (TEMP, [36.7], (35, 38.5)),
        (HEART, [], None),
        (HEART, [130], None),
        (SPO2, [88], None),
    ],
)
def test_proposal(preset, values, limits):
    assert proposed(preset, values) == limits


@given(st.sampled_from(LIMITS), st.lists(st.floats(1, 300), max_size=20))
def test_never_wider_than_the_preset(preset, values):
    limits = proposed(preset, values)
    if limits is None:
        return
    low, high = limits
    assert (low is None) == (preset.low is None)
    assert (high is None) == (preset.high is None)
    assert low is None or preset.low <= low
    assert high is None or high <= preset.high
    assert low is None or high is None or low < high
