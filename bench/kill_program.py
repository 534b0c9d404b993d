"""Kills the whole program at random instants of a case, again and again: core, display or both; counts what was lost.

``python -m bench.kill_program [--kills 50] [--seed 1] [--folder DIR]`` prints one JSON object; exit status 1 if anything that was shown
as kept is not in the record, or the record is not sound. The real program on an offscreen window (Linux). SIGKILL is no power failure:
what the kernel holds survives it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from bench.report import Figure, percentile, report
from bench.running import ROOT, as_installed
from clinical.metrics import ECG_II
from storage.cases import faults_of, open_case
from storage.history import CaseHistory

HOW = (
    "The real program, core and offscreen display, in a demonstrated case; an entry (notes and medications in turns) each 0.3 s by the "
    "display's own way. SIGKILL at a random instant 0.5 to 3.5 s after live numbers (of the display 11 s later): {counts}. After the death "
    "of both the program is started anew and its one tap to resume made. Times to live numbers are from the kill, or from that start."
)
WITNESS = Path(__file__).parent / "kill_witness"
PATIENCE_S = 120.0
SETTLED_S = 1.5
"""What was told longer ago than a commit and a turn of the loop must be in the record whatever happens."""
TAKEN_UP_WITHIN_S = 1.0
SETTLED_DISPLAY_S = 11.0
"""A display that dies again sooner counts as one that cannot be started, and is tried once a minute; that is not what is measured."""
TARGETS = ("core", "display", "both")
Told = dict[str, object]


@dataclass
class Losses:
    """What many kills cost."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TARGETS, 0))
    entries_confirmed: int = 0
    entries_lost: int = 0
    alarms_told: int = 0
    alarms_lost: int = 0
    given_fell: int = 0
    faults: list[str] = field(default_factory=list)
    live_after_s: dict[str, list[float]] = field(default_factory=lambda: {target: [] for target in TARGETS})
    waveform_lost_s: dict[str, list[float]] = field(default_factory=lambda: {target: [] for target in TARGETS})

    @property
    def bad(self) -> bool:
        return bool(self.entries_lost or self.alarms_lost or self.given_fell or self.faults)


class Program:
    """The two processes, however often they are started, and what their displays tell."""

    def __init__(self, folder: Path) -> None:
        self.database = f"sqlite:///{folder / 'cases.sqlite'}"
        self._log = folder / "told.jsonl"
        self._log.touch()
        self._read = 0
        self.told: list[Told] = []
        self._started: list[subprocess.Popen[bytes]] = []
        self._environment = as_installed() | {
            "QT_QPA_PLATFORM": "offscreen",
            "BEDSIDE_WINDOW": "1366x768",
            "BENCH_KILL_LOG": str(self._log),
            "PYTHONPATH": os.pathsep.join([str(WITNESS), str(ROOT)]),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "TMPDIR": str(folder),
        }

    def start(self, *words: str) -> None:
        command = [sys.executable, "-m", "app", *words, "--database", self.database]
        self._started.append(subprocess.Popen(command, env=self._environment, cwd=ROOT, stderr=subprocess.DEVNULL))

    def hear(self) -> list[Told]:
        """What was told since last asked; a line that is being written is left for later."""
        with self._log.open("rb") as file:
            file.seek(self._read)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        news = [json.loads(line) for line in whole.splitlines()]
        self.told += news
        for process in self._started:
            process.poll()
        return news

    def until_live(self, since: float) -> float:
        """Waits for a number that was measured after a moment; when it was shown. Raises TimeoutError."""
        limit = time.time() + PATIENCE_S
        while time.time() < limit:
            for told in self.hear():
                if told["what"] == "number" and float(str(told["utc"])) > since and told["value"] is not None:
                    return float(str(told["at"]))
            time.sleep(0.02)
        raise TimeoutError(f"no live number within {PATIENCE_S:g} s; last told: {self.told[-5:]}")

    def number_of(self, target: str) -> int:
        """Of the process that was heard last."""
        if target == "core":
            return next(int(str(told["number"])) for told in reversed(self.told) if told["what"] == "core")
        return int(str(self.told[-1]["process"]))

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("BENCH_KILL_LOG") == str(self._log):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def end(self) -> None:
        """Kills all of it; stopped first, so that neither side starts the other anew."""
        for sent in (signal.SIGSTOP, signal.SIGKILL):
            for process in [*self.processes(), *self.processes()]:
                try:
                    process.send_signal(sent)
                except psutil.NoSuchProcess:
                    continue
        for process in self._started:
            process.wait()
        self.hear()


def kill(program: Program, target: str) -> float:
    """The moment of the kill."""
    if target == "both":
        at = time.time()
        program.end()
        return at
    number, at = program.number_of(target), time.time()
    os.kill(number, signal.SIGKILL)
    return at


