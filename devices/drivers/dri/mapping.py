"""The maker's places, codes and bits ↔ the catalogue, as tables. No dialogue and no bytes of the wire.

Source: GE 8005313 "Datex-Ohmeda Record Specification", 12th edition. Places are offsets inside the 270-byte union of one
class of displayed values; a group there opens with a 32-bit status and a 16-bit label, then come 16-bit values.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from clinical.metrics import (
    AGENT,
    AIRWAY_FLOW,
    AIRWAY_PRESSURE,
    AIRWAY_VOLUME,
    ART,
    CO2,
    CO2_RESP_RATE,
    CVP,
    ECG_II,
    EEG,
    ETCO2,
    FICO2,
    HEART_RATE,
    ICP,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    N2O,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    O2,
    PAP,
    PLETH,
    PRESSURE,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from clinical.observations import Validity
from devices.doubt import Doubt
from devices.drivers.dri.further_groups import (
    ABP_LABEL,
    ART_LABEL,
    CVP_LABEL,
    FURTHER_GROUPS,
    ICP_LABELS,
    PA_LABEL,
    PRESSURES_BY_LABEL,
    ST_READINGS,
)
from devices.drivers.dri.groups import BASIC, EXT1, Flag, Group, Reading, StatusRule, Wave, bits

ECG_AT, NIBP_AT, SPO2_AT, CO2_AT = 0, 72, 118, 132
TEMPERATURES_AT = MappingProxyType({"T1": 86, "T2": 94, "T3": 102, "T4": 110})
AMBIENT_PLACE = 3
"""Place of the ambient pressure (1/10 mmHg) in the CO2 group."""

NO_DATA_FROM = -32000
"""At or below this a number is a code."""

INVALID_CODE = -32767
SPECIAL_VALUES: Mapping[int, str] = MappingProxyType(
    {
        INVALID_CODE: "no reading",
        -32766: "not updated",
        -32764: "under range",
        -32763: "over range",
        -32762: "not calibrated",
    }
)
"""Why there is no value. A code that the table lacks (-32765 is seen on real monitors) is read as "no reading"."""


ASYSTOLE = Flag(subclass=BASIC, at=ECG_AT, bit=2)
ARRHYTHMIA_AT = 12
"""The word of arrhythmia bits in extended class 1, whose group stands at 0."""
ARRHYTHMIA_ASYSTOLE = Flag(subclass=EXT1, at=ARRHYTHMIA_AT, bit=0)
APNEA = Flag(subclass=BASIC, at=CO2_AT, bit=2)
IMPEDANCE_APNEA = Flag(subclass=BASIC, at=CO2_AT, bit=7)

ECG_CHANNELS = ((11, 8), (12, 4), (13, 0))
"""Of channels 1 to 3: the status bit "off", and how far the label is shifted to have the channel's lead."""
LEADS = MappingProxyType({1: "I", 2: "II", 3: "III", 4: "aVR", 5: "aVL", 6: "aVF", 7: "V"})
_NOT_ECG = {2: "P1", 3: "P2", 4: "P3", 5: "P4", 6: "SpO₂", 7: "P5", 8: "P6", 10: "P7", 11: "P8", 12: "second SpO₂"}
LEAD_OFF = Doubt(Validity.INVALID, "lead off")


def _lead_off(status: int, label: int, _level: int) -> Doubt | None:
    """Every ECG channel that has a lead is off; a channel without a lead does not count, except the first."""
    fitted = [off for off, shift in ECG_CHANNELS if label >> shift & 0xF] or [ECG_CHANNELS[0][0]]
    return LEAD_OFF if all(status >> off & 1 for off in fitted) else None


def _not_from_co2(_status: int, label: int, level: int) -> Doubt | None:
    """Before interface level 8 the CO2 group could hold the impedance rate; from then on never, whatever the label says."""
    if level < 8 and label & 0b111 == 2:
        return Doubt(Validity.NOT_AVAILABLE, "counted from impedance")
    return None


HR_RULES = (
    StatusRule(bits(7), bits(7), Doubt(Validity.QUESTIONABLE, "noise")),
    StatusRule(bits(8), bits(8), Doubt(Validity.QUESTIONABLE, "artifact")),
    StatusRule(bits(9), bits(9), Doubt(Validity.QUESTIONABLE, "learning")),
    *(StatusRule(0xF << 3, source << 3, Doubt(Validity.QUESTIONABLE, f"counted from {name}")) for source, name in _NOT_ECG.items()),
)
CO2_RULES = (
    StatusRule(bits(3), bits(3), Doubt(Validity.INVALID, "calibrating")),
    StatusRule(bits(4), bits(4), Doubt(Validity.INVALID, "zeroing")),
    StatusRule(bits(5), bits(5), Doubt(Validity.INVALID, "occlusion")),
    StatusRule(bits(6), bits(6), Doubt(Validity.QUESTIONABLE, "air leak")),
)
SKIN_LABEL = 7
_BODY_SITES = (1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18)
TEMPERATURES_BY_LABEL = MappingProxyType(
    {
        **dict.fromkeys(_BODY_SITES, (Reading(place=0, metric=TEMPERATURE, divisor=100),)),
        SKIN_LABEL: (Reading(place=0, metric=SKIN_TEMPERATURE, divisor=100),),
    }
)
"""Airway gas (8) and room (9) are not the patient's temperature and are left out."""

