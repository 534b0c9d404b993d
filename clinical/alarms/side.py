"""One side of one limited channel: its limit on smoothed values, its extreme on values as they come, and what came back. No words.

The smoothed value is judged with the limit's delay. An extreme value needs neither the median nor that delay: it counts as soon as
it has lasted the few seconds that tell a value from a glitch. Each side remembers its alarms, to know a return from a new one.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.alarm_model import AlarmLimit
from clinical.alarms.conditions import LIMIT_HIGH, LIMIT_LOW
from clinical.alarms.crossing import Crossing
from clinical.alarms.finding import Condition
from clinical.alarms.recurrence import Recurrence
from clinical.instant import Instant


@dataclass(slots=True)
class Side:
    """One side.

    Attributes:
        row: how it is told.
        reached_extreme: the alarm that stands was extreme at some time; it stays so until it ends.
        away_s: how long the alarm that stands had been away before it returned; None where it is new.
        waits, told_waiting: an alarm is due and waits for the cuff; the board has been told so.
    """

    row: Condition
    crossing: Crossing
    extreme: Crossing | None
    recurrence: Recurrence
    reached_extreme: bool = False
    away_s: float | None = None
    waits: bool = False
    told_waiting: bool = False

    @property
    def on(self) -> bool:
        return self.crossing.on

    @property
    def timing(self) -> bool:
        """Time alone can change it: a delay runs, of the limit or of the extreme."""
        extreme = self.extreme is not None and self.extreme.since is not None and not self.reached_extreme
        return extreme or (self.crossing.since is not None and not self.crossing.on)

    def judge(self, value: float, smoothed: float, at: Instant, *, at_once: bool = False, waiting: bool = False) -> bool:
        """Takes a reading and its median; gives whether the alarm stands. ``at_once``: no delay. ``waiting``: only extremes appear."""
        was_on = self.crossing.on
        extreme = self.extreme is not None and self.extreme.judge(value, at)
        judged = value if extreme else smoothed
        on = self.crossing.judge(judged, at, at_once=at_once)
        if extreme and not on:
            self.crossing.appear(at)
        return self._settle(at, self.crossing.beyond(judged), was_on=was_on, extreme=extreme, waiting=waiting)

    def mature(self, value: float, at: Instant, *, waiting: bool = False) -> bool:
        """Time passed with the last reading still good: whether the alarm has just appeared, or become extreme."""
        was = (self.crossing.on, self.reached_extreme)
        extreme = self.extreme is not None and (self.extreme.mature(at) or self.extreme.on)
        if extreme and not self.crossing.on:
            self.crossing.appear(at)
        self.crossing.mature(at)
        self._settle(at, self.crossing.beyond(value), was_on=was[0], extreme=extreme, waiting=waiting)
        return self.crossing.on and (self.crossing.on, self.reached_extreme) != was

    def _settle(self, at: Instant, beyond: float, *, was_on: bool, extreme: bool, waiting: bool) -> bool:
        """Brings what is remembered up to this moment; gives whether the alarm stands."""
        crossing = self.crossing
        self.waits = waiting and crossing.on and not was_on and not extreme
        if self.waits:
            crossing.on = False  # its delay has run out and stays so: it appears as soon as nothing holds it back
        if crossing.on and not was_on:
            self.away_s = self.recurrence.begins(at, beyond, extreme=extreme)
        elif crossing.on:
            self.recurrence.goes_on(beyond, extreme=extreme)
        elif was_on:
            self.recurrence.ends(at)
        self.reached_extreme = crossing.on and (self.reached_extreme or extreme)
        return crossing.on


def sides_of(limit: AlarmLimit) -> tuple[Side, ...]:
    """The sides of a limit that are on."""
    low_delay_s = limit.delay_s if limit.low_delay_s is None else limit.low_delay_s
    low = None if limit.low is None else Crossing(-1, limit.low, low_delay_s, limit.hysteresis, limit.return_s)
    high = None if limit.high is None else Crossing(1, limit.high, limit.delay_s, limit.hysteresis, limit.return_s)
    rows = ((LIMIT_LOW, low, limit.extreme_low), (LIMIT_HIGH, high, limit.extreme_high))
    return tuple(_side(limit, row, crossing, extreme) for row, crossing, extreme in rows if crossing is not None)


def _side(limit: AlarmLimit, row: Condition, crossing: Crossing, extreme: float | None) -> Side:
    """An extreme inside the limit (the limit was moved past it) is moved to the limit: what is allowed cannot be extreme."""
    sign = crossing.sign
    extreme = None if extreme is None else max(crossing.limit * sign, extreme * sign) * sign
    return Side(
        row=row,
        crossing=crossing,
        extreme=None if extreme is None else Crossing(sign, extreme, limit.extreme_delay_s, 0.0),
        recurrence=Recurrence(limit.rejoin_s, limit.worse_by),
    )
