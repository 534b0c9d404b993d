"""Arrangement of the widgets of the watch, nothing else. Who is told what is wired in compose.py.

The places are those of the 1920×1080 picture; a window of another size scales them.
"""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.display.wide_page import UNDER_THE_NUMBERS
from widgets.alarm_bar import AlarmBar
from widgets.docked_page import DockedPage
from widgets.fault_curtain import FaultCurtain
from widgets.infusion_panel import InfusionPanel
from widgets.look_tree import TakesLook, dress
from widgets.nibp_tile import NibpTile
from widgets.notice_line import NoticeLine
from widgets.numeric_tile import ETCO2, HR, RR, SPO2, NumericTile
from widgets.round_items import DEFAULT_SEDATION
from widgets.round_panel import RoundPanel
from widgets.skin_tile import SkinTile
from widgets.soft_keys import SoftKeyRow
from widgets.theme import DAY, Look, Theme
from widgets.waveform_lane import WaveformPanel

WIDTH, HEIGHT = 1920, 1080
Place = tuple[int, int, int, int, float]
"""Left, top, width, height, and how much smaller than usual its type is."""

WATCH: MappingProxyType[str, Place] = MappingProxyType(
    {
        "bar": (0, 0, 1920, 92, 1),
        "waves": (0, 100, 1150, 431, 1),
        "trend": (0, 541, 1150, 415, 1),
        "hr": (1160, 100, 360, 144, 1),
        "spo2": (1160, 250, 360, 129, 1),
        "etco2": (1160, 385, 177, 144, 1),
        "rr": (1343, 385, 177, 144, 1),
        "round": (1160, 541, 360, 415, 1),
        "nibp": (1530, 100, 380, 144, 1),
        "skin": (1530, 250, 380, 129, 1),
        "infusion": (1530, 385, 380, 571, 1),
        "keys": (10, 968, 1900, 100, 1),
    }
)
BESIDE_A_PAGE: MappingProxyType[str, Place] = MappingProxyType(
    {
        "bar": (0, 0, 1920, 92, 1),
        "waves": (0, 100, 640, 431, 1),
        "trend": (0, 541, 640, 415, 1),
        "hr": (650, 100, 207, 88, 0.58),
        "spo2": (863, 100, 207, 88, 0.58),
        "etco2": (650, 194, 207, 88, 0.58),
        "rr": (863, 194, 207, 88, 0.58),
        "nibp": (650, 288, 207, 88, 0.58),
        "skin": (863, 288, 207, 88, 0.58),
        "infusion": (650, 385, 420, 571, 1),
        "page": (1080, 100, 830, 856, 1),
        "keys": (10, 968, 1900, 100, 1),
    }
)
COVERED: MappingProxyType[str, Place] = MappingProxyType({"bar": (0, 0, 1920, 92, 1), "cover": (0, 100, 1920, 968, 1)})
"""Before a case: the start and new-case pages fill everything below the bar."""
COVER_EDGED: Place = (10, 100, 1900, 958, 1)
"""A page that has an edge of its own stands off the window's, as it does beside a watch."""
NOTICE: Place = (10, 904, 1140, 52, 1)
NOTICE_COVERED: Place = (238, 956, 1100, 100, 1)


class MainWindow(QWidget):
    """The widgets, by name, and the three ways in which they stand.

    Signals:
        closing: the window is about to close.
        painted: its first picture stands on the screen.
    """

    closing = Signal()
    painted = Signal()

    def __init__(self, sedation: str = DEFAULT_SEDATION) -> None:
        super().__init__()
        self.setWindowTitle("Bedside")
        self.setMinimumSize(1024, 576)
        self.bar = AlarmBar(self)
        self.waves = WaveformPanel(self)
        self.hr, self.spo2 = NumericTile(HR, self), NumericTile(SPO2, self)
        self.etco2, self.rr = NumericTile(ETCO2, self), NumericTile(RR, self)
        self.nibp, self.skin = NibpTile(self), SkinTile(self)
        self.round, self.infusion = RoundPanel(sedation), InfusionPanel()
        self.keys = SoftKeyRow(self)
        self._theme = DAY
        self._painted = False
        self._page: DockedPage | None = None
        self._cover: QWidget | None = None
        self._parts: dict[str, QWidget] = {name: getattr(self, name) for name in WATCH if name != "trend"}
        for part in self._parts.values():
            part.setParent(self)
        self.notice = NoticeLine(self)
        self.curtain = FaultCurtain(self)
        self.tiles = (self.hr, self.spo2, self.etco2, self.rr, self.nibp, self.skin)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Day or night."""
        self._theme = theme
        self._arrange()

    @property
    def theme(self) -> Theme:
        return self._theme

    def set_trend(self, trend: QWidget) -> None:
        """The trend comes a moment after the window, because what draws it takes long to load."""
        trend.setParent(self)
        self._parts["trend"] = trend
        self._arrange()

    def keep(self, *pages: QWidget) -> None:
        """Takes pages that will be docked or cover the watch: unseen until then, and gone with the window."""
        for page in pages:
            page.setParent(self)
            page.hide()

    def dock(self, page: DockedPage | None) -> None:
        """Puts a page beside the watch, which stays in sight; None: the watch alone."""
        if self._page is not None and self._page is not page:
            self._page.hide()
        self._page = page
        if page is not None:
            page.setParent(self)
        self._arrange()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def cover(self, cover: QWidget | None) -> None:
        """Fills everything below the bar before a case begins; None: the watch."""
        if self._cover is not None and self._cover is not cover:
            self._cover.hide()
        self._cover = cover
        if cover is not None:
            cover.setParent(self)
        self._arrange()
        if cover is not None:
            cover.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        self._paint_ground()
        parts = dict(self._parts)
        places = COVERED if self._cover is not None else WATCH if self._page is None else BESIDE_A_PAGE
        if self._page is not None:
            parts["page"] = self._page
            places = UNDER_THE_NUMBERS if self._page.wide and self._cover is None else places
        if self._cover is not None:
            parts["cover"] = self._cover
        for name, part in parts.items():
            if name in places:
                edged = name == "cover" and isinstance(part, DockedPage)
                self._place(part, COVER_EDGED if edged else places[name], scale)
            part.setVisible(name in places)
        self._place(self.notice, NOTICE if self._cover is None else NOTICE_COVERED, scale)
        self.notice.raise_()
        self.curtain.set_look(Look(self._theme, scale))
        self.curtain.raise_()

    def _place(self, part: QWidget, place: Place, scale: float) -> None:
        left, top, width, height, smaller = place
        across, down = self.width() / WIDTH, self.height() / HEIGHT
        edges = (round(left * across), round(top * down), round((left + width) * across), round((top + height) * down))
        part.setGeometry(QRect(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]))
        look = Look(self._theme, scale).smaller(smaller)
        if isinstance(part, TakesLook):
            part.set_look(look)
        else:
            dress(part, look)

    def _paint_ground(self) -> None:
        palette = QApplication.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(self._theme.background))
        self.setPalette(palette)
        self.setAutoFillBackground(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)  # once the parts have painted too and all was handed to the screen

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        self.closing.emit()
        super().closeEvent(event)
