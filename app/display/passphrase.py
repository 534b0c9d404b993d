"""Asks for the passphrase of an encrypted database on the screen, before there is any window and any watch: where no terminal can ask."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.database_key import DatabaseKeyError
from widgets.boxes import Column, Panel, Row
from widgets.entry_field import TextLine
from widgets.fonts import load_fonts
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.theme import Look
from widgets.touch_key import TouchKey

SIZE = (640, 260)


class PassphraseBox(Panel):
    """One question, one field, two keys. ``typed`` is None until it was answered, and where nobody wanted to."""

    def __init__(self, question: str) -> None:
        super().__init__(fill="background")
        self.typed: str | None = None
        self.setWindowTitle("Bedside")
        self.loop = QEventLoop()
        self.field = TextLine(placeholder="Passphrase", height=64)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.enter = TouchKey("Go on", target=(200, 72), fill="chosen", edge="chosen")
        self.leave = TouchKey("Leave", target=(160, 72), shortcut="Escape")
        keys = Row(gap=8)
        keys.addWidget(self.leave)
        keys.addWidget(self.enter, 1)
        column = Column(gap=14, margins=(20, 20, 20, 20))
        column.addWidget(TextLabel(question, size="title", weight=SEMIBOLD, wrap=True), 1)
        column.addWidget(self.field)
        column.addLayout(keys)
        self.setLayout(column)
        self.set_look(Look())
        self.enter.clicked.connect(self._answer)
        self.field.returnPressed.connect(self._answer)
        self.leave.clicked.connect(self.close)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)

    def hideEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)  # type: ignore[arg-type]
        self.loop.quit()

    def _answer(self) -> None:
        self.typed = self.field.text()
        self.close()


def ask_on_screen(question: str) -> str:
    """What was typed. Raises DatabaseKeyError where nobody wanted to."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(application, QApplication):
        application.setStyle("Fusion")
    load_fonts()
    box = PassphraseBox(question.rstrip(": ") + ".")
    box.resize(*SIZE)
    box.move(box.screen().availableGeometry().center() - box.rect().center())
    box.show()
    box.field.setFocus()
    box.loop.exec()
    if box.typed is None:
        raise DatabaseKeyError("no passphrase was given: nothing was opened")
    return box.typed
