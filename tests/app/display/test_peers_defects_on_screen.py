"""Faults that other bedside programs have had, by name, where they would be seen or heard: none of them here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import room_now
from app.display.compose import Display
from app.plan import CorePlan
from app.settings import Settings
from clinical.alarm_model import Alarm, AudioState, Presence
from clinical.alarms.bursts import BURSTS as SHIPPED
from clinical.alarms.bursts import LOUDER_STEPS, MELODIES, burst_samples
from clinical.instant import Instant
from clinical.messages import FromDevice, Outcome, Tick
from clinical.metrics import HEART_RATE
from clinical.observations import LinkState, LinkStatus, Priority
from devices.patient.bedside import Bedside
from devices.patient.scenarios import load
from storage.export.cells import number_cell
from tests.app.display.windows import IGNORED
from widgets.alarm_slots import slot_faces
from widgets.gallery_case import LINE_ALARM, SBP_ALARM, SPO2_ALARM

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def display(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    made = Display(CorePlan(database=f"sqlite:///{tmp_path / 'a.sqlite'}"), Settings())
    made.window.resize(1366, 768)
    made.window.show()
    yield made
    made.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def tell(display: Display, alarms: tuple[Alarm, ...], now: Instant) -> None:
    display.feed.take((Outcome(message=Tick(now), alarms=alarms),))


def test_every_priority_reaches_the_screen(display: Display) -> None:
    """One screen laid out HIGH, then LOW; MEDIUM was never added."""
    now = room_now()
    alarms = tuple(replace(alarm, since=now) for alarm in (SPO2_ALARM, SBP_ALARM, replace(LINE_ALARM, priority=Priority.LOW)))
    tell(display, alarms, now)
    seen = {face.alarm.priority for second in range(8) for face in slot_faces(display.state.alarms, now.plus(second), steady=False)}
    assert seen == set(Priority)


def test_a_lost_line_opens_no_box(display: Display) -> None:
    """A communication error opened a modal box each second, from the poll of the alarms."""
    now = room_now()
    for second in range(5):
        status = LinkStatus(at=now.plus(second), state=LinkState.LOST, detail="unplugged")
        display.feed.take((Outcome(message=FromDevice("monitor", status)),))
        tell(display, (replace(LINE_ALARM, since=now),), now.plus(second))
    assert QApplication.activeModalWidget() is None
    assert QApplication.activePopupWidget() is None


def test_a_screen_that_hears_nothing_takes_no_alarm_away(display: Display) -> None:
    """An alarm vanished 2 s after its last report, so that a stalled line cleared it."""
    now = room_now()
    tell(display, (replace(SPO2_ALARM, since=now),), now)
    for second in range(0, 600, 30):
        display.window.bar.advance(now.plus(second))
    assert [alarm.presence for alarm in display.state.alarms] == [Presence.ON]


def test_words_that_cannot_be_drawn_drop_no_alarm(display: Display, qtbot: QtBot) -> None:
    """What a device calls its alarm may be endless, empty, or made of characters that no font has."""
    now = room_now()
    strange = ("", "\x00\x07\ud800", "\u202e" * 50, "A" * 100_000, "\U0001f469\u200d\u2695" * 500, "\n\r\t", "%s {0} <b>x</b>")
    alarms = tuple(
        replace(SPO2_ALARM, condition=f"device:monitor:{number}", title=text, detail=text, since=now) for number, text in enumerate(strange)
    )
    tell(display, alarms, now)
    for second in range(2 * len(alarms)):
        display.window.bar.advance(now.plus(second))
        display.window.bar.grab()
    assert [alarm.condition for alarm in display.state.alarms] == [alarm.condition for alarm in alarms]


def test_what_ships_is_audible() -> None:
    """A shipped default had the buzzer's volume at 0."""
    for burst in SHIPPED.values():
        for melody in ((), *MELODIES.values()):
            assert np.abs(burst_samples(burst, 8000, melody)).max() * LOUDER_STEPS[0] > 0.2
    assert not Settings().melodies


def test_no_loudspeaker_is_told_and_later_alarms_still_try(display: Display) -> None:
    """Where the audio line was missing the sound stayed null for good, and nobody was told."""
    told: list[bool] = []
    display.sound.ability_changed.connect(lambda can, _why: told.append(can))
    display.sound._tell(can=False, why="no loudspeaker")
    display.sound.follow(AudioState(sounding=Priority.HIGH, paused_until=None, generation=1))
    assert display.sound._repeat.isActive()
    display.sound._tell(can=True, why="")
    assert told == [False, True]


def test_a_number_in_a_file_has_a_point_whatever_the_machine() -> None:
    """A file with commas between its cells had commas in its numbers."""
    assert number_cell(97.5, 1) == "97.5"
    assert "," not in number_cell(12345678.25, 2)


def test_no_number_jumps_to_zero_where_a_scenario_steps() -> None:
    """At every step of a scenario the heart rate fell to 0 for a moment."""
    bedside = Bedside(load("stepped-day"), 1, Instant(0, 0))
    heart: list[float | None] = []
    for second in range(300):
        bedside.advance(Instant(0, 0).plus(second))
        heart.append(bedside.value(HEART_RATE))
    assert all(value is not None and value > 40 for value in heart[20:])
