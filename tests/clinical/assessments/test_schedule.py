"""When the next round is due: denser at the start, again after a dose step, counted from the last one taken."""

from __future__ import annotations

import pytest

from clinical.assessments.schedule import interval_min, next_round
from clinical.instant import Instant

START = Instant(0, 1_772_352_000_000_000_000)


def after(minutes: float) -> Instant:
    return START.plus(60 * minutes)


@pytest.mark.parametrize(("minutes", "every"), [(0, 15), (59.9, 15), (60, 30), (179.9, 30), (180, 60), (1000, 60)])
def test_rounds_thin_out(minutes: float, every: float) -> None:
    assert interval_min(minutes) == every


def test_first_round_counts_from_the_start_of_the_infusion() -> None:
    assert next_round(START, None, None) == (after(15), "")


def test_a_round_before_the_infusion_does_not_count() -> None:
    assert next_round(START, after(-5), None) == (after(15), "")


def test_next_round_counts_from_the_last() -> None:
    assert next_round(START, after(70), None) == (after(100), "")


def test_a_dose_step_brings_the_round_forward_and_says_so() -> None:
    assert next_round(START, after(60), after(62)) == (after(77), "after the dose step")


def test_a_step_before_the_last_round_changes_nothing() -> None:
    assert next_round(START, after(65), after(62)) == (after(95), "")
