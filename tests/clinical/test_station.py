"""What a screen for several beds makes of what it hears."""

from dataclasses import replace

import pytest

from clinical.alarm_model import Alarm, Kind, Presence
from clinical.bed import BedState
from clinical.instant import Instant
from clinical.observations import Priority
from clinical.station import SILENT_AFTER_S, BedHeard, StationSound, by_bed, standing

NOW = Instant(10**12, 1_772_352_000_000_000_000)


def alarm(priority=Priority.HIGH, since_s=-12.0, **more):
    told = {"condition": "a", "kind": Kind.PHYSIOLOGICAL, "presence": Presence.ON, "title": "SpO₂ 84 < 90", "detail": ""}
    return Alarm(priority=priority, since=NOW.plus(since_s), **told | more)


def bed(name="1", ago_s=0.5, **state):
    return BedHeard(state=BedState(bed=name, at=NOW.plus(-ago_s), **{"case": f"case-{name}"} | state))


@pytest.mark.parametrize(
    ("heard", "silent"),
    [
        (bed(ago_s=SILENT_AFTER_S - 0.1), False),
        (bed(ago_s=SILENT_AFTER_S + 0.1), True),
        (bed(ago_s=600, left=True), False),
        (bed(ago_s=600, case=""), False),
    ],
)
def test_a_bed_is_missed_only_where_a_case_runs_and_nobody_said_goodbye(heard, silent):
    assert heard.is_silent(NOW) is silent
    assert bool(heard.alarms(NOW)) is silent


def test_of_a_silent_bed_no_alarm_stands_as_live():
    (only,) = bed(ago_s=60, alarms=(alarm(),)).alarms(NOW)
    assert (only.kind, only.priority) == (Kind.TECHNICAL, Priority.MEDIUM)
    assert only.since == NOW.plus(-60)


def test_alarms_of_all_beds_stand_highest_first_with_their_bed():
    beds = [bed("3", alarms=(alarm(Priority.MEDIUM),)), bed("6", alarms=(alarm(),)), bed("11", ago_s=30)]
    assert [one.title.split()[1] for one in standing(beds, NOW)] == ["6", "3", "11"]


def test_order_is_by_number_then_by_name():
    assert [one.state.bed for one in sorted(map(bed, ["10", "2", "B", "A", "1"]), key=by_bed)] == ["1", "2", "10", "A", "B"]


def test_the_highest_of_what_sounds_at_any_bed_sounds_and_silence_does():
    sound = StationSound()
    assert sound.step([bed()], NOW).sounding is None
    assert sound.step([bed(), bed("2", ago_s=9)], NOW).sounding is Priority.MEDIUM
    both = [bed(sounding=Priority.HIGH, generation=1), bed("2", ago_s=9)]
    assert sound.step(both, NOW).sounding is Priority.HIGH


def test_each_new_alarm_is_heard_at_once_and_an_old_one_keeps_its_rhythm():
    sound = StationSound()
    first = sound.step([bed(sounding=Priority.HIGH, generation=1)], NOW).generation
    assert sound.step([bed(sounding=Priority.HIGH, generation=1)], NOW.plus(1)).generation == first
    assert sound.step([bed(sounding=Priority.HIGH, generation=2, ago_s=0)], NOW.plus(1)).generation > first


def test_a_pause_is_for_two_minutes_and_a_higher_alarm_ends_it():
    sound = StationSound()
    medium = bed(sounding=Priority.MEDIUM, generation=1)
    sound.step([medium], NOW)
    sound.pause(NOW)
    paused = sound.step([medium, bed("2", sounding=Priority.MEDIUM, generation=1)], NOW.plus(1))
    assert (paused.sounding, paused.paused_until) == (None, NOW.plus(120))
    assert sound.step([medium, bed("2", sounding=Priority.HIGH, generation=2)], NOW.plus(2)).sounding is Priority.HIGH
    sound.pause(NOW.plus(3))
    later = BedHeard(state=replace(medium.state, at=NOW.plus(123)))
    assert sound.step([later], NOW.plus(123.1)).sounding is Priority.MEDIUM


def test_a_sound_that_is_paused_at_the_bed_does_not_sound_here():
    assert StationSound().step([bed(alarms=(alarm(),), sounding=None)], NOW).sounding is None
