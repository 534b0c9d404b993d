"""The trend as drawn: what is on the picture, what is not, and how often it is drawn."""

import subprocess
import sys
import time
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from clinical import metrics
from clinical.commands import EarlierRate
from clinical.dosing.outlook import Outlook
from clinical.observations import Numeric
from clinical.pharmacokinetics.prediction import Predictor
from widgets import gallery_case as case
from widgets.gallery_panels import trend_chart
from widgets.theme import DAY, Look
from widgets.trend_chart import TrendChart
from widgets.trend_outlook import LEAST_AHEAD


@pytest.fixture
def host(qtbot):
    window = QWidget()
    window.resize(1140, 410)
    qtbot.addWidget(window)
    return window


def _staged(host, chart):
    chart.setParent(host)
    chart.setGeometry(0, 0, 1140, 410)
    chart.set_look(Look())
    host.show()
    return chart


def _x_of(chart, at_s):
    """Column of pixels of a moment."""
    point = chart._vitals.vb.mapViewToScene(QPointF(at_s, 0))
    return round(chart._view.mapTo(chart, chart._view.mapFromScene(point)).x())


def _has(image, x, colour, *, near=60):
    wanted = colour.getRgb()
    column = (image.pixelColor(x, y).getRgb() for y in range(30, 270))
    return any(sum(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) < near for pixel in column)


def test_lines_are_drawn_before_and_after_a_gap_and_not_in_it(host):
    chart = _staged(host, trend_chart())
    image = chart.grab().toImage()
    spo2 = DAY.parameter(metrics.SPO2)
    assert _has(image, _x_of(chart, 2000), spo2)
    assert _has(image, _x_of(chart, 5000), spo2)
    assert not _has(image, _x_of(chart, 3445), spo2)
    assert not _has(image, _x_of(chart, 9000), spo2)


@pytest.mark.parametrize("second", [20, 60, 600, 7200])
def test_the_word_now_is_whole_from_the_first_minute_on(host, second):
    chart = _staged(host, TrendChart())
    chart.set_setup(case.SETUP, case.ZERO)
    chart.advance(case.ZERO.plus(second))
    chart.grab()  # its place follows the picture
    word = chart._now.mapRectToScene(chart._now.boundingRect())
    plot = chart._vitals.vb.sceneBoundingRect()
    assert plot.left() - 0.5 <= word.left()
    assert word.right() <= plot.right()
    assert plot.top() + 5 <= word.top() <= plot.top() + 20, "under the wedges of alarms"


def test_scales_do_not_move_with_the_numbers(host):
    chart = _staged(host, TrendChart())
    chart.set_setup(case.SETUP, case.ZERO)
    chart.advance(case.ZERO.plus(5))
    before = chart._vitals.vb.viewRange(), chart._dose.vb.viewRange()
    for second, value in enumerate((3, 240, 60, 199, 0)):
        chart.add_numeric(Numeric(at=case.ZERO.plus(6 + second), metric=metrics.HEART_RATE, value=value))
        chart.add_dose(case.dose_report(case.ZERO.plus(6 + second), rate_mg_per_h=2.5 * second))
    chart.advance(case.ZERO.plus(60))
    assert (chart._vitals.vb.viewRange(), chart._dose.vb.viewRange()) == before


def test_a_rate_above_the_ceiling_is_shown_whole(host):
    chart = _staged(host, TrendChart())
    chart.set_setup(case.SETUP, case.ZERO)
    chart.add_dose(case.dose_report(case.ZERO.plus(6), rate_mg_per_h=90))
    chart.advance(case.ZERO.plus(60))
    assert chart._dose.vb.viewRange()[1][1] > 90


def test_past_the_ordered_end_the_axis_goes_on(host):
    chart = _staged(host, TrendChart())
    chart.set_setup(case.SETUP, case.ZERO)
    chart.advance(case.ZERO.plus(6 * 3600))
    assert chart._vitals.vb.viewRange()[0][1] > 6 * 3600


def test_there_is_always_room_for_what_is_predicted(host):
    chart = _staged(host, TrendChart())
    chart.set_setup(case.SETUP, case.ZERO)
    for minute in range(0, 600, 7):
        chart.advance(case.ZERO.plus(60 * minute))
        assert 60 * minute <= (1 - LEAST_AHEAD) * chart._vitals.vb.viewRange()[0][1]


def test_the_mouse_moves_nothing(host, qtbot):
    chart = _staged(host, trend_chart())
    before = chart._vitals.vb.viewRange()
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(300, 150))
    qtbot.mouseMove(chart, QPoint(500, 180))
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=QPoint(500, 180))
    qtbot.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(500, 180))
    assert chart._vitals.vb.viewRange() == before


def test_axis_shows_the_beds_own_time(host):
    chart = _staged(host, trend_chart())
    ((spacing, ticks),) = chart._axis.tickValues(0, 15552, 1000)
    labels = chart._axis.tickStrings(ticks, 1, spacing)
    assert labels[0] == "12:30"  # 11:20 UTC is 12:20 at the bed
    assert all(label.endswith((":00", ":30")) for label in labels)


