"""A history of doses as a CSV file: ``start_min,end_min,rate_mg_per_h,bolus_mg``. Reads and checks; predicts nothing."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from app.cli.errors import CommandError
from clinical.pharmacokinetics.history import Bolus, Dose, Stretch

HEADER = ("start_min", "end_min", "rate_mg_per_h", "bolus_mg")
MOST_MIN = 60.0 * 24 * 366
MOST_MG_PER_H = 10_000.0
"""Beyond it a number is a slip, even for a loading dose pushed by a pump: 500 mg within three minutes."""
MOST_BOLUS_MG = 1_000.0
_MOST = {"start_min": MOST_MIN, "end_min": MOST_MIN, "rate_mg_per_h": MOST_MG_PER_H, "bolus_mg": MOST_BOLUS_MG}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionFile:
    """What a file says.

    Attributes:
        doses: in the file's order, rows without any dose left out.
        end_min: the last moment that any row speaks of.
        remark: what a reader should know of the file (stretches that overlap); empty if nothing.
    """

    doses: tuple[Dose, ...]
    end_min: float
    remark: str


def read_infusion(path: Path) -> InfusionFile:
    """Raises CommandError that names file, line, what is wrong and what is allowed."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is no text in UTF-8; needed is CSV with the header {','.join(HEADER)}") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}") from error
    rows = [_Row(path, number, cells) for number, cells in _numbered(path, text)]
    if not rows or tuple(cell.strip() for cell in rows[0].cells) != HEADER:
        said = f"line {rows[0].line}: the header is {','.join(rows[0].cells)!r}" if rows else "line 1: the file is empty"
        raise CommandError(f"{path}, {said}; allowed is {','.join(HEADER)}")
    found = [(row, row.dose()) for row in rows[1:]]
    if not found:
        raise CommandError(f"{path}, line {rows[0].line}: no dose below the header; needed is a row for each stretch or bolus")
    end_min = max(row.number("end_min") for row, _ in found)
    return InfusionFile(doses=tuple(dose for _, dose in found if dose is not None), end_min=end_min, remark=_overlap(found))


def _numbered(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Rows that are not blank, each with its line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise CommandError(f"{path}, line {reader.line_num}: {error}; allowed is CSV with the header {','.join(HEADER)}") from error


@dataclass(frozen=True, slots=True)
class _Row:
    """One row and where it stands."""

    path: Path
    line: int
    cells: list[str]

    def dose(self) -> Dose | None:
        """What the row gives; None for a stretch without any (a pause)."""
        if len(self.cells) != len(HEADER):
            raise self.error(f"has {len(self.cells)} columns; allowed are the {len(HEADER)} of the header")
        start, end, rate, bolus = (self.number(name) for name in HEADER)
        if end < start:
            raise self.error(f"end_min: is {end:g}; allowed is {start:g} (start_min) or later")
        if end == start and rate:
            raise self.error(f"rate_mg_per_h: is {rate:g} where end_min = start_min; allowed is none or 0 in the row of a bolus")
        if end > start and bolus:
            raise self.error(f"bolus_mg: is {bolus:g} in a row that lasts; allowed is none or 0 (in a bolus's row end_min = start_min)")
        if end == start:
            self._require("bolus_mg")
            return Bolus(at_min=start, dose_mg=bolus)
        self._require("rate_mg_per_h")
        return Stretch(start_min=start, end_min=end, rate_mg_per_h=rate) if rate else None

    def number(self, name: str) -> float:
        """A cell's number; 0 for an amount that is left empty."""
        cell, most = self._cell(name), _MOST[name]
        if not cell and not name.endswith("_min"):
            return 0.0
        value = float(cell) if NUMBER.fullmatch(cell) else -1.0
        if not 0 <= value <= most:
            said = f"is {cell!r}" if cell else "is empty"
            raise self.error(f"{name}: {said}; allowed is a number from 0 to {most:g}")
        return value

    def error(self, problem: str) -> CommandError:
        return CommandError(f"{self.path}, line {self.line}: {problem}")

    def _require(self, name: str) -> None:
        if not self._cell(name):
            raise self.error(f"{name}: is empty; allowed is a number from 0 to {_MOST[name]:g}")

    def _cell(self, name: str) -> str:
        return self.cells[HEADER.index(name)].strip()


def _overlap(found: list[tuple[_Row, Dose | None]]) -> str:
    """A remark on the first two stretches that run at the same time."""
    stretches = sorted(((dose.start_min, dose.end_min, row.line) for row, dose in found if isinstance(dose, Stretch)))
    for (_, end, line), (start, _, other) in pairwise(stretches):
        if start < end:
            return f"lines {line} and {other} overlap from {start:g} min on: their rates are added"
    return ""
