"""The tiles of all beds side by side, in an order that never changes. Arranges; draws nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from clinical.instant import Instant
from clinical.station import BedHeard, by_bed
from widgets.station.bed_tile import HIGH, WIDE, BedTile
from widgets.theme import Look

FEWEST = 2
"""Columns and rows: a single bed does not fill the screen."""


class BedGrid(QWidget):
    """As many tiles as there are beds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._tiles: dict[str, BedTile] = {}

    @property
    def tiles(self) -> tuple[BedTile, ...]:
        """In the order in which they stand."""
        return tuple(self._tiles.values())

    def show_beds(self, beds: Sequence[BedHeard]) -> None:
        """The last word of each bed; a bed that is not among them goes."""
        ordered = sorted(beds, key=by_bed)
        names = [heard.state.bed for heard in ordered]
        if names != list(self._tiles):
            self._renew(names)
        for heard in ordered:
            self._tiles[heard.state.bed].show_bed(heard)

    def set_steady(self, *, steady: bool) -> None:
        """While the sound here is paused nothing blinks."""
        for tile in self._tiles.values():
            tile.set_steady(steady=steady)

    def advance(self, now: Instant) -> None:
        for tile in self._tiles.values():
            tile.advance(now)

    def set_look(self, look: Look) -> None:
        self._look = look
        self._arrange()

    def _renew(self, names: Sequence[str]) -> None:
        before, self._tiles = self._tiles, {}
        for name in names:
            self._tiles[name] = before.pop(name) if name in before else BedTile(self)
        for tile in before.values():
            tile.hide()
            tile.deleteLater()
        self._arrange()

    def _arrange(self) -> None:
        columns = max(FEWEST, ceil(len(self._tiles) ** 0.5))
        rows = max(FEWEST, ceil(len(self._tiles) / columns))
        gap = self._look.length("gap")
        wide, high = (self.width() - (columns - 1) * gap) / columns, (self.height() - (rows - 1) * gap) / rows
        look = Look(self._look.theme, min(wide / WIDE, high / HIGH))
        for place, tile in enumerate(self._tiles.values()):
            row, column = divmod(place, columns)
            left, top = round(column * (wide + gap)), round(row * (high + gap))
            tile.setGeometry(left, top, round(column * (wide + gap) + wide) - left, round(row * (high + gap) + high) - top)
            tile.set_look(look)
            tile.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - the name is Qt's
        super().resizeEvent(event)
        self._arrange()
