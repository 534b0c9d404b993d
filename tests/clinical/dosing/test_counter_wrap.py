"""A counter that goes over its top loses and makes up nothing, whatever its width; a reset stays a reset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.dosing.counter_wrap import COUNTER_WIDTHS_ML, wrapped_at
from tests.clinical.bed import Bed


def shown(volume_ml: float, width_ml: float) -> float:
    """As a display of tenths shows a volume that goes round."""
    return round(int(volume_ml * 10 + 1e-6) / 10 % width_ml, 2)


@pytest.mark.parametrize("width_ml", [100.0, 1000.0, 10_000.0, 6553.6])
def test_what_was_given_goes_on_over_the_top(width_ml: float) -> None:
    bed = Bed()
    bed.start()
    start_ml = width_ml - 0.5
    bed.pump(rate_ml_per_h=12.0, infused_ml=shown(start_ml, width_ml), drug="Ketamine", interval_s=5.0)
    for _ in range(120):
        bed.each_second(5)
        volume_ml = start_ml + 12.0 * (bed.now.monotonic_ns / 1e9 - 1000) / 3600
        bed.pump(rate_ml_per_h=12.0, infused_ml=shown(volume_ml, width_ml), drug="Ketamine", interval_s=5.0)
    assert bed.dose is not None
    assert bed.dose.given is not None
    assert bed.dose.given_mg == pytest.approx(4.0, abs=0.21), "2 mL of 2 mg/mL, to a step of the counter at either end"
    assert bed.dose.given.best_mg == pytest.approx(4.0, abs=0.41)
    assert bed.dose.given.disagreement == ""
    names = {transition.alarm.condition for transition in bed.transitions}
    assert "pump:pump:wrap" in names
    assert not names & {"pump:pump:counter", "pump:pump:free-flow", "dose:pump:sources"}


def test_a_reset_far_from_the_top_is_a_reset() -> None:
    assert wrapped_at(48.3, 0.0, least_ml=0.0, most_ml=0.1) is None
    assert wrapped_at(990.0, 0.0, least_ml=0.0, most_ml=0.1) is None
    assert wrapped_at(999.9, 5.0, least_ml=0.0, most_ml=0.1) is None, "more than the rate explains"
    assert wrapped_at(5.0, 5.1, least_ml=0.0, most_ml=0.1) is None, "it rose"


@given(width=st.sampled_from(COUNTER_WIDTHS_ML), below=st.floats(0.0, 3.0), over=st.floats(0.0, 3.0))
def test_any_rise_that_the_rate_explains_is_seen_and_no_other(width: float, below: float, over: float) -> None:
    before, now, rise = width - below, over, below + over
    if now >= before:
        return
    assert wrapped_at(before, now, least_ml=rise, most_ml=rise) == width
    assert wrapped_at(before, now, least_ml=rise + 0.2, most_ml=rise + 0.3) is None
