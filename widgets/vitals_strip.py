"""What the monitor shows now, for the nurse to confirm into a round. Confirmed numbers stand still; nothing is confirmed by itself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from clinical import metrics
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric
from widgets.boxes import Column, Panel, Row
from widgets.durations import clock
from widgets.figures import UNKNOWN, written
from widgets.reading import standing
from widgets.text_label import BOLD, TextLabel
from widgets.touch_key import TouchKey

LIVE_FOR_S = 15.0
"""A number is no longer the patient's state after this, or after three of its own intervals."""
CUFF_FOR_S = 900.0
"""A cuff's reading stands with its time for so long. A proposal."""
CONFIRMED_FOR_S = 300.0
"""What was confirmed and not saved for so long is no longer the patient's state: it is to be confirmed anew. A proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """One figure: the first of ``sources`` that is live; ``beside`` is written after it ("168/92")."""

    title: str
    sources: tuple[Metric, ...]
    beside: Metric | None = None
    cuff: bool = False


_GROUPS = (
    _Group(title="HR", sources=(metrics.HEART_RATE, metrics.PULSE_RATE)),
    _Group(title="NIBP", sources=(metrics.NIBP_SYS,), beside=metrics.NIBP_DIA, cuff=True),
    _Group(title="SpO₂", sources=(metrics.SPO2,)),
    _Group(title="RR", sources=(metrics.CO2_RESP_RATE, metrics.RESP_RATE, metrics.IMPEDANCE_RESP_RATE)),
    _Group(title="EtCO₂", sources=(metrics.ETCO2,)),
)
_SHOWN = frozenset(metric for group in _GROUPS for metric in (*group.sources, group.beside) if metric is not None)


class VitalsStrip(Panel):
    """Figures in a row and the key that confirms them.

    Signals:
        answered: the key was pressed.
    """

    answered = Signal()

    def __init__(self) -> None:
        super().__init__(fill="well")
        self._utc_offset_min = 0
        self._latest: dict[Metric, Numeric] = {}
        self._now: Instant | None = None
        self._confirmed: tuple[tuple[Metric, float], ...] = ()
        self._confirmed_at: Instant | None = None
        self._titles = [TextLabel(group.title, size="note", ink="ink_soft") for group in _GROUPS]
        self._figures = [TextLabel(UNKNOWN, size=22, weight=BOLD, ink=group.sources[0]) for group in _GROUPS]
        self.confirm = TouchKey("Confirm", note="key V", size="row", target=(132, 72))
        self.confirm.setCheckable(True)
        self.confirm.clicked.connect(self._touched)
        self._arrange()

    def _arrange(self) -> None:
        row = Row(gap=8, margins=(12, 0, 0, 0))
        for group, title, figure in zip(_GROUPS, self._titles, self._figures, strict=True):
            column = Column(gap=1)
            column.addStretch(1)
            column.addWidget(title)
            column.addWidget(figure)
            column.addStretch(1)
            row.addLayout(column, 2 if group.beside is None else 3)
        row.addWidget(self.confirm)
        self.confirm.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setLayout(row)

    def set_utc_offset(self, minutes: int) -> None:
        self._utc_offset_min = minutes

    def show_numeric(self, numeric: Numeric) -> None:
        """Takes a number of the source that is shown; one without a value takes the last one's place, unless a cuff measures."""
        if numeric.metric in _SHOWN:
            self._latest[numeric.metric] = standing(self._latest.get(numeric.metric), numeric)

    def advance(self, now: Instant) -> None:
        """Shows what is live at this moment, unless it has been confirmed a short while ago."""
        self._now = now
        if self._confirmed_at is not None and now.since(self._confirmed_at) > CONFIRMED_FOR_S:
            self._confirm(())
            self.answered.emit()
        if not self._confirmed:
            self._show(dict(self._live()))
            self.confirm.setEnabled(bool(self._live()))

    @property
    def vitals(self) -> tuple[tuple[Metric, float], ...]:
        """What was confirmed; empty until then."""
        return self._confirmed

    def clear(self) -> None:
        self._confirm(())
        if self._now is not None:
            self.advance(self._now)

    def _touched(self) -> None:
        self._confirm(() if self._confirmed else self._live())
        self.answered.emit()

    def _confirm(self, vitals: tuple[tuple[Metric, float], ...]) -> None:
        self._confirmed, self._confirmed_at = vitals, self._now if vitals else None
        self.confirm.setChecked(bool(vitals))
        self.confirm.set_title("Confirmed" if vitals else "Confirm")

    def _live(self) -> tuple[tuple[Metric, float], ...]:
        """The figures of each group that are the patient's state now."""
        found: list[tuple[Metric, float]] = []
        for group in _GROUPS:
            source = next((metric for metric in group.sources if self._value(metric, group) is not None), None)
            for metric in (source, group.beside if source is not None else None):
                value = None if metric is None else self._value(metric, group)
                if metric is not None and value is not None:
                    found.append((metric, value))
        return tuple(found)

    def _value(self, metric: Metric, group: _Group) -> float | None:
        numeric = self._latest.get(metric)
        if numeric is None or numeric.value is None or self._now is None:
            return None
        stands_for_s = CUFF_FOR_S if group.cuff else max(LIVE_FOR_S, 3 * numeric.interval_s)
        return numeric.value if self._now.since(numeric.measured_at or numeric.at) <= stands_for_s else None

    def _show(self, live: dict[Metric, float]) -> None:
        for group, title, figure in zip(_GROUPS, self._titles, self._figures, strict=True):
            source = next((metric for metric in group.sources if metric in live), None)
            numeric = None if source is None else self._latest[source]
            told = [written(live[metric], metric.decimals) for metric in (source, group.beside) if metric is not None and metric in live]
            figure.set_text("/".join(told) or UNKNOWN)
            when = f" {clock(numeric.measured_at or numeric.at, self._utc_offset_min)}" if group.cuff and numeric is not None else ""
            title.set_text(group.title + when)
