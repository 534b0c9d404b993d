import numpy as np
import pytest
from PySide6.QtGui import QColor

from clinical import metrics
from clinical.instant import Instant
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock, read_only_steps
from widgets.lane_paper import Mode
from widgets.lane_scale import LaneScale, Scale
from widgets.playhead import LEAST_S, MOST_S, Playhead
from widgets.sample_ring import SampleRing
from widgets.theme import DAY, NIGHT, Look
from widgets.waveform_lane import LANES, LaneSpec, WaveformPanel

PX_PER_MM = 4.0
SPEC = LaneSpec(metric=metrics.ECG_II, title="II", mm_per_s=25, scale=Scale(low=-1, high=1))


def block(at, values, rate_hz=500.0, validity=Validity.VALID, metric=metrics.ECG_II):
    steps = np.where(np.isnan(values), MISSING_SAMPLE, np.round(np.nan_to_num(values) * 1000)).astype(np.int16)
    return WaveformBlock(at=at, metric=metric, rate_hz=rate_hz, steps=read_only_steps(steps), unit_per_step=0.001, validity=validity)


def flat(at, seconds=0.25, value=0.0, rate_hz=500.0):
    return block(at, np.full(round(seconds * rate_hz), value), rate_hz)


@pytest.fixture
def panel(qtbot, now):
    made = WaveformPanel()
    qtbot.addWidget(made)
    made.set_look(Look())
    made.set_px_per_mm(PX_PER_MM)
    made.set_lanes((SPEC,))
    made.resize(700, 200)
    made.show()
    return made


def feed(panel, now, seconds, values=0.0, lost=()):
    """Quarter-second packets up to ``now + seconds``, drawn after each; ``lost`` packets never come."""
    for quarter in range(round(seconds * 4)):
        at = now.plus(quarter / 4)
        if quarter not in lost:
            panel.append(flat(at, value=values))
        panel.advance(at.plus(0.25))


def drawn(panel):
    """Pixels as an array (height, width, 3) of what the panel has drawn behind its window."""
    image = panel._buffer.image
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 2::-1].astype(int).copy()


def near(pixels, colour, tolerance=40):
    wanted = QColor(colour)
    return (np.abs(pixels - [wanted.red(), wanted.green(), wanted.blue()]) <= tolerance).all(axis=2)


def plot(panel):
    area = panel._geometries[0].plot
    return area.left(), area.left() + area.width()


def trace_columns(panel):
    left, right = plot(panel)
    area = panel._geometries[0].plot
    return near(drawn(panel)[area.top() : area.bottom() + 1, left:right], DAY.ecg, 60).any(axis=0)


def test_one_step_of_time_changes_only_the_new_strip(panel, now):
    feed(panel, now, 3)
    before = drawn(panel)
    panel.append(flat(now.plus(3)))
    panel.advance(now.plus(3 + 1 / 60))
    changed = np.flatnonzero((drawn(panel) != before).any(axis=(0, 2)))
    assert 0 < changed.max() - changed.min() + 1 <= 32  # line, cap and the front of the erase bar
    assert len(changed) <= 12


def test_appending_alone_draws_nothing(panel, now):
    feed(panel, now, 2)
    before = drawn(panel)
    panel.append(flat(now.plus(2), value=0.8))
    assert (drawn(panel) == before).all()


def test_speed_is_true_to_the_millimetre(panel, now):
    feed(panel, now, 2)
    first = panel._traces[0].dot
    panel.append(flat(now.plus(2)))
    panel.append(flat(now.plus(2.25)))
    panel.advance(now.plus(2.5))
    second = panel._traces[0].dot
    assert second[0] - first[0] == pytest.approx(25 * PX_PER_MM * 0.5, abs=1.0)


@pytest.mark.parametrize("mode", Mode)
def test_the_window_shows_what_was_drawn_though_only_strips_are_painted(panel, qtbot, now, mode):
    panel.set_mode(mode)
    qtbot.waitExposed(panel)
    for quarter in range(40):
        at = now.plus(quarter / 4)
        if not 8 <= quarter < 15:
            panel.append(block(at, np.sin(np.arange(125) / 10)))
        for frame in range(4):
            panel.advance(at.plus(0.25 + frame / 16))
            qtbot.wait(1)
        if quarter % 5 == 4:
            qtbot.wait(5)
            shown = panel.screen().grabWindow(panel.winId()).toImage()
            assert shown == panel.grab().toImage().convertToFormat(shown.format())


@pytest.mark.parametrize("mode", Mode)
def test_a_spike_of_one_sample_keeps_its_height(panel, now, mode):
    panel.set_mode(mode)
    for quarter in range(10):
        values = np.zeros(125)
        if quarter == 4:
            values[60] = 0.95
        panel.append(block(now.plus(quarter / 4), values))
        panel.advance(now.plus((quarter + 1) / 4))
    trace, area = panel._traces[0], panel._geometries[0].plot
    ink = near(drawn(panel)[area.top() : area.bottom() + 1, area.left() : area.right()], DAY.ecg, 110)
    assert abs(np.flatnonzero(ink.any(axis=1)).min() + area.top() - trace.y(0.95)) <= 2.5


