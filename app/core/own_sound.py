"""The core's own voice, for when no display can sound: alarm bursts through whatever player the system has."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from math import inf
from pathlib import Path

from app.burst_wav import burst_wav, repeat_s
from clinical.observations import Priority

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
"""In the order they are tried: PipeWire, PulseAudio, ALSA, macOS. Windows plays by itself."""

HANGS_AFTER_S = 10.0
"""No burst lasts so long: a player that does waits for a sound server that does not answer."""


class OwnSound:
    """Plays bursts, one at a time, as often as their priority asks. For one thread."""

    def __init__(self) -> None:
        self._player = next((words for words in PLAYERS if shutil.which(words[0])), None)
        self._folder: Path | None = None
        self._playing: subprocess.Popen[bytes] | None = None
        self._due_s = self._begun_s = 0.0
        self._sounding: Priority | None = None
        self._works = self._player is not None or sys.platform == "win32"

    def play(self, priority: Priority | None, now_s: float, *, repeats: bool = True) -> bool:
        """Sounds what is due, always at full volume; False if nothing here can sound. ``repeats``: False for what is heard once."""
        if priority is not self._sounding:
            self._sounding, self._due_s = priority, now_s
        self._judge(now_s)
        if priority is None or now_s < self._due_s or self._playing is not None:
            return self._works
        self._due_s = now_s + repeat_s(priority) if repeats else inf
        self._begun_s = now_s
        try:
            self._begin(self._file_of(priority))
        except (OSError, RuntimeError):
            self._works = False  # the player went, the disk is full, or (winsound's RuntimeError) there is no loudspeaker
        return self._works

    def stop(self) -> None:
        """Somebody else sounds from here on; the next ``play`` begins at once."""
        self._sounding = None
        if self._playing is not None and self._playing.poll() is None:
            self._playing.kill()
            self._playing.wait()
        self._playing = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _judge(self, now_s: float) -> None:
        """Looks after the player that was begun last."""
        if self._playing is None:
            return
        status = self._playing.poll()
        if status is None and now_s - self._begun_s > HANGS_AFTER_S:
            self._playing.kill()
            status = self._playing.wait()
        if status is not None:
            self._works = status == 0
            self._playing = None

    def _file_of(self, priority: Priority) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="bedside-sound-"))
        path = self._folder / f"{priority.value}.wav"
        if not path.exists():
            path.write_bytes(burst_wav(priority))
        return path

    def _begin(self, path: Path) -> None:
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 (exists on Windows only)

            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC)
        elif self._player is not None:
            self._playing = subprocess.Popen([*self._player, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 (a player found on the PATH, a file of ours)
