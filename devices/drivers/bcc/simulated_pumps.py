"""A simulated pump as BCC parameters, in bit words or in keys of a single bit each. Knows no frame and no dialogue."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clinical.observations import PumpState
from devices.driver import PumpMechanics

MODEL = "688F030006"
DEVICE_TYPE = 6144
LONGEST_TIME_S = 65535
RUN_STATE = {
    PumpState.INFUSING: 0x02,
    PumpState.PAUSED: 0x01,
    PumpState.STOPPED: 0x01,
    PumpState.STANDBY: 0x01,
    PumpState.BOLUS: 0x02,
    PumpState.KVO: 0x0A,
    PumpState.PURGING: 0x02,
    PumpState.ALARM: 0x01,
}
STATUS1 = {
    PumpState.INFUSING: 1 << 7 | 1 << 8,
    PumpState.PAUSED: 1 << 6 | 1 << 8,
    PumpState.STOPPED: 1 << 6,
    PumpState.STANDBY: 1 << 2,
    PumpState.BOLUS: 1 << 7 | 1 << 8 | 1 << 10,
    PumpState.KVO: 1 << 7 | 1 << 8 | 1 << 13,
    PumpState.PURGING: 1 << 4,
    PumpState.ALARM: 1 << 8,
}
"""States that are missing here (off, unknown) are sent as no value."""
ALARM1 = {"occlusion": 1 << 10, "syringe empty": 1 << 9, "paused too long": 1 << 12}
PREALARM = {"near empty": 1 << 2, "battery low": 1 << 4}

MOVING = frozenset((PumpState.INFUSING, PumpState.BOLUS, PumpState.KVO, PumpState.PURGING))
KEYS_OF_STATES: Mapping[str, frozenset[PumpState]] = {
    "INM1": frozenset((PumpState.PAUSED, PumpState.STOPPED)),
    "INM2": frozenset((PumpState.BOLUS,)),
    "INM3": MOVING,
    "INM6": frozenset((PumpState.STANDBY,)),
    "INM10": frozenset((PumpState.KVO,)),
    "INM14": frozenset((PumpState.PURGING,)),
}
"""A key is 1 in these states. INM3 is 1 while purging too, as on the device."""
KEYS_OF_ALARMS = {
    "INA2": "syringe empty",
    "INA3": "occlusion",
    "INA5": "paused too long",
    "INA11": "battery low",
    "INA12": "near empty",
}


def _bits(names: frozenset[str], table: dict[str, int]) -> int:
    return sum(bit for name, bit in table.items() if name in names)


def _hex(word: int | None) -> str:
    return "_NV" if word is None else f"0x{word:08X}h"


def _time_left(pump: PumpMechanics) -> int:
    left_ml = min(pump.to_infuse_ml - pump.infused_ml, pump.remaining_ml)
    seconds = left_ml / pump.rate_ml_per_h * 3600 if pump.rate_ml_per_h > 0 else LONGEST_TIME_S
    return int(max(0, min(seconds, LONGEST_TIME_S)))


def _words(pump: PumpMechanics) -> dict[str, str]:
    alarm, early = _bits(pump.alarms, ALARM1), _bits(pump.alarms, PREALARM)
    run, status = RUN_STATE.get(pump.state), STATUS1.get(pump.state)
    if run is not None:
        run |= (0x04 if alarm or pump.state is PumpState.ALARM else 0) | (0x20 if early else 0)
    if status is not None:
        status |= 0x01 | (0 if "battery low" in pump.alarms else 0x02)
    return {"RUNSTATE": _hex(run), "ALARM1": _hex(alarm), "ALARM2": _hex(0), "PREALARM": _hex(early), "STATUS1": _hex(status)}


def _single_bits(pump: PumpMechanics) -> dict[str, str]:
    """The keys that a device sends whose words are not enabled. It has none for "therapy started": a pause is a stop."""
    states = {key: str(int(pump.state in states)) for key, states in KEYS_OF_STATES.items()}
    alarms = {key: str(int(name in pump.alarms)) for key, name in KEYS_OF_ALARMS.items()}
    return {
        **states,
        "INM8": str(int("battery low" not in pump.alarms)),
        "INM9": "_NV",
        **alarms,
        "INA4": "0",
        "INA10": "_NV",
        "INA13": "_NV",
    }


def _numbers(pump: PumpMechanics) -> dict[str, str]:
    strength = pump.concentration_mg_per_ml
    return {
        "INRT": f"{pump.rate_ml_per_h:.2f}",
        "INVI": f"{min(pump.infused_ml, 9999.9):.1f}",
        "INVTB": f"{pump.to_infuse_ml:.1f}",
        "INRMT": f"{_time_left(pump)}",
        "INVOLACT": f"{pump.remaining_ml:.2f}",
        "INSYR": f"{pump.syringe_ml:.0f}",
        "INP2": f"{pump.pressure_percent:.0f}",
        "INAKKU": f"{min(pump.battery_min, 1440):.0f}",
        "INDCON": f"{strength:g}",
        "INDCONU": "31" if strength else "32",
        "INDORT": f"{pump.rate_ml_per_h * strength:.3f}",
        "INDORTU": "48" if strength else "50",
        "INDOCAL": "1" if strength else "0",
        "INSTBY": "0",
        "INBOCNT": "0",
    }


def _identity(pump: PumpMechanics) -> dict[str, str]:
    serial = re.sub(r"[^0-9A-Za-z-]", "", pump.serial)[:12]
    combined = f"{DEVICE_TYPE << 18 | int(serial):08X}" if serial.isdecimal() and int(serial) < 1 << 18 else "_NV"
    return {"INNR": combined, "INSERNUM": serial or "_NV", "INDTNR": str(DEVICE_TYPE)}


def _drug(pump: PumpMechanics) -> dict[str, str]:
    return {"INSOL": pump.drug[:25] or "_NV", "INSOLSN": pump.drug[:8] or "_NV", "INSOLID": "_NV"}


def parameters(pump: PumpMechanics, *, new: bool, single_bits: bool) -> dict[str, str]:
    """All that is sent of one pump. One that is off tells its name and that."""
    name = {"GNNEW" if new else "GNMODEL": MODEL}
    if pump.state is PumpState.OFF:
        return {**name, **_identity(pump), "DSSTATUS": "00050", **dict.fromkeys(_numbers(pump), "_NV")}
    bits = _single_bits(pump) if single_bits else _words(pump)
    return {**name, **_identity(pump), "DSSTATUS": "00051", **_drug(pump), **_numbers(pump), **bits}
