"""The bursts follow the loudspeaker that is the default now."""

from __future__ import annotations

from enum import Enum

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app.display.sounds import AlarmSound
from tests.app.display.windows import IGNORED

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

    class Status(Enum):
        READY = 1
        Error = 2

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.device = Devices.default

    def setSource(self, _source: object) -> None: ...  # noqa: N802 (Qt's name)

    def stop(self) -> None: ...

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
