"""The limits of a case that has not begun: changed on the limits page, set in the case by commands, so that reasons are kept."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.display.operator import OPERATOR
from clinical.alarm_model import AlarmPreset
from clinical.commands import SetLimit
from clinical.metrics import Metric
from widgets.limits_page import LimitsPage


class DraftLimits(QObject):
    """Signals:
    changed: the limits as they will be.
    left: the page is done with.
    """

    changed = Signal(object)
    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preset: AlarmPreset | None = None
        self._draft: AlarmPreset | None = None
        self._set: dict[Metric, SetLimit] = {}
        self.page = LimitsPage()
        self.page.limit_set.connect(self.take)
        self.page.back_requested.connect(self.left)

    def begin(self, preset: AlarmPreset) -> None:
        """The limits that the case begins with if nothing is changed."""
        self.preset = self._draft = preset
        self.page.set_preset(preset)
        self._show()

    def commands(self) -> tuple[SetLimit, ...]:
        """What takes the case from its preset to what was set here."""
        return tuple(self._set.values())

    def take(self, metric: Metric, low: float | None, high: float | None, reason: str) -> None:
        """One limit, as it is to be in the case."""
        if self._draft is None:
            return
        self._set[metric] = SetLimit(metric=metric, low=low, high=high, reason=reason, by=OPERATOR)
        limits = (replace(limit, low=low, high=high) if limit.metric is metric else limit for limit in self._draft.limits)
        self._draft = replace(self._draft, limits=tuple(limits))
        self._show()

    def _show(self) -> None:
        if self._draft is not None:
            self.page.set_limits(self._draft)
            self.changed.emit(self._draft)
