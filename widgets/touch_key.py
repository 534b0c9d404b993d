"""A key for a finger, a mouse or the keyboard: a title, a line under it, a sign beside it. What it does is the owner's."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.shapes import Shape
from widgets.text_label import SEMIBOLD
from widgets.theme import Look


class TouchKey(QAbstractButton):
    """At least a finger wide and high, and never narrower than its words.

    ``checked`` fills it with the colour of what is chosen; ``outlined`` only draws that edge (the last answer given).
    """

    def __init__(
        self,
        title: str = "",
        *,
        note: str = "",
        size: str | float = "title",
        note_size: str | float = "unit",
        target: tuple[float, float] = (72, 72),
        fill: str = "key",
        edge: str = "key_edge",
        sign: Shape | None = None,
        shortcut: str = "",
        space_presses: bool = True,
        left: bool = False,
        note_lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        """``target``: smallest width and height, in the picture's pixels. ``space_presses``: False for what must not be hit by chance.

        ``left``: a row of a list: words begin at the left edge and are shortened where there is no room; its note may take ``note_lines``.
        """
        super().__init__(parent)
        self._note, self._size, self._note_size, self._target, self._shape = note, size, note_size, target, sign
        self._fill, self._edge, self._space_presses, self._outlined, self._left = fill, edge, space_presses, False, left
        self._note_lines = note_lines
        self._look = Look()
        self.setText(title)
        self.setAccessibleName(f"{title} {note}".strip())
        if shortcut:
            self.setShortcut(shortcut)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def note(self) -> str:
        return self._note

    @property
    def outlined(self) -> bool:
        return self._outlined

    def set_title(self, title: str) -> None:
        if title != self.text():
            self.setText(title)
            self._changed()

    def set_note(self, note: str) -> None:
        """Another line under the title ("": none)."""
        if note != self._note:
            self._note = note
            self._changed()

    def set_outlined(self, *, outlined: bool) -> None:
        self._outlined = outlined
        self.update()

    def set_surface(self, fill: str, edge: str) -> None:
        """Roles of the theme for its surface and outline."""
        if (fill, edge) != (self._fill, self._edge):
            self._fill, self._edge = fill, edge
            self.update()

    def set_sign(self, sign: Shape | None) -> None:
        self._shape = sign
        self._changed()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._changed()

    def _changed(self) -> None:
        self.setAccessibleName(f"{self.text()} {self._note}".strip())
        self.updateGeometry()
        self.update()

    def _font(self, size: str | float, weight: QFont.Weight) -> QFont:
        return self._look.font(size, weight) if isinstance(size, str) else self._look.font_px(size, weight)

    def _fonts(self) -> tuple[QFont, QFont]:
        return self._font(self._size, SEMIBOLD), self._font(self._note_size, QFont.Weight.Medium)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        title, note = (QFontMetrics(font) for font in self._fonts())
        words = title.horizontalAdvance(self.text()) + (self._sign_width() if self._shape else 0)
        width = 0 if self._left else max(words, note.horizontalAdvance(self._note)) + 2 * self._look.px(14 if self._left else 8)
        height = (
            title.height() + (note.height() * self._note_lines if self._note else 0) + 2 * self._look.px(4 if self._note_lines == 1 else 8)
        )
        return QSize(max(width, self._look.px(self._target[0])), max(height, self._look.px(self._target[1])))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.minimumSizeHint()

    def _sign_width(self) -> int:
        return self._look.px(30)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif key == Qt.Key.Key_Space and not self._space_presses:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_surface(painter)
        ink, soft = self._inks()
        title_font, note_font = self._fonts()
        title_height, note_height = QFontMetrics(title_font).height(), self._note_height(note_font)
        top = (self.height() - title_height - note_height) // 2
        self._paint_title(painter, self._line(top, title_height), title_font, ink)
        if self._note:
            painter.setFont(note_font)
            painter.setPen(soft)
            self._paint_note(painter, self._line(top + title_height, note_height), note_font)

    def _note_height(self, font: QFont) -> int:
        """Of the lines that the note takes, of those it may take."""
        one = QFontMetrics(font).height() if self._note else 0
        if self._note_lines == 1:
            return one
        needed = QFontMetrics(font).boundingRect(self._line(0, self.height()), Qt.TextFlag.TextWordWrap, self._note).height()
        return min(needed, one * self._note_lines)

    def _paint_note(self, painter: QPainter, box: QRect, font: QFont) -> None:
        if self._note_lines > 1:
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._note)
        else:
            painter.drawText(box, self._alignment(), self._shown(self._note, font))

    def _line(self, top: int, height: int) -> QRect:
        inset = self._look.px(14) if self._left else 0
        return QRect(inset, top, self.width() - 2 * inset, height)

    def _shown(self, text: str, font: QFont) -> str:
        """Keys are as wide as their words; only a row of a list may have to shorten them."""
        if not self._left:
            return text
        return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 2 * self._look.px(14))

    def _alignment(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if self._left else Qt.AlignmentFlag.AlignHCenter)

    def _paint_surface(self, painter: QPainter) -> None:
        theme = self._look.theme
        fill = theme.chosen if self.isChecked() else theme.well if self.isDown() else getattr(theme, self._fill)
        ringed = self._outlined or self.hasFocus()
        edge = theme.chosen if ringed else getattr(theme, self._edge)
        width = self._look.px(2 if ringed else 1)
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(fill))
        inset = width / 2 + self._look.px(1)  # keys may touch: their targets leave no gap, their surfaces do
        radius = self._look.px(8)
        surface = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(surface, radius, radius)
        if self.hasFocus() and fill == theme.chosen:  # the ring would not be seen on its own colour
            within = self._look.px(4)
            painter.setPen(QPen(QColor(theme.chosen_ink), self._look.px(2)))
            painter.drawRoundedRect(surface.adjusted(within, within, -within, -within), radius - within / 2, radius - within / 2)

    def _paint_title(self, painter: QPainter, line: QRect, font: QFont, ink: QColor) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        if self._shape is None:
            painter.drawText(line, self._alignment(), self._shown(self.text(), font))
            return
        side, words = self._look.px(20), QFontMetrics(font).horizontalAdvance(self.text())
        left = (self.width() - words - self._sign_width()) / 2
        self._shape(painter, QRectF(left, line.center().y() - side / 2 + 1, side, side), ink)
        painter.setPen(ink)
        painter.drawText(line.adjusted(int(left) + self._sign_width(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())

    def _inks(self) -> tuple[QColor, QColor]:
        theme = self._look.theme
        if not self.isEnabled():
            return QColor(theme.ink_faint), QColor(theme.ink_soft)  # the note may say why it cannot be pressed
        if self.isChecked() or self._fill == "chosen":
            return QColor(theme.chosen_ink), QColor(theme.chosen_ink)
        return QColor(theme.ink), QColor(theme.ink_soft)
