"""The clock and the link of commands that listen live, in the command's own thread. Prints nothing."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from threading import Event

from app.core.links import Link, turn
from clinical.instant import Instant

A_YEAR_S = 366 * 86_400.0


def seconds_of(text: str) -> float:
    """``--seconds``: more than none, at most a year."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= A_YEAR_S:
        raise argparse.ArgumentTypeError(f"a number of seconds above 0 and up to {A_YEAR_S:.0f}, not {text!r}")
    return seconds


def clock() -> Instant:
    """This moment, by the clocks of this computer."""
    return Instant(time.monotonic_ns(), time.time_ns())


def run_link(link: Link, seconds: float, finished: Callable[[], bool]) -> None:
    """Steps the link until ``seconds`` have passed or it is ``finished``, then closes it; also after Ctrl-C."""
    never = Event()
    end = clock().plus(seconds)
    try:
        while not finished() and (left_s := end.since(clock())) > 0:
            turn(link, clock, never, left_s)
    finally:
        link.close(clock())
