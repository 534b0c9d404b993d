"""The case's clock: the room's clocks, or their virtual counterpart at another speed. The only place where clocks are read."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from clinical.instant import Instant


def room_now() -> Instant:
    """The room's clocks, now. CLOCK_BOOTTIME where there is one, because CLOCK_MONOTONIC stands still in suspend."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    monotonic_ns = time.monotonic_ns() if boottime is None else time.clock_gettime_ns(boottime)
    return Instant(monotonic_ns, time.time_ns())


def utc_offset_min() -> int:
    """Of this machine's local time as it stands now, in minutes east of UTC."""
    offset = datetime.now(UTC).astimezone().utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


class CaseClock:
    """The case's time as a function of the room's: the same at speed 1, faster in a demonstration or a replay."""

    def __init__(self, speed: float = 1.0, begins_at: Instant | None = None) -> None:
        """``begins_at``: the case's time at this moment; None: the room's own."""
        self._origin = room_now()
        self._begins_at = begins_at or self._origin
        self.speed = speed

    def now(self) -> Instant:
        """The case's time."""
        room = room_now()
        if self.speed == 1.0 and self._begins_at is self._origin:
            return room
        return self._begins_at.plus(room.since(self._origin) * self.speed)

    def go_on_from(self, moment: Instant) -> None:
        """A case that is taken up and was further than the room: its time goes on from there."""
        self._origin = room_now()
        self._begins_at = moment

    def room_seconds(self, case_seconds: float) -> float:
        """How long a stretch of the case lasts in the room."""
        return case_seconds / self.speed


def suspended_s() -> float | None:
    """How long this computer has slept since it was started, by the two clocks that differ in that; None where there is only one."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return None if boottime is None else (time.clock_gettime_ns(boottime) - time.clock_gettime_ns(time.CLOCK_MONOTONIC)) / 1e9


def boot_id() -> str:
    """Names this run of the computer, whose monotonic clock starts anew with the next; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
