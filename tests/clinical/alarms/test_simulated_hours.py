"""An hour of the long comparison, and that it would notice a difference."""

from __future__ import annotations

import pytest

from tests.clinical.alarms.simulated_hours import Differ, Pair


def test_half_an_hour_agrees():
    pair = Pair(seed=7)
    pair.go_on(1800)
    assert pair.happenings > 10
    assert pair.ticks == 1800


def test_a_difference_is_noticed():
    pair = Pair(seed=7)
    pair.go_on(60)
    pair._model.generation += 1
    with pytest.raises(Differ, match="after 6"):
        pair.go_on(60)
