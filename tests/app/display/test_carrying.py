"""A known patient's new case: what yesterday leaves is found by the label, shown with its day, and taken only by a touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.display.carry_lines import CONCENTRATION, DAY, LIMITS, ORDER, PATIENT, SOURCES, carried_words
from app.display.carrying import Carrying
from app.display.draft_limits import DraftLimits
from app.display.draft_setup import case_setup, entries_words, missing_in
from app.settings import Settings
from clinical.commands import CaseSetup, ChooseSource, CorrectDose, SetLimit
from clinical.metrics import SPO2
from tests.storage.made_case import address_of, made_setup
from tests.storage.made_course import DAY_S, START, made_day
from widgets.new_case_page import NewCasePage

TODAY_NS = START.plus(DAY_S * 2).utc_ns
LABEL = "Q.R."


@pytest.fixture
def address(tmp_path: Path) -> str:
    return address_of(tmp_path / "course.sqlite")


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[tuple[NewCasePage, Carrying]]:
    window = QWidget()
    qtbot.addWidget(window)
    page, limits = NewCasePage(), DraftLimits()
    setup = made_setup()
    assert setup.order is not None
    order = setup.order
    limits.begin(setup.preset)
    carrying = Carrying(page, limits, lambda: (order.name,), limits)
    for part in (page, carrying.page, limits.page):
        part.setParent(window)
        part.resize(1400, 900)
    window.resize(1400, 900)
    window.show()
    carrying.page.show()
    carrying.page.raise_()  # as it is when a line is taken: a click goes to what lies on top
    yield page, carrying
    limits.deleteLater()


def day(address: str, number: int, **changes: object) -> CaseSetup:
    setup = made_setup()
    limit = setup.preset.limits[0]
    entries = (
        (5, SetLimit(metric=limit.metric, low=limit.low, high=limit.high, reason="runs low", by="A")),
        (6, ChooseSource(metric=SPO2, device="oximeter", by="A")),
        (7, CorrectDose(weight_kg=82.0, reason="scales", by="A", witness="B")),
    )
    own = {"simulated": False, "patient": replace(setup.patient, label=LABEL)}
    made: CaseSetup = made_day(address, number, rates={1: 5.0, 40: 7.5}, entries=entries, changes=own | changes)
    return made


def look(qtbot: QtBot, page: NewCasePage, carrying: Carrying, address: str, label: str = LABEL) -> None:
    page.patient.label.setText(label)
    with qtbot.waitSignal(page.patient.label.textChanged, timeout=10, raising=False):
        carrying.look_for(address, TODAY_NS)


def take(qtbot: QtBot, carrying: Carrying, *names: str) -> None:
    for name in names:
        key = carrying.page.key(name)
        qtbot.waitUntil(lambda key=key: not key.visibleRegion().isEmpty())
        qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def test_what_yesterday_leaves_is_taken_line_by_line_and_recorded_with_its_day(
    qtbot: QtBot, address: str, opened: tuple[NewCasePage, Carrying]
) -> None:
    page, carrying = opened
    yesterday = day(address, 1)
    look(qtbot, page, carrying, address)
    qtbot.waitUntil(lambda: page.patient.course.isVisibleTo(page))
    assert page.patient.course.text() == "Day 2 of a course: see what day 1 leaves"
    assert "would be a day 1" in carrying.doubt
    fresh = made_setup(uuid="today", simulated=False)
    assert carrying.amended(fresh) == fresh, "nothing is taken unseen"
    take(qtbot, carrying, DAY, PATIENT, ORDER, CONCENTRATION, LIMITS, SOURCES)
    assert carrying.doubt == ""
    setup = carrying.amended(fresh)
    assert setup.day == 2
    assert setup.course_before_mg == pytest.approx(39 / 60 * 10 + 40 / 60 * 15, rel=0.02)
    assert [rate.rate_mg_per_h for rate in setup.earlier_rates] == [10.0, 15.0]
    assert [(one.what, one.day) for one in setup.carried] == [
        ("course", 1), ("patient", 1), ("order", 1), ("concentration", 1), ("limits", 1), ("sources", 1),
    ]  # fmt: skip
    assert "concentration from day 1: 2 mg/mL" in carried_words(setup.carried)
    assert [command.device for command in carrying.commands()] == ["oximeter"]
    assert page.draft.concentration_mg_per_ml is None, "the second person types it"
    assert page.doses.concentration.first.value == yesterday.concentration_mg_per_ml
    assert page.draft.weight_kg is None
    assert page.draft.diagnosis == yesterday.patient.diagnosis
    assert yesterday.order is not None
    page.set_orders((yesterday.order,))
    carrying.choose_order()
    assert page.draft.order == yesterday.order


def test_the_weight_is_told_as_corrected_and_never_taken(qtbot: QtBot, address: str, opened: tuple[NewCasePage, Carrying]) -> None:
    page, carrying = opened
    day(address, 1)
    look(qtbot, page, carrying, address)
    qtbot.waitUntil(lambda: page.patient.course.isVisibleTo(page))
    words = [label.text() for label in carrying.page.findChildren(QWidget) if hasattr(label, "text") and callable(label.text)]
    assert "82 kg" in words
    with pytest.raises(KeyError):
        carrying.page.key("weight")


def test_a_missing_day_is_a_clear_line_and_no_block(qtbot: QtBot, address: str, opened: tuple[NewCasePage, Carrying]) -> None:
    page, carrying = opened
    day(address, 2)
    look(qtbot, page, carrying, address)
    qtbot.waitUntil(lambda: page.patient.course.isVisibleTo(page))
    assert carrying.page.warnings == "Day 1 is not in this record: amounts and prediction are of the other days alone."
    take(qtbot, carrying, DAY)
    assert carrying.amended(made_setup(uuid="today")).day == 3


def test_a_simulated_day_is_offered_to_nobody_and_another_label_is_another_patient(
    qtbot: QtBot, address: str, opened: tuple[NewCasePage, Carrying]
) -> None:
    page, carrying = opened
    day(address, 1, simulated=True, uuid="simulated")
    look(qtbot, page, carrying, address)
    qtbot.wait(300)
    assert not page.patient.course.isVisibleTo(page)
    day(address, 1)
    page.patient.label.setText("")
    look(qtbot, page, carrying, address)
    qtbot.waitUntil(lambda: page.patient.course.isVisibleTo(page))
    take(qtbot, carrying, DAY)
    page.patient.label.setText("S.T.")
    assert not page.patient.course.isVisibleTo(page)
    assert carrying.amended(made_setup(uuid="today")).day == made_setup().day


def test_where_two_people_are_asked_for_both_names_and_entries_are_recorded(qtbot: QtBot, opened: tuple[NewCasePage, Carrying]) -> None:
    page, _ = opened
    page.doses.ask_for_names(needed=True)
    page.set_orders((made_setup().order,))  # type: ignore[arg-type] # it has one
    page.order.choose(page.order.choice(0).text())
    for entry, text in ((page.doses.weight, "70"), (page.doses.concentration, "2"), (page.doses.syringe, "50")):
        entry.first.fill(text)
        entry.second.fill(text)
    assert "names of both people" in missing_in(page.draft)["concentration_mg_per_ml"]
    page.doses.first_name.setText("A. Nurse")
    page.doses.second_name.setText("a. nurse")
    assert "both names are the same" in missing_in(page.draft)["concentration_mg_per_ml"]
    assert not page.doses.done
    page.doses.second_name.setText("B. Nurse")
    assert missing_in(page.draft) == {}
    setup = case_setup(page.draft, made_setup().preset, Settings(), 0)
    assert setup.concentration_entries == (("A. Nurse", 2.0), ("B. Nurse", 2.0))
    assert entries_words(setup) == "Concentration typed: 2 mg/mL by A. Nurse and 2 mg/mL by B. Nurse"


def test_a_record_that_is_not_begun_holds_no_course_and_no_fault(
    qtbot: QtBot, opened: tuple[NewCasePage, Carrying], tmp_path: Path
) -> None:
    page, carrying = opened
    faults: list[str] = []
    carrying.failed.connect(faults.append)
    page.patient.label.setText(LABEL)
    carrying.look_for(address_of(tmp_path / "not there yet.sqlite"), TODAY_NS)
    assert carrying._errand is not None
    carrying._errand.wait(5)  # its word may have come before anybody could wait for it
    qtbot.wait(10)
    assert not carrying._errand._thread.is_alive()
    assert (faults, carrying.doubt) == ([], "")
