"""Errors and alarm words of Vial pumps, as rows. Keeps no state, knows no bytes and no dialogue.

The numbers and texts of the errors are those an independent implementation carries. What the bits of the alarm and error
words mean is in no source: such a word is shown as the number it is, and the pump must be looked at. THE PRIORITIES ARE
PROPOSALS, to be confirmed by your clinicians; ``VialProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

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


def _row(code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, source=Source.IMPLEMENTATION)


ROWS = {
    row.code: row
    for row in (
        *(_row(f"I:{code}", f"the pump answers: {text}", _GRAVER.get(f"I:{code}", LOW)) for code, text in _REFUSALS.items()),
        *(_row(f"NAK:{code}", f"the base refuses a message: {text}", LOW) for code, text in _LINK.items()),
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
