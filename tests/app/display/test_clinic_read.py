"""The clinic's page in the real window, over a simulated clinic and over records that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.display.clinic_read import counted, courses_of
from app.display.errand import Cancelled
from app.simulated_clinic import make_clinic
from clinical.assessments.effectiveness import effectiveness
from tests.app.display.windows import IGNORED, Database, covers, window

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
PATIENTS = 6
SOON_MS = 15_000


def test_the_page_is_two_taps_away_and_shows_what_was_counted(qtbot: QtBot, database: Database) -> None:
    make_clinic(database.url, PATIENTS, seed=3)
    with window(database) as program:
        start = program.starting.page
        qtbot.mouseClick(start.clinic, Qt.MouseButton.LeftButton)
        clinic = program.starting.clinic
        assert clinic is not None
        page = clinic.page
        assert covers(program, page)
        qtbot.waitUntil(page.responders.isVisible, timeout=SOON_MS)
        assert page.simulated
        assert page.badge.isVisible()
        expected = effectiveness(courses_of(database.url, lambda _share: None))
        assert page.responders.rows[0].low == expected.responders[0][1].low
        assert page.few.text().startswith(f"FEW: {PATIENTS} patients")
        qtbot.keyClicks(page.since, "2026-03-05")
        qtbot.keyClick(page.since, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.few.text().startswith("FEW: 1 patient;"), timeout=SOON_MS)
        qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
        assert covers(program, start)


def test_an_empty_record_and_a_broken_one_are_told_in_a_line(qtbot: QtBot, database: Database) -> None:
    with window(database) as program:
        qtbot.mouseClick(program.starting.page.clinic, Qt.MouseButton.LeftButton)
        clinic = program.starting.clinic
        assert clinic is not None
        qtbot.waitUntil(lambda: "No course is stored yet" in clinic.page.state.text(), timeout=SOON_MS)
        qtbot.mouseClick(clinic.page.back, Qt.MouseButton.LeftButton)
        database.path.write_bytes(b"no database at all" * 100)
        qtbot.mouseClick(program.starting.page.clinic, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: database.path.name in clinic.page.state.text(), timeout=SOON_MS)
        assert "\n" not in clinic.page.state.text()
        assert not clinic.page.responders.isVisible()


def test_reading_tells_how_far_it_is_and_ends_when_it_is_not_wanted(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'clinic.sqlite'}"
    make_clinic(address, 17, seed=1)
    told: list[float] = []
    courses = courses_of(address, told.append)
    assert told == sorted(told)
    assert told
    assert all(0 < share <= 1 for share in told)

    def unwanted(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        courses_of(address, unwanted)
    none = counted(courses, date(2027, 1, 1), None, simulated=True)
    assert (none.figures, none.others) == (None, 0)
    assert counted(courses, None, None, simulated=False).others == 17