def test_drawn_at_most_once_a_second_and_seldom_when_a_pixel_lasts_longer(host):
    chart = _staged(host, trend_chart())
    chart.advance(case.NOW)
    drawn = chart._drawn_s
    chart.advance(case.NOW.plus(0.4))
    assert chart._drawn_s == drawn
    chart.advance(case.NOW.plus(2))
    assert chart._drawn_s == drawn  # nothing new, and a column of pixels is 28 s
    chart.add_event(case.NOW.plus(2), "pain 3", is_score=True)
    chart.advance(case.NOW.plus(3))
    assert chart._drawn_s == drawn + 3
    chart.advance(case.NOW.plus(40))
    assert chart._drawn_s == drawn + 40


def test_a_hidden_chart_costs_nothing_and_is_up_to_date_when_shown(host):
    chart = _staged(host, trend_chart())
    chart.advance(case.NOW)
    host.hide()
    drawn = chart._drawn_s
    chart.advance(case.NOW.plus(600))
    assert chart._drawn_s == drawn
    host.show()
    assert chart._drawn_s == drawn + 600


def test_eight_hours_are_drawn_in_a_few_milliseconds(host):
    chart = _staged(host, TrendChart())
    chart.set_setup(case.SETUP, case.ZERO)
    for numeric in case.vitals(8 * 3600, 10):
        chart.add_numeric(numeric)
    chart.advance(case.ZERO.plus(28700))
    chart.grab()
    took = []
    for step in range(5):
        begin = time.process_time()
        chart.advance(case.ZERO.plus(28800 + 60 * step))
        chart._view.viewport().repaint()
        took.append(time.process_time() - begin)
    assert min(took) < 0.03


def test_no_other_panel_waits_for_pyqtgraph():
    code = "import sys; import widgets.gallery_panels; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=20).returncode == 0


def test_earlier_days_are_named_and_an_effect_site_is_drawn_and_called_assumed_only_where_it_is_asked_for(host):
    day = EarlierRate(day=1, since_utc_ns=0, until_utc_ns=1, rate_mg_per_h=1.0)
    for half_life_min, words in ((None, ""), (6.1, "thin: effect site, assumed t½ke0 6.1 min")):
        chart = _staged(host, TrendChart())
        setup = replace(case.SETUP, half_life_ke0_min=half_life_min, earlier_rates=(day, replace(day, day=2)))
        chart.set_setup(setup, case.ZERO)
        for minute in range(120):
            told = None if half_life_min is None else float(minute)
            chart.add_dose(replace(case.dose_report(), at=case.ZERO.plus(60 * minute), effect_ng_per_ml=told))
        chart.advance(case.ZERO.plus(7200))
        chart.show()
        shown = [label.text() for label in chart.findChildren(QLabel) if label.isVisible()]
        assert "predicted, not measured, with day 1–2" in shown
        assert chart._outlook._effect_name.toPlainText() == words
        assert chart._outlook._effect._lines.elementCount() > 50 or half_life_min is None
        assert chart.minimumSizeHint().width() < 1140, "no legend widens the screen"
        chart.hide()


def test_of_flags_that_crowd_the_newest_has_its_words_and_none_lies_on_anothers(host):
    chart = _staged(host, trend_chart())
    begun = case.NOW.plus(-7000)
    chart.set_flags([(begun.plus(after_s), f"pain {score}", True) for after_s, score in ((0, 7), (60, 6), (4000, 3))])
    chart._draw_flags()
    chart.grab()
    assert [placed.words for placed in chart._flags._placed if placed.flag.shape == "disc"] == ["", "pain 6", "pain 3"]


@pytest.mark.parametrize("width", [1140, 640])
@pytest.mark.parametrize("minute", [4, 60, 100, 150, 200, 300])
def test_the_names_of_what_is_predicted_lie_on_no_other_name(host, width, minute):
    chart = _staged(host, TrendChart())
    chart.setGeometry(0, 0, width, 410)
    chart.set_setup(case.SETUP, case.ZERO)
    now, predictor = case.ZERO.plus(60 * minute), Predictor(70)
    predictor.rate(case.ZERO, 25.0)
    ahead = Outlook(predictor, "ketamine").at(now, rate_mg_per_h=25.0, next_mg_per_h=30.0)
    chart.add_dose(replace(case.dose_report(now), ahead=ahead))
    chart.grab()
    chart.advance(now)
    chart.grab()
    names = [text for text in chart._outlook._names.values() if text.isVisible()]
    marks = [text for text in chart._outlook._mark_names if text.isVisible()]
    assert (len(names), len(marks)) == (3, 2 if width > 1000 or minute == 4 else 0)
    for name, mark in product(names, marks):
        assert not name.mapRectToScene(name.boundingRect()).intersects(mark.mapRectToScene(mark.boundingRect()))
