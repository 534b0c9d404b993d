import itertools

import pytest
from PySide6.QtGui import QColor

from clinical import metrics
from clinical.alarm_model import Alarm, AlarmLimit, Kind, Presence
from clinical.instant import Instant
from clinical.observations import Numeric, Priority, Validity
from widgets.flash import fill_is_on
from widgets.nibp_tile import NibpTile
from widgets.numeric_tile import HR, RR, SPO2, NumericTile
from widgets.reading import figures, read
from widgets.sheet import Fill, Text
from widgets.skin_tile import SkinTile
from widgets.theme import DAY


def number(at, value, metric=metrics.SPO2, **more):
    return Numeric(at=at, metric=metric, value=value, **more)


def alarm(at, priority=Priority.HIGH, presence=Presence.ON):
    return Alarm(
        condition="c", kind=Kind.PHYSIOLOGICAL, priority=priority, presence=presence, title="SpO₂ 84 < 90", detail="", since=at,
        metric=metrics.SPO2, value=84.0, limit=90.0,
    )  # fmt: skip


def limit(metric, low, high):
    return AlarmLimit(metric=metric, low=low, high=high, priority=Priority.HIGH, delay_s=0, hysteresis=0)


def made(qtbot, tile, now, size=(360, 148)):
    qtbot.addWidget(tile)
    tile.resize(*size)
    tile.advance(now)
    tile.show()
    return tile


def words(tile):
    return [item.text for item in tile.items() if isinstance(item, Text)]


