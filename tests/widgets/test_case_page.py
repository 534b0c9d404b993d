"""Ending a case takes two presses, and the second must come soon."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from widgets import gallery_case as case
from widgets.case_page import CONFIRM_WITHIN_S, CasePage


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    page = CasePage(window)
    page.set_setup(case.SETUP, case.ZERO)
    page.resize(824, 856)
    window.show()
    page.advance(case.NOW)
    yield page  # noqa: PT022 (keeps the window for as long as the test lasts)


def test_one_press_ends_nothing(page, qtbot):
    with qtbot.assertNotEmitted(page.end_requested):
        qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)
    assert page.end.text() == "Press again to end it"
    page.advance(case.NOW.plus(CONFIRM_WITHIN_S + 1))
    assert page.end.text() == "End the case"


def test_two_presses_end_the_case(page, qtbot):
    qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.end_requested):
        qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)


def test_a_late_second_press_is_a_first_one(page, qtbot):
    qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)
    page.advance(case.NOW.plus(CONFIRM_WITHIN_S + 1))
    with qtbot.assertNotEmitted(page.end_requested):
        qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)


def test_a_note_is_asked_for_once_while_it_is_written(page, qtbot):
    with qtbot.waitSignal(page.handover_requested):
        qtbot.mouseClick(page.handover, Qt.MouseButton.LeftButton)
    page.show_handover("Writing …", done=False)
    assert page.handover.isEnabled()  # so that its focus does not pass to the end of the case
    with qtbot.assertNotEmitted(page.handover_requested):
        qtbot.mouseClick(page.handover, Qt.MouseButton.LeftButton)
    page.show_handover("Written to x.pdf", done=True)
    assert page.written.text() == "Written to x.pdf"
    with qtbot.waitSignal(page.handover_requested):
        qtbot.mouseClick(page.handover, Qt.MouseButton.LeftButton)


def test_a_corrected_weight_and_concentration_stand_beside_what_the_case_began_with(page):
    page.set_dose(case.dose_report())
    began = [label.text() for label in page.findChildren(type(page.title))]
    assert f"{case.SETUP.weight_kg:g} kg" in began
    page.set_dose(replace(case.dose_report(), weight_kg=82.0, concentration_mg_per_ml=case.SETUP.concentration_mg_per_ml))
    told = [label.text() for label in page.findChildren(type(page.title))]
    assert f"82 kg, corrected; the case began with {case.SETUP.weight_kg:g}" in told
