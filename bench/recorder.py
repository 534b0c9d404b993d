"""Recording against the floor: 8 × 500 Hz, 20 numerics and a pump, durable each second; raw append + fsync beside it.

``python -m bench.recorder [--seconds 300] [--runs 5] [--folder DIR]`` prints one JSON object; medians over the runs.
Both are fed the same samples in the same run, second by second in turns, on the same disk.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.report import Figure, Peer, report
from clinical.alarm_model import AlarmPreset
from clinical.commands import CaseSetup, Patient, StartCase
from clinical.instant import Instant
from clinical.messages import DoseReport, FromDevice, FromOperator, Outcome, Tick
from clinical.metrics import CATALOGUE
from clinical.observations import Numeric, PumpState, PumpStatus, WaveformBlock, read_only_steps
from clinical.orders import Order, Step
from storage.recorder import Recorder

HOW = (
    "Outcomes of a case with 8 × 500 Hz, 20 numerics a second and a pump report each 5 s, kept by the recorder and committed each second "
    "(SQLite, WAL, FULL); in turns with it, second by second on the same disk, the same samples appended to a file with fsync. "
    "{seconds} s a run, median of {runs} runs."
)
CHANNELS = 8
RATE_HZ = 500
BLOCKS_A_SECOND = 4
START = Instant(1_000_000_000_000, 1_772_352_000_000_000_000)
NUMERIC_METRICS = [row for row in CATALOGUE.values() if not row.waveform]
WAVE = next(row for row in CATALOGUE.values() if row.waveform)


def setup() -> CaseSetup:
    order = Order(name="bench", drug="ketamine", steps=(Step(rate_mg_per_h=10, earliest_min=0),), length_min=240, ceiling_mg_per_h=40)
    preset = AlarmPreset(name="none", limits=(), source="bench")
    return CaseSetup(
        uuid="bench",
        patient=Patient(label="bench"),
        bed="1",
        weight_kg=70,
        concentration_mg_per_ml=2,
        syringe_ml=50,
        order=order,
        preset=preset,
        source_order=("monitor", "pump"),
        simulated=True,
    )


def case_start() -> Outcome:
    return Outcome(message=FromOperator(START, StartCase(setup=setup())), case=setup())


def second(number: int, samples: np.ndarray) -> Iterator[Outcome]:
    """What one second of a case brings: blocks four times a second, numerics and ticks, a pump report each 5 s."""
    begin = START.plus(number)
    size = RATE_HZ // BLOCKS_A_SECOND
    for part in range(BLOCKS_A_SECOND):
        at = begin.plus(part / BLOCKS_A_SECOND)
        for channel in range(CHANNELS):
            steps = read_only_steps(samples[channel, part * size : (part + 1) * size])
            block = WaveformBlock(at=at, metric=WAVE, rate_hz=RATE_HZ, steps=steps, unit_per_step=0.001, channel=str(channel))
            yield Outcome(message=FromDevice("monitor", block), shown=block)
        yield Outcome(message=Tick(at))
    at = begin.plus(0.9)
    for place in range(20):
        metric = NUMERIC_METRICS[place % len(NUMERIC_METRICS)]
        numeric = Numeric(at=at, metric=metric, value=60.0 + number % 7 + place)
        yield Outcome(message=FromDevice("monitor", numeric), shown=numeric)
    if number % 5 == 0:
        pump = PumpStatus(at=at, channel="1", state=PumpState.INFUSING, rate_ml_per_h=5.0, infused_ml=number / 720)
        yield Outcome(message=FromDevice("pump", pump), dose=DoseReport(at=at, pump=pump, pump_device="pump", rate_mg_per_h=10.0))


def run(folder: Path, seconds: int) -> dict[str, float]:
    random = np.random.default_rng(7)
    recorder = Recorder(f"sqlite:///{folder / 'bench.sqlite'}")
    recorder.open()
    recorder.keep(case_start())
    recorder.commit()
    raw = os.open(folder / "raw.bin", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    cpu_ns, commits_ms, after_ms, raw_cpu_ns, raw_ms = 0, [], [], 0, []
    for number in range(seconds):
        samples = random.integers(-2000, 2000, (CHANNELS, RATE_HZ), dtype=np.int16)
        outcomes = list(second(number, samples))
        cpu_before = time.process_time_ns()
        for outcome in outcomes:
            recorder.keep(outcome)
            recorder.wants_commit(outcome)
        before = time.perf_counter_ns()
        recorder.commit()
        commits_ms.append((time.perf_counter_ns() - before) / 1e6)
        before = time.perf_counter_ns()
        recorder.put_together()
        after_ms.append((time.perf_counter_ns() - before) / 1e6)
        cpu_ns += time.process_time_ns() - cpu_before
        cpu_before, before = time.process_time_ns(), time.perf_counter_ns()
        os.write(raw, samples.tobytes())
        os.fsync(raw)
        raw_ms.append((time.perf_counter_ns() - before) / 1e6)
        raw_cpu_ns += time.process_time_ns() - cpu_before
    os.close(raw)
    recorder.close()
    stored = (folder / "bench.sqlite").stat().st_size
    return {
        "cpu_ms_a_second": cpu_ns / seconds / 1e6,
        "commit_p50_ms": float(np.percentile(commits_ms, 50)),
        "commit_p99_ms": float(np.percentile(commits_ms, 99)),
        "put_together_max_ms": max(after_ms),
        "raw_cpu_ms_a_second": raw_cpu_ns / seconds / 1e6,
        "raw_p50_ms": float(np.percentile(raw_ms, 50)),
        "raw_p99_ms": float(np.percentile(raw_ms, 99)),
        "commit_to_raw_p50": float(np.percentile(commits_ms, 50) / np.percentile(raw_ms, 50)),
        "bytes_a_sample": stored / (seconds * CHANNELS * RATE_HZ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    options = parser.parse_args()
    results = []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            results.append(run(Path(folder), options.seconds))
    medians = {name: round(statistics.median(result[name] for result in results), 3) for name in results[0]}
    raw = {name: Peer(what="raw append + fsync", value=medians[f"raw_{name}"]) for name in ("cpu_ms_a_second", "p50_ms", "p99_ms")}
    cpu, commit, ratio = (medians[name] for name in ("cpu_ms_a_second", "commit_p99_ms", "commit_to_raw_p50"))
    figures = [
        Figure(what="recording, CPU a second of case", value=cpu, unit="ms", limit=0.6, peer=raw["cpu_ms_a_second"]),
        Figure(what="commit, p99", value=commit, unit="ms", limit=10, peer=raw["p99_ms"]),
        Figure(what="commit p50 against raw append + fsync p50", value=ratio, unit="×", limit=3, peer=raw["p50_ms"]),
    ]
    report("recorder", HOW.format(runs=options.runs, seconds=options.seconds), figures, medians=medians)


if __name__ == "__main__":
    main()
