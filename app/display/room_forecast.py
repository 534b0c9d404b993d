"""While a case is set up: whether the disk will do for what the chosen devices send, for as long as the chosen order lasts."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.display.compose import Display
from app.display.errand import Errand
from app.streams_heard import StreamsHeard
from clinical.observations import Observation
from storage.errors import StoreError
from storage.forecast import budget
from widgets.new_case_page import NewCasePage

LOOK_EVERY_MS = 5_000


class RoomForecast(QObject):
    """Tells one line on the page of a new case; asks the disk away from the painting thread."""

    def __init__(self, display: Display, page: NewCasePage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._database = display.keeper.plan.database
        self._heard = StreamsHeard()
        self._free: int | None = None
        self._known = False
        self._errand: Errand | None = None
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        display.feed.heard_from.connect(self._hear)
        display.feed.set_aside.connect(self._hear)
        display.feed.block_heard.connect(self._hear)
        page.order.changed.connect(self.tell)
        page.devices.device_chosen.connect(self._forget)

    def open(self) -> None:
        """The page is there."""
        self._timer.start()
        self._look()

    def close(self) -> None:
        self._timer.stop()

    def tell(self) -> None:
        """The line as it stands now."""
        if not self._known:
            return
        order, streams = self._page.order.order, self._heard.streams
        if not streams.numbers_a_second and not streams.samples_a_second:
            self._page.devices.show_disk("")
            return
        told = budget(streams, None if order is None else order.length_min / 60, self._free)
        self._page.devices.show_disk(told.told, short=not told.suffices)

    def _hear(self, device: str, told: Observation) -> None:
        if self._timer.isActive():
            self._heard.hear(device, told)

    def _forget(self) -> None:
        """Another device: what the one before sent does not count any more."""
        self._heard = StreamsHeard()

    def _look(self) -> None:
        database = self._database
        self._errand = Errand(lambda _: _free_bytes(database), (StoreError,), self)
        self._errand.done.connect(self._take)
        self._errand.start()

    def _take(self, free: int | None) -> None:
        self._free, self._known = free, True
        self.tell()


def _free_bytes(database: str) -> int | None:
    from storage.disk import free_bytes  # noqa: PLC0415 (SQLAlchemy: not before it is asked)

    return free_bytes(database)
