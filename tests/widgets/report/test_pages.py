"""Pages of a report as they come out of the printer: all the words are there, nothing lies outside, nothing needs a colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QFontDatabase, QPdfWriter

from clinical.instant import Instant
from storage.cases import open_case
from storage.export.case_folder import Terms, source_of
from storage.export.handover_values import handover_of
from storage.export.report_values import report_of
from tests.app.pdf_reader import objects_in_their_places, pictures, sizes, texts
from tests.storage.made_case import made_setup, record, start
from tests.storage.report_case import LONG, outcomes
from widgets.fonts import load_fonts
from widgets.report.handover_page import handover_pdf
from widgets.report.pdf import dated, report_pdf
from widgets.report.pieces import Column, Piece, paged, table
from widgets.report.sheet import MARGIN, ROW, Sheet
from widgets.theme import FONT_FAMILY

PAPERS = {"a4": (595, 842), "letter": (612, 792)}


@pytest.fixture(scope="module", autouse=True)
def _typeface(qapp):
    if FONT_FAMILY not in QFontDatabase.families():
        load_fonts()


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Sixty alarms an hour, names of a hundred letters, gaps, corrections."""
    made = outcomes(65, alarms_per_hour=60, long_names=True)
    with open_case(record(tmp_path_factory.mktemp("case") / "case.sqlite", made, every=2000), 1) as history:
        yield source_of(history, Terms(program_version="9.9"))


@pytest.fixture(scope="module")
def report(source):
    return report_of(source, "9.9")


@pytest.fixture(scope="module", params=PAPERS)
def pdf(request, report):
    return request.param, report_pdf(report, request.param)


def test_every_page_says_whose_it_is_which_it_is_and_that_nobody_was_measured(pdf):
    paper, data = pdf
    pages = texts(data)
    assert sizes(data) == {PAPERS[paper]}
    for number, text in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in text
        assert "SIMULATED" in text
        assert "7a0c6c1e-0000-4000-8000-000000000001" in text
        assert "Bedside 9.9" in text
        assert "no certified medical device" in text


def test_all_that_was_recorded_stands_somewhere(pdf):
    words = " ".join(" ".join(texts(pdf[1])).split())
    for told in ("ondansetron 8 mg IV", "ondansetron 4 mg IV", "patient asked for a rest", "weighed again", "misheard", "SpO₂ low 90 → 88"):
        assert told in words
    assert words.count("probe on the left hand") == 65
    assert words.count("confirmed: HR 74") == 5
    for told in ("Controlled drug", "Recovery", "Signatures", "Corrections", "Medication", "Side effects", "Stops and holds"):
        assert told in words or told == "Recovery"  # no site's list was given
    assert "09:15" in words
    assert LONG.split()[0] in words


def test_nothing_is_painted_in_the_margins_or_in_a_colour(pdf):
    edge = round(MARGIN) - 4
    for picture in pictures(pdf[1]):
        rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine() // 4, 4)[
            :, : picture.width(), :3
        ]
        inside = rows[edge:-edge, edge:-edge]
        assert (rows.min(axis=2) < 128).sum() == (inside.min(axis=2) < 128).sum()
        assert int((rows.max(axis=2).astype(int) - rows.min(axis=2)).max()) < 32


def test_the_files_own_table_leads_to_every_object(pdf):
    assert objects_in_their_places(pdf[1]) > 20


def test_another_reader_finds_the_same_pages(pdf, tmp_path):
    reader = pytest.importorskip("PIL.PdfParser")
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf[1])
    with reader.PdfParser(str(path)) as parsed:
        assert len(parsed.pages) == len(texts(pdf[1]))


def test_the_same_values_give_the_same_bytes_whenever_they_are_printed(report):
    first = report_pdf(report, "a4")
    another_day = dated(first, Instant(0, 0))
    assert len(another_day) == len(first) != 0
    assert another_day != first
    assert b"D:19700101000000" in another_day
    assert objects_in_their_places(another_day) == objects_in_their_places(first)
    assert b"(D:20260301090500" in first  # the case's last moment, in UTC
    assert report_pdf(report, "a4") == first


