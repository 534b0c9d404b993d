"""Kills a recording process at random instants, again and again on one database, and counts what was lost.

``python -m bench.kill_recorder [--kills 200] [--seed 1]`` prints one JSON object; exit status 1 if anything acknowledged was lost.
Each process resumes the case of the one before it. SIGKILL is no power failure: what the kernel holds survives it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bench.recorder import RATE_HZ, START, case_start, second
from clinical.commands import EventKind, RecordEvent
from clinical.messages import FromOperator, Outcome
from storage.cases import faults_of, open_case, unfinished
from storage.errors import StoreUnreachableError
from storage.recorder import Recorder

SAMPLES = np.zeros((8, 500), np.int16)
FORK = multiprocessing.get_context("fork")  # a fresh interpreter for each kill would spend its life importing


@dataclass
class Losses:
    """What many kills cost. ``waveform_seconds_lost``: at most, after any one of them, counted from the last acknowledged second."""

    kills: int = 0
    acknowledged_seconds: int = 0
    events_lost: int = 0
    waveform_seconds_lost: int = 0
    faults: int = 0


def write(path: Path, first: int, told: Connection) -> None:
    """Records from second ``first`` on, and tells each second once it is durable. Ends only by being killed."""
    address = f"sqlite:///{path}"
    recorder = Recorder(address, boot_id="one boot")
    recorder.open()
    standing = unfinished(address)
    if standing:
        recorder.resume(standing[0].id, START.plus(first))
    else:
        recorder.keep(case_start())
    for number in range(first, first + 1_000_000):
        for outcome in second(number, SAMPLES):
            recorder.keep(outcome)
        at = START.plus(number + 0.95)
        recorder.keep(Outcome(message=FromOperator(at, RecordEvent(kind=EventKind.NOTE, event_at=at, text=f"event {number}"))))
        recorder.commit()
        told.send(number)


def kill_once(path: Path, first: int, after_s: float) -> int:
    """Lets a writer record from second ``first`` and kills it; gives the last second it said was durable (first - 1: none)."""
    listening, telling = FORK.Pipe(duplex=False)
    process = FORK.Process(target=write, args=(path, first, telling))
    process.start()
    telling.close()
    last, until = first - 1, time.monotonic() + after_s
    while (left := until - time.monotonic()) > 0:
        if listening.poll(left):
            last = listening.recv()
    process.kill()
    process.join()
    try:
        while True:
            last = listening.recv()
    except EOFError:  # all it said has been heard
        return last


def run(path: Path, kills: int, seed: int) -> Losses:
    dice = random.Random(seed)
    losses = Losses(kills=kills)
    first = 0
    for _ in range(kills):
        last = kill_once(path, first, dice.uniform(0, 0.4))
        count(path, first, last, losses)
        first = last + 2  # the second after the last may have been written without being acknowledged
    return losses


def count(path: Path, first: int, last: int, losses: Losses) -> None:
    """Looks for everything acknowledged from ``first`` to ``last``."""
    address = f"sqlite:///{path}"
    if last < first:
        losses.faults += len(_faults(address))
        return
    with open_case(address, 1) as history:
        texts = {kept.command.text for kept in history.events()}  # type: ignore[union-attr]
        stored = set()
        for segment in history.segments(history.started.plus(first - 0.5)):
            begins_s = (segment.at_mono_ns - history.started.monotonic_ns) / 1e9
            stored.update(range(int(begins_s), int(begins_s) + round(len(segment.steps) / RATE_HZ)))
    acknowledged = range(first, last + 1)
    losses.acknowledged_seconds += len(acknowledged)
    losses.events_lost += sum(f"event {second}" not in texts for second in acknowledged)
    losses.waveform_seconds_lost = max(losses.waveform_seconds_lost, sum(second not in stored for second in acknowledged))
    losses.faults += len(faults_of(address))


def _faults(address: str) -> list[str]:
    """Faults of a database that may not have been made yet when its writer was killed."""
    try:
        return faults_of(address)
    except StoreUnreachableError:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        losses = run(Path(folder) / "killed.sqlite", options.kills, options.seed)
    print(json.dumps({"what": "recorder killed with SIGKILL at random instants", **asdict(losses)}))
    sys.exit(1 if losses.events_lost or losses.faults or losses.waveform_seconds_lost else 0)


if __name__ == "__main__":
    main()
