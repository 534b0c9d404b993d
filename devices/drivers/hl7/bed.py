"""Whose messages these are. One connection serves one bed: nothing here knows which bed is the right one.

A gateway may send many beds on one connection. Which of them is the patient of this case cannot be known from the messages,
and a name that is typed somewhere may be wrong. So nothing is chosen: while all messages agree they are believed; when two
differ in the bed, the patient or the monitor that sends vital signs, none is believed any more until the line is opened anew.
What a message leaves out agrees with everything. Names and numbers of patients are compared and never told.
"""

from __future__ import annotations

from devices.drivers.hl7.message import Message

SEVERAL = "two beds or patients on this connection"


class Bed:
    """Attributes: ``is_mixed``: messages that cannot be of one bed have come."""

    def __init__(self) -> None:
        self.is_mixed = False
        self._known: dict[str, str] = {}

    def take(self, message: Message, *, vitals: bool) -> bool:
        """Notes whose message it is; whether by it the connection has just been found to be mixed."""
        was_mixed = self.is_mixed
        for what, value in {"patient": _patient(message), "place": _place(message), "sender": _sender(message) if vitals else ""}.items():
            self.is_mixed |= bool(value) and self._known.setdefault(what, value) != value
        return self.is_mixed and not was_mixed


def _patient(message: Message) -> str:
    """PID-3, its number alone; nothing where PID-31 says that the patient is unknown."""
    patient = message.first("PID")
    if patient is None or patient.component(31, 1).upper() == "Y":
        return ""
    return patient.component(3, 1)


def _place(message: Message) -> str:
    """PV1-3, whole."""
    visit = message.first("PV1")
    return "" if visit is None or visit.is_blank(3) else visit.field(3)


def _sender(message: Message) -> str:
    """MSH-3 and MSH-4: of a monitor they name the very device."""
    return f"{message.header.field(3)}|{message.header.field(4)}".strip("|")
