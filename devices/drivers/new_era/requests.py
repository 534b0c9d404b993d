"""Everything the host may ever say to a New Era pump, and the exact test for it: four questions without an argument.

The same names with a number behind them set; RUN, STP, PUR and CLD act; a bare number chooses a program. SAF with a number
above 0 arms a watchdog that STOPS THE PUMP when the host falls silent. None of these is among the four. But any question
whose answer is an alarm acknowledges that alarm at the pump: no way of reading avoids it, so the alarm is kept here.
"""

from __future__ import annotations

VERSION, DISPENSED, RATE, TARGET = b"0VER\r", b"0DIS\r", b"0RAT\r", b"0VOL\r"
"""To address 0, as which a pump is delivered."""
MESSAGES = frozenset((VERSION, DISPENSED, RATE, TARGET))


def may_send(message: bytes) -> bool:
    """Whether it is, byte for byte, one of the four."""
    return message in MESSAGES
