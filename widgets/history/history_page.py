"""Looking back: the picture of a stretch with its keys, what the cursors measure, and jumps to alarms, steps and events.

Docked while a case runs, so it gives way when nobody touches it; the same page shows a stored case, and two under one another. It
reads no database: it says which stretch it shows, and is told what there is to see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.instant import Instant
from widgets.boxes import Row
from widgets.docked_page import DockedPage
from widgets.durations import clock, minutes_and_seconds
from widgets.figures import written
from widgets.history.case_view import CaseView, Mark, MarkKind, TrendLine, WaveColumns
from widgets.history.history_view import HistoryView
from widgets.history.time_span import TimeSpan
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

JUMPS = {"alarm": frozenset({MarkKind.ALARM}), "step": frozenset({MarkKind.STEP}), "event": frozenset({MarkKind.EVENT, MarkKind.ROUND})}
JUMP_SPAN_S = 600.0
"""A jump shows at most so much: the thing itself is to be seen, not only where it is."""
HELD_S = 1300.0
"""A value counts at a cursor for so long: a cuff measures each quarter of an hour."""


class HistoryPage(DockedPage):
    """Signals:
    looked: which view (0, or 1 for the one compared), TimeSpan, columns.
    print_requested, compare_requested, renewal_requested: from their keys.
    """

    wide = True
    looked = Signal(int, object, int)
    print_requested = Signal()
    compare_requested = Signal()
    renewal_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, stored: bool = False) -> None:
        """``stored``: of a case that does not run: there is no time at which it gives way, and another can be set beside it."""
        super().__init__("History", parent=parent)
        self._stored = stored
        self._jumped_to: float | None = None
        self._jumped_middle = 0.0
        self.views = HistoryView(), HistoryView()
        self.reading = TextLabel(" ", size="row", wrap=True)
        self.keys = {name: TouchKey(title, note=note, target=(88, 72), space_presses=False) for name, title, note in self._key_rows()}
        self._build()
        for place, view in enumerate(self.views):
            view.looked.connect(lambda span, columns, place=place: self.looked.emit(place, span, columns))
            view.measured.connect(self._measure)
        self.views[0].looked.connect(self._follow)
        self.views[1].setVisible(False)
        for name, action in self._actions().items():
            self.keys[name].clicked.connect(action)

    def _key_rows(self) -> list[tuple[str, str, str]]:
        rows = [
            ("out", "−", "longer"),
            ("in", "+", "shorter"),
            ("whole", "All", "0"),
            ("back_alarm", "◀ Alarm", "Shift+N"),
            ("next_alarm", "Alarm ▶", "N"),
            ("back_step", "◀ Step", "Shift+S"),
            ("next_step", "Step ▶", "S"),
            ("back_event", "◀ Event", "Shift+E"),
            ("next_event", "Event ▶", "E"),
            ("a", "Cursor A", "A"),
            ("b", "Cursor B", "B"),
            ("print", "Print", "PDF, P"),
        ]
        return [*rows, ("compare", "Compare", "another day")] if self._stored else [*rows, ("now", "Now", "read anew")]

    def _build(self) -> None:
        keys = Row(gap=2)
        for name, _title, note in self._key_rows():
            key = self.keys[name]
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            shortcut = note.rpartition(", ")[2]
            if len(shortcut) == 1 or "+" in shortcut:
                key.setShortcut(shortcut)
            keys.addWidget(key)
        for view in self.views:
            self.body.addWidget(view, 1)
        self.body.addWidget(self.reading)
        self.body.addLayout(keys)
        self.setFocusProxy(self.views[0])
        if self._stored:
            self.back.set_note("to the case")

    def _actions(self) -> dict[str, Callable[[], object]]:
        actions: dict[str, Callable[[], object]] = {
            "out": lambda: self.views[0].zoom(1.6),
            "in": lambda: self.views[0].zoom(1 / 1.6),
            "whole": self._show_whole,
            "a": lambda: self._toggle_cursor("A", 1 / 3),
            "b": lambda: self._toggle_cursor("B", 2 / 3),
            "print": self.print_requested.emit,
        }
        for what in JUMPS:
            actions[f"next_{what}"] = partial(self.jump, what, forward=True)
            actions[f"back_{what}"] = partial(self.jump, what, forward=False)
        return actions | ({"compare": self.compare_requested.emit} if self._stored else {"now": self.renewal_requested.emit})

    def advance(self, now: Instant) -> None:
        """Counts down to the live screen; a stored case has none."""
        if not self._stored:
            super().advance(now)

    # what it is told

    def show_reading(self, words: str) -> None:
        """Something is being read, was printed, or could not be."""
        self.subtitle.set_text(words)

    def set_case(self, case: CaseView, *, keep_span: bool = False) -> None:
        """The case to look into; ``keep_span``: at the stretch that is shown."""
        self.subtitle.set_text("")
        self.views[0].set_case(case, self.views[0].span if keep_span and self.views[0].case is not None else None)

    def set_compared(self, case: CaseView | None) -> None:
        """A second case under the first, both on the time since their start; None: the first alone."""
        self.views[1].setVisible(case is not None)
        for view in self.views:
            view.elapsed = case is not None
            view.update()
        if case is not None:
            self.subtitle.set_text("")
            self.views[1].set_case(case, self.views[0].span)

    def set_waves(self, place: int, span: TimeSpan, waves: tuple[WaveColumns, ...]) -> None:
        self.views[place].set_waves(span, waves)

    # what it does

    def jump(self, what: str, *, forward: bool) -> Mark | None:
        """To the next or the one before, from the middle of the stretch; None where there is none."""
        view = self.views[0]
        if view.case is None:
            return None
        middle = (view.span.since_s + view.span.until_s) / 2
        here = self._jumped_to if self._jumped_to is not None and abs(self._jumped_middle - middle) < 1e-6 else middle
        whole = view.span.length_s >= view.case.length_s
        start = (-1.0 if forward else view.case.length_s + 1) if whole else here
        mark = view.case.next_mark(JUMPS[what], start) if forward else view.case.mark_before(JUMPS[what], start)
        if mark is None:
            self.show_reading(f"No {'later' if forward else 'earlier'} {what}.")
            return None
        half = min(view.span.length_s, JUMP_SPAN_S, view.case.length_s) / 2
        view.look_at(TimeSpan(mark.at_s - half, mark.at_s + half))
        self._jumped_to, self._jumped_middle = mark.at_s, (view.span.since_s + view.span.until_s) / 2
        view.set_cursor("A", mark.at_s)
        self.show_reading(f"{clock(view.case.started.plus(mark.at_s), view.case.utc_offset_min, seconds=True)}  {mark.title}")
        return mark

    def _show_whole(self) -> None:
        view = self.views[0]
        if view.case is not None:
            view.look_at(TimeSpan(0.0, view.case.length_s))

    def _toggle_cursor(self, name: str, share: float) -> None:
        view = self.views[0]
        inside = view.span.since_s <= view.cursors.get(name, -1.0) <= view.span.until_s
        view.set_cursor(name, None if inside else view.span.since_s + share * view.span.length_s)

    def _follow(self, span: TimeSpan, _columns: int) -> None:
        """The compared case shows the same stretch after its own start."""
        if self.views[1].case is not None and self.views[1].isVisibleTo(self):
            self.views[1].look_at(span)

    def _measure(self) -> None:
        view = self.views[0]
        if view.case is None:
            return
        parts = [_measured(view.case, name, second) for name, second in sorted(view.cursors.items())]
        if len(view.cursors) == len(("A", "B")):
            parts.append(_difference(view.case, view.cursors["A"], view.cursors["B"]))
        self.reading.set_text("      ".join(parts) or " ")


def _measured(case: CaseView, name: str, second: float) -> str:
    told = ((trend, trend.at(second, HELD_S)) for trend in _first_of_each(case))
    values = [f"{trend.metric.label} {written(value, trend.metric.decimals)}" for trend, value in told if value is not None]
    return f"{name} {clock(case.started.plus(second), case.utc_offset_min, seconds=True)}  {'  '.join(values)}"


def _first_of_each(case: CaseView) -> list[TrendLine]:
    """One of each label: two sensors may tell the same thing."""
    return list({trend.metric.label: trend for trend in reversed(case.trends)}.values())[::-1]


def _difference(case: CaseView, a: float, b: float) -> str:
    pairs = ((trend, trend.at(a, HELD_S), trend.at(b, HELD_S)) for trend in _first_of_each(case))
    changes = [(trend, after - before) for trend, before, after in pairs if before is not None and after is not None]
    words = [f"{trend.metric.label} {'+' if change > 0 else ''}{written(change, trend.metric.decimals)}" for trend, change in changes]
    return f"B − A {'−' if b < a else ''}{minutes_and_seconds(abs(b - a))}  {'  '.join(words)}"
