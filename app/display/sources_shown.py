"""Which source each number and waveform comes from, as the screen tells it: words on tiles and lanes, and the page of all sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from app.display.main_window import MainWindow
from clinical.commands import ChooseSource
from clinical.metrics import Metric
from clinical.observations import Numeric, WaveformBlock
from clinical.sources import SIDE_BY_SIDE, Source, SourceStanding, leader_of, source_of
from widgets.tile import SourceWord, Tile

if TYPE_CHECKING:
    from widgets.sources_page import SourcesPage

KEY = "F12"
"""Opens the page of the first tile whose number has several sources."""


class SourcesShown(QObject):
    """Signals:
    commanded: a Command for the core.
    page_wanted: the page of sources is to be opened, or closed where it stands open for the same tile.
    number_shown: device and Numeric: another source is shown now, and this is its last value.
    """

    commanded = Signal(object)
    page_wanted = Signal()
    number_shown = Signal(str, object)

    def __init__(self, window: MainWindow, operator: str, parent: QObject | None = None) -> None:
        """``operator``: who chooses at this screen."""
        super().__init__(parent)
        self._window = window
        self._page: SourcesPage | None = None
        self._operator = operator
        self._about: Tile | None = None
        self._standings: dict[Metric, SourceStanding] = {}
        self._latest: dict[tuple[Metric, Source], dict[str, Numeric]] = {}
        for tile in window.tiles:
            tile.pressed.connect(lambda tile=tile: self.open(tile))
        QShortcut(QKeySequence(KEY), window).activated.connect(self.open_first)

    def take_page(self, page: SourcesPage) -> None:
        """The page may come after the watch; it is told what stands by then."""
        self._page = page
        page.source_chosen.connect(self._choose)
        for standing in self._standings.values():
            page.set_standing(standing)
        for (_, source), channels in self._latest.items():
            for numeric in channels.values():
                page.take(source.device, numeric)

    def take(self, device: str, numeric: Numeric) -> None:
        """A number from any source, shown or not."""
        source = source_of(numeric.metric, device, numeric.channel)
        self._latest.setdefault((numeric.metric, source), {})[numeric.channel] = numeric
        if self._page is not None:
            self._page.take(device, numeric)

    def change(self, standing: SourceStanding) -> None:
        """The sources of a metric stand otherwise."""
        metric, before = standing.metric, self._standings.get(standing.metric)
        self._standings[metric] = standing
        if self._page is not None:
            self._page.set_standing(standing)
        for tile in self._window.tiles:
            tile.set_source(metric, SourceWord(standing.shown.name, stands_in=standing.stands_in))
        if before is not None and before.shown != standing.shown:
            for numeric in self._latest.get((metric, standing.shown), {}).values():
                self.number_shown.emit(standing.shown.device, numeric)

    def hear_block(self, device: str, block: WaveformBlock) -> None:
        """A waveform's lane says where it comes from if its number could come from elsewhere."""
        several = leader_of(block.metric) in self._standings
        self._window.waves.set_note(block.metric, Source(device=device, channel=block.channel).name if several else "")

    def open(self, tile: Tile) -> None:
        """The page about a tile; closed where it is the one that stands open."""
        page = self._page
        if page is None:
            return
        changes = page.isVisible() and self._about is not tile
        self._about = tile
        page.show_sources_of(tile.title, tile.alarmed_by)
        if not changes:
            self.page_wanted.emit()

    def open_first(self) -> None:
        """The page about the first tile that has a choice; about the first of all where none has."""
        having = (tile for tile in self._window.tiles if any(leader_of(metric) in self._standings for metric in tile.alarmed_by))
        self.open(next(having, self._window.tiles[0]))

    def _choose(self, metric: Metric, source: Source) -> None:
        channel = "" if metric in SIDE_BY_SIDE else source.channel
        self.commanded.emit(ChooseSource(metric=metric, device=source.device, channel=channel, by=self._operator))
