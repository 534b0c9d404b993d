"""The ordinary program with a witness in its display: when the window, a number, an alarm was painted, when a sound was asked for.

``python -m bench.probed_display demo …`` is ``bedside demo …``; with ``--show`` or ``--rejoin`` a pickled plan comes by standard
input. The log goes to BENCH_LOG as JSON Lines; moments are CLOCK_MONOTONIC, the same in every process. A moment of painting is
taken after the painted picture was handed to the screen.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.display.compose import Display
    from clinical.alarm_model import AudioState

PROBED = "app.display.compose"


class AfterImport:
    """Reaches into one module as it is imported, so that the program imports everything in its own order."""

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if name != PROBED:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            raise ImportError(name)
        execute = spec.loader.exec_module

        def then_probe(module: ModuleType) -> None:
            execute(module)
            probe(module)

        spec.loader.exec_module = then_probe  # type: ignore[method-assign]
        return spec


def probe(module: ModuleType) -> None:
    """Puts a witness into every display that opens."""
    kind = module.Display
    ordinary = kind.open

    def open_with_witness(display: Display, *arguments: object, **more: object) -> None:
        display.witness = make_witness(display)  # type: ignore[attr-defined]
        ordinary(display, *arguments, **more)

    kind.open = open_with_witness


def make_witness(display: Display) -> Any:
    """A watcher of the display's events that lives as long as it does."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer  # the program imports Qt when it wants to

    notes = Notes(display)

    class Witness(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
            if event.type() == QEvent.Type.Paint and (after := notes.painting(watched)) is not None:
                QTimer.singleShot(0, after)
            return False

    witness = Witness(display)
    for widget in (display.window, display.window.waves, display.window.spo2):
        widget.installEventFilter(witness)
    display.feed.audio_changed.connect(notes.hear)  # after the display's own: the burst was begun by then
    QCoreApplication.instance().aboutToQuit.connect(notes.finish)  # type: ignore[union-attr]
    return witness


class Notes:
    """What is written down."""

    def __init__(self, display: Display) -> None:
        self._window = display.window
        self._log = Path(os.environ["BENCH_LOG"]).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 (until the display ends)
        self._frames: list[int] = []
        self._painted = False

    def painting(self, widget: object) -> Callable[[], None] | None:
        """A widget is about to be painted; gives what is to be called when it was."""
        if widget is self._window.waves:
            self._frames.append(time.monotonic_ns())
            return None
        if widget is self._window.spo2:
            return self._number_painted
        if self._painted:
            return None
        self._painted = True
        return lambda: self._tell("first paint")

    def _number_painted(self) -> None:
        tile = self._window.spo2
        self._tell("number", text=tile.reading().text)
        if (alarm := tile.alarm) is not None:
            self._tell("alarm", value=alarm.value, priority=alarm.priority.value, presence=alarm.presence.value)

    def hear(self, audio: AudioState) -> None:
        self._tell("sound", generation=audio.generation, priority=audio.sounding and audio.sounding.value)

    def finish(self) -> None:
        self._tell("frames", begun_ns=self._frames)
        self._log.close()

    def _tell(self, event: str, **more: object) -> None:
        self._log.write(json.dumps({"event": event, "at_ns": time.monotonic_ns(), **more}) + "\n")


def main() -> int:
    sys.meta_path.insert(0, AfterImport())  # type: ignore[arg-type]
    if sys.argv[1] not in {"--show", "--rejoin"}:
        from app.__main__ import main as bedside

        return bedside(sys.argv[1:])
    from app.display.start import rejoin, show
    from app.supervision import plan_from_parent

    return {"--show": show, "--rejoin": rejoin}[sys.argv[1]](plan_from_parent())


if __name__ == "__main__":
    sys.exit(main())
