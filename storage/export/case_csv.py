"""A case as a folder of files: CSV sheets, WFDB waveforms, and the manifest that lists and explains them.

The folder appears whole or not at all. The same case gives the same bytes each time: nothing in them comes from the database's
own numbering, the moment of export or the machine.
"""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from storage.audit import verify
from storage.errors import ExportError, StoreFullError
from storage.export.account_sheets import ACCOUNT_SHEETS
from storage.export.cells import CaseClock, Veil, number_cell
from storage.export.clinical_sheets import CLINICAL_SHEETS
from storage.export.numerics_sheets import NUMERICS_SHEET, WIDE_SHEET
from storage.export.sheet import Source, WrittenFile, digest_of, write_sheet
from storage.export.wfdb_record import write_waveforms
from storage.history import CaseHistory

MANIFEST = "manifest.json"
FORMAT = 1
_SHEETS = (NUMERICS_SHEET, WIDE_SHEET, *CLINICAL_SHEETS, *ACCOUNT_SHEETS)
_HIDDEN = "patient's label, age, sex and diagnosis, bed, free text, names of operators; dates are moved to begin on 2000-01-01"


def export_case(
    history: CaseHistory,
    folder: Path,
    *,
    program_version: str,
    deidentify: bool = False,
    progress: Callable[[float], None] | None = None,
    further: Sequence[Callable[[Path], None]] = (),
) -> Path:
    """Writes a case into ``folder`` and gives it back.

    Args:
        history: the case, as it stands now.
        folder: made anew; may be an earlier export of the same case, which is replaced.
        program_version: of the exporting program.
        deidentify: leave out what names people, and move dates.
        progress: told the part done, 0 to 1.
        further: each may write more files into the folder it is given; the manifest lists them too.

    Raises:
        ExportError: the folder holds something else, or cannot be written.
        StoreError: the case cannot be read.
    """
    check_place(folder, history.setup.uuid)
    told = progress or (lambda _: None)
    partial: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
        partial.chmod(0o755)
        with history.reading():
            _write_all(history, partial, program_version, told, deidentify=deidentify, further=further)
        _move_in(partial, folder)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFullError(f"the disk that holds {folder} is full: free some space or choose another folder") from error
        raise ExportError(f"{folder} cannot be written ({error.strerror or error}): choose another folder") from error
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
    told(1.0)
    return folder


def _write_all(
    history: CaseHistory,
    folder: Path,
    program_version: str,
    told: Callable[[float], None],
    *,
    deidentify: bool,
    further: Sequence[Callable[[Path], None]],
) -> None:
    clock = CaseClock(history.started, history.setup.utc_offset_min, hide_date=deidentify)
    source = Source(history=history, clock=clock, veil=Veil(hide=deidentify))
    files: list[WrittenFile] = []
    for done, sheet in enumerate(_SHEETS):
        told(done / (len(_SHEETS) + 2))
        files.append(write_sheet(folder, sheet, source))
    told(len(_SHEETS) / (len(_SHEETS) + 2))
    files += write_waveforms(folder, source)
    for write in further:
        write(folder)
    files += _others(folder, {file.name for file in files})
    manifest = _manifest(source, program_version, files, deidentify=deidentify)
    (folder / MANIFEST).write_bytes((json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())


def _others(folder: Path, known: set[str]) -> list[WrittenFile]:
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [WrittenFile(name=name, rows=None, sha256=digest_of(folder / name)) for name in found if name not in known]


def _manifest(source: Source, program_version: str, files: list[WrittenFile], *, deidentify: bool) -> dict[str, Any]:
    history, clock = source.history, source.clock
    setup = history.setup
    with history.reading() as connection:
        verdict = verify(connection, history.case_id)
    audit = {"rows": verdict.rows, "head": verdict.head, "whole": verdict.whole}
    return {
        "program": "Bedside",
        "version": program_version,
        "recorded_by_version": history.program_version,
        "format": FORMAT,
        "case": setup.uuid,
        "simulated": setup.simulated,
        "recording": setup.recording,
        "start": clock.utc(history.started),
        "start_local": clock.local(history.started),
        "utc_offset_min": setup.utc_offset_min,
        "end": clock.utc(history.ended) or None,
        "length_s": float(number_cell(history.last().since(history.started), 3)),
        "deidentified": deidentify,
        "hidden": _HIDDEN if deidentify else "",
        "patient": None if deidentify else asdict(setup.patient),
        "bed": None if deidentify else setup.bed,
        "day": setup.day,
        "weight_kg": setup.weight_kg,
        "concentration_mg_per_ml": setup.concentration_mg_per_ml,
        "order": None if setup.order is None else asdict(setup.order),
        "source_order": list(setup.source_order),
        "alarm_preset": {"name": setup.preset.name, "source": setup.preset.source},
        "audit": audit,
        "files": [_listed(file) for file in files],
    }


def _listed(file: WrittenFile) -> dict[str, Any]:
    listed: dict[str, Any] = {"name": file.name, "rows": file.rows, "sha256": file.sha256}
    return listed | ({"columns": [asdict(column) for column in file.columns]} if file.columns else {})


def check_place(folder: Path, uuid: str) -> None:
    """Raises ExportError unless the folder is not there, is empty, or holds an earlier export of the same case."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportError(f"{folder} is a file: choose another folder")
    if any(folder.iterdir()) and _case_in(folder) != uuid:
        raise ExportError(f"{folder} holds something else than an earlier export of this case: choose another folder")


def _case_in(folder: Path) -> str | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest.get("case") if isinstance(manifest, dict) and manifest.get("program") == "Bedside" else None


def _move_in(partial: Path, folder: Path) -> None:
    """Puts the new folder in the old one's place; the old one is gone only when the new one stands."""
    if not folder.exists():
        partial.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".old", dir=folder.parent))
    moved = folder.rename(old / folder.name)
    try:
        partial.rename(folder)
    except OSError:
        moved.rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
