"""Reports drawn by a process of their own: Qt without a screen, which no core ever loads, and whose fault ends no export.

It is started when an export begins, so that it is ready when the sheets are written. Values go in through standard input and a PDF
comes out; the same values give the same bytes, whatever this machine's screen, time zone or hash seed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.settings import load_settings, site_folder
from app.site_data import SiteData
from app.version import program_version
from clinical.report.handover import Handover
from clinical.report.told import CaseReport
from storage.errors import ReportError
from storage.export.report_file import Draw, Reporter

CHECKLIST = "discharge"
DRAWS_WITHIN_S = 120.0
_MODULE = "app.display.paper"
_SAME_EVERYWHERE = {"TZ": "UTC", "QT_HASH_SEED": "0"}


def reporter_of(paper: str | None = None, *, failed: Callable[[str], None] = lambda _why: None) -> Reporter:
    """Draws on ``paper``, else on the site's. Raises SettingsError or SiteDataError where the site's files cannot be used."""
    size = paper or load_settings().paper
    rules = SiteData(site_folder()).load_recovery(CHECKLIST).value
    return Reporter(ready=lambda: drawing(size), program_version=program_version(), rules=rules, failed=failed)


@contextmanager
def drawing(paper: str) -> Iterator[Draw]:
    """A process that draws once. It is ended with the block, used or not."""
    try:
        process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", _MODULE, paper],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | _SAME_EVERYWHERE,
        )
    except OSError as error:
        why = f"no process to draw a report could be started ({error.strerror or error})"
        yield lambda _values: _refused(why)
        return
    try:
        yield lambda values: _drawn(process, values)
    finally:
        process.kill()
        process.communicate()


def _refused(why: str) -> bytes:
    raise ReportError(why)


def _drawn(process: subprocess.Popen[bytes], values: CaseReport | Handover) -> bytes:
    try:
        pdf, words = process.communicate(pickle.dumps(values, pickle.HIGHEST_PROTOCOL), timeout=DRAWS_WITHIN_S)
    except subprocess.TimeoutExpired as error:
        raise ReportError(f"the report was not drawn within {DRAWS_WITHIN_S:g} s") from error
    if process.returncode or not pdf.startswith(b"%PDF"):
        lines = words.decode("utf-8", "replace").strip().splitlines()
        raise ReportError(f"the report cannot be drawn here ({lines[-1] if lines else f'status {process.returncode}'})")
    return pdf
