"""How the core and the display start one another, meet, and know that the other lives. Either may be the first."""

from __future__ import annotations

import os
import pickle
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.plan import CorePlan

SILENT_AFTER_S = 1.0
"""Four heartbeats missed: the other side is announced as silent."""
HOPELESS_AFTER_S = 5.0
"""A process that lives but has been silent for this long is ended and started anew."""
TRIES, SELDOM_S = 3, 60.0
"""What could not be started so many times is tried again only so often."""
TRY_LOCK_EVERY_S = 0.05
AHEAD = "--ahead"
"""Tells a core's process that its plan comes later than it."""


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


def leave_meeting_place(address: str) -> None:
    """Takes the folder away when both processes end on purpose."""
    folder = Path(address).parent
    if sys.platform != "win32" and folder.name.startswith("bedside-"):
        shutil.rmtree(folder, ignore_errors=True)


def start_core(plan: CorePlan) -> subprocess.Popen[bytes]:
    """The core as a process of its own."""
    if sys.platform != "win32":
        Path(plan.address).unlink(missing_ok=True)  # of a core that was killed
    return _told(_start("app.core"), plan)


class CoreAhead:
    """A core's process that loads its libraries while its plan is being made. Ends by itself if none comes."""

    def __init__(self) -> None:
        """Raises OSError."""
        self._process: subprocess.Popen[bytes] | None = _start("app.core", AHEAD)

    def begin(self, plan: CorePlan) -> subprocess.Popen[bytes]:
        """It does this from now on. Once."""
        process, self._process = self._process, None
        if process is None:
            raise ValueError("it has its plan")
        return _told(process, plan)

    def let_go(self) -> None:
        """No plan will come, if none has."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            process.wait()


def start_display(plan: CorePlan) -> subprocess.Popen[bytes]:
    """The display as a process of its own, to meet a core that runs already."""
    return _told(_start("app.display"), plan)


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Raises OSError."""
    words = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 (our own module)


def _told(process: subprocess.Popen[bytes], plan: CorePlan) -> subprocess.Popen[bytes]:
    """The plan goes through standard input: a command line can be read by everyone on the machine."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # it ended at once: whoever watches it sees that by its status
            process.stdin.write(pickle.dumps(plan))
            process.stdin.close()
    return process


def end_process(number: int) -> None:
    """Ends a process that does not answer any more; nothing if it is gone already."""
    if number > 0 and number != os.getpid():
        with suppress(OSError):
            os.kill(number, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


def plan_from_parent() -> CorePlan:
    """The plan that the other process wrote. Raises EOFError where it wrote none."""
    plan: CorePlan = pickle.load(sys.stdin.buffer)  # noqa: S301 (written by the process that started this one)
    return plan


class Heart:
    """When the other side was last heard. Seconds are the room's."""

    def __init__(self, now_s: float) -> None:
        self._heard_s = now_s
        self._looked_s = now_s

    def look(self, now_s: float) -> None:
        """To be called several times a second: one that stood still itself (a stopped process, a sleeping computer) blames nobody."""
        if now_s - self._looked_s > SILENT_AFTER_S:
            self._heard_s = now_s
        self._looked_s = now_s

    def beat(self, now_s: float) -> None:
        self._heard_s = now_s

    def silence_s(self, now_s: float) -> float:
        """Seconds since the last sign of life."""
        return now_s - self._heard_s

    def is_silent(self, now_s: float, after_s: float = SILENT_AFTER_S) -> bool:
        return self.silence_s(now_s) > after_s

    def is_hopeless(self, now_s: float) -> bool:
        return self.silence_s(now_s) > HOPELESS_AFTER_S


class Attempts:
    """How often something that does not come to life is started: a few times soon after one another, then seldom."""

    def __init__(self, patience_s: float) -> None:
        """``patience_s``: how long one attempt may take before it counts as failed."""
        self._patience_s = patience_s
        self._made = 0
        self._last_s = 0.0

    def are_many(self, now_s: float) -> bool:
        """Whether so many have failed that a person must be told."""
        return self._made >= TRIES and now_s - self._last_s >= self._patience_s

    def may_try(self, now_s: float) -> bool:
        wait_s = self._patience_s if self._made < TRIES else SELDOM_S
        return self._made == 0 or now_s - self._last_s >= wait_s

    def note(self, now_s: float) -> None:
        """One is made now."""
        self._made += 1
        self._last_s = now_s

    def tire(self, now_s: float) -> None:
        """What was made last said that it cannot live: the next one comes seldom."""
        self._made, self._last_s = max(self._made, TRIES), now_s

    def forget(self) -> None:
        """It lives."""
        self._made = 0


class AlreadyRunning(Exception):  # noqa: N818 (the sentence is the point, not the suffix)
    """Another core records into the same database."""


class OneCore:
    """A lock that only one core can hold for a database. The system lets go of it when its holder dies, however it dies."""

    def __init__(self, database: str) -> None:
        self._path = _lock_path(database)
        self._file: int | None = None

    def take(self, patience_s: float = 0.0) -> None:
        """Raises AlreadyRunning. ``patience_s``: how long a holder that is just ending is waited for."""
        until = monotonic() + patience_s
        while self._file is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            if _locked(handle) and _is_still(self._path, handle):
                self._file = handle
                os.ftruncate(handle, 0)
                os.write(handle, f"{os.getpid()}\n".encode())
                return
            owner = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            if monotonic() >= until:
                text = f"Bedside already records into this database (process {owner}). Use that window, or give another --database."
                raise AlreadyRunning(text)
            sleep(TRY_LOCK_EVERY_S)

    def let_go(self) -> None:
        if self._file is None:
            return
        if sys.platform != "win32":  # there an open file cannot be removed
            self._path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = None


def _lock_path(database: str) -> Path:
    """Beside the file of an SQLite database, so that everybody who uses it meets there; else in the folder for temporary files."""
    kind, _, place = database.partition(":///")
    beside = Path(f"{place}.lock").absolute()
    if kind.startswith("sqlite") and place and os.access(beside.parent, os.W_OK):
        return beside
    name = "".join(c if c.isalnum() else "-" for c in database.split("://", 1)[-1])[-120:]
    return Path(tempfile.gettempdir()) / f"bedside-{_user()}-{name}.lock"


def _is_still(path: Path, handle: int) -> bool:
    """Whether the file that was locked is the one others will find: a holder that let go has removed its own."""
    try:
        return sys.platform == "win32" or path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def _user() -> str:
    return str(os.getuid()) if sys.platform != "win32" else os.environ.get("USERNAME", "user")


def _locked(handle: int) -> bool:
    """Takes the lock; False if another process holds it."""
    try:
        _lock(handle)
    except OSError:
        return False
    return True


def _lock(handle: int) -> None:
    """Raises OSError if another process holds it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (exists on Windows only)

        os.lseek(handle, 64, os.SEEK_SET)  # beyond the process number, which others must be able to read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 (does not exist on Windows)

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
