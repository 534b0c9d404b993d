"""Cases as chance has them, and what is true of them: for round trips through formats of files. The same seed gives the same case."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from clinical.commands import EventKind, Patient, RecordAssessment, RecordEvent
from clinical.instant import Instant
from clinical.messages import FromDevice, Gap, Outcome, Tick
from clinical.metrics import CATALOGUE, CO2, ECG_II, HEART_RATE, NIBP_DIA, NIBP_SYS, PLETH, SPO2, TEMPERATURE, Metric
from clinical.observations import MISSING_SAMPLE, Numeric, Validity, WaveformBlock, read_only_steps
from tests.storage.made_case import START, command, made_setup, pump, record, start

RATES_HZ = (25.0, 62.5, 75.0, 100.0, 125.0, 250.0, 300.0, 59.94)
SCALES = (0.002, 1 / 204.8, 0.0125, 1e-4, 0.5, 1 / 3)
WORDS = ("=1+1", "@SUM(A1)", "-5", "+4", 'say "x", then', "Übelkeit, µg", "two\nlines", "SpO₂ ≥ 90 %", "a|b^c&d~e\\f", "x" * 700, "日本語")
WAVES = (ECG_II, PLETH, CO2)
NUMERICS = (HEART_RATE, SPO2, TEMPERATURE, NIBP_SYS, NIBP_DIA)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One source of samples: ``at_s`` and ``steps`` of every sample that is there, in order."""

    metric: Metric
    device: str
    channel: str
    rate_hz: float
    unit_per_step: float
    unit_at_zero: float
    at_s: np.ndarray
    steps: np.ndarray

    @property
    def values(self) -> np.ndarray:
        return self.steps * self.unit_per_step + self.unit_at_zero


@dataclass(kw_only=True)
class RandomCase:
    """A case in a database and what is true of it; ``seconds`` maps metric and channel to second → value shown."""

    address: str
    seed: int
    waves: list[Wave] = field(default_factory=list)
    numerics: list[tuple[float, Metric, str, str, float | None, Validity, bool]] = field(default_factory=list)
    notes: int = 0

    @property
    def seconds(self) -> dict[tuple[Metric, str], dict[int, float]]:
        found: dict[tuple[Metric, str], dict[int, float]] = {}
        for at_s, metric, _device, channel, value, _validity, shown in self.numerics:
            if shown and value is not None:
                found.setdefault((metric, channel), {})[int(at_s)] = value
        return found


def random_case(folder: Path, seed: int) -> RandomCase:
    chance = random.Random(seed)
    case = RandomCase(address="", seed=seed)
    length_s = chance.randint(6, 16)
    timed = [*_waves(case, chance, length_s), *_numerics(case, chance, length_s), *_happenings(case, chance, length_s)]
    outcomes = [outcome for _, outcome in sorted(timed, key=lambda pair: pair[0])]
    words = chance.choice(WORDS)[:20]
    setup = replace(made_setup(simulated=chance.random() < 0.5), patient=Patient(label=words, sex=chance.choice(("f", "m", ""))))
    case.address = record(folder / f"{seed}.sqlite", iter([start(setup), *outcomes]), every=1000)
    case.notes += 1  # the command that began it
    return case


def _waves(case: RandomCase, chance: random.Random, length_s: int) -> Iterator[tuple[float, Outcome]]:
    for metric in chance.sample(WAVES, chance.randint(1, 3)):
        rate_hz, scale, zero = chance.choice(RATES_HZ), chance.choice(SCALES), chance.choice((0.0, 0.001, -7.25))
        device, channel = chance.choice(("monitor", "box 7")), chance.choice(("", "A1"))
        moments, samples = [], []
        at_s = chance.uniform(0, 2)
        while at_s < length_s:
            size = chance.randint(1, round(rate_hz))
            steps = np.random.default_rng(chance.randrange(1 << 30)).integers(-32767, 32768, size, dtype=np.int16)
            if chance.random() < 0.2:
                steps[: size // 2] = MISSING_SAMPLE
            validity = Validity.INVALID if chance.random() < 0.1 else Validity.VALID
            jitter_s = chance.uniform(-0.2, 0.2) / rate_hz
            at = START.plus(max(0.0, at_s + jitter_s))
            block = WaveformBlock(
                at=at,
                metric=metric,
                rate_hz=rate_hz,
                steps=read_only_steps(steps.copy()),
                unit_per_step=scale,
                unit_at_zero=zero,
                validity=validity,
                channel=channel,
            )
            yield at_s, Outcome(message=FromDevice(device, block), shown=block)
            here = steps != MISSING_SAMPLE
            if validity is Validity.VALID:
                moments.append((at_s + np.arange(size) / rate_hz)[here])
                samples.append(steps[here])
            at_s += size / rate_hz + (chance.uniform(1.5, 4) if chance.random() < 0.15 else 0.0)
        case.waves.append(
            Wave(
                metric=metric,
                device=device,
                channel=channel,
                rate_hz=rate_hz,
                unit_per_step=scale,
                unit_at_zero=zero,
                at_s=np.concatenate([np.zeros(0), *moments]),
                steps=np.concatenate([np.zeros(0, np.int16), *samples]),
            )
        )


def _numerics(case: RandomCase, chance: random.Random, length_s: int) -> Iterator[tuple[float, Outcome]]:
    for metric in chance.sample(NUMERICS, chance.randint(1, 5)):
        channel = chance.choice(("", "T1"))
        at_s = chance.uniform(0, 1)
        while at_s < length_s:
            at_ms = round(at_s * 1000) + 0.5  # never on the edge of a second
            at = START.plus(at_ms / 1000)
            valid = chance.random() < 0.8
            value = round(chance.uniform(metric.low, metric.high), metric.decimals) if valid else None
            shown = chance.random() < 0.8
            validity = chance.choice((Validity.VALID, Validity.QUESTIONABLE)) if valid else Validity.INVALID
            numeric = Numeric(
                at=at, metric=metric, value=value, validity=validity, channel=channel, reason="" if valid else chance.choice(WORDS)
            )
            case.numerics.append((at_ms / 1000, metric, "monitor", channel, value, validity, shown))
            yield at_s, Outcome(message=FromDevice("monitor", numeric), shown=numeric if shown else None)
            at_s += chance.uniform(0.3, 2.5)


def _happenings(case: RandomCase, chance: random.Random, length_s: int) -> Iterator[tuple[float, Outcome]]:
    for _ in range(chance.randint(0, 4)):
        at_s = chance.uniform(0.1, length_s)
        event = RecordEvent(
            kind=chance.choice((EventKind.NOTE, EventKind.MEDICATION)), event_at=START.plus(at_s), text=chance.choice(WORDS)
        )
        yield at_s, command(at_s, event)
        case.notes += 1
    if chance.random() < 0.5:
        yield (
            1.0,
            command(
                1.0, RecordAssessment(event_at=Instant(START.monotonic_ns, START.utc_ns), scores=(("RASS", -1),), note=chance.choice(WORDS))
            ),
        )
        case.notes += 1
    if chance.random() < 0.5:
        yield 0.6, pump(0)
        case.notes += 1
    if chance.random() < 0.3:
        gap = Gap(device="monitor", what="line", reason=chance.choice(WORDS), since=START.plus(2), until=START.plus(3))
        yield 3.0, Outcome(message=Tick(START.plus(3)), gaps=(gap,))
        case.notes += 1


assert set(NUMERICS) <= set(CATALOGUE.values())
