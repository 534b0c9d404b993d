"""The bursts follow the loudspeaker that is the default now."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import ClassVar

import pytest
from PySide6.QtCore import QIODevice, QObject, Signal
from PySide6.QtMultimedia import QAudioFormat, QtAudio
from pytestqt.qtbot import QtBot

from app.display.sound_line import EVERY_MS, LATE_MS
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

    def isFormatSupported(self, _form: QAudioFormat) -> bool:  # noqa: N802 (Qt's name)
        return True

    def isNull(self) -> bool:  # noqa: N802 (Qt's name)
        return not self._name


class Devices(QObject):
    """A machine whose loudspeakers are plugged by the test."""

    audioOutputsChanged = Signal()  # noqa: N815 (Qt's name)
    default = Loudspeaker(b"built in")

    @staticmethod
    def defaultAudioOutput() -> Loudspeaker:  # noqa: N802 (Qt's name)
        return Devices.default


class Sink(QObject):
    """A loudspeaker's end of the line: takes at once all that it is handed, or nothing."""

    made: ClassVar[list[Sink]] = []
    dead = False
    """What is played on a loudspeaker that is gone is never taken."""

    def __init__(self, device: Loudspeaker, form: QAudioFormat, parent: QObject) -> None:
        super().__init__(parent)
        self.device, self.form = device, form
        self.volume, self.played, self.open = 1.0, [], False  # type: tuple[float, list[tuple[bytes, float]], bool]
        Sink.made.append(self)

    def setBufferSize(self, _size: int) -> None: ...  # noqa: N802 (Qt's name)

    def setVolume(self, volume: float) -> None:  # noqa: N802 (Qt's name)
        self.volume = volume

    def start(self, source: QIODevice) -> None:
        self.played.append((bytes(source.readAll().data()), self.volume))
        self.open = True

    def stop(self) -> None:
        self.open = False

    def state(self) -> QtAudio.State:
        if not self.open:
            return QtAudio.State.StoppedState
        return QtAudio.State.ActiveState if Sink.dead else QtAudio.State.IdleState

    def processedUSecs(self) -> int:  # noqa: N802 (Qt's name)
        return 0

    def bursts(self) -> list[float]:
        """The volumes of what could be heard."""
        return [volume for steps, volume in self.played if steps.strip(b"\0")]


@pytest.fixture
def sound(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlarmSound]:
    plugged(monkeypatch)
    made = AlarmSound()
    made.start()
    yield made
    made.stop()


def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PySide6.QtMultimedia.QMediaDevices", Devices)
    monkeypatch.setattr("PySide6.QtMultimedia.QAudioSink", Sink)
    monkeypatch.setattr(Devices, "default", Loudspeaker(b"built in"))
    monkeypatch.setattr(Sink, "made", [])
    monkeypatch.setattr(Sink, "dead", False)


@pytest.mark.parametrize("told", [True, False], ids=["told by Qt", "found at the next look"])
def test_the_line_leads_to_the_loudspeaker_that_became_the_default(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    plugged(monkeypatch)
    sound = AlarmSound()
    abilities: list[bool] = []
    sound.ability_changed.connect(lambda can, _why: abilities.append(can))
    sound.start()
    for name in (b"headset", b"", b"built in"):
        Devices.default = Loudspeaker(name)
        sound._devices.audioOutputsChanged.emit() if told else sound._judge()
        sound.play_once(Priority.HIGH)
        assert Sink.made[-1].device.id() == (name or b"headset")
        assert len(Sink.made[-1].bursts()) == 1, "one for each loudspeaker, and none where there is none"
    assert abilities == [True, False, True]
    assert len(Sink.made) == 3
    sound.stop()


def test_what_is_never_taken_does_not_play_and_is_not_begun_again(sound: AlarmSound, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[bool, str]] = []
    sound.ability_changed.connect(lambda can, why: told.append((can, why)))
    passed_ms = [0]
    clock = SimpleNamespace(start=lambda: None, isValid=lambda: True, invalidate=lambda: None, elapsed=lambda: passed_ms[0])
    monkeypatch.setattr(sound._line, "_begun", clock)
    monkeypatch.setattr(Sink, "dead", True)
    (sink,) = Sink.made
    sound.play_once(Priority.LOW)
    passed_ms[0] = LATE_MS - 1
    sound._judge()
    assert told == [], "a sound server may take a moment"
    passed_ms[0] = LATE_MS + 1
    sound._judge()
    assert told == [(False, "speaker stopped")]
    begun = len(sink.played)
    sound.play_once(Priority.HIGH)
    assert len(sink.played) == begun
    monkeypatch.setattr(Sink, "dead", False)
    sound._judge()
    assert told[1:] == [(True, "")]
    sound.play_once(Priority.HIGH)
    assert len(sink.played) == begun + 1


def test_silence_is_played_now_and_then_and_never_into_a_burst(sound: AlarmSound, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_ms = [0]
    clock = SimpleNamespace(start=lambda: None, isValid=lambda: True, invalidate=lambda: None, elapsed=lambda: passed_ms[0])
    monkeypatch.setattr(sound._line, "_begun", clock)
    (sink,) = Sink.made
    sound.play_once(Priority.HIGH)
    count = len(sink.played)
    for passed_ms[0] in (1000, 3000, EVERY_MS - 1):
        sound._judge()
    assert len(sink.played) == count
    passed_ms[0] = 2 * EVERY_MS
    sound._judge()
    assert len(sink.played) == count + 1
    assert not sink.played[-1][0].strip(b"\0")


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
    assert Sink.made[-1].bursts() == [0.5, 0.5, 0.7, 1.0, 1.0, 0.5]


def test_melodies_are_an_option_and_name_the_category(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    plugged(monkeypatch)
    melodious = AlarmSound(melodies=True)
    melodious.start()
    assert set(melodious._bursts) == set(itertools.product(Priority, Category))
    melodious.follow_alarms((SPO2_ALARM, SBP_ALARM))
    melodious.follow(state(Priority.HIGH))
    assert Sink.made[-1].played[-1][0] == melodious._bursts[Priority.HIGH, Category.OXYGEN]
    melodious.stop()
