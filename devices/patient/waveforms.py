"""Shapes: the heart's and the breath's timeline drawn as ECG, pleth, capnogram and impedance. Pure in time; knows no number.

Every sample depends on its own time and on beats and breaths that are already fixed, so any two ways of asking for one
stretch give the same curve. Shapes are textbook morphology, drawn to read well, no recording of anybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from devices.patient.rhythm import Timeline

Vector = NDArray[np.float64]

PULSE_DELAY_S = 0.22
"""From the R peak to the foot of the pulse in a finger."""

# Lead II, one row a wave: millivolts, centre and width in seconds, and whether it moves with the square root of R–R.
ECG_WAVES = (
    ("P", 0.13, -0.170, 0.022, True),
    ("Q", -0.10, -0.026, 0.008, False),
    ("R", 1.15, 0.000, 0.011, False),
    ("S", -0.22, 0.027, 0.009, False),
    ("T", 0.30, 0.290, 0.045, True),
)
_AMPLITUDE = np.array([row[1] for row in ECG_WAVES])
_CENTRE = np.array([row[2] for row in ECG_WAVES])[:, np.newaxis]
_WIDTH = np.array([row[3] for row in ECG_WAVES])[:, np.newaxis]
_STRETCHED = np.array([row[4] for row in ECG_WAVES])[:, np.newaxis]
ECG_NOISE_MV = 0.008
ECG_WANDER_MV = 0.04

# Height, centre and width, of a pulse's length: systolic wave, diastolic wave after the notch, run-off.
PULSE_WAVES = ((1.0, 0.17, 0.065), (0.22, 0.43, 0.09), (0.22, 0.56, 0.18))
PLETH_REST = 0.2  # of full scale, between pulses
PLETH_HEIGHT = 0.55  # of a pulse at rest
PLETH_BREATHING = 0.03
PLETH_NOISE = 0.002

DEAD_SPACE_S = 0.15  # phase I: expired air that never met blood
UPSTROKE_S = 0.35  # phase II
DOWNSTROKE_S = 0.2  # phase 0
PLATEAU_BEGINS = 0.93  # phase III rises from this share to 1

IMPEDANCE_OHM = 0.8  # of a breath at rest
EMPTYING_SHARE = 0.75  # of expiration; the rest is pause
IMPEDANCE_NOISE_OHM = 0.004


def _pulse_table() -> Vector:
    """One pulse over its own length: 0 at both feet, 1 at the top."""
    x = np.linspace(0, 1, 1025)
    shape = np.zeros_like(x)
    for height, centre, width in PULSE_WAVES:
        shape += height * np.exp(-0.5 * ((x - centre) / width) ** 2)
    shape -= shape[0] + (shape[-1] - shape[0]) * x
    return np.asarray(shape / shape.max())


_PULSE = _pulse_table()
_PULSE_X = np.linspace(0, 1, len(_PULSE))


class Noise:
    """Sensor noise as a fixed function of time: two tables whose lengths share no divisor repeat after 13 hours."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._first = generator.standard_normal(8191) * np.sqrt(0.5)
        self._second = generator.standard_normal(6007) * np.sqrt(0.5)

    def at(self, t: Vector) -> Vector:
        """Unit variance, shape of ``t``; one value a millisecond."""
        ms = np.floor(t * 1000 + 0.137).astype(np.int64)  # off the grid of common sample rates: rounding never tips it
        return np.asarray(self._first[ms % 8191] + self._second[ms % 6007])


def ecg_mv(t: Vector, line: Timeline, noise: Noise) -> Vector:
    """Lead II, mV: all waves of the beat before each sample and of the beat after it."""
    k = np.searchsorted(line.beat_s, t, side="right") - 1
    before, after = line.beat_s[k], line.beat_s[k + 1]
    stretch = np.where(_STRETCHED, np.sqrt(after - before), 1.0)
    centre, width = _CENTRE * stretch, _WIDTH * stretch
    waves = _gaussians(t - before, centre, width) + _gaussians(t - after, centre, width)
    wander = ECG_WANDER_MV * np.sin(2 * np.pi * _breath_phase(t, line))
    return np.asarray(_AMPLITUDE @ waves + wander + ECG_NOISE_MV * noise.at(t))


def _gaussians(x: Vector, centre: Vector, width: Vector) -> Vector:
    z = (x - centre) / width
    return np.asarray(np.exp(-0.5 * z * z))


def pleth(t: Vector, line: Timeline, noise: Noise) -> Vector:
    """Finger pulse, 0…1 of full scale: each foot ``PULSE_DELAY_S`` after its R peak."""
    shifted = t - PULSE_DELAY_S
    k = np.searchsorted(line.beat_s, shifted, side="right") - 1
    foot = line.beat_s[k]
    pulse = np.interp((shifted - foot) / (line.beat_s[k + 1] - foot), _PULSE_X, _PULSE)
    breathing = PLETH_BREATHING * np.sin(2 * np.pi * _breath_phase(t, line))
    return np.asarray(PLETH_REST + PLETH_HEIGHT * line.beat_strength[k] * pulse + breathing + PLETH_NOISE * noise.at(t))


def capnogram_mmhg(t: Vector, line: Timeline, _: Noise) -> Vector:
    """Carbon dioxide at the airway: 0 while breathing in, and a plateau that ends at the breath's end-tidal value."""
    k = np.searchsorted(line.breath_s, t, side="right") - 1
    since = t - line.breath_s[k]
    inspired = line.inspired_s[k]
    expiring = since - inspired
    length = line.breath_s[k + 1] - line.breath_s[k] - inspired
    up = _smooth((expiring - DEAD_SPACE_S) / UPSTROKE_S)
    plateau = line.plateau_mmhg[k] * up * (PLATEAU_BEGINS + (1 - PLATEAU_BEGINS) * np.clip(expiring / length, 0, 1))
    return np.asarray(plateau + line.plateau_mmhg[k - 1] * (1 - _smooth(since / DOWNSTROKE_S)))


def impedance_ohm(t: Vector, line: Timeline, noise: Noise) -> Vector:
    """Chest impedance against its resting value: up with each inspiration, back with each expiration."""
    k = np.searchsorted(line.breath_s, t, side="right") - 1
    since = t - line.breath_s[k]
    inspired = line.inspired_s[k]
    emptying = EMPTYING_SHARE * (line.breath_s[k + 1] - line.breath_s[k] - inspired)
    chest = _smooth(since / inspired) - _smooth((since - inspired) / emptying)
    return np.asarray(IMPEDANCE_OHM * line.depth[k] * chest + IMPEDANCE_NOISE_OHM * noise.at(t))


def _breath_phase(t: Vector, line: Timeline) -> Vector:
    k = np.searchsorted(line.breath_s, t, side="right") - 1
    begin = line.breath_s[k]
    return np.asarray((t - begin) / (line.breath_s[k + 1] - begin))


def _smooth(x: Vector) -> Vector:
    """0 before 0, 1 after 1, a smooth step between."""
    y = np.clip(x, 0.0, 1.0)
    return np.asarray(y * y * (3.0 - 2.0 * y))
