"""The module's status bits and states: a row for each, what it makes of the numbers, and which stand. Keeps no state.

After the UN600 library (MIT). The protocol gives no priorities: ALL OF THEM ARE PROPOSALS, to be confirmed by your clinicians.
The fifth status byte numbers what the module holds most urgent; its numbers are not publicly documented and come out as unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinical.observations import Priority, Validity
from devices.alert_book import Key, Standing

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
INVALID, QUESTIONABLE = Validity.INVALID, Validity.QUESTIONABLE
STATUS_BYTES = 5
NO_BREATH = (1, 0x40)
_UNKNOWN_PRIORITY = MEDIUM
_PRIORITY_BYTE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One bit or state.

    Attributes:
        effect: what it makes of the numbers; None: nothing.
    """

    text: str
    priority: Priority
    technical: bool = True
    effect: Validity | None = None
    source: str = "UN600 library"


def _row(text: str, priority: Priority, effect: Validity | None = None) -> AlertRow:
    return AlertRow(text=text, priority=priority, effect=effect)


BITS = {
    (1, 0x01): _row("CO₂ below zero: the module wants zeroing", LOW, QUESTIONABLE),
    (1, 0x02): _row("check the airway adapter or the sampling tube", MEDIUM, INVALID),
    (1, 0x04): _row("check the CO₂ calibration", LOW, QUESTIONABLE),
    (1, 0x08): _row("CO₂ out of range", LOW, QUESTIONABLE),
    NO_BREATH: AlertRow(text="no breath", priority=HIGH, technical=False),
    (4, 0x01): _row("sampling tube disconnected", MEDIUM, INVALID),
    (4, 0x02): _row("sampling pump past its life", LOW),
    (4, 0x04): _row("sampling tube occluded", MEDIUM, INVALID),
    (4, 0x08): _row("sampling pump off", MEDIUM, INVALID),
}
STATES = {
    (2, 0x03, 0x01): _row("CO₂ sensor too cold", LOW, QUESTIONABLE),
    (2, 0x03, 0x02): _row("CO₂ sensor too hot", LOW, QUESTIONABLE),
    (2, 0x03, 0x03): _row("CO₂ sensor temperature unsteady", LOW, QUESTIONABLE),
    (2, 0x0C, 0x04): _row("zeroing in progress", LOW, INVALID),
    (2, 0x0C, 0x08): _row("zeroing not possible now", LOW),
    (2, 0x0C, 0x0C): _row("zeroing failed", MEDIUM, QUESTIONABLE),
}
"""Byte, mask and value of the states that take two bits."""
NO_ALERTS = frozenset({(1, 0x10), (2, 0x10)})
"""Known and no news: ready to be zeroed; and the flag about pressure and gas compensation, whose sense is not certain."""
_HARDWARE = AlertRow(text="CO₂ module: hardware error", priority=MEDIUM, effect=INVALID)

_KNOWN_MASKS = {
    number: sum({bit for byte, bit in (*BITS, *NO_ALERTS) if byte == number} | {mask for byte, mask, _ in STATES if byte == number})
    for number in range(1, STATUS_BYTES)
}


@dataclass(frozen=True, slots=True)
class Status:
    """The latest status bytes, 1 to 5, and the latest hardware status."""

    words: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    hardware: int = 0

    def bits(self, byte: int, mask: int) -> int:
        return self.words[byte - 1] & mask

    @property
    def no_breath(self) -> bool:
        return bool(self.bits(*NO_BREATH))


def rows_in(status: Status) -> Iterator[tuple[str, AlertRow]]:
    """Code and row of all that stands, known or not."""
    for (byte, bit), row in BITS.items():
        if status.bits(byte, bit):
            yield f"{byte}:{bit:02X}", row
    for (byte, mask, value), row in STATES.items():
        if status.bits(byte, mask) == value:
            yield f"{byte}:{value:02X}", row
    yield from _unknown(status)
    if status.hardware:
        yield (
            "hardware",
            AlertRow(text=f"{_HARDWARE.text}, unknown code 0x{status.hardware:04X}", priority=_HARDWARE.priority, effect=_HARDWARE.effect),
        )


def _unknown(status: Status) -> Iterator[tuple[str, AlertRow]]:
    for byte, known in _KNOWN_MASKS.items():
        rest = status.bits(byte, 0x7F & ~known)
        for bit in (1 << place for place in range(7) if rest >> place & 1):
            yield f"{byte}:{bit:02X}", _row(f"unknown code 0x{bit:02X} (status byte {byte})", _UNKNOWN_PRIORITY)
    urgent = status.bits(_PRIORITY_BYTE, 0x7F)
    if urgent:
        yield f"{_PRIORITY_BYTE}:{urgent:02X}", _row(f"unknown code 0x{urgent:02X} (most urgent condition)", LOW)


def standing_in(status: Status) -> dict[Key, Standing]:
    """By code, "4:01" for a bit of the fourth status byte."""
    return {(code, ""): Standing(text=row.text, priority=row.priority, technical=row.technical) for code, row in rows_in(status)}
