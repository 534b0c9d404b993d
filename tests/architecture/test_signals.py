"""Qt's bindings can be trusted with the interpreter: a million Signals hold memory flat (some releases free True and None)."""

from __future__ import annotations

import psutil
from PySide6.QtCore import QObject, Signal


class Source(QObject):
    happened = Signal(object)


def test_a_million_signals_hold_memory_flat() -> None:
    source = Source()
    seen = [0]

    def count(_: object) -> None:
        seen[0] += 1

    source.happened.connect(count)

    def emit(times: int) -> None:
        for number in range(times):
            source.happened.emit(number)

    emit(50_000)
    before = psutil.Process().memory_info().rss
    emit(1_000_000)
    assert seen[0] == 1_050_000
    assert psutil.Process().memory_info().rss - before < 8 * 2**20
