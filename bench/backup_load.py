"""What a backup costs the recorder: commits of a case under way, with `bedside backup` beside it and without, in turns.

``python -m bench.backup_load [--backups 8] [--fill-s 600] [--folder DIR]`` prints one JSON object.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.recorder import CHANNELS, RATE_HZ, case_start, second
from bench.report import Figure, Peer, percentile, report
from bench.running import ROOT, as_installed
from storage.recorder import Recorder

HOW = (
    "A case of 8 × 500 Hz, 20 numerics a second and a pump ({megabytes:.0f} MB when begun) is recorded on, a commit each {pace_ms:.0f} ms "
    "(ten times what a case needs); meanwhile `bedside backup` copies and checks the whole database, {backups} times, with as many "
    "stretches of the same length without it between. {with_count} commits with, {without_count} without."
)
PACE_S = 0.1


class Case:
    """A recorder at work; each turn is a second of case, committed."""

    def __init__(self, path: Path) -> None:
        self._random = np.random.default_rng(7)
        self._number = 0
        self._recorder = Recorder(f"sqlite:///{path}")
        self._recorder.open()
        self._recorder.keep(case_start())

    def commit(self) -> float:
        """Milliseconds that the commit took."""
        for outcome in second(self._number, self._random.integers(-2000, 2000, (CHANNELS, RATE_HZ), dtype=np.int16)):
            self._recorder.keep(outcome)
        self._number += 1
        before = time.perf_counter_ns()
        self._recorder.commit()
        return (time.perf_counter_ns() - before) / 1e6

    def close(self) -> None:
        self._recorder.close()


def paced(case: Case, go_on: Callable[[], bool]) -> list[float]:
    took = []
    while go_on():
        due = time.monotonic() + PACE_S
        took.append(case.commit())
        time.sleep(max(0.0, due - time.monotonic()))
    return took


def turns(folder: Path, case: Case, backups: int) -> tuple[list[float], list[float], list[float]]:
    """Commits with a backup beside them, commits without, and how long each backup took."""
    beside, alone, seconds = [], [], []
    for number in range(backups):
        words = [sys.executable, "-m", "app", "--database", f"sqlite:///{folder / 'a.sqlite'}", "backup", str(folder / f"b{number}.sqlite")]
        began = time.monotonic()
        copying = subprocess.Popen(words, cwd=ROOT, env=as_installed(), stdout=subprocess.DEVNULL)
        beside += paced(case, lambda copying=copying: copying.poll() is None)
        if copying.returncode:
            raise SystemExit(f"the backup failed ({copying.returncode})")
        seconds.append(time.monotonic() - began)
        until = time.monotonic() + seconds[-1]
        alone += paced(case, lambda until=until: time.monotonic() < until)
        (folder / f"b{number}.sqlite").unlink()
    return beside, alone, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backups", type=int, default=8)
    parser.add_argument("--fill-s", type=int, default=600, help="seconds of case in the database before the first backup")
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        folder = Path(place)
        case = Case(folder / "a.sqlite")
        for _ in range(options.fill_s):
            case.commit()
        megabytes = (folder / "a.sqlite").stat().st_size / 1e6
        beside, alone, seconds = turns(folder, case, options.backups)
        case.close()
    figures = [
        Figure(
            what="commit during a backup, p99",
            value=percentile(beside, 99),
            unit="ms",
            limit=50,
            peer=Peer(what="without", value=percentile(alone, 99)),
        ),
        Figure(
            what="commit during a backup, p50",
            value=percentile(beside, 50),
            unit="ms",
            peer=Peer(what="without", value=percentile(alone, 50)),
        ),
        Figure(what="commit during a backup, longest", value=max(beside), unit="ms", peer=Peer(what="without", value=max(alone))),
        Figure(what="backup, with its check", value=percentile(seconds, 50), unit="s"),
    ]
    counts = {"with_count": len(beside), "without_count": len(alone)}
    report("backup_load", HOW.format(megabytes=megabytes, pace_ms=1000 * PACE_S, backups=options.backups, **counts), figures)


if __name__ == "__main__":
    main()
