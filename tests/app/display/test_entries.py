"""An entry is called recorded when the core says so, and not recorded when it cannot be sent, is refused or is not answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.display.compose import Display
from app.display.entries import UNCONFIRMED, UNREACHABLE, Entries
from app.plan import CorePlan
from app.settings import Settings
from app.wire import FromDisplay
from clinical.commands import EventKind, RecordEvent
from clinical.instant import Instant
from clinical.messages import FromOperator, Outcome
from tests.app.display.windows import IGNORED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
NOW = Instant(0, 0)
NAUSEA = RecordEvent(kind=EventKind.SIDE_EFFECT, event_at=NOW, text="Nausea")


@pytest.fixture
def display(qtbot: QtBot, tmp_path: Path) -> Iterator[Display]:
    display = Display(CorePlan(database="sqlite://", address=str(tmp_path / "core"), secret=b"s"), Settings())
    display.finish()
    yield display
    display.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_an_entry_that_cannot_be_sent_is_told_as_not_recorded(display: Display) -> None:
    page = display.operator.pages.event_page
    page.key("Nausea").click()
    assert page.confirmation.startswith("NOT recorded")
    assert UNREACHABLE in page.confirmation
    assert display.window.notice.text.startswith("NOT recorded: Nausea")
    display.operator.pages.round.rows[0].answer(3)
    display.operator.pages.round.save.click()
    assert display.operator.pages.round.scores


@pytest.mark.parametrize(("refused", "says"), [("", "Recorded "), ("no case is running", "NOT recorded")])
def test_an_entry_that_was_sent_is_what_the_core_says_of_it(
    display: Display, monkeypatch: pytest.MonkeyPatch, refused: str, says: str
) -> None:
    sent: list[FromDisplay] = []
    monkeypatch.setattr(display.bridge, "send", lambda message: sent.append(message) is None)
    page = display.operator.pages.event_page
    page.key("Nausea").click()
    [event] = sent
    assert isinstance(event, RecordEvent)
    assert not page.confirmation.startswith(("Recorded", "NOT"))
    display.feed.take((Outcome(message=FromOperator(NOW, event), refused=refused),))
    assert page.confirmation.startswith(says)
    assert display.window.notice.text.startswith("NOT recorded: Nausea" if refused else "")


def test_an_entry_without_an_answer_is_not_recorded_until_a_late_one_comes(qtbot: QtBot) -> None:
    entries, told = Entries(within_s=0.02), []
    entries.kept.connect(lambda _: told.append("kept"))
    entries.not_kept.connect(lambda _, why: told.append(why))
    entries.confirm(NAUSEA)  # of another screen, or the past
    assert told == []
    entries.add(NAUSEA)
    qtbot.waitUntil(lambda: told == [UNCONFIRMED], timeout=1000)
    entries.confirm(NAUSEA)
    assert told == [UNCONFIRMED, "kept"]
