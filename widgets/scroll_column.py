"""A column of widgets that scrolls up and down when it is longer than its place. Has no background of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from widgets.boxes import NO_MARGINS, Column
from widgets.look_tree import dress
from widgets.theme import Look


class ScrollColumn(QScrollArea):
    """Shows widgets one under another; ``placeholder`` stands where there are none."""

    def __init__(self, placeholder: QWidget, *, gap: float = 4, fill: bool = False) -> None:
        """``fill``: the widgets share the whole height where they need less."""
        super().__init__()
        self._placeholder = placeholder
        self._shown: tuple[QWidget, ...] = ()
        self._column = Column(gap=gap, margins=NO_MARGINS if fill else (0, 0, 6, 0))
        self._column.addWidget(placeholder)
        if not fill:
            self._column.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._column)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        # setWidget turns this on; the surface below is the panel's
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def set_look(self, look: Look) -> None:
        """The bar takes the theme's colours: nothing white at night."""
        theme, wide = look.theme, look.px(10)
        self.verticalScrollBar().setStyleSheet(  # of the bar alone: a sheet of the whole would hold back its layout
            f"QScrollBar {{ background: {theme.panel}; width: {wide}px; margin: 0; }}"
            f" QScrollBar::handle {{ background: {theme.key_edge}; border-radius: {wide // 2}px; min-height: {4 * wide}px; }}"
            " QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
            " QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
        )
        dress(self, look)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Takes these in the place of those shown before, which are deleted unless they are among them."""
        stay = set(widgets)
        for widget in self._shown:
            self._column.removeWidget(widget)
            if widget not in stay:
                widget.hide()
                widget.deleteLater()
        self._shown = tuple(widgets)
        for number, widget in enumerate(self._shown):
            self._column.insertWidget(number, widget)
        self._placeholder.setVisible(not self._shown)

    def append(self, widget: QWidget) -> None:
        """One more, under those shown."""
        self._column.insertWidget(len(self._shown), widget)
        self._shown = (*self._shown, widget)
        self._placeholder.setVisible(False)
