"""A run of text in a size, weight and ink of the theme. Says nothing by itself."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy

from clinical.metrics import Metric
from widgets.theme import Look

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter

MEDIUM = QFont.Weight.Medium
SEMIBOLD = QFont.Weight.DemiBold
BOLD = QFont.Weight.Bold


class TextLabel(QLabel):
    """Plain text. It is as wide as its words need, or wraps, or (``elide``) is shortened where a device or a person may say too much."""

    def __init__(
        self,
        text: str = "",
        *,
        size: str | float = "row",
        weight: QFont.Weight = MEDIUM,
        ink: str | Metric = "ink",
        align: Qt.AlignmentFlag = LEFT,
        wrap: bool = False,
        elide: bool = False,
    ) -> None:
        super().__init__(text)
        self._size, self._weight, self._ink, self._elide = size, weight, ink, elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align)
        self.setWordWrap(wrap)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed)
        self._look = Look()
        self.set_look(self._look)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFont(look.font(self._size, self._weight) if isinstance(self._size, str) else look.font_px(self._size, self._weight))
        self._colour()

    def set_ink(self, role: str | Metric) -> None:
        """The theme's colour of this role, or of a metric, from now on."""
        if role is not self._ink:
            self._ink = role
            self._colour()

    def set_text(self, text: str) -> None:
        """New words; the same words cost nothing."""
        if text != self.text():
            self.setText(text)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        hint = super().minimumSizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("…"), hint.height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        words = self.fontMetrics()
        if not self._elide or words.horizontalAdvance(self.text()) <= self.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        shortened = words.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment(), shortened)

    def _colour(self) -> None:
        palette = self.palette()
        theme, ink = self._look.theme, self._ink
        palette.setColor(QPalette.ColorRole.WindowText, theme.parameter(ink) if isinstance(ink, Metric) else QColor(getattr(theme, ink)))
        self.setPalette(palette)


class UnitLabel(TextLabel):
    """A unit in a column of one width, so that the numbers before it end at one edge."""

    WIDTH = 44.0

    def __init__(self, unit: str) -> None:
        super().__init__(unit, size="unit", ink="ink_soft")

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.setMinimumWidth(look.px(self.WIDTH))


def as_wide_as_its_place(label: TextLabel) -> TextLabel:
    """The label, made to wrap in whatever width it is given instead of asking for one."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label
