"""Numbers that move: slopes, and warnings together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.alarm_model import AlarmPreset, Presence, SlopeRule
from clinical.alarms.fused import ROWS
from clinical.alarms.presets import preset_from
from clinical.alarms.smoothing import RunningMedian
from clinical.alarms.trends import Change, Trend
from clinical.commands import RecordAssessment
from clinical.metrics import NIBP_SYS, RESP_RATE, SPO2
from clinical.observations import LinkState, Priority
from clinical.site_values import SiteValueError
from tests.clinical.bed import T0, Bed

SLOPE_ID = "slope:MDC_PULS_OXIM_SAT_O2"
FALL = SlopeRule(metric=SPO2, by=-4, within_s=60, priority=Priority.MEDIUM)
BREATHING, SEDATION = ROWS


def started(*fused: str) -> Bed:
    bed = Bed()
    bed.start(preset=AlarmPreset(name="t", source="tests", limits=(), slopes=(FALL,), fused=fused))
    return bed


def raw(sign: int, by: float, within_s: float) -> Trend:
    return Trend(sign, by, within_s, RunningMedian(0.0))


@given(st.lists(st.integers(80, 100), min_size=1, max_size=60), st.sampled_from([-1, 1]), st.integers(1, 8), st.integers(1, 30))
def test_a_trend_is_the_largest_change_to_now_within_its_time(values, sign, by, within_s):
    """Against a look at the whole window, each time."""
    trend = raw(sign, by, within_s)
    on = False
    for second, value in enumerate(values):
        window = values[max(0, second - within_s) : second + 1]
        amount = max((value - before) * sign for before in window)
        on = amount >= (0.5 * by if on else by)
        change = trend.take(value, T0.plus(second))
        assert (change is not None) is on
        if change is not None:
            assert (change.after - change.before) * sign == amount


def test_an_older_reading_changes_nothing():
    trend = raw(-1, 4, 60)
    trend.take(97, T0)
    assert trend.take(92, T0.plus(10)) == Change(97, 92, 10)
    assert trend.take(99, T0.plus(5)) == Change(97, 92, 10)


def test_a_fast_fall_of_saturation_names_how_much_from_what_and_in_how_long():
    bed = started()
    bed.hold(SPO2, 97, 60)
    bed.hold(SPO2, 94, 10)
    assert not bed.alarms
    bed.hold(SPO2, 93, 5)
    alarm = bed.alarms[SLOPE_ID]
    assert (alarm.title, alarm.detail) == ("SpO₂ fell 4 % in 11 s", "SpO₂ 97 → 93 in 11 s")
    assert (alarm.priority, alarm.presence) == (Priority.MEDIUM, Presence.ON)


def test_a_slow_fall_is_none_and_a_fall_that_is_made_good_is_over():
    bed = started()
    for value in (97, 96, 95, 94, 93, 92, 91):
        bed.hold(SPO2, value, 25)
    assert not bed.transitions
    bed.hold(SPO2, 86, 6)
    assert SLOPE_ID in bed.alarms
    bed.hold(SPO2, None, 100)  # lost is not recovered
    assert SLOPE_ID in bed.alarms
    bed.hold(SPO2, 91, 3)
    assert SLOPE_ID not in bed.alarms


def test_a_glitch_is_no_fall():
    bed = started()
    for _ in range(8):
        bed.hold(SPO2, 97, 6)
        bed.hold(SPO2, 80, 3)
    assert not bed.transitions


def test_breathing_and_saturation_that_fall_together_are_one_warning_that_says_which():
    bed = started(BREATHING)
    bed.each_second(60, lambda: (bed.numeric(SPO2, 97), bed.numeric(RESP_RATE, 14)))
    bed.each_second(60, lambda: (bed.numeric(SPO2, 97), bed.numeric(RESP_RATE, 8)))
    assert not bed.alarms  # one alone
    bed.each_second(20, lambda: (bed.numeric(SPO2, 93), bed.numeric(RESP_RATE, 8)))
    alarm = bed.alarms[f"fused:{BREATHING}"]
    assert alarm.title == "Breathing and SpO₂ both fall"
    assert alarm.detail == "RR 14 → 8 in 76 s · SpO₂ 97 → 93 in 16 s"
    bed.each_second(20, lambda: (bed.numeric(SPO2, 97), bed.numeric(RESP_RATE, 8)))
    assert f"fused:{BREATHING}" not in bed.alarms


def test_another_source_that_reads_lower_is_no_fall():
    bed = started(BREATHING)
    bed.each_second(60, lambda: (bed.numeric(SPO2, 98), bed.numeric(RESP_RATE, 16)))
    bed.link(LinkState.LOST)
    bed.each_second(60, lambda: (bed.numeric(SPO2, 92, device="oximeter"), bed.numeric(RESP_RATE, 9, device="oximeter")))
    assert [name for name in bed.alarms if name.startswith(("slope", "fused"))] == []


def cuff(bed: Bed, value: float) -> None:
    bed.now = bed.now.plus(300)
    bed.numeric(NIBP_SYS, value, measured_at=bed.now, interval_s=300)


def score(bed: Bed, rass: int) -> None:
    bed.now = bed.now.plus(300)
    bed.do(RecordAssessment(event_at=bed.now, scores=(("pain at rest", 3), ("RASS", rass)), by="A"))


def test_pressure_that_rises_while_sedation_deepens():
    bed = started(SEDATION)
    cuff(bed, 128)
    score(bed, 0)
    cuff(bed, 152)
    score(bed, -1)
    assert not bed.alarms
    score(bed, -3)
    alarm = bed.alarms[f"fused:{SEDATION}"]
    assert alarm.title == "Pressure rises while sedation deepens"
    assert alarm.detail == "SBP 128 → 152 in 10 min · RASS 0 → −3 in 15 min"
    score(bed, 0)
    assert not bed.alarms


def test_a_row_that_the_preset_does_not_name_is_off():
    bed = started()
    bed.each_second(30, lambda: (bed.numeric(SPO2, 97), bed.numeric(RESP_RATE, 14)))
    bed.each_second(30, lambda: (bed.numeric(SPO2, 85), bed.numeric(RESP_RATE, 4)))
    assert list(bed.alarms) == [SLOPE_ID]


def test_nothing_is_remembered_of_the_case_before():
    bed = started()
    bed.hold(SPO2, 97, 30)
    bed.end()
    bed.start(preset=AlarmPreset(name="t", source="tests", limits=(), slopes=(FALL,)))
    bed.hold(SPO2, 90, 30)
    assert not bed.alarms


LIMIT = {"metric": "MDC_PULS_OXIM_SAT_O2", "low": 90, "priority": "high", "delay_s": 4, "hysteresis": 2}
SLOPE = {"metric": "MDC_PULS_OXIM_SAT_O2", "by": -4, "within_s": 60, "priority": "medium"}


def test_out_of_a_preset():
    preset = preset_from({"name": "n", "source": "s", "limit": [LIMIT], "slope": [SLOPE], "fused": [{"name": BREATHING}]})
    assert preset.slopes == (FALL,)
    assert preset.fused == (BREATHING,)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"slope": [SLOPE | {"by": 0}]}, "slope 1, by: is 0; allowed is a fall"),
        ({"slope": [SLOPE | {"by": -101}]}, "slope 1, by: is -101; allowed is a number from -100 to 100"),
        ({"slope": [SLOPE | {"within_s": 5}]}, "slope 1, within_s: is 5; allowed is a number from 10 to 3600"),
        ({"slope": [SLOPE, SLOPE]}, "slope: a metric stands twice"),
        ({"fused": [{"name": "coffee"}]}, "fused 1, name: is 'coffee'; allowed are breathing and saturation fall, pressure and"),
    ],
)
def test_errors_of_a_preset(change, error):
    with pytest.raises(SiteValueError) as caught:
        preset_from({"name": "n", "source": "s", "limit": [LIMIT]} | change)
    assert str(caught.value).startswith(error)
