"""Makes each single write of a case's database fail, one run after another, with EIO and with ENOSPC; counts what was lost.

``python -m bench.failing_disk [--seconds 12] [--every 1] [--many 1 -1]`` prints one JSON object; exit status 1 if anything acknowledged is
missing, at that moment or in the end, if the record is not sound, or if the recorder said anything but that it could not write. The
disk is one that fails when told to (``failing_disk_shim``; Linux with a C compiler): write, truncate and sync calls below SQLite. The
recorder checkpoints after 40 pages here instead of 1000, so that those writes come too.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from bench.failing_disk_shim import Disk, NoCompilerError, built
from bench.recorder import START, case_start, second
from clinical.commands import EndCase, EventKind, RecordEvent
from clinical.messages import FromOperator, Outcome
from storage.cases import faults_of, open_case
from storage.errors import StoreError, StoreFullError, StoreRefusedError, StoreUnreachableError
from storage.recorder import Recorder

ROOT = Path(__file__).parents[1]
ERRORS = ("EIO", "ENOSPC")
CHECKPOINT_PAGES = 40
TRIES_WHILE_ILL = 3
"""How often the recorder tries in vain before a disk that fails for good is mended."""
TOLD = {"EIO": (StoreRefusedError, StoreUnreachableError), "ENOSPC": (StoreFullError, StoreRefusedError, StoreUnreachableError)}
"""What a failed write may be told as; SQLite calls a full disk an input/output error where it is no row that does not fit."""


@dataclass
class Losses:
    """What failing writes cost. ``runs``: cases recorded; in each the write of another number failed."""

    writes_of_a_case: int = 0
    runs: int = 0
    failed_writes: int = 0
    failures_told: int = 0
    acknowledged_lost: int = 0
    lost_in_the_end: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        return bool(self.acknowledged_lost or self.lost_in_the_end or self.faults)


class Case:
    """One case recorded onto the failing disk: what the recorder acknowledged, and what came of its failures."""

    def __init__(self, database: Path, disk: Disk, error: str, losses: Losses) -> None:
        self._database, self._disk, self._error, self._losses = database, disk, error, losses
        self._recorder = Recorder(f"sqlite:///{database}", boot_id="one boot")
        self._kept = self._acknowledged = 0

    def record(self, seconds: int) -> None:
        """All of it, whatever fails."""
        self._until_done(self._open)
        self._recorder.keep(case_start())
        samples = np.random.default_rng(7).integers(-2000, 2000, (8, 500), dtype=np.int16)
        for number in range(seconds):
            for outcome in _second(number, samples):
                self._recorder.keep(outcome)
            self._kept = number + 1
            self._once()
        self._recorder.keep(_end(seconds))
        self._until_done(self._recorder.commit)
        self._recorder.close()  # which puts the log into the database: that may fail too

    def _open(self) -> None:
        self._recorder.open()
        connection = self._recorder._connection  # noqa: SLF001 (a case of a few seconds is too short for the recorder's own checkpoints)
        assert connection is not None  # noqa: S101 - for the type checker; it was opened
        with connection.begin():
            connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def _once(self) -> None:
        """A commit as the recorder's thread has it: what fails is tried again with the next second."""
        try:
            self._recorder.commit()
            self._acknowledged = self._kept
            self._recorder.put_together()
        except StoreError as told:
            self._take(told)

    def _until_done(self, act: object) -> None:
        assert callable(act)  # noqa: S101 - for the type checker
        for tried in range(1, 100):
            try:
                act()
            except StoreError as told:
                self._take(told)
                if tried >= TRIES_WHILE_ILL:
                    self._disk.heal()
            else:
                return
        self._losses.faults.append("a mended disk was not written")

    def _take(self, told: StoreError) -> None:
        """A failure: told as what it is, and what was acknowledged is there for whoever opens what a killed program would leave."""
        self._losses.failures_told += 1
        if not isinstance(told, TOLD[self._error]):
            self._losses.faults.append(f"told as {type(told).__name__}: {told}")
        if self._acknowledged:
            self._losses.acknowledged_lost += self._missing_in_a_copy()

    def _missing_in_a_copy(self) -> int:
        copy = self._database.with_name("left") / self._database.name
        shutil.rmtree(copy.parent, ignore_errors=True)
        copy.parent.mkdir()
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{self._database}{suffix}", f"{copy}{suffix}")
        return len(missing(copy, self._acknowledged, self._losses))


def missing(database: Path, upto: int, losses: Losses) -> set[str]:
    """Notes of the first seconds that are not in the record; what else is wrong with it is a fault."""
    address = f"sqlite:///{database}"
    losses.faults += faults_of(address)
    with open_case(address, 1) as history:
        texts = {kept.command.text for kept in history.events() if isinstance(kept.command, RecordEvent)}
    return {f"event {number}" for number in range(upto)} - texts


def _second(number: int, samples: np.ndarray) -> Iterator[Outcome]:
    yield from second(number, samples)
    at = START.plus(number + 0.95)
    yield Outcome(message=FromOperator(at, RecordEvent(kind=EventKind.NOTE, event_at=at, text=f"event {number}")))


def _end(seconds: int) -> Outcome:
    return Outcome(message=FromOperator(START.plus(seconds), EndCase(reason="finished")), ended=True)


def run(folder: Path, disk: Disk, *, seconds: int, every: int, many: list[int]) -> Losses:
    """In a process that has the disk preloaded."""
    losses = Losses()
    database = folder / "case.sqlite"
    losses.writes_of_a_case = _one(database, disk, "EIO", losses, seconds)
    for error in ERRORS:
        for how_many in many:
            for number in range(1, losses.writes_of_a_case + 1, every):
                disk.fail(getattr(errno, error), first=number, many=how_many)
                _one(database, disk, error, losses, seconds)
                losses.failed_writes += disk.failed
                if not disk.failed:
                    losses.faults.append(f"write {number} was never made, so it could not fail")
    return losses


def _one(database: Path, disk: Disk, error: str, losses: Losses, seconds: int) -> int:
    """How many writes the case took."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    losses.runs += 1
    before = disk.writes
    Case(database, disk, error, losses).record(seconds)
    took = disk.writes - before
    disk.heal()
    losses.lost_in_the_end += len(missing(database, seconds, losses))
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=12, help="of case in each run")
    parser.add_argument("--every", type=int, default=1, help="lets only every so manyth write fail")
    parser.add_argument("--many", type=int, nargs="+", default=[1, -1], help="how many fail in a row; -1: all, until the disk is mended")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside is not None:
        disk = Disk(options.inside / "control")
        losses = run(options.inside, disk, seconds=options.seconds, every=options.every, many=options.many)
        print(json.dumps({"what": "each write of a case's database failed once", **asdict(losses)}))
        sys.exit(1 if losses.bad else 0)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(_inside(Path(folder)))


def _inside(folder: Path) -> int:
    """This command once more, with the disk preloaded."""
    try:
        library = built(folder)
    except NoCompilerError as why:
        sys.stderr.write(f"{why}\n")
        return 2
    disk = Disk(folder / "control", new=True)
    line = [sys.executable, "-m", "bench.failing_disk", *sys.argv[1:], "--inside", str(folder)]
    return subprocess.run(line, env=os.environ | disk.environment(library, folder / "case.sqlite"), cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main()
