"""Which loudspeaker Qt would play on, for the self-test. Plays nothing and opens no window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, qInstallMessageHandler


def loudspeaker() -> tuple[str, str]:
    """The name of the default output, and why there is none; one of the two is empty."""
    before = qInstallMessageHandler(lambda *_: None)  # what Qt's sound library says of itself is not for the person at the terminal
    try:
        from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 (without the system's sound library it cannot be imported)

        application = QCoreApplication.instance() or QCoreApplication([])
        output = QMediaDevices.defaultAudioOutput()
        del application
    except ImportError as error:
        return "", f"Qt's sound library cannot be loaded ({error})"
    finally:
        qInstallMessageHandler(before)
    return ("", "Qt finds no loudspeaker") if output.isNull() else (output.description(), "")
