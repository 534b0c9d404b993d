"""Whether a window can be shown here, and if not, why. Looked at before Qt is loaded: Qt ends the program where no screen answers."""

from __future__ import annotations

import os
import re
import socket
import sys
from contextlib import closing

ANSWERS_WITHIN_S = 2.0
X_PORT = 6000
X_SOCKET = "/tmp/.X11-unix/X"  # noqa: S108 (X11's own place, the same everywhere)
_DISPLAY = re.compile(r"(?P<host>[^:]*):(?P<number>\d{1,5})(\.\d+)?")


def why_no_screen() -> str:
    """Empty where a window can be shown; else the reason, for people."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    return "" if _answers(display) else f"no screen answers at DISPLAY={display}"


def _answers(display: str) -> bool:
    named = _DISPLAY.fullmatch(display)
    if named is None:
        return False
    host, number = named["host"].removesuffix("/"), int(named["number"])
    if host in {"", "unix"}:
        path = f"{X_SOCKET}{number}"
        return any(_connects(socket.AF_UNIX, place) for place in (path, f"\0{path}"))
    return _connects(socket.AF_INET, (host, X_PORT + number))


def _connects(family: socket.AddressFamily, place: str | tuple[str, int]) -> bool:
    with closing(socket.socket(family, socket.SOCK_STREAM)) as end:
        end.settimeout(ANSWERS_WITHIN_S)
        try:
            end.connect(place)
        except (OSError, OverflowError):  # a display number beyond the ports
            return False
        return True
