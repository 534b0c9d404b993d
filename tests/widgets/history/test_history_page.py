"""The history page under real keys and a real mouse, in the offscreen window."""

import re

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets.gallery_history import LENGTH_S, history_page, invented_case
from widgets.gallery_samples import NOW
from widgets.history.history_page import HistoryPage
from widgets.history.history_paint import LANE, LOW_LANE, ONE_LINE, Places
from widgets.history.printed import pdf_of, print_to
from widgets.history.time_span import TimeSpan
from widgets.theme import DAY, NIGHT, Look

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def page(fonts, qtbot):
    page = HistoryPage()
    qtbot.addWidget(page)
    page.set_look(Look(DAY))
    page.resize(1900, 756)
    page.set_case(invented_case())
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.views[0].setFocus()
    return page


def wheel(view, second, up, modifiers=Qt.KeyboardModifier.NoModifier):
    at = QPointF(view.x_of(second), 200)
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, up), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(view, event)


def test_the_whole_case_is_seen_at_first_and_its_waveforms_are_asked_for(fonts, qtbot):
    page = HistoryPage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.looked) as asked:
        page.set_case(invented_case())
    place, span, columns = asked.args
    assert (place, span) == (0, TimeSpan(0.0, LENGTH_S))
    assert columns > 10


def test_keys_pan_and_zoom(page, qtbot):
    view = page.views[0]
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.span.length_s == pytest.approx(LENGTH_S / 1.6)
    before = view.span
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.span.since_s == pytest.approx(before.since_s + 0.1 * before.length_s)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.span.since_s == 0
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.span.until_s == pytest.approx(LENGTH_S)
    QTest.keyClick(view, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: view.span == TimeSpan(0.0, LENGTH_S))


def test_the_wheel_zooms_about_the_pointer_and_the_hand_drags_the_paper(page):
    view = page.views[0]
    wheel(view, 3600.0, 480)
    assert view.span.length_s == pytest.approx(LENGTH_S / 1.6**4)
    x = view.x_of(3600.0)
    assert view.second_at(x) == pytest.approx(3600.0)
    middle = QPoint(900, 250)
    grabbed = view.second_at(900)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(view, QPoint(800, 250))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(800, 250))
    assert view.second_at(800) == pytest.approx(grabbed, abs=view.span.length_s / 500)
    before = view.span
    wheel(view, 3600.0, -120, Qt.KeyboardModifier.ShiftModifier)
    assert view.span.since_s > before.since_s


def test_jumps_go_to_the_next_and_back(page, qtbot):
    view = page.views[0]
    QTest.mouseClick(page.keys["next_alarm"], Qt.MouseButton.LeftButton)
    assert view.span.since_s < 5910 < view.span.until_s
    assert view.cursors["A"] == 5910
    assert "SpO₂ 88 < 90" in page.subtitle.text()
    QTest.keyClick(page, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: view.cursors["A"] == 9600)
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: view.cursors["A"] == 2400)
    QTest.keyClick(page, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: view.cursors["A"] == 8000)
    QTest.keyClick(page, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: page.subtitle.text() == "No later event.")


def test_cursors_measure_times_values_and_differences(page, qtbot):
    view = page.views[0]
    QTest.keyClick(page, Qt.Key.Key_A)
    QTest.keyClick(page, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: view.cursors == {"A": pytest.approx(LENGTH_S / 3), "B": pytest.approx(2 * LENGTH_S / 3)})
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(view.cursors["B"])), 300))
    QTest.mouseMove(view, QPoint(round(view.x_of(6000.0)), 300))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.x_of(6000.0)), 300))
    assert view.cursors["B"] == pytest.approx(6000, abs=10)
    told = page.reading.text()
    assert re.search(r"SpO₂ 88\b", told)
    a, b = view.cursors["A"], view.cursors["B"]
    assert f"B − A {int(b - a) // 60}:{int(b - a) % 60:02d}" in told
    assert re.search(r"B − A .*SpO₂ −\d+", told)
    QTest.keyClick(page, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: "A" not in view.cursors)
    assert "B − A" not in page.reading.text()


