"""A sensor that gives no reading: when that began, whether a reading that is back stays, and whether it was told before. Pure timing.

A probe that is put back gives a reading, loses it and finds it again. All of that is one absence: it ends once readings have come
for long enough without a break. A loose contact can therefore not put off its own alarm by a reading now and then.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.alarm_model import SensorRule
from clinical.instant import Instant


@dataclass(slots=True)
class Absence:
    """One metric's, from its first missing reading until readings have come for long enough.

    Attributes:
        since: the first missing reading; None where nothing is missing.
        back_since: the first reading after it, while it is awaited whether they stay.
        away_s: how long the alarm of before had been over when this began; None where that is too long ago or there was none.
        returns: how often the same alarm has come back before.
        lasting: it has gone on for so long that it is told with its full priority.
        reason: the device's words at the last missing reading.
        unseen: nothing was ever read; the first reading ends that.
    """

    rule: SensorRule
    since: Instant | None = None
    back_since: Instant | None = None
    away_s: float | None = None
    returns: int = 0
    lasting: bool = False
    reason: str = ""
    unseen: bool = False
    _ended: Instant | None = None

    def missing(self, at: Instant, reason: str, *, unseen: bool = False) -> None:
        """There is no reading now. ``unseen``: nor was there ever one."""
        if self.since is None:
            away_s = None if self._ended is None else at.since(self._ended)
            self.away_s = away_s if away_s is not None and away_s <= self.rule.rejoin_s else None
            self.returns = self.returns if self.away_s is not None else 0
            self.since = at
        self.back_since, self.reason, self.unseen = None, reason, unseen
        self.lasting |= at.since(self.since) >= self.rule.rises_after_s

    def back(self, at: Instant) -> bool:
        """There is a reading; gives whether they have come for long enough."""
        self.back_since = self.back_since or at
        return self.unseen or at.since(self.back_since) >= self.rule.hold_s

    def end(self, at: Instant, *, told: bool) -> None:
        """It is over. ``told``: its alarm stood."""
        if told:
            self.returns = 0 if self.away_s is None else self.returns + 1
            self._ended = at
        self.since = self.back_since = self.away_s = None
        self.lasting = False

    def rises(self, at: Instant) -> bool:
        """Whether time alone makes it lasting now."""
        missing = self.since is not None and self.back_since is None and not self.lasting
        return missing and self.since is not None and at.since(self.since) >= self.rule.rises_after_s

    def settles(self, at: Instant) -> bool:
        """Whether time alone ends it now."""
        return self.back_since is not None and at.since(self.back_since) >= self.rule.hold_s

    @property
    def count(self) -> int:
        """The number of this return; 0 where it is none."""
        return 0 if self.away_s is None else self.returns + 1
