"""Errors and alarm words of Vial pumps, and which of them stand. Knows no bytes and no dialogue.

The numbers and texts of the errors are those an independent implementation carries. What the bits of the alarm and error
words mean is in no source: such a word is shown as the number it is, and the pump must be looked at. THE PRIORITIES ARE
PROPOSALS, to be confirmed by your clinicians; ``VialProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


class Source(Enum):
    """Where a row's meaning comes from."""

    IMPLEMENTATION = "an independent implementation"
    NOWHERE = "not documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    code: str
    text: str
    priority: Priority
    source: Source = Source.IMPLEMENTATION


_REFUSALS = {
    "01": "unknown command",
    "02": "command disabled in this mode",
    "03": "command disabled in this status",
    "04": "syntax",
    "05": "mode not authorised",
    "06": "mode already active",
    "07": "new mode disabled in this mode",
    "08": "out of limit",
    "09": "mode disabled in this status",
    "0A": "identifier not used",
    "0B": "identifier wrong",
    "0C": "message too long",
    "0D": "session with the base not open",
    "0E": "communication with the module impossible",
    "12": "alarm present",
    "14": "no rate",
    "15": "volume insufficient",
    "16": "empty-syringe mode impossible",
    "1A": "event number",
    "1E": "session with the module not open",
    "1F": "a module is not in manual mode, or the session is open already",
    "20": "not authorised on this port",
    "22": "mode not authorised",
    "24": "connection mode",
    "25": "drug number",
}
_LINK = {
    "1": "character reception",
    "2": "checksum",
    "4": "address",
    "5": "time-out of the acknowledgement",
    "6": "receiver not ready",
    "7": "frame length",
    "8": "control code present",
}
_GRAVER = {"I:12": HIGH, "I:0E": MEDIUM}
_WORDS = {"a": ("alarm", HIGH), "e": ("error", HIGH)}
WORDS = tuple(_WORDS)
"""Letters of the words that are alarms when they are not zero."""

ROWS = {
    row.code: row
    for row in (
        *(
            AlertRow(code=f"I:{code}", text=f"the pump answers: {text}", priority=_GRAVER.get(f"I:{code}", LOW))
            for code, text in _REFUSALS.items()
        ),
        *(AlertRow(code=f"NAK:{code}", text=f"the base refuses a message: {text}", priority=LOW) for code, text in _LINK.items()),
    )
}
PROPOSED_PRIORITIES: Mapping[str, Priority] = {
    **{code: row.priority for code, row in ROWS.items()},
    **{letter: priority for letter, (_, priority) in _WORDS.items()},
}


def refusal_row(error: str) -> AlertRow:
    """The row of the two characters after "I"."""
    unknown = AlertRow(code=f"I:{error}", text=f"the pump answers: unknown code 0x{error}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(f"I:{error}", unknown)


def link_row(error: str) -> AlertRow:
    """The row of the digit after NAK; "?" for one that nobody knows."""
    unknown = AlertRow(code=f"NAK:{error}", text="the base refuses a message: unknown code", priority=LOW, source=Source.NOWHERE)
    return ROWS.get(f"NAK:{error}", unknown)


def word_row(letter: str, word: int) -> AlertRow | None:
    """The row of an alarm or error word as it stands; None if it is zero."""
    name, priority = _WORDS[letter]
    if not word:
        return None
    text = f"unknown code 0x{word:04X} in the pump's {name} word: look at the pump"
    return AlertRow(code=f"{letter}:{word:04X}", text=text, priority=priority, source=Source.NOWHERE)


class AlertBook:
    """Which alerts stand, by what tells of them, so that each is told when it comes and when it goes."""

    def __init__(self, priorities: Mapping[str, Priority]) -> None:
        self._priorities = priorities
        self._standing: dict[tuple[str, str], DeviceAlert] = {}

    def update(self, teller: str, row: AlertRow | None, channel: str, now: Instant) -> list[DeviceAlert]:
        """What ``teller`` says stands now at this pump: one row, or none. A word's priority may be set for the word as a whole."""
        before = self._standing.get((channel, teller))
        if (before.code if before else None) == (row.code if row else None):
            return []
        told = [replace(self._standing.pop((channel, teller)), at=now, active=False)] if before else []
        if row is not None:
            priority = self._priorities.get(row.code, self._priorities.get(row.code.partition(":")[0], row.priority))
            alert = DeviceAlert(at=now, code=row.code, text=row.text, priority=priority, technical=True, channel=channel)
            self._standing[channel, teller] = alert
            told.append(alert)
        return told