def run(folder: Path, kills: int, seed: int) -> Losses:
    dice, losses, program = random.Random(seed), Losses(), Program(folder)
    try:
        program.start("demo", "--scenario", "occlusion")
        program.until_live(0.0)
        for number in range(kills):
            target = dice.choice(TARGETS)
            try:
                one_kill(program, losses, target, dice.uniform(0.5, 3.5) + (SETTLED_DISPLAY_S if target == "display" else 0.0))
            except TimeoutError as error:  # what was told until then is counted all the same
                losses.faults.append(f"kill {number + 1}, {target}: {str(error)[:60]}")
                break
            print(f"{number + 1}/{kills} {target}: live after {losses.live_after_s[target][-1]:.1f} s", file=sys.stderr, flush=True)
        time.sleep(SETTLED_S)
    finally:
        program.end()
    count(program, losses)
    return losses


def one_kill(program: Program, losses: Losses, target: str, after_s: float) -> None:
    until = time.time() + after_s
    while time.time() < until:
        program.hear()
        time.sleep(0.01)
    seen = last_block(program.told)
    at = kill(program, target)
    losses.kills[target] += 1
    if target == "both":
        losses.faults += faults_of(program.database)
        at = time.time()
        program.start()
    losses.live_after_s[target].append(program.until_live(at) - at)
    losses.waveform_lost_s[target].append(seen)  # judged at the end, against the record


def last_block(told: list[Told]) -> float:
    """Where the last ECG that was told ends; the room's clock."""
    return max((float(str(one["until"])) for one in told[-400:] if one["what"] == "block" and one["metric"] == ECG_II.id), default=0.0)


def count(program: Program, losses: Losses) -> None:
    """Holds what was told against the record."""
    losses.faults += faults_of(program.database)
    confirmed = {str(told["text"]) for told in program.told if told["what"] == "kept"}
    alarms = {(str(told["condition"]), str(told["presence"]), int(str(told["utc_ns"]))) for told in program.told if told["what"] == "alarm"}
    with open_case(program.database, 1) as history:
        texts = {kept.command.text for kept in history.events() if hasattr(kept.command, "text")}
        kept_alarms = {(one.alarm.condition, one.alarm.presence.value, one.at.utc_ns) for one in history.transitions()}
        for moments in losses.waveform_lost_s.values():
            moments[:] = [missing_s(history, moment) for moment in moments]
    losses.entries_confirmed, losses.entries_lost = len(confirmed), len(confirmed - texts)
    losses.alarms_told, losses.alarms_lost = len(alarms), len(alarms - kept_alarms)
    losses.given_fell = falls([(float(str(told["at"])), float(str(told["given_mg"]))) for told in program.told if told["what"] == "dose"])


def missing_s(history: CaseHistory, seen_until: float) -> float:
    """Seconds of the ECG that was told last before that moment and are not in the record; at most 5 are looked for."""
    until = history.started.plus(seen_until - history.started.utc_ns / 1e9)
    stretch = history.waveform(ECG_II, until.plus(-5.0), until)
    kept = [] if stretch is None else np.flatnonzero(~np.isnan(stretch.values))
    if stretch is None or not len(kept):
        return 5.0
    return float((len(stretch.values) - 1 - kept[-1]) / stretch.rate_hz)


def falls(given: list[tuple[float, float]]) -> int:
    """How often what was given (moment, mg) became less and stayed so: while a case is taken up its past goes by from 0."""
    count = 0
    for place, ((_, before), (at, after)) in enumerate(itertools.pairwise(given)):
        if after < before - 1e-6:
            soon = (mg for moment, mg in given[place + 1 :] if moment <= at + TAKEN_UP_WITHIN_S)
            count += not any(mg >= before - 1e-6 for mg in soon)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=None, help="where the folder for the case is made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        losses = run(Path(folder), options.kills, options.seed)
    live = [seconds for target in TARGETS for seconds in losses.live_after_s[target]]
    lost = [max(0.0, seconds) for target in TARGETS for seconds in losses.waveform_lost_s[target]]
    figures = [
        Figure(what="program killed, record not sound", value=len(losses.faults), unit="", limit=0),
        Figure(what="program killed, confirmed entries lost", value=losses.entries_lost, unit="", limit=0),
        Figure(what="program killed, alarms told and lost", value=losses.alarms_lost, unit="", limit=0),
        Figure(what="program killed, given amount fell", value=losses.given_fell, unit="", limit=0),
        Figure(what="program killed, waveform lost, most", value=max(lost), unit="s", limit=1),
        Figure(what="program killed, live numbers again, p95", value=percentile(live, 95), unit="s", limit=5),
        Figure(what="program killed, live numbers again, longest", value=max(live), unit="s"),
    ]
    counts = ", ".join(
        f"{number} times the {target}" if target != "both" else f"{number} times both" for target, number in losses.kills.items()
    )
    more = {
        "entries_confirmed": losses.entries_confirmed,
        "alarms_told": losses.alarms_told,
        "faults": losses.faults,
        "live_after_s": losses.live_after_s,
    }
    report("kill_program", HOW.format(counts=counts), figures, **more, waveform_lost_s=losses.waveform_lost_s)
    sys.exit(1 if losses.bad else 0)


if __name__ == "__main__":
    main()
