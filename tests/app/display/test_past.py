"""A display that comes to a long case shows the present at once, and tells its trend the past in order, in turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.display.compose import Display
from app.display.past import SLICE, Past
from app.plan import CorePlan
from app.settings import Settings
from app.wire import Standing
from clinical.commands import StartCase
from clinical.instant import Instant
from clinical.messages import FromOperator, Outcome, Tick
from clinical.metrics import SPO2
from clinical.observations import Numeric
from tests.app.display.windows import IGNORED
from widgets.gallery_case import SETUP

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
START = Instant(0, 0)
TEN_S = 8640
"""Numbers of one metric in 24 hours."""


@pytest.fixture
def display(qtbot: QtBot, tmp_path: Path) -> Iterator[Display]:
    display = Display(CorePlan(database="sqlite://", address=str(tmp_path / "core"), secret=b"s"), Settings())
    yield display
    display.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def saturation(number: int) -> Outcome:
    numeric = Numeric(at=START.plus(10 * number), metric=SPO2, value=float(number % 100))
    return Outcome(message=Tick(numeric.at), shown=numeric)


def test_the_present_is_shown_at_once_and_the_whole_past_follows_in_turns(qtbot: QtBot, display: Display) -> None:
    display.finish()
    shown: list[Numeric] = []
    drawn: list[Numeric] = []
    display.feed.numeric_shown.connect(shown.append)
    display.past.numeric_due.connect(drawn.append)
    case = Outcome(message=FromOperator(START, StartCase(setup=SETUP)), case=SETUP)
    told = [saturation(number) for number in range(TEN_S)]
    display.bridge._take(Standing((case, *told)))
    assert shown == [told[-1].shown]
    assert drawn == []
    display.past._hand_on()
    assert len(drawn) == SLICE
    display.feed.take((saturation(TEN_S),))
    qtbot.waitUntil(lambda: len(drawn) == TEN_S + 1, timeout=5000)
    assert [numeric.at for numeric in drawn] == [START.plus(10 * number) for number in range(TEN_S + 1)]
    low = display.trend._history.lines[SPO2]._low
    assert np.isfinite(low).sum() > TEN_S / 4  # buckets are joined in pairs as hours pass


def test_what_comes_before_anybody_draws_waits_and_a_new_case_lets_it_go(qtbot: QtBot) -> None:
    past, drawn = Past(), []
    past.numeric_due.connect(drawn.append)
    past.take(saturation(1).shown)
    past.drop()
    past.take(saturation(2).shown)
    assert drawn == []
    past.begin()
    qtbot.waitUntil(lambda: drawn == [saturation(2).shown], timeout=1000)
    past.take(saturation(3).shown)
    assert drawn[1:] == [saturation(3).shown]
