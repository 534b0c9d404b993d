"""The display's idea of the case's time: follows the core, moves on between heartbeats, never steps back."""

from __future__ import annotations

from app.display.case_time import CaseTime
from clinical.instant import Instant

BEGIN = Instant(5_000_000_000, 1_772_352_000_000_000_000)


def test_it_is_what_the_core_told_and_moves_on() -> None:
    time = CaseTime()
    time.tell(BEGIN, 1.0)
    first, second = time.now(), time.now()
    assert BEGIN <= first <= second
    assert first.since(BEGIN) < 1.0


def test_a_late_heartbeat_does_not_turn_it_back() -> None:
    time = CaseTime()
    time.tell(BEGIN.plus(10), 1.0)
    seen = time.now()
    time.tell(BEGIN.plus(10.0001), 0.001)
    assert time.now() >= seen


def test_a_core_that_begins_anew_is_followed_back() -> None:
    time = CaseTime()
    time.tell(BEGIN.plus(1000), 1.0)
    time.now()
    time.tell(BEGIN, 1.0)
    assert time.now().since(BEGIN) < 1.0
