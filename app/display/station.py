"""The station: hears every bed, shows it, sounds for it, and says over the whole screen when it hears nobody. Reads only."""

from __future__ import annotations

import os
import signal
import sys

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.clock import room_now, utc_offset_min
from app.display.sounds import AlarmSound
from app.display.start import fit
from app.display.station_reader import StationReader
from app.display.station_window import StationWindow
from app.settings import Settings
from clinical.alarm_model import AudioState
from clinical.instant import Instant
from clinical.station import BedHeard, StationSound, by_bed, standing
from widgets.durations import countdown
from widgets.fault_curtain import FaultNotice
from widgets.fonts import load_fonts
from widgets.soft_keys import KeyState, SoftKey
from widgets.theme import DAY, NIGHT

LOST_AFTER_S = 3.0
"""What was read so long ago is not shown as live any more."""
BACK_AFTER_S = 3.0
"""A server that is back: until the beds have spoken to it again, none of them is missed."""
FRAME_MS = 50
MOST_LETTERS = 170


class Station(QObject):
    """Wires reader, window and sound."""

    def __init__(self, server: str, settings: Settings, title: str) -> None:
        super().__init__()
        self.window = StationWindow(title)
        self.sound = AlarmSound(self, melodies=settings.melodies)
        self._logic = StationSound()
        self._beds: tuple[BedHeard, ...] = ()
        self._heard_at = self._back_at = room_now()
        self._why = ""
        self._audio: AudioState | None = None
        self._reader = StationReader(server, self)
        self._reader.heard.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._reader.lost.connect(self._lose, Qt.ConnectionType.QueuedConnection)
        self.sound.ability_changed.connect(lambda can, why: self.window.bar.set_sound_fault("" if can else why))
        self.window.keys.pressed_key.connect(self._press)
        self.window.closing.connect(self.leave)
        self.window.bar.set_utc_offset(utc_offset_min())
        if settings.theme == "night":
            self.window.set_theme(NIGHT)
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self.step)

    def open(self) -> None:
        """Shows the window, then begins to hear."""
        self.window.show()
        self._heard_at = self._back_at = room_now()
        self.sound.start()
        self._reader.start()
        self._frames.start()
        self.step()

    def leave(self) -> None:
        self._frames.stop()
        self._reader.leave()
        self.sound.stop()
        QApplication.quit()

    def _take(self, beds: tuple[BedHeard, ...]) -> None:
        self._beds = tuple(sorted(beds, key=by_bed))
        now = room_now()
        if now.since(self._heard_at) > LOST_AFTER_S:
            self._back_at = now
        self._heard_at, self._why = now, ""
        self.window.grid.show_beds(self._beds)
        self.window.bar.show_beds(self._beds)
        self.step()

    def _lose(self, why: str) -> None:
        self._why = why

    def step(self) -> None:
        """Everything that goes by time: silence, sound, blinking, clocks, the curtain."""
        now = room_now()
        lost = now.since(self._heard_at) > LOST_AFTER_S
        self._cover(lost=lost)
        audio = self._logic.step(self._beds, now)
        if audio != self._audio:
            self._audio = audio
            self.sound.follow_alarms(standing(self._beds, now))
            self.sound.follow(audio)
            self.window.bar.set_audio(audio)
            self.window.grid.set_steady(steady=audio.paused_until is not None)
        self.window.keys.set_keys(self._keys(audio, now))
        for part in (self.window.bar, self.window.grid, self.window.keys, self.window.curtain):
            part.advance(now)

    def _cover(self, *, lost: bool) -> None:
        shown = self.window.curtain.notice
        if lost and (shown is None or (self._why and elided(self._why) not in shown.happened)):
            self.window.curtain.show_fault(_not_heard(self._why, self._heard_at if shown is None else shown.since))
            if shown is None:
                self.sound.sound_for_core(lost=True)
        elif not lost and shown is not None and room_now().since(self._back_at) > BACK_AFTER_S:
            self.window.curtain.clear()
            self.sound.sound_for_core(lost=False)

    def _keys(self, audio: AudioState, now: Instant) -> tuple[SoftKey, ...]:
        paused = audio.paused_until
        left = "here only, 2:00" if paused is None else f"here only, {countdown(paused.since(now))}"
        night = self.window.theme is NIGHT
        return (
            SoftKey(
                name="sound",
                shortcut="F1",
                title="Pause sound" if paused is None else "Sound on",
                sub=left,
                state=_state(on=paused is not None),
            ),
            SoftKey(name="night", shortcut="F8", title="Day" if night else "Night"),
        )

    def _press(self, name: str) -> None:
        if name == "night":
            self.window.set_theme(DAY if self.window.theme is NIGHT else NIGHT)
        elif self._audio is not None and self._audio.paused_until is not None:
            self._logic.resume()
        else:
            self._logic.pause(room_now())
        self.step()


def elided(why: str) -> str:
    """So that the whole notice keeps its place."""
    return why if len(why) <= MOST_LETTERS else f"{why[:MOST_LETTERS]}…"


def _state(*, on: bool) -> KeyState:
    return KeyState.CHOSEN if on else KeyState.NORMAL


def _not_heard(why: str, since: Instant) -> FaultNotice:
    return FaultNotice(
        title="No bed is heard",
        happened=f"The clinic's server does not answer this station. {elided(why)}".strip(),
        means="Nothing is shown and no bed's alarm sounds from here. The beds watch, alarm and record by themselves.",
        actions=("Go to the beds.", "Check the network and the server.", "The beds come back here by themselves."),
        since=since,
    )


def show_station(server: str, settings: Settings, title: str) -> int:
    """Opens the window and watches until it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("a program without widgets is running in this process")
    application.setApplicationName("Bedside")
    application.setStyle("Fusion")
    load_fonts()
    station = Station(server, settings, title)
    fit(station.window, os.environ.get("BEDSIDE_WINDOW", ""))
    station.open()
    signal.signal(signal.SIGTERM, lambda *_: station.window.close())
    signal.signal(signal.SIGINT, lambda *_: station.window.close())
    return application.exec()
