"""How a case's set-up lies in its row of ``cases``, both ways: plain columns to query by, JSON for what has depth."""

from __future__ import annotations

from typing import Any

from clinical.commands import CaseSetup
from storage.rows import Kept, clean
from storage.setup_json import part_json, setup_from

_PATIENT = ("label", "age_years", "sex", "diagnosis")
_PLAIN = (
    "uuid",
    "bed",
    "weight_kg",
    "concentration_mg_per_ml",
    "syringe_ml",
    "simulated",
    "day",
    "baseline_sbp_mmhg",
    "utc_offset_min",
)
_ADDED = ("earlier_rates", "carried", "half_life_ke0_min", "concentration_entries", "hand_probes")
"""Absent from the rows of older cases, which read them as their defaults."""
_REST = ("order", "preset", "source_order", "recording", "course_before_mg", *_ADDED)


def setup_columns(setup: CaseSetup) -> dict[str, Any]:
    """The columns of ``cases`` that hold a set-up."""
    columns = {name: getattr(setup, name) for name in _PLAIN} | {name: getattr(setup.patient, name) for name in _PATIENT}
    cleaned = {name: clean(value) if isinstance(value, str) else value for name, value in columns.items()}
    return {**cleaned, "setup_rest": part_json(setup, _REST)}


def setup_of(case: Kept) -> CaseSetup:
    """The set-up of a row of ``cases``. Raises JsonError."""
    plain = {name: getattr(case, name) for name in _PLAIN}
    return setup_from({**plain, "patient": {name: getattr(case, name) for name in _PATIENT}}, case.setup_rest)
