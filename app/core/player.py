"""Plays a recording into the inlet at the speed of the case's clock."""

from __future__ import annotations

from collections.abc import Callable

from app.clock import CaseClock
from app.core.worker import Worker
from clinical.instant import Instant
from clinical.messages import FromDevice, SelfReport
from clinical.observations import LinkState, LinkStatus
from devices.recordings.play import play
from devices.recordings.recording import DEVICE, Recording


class PlayerThread(Worker):
    """The recording stands in for one device: its line is live while it plays, and closed when it has ended."""

    def __init__(
        self, recording: Recording, start: Instant, now: Instant, clock: CaseClock, post: Callable[[FromDevice | SelfReport], None]
    ) -> None:
        """``start``: the case's; what was due before ``now`` has been played by an earlier run, or was missed."""
        super().__init__("recording", clock, post)
        self._now = now
        self._recording = recording
        self._start = start
        self._post = post

    def run(self) -> None:
        self._say(LinkState.LIVE, self._recording.title)
        for message in play(self._recording, self._start):
            due = message.observation.end if hasattr(message.observation, "end") else message.at
            if due < self._now:
                continue
            while (wait_s := self._clock.room_seconds(due.since(self._clock.now()))) > 0:
                if self.ended.wait(min(wait_s, 1.0)):
                    return
            self._post(message)
            self._now = max(self._now, due)  # after a fault it goes on from here
        self._say(LinkState.CLOSED, "the recording has ended")

    def _say(self, state: LinkState, detail: str) -> None:
        self._post(FromDevice(DEVICE, LinkStatus(at=self._clock.now(), state=state, detail=detail)))
