"""`bedside effectiveness` over a large simulated clinic: the whole command, and what of it is reading and counting. Prints JSON.

    python -m bench.effectiveness [--courses 1000] [--runs 3]

The clinic is made first, which is not measured: three days a course, ten entries a day, follow-ups.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.simulated_clinic import make_clinic
from bench.report import Figure, report
from bench.running import ROOT, as_installed
from clinical.assessments.effectiveness import effectiveness
from clinical.assessments.treated import linked
from storage.courses import treated_days

HOW = "{courses} simulated courses of three days in SQLite; the median of {runs} runs; the whole command is a process of its own."


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    before = clock()
    work()
    return clock() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--courses", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'clinic.sqlite'}"
        make_clinic(address, args.courses)
        words = [sys.executable, "-m", "app", "effectiveness", "--simulated", "--json", "--database", address]

        def command() -> None:
            subprocess.run(words, cwd=ROOT, env=as_installed(), check=True, stdout=subprocess.DEVNULL)

        def count() -> None:
            effectiveness(linked(treated_days(address)))

        command()
        count()
        whole = statistics.median(seconds(command, time.perf_counter) for _ in range(args.runs))
        inside = statistics.median(seconds(count, time.process_time) for _ in range(args.runs))
    what = f"effectiveness of {args.courses:,} courses"
    figures = (
        Figure(what=f"{what}, the whole command", value=whole, unit="s", limit=2.0),
        Figure(what=f"{what}, reading and counting", value=inside, unit="s CPU"),
    )
    report("effectiveness", HOW.format(courses=args.courses, runs=args.runs), figures)


if __name__ == "__main__":
    main()
