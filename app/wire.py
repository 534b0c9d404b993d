"""What crosses between the core and the display, and how: whole pickled messages on a local socket. No threads here.

The display holds credit for a few batches. It gives one back for each batch it has taken, so the core always knows
whether a batch can be sent without waiting, and what a slow display has not taken is merged on the core's side.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinical.commands import Command
from clinical.forms import Form
from clinical.instant import Instant
from clinical.messages import Outcome

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CREDIT = 3
"""Batches that may be under way at once: enough to hide a frame, few enough to stay current."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """From the core, four each second: it lives, and this is the case's time.

    Attributes:
        process: its number, to end it by if it hangs.
        watching: whether its monitor steps; False while it begins (waits, takes up a case) or ends.
    """

    at: Instant
    speed: float
    process: int = 0
    watching: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Outcomes in their order, nothing in them that the display would not show."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that is being filled in and is not saved: the core holds it, unread, for the next display should this one die.

    It is kept on the disk beside the record too (decision 0019), and gone with the case.
    ``form`` is None where there is nothing to hold any more.
    """

    page: str
    form: Form | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a display needs that has just come: sent before any batch, once the core watches."""

    outcomes: tuple[Outcome, ...]
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """The core cannot do what its plan says; it ends after this. ``text`` says what happened and what to do."""

    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """From the display: one batch was taken; and the display's painting thread lives."""


@dataclass(frozen=True, slots=True)
class Alive:
    """From the display's painting thread, four each second. ``can_sound``: its loudspeaker works; None: not known yet.

    ``process``: the display's number, to end it by if it hangs.
    """

    can_sound: bool | None
    process: int = 0


@dataclass(frozen=True, slots=True)
class Goodbye:
    """From the display: it closes on purpose and is not to be started again; the core ends too."""


FromCore = Heartbeat | Batch | Standing | Fault
FromDisplay = Taken | Alive | Goodbye | Draft | Command


def send(connection: Connection, message: FromCore | FromDisplay) -> None:
    """Raises OSError when the other side is gone."""
    connection.send_bytes(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))


def receive(connection: Connection) -> FromCore | FromDisplay:
    """Waits for one message. Raises EOFError or OSError when the other side is gone."""
    message: FromCore | FromDisplay = pickle.loads(connection.recv_bytes())  # noqa: S301 (the other end is ours: it knew the secret)
    return message
