"""When an alarm's fill is on: pure functions of time, so that all that blinks on a screen blinks together.

Rates lie within the bands that monitors' manuals print (high 1.4 to 2.8 Hz, medium 0.4 to 0.8 Hz, low constant). The share of
time on, 20 to 60 %, is recalled from IEC 60601-1-8 and to be confirmed against the standard; half lies within it.
"""

from __future__ import annotations

from clinical.alarm_model import Alarm, Presence
from clinical.instant import NS_PER_S, Instant
from clinical.observations import Priority

FLASH_HZ = {Priority.HIGH: 2.0, Priority.MEDIUM: 0.6}
SHARE_ON = 0.5


def flashes(alarm: Alarm, *, steady: bool) -> bool:
    """Whether it blinks at all: acknowledged, latched and paused ones stay filled."""
    return not steady and alarm.presence is Presence.ON and alarm.priority in FLASH_HZ


def fill_is_on(alarm: Alarm | None, now: Instant, *, steady: bool = False) -> bool:
    """Whether the alarm's fill is to be seen at ``now``."""
    if alarm is None or alarm.presence is Presence.OFF:
        return False
    if not flashes(alarm, steady=steady):
        return True
    period_ns = round(NS_PER_S / FLASH_HZ[alarm.priority])
    return (now.monotonic_ns % period_ns) < SHARE_ON * period_ns
