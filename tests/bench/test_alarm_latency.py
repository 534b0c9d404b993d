"""How waits are counted: from each low value to the first event that shows it before the next word; what never came is missed."""

from __future__ import annotations

from bench.alarm_latency import waits_ms

MS = 1_000_000


def painted(at_ms: int, value: int, presence: str = "on") -> dict[str, object]:
    return {"event": "alarm", "at_ns": at_ms * MS, "value": value, "priority": "high", "presence": presence}


def test_each_low_value_waits_for_its_own_alarm():
    said = [(0, 81), (100 * MS, 98), (200 * MS, 82), (300 * MS, 98), (400 * MS, 83)]
    events = [
        painted(-5, 81),
        painted(20, 81),
        painted(30, 81),
        painted(210, 81),  # of the value before
        painted(215, 82, "acknowledged"),
        painted(240, 82),
        painted(500, 83),
    ]
    assert waits_ms(said, events, "alarm") == ([20.0, 40.0, 100.0], 0)


def test_what_comes_after_the_next_word_is_missed():
    said = [(0, 81), (100 * MS, 98), (200 * MS, 82), (300 * MS, 98)]
    assert waits_ms(said, [painted(150, 81), painted(320, 82)], "alarm") == ([], 2)


def test_sounds_are_counted_apart():
    said = [(0, 81), (100 * MS, 98)]
    assert waits_ms(said, [{"event": "sound", "at_ns": 7 * MS, "priority": "high"}, painted(3, 81)], "sound") == ([7.0], 0)
