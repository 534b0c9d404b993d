"""What the display takes for the case's time, beside a room whose time this test tells."""

from __future__ import annotations

import pytest

from app.display import case_time
from app.display.case_time import ON_ITS_WAY_S, CaseTime
from clinical.instant import Instant

ROOM = Instant(10**12, 1_772_352_000 * 10**9)
CASE = Instant(5 * 10**12, 1_772_400_000 * 10**9)


@pytest.mark.parametrize("speed", [1.0, 60.0])
def test_it_goes_on_at_the_pace_that_was_told_and_leaves_numbers_time_to_come(monkeypatch: pytest.MonkeyPatch, speed: float) -> None:
    monkeypatch.setattr(case_time, "room_now", lambda: ROOM)
    time = CaseTime()
    time.tell(CASE, speed)
    monkeypatch.setattr(case_time, "room_now", lambda: ROOM.plus(0.2))
    assert time.now().since(CASE) == pytest.approx(0.2 * speed - ON_ITS_WAY_S * (speed - 1))


def test_a_clock_that_slowed_down_never_steps_back_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_time, "room_now", lambda: ROOM)
    time = CaseTime()
    time.tell(CASE, 60.0)
    monkeypatch.setattr(case_time, "room_now", lambda: ROOM.plus(1.0))
    before = time.now()
    time.tell(CASE.plus(20), 2.0)
    assert time.now() == before
