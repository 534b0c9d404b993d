"""The process that draws: the same bytes in two of them, no Qt in the one that asks, and no export lost where it cannot."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import reporting
from app.reporting import drawing, reporter_of
from storage.cases import open_case
from storage.errors import ReportError
from storage.export.case_csv import export_case
from storage.export.case_folder import Terms, source_of, write_folder
from storage.export.report_file import handover_format, report_format
from storage.export.report_values import report_of
from tests.app.pdf_reader import everything, sizes, texts
from tests.storage import test_deidentified
from tests.storage.made_case import minute, record

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", minute(20))


def test_two_processes_draw_the_same_bytes(address):
    with open_case(address, 1) as history:
        report = report_of(source_of(history, Terms(program_version="9")), "9")
    drawn = []
    for _ in range(2):
        with drawing("letter") as draw:
            drawn.append(draw(report))
    assert drawn[0] == drawn[1]
    assert sizes(drawn[0]) == {(612, 792)}


def test_the_report_lies_beside_the_sheets_and_is_listed_with_its_hash(address, tmp_path):
    with open_case(address, 1) as history:
        folder = export_case(history, tmp_path / "case", program_version="9", reporter=reporter_of())
    listed = {file["name"]: file for file in json.loads((folder / "manifest.json").read_text())["files"]}
    pdf = (folder / "report.pdf").read_bytes()
    assert listed["report.pdf"]["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert listed["report.pdf"]["rows"] is None
    pages = texts(pdf)
    assert len(pages) == 3
    assert "ondansetron 4 mg IV" in pages[0]


def test_whoever_asks_loads_no_qt(address, tmp_path):
    code = (
        "import sys; from app.__main__ import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))]"
    )
    words = ["--database", address, "export", "last", "--format", "csv", "--out", str(tmp_path / "out")]
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY"}}
    environment["XDG_DATA_HOME"] = str(tmp_path / "data")
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "report.pdf").is_file()


def test_where_nothing_can_be_drawn_the_sheets_are_written_and_say_so(address, tmp_path, monkeypatch):
    monkeypatch.setattr(reporting, "_MODULE", "app.no_such_module")
    told = []
    with open_case(address, 1) as history:
        folder = export_case(history, tmp_path / "case", program_version="9", reporter=reporter_of(failed=told.append))
        (why,) = told
        assert "cannot be drawn here" in why
        assert json.loads((folder / "manifest.json").read_text())["not_held"][-1] == f"report.pdf: {why}"
        assert (folder / "numerics.csv").is_file()
        assert not (folder / "report.pdf").exists()
        with pytest.raises(ReportError, match="cannot be drawn here"):
            write_folder(report_format(reporter_of()), history, tmp_path / "pdf", Terms(program_version="9"))
    assert not (tmp_path / "pdf").exists()


def test_no_process_is_left_behind_by_an_export_that_is_stopped(address, monkeypatch):
    started = []
    popen = subprocess.Popen

    def noted(*words, **options):
        started.append(popen(*words, **options))
        return started[-1]

    monkeypatch.setattr(reporting.subprocess, "Popen", noted)
    with pytest.raises(KeyboardInterrupt), drawing("a4"):
        raise KeyboardInterrupt
    assert started[0].returncode is not None


@pytest.mark.parametrize("form", [report_format, handover_format])
def test_no_canary_in_any_page_stream_or_word(form, tmp_path):
    address = record(tmp_path / "case.sqlite", test_deidentified.outcomes())
    with open_case(address, 1) as history:
        plain = write_folder(form(reporter_of()), history, tmp_path / "plain", Terms(program_version="1"))
        hidden = write_folder(
            form(reporter_of()), history, tmp_path / "hidden", Terms(program_version="1", secret=test_deidentified.SECRET)
        )
    (seen,), (veiled,) = plain.glob("*.pdf"), hidden.glob("*.pdf")
    assert test_deidentified.CANARY.search(everything(seen.read_bytes()))
    data = everything(veiled.read_bytes())
    assert [data[max(0, hit.start() - 30) : hit.end() + 30] for hit in test_deidentified.CANARY.finditer(data)] == []
    assert b"de-identified" in data
