"""The host's side of a New Era line: one short question after the other, and alarms kept standing. Knows no form of an answer.

Reading an alarm acknowledges it at the pump, which then says only that it has stopped. So an alarm stands here, latched, until
the pump is seen to run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority
from devices.alert_book import AlertBook, AlertRow, by_code
from devices.drivers.new_era.alerts import PROPOSED_PRIORITIES, SAFE_MODE, WITHDRAWS, alert_row
from devices.drivers.new_era.frames import Reply, ReplyReader
from devices.drivers.new_era.mapping import RUNNING, WITHDRAWING, Told, is_dispensed, status_of, with_answer
from devices.drivers.new_era.requests import DISPENSED, RATE, TARGET, VERSION

ASK_EVERY_S = 0.25
"""Not below 0.2 s, a recalled figure; an implementer uses 0.05 s."""
ANSWER_WITHIN_S = 1.0
INTERVAL_S = 1.5
MOST_VERSION_TRIES = 3
ROUND = (RATE, TARGET, DISPENSED)
ALARM = "A"
LATCHED, ERRORS = "A?", "?"


class NewEraProtocol:
    """Reads rate, volume, state and alarms of the pump at address 0. ``priorities`` replaces, by code, what ``alerts.py`` proposes."""

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] = PROPOSED_PRIORITIES) -> None:
        if variant:
            raise ValueError(f"new-era: there is no variant {variant!r}")
        self._reader = ReplyReader()
        self._alerts = AlertBook(priorities)
        self._told = Told()
        self._status = ""
        self._place = 0
        self._version_tries = 0
        self._waiting = False
        self._ask_at: Instant | None = None
        self._asked_at: Instant | None = None
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        """Model and firmware: "NE-1000 V3.923"."""
        return self._told.version

    @property
    def due(self) -> Instant | None:
        return self._ask_at

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self._ask_at is not None and now < self._ask_at:
            return ()
        question = self._next()
        self._waiting = True
        self._asked_at = now
        self._ask_at = now.plus(ANSWER_WITHIN_S)
        return (question,)

    def _next(self) -> bytes:
        """The next of the round; before it the version, as long as it may yet be told."""
        if not self._told.version and self._version_tries < MOST_VERSION_TRIES:
            self._version_tries += bool(self._status)  # a pump that is off has refused nothing
            return VERSION
        self._place = (self._place + 1) % len(ROUND)
        return ROUND[self._place - 1]

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [observation for reply in self._reader.feed(data) for observation in self._reply(reply, now)]

    def _reply(self, reply: Reply, now: Instant) -> list[Observation]:
        channel = f"{reply.address:02d}"
        if self._waiting and not reply.safe and self._asked_at is not None:
            self._waiting = False
            self._ask_at = max(now, self._asked_at.plus(ASK_EVERY_S))
        safe = self._begin(SAFE_MODE, channel, now) if reply.safe else self._end(SAFE_MODE.code, now)
        before, self._status = self._status, reply.status
        alerts = self._alarm(reply, channel, now) if reply.status == ALARM else self._answer(reply, channel, now)
        if is_dispensed(reply.data) or reply.status != before:
            return [status_of(self._told, reply.status, channel, now, INTERVAL_S), *safe, *alerts]
        return [*safe, *alerts]

    def _alarm(self, reply: Reply, channel: str, now: Instant) -> list[DeviceAlert]:
        return self._begin(alert_row(ALARM + reply.data), channel, now)

    def _answer(self, reply: Reply, channel: str, now: Instant) -> list[DeviceAlert]:
        """Data, an error, or the bare state; a pump that runs has been seen to by someone."""
        alerts = self._end(LATCHED, now) if reply.status in RUNNING else []
        turned = reply.status == WITHDRAWING
        alerts += self._begin(WITHDRAWS, channel, now) if turned else self._end(WITHDRAWS.code, now)
        if reply.data.startswith("?"):
            return [*alerts, *self._begin(alert_row(reply.data), channel, now)]
        told = with_answer(self._told, reply.data) if reply.data else self._told
        if told is None:
            self._malformed += 1
            return alerts
        self._told = told
        return [*alerts, *self._end(ERRORS, now)]

    def _begin(self, row: AlertRow, channel: str, now: Instant) -> list[DeviceAlert]:
        """Each alert is a teller of its own, because the pump tells one and takes none of the others back."""
        return self._alerts.update(by_code([row]), now, teller=row.code, channel=channel)

    def _end(self, start: str, now: Instant) -> list[DeviceAlert]:
        """Those whose code begins so stand no longer."""
        over = [code for code in self._alerts.tellers if code.startswith(start)]
        return [alert for code in over for alert in self._alerts.update({}, now, teller=code)]
