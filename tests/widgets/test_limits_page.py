"""Limits are a draft until Apply; outside the preset a reason is asked; Undo stands for ten seconds."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.site_data import SiteData
from clinical import metrics
from clinical.alarm_model import PresetLevel
from clinical.observations import Numeric, Validity
from widgets import gallery_case as case
from widgets.limits_page import LimitsPage
from widgets.theme import Look

FIFTEEN_MM = 54
"""In pixels of the picture, on a screen of 24 inches."""


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1900, 856)
    page = LimitsPage()
    page.setParent(window)
    page.setGeometry(0, 0, 1900, 856)
    page.set_look(Look())
    page.set_preset(case.PRESET)
    page.set_limits(case.PRESET)
    window.show()
    page.advance(case.NOW)
    page.got = []
    page.limit_set.connect(lambda *change: page.got.append(change))
    page.kept_window = window
    return page


def _tap(qtbot, key, times=1):
    for _ in range(times):
        qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def _in_force(page, metric, **sides):
    """The case's limits with one changed, as the core would tell them."""
    limits = tuple(replace(limit, **sides) if limit.metric is metric else limit for limit in case.PRESET.limits)
    page.set_limits(replace(case.PRESET, limits=limits))


def test_nothing_changes_before_apply(page, qtbot):
    _tap(qtbot, page.row(metrics.HEART_RATE).low.more, 3)
    assert page.got == []
    assert page.row(metrics.HEART_RATE).low.value.text() == "65"
    assert page.row(metrics.HEART_RATE).low.value.note == "now 50"


def test_apply_repeats_old_and_new_and_tells_it(page, qtbot):
    _tap(qtbot, page.row(metrics.HEART_RATE).low.more)
    assert page.apply.note == "HR low 50 → 55"
    _tap(qtbot, page.apply)
    assert page.got == [(metrics.HEART_RATE, 55.0, 120, "")]


def test_outside_the_preset_a_reason_is_asked(page, qtbot):
    row = page.row(metrics.NIBP_SYS)
    _tap(qtbot, row.high.more)
    assert row.outside_preset
    assert not page.apply.isEnabled()
    assert page.apply.note == "a reason is asked"
    page.reason.setFocus()
    qtbot.keyClicks(page.reason, "usual 170")
    _tap(qtbot, page.apply)
    assert page.got == [(metrics.NIBP_SYS, 90, 165.0, "usual 170")]


def test_a_reason_is_one_touch(page, qtbot):
    _tap(qtbot, page.row(metrics.NIBP_SYS).high.more)
    keys = page._reasons.buttons()
    _tap(qtbot, keys[0])
    _tap(qtbot, keys[1])
    _tap(qtbot, page.apply)
    assert page.got[0][3] == "Ordered by the doctor"


def test_narrower_than_the_preset_needs_no_reason(page, qtbot):
    _tap(qtbot, page.row(metrics.SPO2).low.more, 2)
    assert not page.row(metrics.SPO2).outside_preset
    _tap(qtbot, page.apply)
    assert page.got == [(metrics.SPO2, 92.0, None, "")]


def test_off_is_shown_as_two_dashes_and_is_outside(page, qtbot):
    row = page.row(metrics.RESP_RATE)
    _tap(qtbot, row.high.value)
    assert row.high.value.text() == "--"
    assert row.outside_preset
    _tap(qtbot, row.high.value)
    assert row.high.value.text() == "24"
    assert not row.changes


def test_a_limit_that_nobody_named_begins_near_the_value(page, qtbot):
    row = page.row(metrics.SPO2)
    assert not row.high.more.isEnabled()
    page.show_numeric(Numeric(at=case.NOW, metric=metrics.SPO2, value=92.0))
    _tap(qtbot, row.high.value)
    assert row.high.draft == 96


def test_low_must_be_below_high(page, qtbot):
    row = page.row(metrics.RESP_RATE)
    _tap(qtbot, row.low.more, 16)
    assert row.crossed
    assert not page.apply.isEnabled()
    assert page.apply.note == "RR: low must be below high"


def test_a_limit_cannot_leave_what_can_be_measured(page, qtbot):
    row = page.row(metrics.SPO2)
    _tap(qtbot, row.low.more, 14)
    assert row.low.draft == 100
    assert not row.low.more.isEnabled()


def test_undo_gives_back_the_old_pair_within_ten_seconds(page, qtbot):
    _tap(qtbot, page.row(metrics.HEART_RATE).low.more)
    _tap(qtbot, page.apply)
    _in_force(page, metrics.HEART_RATE, low=55.0)
    page.advance(case.NOW.plus(9))
    assert page.undo.note == "1 s"
    _tap(qtbot, page.undo)
    assert page.got[-1] == (metrics.HEART_RATE, 50, 120, "undone")
    assert not page.undo.isEnabled()


