"""The case's clock: the room's clocks, or their virtual counterpart at another speed. The only place where clocks are read."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clinical.instant import Instant

LOOK_EVERY_S, BEHIND_S = 0.2, 0.1
"""Of the room: how often a fast case's pace is looked at, and how late what it has reached may be."""
CATCHING_UP, GATHERING = 0.8, 1.1
"""The pace of a clock that must be caught up with, as a share of what was followed; and how it grows again, from look to look."""


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
    """The case's time as a function of the room's: the same at speed 1, faster in a demonstration or a replay.

    A case that was to go faster than this machine can follow goes as fast as it can, and never slower than the room.
    """

    def __init__(self, speed: float = 1.0, begins_at: Instant | None = None) -> None:
        """``begins_at``: the case's time at this moment; None: the room's own."""
        room = room_now()
        self.speed = speed
        self._shifted = begins_at is not None
        self._line = _Line(room, begins_at or room, speed)
        self._looked: tuple[Instant, Instant] | None = None

    def now(self) -> Instant:
        """The case's time."""
        line, room = self._line, room_now()
        if self.speed == 1.0 and not self._shifted:
            return room
        return line.begins_at.plus(room.since(line.origin) * line.rate)

    @property
    def rate(self) -> float:
        """Seconds of the case for each of the room, as it goes just now; at most ``speed``."""
        return self._line.rate

    def go_on_from(self, moment: Instant) -> None:
        """A case that is taken up and was further than the room: its time goes on from there."""
        self._shifted = True
        self._line = _Line(room_now(), moment, self.speed)

    def keep_to(self, reached: Instant) -> None:
        """The watch has come so far: a clock that ran ahead of it would make every number look old. For one thread."""
        room = room_now()
        before = self._looked or (room, reached)
        looked_s = room.since(before[0])
        if self._looked is not None and looked_s < LOOK_EVERY_S:
            return
        self._looked = (room, reached)
        if self.speed > 1.0 and looked_s > 0:
            behind = self.late_s(reached) > BEHIND_S
            wanted = CATCHING_UP * reached.since(before[1]) / looked_s if behind else GATHERING * self.rate
            rate = min(max(wanted, 1.0), self.speed)
            self._line = _Line(room, self._line.begins_at.plus(room.since(self._line.origin) * self._line.rate), rate)

    def late_s(self, moment: Instant) -> float:
        """How long ago a moment of the case was, in seconds of the room."""
        return self.now().since(moment) / self.rate

    def room_seconds(self, case_seconds: float) -> float:
        """How long a stretch of the case lasts in the room."""
        return case_seconds / self.rate


@dataclass(frozen=True, slots=True)
class _Line:
    """The case's time from ``origin``, a moment of the room, on."""

    origin: Instant
    begins_at: Instant
    rate: float


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
