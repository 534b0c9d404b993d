"""A simulated case as data: a TOML file becomes a frozen ``Scenario``, or an error that names file, key and what is allowed.

Scenarios that come with the program lie in ``resources/scenarios``. Nothing here runs one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from clinical.commands import EventKind, Patient
from devices.patient.cuff import CuffSettings
from devices.patient.events import EVENT_KINDS, Event
from devices.patient.physiology import Baseline, Sensitivity
from devices.patient.pump import PumpSettings
from devices.patient.shipped import FOLDER, names

ASSESSMENT = "assessment"
NURSE_KINDS = (ASSESSMENT, *(kind.value for kind in EventKind if kind is not EventKind.CORRECTION))
SECTIONS = ("title", "description", "order", "length_min", "patient", "baseline", "sensitivity", "cuff", "pump", "event", "nurse")

# Allowed ranges of numbers that are not events' (those carry theirs). Only what would be nonsense is refused.
RANGES: MappingProxyType[str, tuple[float, float]] = MappingProxyType(
    {
        "length_min": (1, 1440),
        "at_min": (0, 1440),
        "age_years": (0, 120),
        "weight_kg": (20, 250),
        "sbp_mmhg": (70, 220),
        "dbp_mmhg": (30, 130),
        "heart_rate": (35, 160),
        "resp_rate": (6, 40),
        "spo2_percent": (85, 99.5),
        "etco2_mmhg": (20, 60),
        "core_celsius": (34, 41),
        "right_hand_celsius": (15, 38),
        "left_hand_celsius": (15, 38),
        "perfusion_index": (0.1, 20),
        "pressure": (0, 5),
        "breathing": (0, 5),
        "variability": (0, 3),
        "every_min": (1, 120),
        "first_min": (0, 120),
        "concentration_mg_per_ml": (0.1, 100),
        "syringe_ml": (1, 1000),
        "battery_min": (0, 1440),
    }
)

T = TypeVar("T")


class ScenarioError(ValueError):
    """A scenario cannot be used: which file, which key, what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedEvent:
    at_s: float
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEntry:
    """What the nurse writes down at a time from the start.

    Attributes:
        kind: one of ``NURSE_KINDS``: an assessment, or the value of an ``EventKind``.
        text: as typed.
        scores: of an assessment: item and score.
    """

    at_s: float
    kind: str
    text: str = ""
    scores: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One simulated case. ``order`` names a ladder; ``events`` and ``nurse`` stand by rising time."""

    name: str
    title: str
    description: str
    order: str
    length_min: float
    patient: Patient
    baseline: Baseline
    sensitivity: Sensitivity
    cuff: CuffSettings
    pump: PumpSettings
    events: tuple[TimedEvent, ...]
    nurse: tuple[PlannedEntry, ...]

    @property
    def weight_kg(self) -> float:
        return self.baseline.weight_kg


def load(name: str) -> Scenario:
    """A scenario by its name, or by the path of a ``.toml`` file. Raises ScenarioError, also for a name there is not."""
    if name.endswith(".toml"):
        return _read(name, Path(name).stem, Path(name))
    if name not in names():
        raise ScenarioError(f"no scenario is called {name!r}; there are: {', '.join(names())}; or give the path of a .toml file")
    return _read(f"{name}.toml", name, FOLDER / f"{name}.toml")


def parse(text: str, *, file: str, name: str) -> Scenario:
    """A scenario from the text of a file. Raises ScenarioError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{file}: not valid TOML: {error}") from error
    _refuse_unknown(file, "", table, SECTIONS)
    return Scenario(
        name=name,
        title=_text(file, "title", table),
        description=_text(file, "description", table),
        order=_text(file, "order", table),
        length_min=_number(file, "length_min", table.get("length_min"), RANGES["length_min"]),
        patient=_filled(Patient, file, "patient", table.get("patient", {})),
        baseline=_filled(Baseline, file, "baseline", table.get("baseline", {})),
        sensitivity=_filled(Sensitivity, file, "sensitivity", table.get("sensitivity", {})),
        cuff=_filled(CuffSettings, file, "cuff", table.get("cuff", {})),
        pump=_filled(PumpSettings, file, "pump", table.get("pump", {})),
        events=_by_time([_event(file, f"event {n}", row) for n, row in _rows(file, "event", table)]),
        nurse=_by_time([_entry(file, f"nurse {n}", row) for n, row in _rows(file, "nurse", table)]),
    )


