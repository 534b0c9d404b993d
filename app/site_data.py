"""Presets and ladders as files: the shipped ones, and a site's own that take their place. What they mean is parsed in clinical.

A broken file of the site never leaves the bed without limits: the shipped one of that name is used, and the error is told.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Generic, TypeVar

from clinical.alarm_model import AlarmPreset, PresetLevel
from clinical.alarms.presets import preset_from
from clinical.assessments.intake import Checklist, checklist_from
from clinical.assessments.recovery import RecoveryRules, rules_from
from clinical.assessments.schedule import schedule_from
from clinical.dosing.ladders import order_from
from clinical.orders import Order, RoundInterval
from clinical.people import Roles, roles_from
from clinical.site_values import SiteValueError

LADDERS, PRESETS, SCHEDULES, CHECKLISTS = "ladders", "presets", "schedules", "checklists"
ROLES = "roles"
ROUNDS = "rounds"
"""The schedule of rounds for orders that name none."""
SHIPPED_PRESET = "adult-ketamine"
_SUFFIX = ".toml"
_NAME = re.compile(r"[\w-]+")

T = TypeVar("T")


class SiteDataError(Exception):
    """There is no usable file of that name; the text says which file, which line and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What was loaded.

    Attributes:
        error: why the site's own file was not used, with file and line; empty if nothing went wrong.
        of_site: it is the site's own file.
    """

    value: T
    error: str = ""
    of_site: bool = False


class SiteData:
    """Presets and ladders by name.

    Args:
        folder: the site's own, with ``ladders``, ``presets``, ``schedules`` and ``checklists`` in it; None if there is none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._site = folder
        self._shipped = files("resources")

    def ladder_names(self) -> tuple[str, ...]:
        """Names that ``load_order`` takes, in order of the alphabet."""
        return self._names(LADDERS)

    def preset_names(self) -> tuple[str, ...]:
        """Names that ``load_preset`` takes, in order of the alphabet."""
        return self._names(PRESETS)

    def load_order(self, name: str, weight_kg: float) -> Loaded[Order]:
        """The order of that name for a patient of this weight, with the site's rounds where it names none. Raises SiteDataError."""
        loaded = self._load(LADDERS, name, lambda mapping: order_from(mapping, weight_kg))
        if loaded.value.rounds:
            return loaded
        rounds = self.load_schedule(ROUNDS)
        return Loaded(replace(loaded.value, rounds=rounds.value), "; ".join(filter(None, (loaded.error, rounds.error))))

    def load_schedule(self, name: str) -> Loaded[tuple[RoundInterval, ...]]:
        """When to go round, by the schedule of that name. Raises SiteDataError."""
        return self._load(SCHEDULES, name, schedule_from)

    def load_checklist(self, name: str) -> Loaded[Checklist]:
        """The checklist of that name ("suitability"). Raises SiteDataError."""
        return self._load(CHECKLISTS, name, checklist_from)

    def load_recovery(self, name: str) -> Loaded[RecoveryRules]:
        """What is looked at before a patient goes home ("discharge"). Raises SiteDataError."""
        return self._load(CHECKLISTS, name, rules_from)

    def load_roles(self) -> Loaded[Roles]:
        """Who may do what. Raises SiteDataError."""
        return self._load(ROLES, ROLES, roles_from)

    def load_preset(self, name: str) -> Loaded[AlarmPreset]:
        """The preset of that name. Raises SiteDataError."""
        return self._load(PRESETS, name, preset_from)

    def preset_for_case(self, name: str) -> AlarmPreset:
        """The preset that a case begins with: the site's where it can be used, else the manufacturer's, which then says why.

        Raises SiteDataError only where the shipped file itself is broken.
        """
        try:
            loaded = self.load_preset(name)
        except SiteDataError as error:
            shipped = SiteData().load_preset(SHIPPED_PRESET)
            loaded = Loaded(shipped.value, f"{error}; the shipped {SHIPPED_PRESET} is used instead")
        level = PresetLevel.SITE if loaded.of_site else PresetLevel.MANUFACTURER
        return replace(loaded.value, level=level, refused=loaded.error)

    def _roots(self, kind: str) -> list[Traversable]:
        """Where files of a kind are looked for, the site's folder first."""
        site = [] if self._site is None else [self._site / kind]
        return [root for root in (*site, self._shipped / kind) if root.is_dir()]

    def _names(self, kind: str) -> tuple[str, ...]:
        names = {entry.name.removesuffix(_SUFFIX) for root in self._roots(kind) for entry in root.iterdir() if entry.name.endswith(_SUFFIX)}
        return tuple(sorted(names))

    def _load(self, kind: str, name: str, parse: Callable[[Mapping[str, object]], T]) -> Loaded[T]:
        found = [root / (name + _SUFFIX) for root in self._roots(kind)] if _NAME.fullmatch(name) else []
        found = [file for file in found if file.is_file()]
        if not found:
            raise SiteDataError(f"no {kind.removesuffix('s')} is called {name!r}; there are {', '.join(self._names(kind))}")
        errors: list[str] = []
        for file in found:
            try:
                of_site = self._site is not None and isinstance(file, Path) and file.is_relative_to(self._site)
                return Loaded(_parsed(file, parse), "; ".join(errors), of_site)
            except SiteDataError as error:
                errors.append(f"{error}; the shipped {name} is used instead" if file is not found[-1] else str(error))
        raise SiteDataError("; ".join(errors))


def _parsed(file: Traversable, parse: Callable[[Mapping[str, object]], T]) -> T:
    """One file's content. Raises SiteDataError with file and line."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteDataError(f"{file}: cannot be read ({error})") from error
    try:
        return parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SiteDataError(f"{file}: {error}") from error
    except SiteValueError as error:
        raise SiteDataError(f"{file}, line {line_of(text, error)}: {error}") from error


def line_of(text: str, error: SiteValueError) -> int:
    """The line, counted from 1, that a wrong value stands on; where a key is missing, the line its table begins on."""
    lines = text.splitlines()
    begin = _table_line(lines, error) if error.table else 0
    for number, line in enumerate(lines[begin:], start=begin + 1):
        if re.match(rf"\s*(\[\[)?\s*{re.escape(error.key)}\s*(=|\])", line):
            return number
        if number > begin + 1 and error.table and line.lstrip().startswith("["):
            break
    return begin + 1


def _table_line(lines: list[str], error: SiteValueError) -> int:
    """Index of the header of the table that the value stands in; 0 where tables are written some other way."""
    headers = [index for index, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(error.table)}\s*\]\]", line)]
    return headers[error.index] if error.index < len(headers) else 0
