"""Alarms of Dianet-Star pumps, a row for each bit. Keeps no state, knows no frame and no dialogue.

Bits and texts come from an implementation that carried the maker's headers. THE PRIORITIES ARE PROPOSALS, to be confirmed by
your clinicians; ``DianetProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

_ALARMS = {
    0: ("syringe", HIGH),
    1: ("syringe pre-alarm", LOW),
    2: ("syringe empty", HIGH),
    3: ("pressure", HIGH),
    4: ("air", HIGH),
    5: ("drop", MEDIUM),
    6: ("battery empty", HIGH),
    7: ("battery pre-alarm", MEDIUM),
    8: ("door open", HIGH),
    9: ("rate invalid", MEDIUM),
    10: ("reminder", LOW),
    11: ("end of standby", MEDIUM),
    12: ("volume to be delivered is complete", MEDIUM),
    13: ("end of time", MEDIUM),
    14: ("communication", MEDIUM),
    15: ("end of KVO", MEDIUM),
    16: ("remote key", MEDIUM),
    17: ("KVO pre-alarm", LOW),
    18: ("least pressure", MEDIUM),
    19: ("PCA button", LOW),
    20: ("PCA limit", MEDIUM),
}
_STATES = {
    2: ("the pump is under another computer's remote control", LOW),
    3: ("the pump is in closed-loop control by another computer", MEDIUM),
}
_REFUSALS = {
    1: "check",
    2: "frame",
    3: "segment",
    4: "user",
    5: "ident",
    6: "range",
    7: "length",
    8: "address",
    9: "mode",
}
STOPPING = frozenset({0, 2, 3, 4, 6, 8, 12, 13})
"""Alarms by which a pump that does not run has been stopped: an inference from their names."""


def _row(code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, source="an implementation with the maker's headers")


ROWS = {
    row.code: row
    for row in (
        *(_row(f"ALARM:{bit}", text, priority) for bit, (text, priority) in _ALARMS.items()),
        *(_row(f"STATE:{bit}", text, priority) for bit, (text, priority) in _STATES.items()),
        *(_row(f"NAK:{reason}", f"the pump refuses a question: {text}", LOW) for reason, text in _REFUSALS.items()),
    )
}
PROPOSED_PRIORITIES: Mapping[str, Priority] = {code: row.priority for code, row in ROWS.items()}


def rows_of(alarm: int, state: int) -> list[AlertRow]:
    """A row for each bit of the alarm word, known or not, and for those of the state word that are worth a message."""
    alarms = [_alarm_row(bit) for bit in range(32) if alarm >> bit & 1]
    return alarms + [ROWS[f"STATE:{bit}"] for bit in _STATES if state >> bit & 1]


def _alarm_row(bit: int) -> AlertRow:
    code = f"ALARM:{bit}"
    unknown = AlertRow(code=code, text=f"unknown code 0x{1 << bit:08X} in the alarms", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


def refusal_row(reason: int) -> AlertRow:
    """The row of the byte after NAK."""
    code = f"NAK:{reason}"
    text = f"the pump refuses a question: unknown code 0x{reason:02X}"
    return ROWS.get(code, AlertRow(code=code, text=text, priority=LOW, source=Source.NOWHERE))
