import io
import itertools
import wave

import numpy as np
import pytest

from app.burst_wav import wav_of as burst_wav
from clinical.alarms.bursts import BURSTS, MELODIES, RATE_HZ, Category, burst_samples, loudness
from clinical.observations import Priority


def envelope(samples, fundamental_hz):
    """Peak height around each sample: the highest within one period of the fundamental."""
    size = round(RATE_HZ / fundamental_hz)
    padded = np.pad(np.abs(samples), size // 2)
    return np.lib.stride_tricks.sliding_window_view(padded, size).max(axis=1)[: len(samples)]


def pulses(burst):
    """(start, end) of each stretch above 90 % of the height, in seconds, as heard."""
    heights = envelope(burst_samples(burst), burst.fundamental_hz)
    loud = heights > 0.9 * heights.max()
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(int), [0]))))
    return [(start / RATE_HZ, end / RATE_HZ) for start, end in zip(edges[::2], edges[1::2], strict=True)]


BLUR_S = 0.004  # the envelope is blurred by a period of the fundamental


@pytest.mark.parametrize(("priority", "count"), [(Priority.HIGH, 10), (Priority.MEDIUM, 3), (Priority.LOW, 1)])
def test_number_of_pulses(priority, count):
    assert len(pulses(BURSTS[priority])) == count
    assert BURSTS[priority].pulses == count


def test_high_burst_is_five_and_five_in_its_rhythm():
    heard = pulses(BURSTS[Priority.HIGH])
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(heard)]
    length = heard[0][1] - heard[0][0]
    assert 0.075 <= length <= 0.200
    short = [gaps[place] for place in (0, 1, 3, 5, 6, 8)]
    assert all(0.050 <= gap <= 0.125 for gap in short)
    for place in (2, 7):
        assert gaps[place] == pytest.approx(2 * gaps[0] + length, abs=3 * BLUR_S)
    assert 0.35 <= gaps[4] <= 1.30


@pytest.mark.parametrize("priority", [Priority.MEDIUM, Priority.LOW])
def test_slower_bursts_stay_in_their_windows(priority):
    heard = pulses(BURSTS[priority])
    assert all(0.125 <= end - start <= 0.250 for start, end in heard)
    assert all(0.125 <= after[0] - before[1] <= 0.250 for before, after in itertools.pairwise(heard))


@pytest.mark.parametrize("priority", Priority)
def test_rise_takes_ten_to_twenty_percent_of_the_pulse(priority):
    burst = BURSTS[priority]
    heights = envelope(burst_samples(burst), burst.fundamental_hz)
    first = heights[: np.argmax(heights > 0.9 * heights.max()) + 1]
    rise_s = (len(first) - np.argmax(first > 0.1 * heights.max())) / RATE_HZ
    assert 0.10 * burst.duration_s - BLUR_S <= rise_s <= 0.20 * burst.duration_s + BLUR_S
    assert 0.10 <= burst.rise_s / burst.duration_s <= 0.20


@pytest.mark.parametrize("priority", Priority)
def test_spectrum_has_four_harmonics_within_fifteen_decibels(priority):
    burst = BURSTS[priority]
    start, end = pulses(burst)[0]
    lead = round((start + 0.1 * (end - start)) * RATE_HZ)
    piece = burst_samples(burst)[lead : lead + round(0.8 * (end - start) * RATE_HZ)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 17))
    hertz = np.fft.rfftfreq(1 << 17, 1 / RATE_HZ)

    def level(wanted):
        return 20 * np.log10(spectrum[np.abs(hertz - wanted) < 15].max())

    fundamental = level(burst.fundamental_hz)
    assert 150 <= burst.fundamental_hz <= 1000
    near = [
        order
        for order in range(1, 10)
        if 300 <= order * burst.fundamental_hz <= 4000 and abs(level(order * burst.fundamental_hz) - fundamental) <= 15
    ]
    assert len(near) >= 4


def test_the_more_urgent_is_never_quieter_or_rarer():
    high, medium, low = (BURSTS[priority] for priority in (Priority.HIGH, Priority.MEDIUM, Priority.LOW))
    loudness = [np.abs(burst_samples(burst)).max() for burst in (high, medium, low)]
    assert loudness == sorted(loudness, reverse=True)
    assert 2.5 <= high.interburst_s <= 15.0
    assert 2.5 <= medium.interburst_s <= 30.0
    assert low.interburst_s > 15.0


def wav_steps(burst, volume):
    with wave.open(io.BytesIO(burst_wav(burst, volume=volume))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(int)


@pytest.mark.parametrize("priority", Priority)
def test_wav_is_whole_begins_and_ends_in_silence_and_does_not_clip(priority):
    steps, half = wav_steps(BURSTS[priority], 1.0), wav_steps(BURSTS[priority], 0.5)
    assert np.abs(steps - 2 * half).max() <= 2
    assert abs(steps[0]) < 50
    assert abs(steps[-1]) < 50
    assert burst_wav(BURSTS[priority]) == burst_wav(BURSTS[priority])


@pytest.mark.parametrize("category", Category)
def test_a_melody_keeps_the_rhythm_and_takes_its_notes(category):
    burst = BURSTS[Priority.HIGH]
    samples = burst_samples(burst, melody=MELODIES[category])
    assert len(samples) == len(burst_samples(burst))
    assert np.abs(samples).max() <= burst.level + 1e-9
    for number, start in enumerate(burst.starts_s()):
        begin = round((start + 0.03) * RATE_HZ)
        pulse = samples[begin : begin + round(0.11 * RATE_HZ)]
        spectrum = np.abs(np.fft.rfft(pulse * np.hanning(len(pulse)), 1 << 16))
        strongest_hz = np.argmax(spectrum) * RATE_HZ / (1 << 16)
        assert strongest_hz == pytest.approx(MELODIES[category][number % 5], rel=0.02)
        assert 150 <= strongest_hz <= 1000


def test_unanswered_sound_grows_and_never_falls():
    volumes = [loudness(seconds) for seconds in range(200)]
    assert volumes == sorted(volumes)
    assert volumes[0] >= 0.5
    assert volumes[-1] == 1.0
