"""Watches over the display from the core: hears its signs of life, starts it anew, and sounds in its place meanwhile."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from time import monotonic

from app.core.own_sound import OwnSound
from app.supervision import Heart
from app.wire import Alive, Goodbye
from clinical.alarms.model import SILENCE, AudioState
from clinical.messages import Outcome

LOOK_EVERY_S = 0.1
STARTING_S = 4.0
"""How long a new display may take to its first sign of life before another is started."""


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
        self._met = False
        self._gone = threading.Event()
        self._ended = threading.Event()
        self._display_can_sound: bool | None = None
        self._met_at = 0.0
        self._well: dict[str, bool] = {}
        self._may_start_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="display guard", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=2.0)

    def hear(self, sign: Alive | Goodbye | None) -> None:
        """A sign of life; None when the pipe broke. A goodbye is somebody else's matter."""
        if sign is None:
            self._gone.set()
        elif isinstance(sign, Alive):
            now_s = monotonic()
            if self._gone.is_set() or not self._met:
                self._met_at = now_s
            self._gone.clear()
            self._met = True
            self._heart.beat(now_s)
            self._display_can_sound = sign.can_sound

    def follow(self, outcome: Outcome) -> None:
        """Keeps what should sound."""
        if outcome.audio is not None:
            self._audio = outcome.audio

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            if self._met:
                self._look(monotonic())

    def _look(self, now_s: float) -> None:
        here = not self._gone.is_set() and not self._heart.is_silent(now_s)
        sounded = self._display_sounds(now_s) if here else self._sound.play(self._audio.sounding, now_s)
        self._tell(
            "display", ok=here, text="The screen does not answer; it is being started anew. Watch the patient and the devices themselves."
        )
        self._tell("sound", ok=sounded, text="No alarm can be heard: no loudspeaker answers. Stay at the bedside, or connect one.")
        if (self._gone.is_set() or self._heart.is_hopeless(now_s)) and now_s >= self._may_start_at:
            self._start_anew(now_s)

    def _display_sounds(self, now_s: float) -> bool:
        """A display that has just come may take a moment to find its loudspeaker."""
        if self._display_can_sound is None:
            return now_s - self._met_at < STARTING_S
        return self._display_can_sound

    def _start_anew(self, now_s: float) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()  # one that this guard started, and that hangs
        self._may_start_at = now_s + STARTING_S
        self._process = self._start_display()

    def _tell(self, part: str, *, ok: bool, text: str) -> None:
        if self._well.get(part, True) != ok:
            self._well[part] = ok
            self._report(part, ok, "" if ok else text)
