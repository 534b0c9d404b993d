"""The host's side of a Contec line: listens, asks for live data where V7 is spoken, keeps it coming. Knows no bit.

The old protocol talks by itself and is sent nothing, ever. So unless it was said which is spoken, the line is listened to first.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.observations import Observation
from devices.drivers.contec.frames import KEEP_ALIVE, START, Deframer, Speech, command
from devices.drivers.contec.stream import LiveStream

VARIANTS = tuple(speech.value for speech in Speech)
ASK, KEEP = command(START), command(KEEP_ALIVE)
REQUESTS = (ASK, KEEP)
"""All that is ever sent: begin live data, and go on with it. Neither touches the clock, the memory or a setting."""
LISTEN_S = 1.0
ANSWER_S = 2.0
"""Live data is asked for again after so long without an answer, or without a packet; the maker waits 1 s for an answer."""
KEEP_EVERY_S = 5.0
NAMES = {Speech.V7: "protocol V7", Speech.OLD: "old protocol"}


class ContecProtocol:
    """A variant ("v7", "old") fixes the protocol; without one it is found. Raises ValueError for any other."""

    def __init__(self, variant: str = "") -> None:
        self._fixed = Speech(variant) if variant else None
        self._deframer = Deframer(self._fixed)
        self._stream = LiveStream()
        self._heard: Speech | None = None
        self._begin_at: Instant | None = None
        self._asked_at: Instant | None = None
        self._sent_at: Instant | None = None

    @property
    def bad_frames(self) -> int:
        return self._deframer.bad

    @property
    def identity(self) -> str:
        """A CMS50 tells no more of itself than how it speaks."""
        return f"Contec CMS50 ({NAMES[self._heard]})" if self._heard else ""

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told = self._stream.take(self._deframer.feed(data), now)
        if told:
            self._heard = self._deframer.speech or self._heard
        return told

    @property
    def due(self) -> Instant | None:
        if self._is_old or self._begin_at is None:
            return None
        if self._sent_at is None:
            return self._begin_at
        return min(self._ask_at, self._sent_at.plus(KEEP_EVERY_S))

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self._begin_at is None:
            self._begin_at = now.plus(0.0 if self._fixed else LISTEN_S)
        due = self.due
        if due is None or now < due:
            return ()
        stalled = now >= self._ask_at
        self._sent_at = now
        if stalled:
            self._asked_at = now
        return (ASK if stalled else KEEP,)

    @property
    def _is_old(self) -> bool:
        return Speech.OLD in {self._fixed, self._deframer.speech}

    @property
    def _ask_at(self) -> Instant:
        """When live data is to be asked for, unless a packet comes before."""
        if self._begin_at is None:
            raise ValueError("nothing is due before the line is open")
        moments = [moment.plus(ANSWER_S) for moment in (self._stream.live_at, self._asked_at) if moment is not None]
        return max(moments, default=self._begin_at)
