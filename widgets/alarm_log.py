"""The log of alarm transitions as a table that may grow long. Rows are kept as they came; nothing is edited or left out."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from clinical.alarm_model import AlarmTransition, Presence
from widgets.figures import clock
from widgets.log_filter import LogFilter
from widgets.text_label import MEDIUM
from widgets.theme import Look

MOST_ROWS = 2000
"""Shown; the record keeps all."""

HEADINGS = ("Time", "Priority", "Alarm", "From", "To", "By")
_NAMES = {Presence.OFF: "off", Presence.ON: "on", Presence.LATCHED: "latched", Presence.ACKNOWLEDGED: "acknowledged"}
_WIDTHS = (84, 84, 0, 112, 112, 112)

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
        return (when, alarm.priority.value, alarm.title, _NAMES[row.before], _NAMES[alarm.presence], row.by)


class AlarmLog(QWidget):
    """A table, newest on top."""

    def __init__(self) -> None:
        super().__init__()
        self._model = _Model()
        self._view = QTableView()
        self._view.setModel(self._model)
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
