"""Whether waveforms contradict an arrhythmia alarm: on invented pulses, and on the recorded alarms where they are at hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench.arrhythmia_alarms import JUDGED, SET, Count, measured, table_text, totals
from bench.pulse_sense import Beats, contradicts, ecg_beats, pulse_beats
from bench.recorded_patients import DATA

RATE_HZ = 250.0
SECONDS = 90
TIME_S = np.arange(int(SECONDS * RATE_HZ)) / RATE_HZ


def wave(beats_s, width_s: float) -> np.ndarray:
    """A bump at each beat, on a little noise."""
    noise = np.random.default_rng(1).normal(0, 0.01, len(TIME_S))
    return noise + sum(np.exp(-(((TIME_S - beat) / width_s) ** 2)) for beat in beats_s)


def pulse(beats_s) -> Beats:
    return pulse_beats(wave(beats_s, 0.1), RATE_HZ)


def lead(beats_s) -> Beats:
    return ecg_beats(wave(beats_s, 0.02), RATE_HZ)


def every(interval_s: float, until_s: float = SECONDS) -> np.ndarray:
    return np.arange(0.5, until_s, interval_s)


@pytest.mark.parametrize("interval_s", [0.4, 0.8, 1.6])
@pytest.mark.parametrize("sense", [pulse, lead])
def test_beats_are_found_where_they_are(sense, interval_s):
    beats = sense(every(interval_s))
    assert np.diff(beats.times_s) == pytest.approx(interval_s, abs=0.03)
    assert len(beats.times_s) == pytest.approx(20 / interval_s, abs=1)
    assert beats.steady


def test_a_missing_stretch_and_a_flat_line_have_no_beats():
    assert len(pulse_beats(np.full(len(TIME_S), np.nan), RATE_HZ).times_s) == 0
    flat = Beats(np.array([]))
    assert not flat.steady
    assert flat.longest_pause_s == 20


def test_asystole_under_a_steady_pulse_is_contradicted_and_a_real_one_is_not():
    assert contradicts("Asystole", [pulse(every(0.8))], [])
    assert not contradicts("Asystole", [pulse(every(0.8, until_s=SECONDS - 6))], [])
    assert not contradicts("Asystole", [], [lead(every(0.8))])  # the lead may be what is wrong, or show beats without a pulse
    assert not contradicts("Asystole", [pulse_beats(np.random.default_rng(2).normal(0, 1, len(TIME_S)), RATE_HZ)], [])


@pytest.mark.parametrize(("interval_s", "contradicted"), [(1.0, True), (1.3, True), (1.4, False), (1.6, False)])
def test_bradycardia_is_contradicted_by_a_steady_pulse_that_is_faster(interval_s, contradicted):
    assert contradicts("Bradycardia", [pulse(every(interval_s))], []) is contradicted


def test_a_few_slow_beats_among_faster_ones_are_no_contradiction():
    beats = np.concatenate([every(0.8, 75), np.arange(76, 90, 1.8)])
    assert not contradicts("Bradycardia", [pulse(beats)], [])


@pytest.mark.parametrize(("interval_s", "contradicted"), [(0.7, True), (0.5, True), (0.46, False), (0.4, False)])
def test_tachycardia_is_contradicted_where_no_lead_is_fast(interval_s, contradicted):
    slow = lead(every(0.7))
    assert contradicts("Tachycardia", [], [slow, lead(every(interval_s))]) is contradicted


def test_without_a_lead_that_can_be_read_tachycardia_stands():
    assert not contradicts("Tachycardia", [pulse(every(0.8))], [])
    assert not contradicts("Tachycardia", [], [lead(every(0.7)), Beats(np.array([1.0, 2.0]))])


def test_other_alarms_are_let_through():
    assert not contradicts("Ventricular_Tachycardia", [pulse(every(0.8))], [lead(every(0.8))])


def test_the_score():
    count = Count(told_true=3, missed=1, told_false=2, suppressed=4)
    assert count.score == 7 / (7 + 2 + 5)
    assert (count.true_positive_percent, count.suppressed_percent) == (75, pytest.approx(66.67, abs=0.01))
    assert "| Asystole | 3 | 1 | 4 | 2 | 0.50 |" in table_text({"Asystole": count})


@pytest.mark.skipif(not (DATA / SET).is_dir(), reason="the records of the Challenge 2015 are not beside this repository")
def test_no_true_alarm_of_the_recorded_ones_is_contradicted():
    counts = measured(DATA)
    assert [counts[name].missed for name in JUDGED] == [0, 0, 0]
    assert totals(counts)["the three that are judged"].suppressed >= 8
