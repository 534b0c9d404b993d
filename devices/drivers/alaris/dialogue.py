"""When the host asks what: one question at a time, and what is done about a question that stays unanswered. Knows no field.

It is not known whether pumps answer INF before remote control is enabled; identity is answered. So a pump that tells who it is
and stays silent to INF is held to refuse. It is then asked only for its serial number, and for INF once a minute; remote
control is never tried.
"""

from __future__ import annotations

from collections import Counter, deque

from clinical.instant import Instant
from devices.drivers.alaris.requests import ALARM, INFUSION, PROTOCOL, SERIAL, VTBI

ROUND_EVERY_S = 2.0
"""Implementers poll each 1 to 2.5 s."""
ANSWER_WITHIN_S = 4.0
"""What pumps give as COMMS_RESPONSE_MAX."""
PAUSE_S = 0.05
TRIES = 2
VTBI_EVERY_ROUNDS = 5
REFUSED_ROUND_S = 5.0
INF_AGAIN_AFTER_S = 60.0


class Dialogue:
    """Asks in rounds: identity until it is known, INF, ALARM, and sometimes the volume to be infused.

    Attributes:
        refused: the pump answers, but not INF.
    """

    def __init__(self) -> None:
        self.refused = False
        self._questions: deque[str] = deque()
        self._unanswered: Counter[str] = Counter()
        self._answered: set[str] = set()
        self._asked = ""
        self._asked_at: Instant | None = None
        self._ask_at: Instant | None = None
        self._round_at: Instant | None = None
        self._inf_tried_at: Instant | None = None
        self._rounds = 0

    @property
    def due(self) -> Instant | None:
        """When there is next something to ask, or silence to notice."""
        return self._asked_at.plus(ANSWER_WITHIN_S) if self._asked_at is not None else self._ask_at

    def outgoing(self, now: Instant) -> str | None:
        """The name of the question to be asked now."""
        if self._asked_at is not None:
            if now < self._asked_at.plus(ANSWER_WITHIN_S):
                return None
            self._miss(now)
        if self._ask_at is not None and now < self._ask_at:
            return None
        if not self._questions:
            self._begin_round(now)
        self._asked, self._asked_at = self._questions.popleft(), now
        if self._asked == INFUSION:
            self._inf_tried_at = now
        return self._asked

    def heard(self, name: str, now: Instant) -> None:
        """A good reply. One that nobody waits for (the second to a question asked twice) moves nothing."""
        self._answered.add(name)
        self._unanswered[name] = 0
        if name == INFUSION:
            self.refused = False
        if name == self._asked and self._asked_at is not None:
            self._asked_at = None
            self._ask_at = now.plus(PAUSE_S) if self._questions else self._next_round(now)

    def _miss(self, now: Instant) -> None:
        self._asked_at = None
        self._ask_at = now
        self._unanswered[self._asked] += bool(self._answered)  # a pump that is still off refuses nothing
        if self._asked == INFUSION:
            self._questions.clear()
            self.refused = self._unanswered[INFUSION] >= TRIES and SERIAL in self._answered

    def _next_round(self, now: Instant) -> Instant:
        every_s = REFUSED_ROUND_S if self.refused else ROUND_EVERY_S
        return now if self._round_at is None else max(self._round_at.plus(every_s), now.plus(PAUSE_S))

    def _begin_round(self, now: Instant) -> None:
        self._round_at = now
        self._rounds += 1
        if self.refused:
            self._questions.append(SERIAL)
            if self._inf_tried_at is None or now.since(self._inf_tried_at) >= INF_AGAIN_AFTER_S:
                self._questions.append(INFUSION)
            return
        wanted = [name for name in (SERIAL, PROTOCOL) if name not in self._answered]
        # ALARM comes first once INF is known to be answered: so the alarm has its name before INF says that there is one.
        wanted += [ALARM, INFUSION] if INFUSION in self._answered else [INFUSION, ALARM]
        wanted += [VTBI] if self._rounds % VTBI_EVERY_ROUNDS == 1 else []
        self._questions += [name for name in wanted if self._worth_asking(name)]

    def _worth_asking(self, name: str) -> bool:
        """What was once answered is never given up, nor is INF."""
        return name == INFUSION or name in self._answered or self._unanswered[name] < TRIES
