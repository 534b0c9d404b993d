"""What alarms say."""

from __future__ import annotations

import pytest

from clinical.alarms.wording import after_step, clock, crossed, joined, number, of_baseline
from clinical.metrics import NIBP_SYS, SPO2, TEMPERATURE
from tests.clinical.bed import T0


@pytest.mark.parametrize(
    ("metric", "value", "limit", "title"),
    [
        (SPO2, 84.0, 90.0, "SpO₂ 84 < 90"),
        (NIBP_SYS, 168.0, 156.0, "SBP 168 > 156"),
        (TEMPERATURE, 38.6, 38.5, "Temp 38.6 > 38.5"),
        # rounding must never say "90 < 90" (a ventilator's users met "15 > 15")
        (SPO2, 89.6, 90.0, "SpO₂ 89.6 < 90"),
        (SPO2, 89.97, 90.0, "SpO₂ 89.97 < 90"),
        (TEMPERATURE, 38.54, 38.5, "Temp 38.54 > 38.5"),
        # between the limit and the hysteresis the alarm still stands, and must not say what is not so
        (SPO2, 91.0, 90.0, "SpO₂ 91, was < 90"),
        (SPO2, 90.0, 90.0, "SpO₂ 90, was < 90"),
        (NIBP_SYS, 150.0, 156.0, "SBP 150, was > 156"),
    ],
)
def test_titles_hold_value_and_limit(metric, value, limit, title):
    assert crossed(metric, value, limit, low=metric is SPO2) == title


@pytest.mark.parametrize(("value", "baseline", "text"), [(168, 128, "+31 % of baseline"), (90, 120, "−25 % of baseline"), (90, None, "")])
def test_baseline(value, baseline, text):
    assert of_baseline(value, baseline) == text


def test_a_step_is_named_for_a_while():
    step = T0.plus(-9 * 60 - 20)
    assert after_step(T0, step, 25.0, first=False, within_s=1800) == "9 min after step to 25 mg/h"
    assert after_step(T0, step, 10.0, first=True, within_s=1800) == "9 min after start at 10 mg/h"
    assert after_step(T0, T0.plus(-1801), 25.0, first=False, within_s=1800) == ""
    assert after_step(T0, T0.plus(1), 25.0, first=False, within_s=1800) == ""
    assert after_step(T0, None, None, first=False, within_s=1800) == ""


def test_small_words():
    assert number(-0.01, 1) == "0.0"
    assert number(-0.06, 1) == "-0.1"
    assert joined("a", "", "b") == "a · b"
    assert clock(T0, 90) == "09:30:00"
    assert clock(T0, -90) == "06:30:00"
