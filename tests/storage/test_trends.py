"""What is drawn of a case: each value at its moment, each reading of the cuff once."""

from clinical.messages import FromDevice, Outcome
from clinical.metrics import NIBP_SYS, SPO2
from clinical.observations import Numeric
from storage.cases import open_case
from storage.trends import trends_of
from tests.storage.made_case import START, end, record, start


def _told(second, metric, value, measured_s=None):
    measured_at = None if measured_s is None else START.plus(measured_s)
    numeric = Numeric(at=START.plus(second), metric=metric, value=value, interval_s=5, measured_at=measured_at)
    return Outcome(message=FromDevice("monitor", numeric), shown=numeric)


def _trends(path, *outcomes):
    with open_case(record(path, [start(), *outcomes, end(900)]), 1) as history:
        return {trend.metric: (trend.seconds.round(3).tolist(), trend.values.tolist()) for trend in trends_of(history)}


def test_a_reading_that_is_dated_anew_stands_once(tmp_path):
    readings = (
        _told(40, NIBP_SYS, 147.0, 40),
        _told(45, NIBP_SYS, 147.0, 36),
        _told(50, NIBP_SYS, 147.0, 36),
        _told(340, NIBP_SYS, 147.0, 340),
        _told(345, NIBP_SYS, 151.0, 341),
    )
    assert _trends(tmp_path / "a.sqlite", *readings)[NIBP_SYS] == ([40.0, 340.0, 341.0], [147.0, 147.0, 151.0])


def test_a_number_that_stays_the_same_is_drawn_each_time_it_comes(tmp_path):
    told = (_told(second, SPO2, 97.0) for second in (1, 2, 3))
    assert _trends(tmp_path / "a.sqlite", *told)[SPO2] == ([1.0, 2.0, 3.0], [97.0, 97.0, 97.0])