def test_after_ten_seconds_there_is_no_undo(page, qtbot):
    _tap(qtbot, page.row(metrics.HEART_RATE).low.more)
    _tap(qtbot, page.apply)
    page.advance(case.NOW.plus(10))
    _tap(qtbot, page.undo)
    assert len(page.got) == 1


def test_a_draft_survives_other_limits_being_told(page, qtbot):
    _tap(qtbot, page.row(metrics.HEART_RATE).low.more)
    _in_force(page, metrics.SPO2, low=92)
    assert page.row(metrics.HEART_RATE).low.draft == 55
    assert page.row(metrics.SPO2).low.value.text() == "92"


def test_the_value_of_now_is_blank_when_it_is_not_valid(page):
    row = page.row(metrics.SPO2)
    page.show_numeric(Numeric(at=case.NOW, metric=metrics.SPO2, value=96.4))
    assert "96" in [label.text() for label in row.findChildren(QLabel)]
    page.show_numeric(Numeric(at=case.NOW, metric=metrics.SPO2, value=None, validity=Validity.INVALID))
    assert "---" in [label.text() for label in row.findChildren(QLabel)]


def test_every_key_is_a_finger_wide(page):
    row = page.row(metrics.ETCO2)
    for side in (row.low, row.high):
        for key in (side.less, side.value, side.more):
            assert key.width() >= 72
            assert key.height() >= FIFTEEN_MM


def test_many_limits_scroll_and_apply_stays_in_sight(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1900, 856)
    page = LimitsPage()
    page.setParent(window)
    page.setGeometry(0, 0, 1900, 856)
    page.set_look(Look())
    numbers = [metric for metric in metrics.CATALOGUE.values() if not metric.waveform]
    page.set_limits(replace(case.PRESET, limits=tuple(case.limit(metric, None, 30) for metric in numbers)))
    window.show()
    assert page.minimumSizeHint().height() <= 856
    assert page.apply.visibleRegion().boundingRect().height() == page.apply.height()
    assert page.row(numbers[-1]).high.more.height() >= FIFTEEN_MM


def _beside_the_watch(qtbot, preset):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(830, 856)
    page = LimitsPage(window)
    page.setGeometry(0, 0, 830, 856)
    page.set_look(Look())
    page.set_preset(preset)
    page.set_limits(preset)
    window.show()
    return page


def test_all_limits_of_the_shipped_preset_stand_on_one_page(qtbot):
    preset = SiteData().load_preset("adult-ketamine").value
    page = _beside_the_watch(qtbot, preset)
    for limit in preset.limits:
        row = page.row(limit.metric)
        assert row.visibleRegion().boundingRect().height() == row.height(), limit.metric.label


def test_the_row_for_which_a_reason_is_asked_stays_in_sight_and_the_keys_below_where_they_are(qtbot):
    preset = SiteData().load_preset("adult-ketamine").value
    page = _beside_the_watch(qtbot, preset)
    last = page.row(preset.limits[-1].metric)
    foot = page.apply.mapTo(page, page.apply.rect().topLeft())
    _tap(qtbot, last.high.value)
    assert last.outside_preset
    assert page.reason.isVisible()
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect().height() == last.height())
    assert page.apply.mapTo(page, page.apply.rect().topLeft()) == foot
    _tap(qtbot, last.high.value)
    assert not page.reason.isVisible()


def test_auto_limits_are_a_draft_and_never_wider_than_the_preset(page, qtbot):
    for second, value in enumerate((30.0, 80.0, 80.0, 80.0)):
        at = case.NOW.plus(20 * (second == 3) + second)
        page.show_numeric(Numeric(at=at, metric=metrics.HEART_RATE, value=value))
    _tap(qtbot, page.auto)
    assert page.got == []
    row = page.row(metrics.HEART_RATE)
    assert (row.low.draft, row.high.draft) == (64.0, 100.0)
    assert not row.outside_preset
    assert page.row(metrics.NIBP_SYS).low.draft == page.row(metrics.NIBP_SYS).low.live  # nothing was measured
    _tap(qtbot, page.apply)
    assert page.got == [(metrics.HEART_RATE, 64.0, 100.0, "")]


def test_the_page_says_whose_preset_it_is(page):
    page.set_preset(replace(case.PRESET, level=PresetLevel.SITE))
    assert page.subtitle.text().startswith("site's preset")
    page.set_preset(replace(case.PRESET, refused="ward.toml, line 7: low"))
    assert "refused" in page.subtitle.text()
