"""A recorded line through a driver's protocol, at the moments of the recording. Reads no file, prints nothing."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.observations import LinkState, LinkStatus, Observation
from devices.driver import Driver
from devices.transports.capture import RAW_ORIGIN, Chunk, Mark


class Playback:
    """Gives the observations that the live link gave. What the protocol would send goes nowhere.

    The protocol is asked for messages at the recorded moments, so that it is waiting for the same answers as it was then.

    Attributes:
        good: observations so far.
        bytes_heard: bytes received so far.
    """

    def __init__(self, driver: Driver, variant: str) -> None:
        self._driver = driver
        self._variant = variant
        self._protocol = driver.protocol(variant)
        self._bad_before = 0
        self._at = RAW_ORIGIN
        self.good = 0
        self.bytes_heard = 0

    def take(self, chunk: Chunk) -> Sequence[Observation]:
        """What became whole by this record of the line."""
        self._at = chunk.at
        match chunk.mark:
            case Mark.OPENED:
                self._begin()
            case Mark.ENDED:
                return self._lost(chunk.data.decode(errors="replace"))
            case Mark.SENT:
                self._ask_if_due()
            case Mark.RECEIVED:
                return self._receive(chunk.data)
        return ()

    def summary(self) -> LinkStatus:
        """The end of the recording, with all damaged frames in it."""
        return LinkStatus(at=self._at, state=LinkState.CLOSED, bad_frames=self._bad_frames)

    @property
    def _bad_frames(self) -> int:
        return self._bad_before + self._protocol.bad_frames

    def _begin(self) -> None:
        self._bad_before = self._bad_frames
        self._protocol = self._driver.protocol(self._variant)
        self._protocol.outgoing(self._at)

    def _lost(self, why: str) -> Sequence[Observation]:
        """Nothing where the line was closed on purpose: that is how a recording ends."""
        return [LinkStatus(at=self._at, state=LinkState.LOST, detail=why, bad_frames=self._bad_frames)] if why else ()

    def _ask_if_due(self) -> None:
        due = self._protocol.due
        if due is not None and due <= self._at:
            self._protocol.outgoing(self._at)

    def _receive(self, data: bytes) -> Sequence[Observation]:
        self._ask_if_due()
        observations = self._protocol.receive(data, self._at)
        self._protocol.outgoing(self._at)
        self.good += len(observations)
        self.bytes_heard += len(data)
        return observations
