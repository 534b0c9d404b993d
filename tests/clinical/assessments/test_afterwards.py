"""What is told of the time after something was given."""

from dataclasses import dataclass

import numpy as np
import pytest

from clinical.assessments.afterwards import afterwards
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, NIBP_SYS, PULSE_RATE, RESP_RATE, SPO2, Metric


@dataclass
class Values:
    metric: Metric
    seconds: np.ndarray
    values: np.ndarray


def cuff(*readings):
    return Values(NIBP_SYS, np.array([at * 60.0 for at, _ in readings]), np.array([float(value) for _, value in readings]))


def steady(metric, before, after, *, change_min=62):
    seconds = np.arange(0, 7200, 5.0)
    return Values(metric, seconds, np.where(seconds < change_min * 60, float(before), float(after)))


GIVEN = 3600.0
END = 7200.0


def test_the_cuff_before_and_the_one_nearest_to_a_quarter_of_an_hour_later():
    assert afterwards(GIVEN, [cuff((40, 140), (58, 171), (62, 165), (72, 148), (90, 120))], END) == "SBP 171 → 148 in 12 min"


def test_small_changes_are_not_told():
    assert afterwards(GIVEN, [cuff((58, 150), (72, 142)), steady(SPO2, 97, 96)], END) == ""


@pytest.mark.parametrize("readings", [((72, 148),), ((30, 171), (72, 148)), ((58, 171), (62, 148)), ((58, 171), (95, 120))])
def test_without_a_reading_on_either_side_nothing_is_told(readings):
    assert afterwards(GIVEN, [cuff(*readings)], END) == ""


def test_what_came_after_the_next_giving_says_nothing_of_this_one():
    series = [cuff((58, 171), (72, 148))]
    assert afterwards(GIVEN, series, until_s=70 * 60) == ""


def test_single_odd_values_do_not_count_and_missing_ones_are_left_out():
    rate = steady(RESP_RATE, 14, 8)
    rate.values[[700, 720, 900]] = np.nan
    rate.values[719] = 40.0
    assert afterwards(GIVEN, [rate], END) == "RR 14 → 8 in 15 min"


def test_a_fall_that_was_mended_in_between_is_told():
    saturation = steady(SPO2, 97, 99, change_min=72)
    saturation.values[(saturation.seconds > 65 * 60) & (saturation.seconds < 70 * 60)] = 86
    assert afterwards(GIVEN, [saturation], END) == "SpO₂ 97 → 99 in 15 min (lowest 86)"
    saturation.values[saturation.seconds >= 72 * 60] = 97
    assert afterwards(GIVEN, [saturation], END) == "SpO₂ 97 → 97 in 15 min (lowest 86)"
    saturation.values[(saturation.seconds > 65 * 60) & (saturation.seconds < 70 * 60)] = 97
    saturation.values[800] = 60  # one odd value of three in its quarter of a minute
    assert afterwards(GIVEN, [saturation], END) == ""


def test_a_metric_is_told_once_and_by_its_first_source():
    told = afterwards(GIVEN, [steady(PULSE_RATE, 60, 90), steady(HEART_RATE, 61, 91), steady(CO2_RESP_RATE, 20, 10)], END)
    assert told == "HR 61 → 91 in 15 min, RR 20 → 10 in 15 min"
