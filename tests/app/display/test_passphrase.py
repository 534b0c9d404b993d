"""The question that stands before an encrypted database where no terminal can ask it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.database_key import DatabaseKeyError
from app.display.passphrase import PassphraseBox, ask_on_screen
from tests.app.display.windows import IGNORED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


def box() -> PassphraseBox:
    return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, PassphraseBox) and widget.isVisible())


def test_what_is_typed_is_given_and_never_shown(qtbot: QtBot) -> None:
    def type_it() -> None:
        assert box().field.echoMode() is box().field.EchoMode.Password
        assert "Bedside" in box().windowTitle()
        box().field.setText("a long ward phrase")
        box().enter.click()

    QTimer.singleShot(200, type_it)
    assert ask_on_screen("Passphrase of a.sqlite: ") == "a long ward phrase"


def test_who_leaves_opens_nothing(qtbot: QtBot) -> None:
    def leave() -> None:
        box().leave.click()

    QTimer.singleShot(200, leave)
    with pytest.raises(DatabaseKeyError, match="nothing was opened"):
        ask_on_screen("Passphrase of a.sqlite: ")
