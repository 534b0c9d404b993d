"""Audible alarm signals of the display: one burst at a time, as often as its priority asks, and a word when nothing can sound.

QtMultimedia is imported late: without the system's sound library it cannot be imported at all, and the screen must still come.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from app.burst_wav import repeat_s, steps_of
from app.display.sound_line import SoundLine
from clinical.alarm_model import SILENCE, Alarm, AudioState
from clinical.alarms.bursts import Category, loudness
from clinical.alarms.category import category_heard
from clinical.observations import Priority

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices

LOOK_EVERY_MS = 1000


class AlarmSound(QObject):
    """Sounds what an AudioState asks for.

    Signals:
        ability_changed: whether it can sound, and why not.
        sounded: a burst of this priority was begun.
    """

    ability_changed = Signal(bool, str)
    sounded = Signal(object)

    def __init__(self, parent: QObject | None = None, *, melodies: bool = False) -> None:
        """``melodies``: each category of alarms has notes of its own; else a priority has one pitch."""
        super().__init__(parent)
        self._melodies = melodies
        self._category = Category.GENERAL
        self._bursts: dict[tuple[Priority, Category], bytes] = {}
        self._begun = QElapsedTimer()
        self._devices: QMediaDevices | None = None
        self._line = SoundLine(self)
        self._audio: AudioState = SILENCE
        self._told: AudioState = SILENCE
        self._core_lost = False
        self._ability: tuple[bool, str] | None = None
        self._repeat = QTimer(self, singleShot=True)
        self._repeat.timeout.connect(self._burst)
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._judge)

    def start(self) -> None:
        """Opens the line and begins to watch the loudspeaker."""
        self._load()
        self._judge()
        self._look.start()

    def stop(self) -> None:
        """Silence, and no look at the loudspeaker any more."""
        self._look.stop()
        self._sound(SILENCE)
        self._line.close()

    def follow(self, audio: AudioState) -> None:
        """Takes what should sound from now on; while the core is lost, from when it is back.

        A new alarm sounds at once; the same one keeps its rhythm.
        """
        self._told = audio
        if not self._core_lost:
            self._sound(audio)

    def _sound(self, audio: AudioState) -> None:
        before, self._audio = self._audio, audio
        news = audio.sounding is not before.sounding or audio.generation != before.generation
        if audio.sounding is None:
            self._repeat.stop()
            if audio.reminders > before.reminders:
                self.play_once(Priority.LOW)
        elif news or (audio.repeats and not self._repeat.isActive()):
            if news:
                self._begun.start()
            self._burst()

    def follow_alarms(self, alarms: tuple[Alarm, ...]) -> None:
        """What stands, highest first: its notes are those of what is heard."""
        self._category = category_heard(alarms)

    def sound_for_core(self, *, lost: bool) -> None:
        """While the core is lost nobody says what should sound: the high burst does, until it is back. Then what was told last."""
        self._core_lost = lost
        self._sound(AudioState(sounding=Priority.HIGH, paused_until=None, generation=self._audio.generation + 1) if lost else self._told)

    def play_once(self, priority: Priority) -> None:
        """One burst at full volume, for the test at the start of a case and for a reminder."""
        self._play(priority, Category.GENERAL, 1.0)

    def _play(self, priority: Priority, category: Category, volume: float) -> None:
        """The one way to the loudspeaker: what was heard in the test is what sounds in an alarm."""
        burst = self._bursts.get((priority, category if self._melodies else Category.GENERAL))
        if burst is not None:
            self._line.play(burst, volume)
            self.sounded.emit(priority)

    def tell_again(self) -> None:
        """For one who came late: ``ability_changed``, as it was told last."""
        if self._ability is not None:
            self.ability_changed.emit(*self._ability)

    def _load(self) -> None:
        try:
            from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 (see above)
        except ImportError as error:
            self._tell(can=False, why=f"sound library missing ({error.name or error})")
            return
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._judge)

    def _make_bursts(self) -> None:
        """As the loudspeaker takes them."""
        rate_hz, channels = self._line.rate_hz, self._line.channels
        self._bursts = {
            (priority, category): steps_of(priority, category if self._melodies else None, rate_hz).repeat(channels).tobytes()
            for priority, category in product(Priority, Category if self._melodies else (Category.GENERAL,))
        }

    def _burst(self) -> None:
        priority = self._audio.sounding
        if priority is None:
            return
        self._play(priority, self._category, loudness(self._begun.elapsed() / 1000))
        if self._audio.repeats:
            self._repeat.start(round(repeat_s(priority) * 1000))
        else:
            self._repeat.stop()

    def _judge(self) -> None:
        if self._devices is None:
            return
        from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 (see above)

        loudspeaker = QMediaDevices.defaultAudioOutput()
        if self._line.lead_to(loudspeaker) or not self._bursts:
            self._make_bursts()
        if loudspeaker.isNull():
            self._tell(can=False, why="no loudspeaker")
        elif not self._line.looks_well():
            self._tell(can=False, why="speaker stopped")
        else:
            self._tell(can=True, why="")

    def _tell(self, *, can: bool, why: str) -> None:
        if self._ability != (can, why):
            self._ability = (can, why)
            self.ability_changed.emit(can, why)
