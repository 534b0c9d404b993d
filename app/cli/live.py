"""The clock and the link of commands that listen live, in the command's own thread. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from app.core.links import Link, turn
from clinical.instant import Instant


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
