"""The bursts follow the loudspeaker that is the default now."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from enum import Enum
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app.display.sounds import AlarmSound
from clinical.alarm_model import AudioState
from clinical.alarms.bursts import Category
from clinical.observations import Priority
from tests.app.display.windows import IGNORED
from widgets.gallery_case import SBP_ALARM, SPO2_ALARM

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


class Loudspeaker:
    def __init__(self, name: bytes) -> None:
        self._name = name

    def id(self) -> bytes:
        return self._name

    def isNull(self) -> bool:  # noqa: N802 (Qt's name)
        return not self._name


class Devices(QObject):
    """A machine whose loudspeakers are plugged by the test."""

    audioOutputsChanged = Signal()  # noqa: N815 (Qt's name)
    default = Loudspeaker(b"built in")

    @staticmethod
    def defaultAudioOutput() -> Loudspeaker:  # noqa: N802 (Qt's name)
        return Devices.default


class Effect(QObject):
    """Stays at the device that was the default when it was made, as Qt's own does."""

    stuck = False
    """What is played on a loudspeaker that is gone never ends."""

    class Status(Enum):
        READY = 1
        Error = 2

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.device = Devices.default
        self.volume = 1.0

    def setSource(self, _source: object) -> None: ...  # noqa: N802 (Qt's name)

    def setVolume(self, volume: float) -> None:  # noqa: N802 (Qt's name)
        self.volume = volume

    def play(self) -> None:
        self.played = [*getattr(self, "played", []), self.volume]

    def stop(self) -> None: ...

    def isPlaying(self) -> bool:  # noqa: N802 (Qt's name)
        return Effect.stuck

    def status(self) -> Status:
        return self.Status.READY

    def audioDevice(self) -> Loudspeaker:  # noqa: N802 (Qt's name)
        return self.device

    def setAudioDevice(self, device: Loudspeaker) -> None:  # noqa: N802 (Qt's name)
        self.device = device


@pytest.mark.parametrize("told", [True, False], ids=["told by Qt", "found at the next look"])
def test_every_burst_moves_to_the_loudspeaker_that_became_the_default(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    monkeypatch.setattr("PySide6.QtMultimedia.QMediaDevices", Devices)
    monkeypatch.setattr("PySide6.QtMultimedia.QSoundEffect", Effect)
    monkeypatch.setattr(Devices, "default", Loudspeaker(b"built in"))
    sound = AlarmSound()
    abilities: list[bool] = []
    sound.ability_changed.connect(lambda can, _why: abilities.append(can))
    sound.start()
    for name in (b"headset", b"", b"built in"):
        Devices.default = Loudspeaker(name)
        sound._devices.audioOutputsChanged.emit() if told else sound._judge()
        assert {effect.device.id() for effect in sound._effects.values()} == {name or b"headset"}
    assert abilities == [True, False, True]
    sound.stop()


def test_what_never_ends_does_not_play(sound: AlarmSound, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[bool, str]] = []
    sound.ability_changed.connect(lambda can, why: told.append((can, why)))
    passed = iter((1000, 2000, 1000, 2000, 3000, 4000))
    monkeypatch.setattr(sound._probe, "_begun", SimpleNamespace(start=lambda: None, isValid=lambda: True, elapsed=lambda: next(passed)))
    monkeypatch.setattr(Effect, "stuck", True)
    sound._judge()
    assert told == [], "silence may take a moment"
    sound._judge()
    assert told == [(False, "the loudspeaker does not play")]
    monkeypatch.setattr(Effect, "stuck", False)
    sound._judge()
    assert len(told) == 1, "not before what was begun came to its end in its time"
    sound._judge()
    assert told[1:] == [(True, "")]


@pytest.fixture
def sound(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlarmSound]:
    monkeypatch.setattr("PySide6.QtMultimedia.QMediaDevices", Devices)
    monkeypatch.setattr("PySide6.QtMultimedia.QSoundEffect", Effect)
    monkeypatch.setattr(Devices, "default", Loudspeaker(b"built in"))
    made = AlarmSound()
    made.start()
    yield made
    made.stop()


def state(priority: Priority | None, generation: int = 1, **more: object) -> AudioState:
    return AudioState(**({"sounding": priority, "paused_until": None, "generation": generation} | more))  # type: ignore[arg-type]


def test_what_asks_to_be_heard_once_is_not_repeated(sound: AlarmSound, qtbot: QtBot) -> None:
    heard: list[Priority] = []
    sound.sounded.connect(heard.append)
    sound.follow(state(Priority.LOW, repeats=False))
    sound.follow(state(Priority.LOW, repeats=False, reminders=0))
    assert heard == [Priority.LOW]
    assert not sound._repeat.isActive()
    sound.follow(state(Priority.LOW, repeats=True))  # another low one that does repeat
    assert sound._repeat.isActive()


def test_a_reminder_is_one_burst(sound: AlarmSound) -> None:
    heard: list[Priority] = []
    sound.sounded.connect(heard.append)
    sound.follow(state(Priority.HIGH))
    for reminders in (0, 1, 1, 2):
        sound.follow(state(None, reminders=reminders))
    assert heard == [Priority.HIGH, Priority.LOW, Priority.LOW]


def test_the_sound_grows_while_nobody_answers_and_begins_anew_with_a_new_alarm(sound: AlarmSound, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = iter((0, 29_000, 31_000, 61_000, 600_000, 0))
    monkeypatch.setattr(sound, "_begun", SimpleNamespace(start=lambda: None, elapsed=lambda: next(passed)))
    sound.follow(state(Priority.HIGH))
    for _ in range(4):
        sound._burst()
    sound.follow(state(Priority.HIGH, 2))
    effect = sound._effects[Priority.HIGH, Category.GENERAL]
    assert effect.played == [0.5, 0.5, 0.7, 1.0, 1.0, 0.5]  # type: ignore[attr-defined]


def test_melodies_are_an_option_and_name_the_category(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PySide6.QtMultimedia.QMediaDevices", Devices)
    monkeypatch.setattr("PySide6.QtMultimedia.QSoundEffect", Effect)
    melodious = AlarmSound(melodies=True)
    melodious.start()
    assert set(melodious._effects) == set(itertools.product(Priority, Category))
    melodious.follow_alarms((SPO2_ALARM, SBP_ALARM))
    melodious.follow(state(Priority.HIGH))
    assert [key for key, effect in melodious._effects.items() if getattr(effect, "played", [])] == [(Priority.HIGH, Category.OXYGEN)]
    melodious.stop()
