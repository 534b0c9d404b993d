"""A stored case written as files for the export page: which formats there are, which folder, and what is told of it. Runs away from
the painting thread; knows no widget but the row of a format.

What reads a database takes 0.2 s to load, so it is imported when it is first asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.access_log import Leaving, Viewer, noted_export
from app.display.errand import Progress
from app.exporting import DRAWN, form_of, formats_here, terms_of
from storage.errors import ExportError
from widgets.export_page import FormatRow

TITLES = {
    "csv": ("Tables (CSV)", "every sheet, waveforms as WFDB, the report"),
    "pdf": ("Report (PDF)", "summary, a page an hour, drug, signatures"),
    "handover": ("Hand-over (PDF)", "one page for whoever takes over"),
    "edf": ("EDF+", "waveforms and trends with annotations"),
    "wfdb": ("WFDB", "PhysioNet records and annotations"),
    "vital": ("Vital Recorder", "one .vital file, as VitalDB has them"),
    "parquet": ("Parquet", "typed tables for analysis"),
    "fhir": ("FHIR R4", "a bundle for another clinical system"),
    "hl7": ("HL7 v2", "ORU^R01 messages in a file"),
    "bedside": ("The record itself", "Bedside imports it again, whole"),
}
"""For people, in the order of the page."""
_NAMES_TRIED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a case is to be written. ``folder``: to be made; another of like name is taken where it holds something else."""

    format: str
    deidentify: bool
    folder: Path


def format_rows() -> tuple[FormatRow, ...]:
    """The formats that can be written on this machine."""
    here = formats_here()
    keeps_all = {name for name, form in here.items() if form.keeps_all}
    return tuple(
        FormatRow(name=name, title=title, note=note, keeps_all=name in keeps_all)
        for name, (title, note) in TITLES.items()
        if name in here or name in DRAWN
    )


def folder_in(place: Path, case_id: str, name: str, *, deidentify: bool) -> Path:
    """A folder of its own for a case in one format."""
    return place / f"bedside-case-{case_id}-{name}{'-deidentified' if deidentify else ''}"


def write_case(database: str, case_id: str, wish: Wish, viewer: Viewer, progress: Progress) -> str:
    """What was written and where, what of it is missing, and what could not be noted.

    Raises StoreError, SettingsError, SiteDataError or KeptKeyError; or Cancelled, with nothing left behind.
    """
    from app.reporting import reporter_of  # noqa: PLC0415 (see above)
    from storage.cases import open_case  # noqa: PLC0415 (see above)
    from storage.export.case_folder import write_folder  # noqa: PLC0415 (see above)
    from storage.export.veil import Veil  # noqa: PLC0415 (see above)

    missing: list[str] = []
    unnoted: list[str] = []
    terms = terms_of(deidentify=wish.deidentify)
    with open_case(database, case_id) as history:
        uuid = history.setup.uuid
        folder = _free_folder(wish.folder, Veil(terms.secret).uuid(uuid))
        form = form_of(wish.format, lambda: reporter_of(failed=missing.append))
        leaving = Leaving(format=wish.format, target=folder.name, deidentified=wish.deidentify)
        with noted_export(viewer, database, uuid, leaving, unnoted.append):
            write_folder(form, history, folder, terms, progress=progress)
    return " ".join((_written(folder), *(f"Without report.pdf: {why}." for why in missing), *unnoted))


def _free_folder(folder: Path, uuid: str) -> Path:
    """The folder, or the first of like name that is free or holds an earlier export of the same case."""
    from storage.export.case_folder import check_place  # noqa: PLC0415 (see above)

    for number in range(1, _NAMES_TRIED):
        tried = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        try:
            check_place(tried, uuid)
        except ExportError:
            continue
        return tried
    raise ExportError(f"{folder} and all of like name hold something else: choose another place")


def _written(folder: Path) -> str:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    files = "1 file" if len(sizes) == 1 else f"{len(sizes)} files"
    return f"Written and sealed: {files}, {sum(sizes) / 1e6:,.1f} MB, in {folder}."
