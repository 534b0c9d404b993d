"""The measurement of extra rows: an invented fall of the saturation that a slope tells before the limit does."""

from __future__ import annotations

import numpy as np

from bench.alarm_extras import COLUMNS, FUSED, SLOPE, Extra, extras, measured, table_text
from bench.alarm_rules import shipped_preset, transitions
from bench.recorded_patients import RecordedPatient
from clinical.metrics import SPO2


def patient(*stretches: tuple[float, int]) -> RecordedPatient:
    values = np.concatenate([np.full(count, float(value)) for value, count in stretches])
    return RecordedPatient(source="HFNO", id="invented", step_s=1.0, values={SPO2: values})


def slope_of(one: RecordedPatient) -> Extra:
    kind, preset = extras(shipped_preset())[SLOPE]
    extra = Extra()
    extra.add(one, transitions(preset, one, ticks_a_second=1), kind)
    return extra


def test_a_slope_that_comes_before_the_limits_alarm_is_of_use():
    extra = slope_of(patient((98, 60), (93, 40), (86, 60), (97, 60)))
    assert (extra.appeared, extra.useful, extra.events, len(extra.leads_s)) == (1, 1, 1, 1)
    assert 40 <= extra.leads_s[0] <= 50


def test_one_that_leads_to_nothing_is_only_one_more():
    extra = slope_of(patient((98, 60), (93, 60), (97, 200)))
    assert (extra.appeared, extra.useful, extra.events, extra.leads_s) == (1, 0, 0, [])
    assert extra.as_row(SLOPE)["without_event_percent"] == 100


def test_without_recordings_there_is_no_row(tmp_path):
    assert measured(tmp_path, 1) == []
    assert set(extras(shipped_preset())) == {SLOPE, FUSED}
    assert table_text([], COLUMNS).count("\n") == 1
