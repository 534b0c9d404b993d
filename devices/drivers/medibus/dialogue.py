"""Who speaks when on a MEDIBUS line: opening, answering, asking in turn, keeping alive. Knows no value, alarm or waveform.

Either side may open the dialogue with ICC; a device does so about every 3 s. Each command is answered before the next is
sent; a side that is silent for 3 s is gone, an answer must be there within 10 s. Source: Dräger 90 28 258, rev. 4.03.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from clinical.instant import Instant
from devices.drivers.medibus.frames import NAK, Command, Flow, Response, command, response
from devices.drivers.medibus.requests import (
    ALARMS_1,
    ALARMS_2,
    DATA_1,
    DATE_TIME,
    ICC,
    IDENTIFY,
    IDENTITY,
    NOP,
    REALTIME_CHANGED,
    REALTIME_CHOICE,
    REALTIME_OFFER,
    STOP,
    TIME_CHANGED,
)

OPEN_EVERY_S = 3.0
SILENCE_S = 3.0
ANSWER_WITHIN_S = 10.0
ALIVE_EVERY_S = 2.0
ROUND_EVERY_S = 1.0
ENABLE_EVERY_S = 5.0
"""The enabling of realtime data is not acknowledged, so it is repeated."""
AFTER_IDENTITY_S = 0.2
"""A device needs this long after our identification before it takes a command."""
LONGEST_SUSPENSION_S = SILENCE_S
"""A side that suspended us for longer has lost us anyway; so noise that looks like DC1 cannot silence this line for good."""
TRIES = 3

_FIRST_ASKED = (IDENTIFY, DATE_TIME, REALTIME_OFFER)
_ROUND = (ALARMS_1, ALARMS_2, DATA_1)
"""Alarms first: they say why a number is missing."""
_NEEDED = frozenset({IDENTIFY, ALARMS_1, DATA_1})
"""A device that answers to its name but not to these has lost the thread; the others it may just not know."""
_ECHOED = range(0x21, 0x7F)


@dataclass(slots=True)
class _Asked:
    message: bytes
    code: int
    since: Instant
    tries: int = 1


class Dialogue:
    """Attributes:
    open: the device has answered to ICC, or opened itself, and was not lost since.
    """

    def __init__(self) -> None:
        self.open = False
        self._answers: list[bytes] = []
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._asked: _Asked | None = None
        self._unknown: set[int] = set()
        self._enabling = b""
        self._next_open: Instant | None = None
        self._next_round: Instant | None = None
        self._next_enabling: Instant | None = None
        self._heard_at: Instant | None = None
        self._sent_at: Instant | None = None
        self._quiet_until: Instant | None = None
        self._suspended_until: Instant | None = None

    def heard(self, now: Instant) -> None:
        """Something whole came from the device."""
        self._heard_at = now

    def flow(self, flow: Flow, now: Instant) -> None:
        self._suspended_until = now.plus(LONGEST_SUSPENSION_S) if flow is Flow.SUSPEND else None

    def answer(self, asked: Command, now: Instant) -> None:
        """Takes a command of the device: each is answered, whatever it is."""
        if asked.code == IDENTIFY:
            self._answers.append(response(IDENTIFY, IDENTITY))
            self._quiet_until = now.plus(AFTER_IDENTITY_S)
        elif asked.code in _ECHOED:
            self._answers.append(response(asked.code))
        if asked.code == ICC:
            self._begin(now)
        elif asked.code == STOP:
            self._end(now.plus(OPEN_EVERY_S))
        elif self.open and asked.code == TIME_CHANGED:
            self._ask(DATE_TIME)
        elif self.open and asked.code == REALTIME_CHANGED:
            self._ask(REALTIME_OFFER)

    def take(self, told: Response, now: Instant) -> None:
        """Takes a response: what it answers need not be waited for any more."""
        if told.code == NAK:
            self._repeat(now)
        elif told.code == ICC and not self.open:
            self._begin(now)
        elif self._asked is not None and told.code == self._asked.code:
            self._asked = None

    def choose_realtime(self, choice: bytes, enabling: bytes) -> None:
        """Configures realtime streams next, and enables them once that was answered. Empty: none."""
        self._enabling, self._next_enabling = enabling, None
        if choice:
            self._waiting.appendleft((REALTIME_CHOICE, choice))

    def enable_realtime(self, now: Instant) -> None:
        """The configuration was answered."""
        self._next_enabling = now

    def outgoing(self, now: Instant) -> list[bytes]:
        if self._suspended_until is not None and now < self._suspended_until:
            return []
        self._suspended_until = None
        messages, self._answers = self._answers, []
        self._judge(now)
        messages += self._speak(now) if self.open else self._knock(now)
        if self.open and not messages and self._sent_at is not None and now.since(self._sent_at) >= ALIVE_EVERY_S:
            messages = [command(NOP)]
        if messages:
            self._sent_at = now
        return messages

    @property
    def due(self) -> Instant | None:
        if self._suspended_until is not None:
            return self._suspended_until
        if not self.open:
            return self._next_open
        moments = [
            self._next_enabling if self._enabling else None,
            None if self._heard_at is None else self._heard_at.plus(SILENCE_S),
            None if self._sent_at is None else self._sent_at.plus(ALIVE_EVERY_S),
            self._next_question if self._asked is None else self._asked.since.plus(ANSWER_WITHIN_S),
        ]
        return min(moment for moment in moments if moment is not None)

    @property
    def _next_question(self) -> Instant | None:
        """None: there is one now and it waits for nothing but the quiet after our identification."""
        return self._quiet_until if self._waiting else self._next_round

    def _begin(self, now: Instant) -> None:
        """A dialogue opens: what was configured before is void."""
        self.open = True
        self._asked, self._enabling, self._next_enabling = None, b"", None
        self._heard_at = self._sent_at = now
        self._next_round = now
        self._waiting = deque()
        for code in _FIRST_ASKED:
            self._ask(code)

    def _end(self, again_at: Instant) -> None:
        self.open = False
        self._asked = None
        self._next_open = again_at

    def _ask(self, code: int) -> None:
        if code not in self._unknown:
            self._waiting.append((code, command(code)))

    def _repeat(self, now: Instant) -> None:
        """The device found our command damaged."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        if asked.tries < TRIES:
            self._asked = _Asked(asked.message, asked.code, now, asked.tries + 1)
            self._answers.append(asked.message)
        else:
            self._give_up(asked.code, now)

    def _judge(self, now: Instant) -> None:
        if not self.open:
            return
        if self._heard_at is not None and now.since(self._heard_at) >= SILENCE_S:
            self._end(now)
        elif self._asked is not None and now.since(self._asked.since) >= ANSWER_WITHIN_S:
            code, self._asked = self._asked.code, None
            self._give_up(code, now)

    def _give_up(self, code: int, now: Instant) -> None:
        if code in _NEEDED:
            self._end(now)
        else:
            self._unknown.add(code)

    def _knock(self, now: Instant) -> list[bytes]:
        if self._next_open is not None and now < self._next_open:
            return []
        self._next_open = now.plus(OPEN_EVERY_S)
        return [command(ICC)]

    def _speak(self, now: Instant) -> list[bytes]:
        messages = self._question(now)
        if self._enabling and self._next_enabling is not None and now >= self._next_enabling:
            self._next_enabling = now.plus(ENABLE_EVERY_S)
            messages.append(self._enabling)
        return messages

    def _question(self, now: Instant) -> list[bytes]:
        if self._asked is not None or (self._quiet_until is not None and now < self._quiet_until):
            return []
        if not self._waiting:
            self._start_round(now)
        if not self._waiting:
            return []
        code, message = self._waiting.popleft()
        self._asked = _Asked(message, code, now)
        return [message]

    def _start_round(self, now: Instant) -> None:
        if self._next_round is not None and now < self._next_round:
            return
        self._next_round = now.plus(ROUND_EVERY_S)
        for code in _ROUND:
            self._ask(code)
