"""How the core and the display start one another, meet, and know that the other lives. Either may be the first."""

from __future__ import annotations

import os
import pickle
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.plan import CorePlan

SILENT_AFTER_S = 1.0
"""Four heartbeats missed: the other side is announced as silent."""
HOPELESS_AFTER_S = 5.0
"""A process that lives but has been silent for this long is ended and started anew."""


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    """Where the two processes meet: a local socket (a named pipe on Windows) and a secret, never a network port."""

    address: str
    secret: bytes


def meeting_place() -> MeetingPlace:
    """A new one, in a folder only this user can enter."""
    secret = secrets.token_bytes(32)
    if sys.platform == "win32":
        return MeetingPlace(rf"\\.\pipe\bedside-{secrets.token_hex(8)}", secret)
    return MeetingPlace(str(Path(tempfile.mkdtemp(prefix="bedside-")) / "core"), secret)


def start_core(plan: CorePlan) -> subprocess.Popen[bytes]:
    """The core as a process of its own."""
    if sys.platform != "win32":
        Path(plan.address).unlink(missing_ok=True)  # of a core that was killed
    return _start("app.core", plan)


def start_display(plan: CorePlan) -> subprocess.Popen[bytes]:
    """The display as a process of its own, to meet a core that runs already."""
    return _start("app.display", plan)


def _start(module: str, plan: CorePlan) -> subprocess.Popen[bytes]:
    """The plan goes through standard input: a command line can be read by everyone on the machine."""
    process = subprocess.Popen([sys.executable, "-m", module], stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 (our own module)
    if process.stdin is not None:
        process.stdin.write(pickle.dumps(plan))
        process.stdin.close()
    return process


def plan_from_parent() -> CorePlan:
    """The plan that ``_start`` wrote."""
    plan: CorePlan = pickle.load(sys.stdin.buffer)  # noqa: S301 (written by the process that started this one)
    return plan


class Heart:
    """When the other side was last heard. Seconds are the room's."""

    def __init__(self, now_s: float) -> None:
        self._heard_s = now_s

    def beat(self, now_s: float) -> None:
        self._heard_s = now_s

    def silence_s(self, now_s: float) -> float:
        """Seconds since the last sign of life."""
        return now_s - self._heard_s

    def is_silent(self, now_s: float) -> bool:
        return self.silence_s(now_s) > SILENT_AFTER_S

    def is_hopeless(self, now_s: float) -> bool:
        return self.silence_s(now_s) > HOPELESS_AFTER_S


class AlreadyRunning(Exception):  # noqa: N818 (the sentence is the point, not the suffix)
    """Another core records into the same database."""


class OneCore:
    """A lock that only one core can hold for a database. The system lets go of it when its holder dies, however it dies."""

    def __init__(self, database: str) -> None:
        name = "".join(c if c.isalnum() else "-" for c in database.split("://", 1)[-1])[-120:]
        self._path = Path(tempfile.gettempdir()) / f"bedside-{_user()}-{name}.lock"
        self._file: int | None = None

    def take(self) -> None:
        """Raises AlreadyRunning."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError:
            owner = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            text = f"Bedside already records into this database (process {owner}). Use that window, or give another --database."
            raise AlreadyRunning(text) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._file = handle

    def let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _user() -> str:
    return str(os.getuid()) if sys.platform != "win32" else os.environ.get("USERNAME", "user")


def _lock(handle: int) -> None:
    """Raises OSError if another process holds it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (exists on Windows only)

        os.lseek(handle, 64, os.SEEK_SET)  # beyond the process number, which others must be able to read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 (does not exist on Windows)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
