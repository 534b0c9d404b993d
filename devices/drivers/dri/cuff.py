"""When the cuff reading on the monitor was measured. A monitor shows a reading until the next one: its age must be worked out.

Three witnesses, best first: the monitor's own time of it (aux info, not answered by every monitor), a change of reading
seen on this line, and the label's bit "older than 60 s". Without a witness the age is unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.observations import Validity
from devices.doubt import Doubt
from devices.drivers.dri.groups import bits
from devices.drivers.dri.mapping import NO_DATA_FROM

MEASURING = bits(5)
OLDER_THAN_60_S = bits(8)
CALIBRATING = bits(7)
AUTO = bits(3)
WATCHED_WITHIN_S = 11.0
"""Two intervals of displayed values: a change seen across a longer silence may have come at any moment of it."""

_OLDEST_UNFLAGGED_S = 60.0
_CLOCK_SLACK_S = 5.0
_UNKNOWN_AGE = Doubt(Validity.INVALID, "reading of unknown age")
_ROUGH_AGE = Doubt(Validity.QUESTIONABLE, "time of measurement not told")
_MEASURING = Doubt(Validity.ONGOING, "measuring")
_CALIBRATING = Doubt(Validity.INVALID, "calibrating")


class CuffClock:
    """Follows the cuff through the displayed values.

    Attributes:
        measured_at: of the reading that is shown; None while unknown.
        time_wanted: a reading is shown whose time the monitor should be asked for.
    """

    def __init__(self) -> None:
        self.measured_at: Instant | None = None
        self.time_wanted = False
        self._rough = False
        self._reading: tuple[int, ...] = ()
        self._label = 0
        self._seen_at: Instant | None = None

    def see(self, reading: Sequence[int], label: int, now: Instant) -> None:
        """Takes the group's four numbers and its label as displayed at ``now``."""
        watched = self._seen_at is not None and now.since(self._seen_at) <= WATCHED_WITHIN_S
        finished = watched and bool(self._label & MEASURING)
        if not label & MEASURING and reading[0] > NO_DATA_FROM:
            if self._is_new(tuple(reading), label, finished=finished):
                self._date(now, label, finished=finished, watched=watched)
            self._reading = tuple(reading)
        self._label, self._seen_at = label, now

    def _is_new(self, reading: tuple[int, ...], label: int, *, finished: bool) -> bool:
        """Other numbers; or the same ones, no longer flagged as old or just measured again."""
        renewed = (finished or bool(self._label & OLDER_THAN_60_S)) and not label & OLDER_THAN_60_S
        return reading != self._reading or renewed

    def _date(self, now: Instant, label: int, *, finished: bool, watched: bool) -> None:
        self.time_wanted = True
        old = bool(label & OLDER_THAN_60_S)
        if finished or (watched and not old):
            self.measured_at, self._rough = now, False
        elif old:
            self.measured_at, self._rough = None, False
        else:
            self.measured_at, self._rough = now.plus(-_OLDEST_UNFLAGGED_S), True

    def told(self, seconds_ago: float, now: Instant) -> None:
        """Takes the monitor's own word, its clock against its clock. A time that lies ahead is not believed."""
        if self._label & MEASURING or seconds_ago < -_CLOCK_SLACK_S:
            return
        self.time_wanted = False
        self.measured_at, self._rough = now.plus(-max(0.0, seconds_ago)), False

    def doubt(self) -> Doubt | None:
        """What lowers the worth of the reading as last seen."""
        if self._label & MEASURING:
            return _MEASURING
        if self._label & CALIBRATING:
            return _CALIBRATING
        if self.measured_at is None:
            return _UNKNOWN_AGE
        return _ROUGH_AGE if self._rough else None
