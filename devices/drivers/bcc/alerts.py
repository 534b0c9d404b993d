"""Alarms and pre-alarms of the pumps, a row for each bit. No state is kept here.

Texts and bits are the vendor document's (I0022_000030 v4.0). THE PRIORITIES ARE PROPOSALS, to be confirmed by your
clinicians: high where delivery has stopped unasked, may run freely, or air may reach the patient; medium where it has ended
as set or is about to fail; low for what only announces. ``BccProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source
from devices.drivers.bcc.mapping import Values, word

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

_WORDS: dict[str, dict[int, tuple[str, Priority]]] = {
    "ALARM1": {
        1: ("calibration data", HIGH),
        2: ("battery alarm", MEDIUM),
        3: ("therapy data lost", HIGH),
        4: ("therapy data and settings lost", HIGH),
        5: ("battery voltage low", HIGH),
        6: ("battery not in pump", MEDIUM),
        7: ("battery flat at switch-on", MEDIUM),
        8: ("battery cover open", MEDIUM),
        9: ("syringe empty", HIGH),
        10: ("pressure high", HIGH),
        11: ("pressure high, drive blocked", HIGH),
        12: ("standby expired", MEDIUM),
        13: ("volume infused", MEDIUM),
        14: ("time expired", MEDIUM),
        15: ("claw malfunction", HIGH),
        16: ("pressure sensor", HIGH),
        17: ("syringe holder open", HIGH),
        18: ("syringe not inserted right", HIGH),
        19: ("KVO end", MEDIUM),
        20: ("upstream pressure", HIGH),
        22: ("drop alarm", MEDIUM),
        23: ("no drops", HIGH),
        24: ("too few drops", MEDIUM),
        25: ("too many drops", HIGH),
        26: ("free flow", HIGH),
        27: ("drop sensor missing", MEDIUM),
        28: ("air alarm", HIGH),
        29: ("air bubble above 0.3 mL", HIGH),
        30: ("air rate above 4 mL/h", HIGH),
        31: ("air sensor test", HIGH),
    },
    "ALARM2": {
        1: ("data-lock manipulation", MEDIUM),
        2: ("PCA limit of x hours", MEDIUM),
        3: ("SGC end", MEDIUM),
        4: ("take-over: syringe end", HIGH),
        5: ("take-over failed", HIGH),
        6: ("take-over slave", MEDIUM),
        7: ("danger of free flow", HIGH),
        29: ("occlusion test error", HIGH),
        30: ("door opened during infusion", HIGH),
        31: ("syringe not secure", HIGH),
    },
    "PREALARM": {
        1: ("disposable / syringe empty", LOW),
        2: ("volume near end", LOW),
        3: ("time near end", LOW),
        4: ("battery near flat", MEDIUM),
        5: ("KVO operation", LOW),
        6: ("data lock manipulation", LOW),
        7: ("incompatible CAN device", LOW),
        8: ("piggyback volume infused", LOW),
        9: ("SGC pre-alarm", LOW),
        10: ("IDPG occlusion", MEDIUM),
        11: ("IDPG pressure leap high", MEDIUM),
        12: ("IDPG pressure leap low", MEDIUM),
        13: ("syringe pre-alarm in take-over master", LOW),
        14: ("slave failure in take-over master", MEDIUM),
        15: ("battery defective", MEDIUM),
    },
    "INA1": {0: ("battery empty", HIGH)},
    "INA2": {0: ("syringe empty", HIGH)},
    "INA3": {0: ("pressure alarm (occlusion)", HIGH)},
    "INA5": {0: ("standby over", MEDIUM)},
    "INA6": {0: ("CC function", MEDIUM)},
    "INA7": {0: ("end of volume", MEDIUM)},
    "INA8": {0: ("time over", MEDIUM)},
    "INA9": {0: ("syringe alarm", HIGH)},
    "INA11": {0: ("battery pre-alarm", MEDIUM)},
    "INA12": {0: ("syringe-empty pre-alarm", LOW)},
    "INA14": {0: ("drop alarm", MEDIUM)},
    "INA15": {0: ("air alarm", HIGH)},
    "INA16": {0: ("KVO end", MEDIUM)},
    "INM12": {0: ("dose below the soft limit", LOW)},
    "INM13": {0: ("dose above the soft limit", MEDIUM)},
    "INA4": {},
    "INA10": {},
    "INA13": {},
}
MEANINGLESS = frozenset({("ALARM1", 0), ("ALARM1", 21), ("ALARM2", 0), ("PREALARM", 0)})
"""Bits that the document itself calls "none" or "dummy"."""
DIFFERING = {"PREALARM:1": "vendor document and an independent implementation, which differ"}
"""The document says "disposable not inserted", an implementation of a later edition "syringe empty": both are shown."""
ALERT_KEYS = frozenset(_WORDS)

GONE = AlertRow(code="GNERR:39", text="pump gone or unreachable", priority=MEDIUM, source=Source.VENDOR)
NO_PUMP = AlertRow(code="GNERR:11", text="no pump in the rack", priority=MEDIUM, source=Source.VENDOR)


def _code(key: str, bit: int) -> str:
    return f"{key}:{bit}" if key in {"ALARM1", "ALARM2", "PREALARM"} else key


ROWS = {
    (key, bit): AlertRow(code=code, text=text, priority=priority, source=DIFFERING.get(code, Source.VENDOR))
    for key, bits in _WORDS.items()
    for bit, (text, priority) in bits.items()
    for code in (_code(key, bit),)
}
"""Codes: "ALARM1:10" for a bit of a word, "INA3" for a parameter of its own."""


def alert_row(key: str, bit: int) -> AlertRow:
    """The row of a bit. A bit that nobody documents is still an alert."""
    code = _code(key, bit)
    unknown = AlertRow(code=code, text=f"unknown code {code}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get((key, bit), unknown)


def rack_row(error: str) -> AlertRow:
    """The row of an error of the rack; the extended ones are 4x and 5x."""
    texts = {"4": "no communication with a pump", "5": "rack not set up as expected"}
    text = texts.get(error[:1]) if len(error) == 2 else None
    code = f"GNERR:{error}"
    if text is None:
        return AlertRow(code=code, text=f"unknown code {code}", priority=MEDIUM, source=Source.NOWHERE)
    return AlertRow(code=code, text=f"{text} ({error})", priority=MEDIUM, source=Source.VENDOR)


def standing_in(values: Values) -> dict[str, dict[str, AlertRow]]:
    """Of each alarm parameter told, the rows whose bits are set, by code. What was not told is not here: it may stand on."""
    told: dict[str, dict[str, AlertRow]] = {}
    for key in _WORDS:
        bits = word(values, key)
        if bits is not None:
            rows = (alert_row(key, bit) for bit in range(32) if bits >> bit & 1 and (key, bit) not in MEANINGLESS)
            told[key] = {row.code: row for row in rows}
    return told


PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in (*ROWS.values(), GONE, NO_PUMP)}
