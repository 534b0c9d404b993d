"""A page that is docked over part of the main screen: title, Back, and the countdown to live. Never modal, never over the alarm bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from clinical.instant import Instant
from widgets.boxes import Column, Panel, Row
from widgets.durations import minutes_and_seconds
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

IDLE_S = 60.0
"""Untouched this long, a page gives way to the live screen; what was entered is kept."""

_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin})


class DockedPage(Panel):
    """Title and Back on top, ``body`` below.

    Signals:
        back_requested: Back was pressed, or nobody touched the page for ``IDLE_S``.
    """

    back_requested = Signal()
    wide = False
    """Takes the whole width, under the numbers, instead of a place beside them."""

    def __init__(self, title: str, *, parent: QWidget | None = None) -> None:
        super().__init__(fill="panel", edge="line", parent=parent)
        self._untouched_since: Instant | None = None
        self._given_way = False
        self.pace = 1.0
        """Seconds of the case for each of the room: how long somebody has not touched a page is a matter of the room."""
        self.title = TextLabel(title, size=24, weight=SEMIBOLD)
        self.subtitle = TextLabel(size="row", ink="ink_soft", elide=True)
        self.back = TouchKey("Back", note="closes in 1:00", target=(132, 72), shortcut="Escape")
        self.back.setSizePolicy(self.back.sizePolicy().Policy.Fixed, self.back.sizePolicy().Policy.Fixed)
        self.back.clicked.connect(self.back_requested)
        self.head = Row(gap=14, margins=(10, 0, 0, 0))
        self.body = Column(gap=8)
        self._arrange()

    def add_way(self, key: TouchKey, page: str, requested: SignalInstance) -> None:
        """A key beside Back that asks for another page, by its name."""
        key.setSizePolicy(key.sizePolicy().Policy.Fixed, key.sizePolicy().Policy.Fixed)
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key.clicked.connect(lambda: requested.emit(page))
        self.head.insertWidget(self.head.count() - 1, key)

    def _arrange(self) -> None:
        self.head.addWidget(self.title)
        self.head.addWidget(self.subtitle, 1)
        self.head.addWidget(self.back)
        whole = Column(gap=8, margins=(6, 8, 8, 12))
        whole.addLayout(self.head)
        whole.addLayout(self.body, 1)
        self.setLayout(whole)

    def advance(self, now: Instant) -> None:
        """Counts down, and gives way once."""
        if not self.isVisible():
            return
        if self._untouched_since is None:
            self._untouched_since = now
        left_s = IDLE_S - now.since(self._untouched_since) / self.pace
        self.back.set_note(f"closes in {minutes_and_seconds(left_s)}")
        if left_s <= 0 and not self._given_way:
            self._given_way = True
            self.back_requested.emit()

    def touched(self) -> None:
        """Somebody is at it: the countdown begins anew."""
        self._untouched_since, self._given_way = None, False

    def watch_touches(self, widget: QWidget) -> None:
        """Counts touches of a widget, and of all in it, as touches of the page."""
        for part in (widget, *widget.findChildren(QWidget)):
            part.removeEventFilter(self)
            part.installEventFilter(self)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        self.touched()
        self.watch_touches(self)
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() in _TOUCHES:
            self.touched()
        return super().eventFilter(watched, event)
