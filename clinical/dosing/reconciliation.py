"""Where the pump contradicts itself, the case or another pump: typed findings, in the words of a screen. Raises no alarm; counts no dose.

``refusal_of`` judges a report before it is counted, ``findings_of`` a report against the one before and the case, ``two_pumps`` the rack,
``disagreement`` the three sources of what was given. Tolerances are proposals, to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from clinical.dosing.counter_wrap import wrapped_at
from clinical.dosing.given import ABSURD_ML_PER_H, Given, Range
from clinical.dosing.quantities import Drug, displayed
from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from clinical.units import mg_per_h_from_mg_per_kg_h, mg_per_h_from_ug_per_kg_min

TOLERANCE = 0.02
"""Part by which two tellings of one quantity may differ: pumps round."""
SLACK_ML = 0.25
"""Volume that must come or be missing before it counts: counters step by up to 0.1 mL."""
_S_PER_H = 3600.0
_MOVING = (PumpState.BOLUS, PumpState.PURGING, PumpState.UNKNOWN)

_S_KETAMINE = ("s-keta", "s(+)-keta", "esketa", "(s)-keta", "ketanest-s")
_KETAMINE = ("keta",)
_FOR_ONE_KG: Mapping[str, Callable[[float], float]] = {
    "mg/kg/h": lambda dose: mg_per_h_from_mg_per_kg_h(dose, 1.0),
    "ug/kg/min": lambda dose: mg_per_h_from_ug_per_kg_min(dose, 1.0),
}
_DOSE_UNITS = ("mg/h", *_FOR_ONE_KG)
_DISPLAY_STEP = 0.01  # pumps show doses to hundredths: 0.06 may be anything from 0.055 to 0.065, and the weight is told as loosely


class FindingKind(Enum):
    RATE_ABSURD = "rate absurd"
    TIME_BACKWARD = "time backward"
    VOLUME_NOT_RISING = "volume not rising"
    FREE_FLOW = "free flow"
    COUNTER_RESET = "counter reset"
    CONCENTRATION_DIFFERS = "concentration differs"
    WEIGHT_DIFFERS = "weight differs"
    DOSE_DIFFERS = "dose differs"
    UNIT_UNKNOWN = "unit unknown"
    DRUG_DIFFERS = "drug differs"
    TWO_PUMPS = "two pumps"
    SOURCES_DISAGREE = "sources disagree"
    COUNTER_WRAPPED = "counter wrapped"

    def __hash__(self) -> int:  # Enum's own goes through Python code twice; each report looks many of them up
        return id(self)


_KINDS = tuple(FindingKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """A finding. ``text``: both values, and what is done with them."""

    kind: FindingKind
    at: Instant
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDose:
    """What the case says of its infusion."""

    drug: Drug
    concentration_mg_per_ml: float
    weight_kg: float


def refusal_of(before: PumpStatus | None, status: PumpStatus) -> Reconciliation | None:
    """Why a report must not be counted; None if it may."""
    if before is not None and status.at < before.at:
        back_s = before.at.since(status.at)
        text = f"a report {back_s:.0f} s older than the last came after it: left out"
        return Reconciliation(kind=FindingKind.TIME_BACKWARD, at=before.at, text=text)
    return None


def findings_of(before: PumpStatus | None, status: PumpStatus, case: CaseDose) -> tuple[Reconciliation, ...]:
    """All that is wrong with a report; in the order of ``FindingKind``."""
    found = {FindingKind.RATE_ABSURD: _absurd(status), FindingKind.DRUG_DIFFERS: _other_drug(status, case)}
    if before is not None:
        found |= _of_volume(before, status)
    found |= _of_dose(status, case)
    return tuple(Reconciliation(kind=kind, at=status.at, text=found[kind]) for kind in _KINDS if found.get(kind))


def two_pumps(at: Instant, last: Mapping[tuple[str, str], PumpStatus]) -> Reconciliation | None:
    """Two pumps that infuse ketamine at once; ``last``: each pump's last report by device and channel."""
    if len(last) < 2:
        return None
    names = [
        f"{device} {channel}".strip()
        for (device, channel), status in last.items()
        if drug_of(status.drug) is not None and status.state is PumpState.INFUSING
    ]
    if len(names) < 2:
        return None
    text = f"{' and '.join(names)} infuse ketamine at once: rates and doses are added"
    return Reconciliation(kind=FindingKind.TWO_PUMPS, at=at, text=text)


def disagreement(at: Instant, given: Given) -> Reconciliation | None:
    """Two sources of what was given that cannot both be right."""
    told = {"rate": given.by_rate, "counter": given.by_counter, "rest": given.by_remaining}
    ranges = [(name, range_) for name, range_ in told.items() if range_ is not None]
    for (name, one), (other_name, other) in combinations(ranges, 2):
        if not one.meets(other) and not _widened(one).meets(_widened(other)):
            text = f"given by its {name}: {_said(one)}; by its {other_name}: {_said(other)}"
            return Reconciliation(kind=FindingKind.SOURCES_DISAGREE, at=at, text=text)
    return None


def drug_of(name: str | None) -> Drug | None:
    """Which drug a pump's name of it means; None for another drug or none."""
    said = "" if name is None else name.casefold().replace(" ", "-")
    if any(word in said for word in _S_KETAMINE):
        return Drug.S_KETAMINE
    return Drug.KETAMINE if any(word in said for word in _KETAMINE) else None