_OXIMETER = (Reading(place=0, metric=SPO2, divisor=100), Reading(place=1, metric=PULSE_RATE))


def _pressure_group(channel: str, at: int, subclass: int = BASIC) -> Group:
    return Group(at=at, subclass=subclass, channel=channel, by_label=PRESSURES_BY_LABEL, optional=True)


def _temperature_group(channel: str, at: int, subclass: int = BASIC) -> Group:
    return Group(at=at, subclass=subclass, channel=channel, by_label=TEMPERATURES_BY_LABEL, optional=True)


NIBP = Group(
    at=NIBP_AT,
    readings=(
        Reading(place=0, metric=NIBP_SYS, divisor=100),
        Reading(place=1, metric=NIBP_DIA, divisor=100),
        Reading(place=2, metric=NIBP_MEAN, divisor=100),
        Reading(place=3, metric=NIBP_PULSE_RATE),
    ),
)
"""Told apart from the other groups because its values have their own time."""

GROUPS: tuple[Group, ...] = (
    Group(
        at=ECG_AT,
        readings=(
            Reading(place=0, metric=HEART_RATE, zero_when=(ASYSTOLE, ARRHYTHMIA_ASYSTOLE), rules=HR_RULES, judge=_lead_off),
            Reading(place=4, metric=IMPEDANCE_RESP_RATE, zero_when=(IMPEDANCE_APNEA,)),
            *ST_READINGS,
        ),
    ),
    *(_pressure_group(f"P{n}", at) for n, at in ((1, 16), (2, 30), (3, 44), (4, 58), (5, 240), (6, 254))),
    *(_temperature_group(channel, at) for channel, at in TEMPERATURES_AT.items()),
    Group(at=SPO2_AT, readings=_OXIMETER),
    Group(
        at=CO2_AT,
        readings=(
            Reading(place=0, metric=ETCO2, of_ambient=True, zero_when=(APNEA,), rules=CO2_RULES),
            Reading(place=1, metric=FICO2, of_ambient=True, zero_when=None, rules=CO2_RULES),
            Reading(place=2, metric=CO2_RESP_RATE, zero_when=(APNEA,), rules=CO2_RULES, judge=_not_from_co2),
        ),
    ),
    _pressure_group("P7", 78, EXT1),
    _pressure_group("P8", 92, EXT1),
    Group(at=106, subclass=EXT1, channel="2", readings=_OXIMETER, optional=True),
    _temperature_group("T5", 120, EXT1),
    _temperature_group("T6", 128, EXT1),
    *FURTHER_GROUPS,
)

PRESSURE_WAVES_BY_LABEL = MappingProxyType(
    {ART_LABEL: ART, ABP_LABEL: ART, CVP_LABEL: CVP, PA_LABEL: PAP, **dict.fromkeys(ICP_LABELS, ICP)},
)


def _ecg(number: int) -> Wave:
    return Wave(id=number, metric=ECG_II, rate_hz=300, unit_per_step=0.001)


def _pressure_wave(number: int, channel: str) -> Wave:
    return Wave(id=number, metric=PRESSURE, rate_hz=100, unit_per_step=0.01, channel=channel, by_label=PRESSURE_WAVES_BY_LABEL)


WAVES: tuple[Wave, ...] = (
    *(_ecg(number) for number in (1, 2, 3)),
    *(_pressure_wave(number, f"P{place}") for place, number in enumerate((4, 5, 6, 7, 16, 17, 36, 37), start=1)),
    Wave(id=8, metric=PLETH, rate_hz=100, unit_per_step=0.0001),
    Wave(id=38, metric=PLETH, rate_hz=100, unit_per_step=0.0001, channel="2"),
    Wave(id=9, metric=CO2, rate_hz=25, unit_per_step=0.0001, of_ambient=True),
    Wave(id=10, metric=O2, rate_hz=25, unit_per_step=0.01),
    Wave(id=11, metric=N2O, rate_hz=25, unit_per_step=0.01),
    Wave(id=12, metric=AGENT, rate_hz=25, unit_per_step=0.01),
    Wave(id=13, metric=AIRWAY_PRESSURE, rate_hz=25, unit_per_step=0.1),
    Wave(id=14, metric=AIRWAY_FLOW, rate_hz=25, unit_per_step=0.1),
    Wave(id=15, metric=IMPEDANCE, rate_hz=25, unit_per_step=0.01),
    Wave(id=39, metric=IMPEDANCE, rate_hz=100, unit_per_step=0.01, channel="100 Hz"),
    *(Wave(id=number, metric=EEG, rate_hz=100, unit_per_step=0.1, channel=f"EEG{number - 17}") for number in (18, 19, 20, 21)),
    Wave(id=23, metric=AIRWAY_VOLUME, rate_hz=25, unit_per_step=1.0),
)
"""All that can be read. The twelve-lead ECG (22, encoded), entropy (32) and BIS (35), whose steps have no stated unit, cannot.
That P7, P8 (36, 37), the second pleth (38) and the faster impedance (39) are scaled as their like is inferred."""

WAVES_ASKED = (1, 8, 9, 15, 4)
"""550 samples a second, within the 600 that every monitor grants at 19200 baud; what is beyond it drops in this order, from the end."""
