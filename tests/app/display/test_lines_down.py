"""A number whose line is lost is not shown as live for one moment longer, and one from another device stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.clock import room_now
from app.display.compose import Display
from app.display.feed import Feed
from app.display.lines_down import REASON, LinesDown
from app.plan import CorePlan
from app.settings import Settings
from clinical.instant import Instant
from clinical.messages import FromDevice, Outcome
from clinical.metrics import SKIN_TEMPERATURE, SPO2
from clinical.observations import LinkState, LinkStatus, Numeric, Observation
from tests.app.display.windows import IGNORED
from widgets.numeric_tile import SPO2 as SPO2_TILE
from widgets.numeric_tile import NumericTile

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
NOW = Instant(0, 0)
SATURATION = Numeric(at=NOW, metric=SPO2, value=97.0, interval_s=5.0)


class Watched:
    """A tile behind a feed, as in the program."""

    def __init__(self, qtbot: QtBot) -> None:
        self.tile = NumericTile(SPO2_TILE)
        qtbot.addWidget(self.tile)
        self.feed, self.lines = Feed(), LinesDown()
        self.feed.numeric_shown.connect(self.tile.show_numeric)
        self.feed.heard_from.connect(self.lines.hear)
        self.feed.link_changed.connect(self.lines.follow)
        self.lines.number_lost.connect(self.tile.show_numeric)

    def tell(self, device: str, observation: Observation) -> None:
        shown = observation if isinstance(observation, Numeric) else None
        self.feed.take((Outcome(message=FromDevice(device, observation), shown=shown),))

    @property
    def text(self) -> str:
        self.tile.advance(NOW.plus(1))
        return self.tile.reading().text


@pytest.fixture
def watched(qtbot: QtBot) -> Watched:
    return Watched(qtbot)


def link(state: LinkState) -> LinkStatus:
    return LinkStatus(at=NOW, state=state)


@pytest.mark.parametrize("state", [state for state in LinkState if state is not LinkState.LIVE])
def test_a_number_goes_with_its_line_and_comes_with_the_next_value(watched: Watched, state: LinkState) -> None:
    watched.tell("monitor", SATURATION)
    watched.tell("pump", link(state))
    watched.tell("monitor", link(LinkState.LIVE))
    assert watched.text == "97"
    watched.tell("monitor", link(state))
    assert watched.text == "---"
    assert watched.tile.reading().note == REASON
    watched.tell("monitor", link(LinkState.LIVE))
    assert watched.text == "---"
    watched.tell("monitor", SATURATION)
    assert watched.text == "97"


def test_a_number_that_another_device_gives_now_stays(watched: Watched) -> None:
    watched.tell("oximeter", replace(SATURATION, channel="finger"))
    watched.tell("monitor", SATURATION)
    watched.tell("oximeter", link(LinkState.LOST))
    assert watched.text == "97"


def test_the_window_follows_the_lines(qtbot: QtBot, tmp_path: Path) -> None:
    display = Display(CorePlan(database="sqlite://", address=str(tmp_path / "core"), secret=b"s"), Settings())
    now = room_now()
    saturation = replace(SATURATION, at=now)
    display.feed.take((Outcome(message=FromDevice("monitor", saturation), shown=saturation),))
    assert display.window.spo2.reading().text == "97"
    display.feed.take((Outcome(message=FromDevice("monitor", LinkStatus(at=now, state=LinkState.LOST))),))
    assert display.window.spo2.reading().note == REASON
    display.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_every_channel_of_the_device_is_lost(watched: Watched) -> None:
    lost: list[Numeric] = []
    watched.lines.number_lost.connect(lost.append)
    for channel in ("T1", "T2"):
        watched.tell("monitor", Numeric(at=NOW, metric=SKIN_TEMPERATURE, value=33.0, channel=channel))
    watched.tell("monitor", link(LinkState.LOST))
    assert [(numeric.channel, numeric.value) for numeric in lost] == [("T1", None), ("T2", None)]
