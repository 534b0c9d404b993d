"""The case's clock beside a room whose time this test tells."""

from __future__ import annotations

import pytest

from app import clock
from app.clock import CaseClock
from clinical.instant import Instant

NOON = Instant(10**12, 1_772_352_000 * 10**9)


class Room:
    """Whose time passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(clock, "room_now", lambda: self.now)

    def pass_s(self, seconds: float) -> None:
        self.now = self.now.plus(seconds)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def live(room: Room, case: CaseClock, seconds: float, most_a_second: float) -> Instant:
    """A watch that follows the clock, but no faster than it can; gives what it has reached."""
    reached = case.now()
    for _ in range(round(seconds / 0.05)):
        room.pass_s(0.05)
        reached = min(case.now(), reached.plus(0.05 * most_a_second))
        case.keep_to(reached)
    return reached


def test_a_clock_that_can_be_followed_keeps_its_pace(room: Room) -> None:
    case = CaseClock(60)
    reached = live(room, case, 10, most_a_second=100)
    assert case.rate == 60
    assert reached.since(NOON) == pytest.approx(600)


def test_a_clock_waits_for_a_watch_that_cannot_follow_and_never_steps_back(room: Room) -> None:
    case = CaseClock(60)
    last = case.now()
    for _ in range(20):
        reached = live(room, case, 1, most_a_second=20)
        assert case.now() >= last
        last = case.now()
    assert case.late_s(reached) < 0.5, "what was reached is nearly now: its numbers are not old"
    assert reached.since(NOON) > 200, "and the case does not dawdle for it"
    live(room, case, 20, most_a_second=100)
    assert case.rate == 60, "as ordered, as soon as it can be followed again"


def test_it_never_goes_slower_than_the_room(room: Room) -> None:
    case = CaseClock(60)
    reached = live(room, case, 30, most_a_second=0.1)
    assert case.rate == 1
    assert case.late_s(reached) > 20, "that is for an alarm to tell"


def test_the_room_s_own_time_waits_for_nobody(room: Room) -> None:
    case = CaseClock()
    reached = live(room, case, 10, most_a_second=0.5)
    assert case.now() == room.now
    assert case.late_s(reached) == pytest.approx(5)
