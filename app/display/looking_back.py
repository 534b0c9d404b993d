"""Looks back into a case on a thread of its own: the painting thread never waits for a disk. Reads only, a moment at a time.

Each reading is a short transaction on a connection that cannot write, so a case that runs goes on being written meanwhile. Of several
wishes for the same view only the newest is done.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from queue import Empty, Queue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.case_view import case_view
from widgets.history.case_view import WaveColumns
from widgets.history.time_span import TimeSpan

if TYPE_CHECKING:
    from storage.envelopes import Envelope, Envelopes
    from storage.history import CaseHistory

LEAVE_WITHIN_S = 2.0
Wish = tuple[str, TimeSpan | None, int]
"""What is to be read: "case" or "waves" (then the stretch and the columns), or "end"."""


class LookingBack(QObject):
    """One case of one database.

    Signals:
        case_read: its place, and the CaseView.
        waves_read: its place, the TimeSpan, and its WaveColumns.
        failed: why it could not be read, for people.
    """

    case_read = Signal(int, object)
    waves_read = Signal(int, object, object)
    failed = Signal(str)

    def __init__(self, database: str, case: str, place: int, parent: QObject | None = None) -> None:
        """``case``: its number or its uuid. ``place``: said with all that is read, so that one listener can tell two cases apart."""
        super().__init__(parent)
        self._database, self._case, self._place = database, case, place
        self._wishes: Queue[Wish] = Queue()
        self._thread = threading.Thread(target=self._run, name="looking back", daemon=True)
        self._thread.start()

    def read_case(self) -> None:
        """All but the waveforms, as they are now."""
        self._wishes.put(("case", None, 0))

    def read_waves(self, span: TimeSpan, columns: int) -> None:
        """The waveforms of a stretch."""
        self._wishes.put(("waves", span, columns))

    def leave(self) -> None:
        """Nothing more is wanted."""
        self._wishes.put(("end", None, 0))
        self._thread.join(LEAVE_WITHIN_S)

    def _run(self) -> None:
        from storage.cases import open_case  # noqa: PLC0415 (loads SQLAlchemy, which a first picture does not wait for)
        from storage.envelopes import Envelopes  # noqa: PLC0415 (as above)
        from storage.errors import StoreError  # noqa: PLC0415 (as above)

        history: CaseHistory | None = None
        envelopes: Envelopes | None = None
        while (wish := self._newest())[0] != "end":
            try:
                if history is None or envelopes is None:
                    history = open_case(self._database, self._case)
                    envelopes = Envelopes(history)
                self._read(wish, history, envelopes)
            except StoreError as error:
                self._say(str(error))
            except Exception as fault:  # noqa: BLE001 (top of this thread: told, never lost)
                self._say(f"fault in the program ({type(fault).__name__}: {fault})")
        if history is not None:
            history.close()

    def _newest(self) -> Wish:
        """The next wish, without those for waveforms that another has overtaken."""
        wish = self._wishes.get()
        while wish[0] == "waves":
            try:
                after = self._wishes.get_nowait()
            except Empty:
                break
            if after[0] != "waves":
                self._wishes.put(wish)
            wish = after
        return wish

    def _read(self, wish: Wish, history: CaseHistory, envelopes: Envelopes) -> None:
        what, span, columns = wish
        if what == "case":
            self.case_read.emit(self._place, case_view(history))
        elif span is not None:
            since = history.started.plus(span.since_s)
            found = envelopes.read(since, since.plus(span.length_s), columns)
            self.waves_read.emit(self._place, span, tuple(_lanes(found)))

    def _say(self, words: str) -> None:
        self.failed.emit(words)


def _lanes(found: Sequence[Envelope]) -> Iterator[WaveColumns]:
    """As the page takes them; two devices that measure the same are told apart."""
    named = Counter(one.channel.metric.label for one in found)
    for one in found:
        title = one.channel.metric.label
        source = one.channel.device if named[title] > 1 else ""
        yield WaveColumns(metric=one.channel.metric, title=title, lows=one.lows, highs=one.highs, source=source)
