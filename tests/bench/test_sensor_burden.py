"""The measurement of sensors without a reading: what is an absence, and that one which nobody announced is counted."""

from __future__ import annotations

import numpy as np

from bench.alarm_rules import transitions
from bench.recorded_patients import RecordedPatient
from bench.sensor_burden import COLUMNS, FIFTEEN, FIVE, OWN, SensorTally, absences, figures_of, measured, rules, table_text
from clinical.metrics import PULSE_RATE, SPO2
from clinical.observations import Priority


def patient(*stretches: tuple[float, int]) -> RecordedPatient:
    values = np.concatenate([np.full(count, float(value)) for value, count in stretches])
    return RecordedPatient(source="HFNO", id="invented", step_s=1.0, values={SPO2: values, PULSE_RATE: values})


def told(rule: str, *stretches: tuple[float, int]) -> SensorTally:
    one, tally = patient(*stretches), SensorTally()
    tally.add(one, transitions(rules()[rule], one))
    return tally


def test_absences_are_runs_of_missing_values():
    assert absences(patient((97, 5), (np.nan, 3), (97, 2), (np.nan, 4)), SPO2) == [(5.0, 8.0), (10.0, 14.0)]


def test_a_probe_that_is_put_back_three_times():
    loose = ((97, 60), (np.nan, 12), (97, 40), (np.nan, 12), (97, 40), (np.nan, 70), (97, 60))
    counts = {rule: (tally.new, tally.returned, tally.rose, tally.medium) for rule in rules() for tally in [told(rule, *loose)]}
    assert counts == {FIVE: (3, 0, 0, 3), FIFTEEN: (1, 0, 0, 1), OWN: (1, 0, 1, 1)}
    own = told(OWN, *loose)
    assert own.waits_s == {Priority.LOW: [20.0], Priority.MEDIUM: [45.0]}
    assert (own.middle, own.long) == ([], [True, True]), "of the saturation, and of the pulse on the same probe"


def test_what_nobody_announced_is_counted():
    one, tally = patient((97, 60), (np.nan, 40), (97, 20), (np.nan, 70), (97, 60)), SensorTally()
    tally.add(one, [])
    assert (tally.middle, tally.long) == ([False, False], [False, False])
    assert tally.as_row()["long_missed"] == 2


def test_without_recordings_it_says_so(tmp_path):
    assert measured(tmp_path, 1) == []
    assert figures_of([]) == []
    assert table_text([], COLUMNS).count("\n") == 1
