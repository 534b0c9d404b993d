"""Watches over the display from the core: hears its signs of life, starts it anew, and sounds in its place meanwhile."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from time import monotonic

from app.core.own_sound import OwnSound
from app.supervision import SILENT_AFTER_S, Attempts, Heart, end_process
from app.wire import Alive
from clinical.alarm_model import SILENCE, AudioState
from clinical.messages import Outcome

LOOK_EVERY_S = 0.1
STARTING_S = 4.0
"""How long a new display may take to its first sign of life before another is started."""
FIRST_MEETING_S = 12.0
"""How long the display that started this core may take; it loads its own half meanwhile."""
LOADING_S, LOADING_SILENCE_S = 4.0, 2.5
"""A display that has just been met loads its pages meanwhile: in its first seconds it may be silent for longer than later."""
SETTLED_S = 10.0
"""A display that has lived so long has been started well."""
DISPLAY_ILL = "The screen does not answer; it is being started anew. Watch the patient and the devices themselves."
DISPLAY_HOPELESS = "The screen cannot be started; that is tried again once a minute. Watch the patient and the devices themselves."
SILENT = "No loudspeaker answers: no alarm can be heard. Stay at the bedside, or connect one."


class DisplayGuard:
    """Reports "display" as ill while none is heard, and "sound" while nothing at all can sound."""

    def __init__(
        self, start_display: Callable[[], subprocess.Popen[bytes]], report: Callable[[str, bool, str], None], sound: OwnSound
    ) -> None:
        self._start_display = start_display
        self._report = report
        self._sound = sound
        self._audio: AudioState = SILENCE
        self._heart = Heart(monotonic())
        self._met_at: float | None = None
        self._gone = threading.Event()
        self._ended = threading.Event()
        self._display_can_sound: bool | None = None
        self._display_process = 0
        self._told: dict[str, str] = {}
        self._attempts = Attempts(STARTING_S)
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="display guard", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=2.0)

    def leave(self) -> None:
        """The display said goodbye: it is neither missed nor started again."""
        self._ended.set()

    def hear(self, sign: Alive | None) -> None:
        """A sign of life; None when the pipe broke."""
        if sign is None:
            self._gone.set()
            return
        now_s = monotonic()
        if self._gone.is_set() or self._met_at is None:
            self._met_at = now_s
        self._heart.beat(now_s)
        self._gone.clear()
        self._display_can_sound = sign.can_sound
        self._display_process = sign.process

    def follow(self, outcome: Outcome) -> None:
        """Keeps what should sound."""
        if outcome.audio is not None:
            self._audio = outcome.audio

    def _run(self) -> None:
        begun_s = monotonic()
        while not self._ended.wait(LOOK_EVERY_S):
            now_s = monotonic()
            if self._met_at is not None or now_s - begun_s > FIRST_MEETING_S:
                self._look_safely(now_s)
        self._sound.stop()

    def _look_safely(self, now_s: float) -> None:
        try:
            self._look(now_s)
        except Exception as fault:  # noqa: BLE001 (top of this thread's loop: the display must go on being watched)
            self._tell("guard", f"A fault in watching over the screen ({type(fault).__name__}: {fault}). Look at it yourself.")
        else:
            self._tell("guard", "")

    def _look(self, now_s: float) -> None:
        self._heart.look(now_s)
        here = self._met_at is not None and not self._gone.is_set() and not self._is_silent(now_s, self._met_at)
        if here and now_s - (self._met_at or now_s) > SETTLED_S:
            self._attempts.forget()
        if sounded := here and self._display_sounds(now_s):
            self._sound.stop()
        else:
            sounded = self._sound.play(self._audio.sounding, now_s, repeats=self._audio.repeats)
        self._tell("display", "" if here else DISPLAY_HOPELESS if self._attempts.are_many(now_s) else DISPLAY_ILL)
        self._tell("sound", "" if sounded else SILENT)
        if not here and self._is_lost(now_s) and self._attempts.may_try(now_s):
            self._start_anew(now_s)

    def _is_silent(self, now_s: float, met_at: float) -> bool:
        return self._heart.is_silent(now_s, LOADING_SILENCE_S if now_s - met_at < LOADING_S else SILENT_AFTER_S)

    def _is_lost(self, now_s: float) -> bool:
        return self._met_at is None or self._gone.is_set() or self._heart.is_hopeless(now_s)

    def _display_sounds(self, now_s: float) -> bool:
        """A display that has just come may take a moment to find its loudspeaker."""
        if self._display_can_sound is None:
            return now_s - (self._met_at or 0.0) < STARTING_S
        return self._display_can_sound

    def _start_anew(self, now_s: float) -> None:
        """Ends the one that hangs, if any, whoever started it: while it holds the pipe no other can meet the core."""
        self._attempts.note(now_s)
        if not self._gone.is_set():
            end_process(self._display_process)
        try:
            if self._process is not None and self._process.poll() is None:
                self._process.kill()
                self._process.wait(timeout=1.0)
            self._process = self._start_display()
        except (OSError, subprocess.TimeoutExpired):
            self._process = None  # no process can be had now: tried again in its turn

    def _tell(self, part: str, ill: str) -> None:
        if self._told.get(part, "") != ill:
            self._told[part] = ill
            self._report(part, not ill, ill)