def test_what_is_missing_is_hatched_and_never_bridged(panel, now):
    feed(panel, now, 5, lost=range(8, 15))
    left, _ = plot(panel)
    columns = trace_columns(panel)
    u = panel._traces[0].paper.u
    begin, end = (int(u(now.plus(at).monotonic_ns) % panel._traces[0].paper.width) for at in (2.0, 3.75))
    assert begin < end
    assert not columns[begin + 4 : end - 4].any()
    assert columns[begin - 40 : begin - 4].all()
    area = panel._geometries[0].plot
    hatched = drawn(panel)[area.top() : area.bottom() + 1, left + begin + 3 : left + end - 3]
    assert not near(hatched, DAY.background, 0).all(axis=0).any()  # every column of it shows hatching


def test_a_gap_tells_its_length(panel, now):
    feed(panel, now, 5, lost=range(8, 15))
    trace, area = panel._traces[0], panel._geometries[0].plot
    middle = int(trace.paper.u(now.plus(2.875).monotonic_ns) % trace.paper.width) + area.left()
    words = drawn(panel)[area.center().y() - 8 : area.center().y() + 8, middle - 40 : middle + 40]
    assert near(words, DAY.ink_soft, 30).sum() > 60


@pytest.mark.parametrize("how", ["invalid", "missing"])
def test_invalid_and_missing_samples_are_gaps_too(panel, now, how):
    feed(panel, now, 2)
    nothing = block(now.plus(2), np.full(500, np.nan)) if how == "missing" else block(now.plus(2), np.zeros(500), validity=Validity.INVALID)
    panel.append(nothing)
    for frame in range(16):
        panel.advance(now.plus(2 + frame / 16))
    panel.append(flat(now.plus(3)))
    panel.advance(now.plus(3))
    assert panel._traces[0].dot is None
    assert panel._traces[0].silent_s(now.plus(3 - panel.latency_s).monotonic_ns) > 0.1


def test_silence_stops_the_dot_and_says_for_how_long(panel, now):
    feed(panel, now, 2)
    for frame in range(60):
        panel.advance(now.plus(2 + frame / 10))
    assert panel._traces[0].dot is None
    silent = panel._traces[0].silent_s(now.plus(7.9 - panel.latency_s).monotonic_ns)
    assert silent == pytest.approx(5.9 - panel.latency_s, abs=0.1)


def test_resize_and_theme_redraw_what_the_ring_holds(panel, now):
    feed(panel, now, 4)
    full = trace_columns(panel).sum()
    panel.resize(701, 260)
    panel.advance(now.plus(4.01))
    assert trace_columns(panel).sum() == pytest.approx(full, abs=6)
    panel.set_look(Look(NIGHT))
    panel.advance(now.plus(4.02))
    area = panel._geometries[0].plot
    assert near(drawn(panel)[area.top() : area.bottom(), area.left() : area.right()], NIGHT.ecg, 40).any(axis=0).sum() > full * 0.8


def test_sweep_wraps_behind_an_erase_bar(panel, now):
    feed(panel, now, 9)  # the window holds 6.5 s
    columns = trace_columns(panel)
    dark = np.flatnonzero(~columns)
    assert 15 <= len(dark) <= 32
    x = int(panel._traces[0].dot[0]) - panel._geometries[0].plot.left()
    assert dark.min() >= x - 2


def test_nothing_is_left_beside_the_paper_after_some_sweeps(panel, now):
    feed(panel, now, 0.5)
    ground = drawn(panel)
    left, right = plot(panel)
    for quarter in range(2, 120):
        panel.append(block(now.plus(quarter / 4), np.sin(np.arange(125) / 3)))
        for part in range(1, 16):
            panel.advance(now.plus((quarter + part / 15) / 4))
    area = panel._geometries[0].plot
    beside = drawn(panel)[area.top() : area.bottom() + 1] != ground[area.top() : area.bottom() + 1]
    assert not beside[:, :left].any()
    assert not beside[:, right:].any()


def test_what_is_drawn_anew_leaves_the_erase_bar_clean(panel, now):
    for quarter in range(80):
        panel.append(block(now.plus(quarter / 4), np.sin(np.arange(125) / 3)))
        panel.advance(now.plus((quarter + 1) / 4))
    trace = panel._traces[0]
    for width in range(690, 660, -1):
        panel.resize(width, 200)
        panel.advance(now.plus(20))
        columns = trace_columns(panel)
        ahead = (np.arange(trace.paper.front - trace.paper.bar + 4, trace.paper.front)) % trace.paper.width
        assert not columns[ahead].any(), f"width {width}"


