"""How fast the simulated patient runs: all waveforms in small pieces, and numerics alone. Prints JSON.

Run: python -m bench.patient_speed [--seconds 600] [--piece 0.25]
"""

import argparse
import time

from bench.report import Figure, median, report
from clinical.instant import Instant
from clinical.metrics import CO2, ECG_II, PLETH, SPO2
from devices.patient import scenarios
from devices.patient.bedside import Bedside

START = Instant(0, 1_772_352_000_000_000_000)
STREAMS = ((ECG_II, 300.0), (PLETH, 100.0), (PLETH, 75.0), (CO2, 25.0))
RUNS = 5
HOW = "The simulated patient alone ({streams}), {seconds:g} s of the stepped day, CPU time, median of {runs} runs."


def with_waveforms(seconds: float, piece_s: float) -> float:
    """CPU seconds for that much of the stepped day, every stream asked for in pieces."""
    bedside = Bedside(scenarios.load("stepped-day"), 1, START)
    sent = [0] * len(STREAMS)
    begun = time.process_time()
    for step in range(1, int(seconds / piece_s) + 1):
        bedside.advance(START.plus(step * piece_s))
        for i, (metric, rate_hz) in enumerate(STREAMS):
            until = int(step * piece_s * rate_hz)
            bedside.samples(metric, START.plus(sent[i] / rate_hz), until - sent[i], rate_hz)
            sent[i] = until
    return time.process_time() - begun


def numerics(seconds: float) -> float:
    """CPU seconds for that much, one number asked for each second."""
    bedside = Bedside(scenarios.load("stepped-day"), 1, START)
    begun = time.process_time()
    for second in range(1, int(seconds) + 1):
        bedside.advance(START.plus(second))
        bedside.value(SPO2)
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    args = parser.parse_args()
    pieces = {piece: [args.seconds / with_waveforms(args.seconds, piece) for _ in range(RUNS)] for piece in (0.25, 1.0)}
    numbers = [args.seconds / numerics(args.seconds) for _ in range(RUNS)]
    unit = "× real time"
    figures = [
        *(
            Figure(what=f"patient, waveforms in pieces of {p:g} s", value=median(row), unit=unit, limit=300, at_least=True)
            for p, row in pieces.items()
        ),
        Figure(what="patient, one number a second", value=median(numbers), unit=unit),
    ]
    streams = ", ".join(f"{metric.id} {rate_hz:g} Hz" for metric, rate_hz in STREAMS)
    report("patient_speed", HOW.format(seconds=args.seconds, runs=RUNS, streams=streams), figures)


if __name__ == "__main__":
    main()
