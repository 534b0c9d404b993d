"""The middle of values is the one that numpy's median gives, to the last bit, and costs no masked arrays."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.report.middle import middle

VALUES = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=40)


@given(VALUES)
def test_it_is_the_median(values):
    assert middle(np.array(values)) == float(np.median(np.array(values)))


def test_whole_numbers_have_a_half_between_them():
    assert middle(np.diff(np.array([0, 1, 3], np.int64))) == 1.5


def test_nothing_has_no_middle():
    with pytest.raises(ValueError, match="nothing"):
        middle(np.array([]))


def test_the_values_of_a_report_are_reckoned_without_loading_masked_arrays():
    lines = (
        "import sys, numpy, clinical.report.quarters",
        "clinical.report.quarters.middle(numpy.ones(3))",
        "print('numpy.ma' in sys.modules)",
    )
    done = subprocess.run([sys.executable, "-c", "; ".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
