"""What the tests of the line-bound oximeters share: a finger that can lose its pulse, recordings, splits and damage. Knows no driver."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from clinical.metrics import PERFUSION_INDEX, PULSE_RATE, SPO2
from clinical.observations import WaveformBlock
from tests.devices.fake_rack import START, Bench, FakeBedside, only, pleth_of

CAPTURES = Path(__file__).parents[2] / "captures"
VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"


def vectors(*parts):
    """A file of vectors that may not be copied into the tree; skips where it is absent."""
    path = VECTORS.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path.name} has no licence to be kept in this tree, and is not beside it")
    return path


class Finger(FakeBedside):
    """Off, searched for a pulse, or read."""

    def __init__(self):
        super().__init__()
        self.beating = True

    def samples(self, metric, since, count, rate_hz):
        if self.values[SPO2] is not None or not self.beating:
            return super().samples(metric, since, count, rate_hz)
        return np.full(count, 0.5)

    def read(self, spo2=97.0, pulse=72.0, perfusion=2.0):
        self.values.update({SPO2: spo2, PULSE_RATE: pulse, PERFUSION_INDEX: perfusion})
        self.beating = True

    def off(self):
        self.read(None, None, None)
        self.beating = False

    def search(self):
        self.read(None, None, None)


COURSE = (
    (0.0, Finger.read),
    (0.3, lambda finger: finger.read(84.0, 45.0)),
    (0.45, lambda finger: finger.read(95.0, 151.0, 0.2)),
    (0.55, Finger.off),
    (0.75, Finger.search),
    (0.9, Finger.read),
)
"""Share of the recording → what befalls the finger then."""


def live_through(bench, seconds, course=COURSE):
    """Runs a bench through the course; gives all that was told."""
    told = []
    for (share, befall), (until, _) in pairwise((*course, (1.0, None))):
        befall(bench.bedside)
        told += bench.run(seconds * (until - share))
    return told


def frozen(observation):
    """An observation as something that compares."""
    return tuple(getattr(observation, field.name) for field in fields(observation)) if is_dataclass(observation) else observation


def heard(protocol, data, cuts=()):
    """Everything told, with the pleth as one row, whatever pieces the bytes came in."""
    told = []
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    for start, end in pairwise(edges):
        told += protocol.receive(data[start:end], START)
    rest = [frozen(seen) for seen in told if not isinstance(seen, WaveformBlock)]
    return rest, pleth_of(told), protocol.bad_frames, protocol.identity


def mutated(stream, seed, rate=0.01):
    """A stream with some bytes flipped, dropped and put in."""
    chance = random.Random(seed)
    out = bytearray()
    for byte in stream:
        draw = chance.random()
        if draw < rate:
            continue
        if draw < 2 * rate:
            out.append(chance.randrange(256))
        out.append(byte ^ (1 << chance.randrange(8)) if draw > 1 - rate else byte)
    return bytes(out)


def numbers(kind, told):
    """(metric, value, validity, reason) of each numeric."""
    return [(seen.metric, seen.value, seen.validity, seen.reason) for seen in only(kind, told)]


def chunks_of(driver, variant, seconds=75.0):
    """What the simulator says, in the pieces in which it says it."""
    finger = Finger()
    bench = Bench(finger, driver.simulator(finger, variant), driver.protocol(variant))
    live_through(bench, seconds)
    return [data for _, data in bench.heard]
