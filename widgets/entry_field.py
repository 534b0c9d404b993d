"""Fields to type in: a line of text, and a number with its unit fixed beside it. What a number means is the owner's."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from widgets.boxes import Column, Panel, Row
from widgets.figures import parsed
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.theme import Look

Plausibility = Callable[[float], str]
"""A sentence that says what is wrong with a number and what is allowed; empty where nothing is."""


def anything(value: float) -> str:  # noqa: ARG001 - every number is plausible to it
    """The plausibility of a number of which nothing is known."""
    return ""


class TextLine(QLineEdit):
    """One line of typing in the theme's inks, on a well.

    Signals:
        focus_changed: whether what is typed goes here.
    """

    focus_changed = Signal(bool)

    def __init__(self, *, placeholder: str = "", size: str | float = "title", height: float = 52, ringed: bool = True) -> None:
        """``ringed``: False where it is part of a larger field, which shows the ring itself."""
        super().__init__()
        self._size, self._height, self._ringed = size, height, ringed
        self._look = Look()
        self.setFrame(False)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_look(Look())

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFont(look.font(self._size, SEMIBOLD) if isinstance(self._size, str) else look.font_px(self._size, SEMIBOLD))
        self.setFixedHeight(look.px(self._height))
        self.setTextMargins(look.px(10), 0, look.px(6), 0)
        palette, theme = self.palette(), look.theme
        for role, colour in (
            (QPalette.ColorRole.Base, "transparent"),
            (QPalette.ColorRole.Text, theme.ink),
            (QPalette.ColorRole.PlaceholderText, theme.ink_soft),
            (QPalette.ColorRole.Highlight, theme.chosen),
            (QPalette.ColorRole.HighlightedText, theme.chosen_ink),
        ):
            palette.setColor(role, QColor(colour))
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._look.theme.chosen) if self.hasFocus() and self._ringed else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.theme.well))
        radius = self._look.length("radius")
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)
        painter.end()
        super().paintEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self.focus_changed.emit(self.hasFocus())

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        self.focus_changed.emit(self.hasFocus())


class NumberEntry(QWidget):
    """A number, its unit fixed beside it, and a sentence under it when it cannot stand. Nothing typed is ever changed.

    Signals:
        changed: the text was edited.
        finished: Enter was pressed or the field left, with something in it.
    """

    changed = Signal()
    finished = Signal()

    def __init__(
        self, unit: str, *, name: str, plausible: Plausibility = anything, size: str | float = "title", sentence: bool = True
    ) -> None:
        """``name`` is spoken by screen readers. ``sentence``: False where the owner shows ``complaint`` itself."""
        super().__init__()
        self._plausible, self._shows_sentence = plausible, sentence
        self.field = TextLine(size=size, ringed=False)
        self.field.setAccessibleName(f"{name}, {unit}")
        self._sentence = TextLabel(size="note", ink="caution", wrap=True)
        self._sentence.setVisible(False)
        self._build(unit)
        self.field.textEdited.connect(self._edited)
        self.field.editingFinished.connect(self._finished)

    def _build(self, unit: str) -> None:
        self._well = Panel(fill="well")
        self.field.focus_changed.connect(lambda here: self._well.set_surface("well", "chosen" if here else ""))
        well = Row(gap=4, margins=(0, 0, 10, 0))
        well.addWidget(self.field, 1)
        well.addWidget(TextLabel(unit, ink="ink_soft"))
        self._well.setLayout(well)
        column = Column(gap=2)
        column.addWidget(self._well)
        column.addWidget(self._sentence)
        self.setLayout(column)
        self.setFocusProxy(self.field)

    @property
    def value(self) -> float | None:
        """The number typed, if it is one and it is plausible."""
        number = parsed(self.field.text())
        return None if number is None or self._plausible(number) else number

    @property
    def complaint(self) -> str:
        """What is wrong with what stands in the field; empty where it is empty or fine."""
        text = self.field.text().strip()
        if not text:
            return ""
        number = parsed(text)
        return f"“{text}” is not a number." if number is None else self._plausible(number)

    def set_plausible(self, plausible: Plausibility) -> None:
        self._plausible = plausible

    def clear(self) -> None:
        self.field.clear()
        self.tell("")

    def fill(self, text: str) -> None:
        """As if it were typed."""
        self.field.setText(text)
        self._edited()
        self._finished()

    def tell(self, sentence: str) -> None:
        """Shows a sentence under the field ("": none)."""
        self._sentence.set_text(sentence)
        self._sentence.setVisible(bool(sentence) and self._shows_sentence)

    def _edited(self) -> None:
        self.tell("")
        self.changed.emit()

    def _finished(self) -> None:
        self.tell(self.complaint)
        if self.field.text().strip():
            self.finished.emit()
