"""What a serial port's failure means, in words for people. Knows errno and /proc; opens and retries nothing."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

ABSENT = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
TAKEN = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EBUSY})

WINDOWS_TEXTS = (("FileNotFoundError", errno.ENOENT), ("PermissionError", errno.EBUSY))
"""On Windows pyserial gives the cause only inside its text, and a port that is in use is refused as "access denied"."""


def why_not_opened(address: str, error: BaseException) -> str:
    """One sentence for a port that could not be opened: what is wrong and what to do."""
    code = _code_of(error)
    if code in ABSENT:
        return f"{address} is not there: plug the cable in, or see `bedside devices` for the ports there are"
    if code in FORBIDDEN:
        return f"no permission to open {address}: add the user to the group {_group_of(address)} and log in again"
    if code in TAKEN:
        return f"{address} is in use by {holder_of(address) or 'another program'}: close that first"
    if "configure port" in str(error) or code == errno.ENOTTY:
        return f"{address} is not a serial port"
    if isinstance(error, ValueError):
        return f"{address} cannot be set as the device needs it: {error}"
    return f"{address} cannot be opened: {error}"


def why_lost(address: str, error: BaseException) -> str:
    """One sentence for a port that was open and failed."""
    if type(error).__name__ == "SerialTimeoutException":
        return f"{address} takes no more bytes: is the device on, and the cable the right one?"
    return f"{address} was unplugged or its adapter failed: check the cable"


def holder_of(address: str) -> str:
    """The process that has a port open: "screen (process 412)"; empty where that cannot be told.

    Only Linux shows it, and only for processes of the same user.
    """
    if not sys.platform.startswith("linux"):
        return ""
    target = os.path.realpath(address)
    holders = [process for process in Path("/proc").iterdir() if process.name.isdecimal() and _has_open(process, target)]
    others = [_named(process) for process in holders if process.name != str(os.getpid())]
    return others[0] if others else "another part of this program" if holders else ""


def _code_of(error: BaseException) -> int | None:
    code = getattr(error, "errno", None)
    if code is not None:
        return int(code)
    return next((number for text, number in WINDOWS_TEXTS if text in str(error)), None)


def _has_open(process: Path, target: str) -> bool:
    try:
        return any(os.path.realpath(descriptor) == target for descriptor in (process / "fd").iterdir())
    except OSError:  # not ours to look into, or just ended
        return False


def _named(process: Path) -> str:
    try:
        command = (process / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        command = "a program"
    return f"{command} (process {process.name})"


def _group_of(address: str) -> str:
    try:
        group = Path(address).group()
    except (OSError, KeyError, NotImplementedError):
        return "dialout"
    return "dialout" if group in {"root", "tty"} else group
