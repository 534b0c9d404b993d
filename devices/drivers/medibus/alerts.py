"""The device's alarms: a row for each code, and what a reply to 27 or 2E says stands. Keeps no state.

The device tells a priority from 1 to 31 with each alarm; the document does not say which of them are high, medium and low, so
the bands below ARE A PROPOSAL, to be confirmed by your clinicians. Phrases are in the device's language: the code decides.
Rows: "vendor" after 90 28 329 (Capnosat, with its priorities), "implementation" after the tables of OpenICE (BSD-2-Clause),
whose names were put into words here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinical.metrics import CO2_RESP_RATE, ETCO2, FICO2, PULSE_RATE, SPO2, Metric
from clinical.observations import Priority, Validity
from devices.alert_book import Key, Source, Standing

ENTRY_BYTES = 15
PAGES = (1, 2)
_HIGH_FROM, _MEDIUM_FROM = 22, 11
_UNKNOWN_LEVEL = Priority.MEDIUM
_CO2 = (ETCO2, FICO2, CO2_RESP_RATE)
_OXIMETER = (SPO2, PULSE_RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alarm.

    Attributes:
        level: the priority the maker lists for it, 1 to 31; None where only the device tells it.
        least: never told as less than this (an alarm that was switched off).
        about: the numbers it is about: if one of them is missing, this is why.
        effect: what it makes of them where they are there; None: nothing.
    """

    text: str
    source: Source
    level: int | None = None
    technical: bool = False
    least: Priority = Priority.LOW
    about: tuple[Metric, ...] = ()
    effect: Validity | None = None


def _vendor(
    text: str, level: int | None = None, about: tuple[Metric, ...] = (), effect: Validity | None = None, *, technical: bool = False
) -> AlertRow:
    return AlertRow(text=text, source=Source.VENDOR, level=level, about=about, effect=effect, technical=technical)


def _off(text: str, level: int | None = None) -> AlertRow:
    return AlertRow(text=text, source=Source.VENDOR, level=level, technical=True, least=Priority.MEDIUM)


def _told(text: str, about: tuple[Metric, ...] = (), effect: Validity | None = None) -> AlertRow:
    return AlertRow(text=text, source=Source.IMPLEMENTATION, about=about, effect=effect)


def _fault(text: str, about: tuple[Metric, ...] = ()) -> AlertRow:
    effect = Validity.INVALID if about else None
    return AlertRow(text=text, source=Source.IMPLEMENTATION, technical=True, about=about, effect=effect)


