"""The one line to the loudspeaker: it plays one thing at a time, and sees whether what it plays is taken. Knows no alarm.

One line and not one for each burst: in Qt 6.11 two that begin and end at the same moment can leave a dead socket behind, on which the event
loop then spins for ever. A loudspeaker that was unplugged, or a sound server that died, may stay in the system's list: what is played
on it is never taken. So a moment of silence is played now and then, before an alarm needs the line. While something waits to be taken
nothing else is begun: Qt's way to a sound server that died ends the program at the second try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QElapsedTimer, QIODevice, QObject

from clinical.alarms.bursts import RATE_HZ

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink

EVERY_MS = 5000
"""From the beginning of one moment of silence to the next."""
SILENT_S = 0.2
LATE_MS = 3000
"""Samples are taken ahead of what is heard, but a sound server may take two seconds to open its line: one so far behind is dead.
PulseAudio into a sink that nobody hears takes as long, once the program has stood still for a while."""
BUFFER_S = 1.0
"""Handed to the sound server ahead, so that neither a busy screen nor a busy computer tears a burst."""
_SAMPLE_BYTES = 2


class SoundLine(QObject):
    """What begins ends what was playing. ``rate_hz`` and ``channels`` are what the loudspeaker takes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink: QAudioSink | None = None
        self._buffer = QBuffer(self)
        self._device_id: object = None
        self._begun = QElapsedTimer()
        self._length_ms = 0.0
        self._works = True
        self.rate_hz, self.channels = RATE_HZ, 1

    def lead_to(self, device: QAudioDevice) -> bool:
        """To this loudspeaker, if it is another one; whether it is. One that is none ends the line."""
        wanted = None if device.isNull() else device.id()
        if wanted == self._device_id:
            return False
        self.close()
        self._device_id, self._works = wanted, True
        if wanted is not None:
            self._open(device)
        return True

    def play(self, steps: bytes, volume: float) -> None:
        """Samples of 16 bit at ``rate_hz``, those of all ``channels`` together; ``volume`` from 0 to 1."""
        if self._sink is None or self._is_late():
            return
        self._sink.stop()
        self._buffer.close()
        self._buffer.setData(QByteArray(steps))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._length_ms = 1000 * len(steps) / (_SAMPLE_BYTES * self.channels * self.rate_hz)
        self._sink.setVolume(volume)
        self._sink.start(self._buffer)
        self._begun.start()

    def looks_well(self) -> bool:
        """To be called about once a second; whether what is played is taken."""
        if self._sink is None:
            return False
        from PySide6.QtMultimedia import QtAudio  # noqa: PLC0415 (the screen comes without the system's sound library too)

        if self._sink.state() is QtAudio.State.StoppedState and self._begun.isValid():
            self._works = False  # it could not be opened
        elif self._sink.state() is QtAudio.State.IdleState:
            self._works = True  # all of it was taken, however late
        elif self._is_late():
            self._works = False
        if not self._begun.isValid() or self._begun.elapsed() >= max(EVERY_MS, self._length_ms + LATE_MS):
            self.play(bytes(round(SILENT_S * self.rate_hz) * self.channels * _SAMPLE_BYTES), 1.0)
        return self._works

    def close(self) -> None:
        if self._sink is not None:
            self._sink.stop()
            self._sink.deleteLater()
        self._sink = None
        self._begun.invalidate()

    def _is_late(self) -> bool:
        from PySide6.QtMultimedia import QtAudio  # noqa: PLC0415 (see above)

        if self._sink is None or not self._begun.isValid() or self._sink.state() is not QtAudio.State.ActiveState:
            return False
        return self._sink.processedUSecs() / 1000 + LATE_MS < min(self._begun.elapsed(), self._length_ms + LATE_MS)

    def _open(self, device: QAudioDevice) -> None:
        from PySide6.QtMultimedia import QAudioSink  # noqa: PLC0415 (see above)

        form = _format_of(device)
        self.rate_hz, self.channels = form.sampleRate(), form.channelCount()
        self._sink = QAudioSink(device, form, self)
        self._sink.setBufferSize(round(BUFFER_S * self.rate_hz) * self.channels * _SAMPLE_BYTES)


def _format_of(device: QAudioDevice) -> QAudioFormat:
    """The bursts' own, or where the loudspeaker does not take it its own in 16 bit."""
    from PySide6.QtMultimedia import QAudioFormat  # noqa: PLC0415 (see above)

    form = QAudioFormat()
    form.setSampleRate(RATE_HZ)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    if not device.isFormatSupported(form):
        form = device.preferredFormat()
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return form
