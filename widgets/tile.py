"""What all tiles of numbers share: title, unit, limits with the crossed one boxed, the alarm's fill and its blinking.

What a tile shows in its middle is its own file's matter.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QWidget

from clinical.alarm_model import Alarm, AlarmLimit, AlarmPreset
from clinical.metrics import Metric
from widgets.figures import OFF
from widgets.flash import fill_is_on
from widgets.reading import figures
from widgets.sheet import BOLD, SEMI, Anchor, Fill, Item, Mark, SheetWidget, Text, cap_height, elided, width_of
from widgets.symbols import bell_off

LIMITS_ROOM = 70
"""At the right end of the title's line the high limit stands."""


@dataclass(frozen=True, slots=True)
class SourceWord:
    """Where a number comes from: "oximeter"; ``stands_in``: another was to be shown and cannot."""

    text: str
    stands_in: bool = False


NO_WORD = SourceWord("")


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a tile as it stands: under an alarm's fill everything takes the fill's own ink."""

    ground: QColor
    title: QColor
    number: QColor
    soft: QColor
    edge: QColor | None


class Tile(SheetWidget):
    """A panel with a title, limits and an alarm.

    Signals:
        pressed: touched or clicked: what else is known of this number is wanted.
    """

    pressed = Signal()

    def __init__(self, metric: Metric, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject = metric
        self.title = title
        self.limit: AlarmLimit | None = None
        self.alarm: Alarm | None = None
        self._steady = False
        self._sources: dict[Metric, SourceWord] = {}
        self.setAccessibleName(metric.title)

    def set_limit(self, limit: AlarmLimit | None) -> None:
        """The thresholds to be shown; None: this number raises no limit alarm, and a crossed bell says so."""
        self.limit = limit
        self.touch()

    def set_limits(self, preset: AlarmPreset) -> None:
        """The thresholds of everything this tile may show."""
        self.set_limit(preset.limit_of(self.subject))

    def set_source(self, metric: Metric, word: SourceWord | None) -> None:
        """Where a metric comes from, beside the title; None where there is no other source, and nothing to be said."""
        self._sources.pop(metric, None)
        if word is not None:
            self._sources[metric] = word
        self.touch()

    @property
    def alarmed_by(self) -> tuple[Metric, ...]:
        """The metrics whose alarms fill this tile."""
        return (self.subject,)

    def metric_now(self) -> Metric:
        """What the number is now: it gives title, colour and limits."""
        return self.subject

    def limit_now(self) -> AlarmLimit | None:
        """The thresholds of ``metric_now``."""
        return self.limit

    def heading(self) -> str:
        """The title as it stands."""
        return self.title

    def source_word(self) -> SourceWord:
        """What stands beside the title."""
        return self._sources.get(self.metric_now(), NO_WORD)

    def set_alarm(self, alarm: Alarm | None, *, steady: bool = False) -> None:
        """The alarm that fills the tile; ``steady`` while the sound is paused: filled, not blinking."""
        self.alarm = alarm
        self._steady = steady
        self.touch()

    @property
    def filled(self) -> bool:
        """Whether the alarm's fill is to be seen at the last ``advance``."""
        return fill_is_on(self.alarm, self.now, steady=self._steady)

    def frame_face(self) -> Hashable:
        """What the frame of the picture depends on."""
        alarm = self.alarm and (self.alarm.priority, self.alarm.value, self.alarm.limit)
        return (self.filled, alarm, self.limit_now(), self.heading(), self.source_word())

    def inks(self) -> Inks:
        theme = self.look.theme
        own = theme.parameter(self.metric_now())
        if self.alarm is None:
            return Inks(QColor(theme.panel), own, own, QColor(theme.ink_soft), None)
        fill, ink = theme.alarm(self.alarm.priority)
        if self.filled:
            return Inks(fill, ink, ink, ink, None)
        return Inks(QColor(theme.panel), own, own, QColor(theme.ink_soft), fill)

    def frame(self, inks: Inks) -> list[Item]:
        """Ground, title and unit; in the blink's dark half an edge in the alarm's colour stays."""
        px = self.look.px
        box = QRectF(self.rect())
        title_font, unit_font = self.look.font("title", BOLD), self.look.font("unit")
        title_base = px(14) + cap_height(title_font)
        unit_base = title_base + px(9) + cap_height(unit_font)
        room = self.width() - 2 * px(14)
        return [
            Fill(box, inks.ground, self.look.length("radius"), inks.edge, px(4)),
            Text(px(14), title_base, self.heading(), title_font, inks.title, room),
            Text(px(14), unit_base, self.subject.unit.text, unit_font, inks.soft, room),
            *self.source(title_base, unit_base, inks),
        ]

    def source(self, title_base: float, unit_base: float, inks: Inks) -> list[Item]:  # noqa: ARG002 (a tile may put it under its unit)
        """``· oximeter`` beside the title."""
        left = self.source_left()
        room = self.width() - left - self.look.px(LIMITS_ROOM)
        word, font = self.source_word(), self.look.font("note", SEMI)
        if not word.text or room <= 0:
            return []
        return [Text(left, title_base, elided(f"· {word.text}", font, room), font, self.source_ink(inks), room)]

    def source_left(self) -> float:
        """Where the title's line is free."""
        return self.look.px(14) + width_of(self.heading(), self.look.font("title", BOLD)) + self.look.px(8)

    def source_ink(self, inks: Inks) -> QColor:
        """That of a low alarm while the source stands in for another."""
        return QColor(self.look.theme.low) if self.source_word().stands_in and not self.filled else inks.soft

    def limits(self, inks: Inks) -> list[Item]:
        """High limit in the upper right corner, low in the lower; a crossed bell where there is none."""
        limit = self.limit_now()
        if limit is None or (limit.low is None and limit.high is None):
            side = self.look.px(24)
            return [Mark(bell_off(), QRectF(self.width() - self.look.px(12) - side, self.look.px(10), side, side), inks.soft)]
        return self._limit(limit.high, inks, top=True) + self._limit(limit.low, inks, top=False)

    def _limit(self, value: float | None, inks: Inks, *, top: bool) -> list[Item]:
        px = self.look.px
        crossed = value is not None and self._crossed(value)
        font = self.look.font_px(20, BOLD if crossed else SEMI)
        text = OFF if value is None else figures(value, self.subject.decimals)
        right = self.width() - px(20)
        baseline = px(15) + cap_height(font) if top else self.height() - px(17)
        items: list[Item] = []
        if crossed:
            wide, high = width_of(text, font) + 2 * px(9), cap_height(font) + 2 * px(8)
            box = QRectF(right - wide + px(9), baseline - high + px(8), wide, high)
            items.append(Fill(box, None, px(5), inks.number if not self.filled else inks.soft, px(2)))
        return [*items, Text(right, baseline, text, font, inks.title if crossed else inks.soft, px(64), Anchor.RIGHT)]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - the name is Qt's
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - the name is Qt's
        event.accept()  # else the release goes to another

    def _crossed(self, value: float) -> bool:
        return self.alarm is not None and self.alarm.limit == value

    def note(self, text: str, inks: Inks, room: float, *, brief: str = "") -> list[Item]:
        """A small line in the lower left corner; ``brief`` where it would not fit, cut where even that would not."""
        if not text:
            return []
        font = self.look.font("note", SEMI)
        text = text if width_of(text, font) <= room else brief or text
        return [Text(self.look.px(14), self.height() - self.look.px(17), elided(text, font, room), font, inks.soft, room)]
