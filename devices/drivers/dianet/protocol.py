"""The host's side of a Dianet-Star line: one question after the other in rounds. Knows no byte layout and no table of its own.

The actual values are asked just before the status, which ends a round: so what is told together was measured together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority
from devices.alert_book import AlertBook, AlertRow, by_code
from devices.drivers.dianet.alerts import PROPOSED_PRIORITIES, refusal_row, rows_of
from devices.drivers.dianet.frames import Frame, FrameReader, Reply, reply_of
from devices.drivers.dianet.mapping import (
    LEAST_BYTES,
    Actual,
    Dose,
    Identity,
    Settings,
    actual_segment,
    dose_segment,
    identity_of,
    pump_status,
    settings_segment,
    status_segment,
)
from devices.drivers.dianet.requests import ACTUAL, DOSE, IDENT, QUESTIONS, SETTINGS, STATUS

ROUND_EVERY_S = 2.0
ANSWER_WITHIN_S = 1.2
"""The pump's own communication time-out."""
PAUSE_S = 0.05
SETTINGS_EVERY_ROUNDS = 5


class DianetProtocol:
    """Polls one pump at address 0. ``priorities`` replaces, by alert code, what ``alerts.py`` proposes."""

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] = PROPOSED_PRIORITIES) -> None:
        if variant:
            raise ValueError(f"dianet: there is no variant {variant!r}")
        self._reader = FrameReader()
        self._alerts = AlertBook(priorities)
        self._identity: Identity | None = None
        self._actual, self._settings, self._dose = Actual(), Settings(), Dose()
        self._questions: deque[int] = deque()
        self._asked: int | None = None
        self._ask_at: Instant | None = None
        self._round_at: Instant | None = None
        self._rounds = 0
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        """Model and serial number: "Perfusor fm 40864"."""
        return f"{self._identity.model} {self._identity.serial}" if self._identity else ""

    @property
    def due(self) -> Instant | None:
        return self._ask_at

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self._ask_at is not None and now < self._ask_at:
            return ()
        if not self._questions:
            self._begin_round(now)
        self._asked = self._questions.popleft()
        self._ask_at = now.plus(ANSWER_WITHIN_S)
        if self._asked == ACTUAL:
            self._actual = Actual()  # what was told two seconds ago must not stand beside the status of now
        return (QUESTIONS[self._asked],)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [observation for frame in self._reader.feed(data) for observation in self._frame(frame, now)]

    def _begin_round(self, now: Instant) -> None:
        self._round_at = now
        if self._identity is None:
            self._questions.append(IDENT)
        elif self._rounds % SETTINGS_EVERY_ROUNDS == 0:
            self._questions += (SETTINGS, DOSE)
        self._rounds += self._identity is not None
        self._questions += (ACTUAL, STATUS)

    def _frame(self, frame: Frame, now: Instant) -> Sequence[Observation]:
        reply = reply_of(frame)
        if reply is None:
            return ()
        if reply.segment == self._asked:
            self._asked = None
            self._ask_at = now.plus(PAUSE_S)
            if not self._questions and self._round_at is not None:
                self._ask_at = max(self._ask_at, self._round_at.plus(ROUND_EVERY_S))
        if not reply.good:
            return self._told(reply.segment, [refusal_row(reply.data[0] if reply.data else 0)], now)
        if len(reply.data) < LEAST_BYTES.get(reply.segment, 1 << 16):
            self._malformed += 1
            return ()
        return self._good(reply, now)

    @property
    def _channel(self) -> str:
        return self._identity.serial if self._identity else ""

    def _told(self, segment: int, rows: Iterable[AlertRow], now: Instant) -> list[DeviceAlert]:
        return self._alerts.update(by_code(rows), now, teller=str(segment), channel=self._channel)

    def _good(self, reply: Reply, now: Instant) -> Sequence[Observation]:
        if reply.segment == STATUS:
            return self._status(reply.data, now)
        if reply.segment == IDENT:
            self._identity = identity_of(reply.data)
        elif reply.segment == ACTUAL:
            self._actual = actual_segment(reply.data)
        elif reply.segment == SETTINGS:
            self._settings = settings_segment(reply.data)
        else:
            self._dose = dose_segment(reply.data)
        return self._told(reply.segment, (), now)

    def _status(self, data: bytes, now: Instant) -> Sequence[Observation]:
        status = status_segment(data)
        told = pump_status(
            status,
            actual=self._actual,
            settings=self._settings,
            dose=self._dose,
            channel=self._channel,
            now=now,
            interval_s=ROUND_EVERY_S,
        )
        return [told, *self._told(STATUS, rows_of(status.alarm, status.state), now)]