def test_scroll_keeps_the_newest_at_the_right_edge(panel, now):
    panel.set_mode(Mode.SCROLL)
    feed(panel, now, 9)
    _, right = plot(panel)
    assert right - panel._traces[0].dot[0] <= 5
    assert trace_columns(panel)[:-5].all()


def test_a_second_speed_shares_the_moment(qtbot, now):
    panel = WaveformPanel()
    qtbot.addWidget(panel)
    panel.set_px_per_mm(PX_PER_MM)
    panel.set_lanes((LANES[metrics.ECG_II], LANES[metrics.CO2]))
    panel.resize(900, 300)
    for quarter in range(12):
        at = now.plus(quarter / 4)
        panel.append(flat(at))
        panel.append(block(at, np.full(25, 30.0), 100.0, metric=metrics.CO2))
        panel.advance(at.plus(0.25))
    heart, breath = panel._traces
    assert heart.paper.px_per_s == 4 * breath.paper.px_per_s
    assert heart.paper.u(0) / 4 == pytest.approx(breath.paper.u(0))


def test_another_case_begins_on_clean_paper_even_on_an_earlier_clock(panel, now):
    feed(panel, now, 4)
    panel.clear()
    panel.advance(now.plus(4))
    assert not trace_columns(panel).any()
    feed(panel, now.plus(-500), 3)
    assert trace_columns(panel).sum() > 150


def test_ring_keeps_small_departures_whole_and_great_ones_as_gaps():
    ring, start = SampleRing(10), Instant(0, 0)
    ring.append(flat(start))
    ring.append(flat(start.plus(0.26)))
    assert ring.end == 250
    assert not np.isnan(ring.read(0, 250)).any()
    ring.append(flat(start.plus(1.0)))
    lost = np.isnan(ring.read(0, ring.end)).sum()
    assert lost == pytest.approx(0.5 * 500, abs=8)


def test_ring_forgets_the_oldest_and_reads_nothing_beyond_its_ends():
    ring, start = SampleRing(1.0), Instant(0, 0)
    for quarter in range(9):
        ring.append(flat(start.plus(quarter / 4), value=quarter / 10))
    assert ring.oldest == ring.end - 500
    values = ring.read(ring.oldest - 10, ring.end + 10)
    assert len(values) == 520
    assert np.isnan(values[:10]).all()
    assert np.isnan(values[-10:]).all()
    assert values[10] == pytest.approx(0.5, abs=1e-3)
    assert values[-11] == pytest.approx(0.8, abs=1e-3)


def test_ring_survives_hours_of_silence_and_a_clock_that_goes_back():
    ring, start = SampleRing(1.0), Instant(10**13, 0)
    ring.append(flat(start))
    ring.append(flat(start.plus(7200)))
    assert ring.end == 7200 * 500 + 125
    assert np.isnan(ring.read(ring.end - 500, ring.end - 125)).all()
    ring.append(flat(start.plus(-50)))
    assert ring.beginnings == 2
    assert ring.end == 125


def test_playhead_follows_the_packets_and_stays_within_its_bounds():
    head, start = Playhead(), Instant(10**12, 0)
    head.arrived(start, start.plus(1))
    assert head.latency_s == pytest.approx(1.05, abs=0.01)
    quick = Playhead()
    quick.arrived(start, start.plus(0.25))
    assert quick.latency_s == LEAST_S
    quick.at_ns(start.plus(4))
    quick.arrived(start, start.plus(1))  # three seconds late: as far as it goes, and calmly
    quick.at_ns(start.plus(5))
    assert LEAST_S < quick.latency_s <= LEAST_S + 0.26
    for second in range(6, 30):
        quick.at_ns(start.plus(second))
        quick.arrived(start.plus(second - 3), start.plus(second - 2))
    assert quick.latency_s <= MOST_S


def test_scale_widens_at_once_and_narrows_late():
    scale = LaneScale(LANES[metrics.CO2].scale)
    assert scale.due(0.0)
    scale.fit(np.linspace(0, 38, 100, dtype=np.float32), 0.0)
    assert (scale.low, scale.high) == (0, 40)
    assert scale.fit(np.linspace(0, 55, 100, dtype=np.float32), 2.0)
    assert scale.high == 60
    assert not scale.fit(np.linspace(0, 30, 100, dtype=np.float32), 4.0)
    assert not scale.fit(np.linspace(0, 30, 100, dtype=np.float32), 8.0)
    assert scale.fit(np.linspace(0, 30, 100, dtype=np.float32), 14.1)
    assert scale.high == 40


def test_automatic_scale_holds_still_for_small_changes():
    scale = LaneScale(LANES[metrics.PLETH].scale)
    scale.fit(np.linspace(100, 200, 50, dtype=np.float32), 0.0)
    held = (scale.low, scale.high)
    assert held[0] < 100
    assert held[1] > 200
    assert not scale.fit(np.linspace(102, 198, 50, dtype=np.float32), 2.0)
    assert (scale.low, scale.high) == held
