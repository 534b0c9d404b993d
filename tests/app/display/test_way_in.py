"""From the start page into a watch and back, in the real window with a real core over a database of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.display.opening import Opening
from app.display.program import Program
from app.plan import CorePlan, Demonstration
from app.remembered import Remembered
from clinical.commands import SetLimit
from clinical.messages import Outcome, Tick
from clinical.metrics import SPO2
from clinical.observations import Numeric
from storage.cases import list_cases, open_case, unfinished
from storage.errors import StoreError
from tests.app.display.windows import IGNORED, Database, covers, emulated_oximeter, window
from widgets.new_case.double_entry import DIFFERENT, DoubleEntry
from widgets.new_case_page import NewCasePage
from widgets.touch_key import TouchKey

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
ROOT = Path(__file__).parents[3]
SOON_MS = 15_000


def key_titled(keys: tuple[TouchKey, ...], title: str) -> TouchKey:
    return next(key for key in keys if key.text() == title)


def press(qtbot: QtBot, key: TouchKey) -> None:
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def painted(program: Program, tile: str) -> bool:
    """Whether the tile, in sight, shows a number that is live."""
    shown = getattr(program.display.window, tile)
    return bool(shown.isVisible() and shown.reading().live and shown.reading().text.strip("0123456789") == "")


def end_case(qtbot: QtBot, program: Program) -> None:
    operator = program.display.operator
    operator.press("case")
    operator.pages.case.advance(program.display.time.now())
    press(qtbot, operator.pages.case.end)
    press(qtbot, operator.pages.case.end)


def test_demonstration_is_watched_and_ended_and_nothing_of_it_stays(qtbot: QtBot, database: Database) -> None:
    with window(database) as program:
        first, page = program.display, program.starting.page
        assert covers(program, page)
        qtbot.waitUntil(lambda: len(page.scenarios.keys) > 0, timeout=SOON_MS)
        press(qtbot, key_titled(page.scenarios.keys, "Quiet day"))
        qtbot.waitUntil(lambda: painted(program, "spo2"), timeout=SOON_MS)
        assert program.display.window.bar.simulated
        assert program.shell.windowTitle() == "Bedside"
        core = psutil.Process(first.keeper._process.pid)
        end_case(qtbot, program)
        qtbot.waitUntil(lambda: program.display is not first and len(program.starting.page.reviews.keys) == 1, timeout=SOON_MS)
        assert covers(program, program.starting.page)
        assert not core.is_running()
        assert not program.display.window.spo2.reading().live
        assert program.starting.page.resume.isVisible() is False
    [case] = list_cases(database.url)
    assert case.end_reason == "ended by the operator"
    assert case.setup.simulated


def test_case_is_resumed_after_core_and_display_were_killed(qtbot: QtBot, database: Database) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app", "--database", database.url, "demo", "--scenario", "quiet-day"]
    display = psutil.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    remembered = Path(os.environ["XDG_DATA_HOME"]) / "bedside" / "remembered.json"
    qtbot.waitUntil(lambda: remembered.exists() and _stored(database) == 1, timeout=SOON_MS)
    both = [display, *display.children(recursive=True)]
    for process in both:
        process.send_signal(signal.SIGSTOP)
    for process in both:
        process.kill()
    psutil.wait_procs(both, timeout=5)
    [case] = unfinished(database.url)
    remembered.rename(database.path.with_name("remembered.json"))
    with window(database) as program:
        page = program.starting.page
        qtbot.waitUntil(page.resume.isVisible, timeout=SOON_MS)
        press(qtbot, page.resume)
        qtbot.waitUntil(lambda: painted(program, "spo2"), timeout=SOON_MS)
        assert program.display.state.setup is not None
        assert program.display.state.setup.uuid == case.setup.uuid
        end_case(qtbot, program)
        qtbot.waitUntil(lambda: not unfinished(database.url), timeout=SOON_MS)
    assert len(list_cases(database.url)) == 1


def _stored(database: Database) -> int:
    try:
        return len(unfinished(database.url))
    except StoreError:
        return 0


def type_twice(qtbot: QtBot, entry: DoubleEntry, first: str, second: str) -> None:
    for number, text in ((entry.first, first), (entry.second, second)):
        qtbot.keyClicks(number.field, text)
        qtbot.keyClick(number.field, Qt.Key.Key_Return)


def order_key(page: NewCasePage, beginning: str) -> TouchKey:
    return next(key for key in page.order._choices.buttons() if key.text().startswith(beginning))


def test_new_case_is_typed_and_its_device_is_previewed_watched_and_recorded(qtbot: QtBot, database: Database) -> None:
    with emulated_oximeter() as port, window(database) as program:
        press(qtbot, program.starting.page.new_case)
        page = program.starting.new_case.page
        qtbot.waitUntil(lambda: covers(program, page), timeout=SOON_MS)
        qtbot.keyClicks(page.patient.label, "M. K.")
        type_twice(qtbot, page.doses.weight, "70", "70")
        type_twice(qtbot, page.doses.concentration, "2", "2")
        press(qtbot, order_key(page, "Stepped"))
        line = page.devices.line("oximeter")
        press(qtbot, line.key)
        device_page = program.starting.new_case.devices.device_page
        qtbot.waitUntil(lambda: covers(program, device_page), timeout=SOON_MS)
        press(qtbot, device_page.driver_key("nonin"))
        qtbot.keyClicks(device_page.address, port)
        qtbot.keyClick(device_page.address, Qt.Key.Key_Return)
        press(qtbot, device_page.back)
        qtbot.waitUntil(lambda: line.answers and line.shown.endswith("%"), timeout=SOON_MS)
        assert list_cases(database.url) == []
        program.starting.new_case.limits.page.limit_set.emit(SPO2, 88.0, None, "Usual for this patient")
        press(qtbot, page.start)
        qtbot.waitUntil(lambda: painted(program, "spo2"), timeout=SOON_MS)
        assert not page.isVisible()
        assert not program.display.window.bar.simulated
        assert Remembered(database.path.with_name("remembered.json")).devices()[0].address == port
        end_case(qtbot, program)
        qtbot.waitUntil(lambda: _stored(database) == 0 and len(list_cases(database.url)) == 1, timeout=SOON_MS)
    [case] = list_cases(database.url)
    assert (case.setup.patient.label, case.setup.weight_kg, case.setup.simulated) == ("M. K.", 70.0, False)
    assert case.setup.source_order == ("oximeter",)
    with open_case(database.url, case.id) as history:
        [limit] = [kept.command for kept in history.commands() if isinstance(kept.command, SetLimit)]
    assert (limit.metric, limit.low, limit.reason) == (SPO2, 88.0, "Usual for this patient")


def test_wrong_second_entry_clears_both_and_a_case_without_weight_is_not_begun(qtbot: QtBot, database: Database) -> None:
    with window(database) as program:
        press(qtbot, program.starting.page.new_case)
        page = program.starting.new_case.page
        type_twice(qtbot, page.doses.weight, "70", "71")
        assert page.doses.weight.sentence == DIFFERENT
        assert page.doses.weight.first.field.text() == page.doses.weight.second.field.text() == ""
        assert page.order._choices.buttons() == []
        press(qtbot, page.start)
        assert "weight" in page.doses.weight.sentence
        assert "concentration" in page.doses.concentration.sentence
        assert "order" in page.order.note.text()
        assert covers(program, page)
        type_twice(qtbot, page.doses.weight, "700", "700")
        assert "is 70 meant?" in page.doses.weight.sentence
        type_twice(qtbot, page.doses.concentration, "5000", "5000")
        assert page.doses.concentration.value is None
        page.doses.concentration.clear()
        type_twice(qtbot, page.doses.concentration, "2", "2")
        press(qtbot, order_key(page, "Stepped"))
        press(qtbot, page.start)
        assert "is 70 meant?" in program.display.window.notice.text
        assert "press Start watching again" in program.display.window.notice.text
        assert program.display.keeper._process is None


def test_database_that_is_none_is_told_on_the_start_page_and_as_a_notice_with_a_way_back(qtbot: QtBot, database: Database) -> None:
    database.path.write_text("no database at all, only words\n")
    with window(database) as program:
        page = program.starting.page
        qtbot.waitUntil(lambda: "is no database" in page.reviews._empty.text() and bool(page.scenarios.keys), timeout=SOON_MS)
        press(qtbot, page.scenarios.keys[0])
        notice = program.starting.notice
        qtbot.waitUntil(lambda: covers(program, notice), timeout=SOON_MS)
        assert "is no database" in notice.text
        assert program.display.window.curtain.isVisible() is False
        press(qtbot, notice.key)
        qtbot.waitUntil(lambda: covers(program, program.starting.page), timeout=SOON_MS)
        assert program.status == 0


def test_fault_of_what_the_command_line_asked_for_ends_the_program_with_a_status(
    qtbot: QtBot, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = CorePlan(database=database.url, demonstration=Demonstration(scenario="no-such-day"))
    with window(database, Opening.PLAN, plan) as program:
        notice = program.starting.notice
        qtbot.waitUntil(lambda: covers(program, notice), timeout=SOON_MS)
        press(qtbot, notice.key)
        assert program.status == 1
        assert not program.shell.isVisible()
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("bedside: ")]
    assert len(lines) == 1
    assert "no-such-day" in lines[0]


def test_refused_command_is_told_on_a_line_and_not_in_the_title(qtbot: QtBot, database: Database) -> None:
    with window(database) as program:
        program.display.feed.command_refused.emit("no case is running: start one first")
        notice = program.display.window.notice
        assert notice.isVisible()
        assert notice.text == "no case is running: start one first"
        assert program.shell.windowTitle() == program.display.window.windowTitle() == "Bedside"
        notice.advance(program.display.time.now().plus(11))
        assert not notice.isVisible()


def test_nothing_of_a_preview_stands_in_the_watch_of_another_case(qtbot: QtBot, database: Database) -> None:
    with window(database) as program:
        before = program.display
        before.feed.take((Outcome(message=Tick(before.time.now()), shown=Numeric(at=before.time.now(), metric=SPO2, value=97.0)),))
        before.keeper.hear_named(1)
        before.keeper.hear_lost(True)
        qtbot.waitUntil(lambda: bool(program.starting.page.scenarios.keys), timeout=SOON_MS)
        press(qtbot, program.starting.page.scenarios.keys[0])
        assert program.display is not before
        assert program.display.window.isVisible()
        assert not before.window.isVisible()
        assert not program.display.window.spo2.reading().live
        assert program.display.keeper.plan.demonstration is not None
