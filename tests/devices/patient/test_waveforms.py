"""Waveforms and numbers tell one story, beat by beat and breath by breath, to a detector that knows nothing of the simulator."""

import numpy as np
import pytest

from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    PLETH,
    PULSE_RATE,
    RESP_RATE,
)
from devices.patient import scenarios
from devices.patient.bedside import Bedside
from devices.patient.waveforms import PULSE_DELAY_S

CASES = [("quiet-day", 30.0), ("quiet-day", 9000.0), ("pressure-rise", 500.0), ("midazolam-desaturation", 540.0), ("stepped-day", 3600.0)]


def strip(bedside, metric, rate_hz, seconds, start, *, until):
    """The last ``seconds`` up to ``until``, gathered in pieces of 2 s while time goes on; (times from the start, samples)."""
    pieces = []
    begin = until - seconds
    for k in range(int(seconds / 2)):
        bedside.advance(max(bedside.now, start.plus(begin + 2 * k + 2)))
        pieces.append(bedside.samples(metric, start.plus(begin + 2 * k), int(2 * rate_hz), rate_hz))
    y = np.concatenate(pieces)
    return begin + np.arange(len(y)) / rate_hz, y


def r_peaks(t, y):
    """Highest sample of each run above 0.6 mV, its time refined by a parabola."""
    above = np.flatnonzero(y > 0.6)
    runs = np.split(above, np.flatnonzero(np.diff(above) > 1) + 1)
    top = [i for i in (int(run[np.argmax(y[run])]) for run in runs) if 0 < i < len(y) - 1]
    step = t[1] - t[0]
    return np.array([t[i] + 0.5 * (y[i - 1] - y[i + 1]) / (y[i - 1] - 2 * y[i] + y[i + 1]) * step for i in top])


def rising_crossings(t, y, level):
    return t[1:][(y[:-1] < level) & (y[1:] >= level)]


@pytest.mark.parametrize(("name", "until"), CASES)
def test_the_r_r_interval_is_the_heart_rate(name, until, start):
    bedside = Bedside(scenarios.load(name), 3, start)
    bedside.advance(start.plus(until - 10))
    t, y = strip(bedside, ECG_II, 500.0, 10, start, until=until)
    peaks = r_peaks(t, y)
    assert len(peaks) >= 9
    last = peaks[-9:] if len(peaks) >= 9 else peaks
    assert 60 * (len(last) - 1) / (last[-1] - last[0]) == pytest.approx(bedside.value(HEART_RATE), abs=1.0)
    assert bedside.value(PULSE_RATE) == pytest.approx(bedside.value(HEART_RATE), abs=2.0)


def test_the_heart_rate_keeps_up_with_a_racing_heart(bedside, start):
    racing = bedside(
        (1, "pressor surge", {"sbp_mmhg": 30, "heart_rate_per_min": 70, "agitation": 2}), more="[sensitivity]\nvariability = 0"
    )
    for until in (75.0, 90.0, 105.0):
        racing.advance(start.plus(until))
        peaks = r_peaks(until - 10 + np.arange(5000) / 500, racing.samples(ECG_II, start.plus(until - 10), 5000, 500.0))
        assert 60 * 8 / (peaks[-1] - peaks[-9]) == pytest.approx(racing.value(HEART_RATE), abs=0.5)
    assert racing.value(HEART_RATE) > 90


@pytest.mark.parametrize(("name", "until"), CASES)
def test_each_pulse_follows_its_beat(name, until, start):
    bedside = Bedside(scenarios.load(name), 4, start)
    bedside.advance(start.plus(until))
    rate = 500.0
    t = until - 10 + np.arange(5000) / rate
    ecg, pulse = (bedside.samples(m, start.plus(until - 10), 5000, rate) for m in (ECG_II, PLETH))
    delays = []
    for peak in r_peaks(t, ecg):
        stretch = (t > peak) & (t < peak + 0.55)
        if peak < t[0] + 0.3 or peak > t[-1] - 0.6:
            continue
        x, segment = t[stretch], pulse[stretch]
        top = int(np.argmax(segment))
        steepest = int(np.argmax(np.diff(segment[: top + 1])))
        slope = (segment[steepest + 1] - segment[steepest - 1]) * rate / 2
        low = segment[: steepest + 1].min()
        foot = x[steepest] - (segment[steepest] - low) / slope  # where the tangent of the upstroke meets the level before it
        assert foot - peak == pytest.approx(PULSE_DELAY_S, abs=0.08)
        assert segment[top] > segment.min() + 0.2  # narrow vessels halve the pulse in one of the cases
        delays.append(foot - peak)
    assert len(delays) >= 7
    assert np.std(delays) < 0.012


