"""What the new-case page hands on: what was typed, as numbers, and what is still open. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass

from clinical.observations import Priority
from clinical.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChoice:
    """A device as chosen: ``driver`` and ``port`` as the command line names them; ``answers``: the preview showed good values."""

    name: str
    driver: str
    port: str
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case as it was set up. None: not given, or the two entries did not agree.

    Attributes:
        sounds_heard: priorities whose test sound somebody said they heard.
        open_items: cards that are not done, as the page names them.
        concentration_entries: who typed the concentration, and what; empty where names are not asked for.
        names_complaint: why these names cannot stand for two people; empty where they can, or are not asked for.
    """

    label: str
    age_years: int | None
    sex: str
    diagnosis: str
    baseline_sbp_mmhg: float | None
    weight_kg: float | None
    concentration_mg_per_ml: float | None
    syringe_ml: float | None
    order: Order | None
    devices: tuple[DeviceChoice, ...]
    sounds_heard: tuple[Priority, ...]
    open_items: tuple[str, ...]
    concentration_entries: tuple[tuple[str, float], ...] = ()
    names_complaint: str = ""