def test_waveforms_of_a_stretch_that_is_no_longer_shown_are_not_drawn(fonts, qtbot):
    page = history_page()
    qtbot.addWidget(page)
    page.looked.disconnect()
    view = page.views[0]
    old = view.span
    view.look_at(TimeSpan(100.0, 200.0))
    page.set_waves(0, old, ())
    assert view._waves_of != view.span


def test_it_gives_way_when_nobody_touches_it_and_a_stored_case_does_not(page, qtbot):
    with qtbot.waitSignal(page.back_requested):
        page.advance(NOW)
        page.advance(NOW.plus(30))
        QTest.keyClick(page.views[0], Qt.Key.Key_Right)
        page.advance(NOW.plus(61))
        assert page.back.note == "closes in 1:00"
        page.advance(NOW.plus(122))
    stored = HistoryPage(stored=True)
    qtbot.addWidget(stored)
    stored.show()
    with qtbot.assertNotEmitted(stored.back_requested):
        stored.advance(NOW)
        stored.advance(NOW.plus(300))


def test_two_days_share_the_time_since_their_start(fonts, qtbot):
    page = history_page(compared=True)
    qtbot.addWidget(page)
    page.show()
    page.views[0].look_at(TimeSpan(3600.0, 7200.0))
    assert page.views[1].span == TimeSpan(3600.0, 7200.0)
    assert page.views[1].sight().elapsed
    page.set_compared(None)
    assert not page.views[1].isVisible()
    assert not page.views[0].sight().elapsed


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)], ids=lambda size: f"{size[0]}")
def test_the_trace_is_drawn_in_its_colour_and_nothing_else_is_bright(fonts, qtbot, theme, size):
    page = history_page()
    qtbot.addWidget(page)
    scale = size[0] / 1920
    page.set_look(Look(theme, scale))
    page.resize(round(1900 * scale), round(756 * scale))
    page.show()
    image = page.views[0].grab().toImage()
    wanted = QColor(page.look.theme.ecg)
    lane = range(image.width() // 2, image.width() // 2 + 60)
    seen = {image.pixelColor(x, y).name() for x in lane for y in range(image.height())}
    near = [QColor(name) for name in seen]
    far = [abs(one.red() - wanted.red()) + abs(one.green() - wanted.green()) + abs(one.blue() - wanted.blue()) for one in near]
    assert min(far) < 90
    if theme is NIGHT:
        assert "#ffffff" not in seen
    ground = [image.pixelColor(x, image.height() // 8).name() == theme.panel.lower() for x in range(image.width() // 10, image.width(), 7)]
    assert sum(ground) > 0.5 * len(ground)  # traces, not areas, between the trends


def test_a_print_is_the_same_twice_and_a_pdf(page, tmp_path, qtbot):
    sight = page.views[0].sight()
    first = pdf_of(sight)
    qtbot.wait(1100)  # a second later: no moment of making may be in it
    assert pdf_of(sight) == first
    assert first.startswith(b"%PDF-1.")
    assert first.rstrip().endswith(b"%%EOF")
    assert print_to(tmp_path / "new" / "a.pdf", sight, sight).stat().st_size > len(first)


def test_nothing_says_that_it_is_being_read_once_the_second_case_is_there(page):
    page.show_reading("Reading …")
    page.set_compared(invented_case())
    assert page.subtitle.text() == ""


@pytest.mark.parametrize("waves", [1, 5, 8])
@pytest.mark.parametrize("height", [290, 620])
def test_lanes_of_a_long_stretch_are_low_but_never_lower_than_their_names(waves, height):
    look, area = Look(DAY), QRectF(0, 0, 1900, height)
    low, tall = (Places.of(area, look, waves=waves, lane=lane).waves.height() / waves for lane in (LOW_LANE, LANE))
    assert low <= tall
    assert low >= min(look.px(ONE_LINE) - 4, 0.5 * (height - 150) / waves)
