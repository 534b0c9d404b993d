"""The two real processes, started as people start them, and what a test may ask of them from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[3]
WITNESS = Path(__file__).parent / "witness"
PLAYER = """#!/bin/sh
echo "$(cut -d' ' -f1 /proc/uptime) $2$1" >> "{log}"
"""

needs_processes = pytest.mark.skipif(sys.platform == "win32", reason="stops and kills processes by POSIX signals")

Told = dict[str, object]


class Bedside:
    """One run: a display that starts a core, both with a witness; every process of it ends with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'cases.sqlite'}"
        self._log = folder / "witness.jsonl"
        self.played = folder / "played.txt"
        self._mark = 0
        for name in ("pw-play", "paplay", "aplay"):
            player = folder / "bin" / name
            player.parent.mkdir(exist_ok=True)
            player.write_text(PLAYER.format(log=self.played))
            player.chmod(0o755)
        self.environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "BEDSIDE_WINDOW": "1366x768",
            "BEDSIDE_WITNESS": str(self._log),
            "PYTHONPATH": os.pathsep.join([str(WITNESS), str(ROOT)]),
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "TMPDIR": str(folder),
        }
        self.windows: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Opens the window; its core starts with it."""
        command = [sys.executable, "-m", "app", *arguments, "--database", self.database]
        process = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        self.windows.append(process)
        return process

    def demo(self, scenario: str = "quiet-day", speed: str = "1") -> subprocess.Popen[bytes]:
        process = self.start("demo", "--scenario", scenario, "--speed", speed)
        self.until("core found", within_s=10)
        return process

    # what the display told

    def told(self) -> list[Told]:
        if not self._log.exists():
            return []
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def mark(self) -> float:
        """From now on ``until`` looks only at what is told afterwards."""
        self._mark = len(self.told())
        return time.monotonic()

    def until(self, what: str, found: Callable[[Told], object] = bool, within_s: float = 5.0) -> Told:
        """The first thing of that kind since the mark for which ``found`` holds."""
        limit = time.monotonic() + within_s
        while time.monotonic() < limit:
            for told in self.told()[self._mark :]:
                if told["what"] == what and found(told):
                    return told
            time.sleep(0.02)
        raise AssertionError(f"no {what!r} within {within_s} s; last: {self.told()[-12:]}")

    # its processes

    @property
    def core(self) -> int:
        """Number of the core that was heard last."""
        return next(int(str(told["number"])) for told in reversed(self.told()) if told["what"] == "core named")

    @property
    def display(self) -> int:
        """Number of the display that told something last."""
        return int(str(self.told()[-1]["process"]))

    def processes(self) -> list[psutil.Process]:
        """All that live of this run, zombies not."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("BEDSIDE_WITNESS") == str(self._log):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def gone(self, within_s: float = 5.0) -> bool:
        """Whether every process of this run has ended by then."""
        limit = time.monotonic() + within_s
        while living := self.processes():
            if time.monotonic() > limit:
                return not living
            for process in self.windows:
                process.poll()
            time.sleep(0.05)
        return True

    def end(self) -> None:
        """Stops first, so that neither side starts the other again."""
        for sent in (signal.SIGSTOP, signal.SIGKILL):
            for _ in range(2):
                for process in self.processes():
                    try:
                        process.send_signal(sent)
                    except psutil.NoSuchProcess:
                        continue
        for process in self.windows:
            process.wait()


@pytest.fixture
def bedside(tmp_path: Path) -> Iterator[Bedside]:
    run = Bedside(tmp_path)
    try:
        yield run
    finally:
        run.end()


def kill(number: int) -> float:
    """SIGKILL; the moment."""
    os.kill(number, signal.SIGKILL)
    return time.monotonic()


QUIET_START_S = 0.9
"""What ``slowness`` starts takes on two idle cores of a small machine."""


def slowness() -> float:
    """How much longer than on idle cores things take now: 1 or more. Promised times are times of a machine that is not overloaded."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import PySide6.QtWidgets, numpy, sqlalchemy"], check=True)
    return max(1.0, (time.monotonic() - began) / QUIET_START_S)
