"""When the host says what: requests, acknowledgements, repeats and the way back after silence. Knows no pump and no parameter.

Start of a link, or after a time-out: ADMIN:ALIVE with bedId 1, then ADMIN:VERSION and MEM:GET with the bedId of the answers.
ACK follows each good block, NAK each damaged one. A device in cyclic mode pushes by itself: then only its blocks are acknowledged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from clinical.instant import Instant
from devices.drivers.bcc.frames import ACK, FIRST_BED, NAK, Frame, encode
from devices.drivers.bcc.requests import ALIVE, GET_ALL, VERSION

POLL_EVERY_S = 3.0
"""Implementers poll each 1 to 10 s. A block of one pump takes 1.1 s at 9600 baud, so that two pumps still fit into three seconds,
and three missed polls, after which a pump's word no longer stands as live, stay below ten."""
ANSWER_PAUSE_S = 0.1
"""The device wants at least this before an ACK."""
NEXT_GET_PAUSE_S = 0.5
"""And at least this before a new MEM:GET."""
SILENCE_S = 3.0
"""No byte for so long while an answer is due: the dialogue starts anew."""
ANSWER_WITHIN_S = 20.0
"""Nor may an answer that never becomes whole hold the dialogue up for longer."""
RESTART_PAUSE_S = 1.0
MOST_NAKS = 3
PUSH_EVERY_S = 5.0
PUSH_SILENCE_S = 12.0
"""A device in cyclic mode pushes each 5 s by default; silent for longer than two of these it is asked again."""
LONGEST_INTERVAL_S = 30.0


class Step(Enum):
    """The request that is out or comes next."""

    GREET = ALIVE
    ASK_VERSION = VERSION
    GET = GET_ALL


class Content(Enum):
    """What a frame is, as far as the dialogue goes."""

    GREETING = "answer to ADMIN:ALIVE"
    VERSION = "answer to ADMIN:VERSION"
    DATA = "a block of the answer to MEM:GET, or a push"
    REFUSED = "GNERR 68 or 811: the request was damaged or wrongly addressed"


FOLLOWS = {(Step.GREET, Content.GREETING): Step.ASK_VERSION, (Step.ASK_VERSION, Content.VERSION): Step.GET}


@dataclass(frozen=True, slots=True)
class _Due:
    at: Instant
    message: bytes


class Dialogue:
    """The host's part in the talk. ``stuffed`` None: both ways of writing are tried until the device shows its own."""

    def __init__(self, *, stuffed: bool | None = None) -> None:
        self.interval_s = POLL_EVERY_S
        self._fixed = stuffed
        self._learned = stuffed
        self._stuffing = bool(stuffed)
        self._bed_id = FIRST_BED
        self._step = Step.GREET
        self._ask_at: Instant | None = None
        self._round_from: Instant | None = None
        self._asked_at: Instant | None = None
        self._heard_at: Instant | None = None
        self._answer: _Due | None = None
        self._naks = 0
        self._failures = 0

    @property
    def due(self) -> Instant | None:
        """When there is next something to say, or silence to notice."""
        moments = (self._answer.at if self._answer else None, self._ask_at, self._overdue_at())
        return min((moment for moment in moments if moment is not None), default=None)

    def outgoing(self, now: Instant) -> list[bytes]:
        """What is to be said now."""
        if self._ask_at is None and self._asked_at is None:
            self._ask_at = now
        overdue = self._overdue_at()
        if overdue is not None and overdue <= now:
            self._restart(now)
        said = []
        if self._answer is not None and self._answer.at <= now:
            said.append(self._answer.message)
            self._answer = None
            self._keep_distance(now)
        if self._answer is None and self._ask_at is not None and self._ask_at <= now:
            said.append(self._ask(now))
        return said

    def noise(self, now: Instant) -> None:
        """Some bytes arrived, of whatever worth."""
        self._heard_at = now

    def damaged(self, now: Instant) -> None:
        """A block arrived damaged: it is asked for again, a few times."""
        self._naks += 1
        if self._naks <= MOST_NAKS:
            self._answer = _Due(now.plus(ANSWER_PAUSE_S), NAK)
        else:
            self._restart(now)

    def heard(self, frame: Frame, content: Content, now: Instant) -> bool:
        """A good frame arrived; whether it ends a whole round of MEM:GET."""
        self._naks = 0
        self._bed_id = frame.bed_id
        if frame.stuffed is not None and self._fixed is None:
            self._learned = self._stuffing = frame.stuffed
            self._failures = 0  # even a refusal shows how the device writes: it must not be unlearnt by it
        self._answer = _Due(now.plus(ANSWER_PAUSE_S), ACK)
        if content is Content.REFUSED:
            self._restart(now)
            return False
        self._failures = 0
        if content is Content.DATA:
            return self._block(frame, now)
        following = FOLLOWS.get((self._step, content))
        if following is not None:
            self._next(following, now.plus(2 * ANSWER_PAUSE_S))
        return False

    def _block(self, frame: Frame, now: Instant) -> bool:
        asked_for = self._step is Step.GET and self._asked_at is not None and self._ask_at is None
        if not asked_for:
            self.interval_s = PUSH_EVERY_S
            self._next(Step.GET, now.plus(PUSH_SILENCE_S))
            return False
        if not frame.last:
            self._asked_at = now
            return False
        begun = self._round_from or now
        following = max(begun.plus(POLL_EVERY_S), now.plus(ANSWER_PAUSE_S + NEXT_GET_PAUSE_S))
        self.interval_s = min(following.since(begun), LONGEST_INTERVAL_S)
        self._next(Step.GET, following)
        return True

    def _ask(self, now: Instant) -> bytes:
        self._ask_at = None
        self._asked_at = self._round_from = now
        return encode(self._bed_id, self._step.value, stuffed=self._stuffing)

    def _keep_distance(self, now: Instant) -> None:
        """An ACK that went out late puts off the request after it."""
        if self._ask_at is not None:
            pause_s = NEXT_GET_PAUSE_S if self._step is Step.GET else ANSWER_PAUSE_S
            self._ask_at = max(self._ask_at, now.plus(pause_s))

    def _next(self, step: Step, at: Instant) -> None:
        self._step = step
        self._ask_at = at

    def _overdue_at(self) -> Instant | None:
        if self._ask_at is not None or self._asked_at is None:
            return None
        heard = self._asked_at if self._heard_at is None else max(self._asked_at, self._heard_at)
        return min(heard.plus(SILENCE_S), self._asked_at.plus(ANSWER_WITHIN_S))

    def _restart(self, now: Instant) -> None:
        """Back to the greeting. A device that never showed how it writes is addressed in the other way next time."""
        self._failures += 1
        if self._failures > 2 and self._fixed is None:
            self._learned = None
        if self._learned is None:
            self._stuffing = not self._stuffing
        self._bed_id = FIRST_BED
        self._naks = 0
        self._answer = None
        self._next(Step.GREET, now.plus(RESTART_PAUSE_S))
