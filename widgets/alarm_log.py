"""The log of alarm transitions as a table that may grow long. Rows are kept as they came; nothing is edited or left out."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QVBoxLayout, QWidget

from clinical.alarm_model import AlarmTransition, Presence
from clinical.observations import Priority
from widgets.durations import clock
from widgets.log_filter import LogFilter
from widgets.text_label import MEDIUM, SEMIBOLD
from widgets.theme import Look

MOST_ROWS = 2000
"""Shown; the record keeps all."""

HEADINGS = ("Time", "Priority", "Alarm", "What happened", "By")
_PRIORITY = HEADINGS.index("Priority")
_HAPPENED = {
    (Presence.OFF, Presence.ON): "began",
    (Presence.LATCHED, Presence.ON): "came back",
    (Presence.ON, Presence.OFF): "ended",
    (Presence.ACKNOWLEDGED, Presence.OFF): "ended",
    (Presence.LATCHED, Presence.OFF): "seen after its end",
    (Presence.ON, Presence.LATCHED): "ended, not yet seen",
    (Presence.OFF, Presence.LATCHED): "ended, not yet seen",
    (Presence.ON, Presence.ACKNOWLEDGED): "acknowledged",
}
"""What each step from one presence to another is to those at the bed; of the others only the priority is another."""
_WIDTHS = (84, 92, 0, 168, 140)

Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.utc_offset_min = 0
        self._all: deque[AlarmTransition] = deque(maxlen=MOST_ROWS)
        self._rows: deque[AlarmTransition] = deque()
        self._filter = LogFilter()

    def clear(self) -> None:
        self.beginResetModel()
        self._all.clear()
        self._rows.clear()
        self.endResetModel()

    def show_only(self, chosen: LogFilter) -> None:
        """Shows the rows that are asked for, of all that are kept here."""
        self.beginResetModel()
        self._filter = chosen
        self._rows = deque(row for row in self._all if chosen.takes(row))
        self.endResetModel()

    def add(self, transition: AlarmTransition) -> None:
        self._all.appendleft(transition)
        if not self._filter.takes(transition):
            return
        if len(self._rows) == MOST_ROWS:
            self.beginRemoveRows(QModelIndex(), MOST_ROWS - 1, MOST_ROWS - 1)
            self._rows.pop()
            self.endRemoveRows()
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._rows.appendleft(transition)
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:  # noqa: N802
        shown = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return HEADINGS[section] if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._texts(self._rows[index.row()])[index.column()]

    def _texts(self, row: AlarmTransition) -> tuple[str, ...]:
        alarm = row.alarm
        when = clock(row.at, self.utc_offset_min, seconds=True)
        happened = _HAPPENED.get((row.before, alarm.presence), f"now {alarm.priority.value}")
        return (when, alarm.priority.value, alarm.title, happened, row.by)

    def priority_at(self, row: int) -> Priority:
        return self._rows[row].alarm.priority


class _PriorityChip(QStyledItemDelegate):
    """The word of a priority on its own fill."""

    def __init__(self, model: _Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self.look = model, Look()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        fill, ink = self.look.theme.alarm(self._model.priority_at(index.row()))
        px, cell = self.look.px, QRectF(option.rect)
        chip = QRectF(cell.left(), cell.center().y() - px(12), px(78), px(24))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(chip, px(4), px(4))
        painter.setFont(self.look.font("note", SEMIBOLD))
        painter.setPen(ink)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._model.priority_at(index.row()).value)
        painter.restore()


class AlarmLog(QWidget):
    """A table, newest on top."""

    def __init__(self) -> None:
        super().__init__()
        self._model = _Model()
        self._view = QTableView()
        self._view.setModel(self._model)
        self._chip = _PriorityChip(self._model, self)
        self._view.setItemDelegateForColumn(_PRIORITY, self._chip)
        self._view.setFrameShape(QTableView.Shape.NoFrame)
        self._view.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.verticalHeader().setVisible(False)
        self._view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._view.horizontalHeader().setSectionResizeMode(HEADINGS.index("Alarm"), QHeaderView.ResizeMode.Stretch)
        self._view.setShowGrid(False)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.set_look(Look())

    def begin(self, utc_offset_min: int) -> None:
        """An empty log, in the time of a bed."""
        self._model.utc_offset_min = utc_offset_min
        self._model.clear()

    def add(self, transition: AlarmTransition) -> None:
        self._model.add(transition)

    def show_only(self, chosen: LogFilter) -> None:
        """Only the rows that are asked for; the others are kept."""
        self._model.show_only(chosen)

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """What is shown, row by row."""
        model = self._model
        return tuple(
            tuple(model.data(model.index(row, column)) or "" for column in range(len(HEADINGS))) for row in range(model.rowCount())
        )

    def set_look(self, look: Look) -> None:
        theme, font = look.theme, look.font("note", MEDIUM)
        self._chip.look = look
        self._view.setFont(font)
        self._view.horizontalHeader().setFont(look.font("note", MEDIUM))
        self._view.verticalHeader().setDefaultSectionSize(look.px(34))
        for column, width in enumerate(_WIDTHS):
            if width:
                self._view.setColumnWidth(column, look.px(width))
        palette = self._view.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, theme.panel),
            (QPalette.ColorRole.Text, theme.ink),
            (QPalette.ColorRole.Window, theme.panel),
            (QPalette.ColorRole.WindowText, theme.ink_soft),
            (QPalette.ColorRole.Button, theme.panel),
            (QPalette.ColorRole.ButtonText, theme.ink_soft),
        ):
            palette.setColor(role, QColor(colour))
        self._view.setPalette(palette)
        self._view.horizontalHeader().setStyleSheet(
            f"QHeaderView::section {{ background: {theme.panel}; color: {theme.ink_soft}; border: 0; padding: {look.px(4)}px; }}"
        )
