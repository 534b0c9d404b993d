"""report.pdf: a format of its own, and beside the files of another. Whoever draws it is handed in, for nothing here knows a page.

A report that cannot be drawn on this machine costs no other file: the manifest then says what is missing and why.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from clinical.assessments.recovery import RecoveryRules
from clinical.report.handover import Handover
from clinical.report.told import CaseReport
from storage.damage import told_as_damage
from storage.errors import ReportError
from storage.export.case_folder import Format, Terms, Written, source_of
from storage.export.handover_values import handover_of
from storage.export.report_values import report_of
from storage.export.sheet import Source, WrittenFile, digest_of
from storage.export.told import Told, part_of
from storage.history import CaseHistory

REPORT, HANDOVER = "report.pdf", "handover.pdf"
NOT_HELD = "single values, waveforms, device alerts and raw pump reports: of trends the lowest and highest in each ten seconds"
_BESIDE_SHARE = 0.8

Draw = Callable[[CaseReport | Handover], bytes]
"""Gives the PDF; raises ReportError where none can be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Who draws, and what a report is told that is no part of the case.

    Attributes:
        ready: something that draws, from the moment it is entered on; it may take its time to be ready meanwhile.
        rules: the site's list for going home; None: nothing is said of it.
        failed: told why no report could be drawn beside the files of another format.
    """

    ready: Callable[[], AbstractContextManager[Draw]]
    program_version: str
    rules: RecoveryRules | None = None
    failed: Callable[[str], None] = lambda _why: None


def report_format(reporter: Reporter) -> Format:
    """The report alone. Writing raises ReportError where it cannot be drawn."""

    def write(folder: Path, source: Source, told: Told) -> Written:
        with reporter.ready() as draw:
            told(0.1)
            return Written(files=[_report(folder, source, reporter, draw)], not_held=(NOT_HELD,))

    return Format(name="pdf", title="the report (PDF)", write=write)


def handover_format(reporter: Reporter) -> Format:
    """One page for whoever takes over, as the record stands now."""

    def write(folder: Path, source: Source, told: Told) -> Written:
        with reporter.ready() as draw:
            told(0.1)
            (folder / HANDOVER).write_bytes(draw(handover_of(source, reporter.program_version)))
        return Written(files=[_listed(folder, HANDOVER)], not_held=("all but how the case stands at its end or latest moment",))

    return Format(name="handover", title="a hand-over note (PDF)", write=write)


def handover_pdf(history: CaseHistory, reporter: Reporter) -> bytes:
    """The note with everything told, for the bed itself. Raises ReportError or StoreError."""
    with reporter.ready() as draw, told_as_damage(history):
        return draw(handover_of(source_of(history, Terms(program_version=reporter.program_version)), reporter.program_version))


def with_report(form: Format, reporter: Reporter) -> Format:
    """A format with the report beside its files."""

    def write(folder: Path, source: Source, told: Told) -> Written:
        with reporter.ready() as draw:
            written = form.write(folder, source, part_of(told, 0.0, _BESIDE_SHARE))
            try:
                report = _report(folder, source, reporter, draw)
            except ReportError as error:
                reporter.failed(str(error))
                return replace(written, not_held=(*written.not_held, f"{REPORT}: {error}"))
        return replace(written, files=[*written.files, report])

    return replace(form, write=write)


def _report(folder: Path, source: Source, reporter: Reporter, draw: Draw) -> WrittenFile:
    (folder / REPORT).write_bytes(draw(report_of(source, reporter.program_version, reporter.rules)))
    return _listed(folder, REPORT)


def _listed(folder: Path, name: str) -> WrittenFile:
    return WrittenFile(name=name, rows=None, sha256=digest_of(folder / name))
