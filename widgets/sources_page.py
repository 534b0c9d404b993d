"""All sources of a number: what each says now, how old that is, whether it may be believed; and which is to be shown. Chooses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric
from clinical.sources import LEADER, TAKE_BACK_AFTER_S, Source, SourceStanding, source_of
from widgets.boxes import Column, Panel, Row
from widgets.docked_page import DockedPage
from widgets.durations import age
from widgets.reading import read
from widgets.scroll_column import ScrollColumn
from widgets.text_label import BOLD, RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

RULE = (
    f"Shown and alarmed is the first choice while it has a value, else the next. A source that was lost is shown again after "
    f"{TAKE_BACK_AFTER_S:g} s of good readings. All sources are recorded."
)

Values = dict[Metric, dict[str, Numeric]]
"""What one source last said: by metric and channel."""


class SourceRow(Panel):
    """One source of a metric.

    Signals:
        chosen: its key was pressed.
    """

    chosen = Signal()

    def __init__(self, metric: Metric, source: Source, *, place: int, count: int, shown: bool) -> None:
        super().__init__(fill="well", edge="chosen" if shown and count > 1 else "")
        self.source = source
        self._metric = metric
        role = " · ".join(text for text, told in (("shown", shown), ("first choice", place == 0 and count > 1)) if told)
        self._name = TextLabel(source.name, size="title", weight=SEMIBOLD)
        self._role = TextLabel(role, ink="ink_soft")
        self._number = TextLabel("---", size=40, weight=BOLD, ink=metric, align=RIGHT)
        self._unit = TextLabel(metric.unit.text, size="note", ink="ink_soft")
        self._others = TextLabel(ink="ink_soft", elide=True)
        self._state = TextLabel(ink="ink_soft", elide=True)
        self.choose = TouchKey("First choice" if place == 0 else "Choose", target=(170, 72), space_presses=False)
        self.choose.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.choose.setEnabled(place != 0)
        keeps_place = self.choose.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)  # numbers stand under one another, whether there is a choice or none
        self.choose.setSizePolicy(keeps_place)
        self.choose.setVisible(count > 1)
        self.choose.clicked.connect(self.chosen)
        self._arrange()

    def _arrange(self) -> None:
        who, said = Column(gap=2), Column(gap=2)
        for label in (self._name, self._role):
            who.addWidget(label)
        for label in (self._others, self._state):
            said.addWidget(label)
        row = Row(gap=14, margins=(14, 8, 8, 8))
        row.addLayout(who, 3)
        row.addWidget(self._number, 2)
        row.addWidget(self._unit)
        row.addLayout(said, 3)
        row.addWidget(self.choose)
        self.setLayout(row)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything it says, for whoever reads it aloud."""
        return tuple(label.text() for label in (self._name, self._role, self._number, self._others, self._state))

    def show_values(self, values: Values, now: Instant) -> None:
        """What the source says, as it may be shown at ``now``."""
        own = values.get(self._metric, {})
        readings = [read(numeric, now) for _, numeric in sorted(own.items())] or [read(None, now)]
        self._number.set_text("  ".join(f"{reading.text}{'?' if reading.doubtful else ''}" for reading in readings))
        latest = max((numeric.at for numeric in own.values()), default=None)
        worth = next((reading.note for reading in readings if reading.note), "valid")
        told = "" if latest is None or any("no value" in reading.note for reading in readings) else f"{age(now.since(latest))} ago"
        self._state.set_text("   ".join(part for part in (worth, told) if part))
        led = (numeric for metric, channels in values.items() if metric is not self._metric for numeric in channels.values())
        self._others.set_text("   ".join(f"{numeric.metric.label} {read(numeric, now).text}" for numeric in led))
        self._others.setVisible(bool(self._others.text()))


