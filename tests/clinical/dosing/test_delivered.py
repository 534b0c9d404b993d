"""What was given: rises of the counter, resets, purges, silences."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.dosing.delivered import Delivered
from clinical.observations import PumpState, PumpStatus
from tests.clinical.bed import T0

INFUSING, PURGING, STOPPED = PumpState.INFUSING, PumpState.PURGING, PumpState.STOPPED


def told(*reports: tuple[float, PumpState, float | None, float | None]) -> Delivered:
    delivered = Delivered()
    for at_s, state, rate_ml_per_h, infused_ml in reports:
        delivered.take(PumpStatus(at=T0.plus(at_s), channel="", state=state, rate_ml_per_h=rate_ml_per_h, infused_ml=infused_ml))
    return delivered


@pytest.mark.parametrize(
    ("reports", "given_ml"),
    [
        ([(0, INFUSING, 12, 3.0)], 0.0),  # what was in the counter before is not ours
        ([(0, INFUSING, 12, 3.0), (5, INFUSING, 12, 3.5)], 0.5),
        ([(0, INFUSING, 12, 3.0), (5, INFUSING, 12, 0.0)], 0.0),  # a reset is no negative dose
        ([(0, INFUSING, 12, 3.0), (300, INFUSING, 12, 0.4), (600, INFUSING, 12, 1.4)], 1.4),
        ([(0, INFUSING, 12, 30.0), (5, INFUSING, 12, 20.0)], 12 * 5 / 3600),  # a fall to 20: no 20 mL in 5 s
        ([(0, STOPPED, 12, 3.0), (5, PURGING, 600, 3.0), (10, PURGING, 600, 5.0), (15, STOPPED, 12, 5.0)], 0.0),
        ([(0, INFUSING, 12, 3.0), (5, PURGING, None, 4.0), (10, INFUSING, 12, 4.0)], 12 * 5 / 3600),
        ([(0, INFUSING, 12, 3.0), (5, INFUSING, 12, None), (10, INFUSING, 12, 3.1)], 0.1),  # one without a counter
    ],
)
def test_given(reports, given_ml):
    assert told(*reports).given_ml == pytest.approx(given_ml)


def test_silence_is_bounded_and_the_counter_settles_it():
    delivered = told((0, INFUSING, 12.0, 0.0), (5, INFUSING, 12.0, 0.02))
    at = T0.plus(5 + 600)
    assert (delivered.given_ml, delivered.at_most_ml(at)) == (0.02, pytest.approx(0.02 + 2.0))
    delivered.take(PumpStatus(at=at, channel="", state=STOPPED, rate_ml_per_h=0.0, infused_ml=1.0))
    assert delivered.given_ml == delivered.at_most_ml(at.plus(60)) == pytest.approx(1.0)


def test_a_stopped_pump_gives_nothing_whatever_rate_is_set():
    delivered = told((0, STOPPED, 12.0, 1.0))
    assert delivered.at_most_ml(T0.plus(3600)) == 0.0


def test_a_reset_in_a_silence_leaves_a_bound():
    delivered = told((0, INFUSING, 12.0, 5.0), (600, INFUSING, 12.0, 0.5))
    assert (delivered.given_ml, delivered.at_most_ml(T0.plus(600))) == (pytest.approx(0.5), pytest.approx(2.0))


def test_a_pump_without_a_counter_proves_nothing_and_is_bounded():
    delivered = told((0, INFUSING, 12.0, None), (1800, INFUSING, 12.0, None))
    assert (delivered.given_ml, delivered.at_most_ml(T0.plus(3600))) == (0.0, pytest.approx(12.0))


@settings(max_examples=60, deadline=None)
@given(rises=st.lists(st.integers(0, 30), min_size=1, max_size=40), resets=st.sets(st.integers(0, 39)))
def test_volume_is_conserved(rises, resets):
    """Whatever is pushed is counted, through any number of resets, as long as the rate explains it."""
    delivered, counter, rate_ml_per_h = Delivered(), 0.0, 0.030 * 3600
    delivered.take(PumpStatus(at=T0, channel="", state=INFUSING, rate_ml_per_h=rate_ml_per_h, infused_ml=counter))
    for number, rise in enumerate(rises):
        counter = rise / 1000 if number in resets and rise / 1000 < counter else counter + rise / 1000
        at = T0.plus(number + 1)
        delivered.take(PumpStatus(at=at, channel="", state=INFUSING, rate_ml_per_h=rate_ml_per_h, infused_ml=counter))
    assert delivered.given_ml == pytest.approx(sum(rises) / 1000)
    assert delivered.at_most_ml(T0.plus(len(rises))) >= delivered.given_ml