def test_a_hand_over_note_is_one_page_however_much_happened(source):
    (page,) = texts(handover_pdf(handover_of(source, "9.9"), "letter"))
    for told in (
        "Case ended at",
        "What runs",
        "What is next",
        "Last scores",
        "ondansetron 4 mg IV",
        "SpO₂ low 90 → 88 %",
        "handed over by",
    ):
        assert told in page
    assert "ondansetron 8 mg" not in page


def piece(height, *, keep=False, heading=None):
    return Piece(height, lambda *_: None, keep=keep, heading=heading)


def test_pages_are_filled_in_order_and_a_title_never_stands_alone():
    head = piece(5)
    rows = [piece(10, heading=head) for _ in range(9)]
    pages = paged([piece(20), piece(8, keep=True), *rows], 55)
    assert [len(page) for page in pages] == [4, 6, 3]
    assert pages[1][0] == (0.0, head)
    assert [top for top, _ in pages[1]] == [0, 5, 15, 25, 35, 45]
    together = paged([piece(40), piece(10, keep=True), piece(10)], 55)
    assert [len(page) for page in together] == [1, 2]
    assert [len(page) for page in paged([piece(100), piece(10)], 50)] == [1, 1]
    assert paged([], 50) == [[]]


def test_words_are_wrapped_and_never_cut(tmp_path):
    sheet = Sheet(QPdfWriter(str(tmp_path / "x.pdf")))
    lines = sheet.wrapped(f"{LONG} {'x' * 80}", ROW, 90)
    assert "".join("".join(lines).split()) == "".join(f"{LONG}{'x' * 80}".split())
    assert max(sheet.text_width(line, ROW) for line in lines) <= 90
    assert sheet.wrapped("", ROW, 90) == [""]
    assert sheet.elided(LONG, ROW, 60).endswith("…")
    assert sheet.elided("short", ROW, 60) == "short"
    top, row = table(sheet, [Column("A", 40), Column("B", 60)], [["one two three four", "x\nnote"]])
    assert top.keep
    assert row.heading is not None
    assert row.height > 2 * ROW.leading


def test_a_note_longer_than_a_page_goes_on_on_the_next(report):
    words = " ".join(f"word{number}" for number in range(3000))
    note = replace(report.entries[0], kind="note", text=words)
    pages = texts(report_pdf(replace(report, entries=(note,), alarms=()), "a4"))
    told = " ".join(" ".join(pages).split())
    assert all(f"word{number}" in told for number in (0, 1500, 2999))


def test_a_recording_says_so_and_a_patient_has_no_banner(report):
    played = replace(report.heading, simulated=False, recording="operating room")
    assert all("RECORDING PLAYED: operating room" in page for page in texts(report_pdf(replace(report, heading=played), "a4")))
    real = replace(played, recording="")
    assert not [page for page in texts(report_pdf(replace(report, heading=real), "a4")) if "SIMULATED" in page or "RECORDING" in page]


@pytest.mark.parametrize("ordered", [True, False])
def test_a_case_without_anything_has_its_pages(tmp_path, ordered):
    setup = made_setup() if ordered else replace(made_setup(), order=None)
    with open_case(record(tmp_path / "case.sqlite", iter([start(setup)])), 1) as history:
        source = source_of(history, Terms(program_version="9.9"))
        first, _hour, last = texts(report_pdf(report_of(source, "9.9"), "a4"))
        (note,) = texts(handover_pdf(handover_of(source, "9.9"), "a4"))
    assert "No pump was heard in this case." in first
    assert ("Nothing was ordered" in first) is not ordered
    assert "No ledger was opened" in last
    assert "No pump was heard." in note


def test_what_comes_on_another_day_has_its_date(source):
    note = handover_of(source, "9.9")
    later = replace(note, running=replace(note.running, remaining_ml=40.0, empty_in_s=20 * 3600.0), ended=False)
    (page,) = texts(handover_pdf(later, "a4"))
    assert "empty in 20:00 h, at 2 Mar 06:05" in " ".join(page.split())
    waits = replace(later.ahead, next_mg_per_h=20.0, may_step_s=note.at_s + 600, waits=("in 10:00 min", "RASS: not known"))
    words = " ".join(" ".join(texts(handover_pdf(replace(later, ahead=waits), "a4"))).split())
    assert "Next step 20 mg/h (10 mL/h), not before 10:15 Waits for RASS: not known" in words
