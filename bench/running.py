"""The whole program under measurement: a screen of its own, fresh folders, and what the system counts of its processes (Linux)."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.plan import CorePlan

ROOT = Path(__file__).parents[1]
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 20.0
Found = TypeVar("Found")


def as_installed() -> dict[str, str]:
    """This environment, but with compiled modules kept as Python keeps them wherever nobody forbids it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


@contextmanager
def private_screen(size: str = "1920x1080") -> Iterator[dict[str, str]]:
    """An X server that is ours alone, with the environment of a program on it whose files go to a folder that is thrown away."""
    near, far = os.pipe()
    words = ["Xvfb", "-displayfd", str(far), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=(far,), stderr=subprocess.DEVNULL)
    os.close(far)
    try:
        with os.fdopen(near) as told, tempfile.TemporaryDirectory() as folder:
            number = told.readline().strip()
            own = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "BENCH_SCREEN_PID": str(server.pid)}
            homes = {name: f"{folder}/{name}" for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
            yield {**as_installed(), **own, **homes}
    finally:
        server.terminate()
        server.wait()


@dataclass(frozen=True, slots=True)
class Counted:
    """What the system counts of a process."""

    cpu_s: float
    rss_mb: float
    threads: int
    descriptors: int


def counted(pid: int) -> Counted:
    """Raises OSError when the process has ended."""
    place = Path("/proc") / str(pid)
    fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
    cpu_s = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
    rss_mb = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Counted(cpu_s, rss_mb, int(fields[17]), len(list((place / "fd").iterdir())))


def cpu_share(pids: list[int], seconds: float) -> list[float]:
    """Per cent of one core that each process takes over the next ``seconds``."""
    before, began = [counted(pid).cpu_s for pid in pids], time.monotonic()
    time.sleep(seconds)
    took_s = time.monotonic() - began
    return [100 * (counted(pid).cpu_s - first) / took_s for pid, first in zip(pids, before, strict=True)]


class Running:
    """The display with its core, from start to goodbye. What the probe in the display sees is read from its log."""

    def __init__(self, environment: dict[str, str], *arguments: str, plan: CorePlan | None = None, way: str = "") -> None:
        """``arguments`` are those of ``bedside``; with a ``plan``, ``way`` is "show" (starts the core) or "rejoin" (meets one)."""
        handle, path = tempfile.mkstemp(prefix="bench-", suffix=".jsonl")
        os.close(handle)
        self.log = Path(path)
        self.began_ns = time.monotonic_ns()
        words = [sys.executable, "-m", "bench.probed_display", *(arguments or (f"--{way}",))]
        self.display = subprocess.Popen(
            words, env={**environment, "BENCH_LOG": path}, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if self.display.stdin is not None:
            if plan is not None:
                self.display.stdin.write(pickle.dumps(plan))
            self.display.stdin.close()

    def core_pid(self) -> int:
        """Waits until the display has started a core. Raises TimeoutError."""
        return self._wait(self._core_pid)

    def _core_pid(self) -> int | None:
        children = Path(f"/proc/{self.display.pid}/task/{self.display.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def first(self, event: str) -> dict[str, object]:
        """Waits for the first event of that name. Raises TimeoutError."""
        return self._wait(lambda: next((row for row in self.events() if row["event"] == event), None))

    @staticmethod
    def _wait(look: Callable[[], Found | None]) -> Found:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if (found := look()) is not None:
                return found
            time.sleep(0.02)
        raise TimeoutError("the program did not come so far")

    def events(self) -> list[dict[str, object]]:
        """All that was logged so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def end(self) -> list[dict[str, object]]:
        """Asks the display to close, which ends the core too; everything that was logged."""
        self.display.send_signal(signal.SIGTERM)
        try:
            self.display.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.display.kill()
            self.display.wait()
        events = self.events()
        self.log.unlink()
        return events
