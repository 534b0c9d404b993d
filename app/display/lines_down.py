"""Which device each shown number came from, so that it stops looking live when that device's line is lost. Draws nothing."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from clinical.metrics import Metric
from clinical.observations import LinkState, LinkStatus, Numeric, Validity

REASON = "line lost"


class LinesDown(QObject):
    """Signals:
    number_lost: a Numeric in the place of one whose line is lost: without a value, and with the reason.
    """

    number_lost = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device_of: dict[Metric, str] = {}
        self._shown: dict[tuple[Metric, str], Numeric] = {}
        self._down: set[str] = set()

    def hear(self, device: str, numeric: Numeric) -> None:
        """A numeric that is shown, from this device. One device is shown of each metric, with all its channels."""
        metric = numeric.metric
        if self._device_of.get(metric) != device:
            self._shown = {key: shown for key, shown in self._shown.items() if key[0] != metric}
            self._device_of[metric] = device
        self._shown[metric, numeric.channel] = numeric
        if device in self._down:
            self._lose(numeric)

    def follow(self, device: str, status: LinkStatus) -> None:
        """The state of a device's line."""
        if status.state is LinkState.LIVE:
            self._down.discard(device)
            return
        self._down.add(device)
        for (metric, _), numeric in self._shown.items():
            if self._device_of[metric] == device:
                self._lose(numeric)

    def _lose(self, numeric: Numeric) -> None:
        """``at`` stays: the tile goes on to tell for how long there has been no value."""
        self.number_lost.emit(replace(numeric, value=None, validity=Validity.NOT_AVAILABLE, reason=REASON))