def ground(tile):
    return QColor(tile.grab().toImage().pixelColor(tile.width() // 2, tile.height() - 6)).name()


def test_a_number_lives_for_three_intervals_and_not_longer(qtbot, now):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.show_numeric(number(now, 96, interval_s=2.0))
    tile.advance(now.plus(6.0))
    assert "96" in words(tile)
    tile.advance(now.plus(6.1))
    assert "96" not in words(tile)
    assert "---" in words(tile)
    tile.advance(now.plus(42))
    assert "no value for 42 s" in words(tile)


def painted(tile):
    """The second time: Qt may draw the edge of a glyph of a variable typeface in another shade when a text is new to it."""
    tile.grab()
    return tile.grab().toImage()


def test_a_stale_number_leaves_no_pixel_of_itself(qtbot, now):
    tile, blank = made(qtbot, NumericTile(HR), now), made(qtbot, NumericTile(HR), now)
    for shown, value in ((tile, 188), (blank, 51)):
        shown.show_numeric(number(now, value, metrics.HEART_RATE))
        shown.grab()
        shown.advance(now.plus(30))
    assert painted(tile) == painted(blank)


@pytest.mark.parametrize(
    ("validity", "reason", "note"),
    [(Validity.INVALID, "sensor off", "sensor off"), (Validity.ONGOING, "", "measuring"), (Validity.NOT_AVAILABLE, "", "not available")],
)
def test_what_the_device_does_not_stand_for_is_not_shown(qtbot, now, validity, reason, note):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.show_numeric(number(now, None, validity=validity, reason=reason))
    tile.advance(now.plus(0.1))
    assert {"---", note} <= set(words(tile))


def test_a_value_marked_invalid_is_hidden_even_if_it_is_sent(now):
    assert read(number(now, 127.0, validity=Validity.INVALID), now).text == "---"


def test_a_doubtful_number_is_marked(qtbot, now):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.show_numeric(number(now, 91, validity=Validity.QUESTIONABLE))
    tile.advance(now.plus(0.1))
    assert {"91", "?"} <= set(words(tile))


def test_another_metric_stands_in_only_while_the_first_is_silent(qtbot, now):
    tile = made(qtbot, NumericTile(RR), now)
    tile.show_numeric(number(now, 14, metrics.RESP_RATE))
    tile.show_numeric(number(now.plus(5), 12, metrics.CO2_RESP_RATE))
    tile.advance(now.plus(2))
    assert tile.reading().text == "14"
    tile.advance(now.plus(6))
    assert tile.reading().text == "12"


def test_numbers_of_other_tiles_are_let_pass(qtbot, now):
    tile = made(qtbot, NumericTile(HR), now)
    tile.show_numeric(number(now, 96, metrics.SPO2))
    tile.advance(now.plus(0.1))
    assert tile.reading().text == "---"


def test_high_flashes_at_two_hertz_and_medium_at_six_tenths(now):
    high, medium = alarm(now), alarm(now, Priority.MEDIUM)
    moments = [now.plus(step / 100) for step in range(1000)]

    def edges(one):
        states = [fill_is_on(one, at) for at in moments]
        return sum(a != b for a, b in itertools.pairwise(states)), sum(states) / len(states)

    assert edges(high) == (pytest.approx(40, abs=1), pytest.approx(0.5, abs=0.02))
    assert edges(medium) == (pytest.approx(12, abs=1), pytest.approx(0.5, abs=0.02))


def test_fill_flashes_on_the_screen_and_stays_when_paused_or_acknowledged(qtbot, now):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.set_alarm(alarm(now))
    tile.advance(now.plus(0.1))
    assert ground(tile) == DAY.high.lower()
    tile.advance(now.plus(0.35))
    assert ground(tile) == DAY.panel.lower()
    tile.set_alarm(alarm(now), steady=True)
    tile.advance(now.plus(0.36))
    assert ground(tile) == DAY.high.lower()
    tile.set_alarm(alarm(now, presence=Presence.ACKNOWLEDGED))
    tile.advance(now.plus(0.37))
    assert ground(tile) == DAY.high.lower()
    tile.set_alarm(None)
    tile.advance(now.plus(0.38))
    assert ground(tile) == DAY.panel.lower()


def test_the_crossed_limit_is_boxed(qtbot, now):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.set_limit(limit(metrics.SPO2, 90, 100))
    tile.advance(now.plus(0.06))
    boxes = [item for item in tile.items() if isinstance(item, Fill)]
    assert len(boxes) == 1
    tile.set_alarm(alarm(now))
    tile.advance(now.plus(0.1))
    box = [item for item in tile.items() if isinstance(item, Fill)][1].box
    (low,) = [item for item in tile.items() if isinstance(item, Text) and item.text == "90"]
    assert box.contains(low.box())


def test_nothing_is_repainted_unless_it_changed(qtbot, now):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.show_numeric(number(now, 96, interval_s=60))
    tile.advance(now.plus(0.1))
    qtbot.waitUntil(lambda: tile.repaints > 0)
    qtbot.wait(20)
    painted = tile.repaints
    for step in range(60):
        tile.show_numeric(number(now.plus(step / 10), 96, interval_s=60))
        tile.advance(now.plus(0.1 + step / 10))
    qtbot.wait(30)
    assert tile.repaints == painted
    tile.show_numeric(number(now, 95, interval_s=60))
    tile.advance(now.plus(7))
    qtbot.waitUntil(lambda: tile.repaints == painted + 1)


def test_a_new_value_is_shown_at_the_next_beat(qtbot, now):
    tile = made(qtbot, NumericTile(SPO2), now)
    tile.advance(now.plus(1))
    tile.show_numeric(number(now.plus(1), 88))
    tile.advance(now.plus(1.001))
    assert "88" in words(tile)


def test_cuff_tells_when_it_measured_and_when_the_next_is_due(qtbot, now):
    tile = made(qtbot, NibpTile(), now)
    tile.set_utc_offset(60)
    for metric, value in ((metrics.NIBP_SYS, 148), (metrics.NIBP_DIA, 84), (metrics.NIBP_MEAN, 105)):
        tile.show_numeric(number(now, value, metric, measured_at=now.plus(-120), interval_s=5))
    tile.set_next(now.plus(52))
    tile.advance(now.plus(0.1))
    assert tile.number() == "148/84"
    assert tile.story() == "(105)   13:23   next 0:52"
    tile.advance(now.plus(53))
    assert tile.number() == "---"
    assert tile.story() == "no value for 53 s   next due"


def cuff(at, *, validity=Validity.VALID, measured_at=None):
    told = ((metrics.NIBP_SYS, 148), (metrics.NIBP_DIA, 84), (metrics.NIBP_MEAN, 105))
    if validity is not Validity.VALID:
        told = tuple((metric, None) for metric, _value in told)
    return [number(at, value, metric, validity=validity, measured_at=measured_at, interval_s=5) for metric, value in told]


def test_the_last_cuff_reading_stays_with_its_time_while_the_next_is_measured(qtbot, now):
    tile = made(qtbot, NibpTile(), now)
    tile.set_utc_offset(60)
    tile.set_next(now.plus(52))
    for numeric in cuff(now, measured_at=now.plus(-120)):
        tile.show_numeric(numeric)
    for after_s in range(1, 40):
        for numeric in cuff(now.plus(after_s), validity=Validity.ONGOING):
            tile.show_numeric(numeric)
    tile.advance(now.plus(40))
    assert (tile.number(), tile.story()) == ("148/84", "(105)   13:23   measuring")
    for numeric in cuff(now.plus(41), measured_at=now.plus(41)):
        tile.show_numeric(numeric)
    tile.advance(now.plus(41))
    assert (tile.number(), tile.story()) == ("148/84", "(105)   13:26   next 0:11")


@pytest.mark.parametrize("measured_s_ago", [None, 120])
def test_a_cuff_reading_goes_when_nobody_knows_its_time_or_the_measurement_fails(qtbot, now, measured_s_ago):
    tile = made(qtbot, NibpTile(), now)
    for numeric in cuff(now, measured_at=None if measured_s_ago is None else now.plus(-measured_s_ago)):
        tile.show_numeric(numeric)
    failed = Validity.ONGOING if measured_s_ago is None else Validity.INVALID
    for numeric in cuff(now.plus(1), validity=failed):
        tile.show_numeric(numeric)
    tile.advance(now.plus(1))
    assert tile.number() == "---"


def test_a_cuff_reading_goes_when_the_monitor_falls_silent_in_the_middle_of_the_next(qtbot, now):
    tile = made(qtbot, NibpTile(), now)
    for numeric in (*cuff(now, measured_at=now.plus(-120)), *cuff(now.plus(2), validity=Validity.ONGOING)):
        tile.show_numeric(numeric)
    tile.advance(now.plus(18))
    assert tile.number() == "---"
    assert "no value for 16 s" in tile.story()


def test_skin_difference_needs_both_sides(qtbot, now):
    tile = made(qtbot, SkinTile(), now)
    tile.set_channels(("T1", "R hand"), ("T2", "L hand"))
    tile.show_numeric(number(now, 31.9, metrics.SKIN_TEMPERATURE, channel="T1", interval_s=60))
    tile.show_numeric(number(now, 33.4, metrics.SKIN_TEMPERATURE, channel="T2"))
    tile.advance(now.plus(1))
    assert tile.difference() == "−1.5"
    tile.advance(now.plus(4))
    assert tile.difference() == "---"
    assert "31.9" in words(tile)


@pytest.mark.parametrize(("value", "decimals", "text"), [(-0.04, 1, "0.0"), (-1.5, 1, "−1.5"), (96.4, 0, "96"), (36.75, 1, "36.8")])
def test_figures(value, decimals, text):
    assert figures(value, decimals) == text


def test_skin_says_once_why_both_sides_have_no_number(qtbot, now):
    tile = made(qtbot, SkinTile(), now)
    tile.resize(380, 129)
    for channel in ("T1", "T2"):
        tile.show_numeric(number(now, 31.9, metrics.SKIN_TEMPERATURE, channel=channel, interval_s=1))
    tile.advance(now.plus(47))
    words = [item.text for item in tile.items() if isinstance(item, Text)]
    assert [word for word in words if "no value" in word] == ["no value for 47 s"]


@pytest.mark.parametrize("make", [lambda: NumericTile(SPO2), NibpTile, SkinTile])
def test_another_case_begins_without_the_old_values(qtbot, now, make):
    tile = made(qtbot, make(), now)
    for channel in ("T1", "T2"):
        tile.show_numeric(number(now, 37, tile.shows[0], channel=channel))
    tile.set_alarm(alarm(now))
    tile.advance(now.plus(0.1))
    assert any("37" in text for text in words(tile))
    tile.clear()
    tile.advance(now.plus(0.2))
    assert not any("37" in text for text in words(tile))
    assert not tile.filled


def test_a_number_of_a_later_clock_is_not_live(now):
    assert read(number(now.plus(100), 96), now).text == "---"


def test_age_is_of_the_monotonic_clock(now):
    stepped = Instant(now.monotonic_ns + 1_000_000_000, now.utc_ns - 3_600_000_000_000)
    assert read(number(now, 96), stepped).text == "96"
