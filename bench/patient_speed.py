"""How fast the simulated patient runs: all waveforms in small pieces, and numerics alone. Prints JSON.

Run: python bench/patient_speed.py [--seconds 600] [--piece 0.25]
"""

import argparse
import json
import platform
import statistics
import time

from clinical.instant import Instant
from clinical.metrics import CO2, ECG_II, PLETH, SPO2
from devices.patient import scenarios
from devices.patient.bedside import Bedside

START = Instant(0, 1_772_352_000_000_000_000)
STREAMS = ((ECG_II, 300.0), (PLETH, 100.0), (PLETH, 75.0), (CO2, 25.0))
RUNS = 5


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
    rows = {f"waveforms_in_pieces_of_{p}_s": [args.seconds / with_waveforms(args.seconds, p) for _ in range(RUNS)] for p in (0.25, 1.0)}
    rows["numerics"] = [args.seconds / numerics(args.seconds) for _ in range(RUNS)]
    result = {
        "what": "simulated patient, times real time on one core (CPU time), median of runs",
        "python": platform.python_version(),
        "aim": {"waveforms": 300},
        "streams": [f"{metric.id} {rate_hz:g} Hz" for metric, rate_hz in STREAMS],
        "times_real_time": {name: {"median": round(statistics.median(v)), "runs": [round(x) for x in v]} for name, v in rows.items()},
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
