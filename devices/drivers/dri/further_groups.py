"""Groups of displayed values beyond the vital signs: further pressures, gases, depth of sleep, ST, extrasystoles. Tables only.

Source: as mapping.py. Groups whose scaling is not at hand (airway pressures and volumes, cardiac output, relaxation, the extended
class 3) are not read.
"""

from __future__ import annotations

from types import MappingProxyType

from clinical.metrics import (
    ART_DIA,
    ART_MEAN,
    ART_PULSE_RATE,
    ART_SYS,
    BIS,
    BIS_QUALITY,
    CVP_MEAN,
    ETAGENT,
    ETN2O,
    ETO2,
    FIAGENT,
    FIN2O,
    FIO2,
    ICP_MEAN,
    MAC,
    PAP_DIA,
    PAP_MEAN,
    PAP_SYS,
    PLETH_INDEX,
    PRESSURE_DIA,
    PRESSURE_MEAN,
    PRESSURE_SYS,
    PVC_RATE,
    RESPONSE_ENTROPY,
    ST_LEVEL,
    STATE_ENTROPY,
    SUPPRESSION_RATIO,
    SVO2,
    Metric,
)
from clinical.observations import Validity
from devices.doubt import Doubt
from devices.drivers.dri.groups import EXT1, EXT2, Group, Reading, StatusRule, bits

PRESSURE_RULES = (
    StatusRule(bits(2), bits(2), Doubt(Validity.INVALID, "zeroing")),
    StatusRule(bits(3), 0, Doubt(Validity.QUESTIONABLE, "not zeroed")),
)
GAS_RULES = (
    StatusRule(bits(2), bits(2), Doubt(Validity.INVALID, "calibrating")),
    StatusRule(bits(3), bits(3), Doubt(Validity.NOT_AVAILABLE, "measurement off")),
)
ENTROPY_RULES = (
    StatusRule(bits(2), bits(2), Doubt(Validity.INVALID, "cable off")),
    StatusRule(bits(3), bits(3), Doubt(Validity.INVALID, "no sensor")),
    StatusRule(bits(4), bits(4), Doubt(Validity.INVALID, "sensor off")),
    StatusRule(bits(11), bits(11), Doubt(Validity.INVALID, "starting")),
    StatusRule(bits(23), bits(23), Doubt(Validity.INVALID, "replace the sensor")),
)


def _pressure(place: int, metric: Metric) -> Reading:
    return Reading(place=place, metric=metric, divisor=100, zero_when=None, rules=PRESSURE_RULES)


_ARTERIAL = (
    _pressure(0, ART_SYS),
    _pressure(1, ART_DIA),
    _pressure(2, ART_MEAN),
    Reading(place=3, metric=ART_PULSE_RATE, rules=PRESSURE_RULES),
)
_PULMONARY = (_pressure(0, PAP_SYS), _pressure(1, PAP_DIA), _pressure(2, PAP_MEAN))
_ANY_SITE = (_pressure(0, PRESSURE_SYS), _pressure(1, PRESSURE_DIA), _pressure(2, PRESSURE_MEAN))
_OTHER_SITES = (4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22)
"""RAP, RVP, LAP, P1 to P6, SP, FEM, UAC, UVC, P7, P8, FEMV: told as an invasive pressure of their channel."""
ART_LABEL, CVP_LABEL, PA_LABEL, ABP_LABEL = 1, 2, 3, 8
ICP_LABELS = (7, 19)
PRESSURES_BY_LABEL = MappingProxyType(
    {
        **dict.fromkeys((ART_LABEL, ABP_LABEL), _ARTERIAL),
        CVP_LABEL: (_pressure(2, CVP_MEAN),),
        PA_LABEL: _PULMONARY,
        **dict.fromkeys(ICP_LABELS, (_pressure(2, ICP_MEAN),)),
        **dict.fromkeys(_OTHER_SITES, _ANY_SITE),
    }
)

AGENTS = MappingProxyType({2: "HAL", 3: "ENF", 4: "ISO", 5: "DES", 6: "SEV"})
"""Label of the agents' group; 1 is none."""


def _gas(place: int, metric: Metric) -> Reading:
    return Reading(place=place, metric=metric, divisor=100, zero_when=None, rules=GAS_RULES)


def _agent(name: str) -> tuple[Reading, ...]:
    told = ((0, ETAGENT), (1, FIAGENT))
    return (
        *(Reading(place=place, metric=metric, divisor=100, zero_when=None, rules=GAS_RULES, channel=name) for place, metric in told),
        _gas(2, MAC),
    )


def _index(place: int, metric: Metric, rules: tuple[StatusRule, ...] = (), channel: str = "") -> Reading:
    return Reading(place=place, metric=metric, zero_when=None, rules=rules, channel=channel)


ST_READINGS = tuple(
    Reading(place=number, metric=ST_LEVEL, divisor=100, zero_when=None, channel=f"ST{number}", when_told=True) for number in (1, 2, 3)
)
"""Of the ECG's own group."""

FURTHER_GROUPS: tuple[Group, ...] = (
    Group(at=146, optional=True, readings=(_gas(0, ETO2), _gas(1, FIO2))),
    Group(at=156, optional=True, readings=(_gas(0, ETN2O), _gas(1, FIN2O))),
    Group(
        at=166, optional=True, by_label=MappingProxyType({1: (_gas(2, MAC),), **{label: _agent(name) for label, name in AGENTS.items()}})
    ),
    Group(at=232, optional=True, readings=(Reading(place=0, metric=SVO2, divisor=100),)),
    Group(at=0, subclass=EXT1, optional=True, readings=(Reading(place=2, metric=PVC_RATE, zero_when=None, when_told=True),)),
    Group(
        at=96, subclass=EXT2, optional=True, readings=(_index(0, BIS), _index(1, BIS_QUALITY), _index(3, SUPPRESSION_RATIO, channel="BIS"))
    ),
    Group(
        at=112,
        subclass=EXT2,
        optional=True,
        readings=(
            _index(0, STATE_ENTROPY, ENTROPY_RULES),
            _index(1, RESPONSE_ENTROPY, ENTROPY_RULES),
            _index(2, SUPPRESSION_RATIO, ENTROPY_RULES, channel="entropy"),
        ),
    ),
    Group(at=230, subclass=EXT2, optional=True, readings=(_index(0, PLETH_INDEX),)),
)