def test_the_pulse_has_a_dicrotic_notch(bedside, start):
    quiet = bedside(more="[sensitivity]\nvariability = 0")
    quiet.advance(start.plus(20))
    y = np.convolve(quiet.samples(PLETH, start.plus(12), 4000, 500.0), np.ones(15) / 15, mode="valid")
    maxima = [i for i in range(40, len(y) - 40) if y[i] >= y[i - 40 : i + 40].max() and y[i] > 0.3]
    beats = 8 * 76 / 60
    assert len(maxima) == pytest.approx(2 * beats, abs=2)


@pytest.mark.parametrize(("name", "until"), CASES)
def test_the_plateau_is_the_end_tidal_value(name, until, start):
    bedside = Bedside(scenarios.load(name), 5, start)
    bedside.advance(start.plus(until))
    y = bedside.samples(CO2, start.plus(until - 10), 1000, 100.0)
    inspirations = np.flatnonzero((y[:-1] > 5) & (y[1:] <= 5))
    begun = int(inspirations[-1])
    plateau = y[max(0, begun - 150) : begun].max()
    assert plateau == pytest.approx(bedside.value(ETCO2), abs=1.0)
    assert y.min() == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize("channel", [(CO2, CO2_RESP_RATE, 15.0), (IMPEDANCE, IMPEDANCE_RESP_RATE, 0.25)])
@pytest.mark.parametrize(("name", "until"), CASES)
def test_breaths_in_the_waves_are_the_rate(name, until, channel, start):
    metric, rate_metric, level = channel
    bedside = Bedside(scenarios.load(name), 6, start)
    bedside.advance(start.plus(until - 28))
    t, y = strip(bedside, metric, 50.0, 30, start, until=until)
    seen = rising_crossings(t, y, level)
    by_wave = 60 * 4 / (seen[-1] - seen[-5])
    assert by_wave == pytest.approx(bedside.value(rate_metric), abs=1.5)
    assert bedside.value(RESP_RATE) == pytest.approx(bedside.value(CO2_RESP_RATE), abs=1.5)


def test_pieces_make_the_whole(start):
    bedside = Bedside(scenarios.load("quiet-day"), 1, start)
    bedside.advance(start.plus(100))
    for metric, rate in ((ECG_II, 300.0), (PLETH, 75.0), (CO2, 25.0), (IMPEDANCE, 62.5)):
        whole = bedside.samples(metric, start.plus(90), int(10 * rate), rate)
        pieces = [bedside.samples(metric, start.plus(90 + 2 * k), int(2 * rate), rate) for k in range(5)]
        np.testing.assert_allclose(np.concatenate(pieces), whole, rtol=0, atol=1e-9)


def test_a_stretch_looks_the_same_later_as_at_once(start):
    bedside = Bedside(scenarios.load("stepped-day"), 1, start)
    at_once = []
    for k in range(1, 41):
        bedside.advance(start.plus(50 + k * 0.25))
        at_once.append(bedside.samples(ECG_II, start.plus(50 + (k - 1) * 0.25), 125, 500.0))
    later = bedside.samples(ECG_II, start.plus(50), 5000, 500.0)
    np.testing.assert_allclose(np.concatenate(at_once), later, rtol=0, atol=1e-9)


def test_there_is_a_past_at_the_start(bedside, start):
    y = bedside().samples(ECG_II, start.plus(-10), 3000, 300.0)
    assert len(r_peaks(np.arange(3000) / 300, y)) == pytest.approx(10 * 76 / 60, abs=1.5)


def test_what_is_not_there_yet_or_no_more_is_refused(bedside, start):
    plain = bedside()
    plain.advance(start.plus(60))
    for since in (59.5, 30.0):
        with pytest.raises(ValueError, match="samples are there from"):
            plain.samples(ECG_II, start.plus(since), 300, 300.0)
