"""The notice over the whole screen when what is behind it can no longer be believed: the core is silent.

Opaque: an old number behind it must not be read. Knows the words it is given and for how long the fault has lasted.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from clinical.alarm_model import Kind
from clinical.instant import Instant
from clinical.observations import Priority
from widgets.durations import span
from widgets.sheet import EXTRA, MEDIUM, SEMI, Anchor, Fill, Item, Mark, SheetWidget, Text, cap_height, fitted, wrapped
from widgets.symbols import priority_marks


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultNotice:
    """What to tell. ``actions`` are short imperative sentences, in the order to do them."""

    title: str
    happened: str
    means: str
    actions: tuple[str, ...]
    since: Instant


def core_silent(since: Instant) -> FaultNotice:
    """The notice for a core that sends no heartbeat."""
    return FaultNotice(
        title="These numbers are not live",
        happened="The part of this program that reads the devices, raises alarms and records has stopped. It is being started again.",
        means="Until it is back, nothing is shown, no alarm on the patient sounds from here, and the pump is not watched.",
        actions=(
            "Look at the patient.",
            "Watch the monitor and the pump themselves: they go on without this screen.",
            "If this lasts longer than 10 seconds, start Bedside again: the case is resumed.",
        ),
        since=since,
    )


class FaultCurtain(SheetWidget):
    """Covers its parent while a notice is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice: FaultNotice | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Fault notice")
        if parent is not None:
            parent.installEventFilter(self)
        self.hide()

    def show_fault(self, notice: FaultNotice) -> None:
        """Cover everything with this notice, now."""
        self._notice = notice
        self.setAccessibleDescription(f"{notice.title}. {notice.happened}")
        self.touch()
        self.show()
        if self.parentWidget() is not None:
            self._cover()
            self.raise_()
        self.update()

    def clear(self) -> None:
        """The fault is over: show what is behind again."""
        self._notice = None
        self.hide()

    @property
    def notice(self) -> FaultNotice | None:
        return self._notice

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        if event.type() == QEvent.Type.Resize and watched is self.parent():
            self._cover()
        return False

    def _cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def face(self) -> Hashable:
        return (self._notice, self._notice and span(self.now.since(self._notice.since)))

    def compose(self) -> list[Item]:
        if self._notice is None:
            return []
        notice, px = self._notice, self.look.px
        left, wide = px(150), self.width() - 2 * px(150)
        items, top = self._head(notice, left, wide)
        for label, text in (("What happened", notice.happened), ("What it means", notice.means)):
            items += self._paragraph(label, (text,), left, wide, top)
            top += px(190)
        numbered = tuple(f"{number}.  {action}" for number, action in enumerate(notice.actions, start=1))
        return items + self._paragraph("What to do", numbered, left, wide, top)

    def _head(self, notice: FaultNotice, left: float, wide: float) -> tuple[list[Item], float]:
        px, look = self.look.px, self.look
        fill, ink = look.theme.alarm(Priority.HIGH)
        box = QRectF(left - px(30), px(110), wide + 2 * px(30), px(150))
        marks = priority_marks(Kind.TECHNICAL, Priority.HIGH)
        lasting, small = f"for {span(self.now.since(notice.since))}", look.font_px(32, SEMI)
        room = wide - px(150) - px(260)
        font = fitted(notice.title, look.font_px(68, EXTRA), room)
        baseline = box.center().y() + cap_height(font) / 2
        return [
            Fill(box, fill, px(8)),
            Mark(marks, QRectF(left, box.center().y() - px(34), px(120), px(68)), ink),
            Text(left + px(150), baseline, notice.title, font, ink, room),
            Text(left + wide, baseline, lasting, small, ink, px(240), Anchor.RIGHT),
        ], box.bottom() + px(70)

    def _paragraph(self, label: str, texts: tuple[str, ...], left: float, wide: float, top: float) -> list[Item]:
        px, theme = self.look.px, self.look.theme
        label_font, font = self.look.font_px(24, SEMI), self.look.font_px(32, MEDIUM)
        column = px(270)
        items: list[Item] = [Text(left, top + cap_height(font), label, label_font, QColor(theme.ink_soft), column - px(20))]
        lines = [line for text in texts for line in wrapped(text, font, wide - column)]
        first, ink = top + cap_height(font), QColor(theme.ink)
        return items + [Text(left + column, first + place * px(48), line, font, ink, wide - column) for place, line in enumerate(lines)]