def _absurd(status: PumpStatus) -> str:
    rate = status.rate_ml_per_h
    if rate is None or 0 <= rate <= ABSURD_ML_PER_H:
        return ""
    return f"the pump reports {rate:g} mL/h; possible is 0 to {ABSURD_ML_PER_H:g}: taken as not known"


def _other_drug(status: PumpStatus, case: CaseDose) -> str:
    at_pump = drug_of(status.drug)
    if status.drug is None or at_pump is case.drug:
        return ""
    return f"{status.drug} at the pump, {case.drug} in the order"


def _of_volume(before: PumpStatus, status: PumpStatus) -> dict[FindingKind, str]:
    """The counter's way since the report before, against what the rate explains."""
    if before.infused_ml is None or status.infused_ml is None or status.at < before.at:
        return {}
    rise_ml = status.infused_ml - before.infused_ml
    hours = status.at.since(before.at) / _S_PER_H
    low, high = sorted((_rate(before) * hours, _rate(status) * hours))
    if rise_ml < 0:
        return _fallen(before.infused_ml, status.infused_ml, low, high)
    if before.state in _MOVING or status.state in _MOVING:
        return {}
    if rise_ml > high + max(SLACK_ML, TOLERANCE * high):
        return {FindingKind.FREE_FLOW: f"its counter rose by {rise_ml:.2f} mL where {high:.2f} are explained: look for free flow"}
    if rise_ml < low - max(SLACK_ML, TOLERANCE * low):
        return {FindingKind.VOLUME_NOT_RISING: f"its counter rose by {rise_ml:.2f} mL where {low:.2f} were due"}
    return {}


def _fallen(before_ml: float, now_ml: float, least_ml: float, most_ml: float) -> dict[FindingKind, str]:
    """A counter that fell: over its top, or reset."""
    width_ml = wrapped_at(before_ml, now_ml, least_ml=least_ml, most_ml=most_ml)
    if width_ml is None:
        return {FindingKind.COUNTER_RESET: f"its counter fell from {before_ml:g} to {now_ml:g} mL: counted anew, nothing is taken back"}
    text = f"its counter went over {width_ml:g} mL, from {before_ml:g} to {now_ml:g}: counted on, nothing is lost"
    return {FindingKind.COUNTER_WRAPPED: text}


def _of_dose(status: PumpStatus, case: CaseDose) -> dict[FindingKind, str]:
    """What the pump programs and shows, against the case. Its own dose rate tells the weight that it reckons with."""
    found: dict[FindingKind, str] = {}
    at_pump = status.concentration_mg_per_ml
    if at_pump is not None and not _alike(at_pump, case.concentration_mg_per_ml):
        text = f"{displayed(at_pump)} mg/mL at the pump, {displayed(case.concentration_mg_per_ml)} mg/mL in the case"
        found[FindingKind.CONCENTRATION_DIFFERS] = text
    dose, unit = status.dose_rate, status.dose_unit
    mg_per_h = _rate(status) * (case.concentration_mg_per_ml if at_pump is None else at_pump)
    if dose is None or unit is None or not mg_per_h:
        return found
    if unit not in _DOSE_UNITS:
        return found | {FindingKind.UNIT_UNKNOWN: f"the pump shows its dose in {unit}; known are {', '.join(_DOSE_UNITS)}: not compared"}
    if unit == "mg/h" and not _alike(dose, mg_per_h):
        found[FindingKind.DOSE_DIFFERS] = f"the pump shows {displayed(dose)} mg/h; its rate gives {displayed(mg_per_h)} mg/h"
    weight = weight_differs(status, case.concentration_mg_per_ml, case.weight_kg)
    return found | ({FindingKind.WEIGHT_DIFFERS: weight} if weight else {})


def weight_differs(status: PumpStatus, concentration_mg_per_ml: float, weight_kg: float) -> str:
    """The weight that the pump's dose for each kilogram was reckoned with, where it is not the case's; empty where it is or is not told."""
    to_mg_per_h = _FOR_ONE_KG.get(status.dose_unit or "")
    mg_per_h = _rate(status) * (status.concentration_mg_per_ml or concentration_mg_per_ml)
    if to_mg_per_h is None or not status.dose_rate or not mg_per_h:
        return ""
    at_pump_kg = mg_per_h / to_mg_per_h(status.dose_rate)
    slack_kg = at_pump_kg * _DISPLAY_STEP / status.dose_rate
    if _alike(at_pump_kg, weight_kg) or abs(at_pump_kg - weight_kg) <= slack_kg:
        return ""
    return f"the pump reckons with {displayed(at_pump_kg)} kg, the case with {displayed(weight_kg)} kg"


def _rate(status: PumpStatus) -> float:
    rate = status.rate_ml_per_h
    resting = status.state is not PumpState.INFUSING or rate is None or not 0 <= rate <= ABSURD_ML_PER_H
    return 0.0 if resting or rate is None else rate


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def _widened(range_: Range) -> Range:
    high = range_.high
    return Range(range_.low * (1 - TOLERANCE) - SLACK_ML, None if high is None else high * (1 + TOLERANCE) + SLACK_ML)


def _said(range_: Range) -> str:
    return f"{range_.low:.2f} mL or more" if range_.high is None else f"{range_.low:.2f} to {range_.high:.2f} mL"
