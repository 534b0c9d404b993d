"""What can happen at a simulated bedside, a frozen class each: the nurse's hand on the pump, a drug, a probe, a plug.

Nothing here arrives over a wire. Fields carry their allowed range in ``metadata``, by which scenario files are checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

LINES = ("monitor", "oximeter", "pump")
SENSORS = ("probe", "leads", "cannula")
DRUGS = ("midazolam",)


def _number(low: float, high: float) -> float:
    """A required number between the two, both allowed."""
    value: float = field(metadata={"low": low, "high": high})
    return value


def _choice(allowed: tuple[str, ...]) -> str:
    """A required word out of these."""
    value: str = field(metadata={"allowed": allowed})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpStart:
    """Start, or resume, at a rate."""

    rate_mg_per_h: float = _number(0.1, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpRate:
    """The rate set anew; a running pump goes on at it at once."""

    rate_mg_per_h: float = _number(0.1, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpPause:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpResume:
    """On at the rate that was set before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpStop:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpBolus:
    dose_mg: float = _number(0.1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSyringe:
    """A full syringe; the counter of the volume infused goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKinked:
    """The way to the patient is shut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCleared:
    """The way is open again. What was pressed into the line reaches the patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """A drug given by hand that moves the simulated patient; others are only written down."""

    drug: str = _choice(DRUGS)
    dose_mg: float = _number(0.1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oxygen:
    """By nasal cannula; 0 is room air."""

    litres_per_min: float = _number(0, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class AirwayNarrowed:
    """A part of each breath is lost (tongue, position): 0 is free, 1 shut."""

    lost_fraction: float = _number(0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressorSurge:
    """An outpouring of catecholamines, by distress or as some people answer ketamine: what it adds once it is full."""

    sbp_mmhg: float = _number(-60, 100)
    heart_rate_per_min: float = _number(-60, 80)
    agitation: float = _number(0, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorOff:
    sensor: str = _choice(SENSORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorOn:
    sensor: str = _choice(SENSORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffStart:
    """A measurement now, besides the regular ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplug:
    line: str = _choice(LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    line: str = _choice(LINES)


PumpEvent = PumpStart | PumpRate | PumpPause | PumpResume | PumpStop | PumpBolus | NewSyringe | LineKinked | LineCleared
BodyEvent = Medication | Oxygen | AirwayNarrowed | PressorSurge
RoomEvent = SensorOff | SensorOn | CuffStart | Unplug | PlugIn
Event = PumpEvent | BodyEvent | RoomEvent

EVENT_KINDS: MappingProxyType[str, type[Event]] = MappingProxyType(
    {
        "pump start": PumpStart,
        "pump rate": PumpRate,
        "pump pause": PumpPause,
        "pump resume": PumpResume,
        "pump stop": PumpStop,
        "pump bolus": PumpBolus,
        "new syringe": NewSyringe,
        "line kinked": LineKinked,
        "line cleared": LineCleared,
        "medication": Medication,
        "oxygen": Oxygen,
        "airway narrowed": AirwayNarrowed,
        "pressor surge": PressorSurge,
        "sensor off": SensorOff,
        "sensor on": SensorOn,
        "cuff start": CuffStart,
        "unplug": Unplug,
        "plug in": PlugIn,
    }
)
