"""Runs a case without a screen for the command line: progress while it runs, files at its end, one line that says both."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from app.access_log import Leaving, noted_export, user_of_computer
from app.cli.errors import CommandError
from app.cli.progress import ProgressBar
from app.cli.stored import tell_beside
from app.core.headless import Progress, export_to
from app.reporting import reporter_of
from app.settings import SettingsError
from app.site_data import SiteDataError
from app.supervision import AlreadyRunning, OneCore
from app.version import program_version
from devices.patient.scenarios import ScenarioError
from devices.registry import DriverError
from storage.errors import StoreError
from storage.export.case_csv import check_place


def run_case(title: str, database: str, out: Path, run: Callable[[Progress], int], *, uuid: str, case_seconds: float) -> int:
    """``run`` makes the case of that uuid and gives its number. Raises CommandError for whatever stands in the way."""
    lock = OneCore(database)
    began = monotonic()
    try:
        check_place(out, uuid)
        reporter = reporter_of(failed=_told_on_stderr)
        lock.take()
        with ProgressBar(title) as bar:
            case_id = run(bar.update)
        with noted_export(user_of_computer(), database, uuid, Leaving(format="csv", target=out.absolute().name), tell_beside):
            folder = export_to(database, case_id, out, program_version(), reporter)
    except (AlreadyRunning, StoreError, ScenarioError, DriverError, SettingsError, SiteDataError) as error:
        raise CommandError(str(error)) from error
    finally:
        lock.let_go()
    took_s = monotonic() - began
    print(f"{title}: {case_seconds / 3600:.2f} h of case in {took_s:.1f} s; case {case_id}, files in {folder}", file=sys.stderr)
    return 0


def _told_on_stderr(why: str) -> None:
    print(f"Without report.pdf: {why}", file=sys.stderr)
