"""The trend's wires, apart from the others because the trend comes later: what draws it takes 0.4 s to load."""

from __future__ import annotations

from collections.abc import Sequence

from app.display.feed import Feed
from app.display.main_window import MainWindow
from app.display.past import Past
from app.display.watch_state import WatchState
from clinical.assessments.chart import Chart, Entry, kind_words
from clinical.commands import RecordAssessment, RecordEvent
from clinical.instant import Instant
from clinical.messages import Outcome
from widgets.round_items import ROUND_ITEMS, score_of
from widgets.trend_chart import TrendChart


def add_trend(window: MainWindow, feed: Feed, past: Past, state: WatchState, early: Sequence[Outcome]) -> TrendChart:
    """Makes the trend, puts it into the window, tells it what came before it (numbers wait in ``past``), and connects it."""
    trend = TrendChart()
    window.set_trend(trend)
    catching_up = Feed()
    _connect(trend, catching_up, state)
    catching_up.take(early)
    _connect(trend, feed, state)
    state.chart_changed.connect(lambda: trend.set_flags(flags_of(state.chart)))
    trend.set_flags(flags_of(state.chart))
    past.numeric_due.connect(trend.add_numeric)
    return trend


def _connect(trend: TrendChart, feed: Feed, state: WatchState) -> None:

    def begin(at: Instant) -> None:
        if state.setup is not None:
            trend.set_setup(state.setup, at)

    feed.case_begun.connect(begin)
    feed.dose_changed.connect(trend.add_dose)
    feed.gap_told.connect(trend.add_gap)
    feed.transition_logged.connect(trend.add_alarm)
    feed.limits_changed.connect(trend.set_limits)


def flags_of(chart: Chart) -> list[tuple[Instant, str, bool]]:
    """Every entry that stands as (when, words, whether it is a score); of a corrected one what it was beside it."""
    flags = []
    for charted in chart.standing():
        old = chart.before(charted)
        now, was = _words(charted.entry), "" if old is None else _words(old.entry)
        text = f"{now} (was {was.removeprefix('pain ')})" if was and was != now else now
        flags.append((charted.entry.event_at, text, not isinstance(charted.entry, RecordEvent)))
    return flags


def _words(entry: Entry) -> str:
    if isinstance(entry, RecordEvent):
        return entry.text
    return brief(entry) if isinstance(entry, RecordAssessment) else kind_words(entry)


def brief(assessment: RecordAssessment) -> str:
    """An assessment in a word: its first score."""
    for item in ROUND_ITEMS:
        value = score_of(assessment, item.name)
        if value is not None:
            return f"{item.name.removesuffix(' at rest')} {item.written(value)}"
    return assessment.note or "round"
