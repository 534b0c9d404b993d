"""Alarms of TE-SS pumps, a row for each bit. Keeps no state, knows no packet and no dialogue.

Bits and texts are the maker's manual's; that the three bytes are ordered like its numbers is assumed, as its examples hold no
alarm. THE PRIORITIES ARE PROPOSALS, to be confirmed by your clinicians; ``TerumoProtocol(priorities=…)`` replaces any by code.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

_BITS = {
    0: ("shutdown", HIGH),
    1: ("link interruption", MEDIUM),
    2: ("completion", MEDIUM),
    3: ("occlusion", HIGH),
    4: ("syringe displaced", HIGH),
    5: ("plunger displaced", HIGH),
    6: ("slider displaced", HIGH),
    7: ("barrel not detected", HIGH),
    8: ("nearly empty", LOW),
    13: ("power failure", MEDIUM),
    15: ("mains detector", LOW),
    16: ("no flow rate set", LOW),
    17: ("check rate and volume to be infused", LOW),
    18: ("no volume to be infused set", LOW),
    19: ("battery", MEDIUM),
    20: ("start reminder", MEDIUM),
    21: ("pressure", HIGH),
    22: ("maintenance", LOW),
    23: ("replace the battery", LOW),
}
STOPPING = frozenset({0, 3, 4, 5, 6, 7})
"""Alarms at which a pump that says "stop" has been stopped by them: an inference from their names."""
_RESULTS = {
    0x11: "unknown command",
    0x12: "command invalid or not executable",
    0x13: "command too short",
    0x14: "command too long",
    0x15: "parameter out of range",
}


def _row(code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, source=Source.VENDOR)


ROWS = {
    row.code: row
    for row in (
        *(_row(f"ALARM:{bit}", text, priority) for bit, (text, priority) in _BITS.items()),
        *(_row(f"RESULT:{number:02X}", f"the pump answers: {text}", LOW) for number, text in _RESULTS.items()),
    )
}
SUB_BATTERY = _row("SUB-BATTERY", "sub-battery bad", LOW)
PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in (*ROWS.values(), SUB_BATTERY)}


def alarm_row(bit: int) -> AlertRow:
    """The row of a bit. One that nobody documents is still an alarm."""
    code = f"ALARM:{bit}"
    unknown = AlertRow(code=code, text=f"unknown code 0x{1 << bit:06X} in the alarms", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


def result_row(result: int) -> AlertRow:
    """The row of a result that is not 00."""
    code = f"RESULT:{result:02X}"
    unknown = AlertRow(code=code, text=f"the pump answers: unknown code 0x{result:02X}", priority=LOW, source=Source.NOWHERE)
    return ROWS.get(code, unknown)
