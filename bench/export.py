"""Export of a four-hour case: 20 numerics a second and two waveforms; and reading a long stretch back.

``python -m bench.export [--hours 4] [--runs 3]`` prints one JSON object; medians over the runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.recorder import START, WAVE, case_start, second
from clinical.metrics import HEART_RATE
from storage.cases import open_case
from storage.export.case_csv import export_case
from storage.export.cells import CaseClock
from storage.export.numerics_sheets import NUMERICS_SHEET, WIDE_SHEET
from storage.export.sheet import Source, write_sheet
from storage.export.veil import Veil
from storage.recorder import Recorder


def recorded(path: Path, hours: float) -> str:
    recorder = Recorder(f"sqlite:///{path}")
    recorder.open()
    recorder.keep(case_start())
    samples = np.random.default_rng(3).integers(-2000, 2000, (8, 500), dtype=np.int16)
    for number in range(round(hours * 3600)):
        for outcome in second(number, samples):
            recorder.keep(outcome)
        if number % 60 == 0:
            recorder.commit()
    recorder.commit()
    recorder.close()
    return f"sqlite:///{path}"


def timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def run(address: str, folder: Path) -> dict[str, float]:
    with open_case(address, 1) as history:
        source = Source(history=history, clock=CaseClock(history.started, 0), veil=Veil())
        last = history.last()
        return {
            "numerics_csv_s": timed(lambda: write_sheet(folder, NUMERICS_SHEET, source)),
            "numerics_wide_csv_s": timed(lambda: write_sheet(folder, WIDE_SHEET, source)),
            "whole_export_s": timed(lambda: export_case(history, folder / "case", program_version="bench")),
            "one_metric_s": timed(lambda: history.numerics(HEART_RATE)),
            "one_waveform_s": timed(lambda: history.waveform(WAVE, START, last, channel="0")),
            "ten_minutes_s": timed(lambda: history.waveform(WAVE, START.plus(600), START.plus(1200), channel="0")),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        recording_s = time.perf_counter()
        address = recorded(folder / "case.sqlite", options.hours)
        recording_s = time.perf_counter() - recording_s
        results = [run(address, folder) for _ in range(options.runs)]
    medians = {name: round(statistics.median(result[name] for result in results), 3) for name in results[0]}
    what = f"{options.hours:g} h, 20 numerics a second, 8 x 500 Hz"
    print(json.dumps({"what": what, "recording_s": round(recording_s, 2), **medians, "limits": {"numerics_csv_s": 1.0}}))


if __name__ == "__main__":
    main()
