"""A case as CSV sheets and WFDB waveforms: what any program reads, and what a run without a screen leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from storage.export.account_sheets import ACCOUNT_SHEETS
from storage.export.case_folder import Format, Terms, Written, check_place, write_folder
from storage.export.clinical_sheets import CLINICAL_SHEETS
from storage.export.numerics_sheets import NUMERICS_SHEET, WIDE_SHEET
from storage.export.report_file import Reporter, with_report
from storage.export.sheet import Source, WrittenFile, write_sheet
from storage.export.told import Told, part_of
from storage.export.wfdb_record import write_waveforms
from storage.history import CaseHistory

__all__ = ["CSV", "check_place", "export_case"]

SHEETS = (NUMERICS_SHEET, WIDE_SHEET, *CLINICAL_SHEETS, *ACCOUNT_SHEETS)
_SHEETS_SHARE = 0.5


def _write(folder: Path, source: Source, told: Told) -> Written:
    files: list[WrittenFile] = []
    for done, sheet in enumerate(SHEETS):
        told(_SHEETS_SHARE * done / len(SHEETS))
        files.append(write_sheet(folder, sheet, source))
    files += write_waveforms(folder, source, part_of(told, _SHEETS_SHARE, 1.0))
    invalid = "samples that a device called invalid are no samples here"
    return Written(files=files, not_held=("device alerts, states of lines and raw pump reports", invalid))


CSV = Format(name="csv", title="CSV sheets with WFDB waveforms", write=_write)


def export_case(
    history: CaseHistory,
    folder: Path,
    *,
    program_version: str,
    secret: bytes | None = None,
    progress: Told | None = None,
    further: Sequence[Callable[[Path], None]] = (),
    reporter: Reporter | None = None,
) -> Path:
    """Writes a case as CSV sheets; arguments and errors as ``write_folder`` and ``Terms`` have them.

    Args:
        reporter: draws report.pdf beside them; None: there is none.
    """
    form = CSV if reporter is None else with_report(CSV, reporter)
    return write_folder(form, history, folder, Terms(program_version=program_version, secret=secret), progress=progress, further=further)
