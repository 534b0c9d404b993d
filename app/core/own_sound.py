"""The core's own voice, for when no display can sound: alarm bursts through whatever player the system has."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from app.burst_wav import burst_wav, repeat_s
from clinical.observations import Priority

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
"""In the order they are tried: PipeWire, PulseAudio, ALSA, macOS. Windows plays by itself."""


class OwnSound:
    """Plays bursts, one at a time, as often as their priority asks. For one thread."""

    def __init__(self) -> None:
        self._player = next((words for words in PLAYERS if shutil.which(words[0])), None)
        self._folder = Path(tempfile.mkdtemp(prefix="bedside-sound-"))
        self._playing: subprocess.Popen[bytes] | None = None
        self._due_s = 0.0
        self._sounding: Priority | None = None
        self._works = self._player is not None or sys.platform == "win32"

    def play(self, priority: Priority | None, now_s: float) -> bool:
        """Sounds what is due; False if nothing here can sound."""
        if priority is not self._sounding:
            self._sounding, self._due_s = priority, now_s
        if self._playing is not None and (status := self._playing.poll()) is not None:
            self._works = status == 0
            self._playing = None
        if priority is None or now_s < self._due_s or self._playing is not None:
            return self._works
        self._due_s = now_s + repeat_s(priority)
        self._begin(self._file_of(priority))
        return self._works

    def _file_of(self, priority: Priority) -> Path:
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