PAGE_1 = {
    0x00: _told("apnoea, several sources", (CO2_RESP_RATE,)),
    0x01: _told("no pulse at the oximeter for 10 s", _OXIMETER, Validity.INVALID),
    0x02: _vendor("pulse rate low (oximeter)", 31),
    0x07: _vendor("oxygen saturation low", 31),
    0x08: _told("inspired oxygen low"),
    0x09: _told("inspired halothane high"),
    0x0B: _told("inspired enflurane high"),
    0x0C: _told("inspired isoflurane high"),
    0x0D: _vendor("apnoea (CO₂)", 31, (CO2_RESP_RATE, ETCO2)),
    0x0E: _told("apnoea, no volume exhaled for 30 s"),
    0x0F: _told("apnoea, no pressure for 15 s"),
    0x10: _told("airway pressure high"),
    0x11: _fault("check the gas supply"),
    0x12: _fault("check the air supply"),
    0x13: _fault("check the oxygen supply"),
    0x19: _told("minute volume low"),
    0x1E: _vendor("pulse rate high (oximeter)", 21),
    0x1F: _told("inspired sevoflurane high"),
    0x22: _vendor("oxygen saturation high", 21),
    0x24: _told("inspired desflurane high"),
    0x27: _vendor("end-tidal CO₂ low", 18),
    0x28: _vendor("end-tidal CO₂ high", 18),
    0x29: _told("inspired halothane low"),
    0x2A: _told("inspired enflurane low"),
    0x2B: _told("inspired isoflurane low"),
    0x2C: _told("inspired desflurane low"),
    0x32: _told("inspired sevoflurane low"),
    0x33: _told("volume not constant"),
    0x35: _vendor("oximeter sensor disconnected or faulty", 10, _OXIMETER, Validity.INVALID, technical=True),
    0x37: _told("oxygen high"),
    0x3A: _told("supported breath longer than 4 s"),
    0x3C: _vendor("inspired CO₂ high", 2),
    0x3D: _vendor("CO₂ sampling line blocked", 7, _CO2, Validity.INVALID, technical=True),
    0x40: _off("tachypnoea alarm switched off"),
    0x42: _fault("check the flow sensor"),
    0x4B: _fault("battery low"),
    0x56: _off("apnoea alarm switched off", 8),
    0x57: _off("CO₂ alarms switched off"),
    0x5B: _off("oximeter alarms switched off"),
    0x5E: _off("volume alarm switched off"),
    0x63: _vendor("CO₂ measurement warming up, less accurate", None, _CO2, Validity.QUESTIONABLE, technical=True),
    0x64: _fault("CO₂ window occluded", _CO2),
    0x65: _fault("loudspeaker faulty: device alarms may be silent"),
    0x66: _told("mixture of agents"),
    0x67: _fault("multigas monitor faulty", _CO2),
    0x68: _vendor("oximeter faulty", 1, _OXIMETER, Validity.INVALID, technical=True),
    0x69: _fault("nitrous oxide not measured"),
    0x6A: _vendor("CO₂ measurement faulty", 1, _CO2, Validity.INVALID, technical=True),
    0x6E: _fault("agent not measured"),
    0x78: _fault("communication error at serial port 2"),
    0x79: _fault("communication error at serial port 1"),
    0x7C: _fault("internal communication error"),
    0x90: _told("respiration rate high"),
    0x98: _told("apnoea (ventilator)"),
    0x9A: _told("ventilator disconnected"),
    0x9B: _told("minute volume high"),
    0x9F: _fault("ventilator has a problem"),
    0xA0: _fault("communication with the ventilator lost"),
    0xA1: _fault("inspired oxygen not measured"),
    0xA3: _told("mean airway pressure below −2 mbar"),
    0xA4: _fault("volume not measured"),
    0xAC: _off("minute volume alarm switched off"),
    0xAD: _fault("pressure not measured"),
    0xB0: _fault("check the expiration valve"),
    0xB7: _fault("ventilator too hot"),
    0xB8: _fault("airway temperature not measured"),
    0xB9: _fault("check the airway temperature sensor"),
    0xBA: _told("airway temperature high"),
    0xBB: _told("sigh active"),
    0xBC: _told("breathing system vented"),
    0xBD: _fault("check the oxygen supply"),
    0xBE: _fault("oxygen not measured"),
    0xBF: _told("inspired oxygen high"),
    0xC0: _told("inspired oxygen low"),
    0xC1: _fault("flow not measured"),
    0xC2: _fault("gas mixer not working"),
    0xC3: _told("volume limited by time"),
    0xC4: _told("volume limited by pressure"),
    0xC5: _fault("ventilator hot"),
    0xC6: _fault("ventilator not synchronised"),
    0xC7: _fault("ventilator does not cycle"),
    0xC8: _fault("no fresh gas"),
    0xC9: _fault("device hot inside"),
    0xCA: _fault("fan faulty"),
    0xD9: _fault("CO₂ sensor disconnected or faulty", _CO2),
    0xDA: _told("PEEP high"),
    0xE8: _told("tidal volume high"),
    0xEA: _fault("neonatal volume not measured"),
    0xED: _fault("check the nitrous oxide supply"),
    0xEE: _told("two agents at once"),
    0xEF: _fault("mains power failed"),
    0xF1: _told("check the pressure limit that is set"),
    0xF4: _fault("oxygen safety flow open"),
    0xF7: _off("inspired CO₂ alarms switched off"),
    0xF8: _told("PEEP above its limit for 15 s"),
}
PAGE_2 = {
    0x31: _fault("oxygen cylinder low, no wall supply"),
    0x32: _fault("oxygen cylinder empty, no wall supply"),
    0x33: _fault("oxygen cylinder not connected"),
    0x34: _fault("nitrous oxide cylinder empty"),
    0x35: _fault("nitrous oxide delivery failed"),
    0x36: _fault("oxygen delivery failed"),
    0x37: _fault("air delivery failed"),
    0x38: _fault("fresh gas flow not reached"),
    0x39: _fault("valve between internal and external fresh gas faulty"),
    0x3A: _told("inspired nitrous oxide high"),
    0x6A: _told("circle occluded"),
    0x8D: _told("breathing system disconnected"),
    0x91: _fault("data lost in the device"),
    0x93: _told("apnoea ventilation"),
    0x9C: _told("circle leaks"),
    0xA0: _fault("ventilator not locked in place"),
    0xA1: _fault("power supply error"),
    0xA2: _told("expired halothane high"),
    0xA3: _told("expired enflurane high"),
    0xA4: _told("expired isoflurane high"),
    0xA5: _told("expired desflurane high"),
    0xA6: _told("expired sevoflurane high"),
    0xA7: _told("tidal volume not reached"),
    0xA8: _fault("inspiratory flow sensor faulty"),
    0xA9: _told("setting cancelled"),
    0xAC: _told("fresh gas flow too high"),
    0xAD: _told("fresh gas flow active"),
    0xAF: _fault("oxygen cylinder open"),
    0xB0: _fault("nitrous oxide cylinder open"),
    0xB1: _fault("air cylinder open"),
    0xB2: _fault("nitrous oxide cylinder sensor not connected"),
    0xB3: _fault("air cylinder sensor not connected"),
    0xB4: _fault("oxygen cylinder sensor not connected"),
    0xB5: _fault("air cylinder low"),
    0xC7: _fault("air flow not measured"),
    0xC8: _fault("oxygen flow not measured"),
    0xC9: _fault("nitrous oxide flow not measured"),
    0xCA: _fault("no air supply"),
    0xCB: _fault("no nitrous oxide supply"),
}
ROWS = {(page, code): row for page, rows in zip(PAGES, (PAGE_1, PAGE_2), strict=True) for code, row in rows.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One alarm as the device lists it; ``level`` is None where its priority is none of 1 to 31."""

    page: int
    code: int
    level: int | None
    phrase: str


def told_in(page: int, data: bytes) -> tuple[list[Told], int]:
    """The alarms of a reply, and how many entries could not be read."""
    found = [_told_alarm(page, data[at : at + ENTRY_BYTES]) for at in range(0, len(data), ENTRY_BYTES)]
    return [alarm for alarm in found if alarm is not None], found.count(None)


def _told_alarm(page: int, entry: bytes) -> Told | None:
    digits = entry[1:3]
    if len(entry) != ENTRY_BYTES or any(digit not in b"0123456789ABCDEF" for digit in digits):
        return None
    level = entry[0] - 0x30
    phrase = entry[3:].decode("ascii", "replace").strip()
    return Told(page=page, code=int(digits, 16), level=level if 1 <= level <= 31 else None, phrase=phrase)


def proposed_priority(level: int | None, least: Priority = Priority.LOW) -> Priority:
    """What the device's 1 to 31 are proposed to mean here."""
    if level is None:
        return max(_UNKNOWN_LEVEL, least, key=lambda priority: priority.rank)
    banded = Priority.HIGH if level >= _HIGH_FROM else Priority.MEDIUM if level >= _MEDIUM_FROM else Priority.LOW
    return max(banded, least, key=lambda priority: priority.rank)


def standing(alarms: Iterable[Told]) -> dict[Key, Standing]:
    """By code, "1:0D" for 0D of code page 1. A code that nobody documents is told with the device's phrase."""
    return {(f"{alarm.page}:{alarm.code:02X}", ""): _standing(alarm) for alarm in alarms}


def _standing(alarm: Told) -> Standing:
    row = ROWS.get((alarm.page, alarm.code))
    if row is None:
        unknown = f"unknown code 0x{alarm.code:02X}, page {alarm.page}"
        return Standing(text=f"{unknown}: {alarm.phrase}" if alarm.phrase else unknown, priority=proposed_priority(alarm.level))
    return Standing(text=row.text, priority=proposed_priority(alarm.level, row.least), technical=row.technical)
