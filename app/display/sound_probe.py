"""Whether the loudspeaker really plays: a moment of silence is played again and again, and must come to its end.

A loudspeaker that was unplugged, or a sound server that died, may stay in the system's list: whatever is played on it then never ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

SILENT_S = 0.2
EVERY_MS = 2000
ENDS_WITHIN_MS = 2000
"""A fifth of a second that has not ended by then does not play."""


class SoundProbe:
    """Args:
    silence: an effect that holds ``SILENT_S`` of silence.
    """

    def __init__(self, silence: QSoundEffect) -> None:
        self._silence = silence
        self._begun = QElapsedTimer()
        self._works = True

    def look(self) -> bool:
        """To be called about once a second; whether what is played comes to its end."""
        passed_ms = self._begun.elapsed() if self._begun.isValid() else EVERY_MS
        if self._silence.isPlaying():
            if passed_ms >= ENDS_WITHIN_MS:
                self._works = False
                self._silence.stop()  # a new attempt may find the way that this one did not
                self._begin()
        elif passed_ms >= EVERY_MS:
            self._works = self._works or self._begun.isValid()
            self._begin()
        return self._works

    def move(self) -> None:
        """Another loudspeaker: what was begun on the one before says nothing of it."""
        self._silence.stop()
        self._begun.invalidate()

    def _begin(self) -> None:
        self._silence.play()
        self._begun.start()
