"""The thread that hears the beds from the clinic's server and tells the window. Paints nothing and decides nothing."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.clock import room_now
from clinical.station import BedHeard

if TYPE_CHECKING:
    from storage.bed_states import BedRow

MOST_OFTEN_S = 0.5
"""Two pictures a second, however much the beds say."""
AT_LEAST_S = 1.0
"""Asked without a word from any bed too: that the server still answers must be known."""
TRY_AGAIN_S = 1.0
LEAVE_WITHIN_S = 2.0


class StationReader(QObject):
    """Of one server.

    Signals:
        heard: every bed's last word, as a tuple of BedHeard on this computer's clock.
        lost: why the server could not be read, for people.
        unreadable: names of beds whose word could not be understood.
    """

    heard = Signal(object)
    lost = Signal(str)
    unreadable = Signal(object)

    def __init__(self, server: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(LEAVE_WITHIN_S)

    def _run(self) -> None:
        from storage.bed_states import BedListener  # noqa: PLC0415 (loads SQLAlchemy, which a first picture does not wait for)
        from storage.errors import StoreError  # noqa: PLC0415 (as above)

        listener = BedListener(self._server)
        while not self._ended.is_set():
            began = monotonic()
            try:
                self._tell(listener.beds())
                listener.wait(AT_LEAST_S)
                self._ended.wait(max(0.0, MOST_OFTEN_S - (monotonic() - began)))
            except StoreError as error:
                self._lose(str(error))
            except Exception as fault:  # noqa: BLE001 (top of this thread: told, never lost)
                self._lose(f"fault in the program ({type(fault).__name__}: {fault})")
        listener.close()

    def _lose(self, why: str) -> None:
        self.lost.emit(why)
        self._ended.wait(TRY_AGAIN_S)

    def _tell(self, rows: list[BedRow]) -> None:
        from storage.bed_json import BedJsonError, bed_from_json  # noqa: PLC0415 (as above)

        now, beds, strange = room_now(), [], []
        for row in rows:
            try:
                beds.append(BedHeard(state=bed_from_json(row.state, now.plus(-row.age_s))))
            except BedJsonError:
                strange.append(row.bed)
        self.heard.emit(tuple(beds))
        self.unreadable.emit(tuple(strange))
