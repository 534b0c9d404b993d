"""The page of all sources, and what a tile says of where its number comes from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.observations import Numeric, Priority, Validity
from clinical.sources import Source, SourceStanding
from widgets.numeric_tile import HR, RR, SPO2, NumericTile
from widgets.sheet import Text
from widgets.sources_page import SourcesPage
from widgets.theme import Look
from widgets.tile import SourceWord

MONITOR, OXIMETER = Source(device="monitor"), Source(device="oximeter")


def number(at, value, metric=metrics.SPO2, **more):
    return Numeric(at=at, metric=metric, value=value, validity=Validity.INVALID if value is None else Validity.VALID, **more)


def standing(shown=OXIMETER, sources=(OXIMETER, MONITOR), by=""):
    return SourceStanding(metric=metrics.SPO2, sources=sources, shown=shown, chosen_by=by)


def hosted(qtbot) -> SourcesPage:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(824, 856)
    page = SourcesPage()
    page.setParent(window)
    page.setGeometry(0, 0, 824, 856)
    page.set_look(Look())
    window.show()
    page.host = window  # else nothing holds it
    return page


@pytest.fixture
def page(qtbot, now):
    page = hosted(qtbot)
    page.show_sources_of("SpO₂", (metrics.SPO2,))
    page.set_standing(standing())
    page.take("oximeter", number(now, 97))
    page.take("oximeter", number(now, 71, metrics.PULSE_RATE))
    page.take("monitor", number(now.plus(-3), 95, interval_s=5))
    page.advance(now.plus(1))
    return page


def test_every_source_with_its_value_age_and_worth(page, now):
    first, second = page.rows(metrics.SPO2)
    assert first.words == ("oximeter", "shown · first choice", "97", "Pulse 71", "valid   1 s ago")
    assert second.words == ("monitor", "", "95", "", "valid   4 s ago")
    page.take("oximeter", number(now.plus(2), None, reason="sensor off"))
    page.advance(now.plus(14))
    assert first.words[2:5:2] == ("---", "no value for 12 s")
    assert second.words[4] == "no value for 17 s"


def test_a_value_that_is_not_valid_says_why(page, now):
    page.take("oximeter", number(now.plus(1), None, reason="sensor off"))
    page.advance(now.plus(2))
    assert page.rows(metrics.SPO2)[0].words[2:5:2] == ("---", "sensor off   1 s ago")


def test_choosing_another_asks_for_it_and_the_first_choice_cannot_be_chosen(page, qtbot):
    asked = []
    page.source_chosen.connect(lambda metric, source: asked.append((metric, source)))
    first, second = page.rows(metrics.SPO2)
    assert not first.choose.isEnabled()
    qtbot.mouseClick(second.choose, Qt.MouseButton.LeftButton)
    assert asked == [(metrics.SPO2, MONITOR)]


def test_the_choice_is_told_with_who_made_it(page):
    page.set_standing(standing(MONITOR, (MONITOR, OXIMETER), "A. N."))
    assert [row.source for row in page.rows(metrics.SPO2)] == [MONITOR, OXIMETER]
    assert any("first choice by A. N." in label.text() for label in page.findChildren(type(page.title)))


def test_one_source_gives_no_choice(qtbot, now):
    page = hosted(qtbot)
    page.take("monitor", number(now, 33, metrics.SKIN_TEMPERATURE, channel="T1"))
    page.take("monitor", number(now, 31, metrics.SKIN_TEMPERATURE, channel="T2"))
    page.show_sources_of("Skin", (metrics.SKIN_TEMPERATURE,))
    page.advance(now)
    (row,) = page.rows(metrics.SKIN_TEMPERATURE)
    assert row.words[2] == "33.0  31.0"
    assert not row.choose.isVisible()


def made(qtbot, spec, now):
    tile = NumericTile(spec)
    qtbot.addWidget(tile)
    tile.resize(360, 148)
    tile.advance(now)
    return tile


def words(tile):
    return [item.text for item in tile.items() if isinstance(item, Text)]


def test_a_tile_names_its_source_only_where_there_are_several(qtbot, now):
    tile = made(qtbot, SPO2, now)
    tile.show_numeric(number(now, 97))
    tile.advance(now)
    assert "oximeter" not in words(tile)
    tile.set_source(metrics.SPO2, SourceWord("oximeter"))
    tile.advance(now)
    assert "oximeter" in words(tile)
    calm = next(item.colour for item in tile.items() if isinstance(item, Text) and item.text == "oximeter")
    tile.set_source(metrics.SPO2, SourceWord("oximeter", stands_in=True))
    tile.advance(now)
    told = next(item.colour for item in tile.items() if isinstance(item, Text) and item.text == "oximeter")
    assert calm != told


@pytest.mark.parametrize(("spec", "size"), [(SPO2, (360, 129)), (SPO2, (207, 88)), (HR, (360, 144)), (RR, (177, 144))])
def test_the_source_lies_on_nothing_else(qtbot, now, spec, size):
    tile = made(qtbot, spec, now)
    tile.resize(*size)
    tile.set_look(Look(scale=0.58 if size[0] == 207 else 1.0))
    tile.set_source(spec.metric, SourceWord("oximeter"))
    tile.set_limits(AlarmPreset(name="", source="", limits=(limit(spec.metric, 90),)))
    tile.show_numeric(number(now, 100, spec.metric))
    tile.advance(now)
    texts = [item for item in tile.items() if isinstance(item, Text)]
    (word,) = (item for item in texts if "oxi" in item.text)
    assert not [item.text for item in texts if item is not word and item.box().intersects(word.box())]


def limit(metric, low):
    return AlarmLimit(metric=metric, low=low, high=None, priority=Priority.HIGH, delay_s=0, hysteresis=0)


def test_a_pulse_in_the_place_of_the_heart_rate_is_called_so_and_has_its_own_limits_and_colour(qtbot, now):
    tile = made(qtbot, HR, now)
    tile.set_limits(AlarmPreset(name="", source="", limits=(limit(metrics.HEART_RATE, 50), limit(metrics.PULSE_RATE, 45))))
    tile.show_numeric(number(now, 70, metrics.HEART_RATE))
    tile.show_numeric(number(now, 72, metrics.PULSE_RATE))
    tile.set_source(metrics.PULSE_RATE, SourceWord("oximeter"))
    tile.advance(now)
    assert {"HR", "70", "50"} <= set(words(tile))
    tile.show_numeric(number(now.plus(1), None, metrics.HEART_RATE, reason="lead off"))
    tile.advance(now.plus(1))
    assert {"Pulse", "SpO₂", "oximeter", "72", "45"} <= set(words(tile))
    assert tile.inks().number == tile.look.theme.parameter(metrics.PULSE_RATE)


def test_a_breathing_rate_says_how_it_is_counted_where_there_are_two_ways(qtbot, now):
    tile = made(qtbot, RR, now)
    tile.show_numeric(number(now, 14, metrics.CO2_RESP_RATE))
    tile.advance(now)
    assert not any(word.startswith("·") for word in words(tile))
    tile.show_numeric(number(now, 15, metrics.IMPEDANCE_RESP_RATE))
    tile.advance(now)
    assert "· CO₂" in words(tile)


def test_a_touch_on_a_tile_asks_for_more(qtbot, now):
    tile = made(qtbot, SPO2, now)
    with qtbot.waitSignal(tile.pressed, timeout=1000):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
