"""The cuff's tile: systolic over diastolic, the mean, when it was measured, and when the next is due."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity
from widgets.durations import clock, countdown
from widgets.reading import NO_NUMBER, Reading, read, standing
from widgets.sheet import SEMI, Anchor, Item, Text, cap_height, fitted, width_of
from widgets.tile import Inks, Tile

WIDEST = "188/188"


class NibpTile(Tile):
    """One cuff measurement. The number stands with the time it was taken, never as if it were continuous."""

    shows = (metrics.NIBP_SYS, metrics.NIBP_DIA, metrics.NIBP_MEAN)
    alarmed_by = shows

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(metrics.NIBP_SYS, "NIBP", parent)
        self._numerics: dict[Metric, Numeric] = {}
        self._next: Instant | None = None
        self._measuring = False
        self._utc_offset_min = 0

    def set_utc_offset(self, minutes: int) -> None:
        """Of the bed's clock, for the time of measurement."""
        self._utc_offset_min = minutes
        self.touch()

    def set_next(self, due: Instant | None) -> None:
        """When the next measurement is due; None where the monitor does not say."""
        self._next = due
        self.touch()

    def clear(self) -> None:
        """Forget every value and the alarm: another case begins."""
        self._numerics.clear()
        self._measuring = False
        self.set_alarm(None)

    def show_numeric(self, numeric: Numeric) -> None:
        """A new value of one of ``shows``; others are let pass."""
        if numeric.metric in self.shows:
            self._measuring = numeric.validity is Validity.ONGOING
            self._numerics[numeric.metric] = standing(self._numerics.get(numeric.metric), numeric)
            self.touch()

    def reading(self, metric: Metric = metrics.NIBP_SYS) -> Reading:
        """One of the three pressures as it stands at the last ``advance``."""
        return read(self._numerics.get(metric), self.now)

    def number(self) -> str:
        """``148/84``, or ``---`` unless the systolic pressure is live."""
        systolic = self.reading()
        mark = "?" if systolic.doubtful else ""
        return f"{systolic.text}/{self.reading(metrics.NIBP_DIA).text}{mark}" if systolic.live else NO_NUMBER

    def story(self) -> str:
        """The line below: ``(105)   14:09   next 0:52``, or why there is no number."""
        return _line(*self._told(), self._coming())

    def _told(self) -> tuple[str, ...]:
        """The mean and when it was measured, or why there is no number."""
        systolic, mean = self.reading(), self.reading(metrics.NIBP_MEAN)
        return (f"({mean.text})" if mean.live else "", self._measured()) if systolic.live else (systolic.note,)

    def _coming(self) -> str:
        """What is known of the next measurement."""
        if self._measuring and self.reading().live:
            return "measuring"
        if self._next is None:
            return ""
        return f"next {countdown(self._next.since(self.now))}" if self._next > self.now else "next due"

    def _measured(self) -> str:
        numeric = self._numerics[metrics.NIBP_SYS]
        return clock(numeric.measured_at or numeric.at, self._utc_offset_min)

    def face(self) -> Hashable:
        return (self.number(), self.story(), self.frame_face())

    def compose(self) -> list[Item]:
        inks = self.inks()
        room = self.width() - self.look.px(14) - self.look.px(70)
        note = self.note(self.story(), inks, room, brief=_line(*self._told()))
        return [*self.frame(inks), self._number(inks), *self.limits(inks), *note]

    def _number(self, inks: Inks) -> Text:
        beside = max(self.look.px(72), self.look.px(18) + width_of(self.subject.unit.text, self.look.font("unit")))
        left, right = beside, self.width() - beside
        number = self.number()
        font = fitted(max(WIDEST, number, key=len), self.look.font("large", SEMI), right - left)
        baseline = self.height() / 2 + cap_height(font) / 2 - self.look.px(2)
        return Text((left + right) / 2, baseline, number, font, inks.number, right - left, Anchor.MIDDLE)


def _line(*parts: str) -> str:
    return "   ".join(part for part in parts if part)
