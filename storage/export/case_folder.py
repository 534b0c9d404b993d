"""What every export has in common: a folder that appears whole or not at all, and the manifest that lists and explains its files.

A format is one file beside this one with a ``Format``; ``formats.py`` is their table. The same case gives the same bytes each
time: nothing in them comes from the database's own numbering, the moment of export or the machine. (What a format deflates may be
deflated otherwise by another build of the library that does it: the same samples in other bytes.)
"""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from clinical.metrics import Metric
from clinical.orders import Order
from storage.audit import verify
from storage.damage import told_as_damage
from storage.errors import ExportError, StoreFullError
from storage.export.cells import CaseClock, number_cell
from storage.export.sheet import Source, WrittenFile, digest_of
from storage.export.told import Told, nobody, part_of
from storage.export.veil import HIDDEN, Veil
from storage.export.wave_runs import channels_of
from storage.history import CaseHistory
from storage.seal import signed

MANIFEST = "manifest.json"
LAYOUT = 2
"""Of the manifest; 1 had neither ``export_format`` nor ``not_held``."""
_WRITTEN_SHARE = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a format wrote, and in words what of the case it cannot hold."""

    files: Sequence[WrittenFile]
    not_held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a case. ``write`` puts its files into a folder that is there, and tells how far it is.

    Attributes:
        name: as the command line has it.
        title: what it is, for people.
        extra: the extra of this distribution that it needs; empty where it needs none.
        keeps_all: holds the record itself, so nothing of it can be hidden.
    """

    name: str
    title: str
    write: Callable[[Path, Source, Told], Written]
    extra: str = ""
    keeps_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a case is to leave.

    Attributes:
        program_version: of the exporting program.
        secret: hides what names people and moves dates by it; None: everything as it is.
        seal_key: signs the manifest; None: it is not signed.
    """

    program_version: str
    secret: bytes | None = None
    seal_key: bytes | None = None


def write_folder(
    form: Format,
    history: CaseHistory,
    folder: Path,
    terms: Terms,
    *,
    progress: Told | None = None,
    further: Sequence[Callable[[Path], None]] = (),
) -> Path:
    """Writes a case into ``folder`` in one format and gives it back.

    Args:
        form: the format.
        history: the case, as it stands now.
        folder: made anew; may be an earlier export of the same case, which is replaced.
        terms: how it is to leave.
        progress: told the part done, 0 to 1; what it raises stops the export, and nothing is left of it.
        further: each may write more files into the folder it is given; the manifest lists them too.

    Raises:
        ExportError: the folder holds something else, cannot be written, or the format needs what is not installed.
        StoreError: the case cannot be read.
    """
    if terms.secret is not None and form.keeps_all:
        raise ExportError(f"{form.name} holds the record itself, so nothing of it can be hidden: choose another format")
    veil = Veil(terms.secret)
    check_place(folder, veil.uuid(history.setup.uuid))
    told = progress or nobody
    partial: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
        partial.chmod(0o755)
        with history.reading(), told_as_damage(history):
            _write_all(form, _source(history, veil), partial, terms, told=told, further=further)
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


def source_of(history: CaseHistory, terms: Terms) -> Source:
    """What a format is made from, with the words and dates as they may be written."""
    return _source(history, Veil(terms.secret))


def _source(history: CaseHistory, veil: Veil) -> Source:
    clock = CaseClock(history.started, history.setup.utc_offset_min, moved_days=veil.moved_days(history.setup))
    return Source(history=history, clock=clock, veil=veil)


def _write_all(form: Format, source: Source, folder: Path, terms: Terms, *, told: Told, further: Sequence[Callable[[Path], None]]) -> None:
    told(0.0)
    written = form.write(folder, source, part_of(told, 0.0, _WRITTEN_SHARE))
    told(_WRITTEN_SHARE)
    for write in further:
        write(folder)
    files = [*written.files, *_others(folder, {file.name for file in written.files})]
    manifest = _manifest(form, source, terms, files) | {"not_held": list(written.not_held)}
    if terms.seal_key is not None:
        manifest = signed(manifest, terms.seal_key)
    (folder / MANIFEST).write_bytes((json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())


def _others(folder: Path, known: set[str]) -> list[WrittenFile]:
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [WrittenFile(name=name, rows=None, sha256=digest_of(folder / name)) for name in found if name not in known]


def _manifest(form: Format, source: Source, terms: Terms, files: list[WrittenFile]) -> dict[str, Any]:
    history, clock, veil = source.history, source.clock, source.veil
    setup = history.setup
    return {
        "program": "Bedside",
        "version": terms.program_version,
        "recorded_by_version": history.program_version,
        "format": LAYOUT,
        "export_format": form.name,
        "case": veil.uuid(setup.uuid),
        "simulated": setup.simulated,
        "recording": "a recording" if veil.hides and setup.recording else setup.recording,
        "start": clock.utc(history.started),
        "start_local": clock.local(history.started),
        "utc_offset_min": setup.utc_offset_min,
        "end": clock.utc(history.ended) or None,
        "length_s": float(number_cell(history.last().since(history.started), 3)),
        "deidentified": veil.hides,
        "hidden": HIDDEN if veil.hides else "",
        "patient": None if veil.hides else asdict(setup.patient),
        "bed": None if veil.hides else setup.bed,
        "day": setup.day,
        "course_before_mg": setup.course_before_mg,
        "prediction_begins_with_days": sorted({rate.day for rate in setup.earlier_rates}),
        "carried_over": [{"what": one.what, "day": one.day, "value": veil.words(one.value)} for one in setup.carried],
        "weight_kg": setup.weight_kg,
        "concentration_mg_per_ml": setup.concentration_mg_per_ml,
        "order": None if setup.order is None else asdict(veiled_order(setup.order, veil)),
        "source_order": [veil.device(name) for name in setup.source_order],
        "alarm_preset": {"name": veil.words(setup.preset.name), "source": veil.words(setup.preset.source)},
        "audit": _audit(source),
        "metrics": [_described(metric) for metric in history.metrics()],
        "waveforms": [asdict(replace(one, metric=one.metric.id)) for one in channels_of(source).values()],  # type: ignore[arg-type]
        "files": [_listed(file) for file in files],
    }


def veiled_order(order: Order, veil: Veil) -> Order:
    """The order without what names a site or a person, where words are hidden."""
    if not veil.hides:
        return order
    return replace(order, name="", source="", rules=(), adjuncts=())


def _audit(source: Source) -> dict[str, Any]:
    """The chain of clinical rows as it stands. Its head follows from what is hidden, so a veiled export does not tell it."""
    with source.history.reading() as connection:
        verdict = verify(connection, source.history.case_id, wholly=False)
    return {"rows": verdict.rows, "head": source.veil.words(verdict.head), "whole": verdict.whole}


def _described(metric: Metric) -> dict[str, Any]:
    return {"id": metric.id, "code": metric.code, "unit": metric.unit.ucum, "title": metric.title, "decimals": metric.decimals}


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
    manifest = None
    with suppress(OSError, ValueError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
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
