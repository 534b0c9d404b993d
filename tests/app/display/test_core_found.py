"""A core that lives does not yet watch: what covers the screen and sounds goes only when it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.display.bridge import Bridge
from app.display.compose import Display
from app.display.sounds import AlarmSound
from app.plan import CorePlan
from app.settings import Settings
from app.wire import Heartbeat
from clinical.alarm_model import SILENCE, AudioState
from clinical.instant import Instant
from clinical.messages import Outcome, Tick
from clinical.observations import Priority
from tests.app.display.windows import IGNORED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
NOW = Instant(0, 0)
MEDIUM = AudioState(sounding=Priority.MEDIUM, paused_until=None, generation=7)


@pytest.fixture
def display(qtbot: QtBot, tmp_path: Path) -> Iterator[Display]:
    plan = CorePlan(database=f"sqlite:///{tmp_path / 'cases.sqlite'}", address=str(tmp_path / "core"), secret=b"s")
    display = Display(plan, Settings())
    yield display
    display.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def told(display: Display, audio: AudioState) -> None:
    display.feed.take((Outcome(message=Tick(NOW), alarms=(), audio=audio),))


def test_a_core_that_still_opens_lives_but_lifts_no_curtain_and_stops_no_sound(display: Display) -> None:
    bridge, curtain = display.bridge, display.window.curtain
    bridge._take(Heartbeat(NOW, 1.0, 17))
    bridge._take(None)
    assert curtain.notice is not None
    assert display.sound._audio.sounding is Priority.HIGH
    bridge._take(Heartbeat(NOW, 1.0, 18, watching=False))
    told(display, SILENCE)  # all that a core can tell which has taken up nothing yet
    assert curtain.notice is not None
    assert display.sound._audio.sounding is Priority.HIGH
    assert display.keeper._heard
    assert display.keeper._number == 18
    told(display, MEDIUM)
    bridge._take(Heartbeat(NOW, 1.0, 18, watching=True))
    assert curtain.notice is None
    assert display.sound._audio == display.state.audio == MEDIUM


def test_one_lost_again_before_it_watched_is_lost_to_the_keeper_too(qtbot: QtBot) -> None:
    bridge = Bridge("nowhere", b"")
    lost: list[bool] = []
    found: list[bool] = []
    bridge.core_lost.connect(lost.append)
    bridge.core_found.connect(lambda: found.append(True))
    for message in (Heartbeat(NOW, 1.0, 17), None, None, Heartbeat(NOW, 1.0, 18, watching=False), None):
        bridge._take(message)
    assert lost == [True, True]
    assert found == [True]


def test_what_sounded_before_the_loss_does_not_come_back_after_it(qtbot: QtBot) -> None:
    sound = AlarmSound()
    sound.follow(AudioState(sounding=Priority.HIGH, paused_until=None, generation=3))
    sound.sound_for_core(lost=True)
    sound.follow(SILENCE)
    assert sound._audio.sounding is Priority.HIGH
    sound.sound_for_core(lost=False)
    assert sound._audio == SILENCE