class SourcesPage(DockedPage):
    """Signals:
    source_chosen: metric, and the Source that is to be its first choice.
    """

    source_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sources", parent=parent)
        self._leaders: tuple[Metric, ...] = ()
        self._standings: dict[Metric, SourceStanding] = {}
        self._values: dict[Metric, dict[Source, Values]] = {}
        self._rows: dict[Metric, list[SourceRow]] = {}
        self._built: object = None
        self._now: Instant | None = None
        self._list = ScrollColumn(TextLabel("Nothing has been heard of it yet.", size="title", ink="ink_soft"), gap=8)
        inner = Column(gap=8, margins=(10, 0, 0, 0))
        inner.addWidget(self._list, 1)
        inner.addWidget(TextLabel(RULE, size="note", ink="ink_soft", wrap=True))
        self.body.addLayout(inner, 1)

    def show_sources_of(self, title: str, metrics: Iterable[Metric]) -> None:
        """Which metrics the page is about; those that follow another are shown with it."""
        self._leaders = tuple(dict.fromkeys(LEADER.get(metric, metric) for metric in metrics))
        self.title.set_text(f"Sources of {title}")
        self._refresh()

    @property
    def leaders(self) -> tuple[Metric, ...]:
        """The metrics the page is about."""
        return self._leaders

    def take(self, device: str, numeric: Numeric) -> None:
        """A value from any source, shown or not."""
        leader = LEADER.get(numeric.metric, numeric.metric)
        source = source_of(numeric.metric, device, numeric.channel)
        values = self._values.setdefault(leader, {}).setdefault(source, {})
        values.setdefault(numeric.metric, {})[numeric.channel] = numeric

    def set_standing(self, standing: SourceStanding) -> None:
        """How the sources of a metric stand."""
        self._standings[standing.metric] = standing
        self._refresh()

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._refresh()

    def rows(self, metric: Metric) -> tuple[SourceRow, ...]:
        """The sources of a metric as they stand on the page, the first choice first."""
        return tuple(self._rows.get(metric, ()))

    def _refresh(self) -> None:
        plan = [(leader, self._sources(leader), self._standings.get(leader)) for leader in self._leaders]
        if plan != self._built:
            self._built = plan
            self._build(plan)
        now = self._now
        for leader, rows in self._rows.items():
            for row in rows:
                if now is not None:
                    row.show_values(self._values.get(leader, {}).get(row.source, {}), now)

    def _sources(self, leader: Metric) -> tuple[Source, ...]:
        standing = self._standings.get(leader)
        heard = (source for source, values in self._values.get(leader, {}).items() if leader in values)
        return tuple(dict.fromkeys((*(standing.sources if standing else ()), *heard)))

    def _build(self, plan: Sequence[tuple[Metric, tuple[Source, ...], SourceStanding | None]]) -> None:
        self._rows = {leader: self._rows_of(leader, sources, standing) for leader, sources, standing in plan if sources}
        groups = [self._group(leader, self._standings.get(leader), rows) for leader, rows in self._rows.items()]
        self._list.show_widgets(groups)
        for group in groups:
            group.set_look(self.look)
            self.watch_touches(group)

    def _rows_of(self, leader: Metric, sources: tuple[Source, ...], standing: SourceStanding | None) -> list[SourceRow]:
        rows = []
        for place, source in enumerate(sources):
            shown = standing is None or standing.shown == source
            row = SourceRow(leader, source, place=place, count=len(sources), shown=shown)
            row.chosen.connect(lambda leader=leader, source=source: self.source_chosen.emit(leader, source))
            rows.append(row)
        return rows

    @staticmethod
    def _group(leader: Metric, standing: SourceStanding | None, rows: list[SourceRow]) -> Panel:
        by = "one source" if len(rows) == 1 else "as the case orders them"
        told = f"first choice by {standing.chosen_by}" if standing is not None and standing.chosen_by else by
        column = Column(gap=6)
        column.addWidget(TextLabel(f"{leader.title}: {told}", weight=SEMIBOLD, ink="ink_soft"))
        for row in rows:
            column.addWidget(row)
        group = Panel(fill="")
        group.setLayout(column)
        return group
