"""From what was typed to the set-up of a case: what is missing, what asks for a second look, and the set-up itself. No widgets."""

from __future__ import annotations

import uuid

from app.settings import Settings
from clinical.alarm_model import AlarmPreset
from clinical.commands import CaseSetup, Patient
from clinical.metrics import NIBP_SYS
from clinical.observations import Priority
from clinical.plausibility import Band, Plausibility
from devices.driver import DeviceKind
from widgets.case_draft import CaseDraft

KINDS = (DeviceKind.OXIMETER, DeviceKind.CAPNOGRAPH, DeviceKind.MONITOR, DeviceKind.PUMP)
"""In the order in which their numbers are believed: of two that tell the saturation the faster is shown and alarmed."""

FAR_OUT = 10.0
"""A number more than tenfold outside the usual is no patient's and no syringe's."""

PLAUSIBILITY = Plausibility()
BANDS: dict[str, Band] = {
    "weight_kg": PLAUSIBILITY.weight_kg,
    "concentration_mg_per_ml": PLAUSIBILITY.concentration_mg_per_ml,
    "syringe_ml": PLAUSIBILITY.syringe_ml,
    "baseline_sbp_mmhg": Band(what="usual systolic pressure", unit="mmHg", low=NIBP_SYS.low, high=NIBP_SYS.high),
}
"""By the names of the fields of a draft."""


def cannot_be(field: str, value: float) -> str:
    """Why a number cannot stand at all; empty where it can, be it unusual."""
    band = BANDS[field]
    if field == "baseline_sbp_mmhg" or not band.low / FAR_OUT <= value <= band.high * FAR_OUT:
        return sentence(band.doubt(value))
    return ""


def doubt_of(field: str, value: float | None) -> str:
    """Why a number asks for a second look; empty where it does not."""
    return "" if value is None else sentence(BANDS[field].doubt(value))


def missing_in(draft: CaseDraft) -> dict[str, str]:
    """Without what no dose can be reckoned: field and a sentence for it."""
    needed = {
        "weight_kg": (draft.weight_kg, "Needed: the weight, typed by two people."),
        "concentration_mg_per_ml": (draft.concentration_mg_per_ml, "Needed: the concentration, typed by two people."),
        "order": (draft.order, "Needed: choose an order."),
    }
    missing = {field: sentence for field, (value, sentence) in needed.items() if value is None}
    if draft.names_complaint:
        missing.setdefault("concentration_mg_per_ml", draft.names_complaint)
    return missing


def doubts_in(draft: CaseDraft) -> tuple[str, ...]:
    """Everything that asks for a second look before the watch begins."""
    weight_kg, mg_per_ml, order = draft.weight_kg, draft.concentration_mg_per_ml, draft.order
    if weight_kg is None or mg_per_ml is None or order is None:
        return ()
    if draft.syringe_ml is not None:
        return PLAUSIBILITY.of_case(weight_kg=weight_kg, concentration_mg_per_ml=mg_per_ml, syringe_ml=draft.syringe_ml, order=order)
    own = (PLAUSIBILITY.weight_kg.doubt(weight_kg), PLAUSIBILITY.concentration_mg_per_ml.doubt(mg_per_ml))
    rates = dict.fromkeys(step.rate_mg_per_h for step in order.steps)
    of_rates = [PLAUSIBILITY.of_rate(rate_mg_per_h=rate, weight_kg=weight_kg, concentration_mg_per_ml=mg_per_ml) for rate in rates]
    return tuple(dict.fromkeys(doubt for doubts in (own, *of_rates) for doubt in doubts if doubt))


def case_setup(draft: CaseDraft, preset: AlarmPreset, settings: Settings, utc_offset_min: int) -> CaseSetup:
    """A real patient's. Raises ValueError for a draft in which something is missing."""
    if draft.weight_kg is None or draft.concentration_mg_per_ml is None or draft.order is None:
        raise ValueError("a case needs a weight, a concentration and an order")
    named = {device.name for device in draft.devices}
    return CaseSetup(
        uuid=str(uuid.uuid4()),
        patient=Patient(label=draft.label or "not named", age_years=draft.age_years, sex=draft.sex, diagnosis=draft.diagnosis),
        bed=settings.bed,
        weight_kg=draft.weight_kg,
        concentration_mg_per_ml=draft.concentration_mg_per_ml,
        syringe_ml=draft.syringe_ml or 0.0,
        order=draft.order,
        preset=preset,
        source_order=tuple(kind.value for kind in KINDS if kind.value in named),
        simulated=False,
        baseline_sbp_mmhg=draft.baseline_sbp_mmhg,
        utc_offset_min=utc_offset_min,
        half_life_ke0_min=settings.effect_site_half_life_min,
        concentration_entries=draft.concentration_entries,
        hand_probes=settings.hand_probes,
    )


def entries_words(setup: CaseSetup) -> str:
    """For the log of the case: who typed the concentration; empty where no names were asked for."""
    typed = " and ".join(f"{value:g} mg/mL by {name}" for name, value in setup.concentration_entries)
    return f"Concentration typed: {typed}" if typed else ""


def sentence(doubt: str) -> str:
    """A doubt as a sentence of its own."""
    return doubt[:1].upper() + doubt[1:] + ("." if doubt and not doubt.endswith("?") else "")


def sound_check_words(heard: tuple[Priority, ...]) -> str:
    """For the record: which alarm sounds somebody confirmed to have heard before the case began, and which not."""
    named = [f"{priority.value} {'heard' if priority in heard else 'NOT confirmed'}" for priority in Priority]
    return f"Alarm sounds before the start: {', '.join(named)}"
