"""When the host says what to a base or a pump: sessions, questions, repeats, acknowledgements. Knows no quantity.

One question is out at a time. The base is connected first and left alone for a second, then asked for its modules; each of
them is connected and then read in turn. ENQ is answered at once, or the base would hold the session for lost.
"""

from __future__ import annotations

from collections import deque

from clinical.instant import Instant
from devices.drivers.vial.frames import ENQ, Control, Damaged, Frame, Item, Refused, encode
from devices.drivers.vial.mapping import MODULES as MODULE_LIST
from devices.drivers.vial.mapping import Reply, modules_of, values_of
from devices.drivers.vial.requests import (
    ACKNOWLEDGE,
    ALONE,
    BASE,
    COMPLAINTS,
    CONNECT,
    LIST_MODULES,
    MODULES,
    READ_ALL,
    READ_LEAST,
    SPONTANEOUS,
    STILL_HERE,
)

ROUND_EVERY_S = 1.0
ANSWER_WITHIN_S = 1.0
BASE_SETTLES_S = 1.0
PAUSE_S = 0.03
LIST_EVERY_S = 30.0
TRIES = 2
MOST_ANSWERS = 8
"""What waits to be said is bounded even where nobody takes it, as when a recording is read."""
NO_BASE_SESSION, NO_MODULE_SESSION, OPEN_ALREADY = "0D", "1E", "1F"
NO_SUCH_LETTER = frozenset({"0A", "0B"})


class Dialogue:
    """The host's part in the talk with a base, or with a pump alone.

    Attributes:
        modules: addresses of the pumps there are.
    """

    def __init__(self, *, alone: bool) -> None:
        self._alone = alone
        self.modules: tuple[str, ...] = (ALONE,) if alone else ()
        self._answers: deque[bytes] = deque(maxlen=MOST_ANSWERS)
        self._queue: deque[tuple[str, str]] = deque()
        self._open: set[str] = set()
        self._reading = dict.fromkeys((ALONE, *MODULES), READ_ALL)
        self._asked: tuple[str, str] | None = None
        self._asked_at: Instant | None = None
        self._tries = 0
        self._ask_at: Instant | None = None
        self._round_at: Instant | None = None
        self._listed_at: Instant | None = None

    @property
    def due(self) -> Instant | None:
        """When there is next something to ask, or silence to notice."""
        return self._asked_at.plus(ANSWER_WITHIN_S) if self._asked_at is not None else self._ask_at

    def outgoing(self, now: Instant) -> list[bytes]:
        """What is to be said now."""
        said = list(self._answers)
        self._answers.clear()
        if self._asked_at is not None and now >= self._asked_at.plus(ANSWER_WITHIN_S):
            self._fail(now)
        if self._asked_at is None and (self._ask_at is None or now >= self._ask_at):
            question = self._next(now)
            if question is not None:
                said.append(encode(*question))
        return said

    def heard(self, item: Item, now: Instant) -> None:
        """What the line's own rules demand of an item, whatever it says."""
        match item:
            case Control(byte=byte):
                self._answers.extend([STILL_HERE] if byte == ENQ else [])
            case Damaged(error=error):
                self._answers.append(COMPLAINTS[error])
            case Refused():
                if self._asked_at is not None:
                    self._fail(now)
            case Frame(address=address, message=message):
                self._answers.append(ACKNOWLEDGE)
                if message[:1] in SPONTANEOUS and address in {ALONE, BASE, *MODULES}:
                    self._answers.append(encode(address, message[:1]))

    def replied(self, address: str, reply: Reply, now: Instant) -> None:
        """A reply of status C or I. One that nobody waits for moves nothing but what it says of itself."""
        question = self._asked if self._asked is not None and self._asked[0] == address and self._asked_at is not None else None
        if reply.status == "C":
            self._accepted(address, question[1] if question else "", reply, now)
        else:
            self._rejected(address, reply.data)
        if question is not None:
            self._asked_at = None
            self._tries = 0
            settles = question == (BASE, CONNECT) and reply.status == "C"
            self._ask_at = now.plus(BASE_SETTLES_S if settles else PAUSE_S)

    def _accepted(self, address: str, message: str, reply: Reply, now: Instant) -> None:
        if message == CONNECT:
            self._open.add(address)
            self._round_at = None
        bitmap = values_of(reply.data).get(MODULE_LIST)
        if address == BASE and bitmap is not None:
            before, self.modules = self.modules, modules_of(bitmap)
            self._round_at = self._round_at if before == self.modules else None
            self._listed_at = now

    def _rejected(self, address: str, error: str) -> None:
        if error == NO_BASE_SESSION:
            self._open.clear()
        elif error == NO_MODULE_SESSION:
            self._open.discard(address)
        elif error == OPEN_ALREADY and self._asked == (address, CONNECT):
            self._open.add(address)
        elif error in NO_SUCH_LETTER and address in self._reading:
            self._reading[address] = READ_LEAST

    def _fail(self, now: Instant) -> None:
        """No answer, or none that counts: once more, then on; whoever stays silent must be connected anew."""
        self._asked_at = None
        self._ask_at = now.plus(PAUSE_S)
        question = self._asked
        if question is not None and self._tries < TRIES:
            self._queue.appendleft(question)
        elif question is not None:
            self._tries = 0
            self._open.discard(question[0])
            self._queue.clear()
            self._ask_at = now.plus(ROUND_EVERY_S)

    def _next(self, now: Instant) -> tuple[str, str] | None:
        if not self._queue:
            if self._round_at is not None and now < self._round_at.plus(ROUND_EVERY_S):
                self._ask_at = self._round_at.plus(ROUND_EVERY_S)
                return None
            self._begin_round(now)
        self._asked = self._queue.popleft()
        self._asked_at = now
        self._tries += 1
        return self._asked

    def _begin_round(self, now: Instant) -> None:
        self._round_at = now
        if not self._alone and BASE not in self._open:
            self._open.clear()
            self._queue.append((BASE, CONNECT))
            return
        if not self._alone and (self._listed_at is None or not self.modules or now.since(self._listed_at) >= LIST_EVERY_S):
            self._queue.append((BASE, LIST_MODULES))
        self._queue += [(address, self._reading[address] if address in self._open else CONNECT) for address in self.modules]
