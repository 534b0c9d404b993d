"""The dialogue that surrounds the data: asking for an association, answering the monitor's, polling within it, asking again.

Payloads in, payloads out, with the times at which they are due. Knows no number and no frame.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import Enum

from clinical.instant import Instant
from devices.drivers.intellivue.messages import (
    ALERTS,
    CONFIRMED_EVENT,
    ENUMERATIONS,
    MDS_CREATED,
    NUMERICS,
    UNTOLD,
    WAVES,
    Accepted,
    Failure,
    Invocation,
    Message,
    Result,
    Session,
)
from devices.drivers.intellivue.requests import (
    ASSOCIATE,
    CHOOSE_WAVES,
    EXTENDED_POLL_S,
    INVOKE_NUMERICS,
    NUMERICS_EACH_SECOND,
    POLL_ALERTS,
    POLL_ENUMERATIONS,
    POLL_NUMERICS,
    POLL_NUMERICS_ONCE,
    POLL_WAVES,
    RELEASE,
    RELEASED,
    WAVES_GRANTED,
    mds_created_result,
)

ASK_EVERY_S = 2.0
AFTER_REFUSAL_S = 5.0
AFTER_RELEASE_S = 10.0
AFTER_ABORT_S = 1.0
RELEASE_TAKES_S = 0.5
CREATED_WITHIN_S = 5.0
KEEP_ALIVE_S = 2.0
NUMERICS_EVERY_S = 1.024
"""Between two answers of the continuous poll: 8192 ticks, as recorded."""

_ENUMERATIONS_EVERY_S = 10.0
_RENEWED_AFTER_S = 0.9 * EXTENDED_POLL_S
_PATIENCE_S, _LONGEST_S = 5.0, 60.0


def association_ends_after_s(min_poll_period_s: float) -> float:
    """How long a monitor waits for a poll before it ends the association."""
    if min_poll_period_s <= 3.3:
        return 10.0
    return 3 * min_poll_period_s if min_poll_period_s <= 43 else 130.0


class Continuous:
    """A poll that is answered until it runs out: renewed before it does, and made again when the answers stay away.

    Unanswered, the wait doubles, so that a monitor which has nothing to send is not pestered.
    """

    def __init__(self, messages: Sequence[bytes]) -> None:
        self._messages = messages
        self._wait_s = _PATIENCE_S
        self._silent_at: Instant | None = None
        self._renew_at: Instant | None = None

    @property
    def due(self) -> Instant | None:
        """When it should be made again; None before it was first made."""
        if self._silent_at is None or self._renew_at is None:
            return None
        return min(self._silent_at, self._renew_at)

    def heard(self, now: Instant) -> None:
        """An answer came."""
        self._wait_s = _PATIENCE_S
        self._silent_at = now.plus(_PATIENCE_S)

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        """The messages, if it is time."""
        if self.due is not None and now < self.due:
            return ()
        self._silent_at = now.plus(self._wait_s)
        self._renew_at = now.plus(_RENEWED_AFTER_S)
        self._wait_s = min(2 * self._wait_s, _LONGEST_S)
        return self._messages


class Repeated:
    """A poll with one answer, made each ``every_s``."""

    def __init__(self, message: bytes, every_s: float) -> None:
        self._message = message
        self.every_s = every_s
        self.due: Instant | None = None

    def heard(self, now: Instant) -> None:
        """Its answers change nothing."""

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        """The message, if it is time."""
        if self.due is not None and now < self.due:
            return ()
        self.due = now.plus(self.every_s)
        return (self._message,)


class Polling:
    """Everything that is polled in an association that grants ``accepted``. The repeated poll of alerts keeps it alive."""

    def __init__(self, accepted: Accepted) -> None:
        ends_s = association_ends_after_s(accepted.min_poll_period_s)
        self._keep_alive_s = max(min(KEEP_ALIVE_S, ends_s / 3), accepted.min_poll_period_s)
        self._polls: dict[int, Continuous | Repeated] = {
            ALERTS: Repeated(POLL_ALERTS, self._keep_alive_s),
            ENUMERATIONS: Repeated(POLL_ENUMERATIONS, max(_ENUMERATIONS_EVERY_S, accepted.min_poll_period_s)),
        }
        self._once_only = not accepted.poll_options & NUMERICS_EACH_SECOND
        self._polls[NUMERICS] = self._numerics_once() if self._once_only else Continuous((POLL_NUMERICS,))
        if accepted.poll_options & WAVES_GRANTED:
            self._polls[WAVES] = Continuous((CHOOSE_WAVES, POLL_WAVES))

    def _numerics_once(self) -> Repeated:
        return Repeated(POLL_NUMERICS_ONCE, self._keep_alive_s)

    @property
    def numerics_every_s(self) -> float:
        return self._keep_alive_s if self._once_only else NUMERICS_EVERY_S

    @property
    def due(self) -> Instant | None:
        return min((poll.due for poll in self._polls.values() if poll.due is not None), default=None)

    def heard(self, object_class: int, now: Instant) -> None:
        """Objects of this class came."""
        if object_class in self._polls:
            self._polls[object_class].heard(now)

    def refused(self, invoke_id: int) -> None:
        """The monitor answered with an error: continuous numerics are then polled one by one."""
        if invoke_id == INVOKE_NUMERICS and not self._once_only:
            self._once_only = True
            self._polls[NUMERICS] = self._numerics_once()

    def outgoing(self, now: Instant) -> list[bytes]:
        return [message for poll in self._polls.values() for message in poll.outgoing(now)]


class Phase(Enum):
    ASKING = "no association"
    ACCEPTED = "accepted, not yet told of the monitor"
    ESTABLISHED = "established"


class Association:
    """The association with one monitor, from the client's side."""

    def __init__(self) -> None:
        self.phase = Phase.ASKING
        self._accepted = UNTOLD
        self._polling = Polling(UNTOLD)
        self._outbox: list[bytes] = []
        self._next: Instant | None = None
        self._heard_at: Instant | None = None
        self._leftover = False
        self._refused = False

    @property
    def numerics_every_s(self) -> float:
        """Between two of a numeric."""
        return self._polling.numerics_every_s

    @property
    def due(self) -> Instant | None:
        """When ``outgoing`` should next be asked."""
        if self.phase is not Phase.ESTABLISHED:
            return self._next
        moments = (self._polling.due, self._ends_at)
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def _ends_at(self) -> Instant | None:
        if self._heard_at is None:
            return None
        return self._heard_at.plus(association_ends_after_s(self._accepted.min_poll_period_s))

    def hear(self, message: Message, now: Instant) -> None:
        """Takes a message of the monitor."""
        self._heard_at = now
        if isinstance(message, Accepted):
            self._accepted, self._refused = message, False
            self._wait(Phase.ACCEPTED, now.plus(CREATED_WITHIN_S))
        elif isinstance(message, Session):
            self._hear_session(message, now)
        elif isinstance(message, Invocation):
            self._hear_event(message)
        elif isinstance(message, Failure):
            self._polling.refused(message.invoke_id)
        elif isinstance(message, Result):
            self._leftover = self._leftover or self.phase is Phase.ASKING

    def polled(self, object_class: int, now: Instant) -> None:
        """A poll of this class was answered."""
        self._polling.heard(object_class, now)

    def outgoing(self, now: Instant) -> list[bytes]:
        """Payloads to be sent now."""
        said, self._outbox = self._outbox, []
        if self.phase is Phase.ESTABLISHED and self._ends_at is not None and now >= self._ends_at:
            self._wait(Phase.ASKING, now)
        if self.phase is Phase.ESTABLISHED:
            return said + self._polling.outgoing(now)
        if self._next is None or now >= self._next:
            said.append(self._ask(now))
        return said

    def _ask(self, now: Instant) -> bytes:
        """Asks for an association; where the monitor still holds one of ours, ends that first."""
        if self.phase is Phase.ACCEPTED or self._leftover:
            self._leftover = False
            self._wait(Phase.ASKING, now.plus(RELEASE_TAKES_S))
            return RELEASE
        self._wait(Phase.ASKING, now.plus(ASK_EVERY_S))
        return ASSOCIATE

    def _wait(self, phase: Phase, until: Instant) -> None:
        self.phase, self._next = phase, until

    def _hear_session(self, message: Session, now: Instant) -> None:
        if message is Session.REFUSED:
            self._leftover = True  # it may be an earlier one of ours that stands in the way: released at once, then asked with patience
            self._wait(Phase.ASKING, now.plus(AFTER_REFUSAL_S) if self._refused else now)
            self._refused = True
        elif message is Session.RELEASE_ASKED:
            self._outbox.append(RELEASED)
            self._wait(Phase.ASKING, now.plus(AFTER_RELEASE_S))
        elif message is Session.RELEASED:
            self._leftover = False
            self._wait(Phase.ASKING, now)
        elif message is Session.ABORTED:
            self._wait(Phase.ASKING, now.plus(AFTER_ABORT_S))

    def _hear_event(self, message: Invocation) -> None:
        """The MDS create event establishes the association; told again, because our answer was lost, it is answered again."""
        ticks, event = struct.unpack_from(">IH", message.body, 6)
        if message.command != CONFIRMED_EVENT or event != MDS_CREATED:
            return
        self._outbox.append(mds_created_result(message.invoke_id, ticks))
        if self.phase is not Phase.ESTABLISHED:
            self.phase, self._leftover = Phase.ESTABLISHED, False
            self._polling = Polling(self._accepted)
