"""The monitor's status and alarm bits: a row for each, and which of them stand. Keeps no state.

Bits after OpenICE (BSD-2-Clause). The protocol gives no priorities: ALL OF THEM ARE PROPOSALS, to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from clinical.observations import Priority
from devices.alert_book import Key, Standing

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
SOURCE = "OpenICE"


class Word(Enum):
    """A byte of bits, by the name it has in the code of an alert."""

    FAST = "fast"
    SLOW = "slow"
    CO2 = "co2"
    SPO2 = "spo2"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One bit.

    Attributes:
        unnamed_only: a summary of others: told only while no alarm of the CO₂ and SpO₂ words stands that it could be of.
    """

    text: str
    priority: Priority
    technical: bool = False
    unnamed_only: bool = False
    source: str = SOURCE


def _alarm(text: str, priority: Priority) -> AlertRow:
    return AlertRow(text=text, priority=priority)


def _technical(text: str, priority: Priority) -> AlertRow:
    return AlertRow(text=text, priority=priority, technical=True)


def _summary(text: str, priority: Priority) -> AlertRow:
    return AlertRow(text=text, priority=priority, unnamed_only=True)


OCCLUSION, NOT_CONNECTED, MALFUNCTION = 0x04, 0x40, 0x80
INVALID, INITIALISING, END_OF_BREATH, SELF_MAINTENANCE, PURGING = 0x01, 0x02, 0x08, 0x10, 0x20
NO_BREATH = 0x01
NO_PULSE, SENSOR_OFF, SENSOR_DISCONNECTED = 0x01, 0x20, 0x40
CHECK_CALIBRATION, CHECK_FLOW, PUMP_OFF = 0x01, 0x02, 0x04

ROWS: Mapping[tuple[Word, int], AlertRow] = {
    (Word.FAST, INITIALISING): _technical("CO₂ measurement starting", LOW),
    (Word.FAST, OCCLUSION): _technical("CO₂ sampling line occluded", MEDIUM),
    (Word.FAST, SELF_MAINTENANCE): _technical("CO₂ measurement in self-maintenance", LOW),
    (Word.FAST, PURGING): _technical("CO₂ sampling line being purged", LOW),
    (Word.FAST, NOT_CONNECTED): _technical("FilterLine not connected", MEDIUM),
    (Word.FAST, MALFUNCTION): _technical("CO₂ measurement faulty", MEDIUM),
    (Word.SLOW, 0x01): _technical("monitor set for a neonate", LOW),
    (Word.SLOW, 0x02): _technical("alarms silenced for a while at the monitor", LOW),
    (Word.SLOW, 0x04): _technical("all alarms silenced at the monitor", MEDIUM),
    (Word.SLOW, 0x08): _summary("high-priority alarm at the monitor", HIGH),
    (Word.SLOW, 0x10): _summary("low-priority alarm at the monitor", LOW),
    (Word.SLOW, 0x20): _summary("advisory at the monitor", LOW),
    (Word.CO2, NO_BREATH): _alarm("no breath", HIGH),
    (Word.CO2, 0x02): _alarm("EtCO₂ high", MEDIUM),
    (Word.CO2, 0x04): _alarm("EtCO₂ low", MEDIUM),
    (Word.CO2, 0x08): _alarm("respiration rate high", MEDIUM),
    (Word.CO2, 0x10): _alarm("respiration rate low", HIGH),
    (Word.CO2, 0x20): _alarm("FiCO₂ high", MEDIUM),
    (Word.SPO2, NO_PULSE): _alarm("pulse not found", MEDIUM),
    (Word.SPO2, 0x02): _alarm("SpO₂ high", LOW),
    (Word.SPO2, 0x04): _alarm("SpO₂ low", HIGH),
    (Word.SPO2, 0x08): _alarm("pulse rate high", MEDIUM),
    (Word.SPO2, 0x10): _alarm("pulse rate low", MEDIUM),
    (Word.SPO2, SENSOR_OFF): _technical("SpO₂ sensor off", LOW),
    (Word.SPO2, SENSOR_DISCONNECTED): _technical("SpO₂ sensor disconnected", LOW),
    (Word.EXTENDED, CHECK_CALIBRATION): _technical("check the CO₂ calibration", LOW),
    (Word.EXTENDED, CHECK_FLOW): _technical("check the CO₂ sampling flow", LOW),
    (Word.EXTENDED, PUMP_OFF): _technical("CO₂ sampling pump off", MEDIUM),
    (Word.EXTENDED, 0x80): _technical("battery low", MEDIUM),
}
NO_ALERTS = frozenset({(Word.FAST, INVALID), (Word.FAST, END_OF_BREATH), (Word.SLOW, 0x40), (Word.SLOW, 0x80)})
"""Bits that are known and are no news: a sample's own validity, a breath, the pulse beep, the oximeter's make."""
_UNKNOWN_PRIORITY = MEDIUM


def standing_in(words: Mapping[Word, int], no_breath_s: int | None = None) -> dict[Key, Standing]:
    """By code, "co2:01" for a bit of a word. ``no_breath_s`` is the monitor's own limit for apnoea.

    A bit that nobody documents is told as unknown.
    """
    named = any(words.get(word, 0) for word in (Word.CO2, Word.SPO2))
    found: dict[Key, Standing] = {}
    for word, bits in words.items():
        for bit in (1 << place for place in range(8) if bits >> place & 1):
            row = ROWS.get((word, bit))
            if (word, bit) not in NO_ALERTS and not (row and row.unnamed_only and named):
                found[f"{word.value}:{bit:02X}", ""] = _standing(row, word, bit, no_breath_s)
    return found


def _standing(row: AlertRow | None, word: Word, bit: int, no_breath_s: int | None) -> Standing:
    if row is None:
        return Standing(text=f"unknown code 0x{bit:02X} ({word.value} status)", priority=_UNKNOWN_PRIORITY)
    is_apnoea = (word, bit) == (Word.CO2, NO_BREATH)
    text = f"{row.text} for {no_breath_s} s" if is_apnoea and no_breath_s else row.text
    return Standing(text=text, priority=row.priority, technical=row.technical)
