"""The measurement of alarms: what it calls an event, what thresholds do, and that the preset is run through the real monitor."""

from __future__ import annotations

import numpy as np
import pytest

from bench.alarm_burden import figures_of, measured, table_of
from bench.alarm_measures import Event, Tally, events
from bench.alarm_rules import OwnPreset, Standing, Thresholds
from bench.recorded_patients import DATA, SETS, RecordedPatient, patients
from clinical.metrics import CO2_RESP_RATE, PULSE_RATE, SPO2


def patient(*stretches: tuple[float, int], metric=SPO2, step_s: float = 1.0) -> RecordedPatient:
    values = np.concatenate([np.full(count, float(value)) for value, count in stretches])
    return RecordedPatient(source="HFNO", id="invented", step_s=step_s, values={metric: values})


def test_an_event_is_a_stretch_of_the_running_median():
    values = np.concatenate([np.full(60, 97.0), np.full(30, 85.0), np.full(60, 97.0), np.full(19, 85.0), np.full(60, 97.0)])
    assert list(events(values, 90, -1, 1.0)) == [Event(60, 90, 30.0)]
    values[70:74] = 97.0  # four seconds back inside move no median of 15 s
    assert list(events(values, 90, -1, 1.0)) == [Event(60, 90, 30.0)]
    values[60:90] = np.nan
    assert list(events(values, 90, -1, 1.0)) == []


@pytest.mark.parametrize(
    ("delay_s", "hysteresis", "stood"),
    [
        (0, False, [Standing(10, 15), Standing(20, 40), Standing(45, 50)]),
        (10, False, [Standing(30, 40)]),
        (10, True, [Standing(30, 50)]),
        (19, True, [Standing(39, 50)]),
    ],
)
def test_thresholds(delay_s, hysteresis, stood):
    one = patient((97, 10), (85, 5), (97, 5), (85, 20), (91, 5), (85, 5), (np.nan, 10))
    assert Thresholds(delay_s=delay_s, hysteresis=hysteresis).alarms(one) == {(SPO2, -1): stood}


def test_a_delay_may_run_out_between_two_values_that_are_a_minute_apart():
    one = patient((97, 3), (85, 1), (97, 3), step_s=60.0)
    assert Thresholds(delay_s=15, hysteresis=True).alarms(one)[SPO2, -1] == [Standing(3.25, 4)]
    assert OwnPreset().alarms(one)[SPO2, -1] == [Standing(3.05, 5)]  # back for 15 s: by the second value inside


def test_the_preset_is_run_through_the_monitor():
    one = patient((97, 60), (86, 30), (97, 60), (86, 20), (97, 60), (np.nan, 10), (70, 5), (97, 60))
    assert OwnPreset().alarms(one)[SPO2, -1] == [
        Standing(67, 109),
        Standing(157, 189, returned=True),
        Standing(243, 264),  # extreme, so new; and told 3 s after the first such value
    ]


def test_no_breath_is_a_value_and_a_probe_off_is_none():
    one = patient((14, 60), (0, 30), metric=CO2_RESP_RATE)
    assert OwnPreset().alarms(one)[CO2_RESP_RATE, -1] == [Standing(63, 90)]
    assert np.isnan(one.values[CO2_RESP_RATE]).sum() == 0


def test_the_tally():
    one = patient((97, 60), (85, 30), (97, 60))
    tally = Tally()
    tally.add(one, {(SPO2, -1): [Standing(70, 80), Standing(200, 210, returned=True)]})
    assert (tally.new, tally.returned, tally.short, tally.long, tally.spo2_latencies_s) == (1, 1, [True], [], [10.0])
    missed = Tally()
    missed.add(one, {(SPO2, -1): [Standing(90, 95)]})
    assert missed.short == [False]


def test_without_recordings_it_says_so_and_measures_nothing(tmp_path):
    assert list(patients(tmp_path)) == []
    assert figures_of(table_of(measured(tmp_path, 1))) == []


@pytest.mark.skipif(not (DATA / SETS["HFNO"][0]).is_dir(), reason="the recordings of the HFNO trial are not beside this repository")
def test_on_a_recorded_patient():
    """One and a half hours of saturation and pulse; a part of the whole measurement."""
    one = next(each for each in patients(DATA, ("HFNO",)) if each.id == "P010")
    assert set(one.values) == {SPO2, PULSE_RATE}
    assert not any((values == 0).any() for values in one.values.values())
    own, plain = Tally(), Tally()
    own.add(one, OwnPreset().alarms(one))
    plain.add(one, Thresholds(delay_s=0, hysteresis=False).alarms(one))
    assert own.new <= plain.new
    assert all(own.short + own.long)
    assert own.in_alarm_s <= 1.2 * plain.in_alarm_s + 30
