"""Export of a four-hour case in each format: 20 numerics a second and eight waveforms of 500 Hz; and reading a long stretch back.

``python -m bench.export [--hours 4] [--runs 3] [--vitaldb-hours 1]`` prints one JSON object; medians over the runs. The case has
ended, so its waveforms lie in minutes; they are beats with noise, which must be unpacked. Beside the exports stands a probe: 100 MB
hashed and written plainly, which tells how fast the machine was just then.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import app as program  # noqa: F401 - keeps memory as the program does
from bench.history import samples_of_minutes
from bench.recorder import RATE_HZ, START, WAVE, case_start, second
from bench.report import Figure, Peer, report
from clinical.commands import EndCase
from clinical.messages import FromOperator, Outcome
from clinical.metrics import HEART_RATE
from storage.cases import open_case
from storage.export.case_folder import Terms, write_folder
from storage.export.cells import CaseClock
from storage.export.formats import FORMATS
from storage.export.numerics_sheets import NUMERICS_SHEET, WIDE_SHEET
from storage.export.sheet import Source, write_sheet
from storage.export.veil import Veil
from storage.history import CaseHistory
from storage.recorder import Recorder

HOW = (
    "A case of {hours} h that has ended: 20 numerics a second, a pump report each 5 s, 8 × 500 Hz of drawn beats with noise. From "
    "the open case to the finished folder with its manifest, in one process that has exported before; numerics.csv alone without a folder. "
    "Median of {runs} runs. vitaldb writes the same .vital file, which it holds in memory, as it does without further arguments."
)
LIMITED = (
    ("numerics_csv_s", "as CSV, its numerics", 1.0),
    ("edf_s", "as EDF+", 1.5),
    ("wfdb_s", "as WFDB", 1.5),
    ("parquet_s", "as Parquet", 1.0),
    ("vital_s", "as .vital", None),
    ("csv_s", "as CSV, all its sheets", None),
    ("bedside_s", "as the record itself", None),
)


def recorded(path: Path, hours: float) -> str:
    recorder = Recorder(f"sqlite:///{path}")
    recorder.open()
    recorder.keep(case_start())
    minutes = samples_of_minutes(5)
    lasts_s = round(hours * 3600)
    for number in range(lasts_s):
        minute, begin = minutes[number // 60 % len(minutes)], number % 60 * RATE_HZ
        for outcome in second(number, minute[:, begin : begin + RATE_HZ]):
            recorder.keep(outcome)
        if number % 60 == 0:
            recorder.commit()
            recorder.put_together()
    recorder.keep(Outcome(message=FromOperator(START.plus(lasts_s), EndCase(reason="bench")), ended=True))
    recorder.commit()
    recorder.close()
    return f"sqlite:///{path}"


def timed(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def probe_s(folder: Path) -> float:
    """How long it takes just now to hash and write 100 MB."""
    data = os.urandom(1 << 20)

    def write() -> None:
        digest = hashlib.sha256()
        with (folder / "probe").open("wb") as file:
            for _ in range(100):
                digest.update(data)
                file.write(data)

    return timed(write)


def run(address: str, folder: Path) -> dict[str, float]:
    with open_case(address, 1) as history:
        source = Source(history=history, clock=CaseClock(history.started, 0), veil=Veil())
        last = history.last()
        results = {
            "probe_s": probe_s(folder),
            "numerics_csv_s": timed(lambda: write_sheet(folder, NUMERICS_SHEET, source)),
            "numerics_wide_csv_s": timed(lambda: write_sheet(folder, WIDE_SHEET, source)),
            "one_metric_s": timed(lambda: history.numerics(HEART_RATE)),
            "one_waveform_s": timed(lambda: history.waveform(WAVE, START, last, channel="0")),
            "ten_minutes_s": timed(lambda: history.waveform(WAVE, START.plus(600), START.plus(1200), channel="0")),
        }
        return results | {f"{name}_s": exported(history, name, folder) for name in FORMATS}


def exported(history: CaseHistory, name: str, folder: Path) -> float:
    return timed(lambda: write_folder(FORMATS[name], history, folder / name, Terms(program_version="bench")))


def vital_times_faster(folder: Path, hours: float) -> float:
    """The same .vital file by vitaldb's own writer, against ours; of a shorter case, for theirs takes minutes."""
    with warnings.catch_warnings(action="ignore"):
        import vitaldb

    with open_case(recorded(folder / "short.sqlite", hours), 1) as history:
        ours_s = min(exported(history, "vital", folder / "short") for _ in range(3))
    with warnings.catch_warnings(action="ignore"):
        file = vitaldb.VitalFile(str(folder / "short" / "vital" / "case.vital"))
        theirs_s = timed(lambda: file.to_vital(str(folder / "theirs.vital")))
    return theirs_s / ours_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--vitaldb-hours", type=float, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        address = recorded(folder / "case.sqlite", options.hours)
        results = [run(address, folder) for _ in range(options.runs)]
        faster = vital_times_faster(folder, options.vitaldb_hours)
    medians = {name: statistics.median(result[name] for result in results) for name in results[0]}
    probe = Peer(what="100 MB hashed and written", value=round(medians.pop("probe_s"), 3))
    figures = [
        Figure(what=f"{options.hours:g} h {told}", value=medians.pop(name), unit="s", limit=limit, peer=probe)
        for name, told, limit in LIMITED
    ]
    peer = f"a .vital file of {options.vitaldb_hours:g} h, times faster than vitaldb's own writer"
    figures.append(Figure(what=peer, value=faster, unit="×", limit=20, at_least=True))
    report("export", HOW.format(hours=f"{options.hours:g}", runs=options.runs), figures, further_s=medians)


if __name__ == "__main__":
    main()
