"""How numbers are written and read: nothing a tired eye can misread by a factor of ten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets import figures


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (25.0, 2, "25"),
        (0.5, 2, "0.5"),
        (27.50, 2, "27.5"),
        (0.357142, 3, "0.357"),
        (-1.5, 1, "−1.5"),
        (-0.04, 1, "0"),
        (100.0, 0, "100"),
        (None, 1, "---"),
        (float("nan"), 1, "---"),
    ],
)
def test_numbers_have_a_leading_zero_and_no_trailing_ones(value, decimals, text):
    assert figures.written(value, decimals) == text


def test_minus_signs_are_true_ones_and_hyphens_stay():
    assert figures.typeset("RASS -2") == "RASS −2"
    assert figures.typeset("RASS -3 < -2: hold · by S-ketamine, day 1-2") == "RASS −3 < −2: hold · by S-ketamine, day 1-2"


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_what_is_written_reads_back_as_the_rounded_number(value):
    assert figures.parsed(figures.written(value, 3)) == pytest.approx(value, abs=0.00051)


@pytest.mark.parametrize(("typed", "number"), [("0,5", 0.5), ("70.2", 70.2), (" 2 ", 2.0), (".5", 0.5), ("−3", -3.0), ("7", 7.0)])
def test_point_and_comma_are_both_understood(typed, number):
    assert figures.parsed(typed) == number


@pytest.mark.parametrize("typed", ["", "7O", "1.2.3", "1,000.5", "nan", "inf", "1e3", "-", "--2", "7 0"])
def test_what_is_no_number_stays_none(typed):
    assert figures.parsed(typed) is None


def test_ranges_collapse_when_both_edges_are_written_alike():
    assert figures.written_range(38.2, 38.5) == "38.2 to 38.5"
    assert figures.written_range(38.21, 38.24) == "38.2"


def test_signed_scores():
    assert [figures.written_signed(score) for score in (-5, 0, 4)] == ["−5", "0", "+4"]
