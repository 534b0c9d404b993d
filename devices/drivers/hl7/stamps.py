"""Times in messages: reading them, and telling by them how old a value is. The sender's clock may be wrong; its differences are not.

An age is the difference of two times of the sender (this message and this measurement), never of its clock and ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from clinical.instant import NS_PER_S, Instant, utc_ns_of

STAMP = re.compile(r"(?a:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.(\d{1,9}))?(?:([+-])(\d\d)(\d\d))?)")
"""YYYYMMDDHHMM[SS[.S…]][±ZZZZ]. Coarser than a minute is no time of a measurement."""

SLACK_S = 5.0
"""Messages arrive this unevenly without being late; times lie this far ahead without being wrong."""
SET_BACK_AFTER_S = 10.0
"""Messages that all lie equally far behind for so long are not late: the sender's clock was set."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as a sender wrote it.

    Attributes:
        local_ns: its digits, read as if they were UTC.
        offset_s: what it says its clock is ahead of UTC; None if it does not say.
    """

    local_ns: int
    offset_s: int | None

    @property
    def ns(self) -> int:
        """For order among times of one sender."""
        return self.local_ns - (self.offset_s or 0) * NS_PER_S


def stamp_of(text: str) -> Stamp | None:
    """The time in an HL7 field; None where there is none, or one that no calendar has."""
    match = STAMP.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_h, zone_min = match.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    offset_s = None if sign is None else int(f"{sign}1") * (int(zone_h) * 3600 + int(zone_min) * 60)
    return Stamp(utc_ns_of(moment) + int((fraction or "0").ljust(9, "0")), offset_s)


def seconds_between(earlier: Stamp, later: Stamp) -> float:
    """By both their offsets, or, where one does not tell its own, by their digits: one device has one local time."""
    if earlier.offset_s is None or later.offset_s is None:
        return (later.local_ns - earlier.local_ns) / NS_PER_S
    return (later.ns - earlier.ns) / NS_PER_S


class SenderClock:
    """In which order messages were sent, and how late each is against the promptest that ever came from this sender.

    Attributes:
        settings: how often the sender's clock was found to have been set back.
    """

    def __init__(self) -> None:
        self.settings = 0
        self._best_ns: int | None = None
        self._newest_ns = 0
        self._behind: tuple[int, Instant] | None = None

    def take(self, sent: Stamp | None, now: Instant) -> tuple[float, bool]:
        """Seconds by which a message sent at ``sent`` comes late at ``now`` (0 within the slack), and whether a later one came before."""
        if sent is None:
            return 0.0, False
        lead_ns = sent.ns - now.monotonic_ns
        if self._best_ns is None or (sent.ns < self._newest_ns and self._was_set(lead_ns, now)):
            self._best_ns, self._newest_ns = lead_ns, sent.ns
        self._best_ns = max(self._best_ns, lead_ns)
        overtaken = sent.ns < self._newest_ns
        if not overtaken:
            self._newest_ns, self._behind = sent.ns, None
        late_s = (self._best_ns - lead_ns) / NS_PER_S
        return (late_s if late_s > SLACK_S else 0.0), overtaken

    def _was_set(self, lead_ns: int, now: Instant) -> bool:
        """Whether messages have been equally far behind for so long that none of them can be late."""
        if self._behind is None or abs(lead_ns - self._behind[0]) > SLACK_S * NS_PER_S:
            self._behind = (lead_ns, now)
        if now.since(self._behind[1]) < SET_BACK_AFTER_S:
            return False
        self._behind = None
        self.settings += 1
        return True
