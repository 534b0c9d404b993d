"""Faults in judging: told, over when they come no more, and told anew when they come again."""

from __future__ import annotations

import pytest

from app.core.spine import OVER_AFTER_S, Spine
from clinical.alarm_model import Alarm, Presence
from clinical.commands import Acknowledge
from clinical.instant import Instant
from clinical.messages import FromOperator, Message, Outcome, Tick
from clinical.monitor import Monitor
from clinical.observations import Priority
from tests.app.core.outcomes import numeric

NOW = Instant(10**12, 1_772_352_000 * 10**9)


class BadError(Exception):
    """What the sink of this test raises."""


class Watched:
    """A spine with a sink that cannot bear the messages named to it."""

    def __init__(self) -> None:
        self.cannot_bear: list[Message] = []
        self.alarms: dict[str, Alarm] = {}
        self.spine = Spine(Monitor(), self._note)

    def _note(self, outcome: Outcome) -> None:
        if outcome.alarms is not None:
            self.alarms = {alarm.condition: alarm for alarm in outcome.alarms}
        if any(outcome.message is bad for bad in self.cannot_bear):
            raise BadError("no")

    def live(self, *messages: Message) -> None:
        """Runs the thread's own loop over them and over what it posts meanwhile."""
        for message in messages:
            self.spine.post(message)
        while not self.spine._inlet.empty():
            self.spine.post(None)  # type: ignore[arg-type]
            self.spine._run()


@pytest.mark.parametrize(("tick", "condition", "priority"), [(False, "self:fault", Priority.MEDIUM), (True, "self:watch", Priority.HIGH)])
def test_a_fault_that_comes_again_is_heard_again(tick: bool, condition: str, priority: Priority) -> None:
    watched = Watched()
    first, again, later = Tick(NOW), Tick(NOW.plus(1)), Tick(NOW.plus(2 * OVER_AFTER_S))
    if not tick:
        first, again, later = (numeric(0, 97.0).message, numeric(1, 97.0).message, numeric(30, 97.0).message)
    watched.cannot_bear += [first, again, later]
    watched.live(first)
    assert (watched.alarms[condition].presence, watched.alarms[condition].priority) == (Presence.ON, priority)
    watched.live(FromOperator(first.at, Acknowledge()))
    watched.live(again, Tick(again.at.plus(OVER_AFTER_S / 2)))
    assert watched.alarms[condition].presence is Presence.ACKNOWLEDGED, "the same bout"
    watched.live(Tick(again.at.plus(OVER_AFTER_S)))
    assert condition not in watched.alarms
    watched.live(later)
    assert watched.alarms[condition].presence is Presence.ON


def test_a_fault_that_is_over_stays_until_somebody_has_seen_it() -> None:
    watched = Watched()
    first = Tick(NOW)
    watched.cannot_bear.append(first)
    watched.live(first, Tick(NOW.plus(OVER_AFTER_S)))
    assert watched.alarms["self:watch"].presence is Presence.LATCHED


def test_a_watch_that_comes_late_says_so_at_once_and_until_it_has_caught_up() -> None:
    late: list[float] = []
    watched = Watched()
    watched.spine = Spine(Monitor(), watched._note, late_s=lambda _at: late.pop(0))
    late += [0.1, 1.9]
    watched.live(Tick(NOW), Tick(NOW.plus(1)))
    assert "self:late" not in watched.alarms
    late += [2.1, 9.0]
    watched.live(Tick(NOW.plus(2)), Tick(NOW.plus(3)))
    assert (watched.alarms["self:late"].priority, watched.alarms["self:late"].since) == (Priority.HIGH, NOW.plus(2))
    late += [0.6]
    watched.live(Tick(NOW.plus(4)))
    assert "self:late" in watched.alarms, "not in time yet"
    late += [0.4]
    watched.live(Tick(NOW.plus(5)))
    assert "self:late" not in watched.alarms
