"""What a batch of outcomes says to the screen: of events each, of how things stand what is newest."""

from __future__ import annotations

from dataclasses import replace

from app.display.feed import Feed
from clinical.alarm_model import AlarmTransition, AudioState, Presence
from clinical.messages import Outcome, Tick
from clinical.observations import Priority
from widgets.gallery_case import LINE_ALARM, NOW


def test_of_a_flood_every_step_is_logged_and_what_stands_is_told_once() -> None:
    alarms = [replace(LINE_ALARM, condition=f"device:monitor:{number}") for number in range(100)]
    outcomes = [
        Outcome(
            message=Tick(NOW.plus(number / 200)),
            transitions=(AlarmTransition(at=NOW.plus(number / 200), before=Presence.OFF, alarm=alarm, by=""),),
            alarms=(alarm,),
            audio=AudioState(sounding=Priority.HIGH, paused_until=None, generation=number),
        )
        for number, alarm in enumerate(alarms)
    ]
    logged, stood, sounded, told = [], [], [], []
    feed = Feed()
    feed.transition_logged.connect(lambda step: logged.append(step.alarm))
    feed.alarms_changed.connect(lambda standing, at: stood.append((standing, at)))
    feed.audio_changed.connect(sounded.append)
    feed.audio_told.connect(lambda _at, audio: told.append(audio.generation))
    feed.take(outcomes)
    assert logged == alarms
    assert stood == [((alarms[-1],), outcomes[-1].message.at)]
    assert [audio.generation for audio in sounded] == [99]
    assert told == list(range(100)), "the log of what sounded leaves nothing out"