def _read(file: str, name: str, path: Any) -> Scenario:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{file}: cannot be read: {error}") from error
    return parse(text, file=file, name=name)


def _event(file: str, where: str, row: Mapping[str, Any]) -> TimedEvent:
    at_min = _number(file, f"{where}.at_min", row.get("at_min"), RANGES["at_min"])
    kind = _word(file, f"{where}.kind", row.get("kind"), tuple(EVENT_KINDS))
    rest = {key: value for key, value in row.items() if key not in ("at_min", "kind")}
    return TimedEvent(at_s=at_min * 60, event=_filled(EVENT_KINDS[kind], file, f"{where} ({kind})", rest))


def _entry(file: str, where: str, row: Mapping[str, Any]) -> PlannedEntry:
    _refuse_unknown(file, where, row, ("at_min", "kind", "text", "scores"))
    kind = _word(file, f"{where}.kind", row.get("kind"), NURSE_KINDS)
    scores = row.get("scores", {})
    if not isinstance(scores, dict) or not all(type(score) is int for score in scores.values()):
        raise ScenarioError(f"{file}: {where}.scores: allowed is a table of items with whole numbers")
    if kind == ASSESSMENT and not scores:
        raise ScenarioError(f"{file}: {where}.scores: missing; an assessment needs at least one score")
    return PlannedEntry(
        at_s=_number(file, f"{where}.at_min", row.get("at_min"), RANGES["at_min"]) * 60,
        kind=kind,
        text=_text(file, "text", row, where) if kind != ASSESSMENT or "text" in row else "",
        scores=tuple(scores.items()),
    )


def _filled(cls: type[T], file: str, where: str, row: Any) -> T:
    """An instance of a flat dataclass of numbers, words and truths, each checked by its field."""
    if not isinstance(row, dict):
        raise ScenarioError(f"{file}: {where}: allowed is a table, not {row!r}")
    known: tuple[Field[Any], ...] = fields(cls)  # type: ignore[arg-type]  # every caller hands a dataclass
    _refuse_unknown(file, where, row, tuple(f.name for f in known))
    for f in known:
        if f.name not in row and f.default is MISSING:
            raise ScenarioError(f"{file}: {where}.{f.name}: missing; it is required")
    return cls(**{f.name: _checked(file, f"{where}.{f.name}", f, row[f.name]) for f in known if f.name in row})


def _checked(file: str, key: str, f: Field[Any], value: Any) -> Any:
    if "allowed" in f.metadata:
        return _word(file, key, value, f.metadata["allowed"])
    limits = (f.metadata["low"], f.metadata["high"]) if "low" in f.metadata else RANGES.get(f.name)
    if limits is not None:
        number = _number(file, key, value, limits)
        return value if type(value) is int and "int" in str(f.type) else number
    wanted: type = bool if f.type == "bool" else str
    if not isinstance(value, wanted):
        raise ScenarioError(f"{file}: {key}: allowed is {'true or false' if wanted is bool else 'text in quotes'}, not {value!r}")
    return value


def _number(file: str, key: str, value: Any, limits: tuple[float, float]) -> float:
    if type(value) not in (int, float) or not limits[0] <= value <= limits[1]:
        given = "missing" if value is None else f"{value!r} is not allowed"
        raise ScenarioError(f"{file}: {key}: {given}; allowed is a number from {limits[0]:g} to {limits[1]:g}")
    return float(value)


def _word(file: str, key: str, value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        given = "missing" if value is None else f"{value!r} is not allowed"
        raise ScenarioError(f"{file}: {key}: {given}; allowed: {', '.join(allowed)}")
    return str(value)


def _text(file: str, key: str, row: Mapping[str, Any], where: str = "") -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ScenarioError(f"{file}: {f'{where}.' if where else ''}{key}: missing or empty; allowed is text in quotes")
    return value.strip()


def _rows(file: str, key: str, table: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ScenarioError(f"{file}: {key}: allowed are tables, each under [[{key}]]")
    return list(enumerate(rows, start=1))


def _refuse_unknown(file: str, where: str, row: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for key in row:
        if key not in allowed:
            raise ScenarioError(f"{file}: {f'{where}.' if where else ''}{key}: unknown; allowed: {', '.join(allowed) or 'nothing'}")


Timed = TypeVar("Timed", TimedEvent, PlannedEntry)


def _by_time(rows: list[Timed]) -> tuple[Timed, ...]:
    """By rising time; rows of one time stay as the file has them."""
    return tuple(sorted(rows, key=lambda row: row.at_s))
