"""The form of a file of rows: its columns, each with unit and meaning, and its lines. Knows no contents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from storage.export.cells import CaseClock
from storage.export.veil import Veil
from storage.history import CaseHistory

_LINES_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMeaning:
    """One line of the data dictionary; ``unit`` is UCUM, empty where there is none."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What every sheet is made from."""

    history: CaseHistory
    clock: CaseClock
    veil: Veil


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A CSV file: ``columns`` and ``lines`` are asked of the case; a line is its cells joined, without the end of line."""

    name: str
    columns: Callable[[Source], tuple[ColumnMeaning, ...]]
    lines: Callable[[Source], Iterator[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file as the manifest lists it. ``rows``: lines without the heading, samples, or None where it has neither."""

    name: str
    rows: int | None
    sha256: str
    columns: tuple[ColumnMeaning, ...] = ()


TIME_COLUMNS = (
    ColumnMeaning(name="utc", unit="", meaning="ISO 8601, UTC, milliseconds"),
    ColumnMeaning(name="local", unit="", meaning="the same moment by the bed's clock, with its offset"),
    ColumnMeaning(name="elapsed_s", unit="s", meaning="since the start of the case, by a clock that never steps"),
)
_SIMULATED = ColumnMeaning(name="simulated", unit="", meaning="true: a device of this case is simulated; no patient was measured")


def columns(*rows: tuple[str, str, str]) -> tuple[ColumnMeaning, ...]:
    """Columns from triples of name, unit and meaning."""
    return tuple(ColumnMeaning(name=name, unit=unit, meaning=meaning) for name, unit, meaning in rows)


def write_sheet(folder: Path, sheet: Sheet, source: Source) -> WrittenFile:
    """Writes one sheet; every row of a simulated case says so."""
    simulated = source.history.setup.simulated
    heading = sheet.columns(source) + ((_SIMULATED,) if simulated else ())
    end = ",true\n" if simulated else "\n"
    digest = hashlib.sha256()
    count = 0
    with (folder / sheet.name).open("wb") as file:
        head = (",".join(column.name for column in heading) + "\n").encode()
        file.write(head)
        digest.update(head)
        lines = sheet.lines(source)
        while batch := list(islice(lines, _LINES_AT_ONCE)):
            count += len(batch)
            data = (end.join(batch) + end).encode()
            file.write(data)
            digest.update(data)
    return WrittenFile(name=sheet.name, rows=count, sha256=digest.hexdigest(), columns=heading)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
