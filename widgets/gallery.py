"""Every widget alone on invented values: ``python -m widgets.gallery [--look day|night] [--size 1920x1080] [--save FILE.png]``.

A new widget adds one row to ``SHEETS`` or to ``gallery_panels.ENTRIES``; its invented values live beside. Nothing here is a measurement.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QRect, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QTabWidget, QWidget

from clinical.instant import Instant
from widgets import gallery_samples as samples
from widgets.fonts import load_fonts
from widgets.gallery_entry import Entry
from widgets.gallery_panels import ENTRIES
from widgets.theme import DAY, NIGHT, Look

CAPTION, GAP = 22, 14


SHEETS: tuple[Entry, ...] = (
    Entry(name="alarm bar", width=1892, height=92, make=samples.alarm_bar),
    Entry(name="alarm bar, sound paused", width=1892, height=92, make=samples.alarm_bar_paused),
    Entry(name="alarm bar, no sound, nothing recorded", width=1892, height=92, make=samples.alarm_bar_faults),
    Entry(name="soft keys", width=1892, height=100, make=samples.soft_keys),
    Entry(name="waveforms with gaps", width=1092, height=330, make=samples.waveforms),
    Entry(name="number", width=360, height=148, make=samples.heart_rate),
    Entry(name="cuff, medium alarm", width=380, height=148, make=samples.nibp_alarm),
    Entry(name="number, high alarm", width=360, height=130, make=samples.spo2_alarm),
    Entry(name="skin", width=380, height=130, make=samples.skin),
    Entry(name="number, stale", width=177, height=145, make=samples.rr_stale),
    Entry(name="number, doubtful", width=177, height=145, make=samples.etco2_doubtful),
    Entry(name="number, sensor off", width=360, height=130, make=samples.spo2_invalid),
    Entry(name="blink, dark half", width=360, height=130, make=samples.spo2_dark),
    Entry(name="cuff, stale", width=380, height=148, make=samples.nibp_stale),
    Entry(name="fault curtain", width=1840, height=1024, make=samples.curtain),
)
GALLERY = (*SHEETS, *ENTRIES)
"""All widgets, in the order in which they are hung."""


def hang(page: QWidget, entry: Entry, spot: QRect, look: Look) -> QWidget:
    """Put an entry on a page under its caption; gives the widget."""
    caption = look.px(CAPTION)
    label = QLabel(entry.name, page)
    label.setFont(look.font("unit"))
    label.setStyleSheet(f"color: {look.theme.ink_soft}")
    label.setGeometry(spot.left(), spot.top(), spot.width(), caption)
    widget = entry.make(look)
    widget.setParent(page)
    widget.setGeometry(spot.adjusted(0, caption, 0, 0))
    widget.show()
    return widget


class Shelf:
    """Places boxes on one page where they fit highest, then leftmost; for a few dozen boxes."""

    def __init__(self, width: int, height: int, gap: int) -> None:
        self._width, self._height, self._gap = width, height, gap
        self._taken: list[QRect] = []

    def place(self, width: int, height: int) -> QRect | None:
        """Room for a box, or None when the page is full; an empty page takes any box."""
        gap = self._gap
        tops = sorted({gap, *(box.bottom() + 1 + gap for box in self._taken)})
        lefts = sorted({gap, *(box.right() + 1 + gap for box in self._taken)})
        spots = (QRect(left, top, width, height) for top in tops for left in lefts)
        spot = next((spot for spot in spots if not self._taken or self._free(spot)), None)
        if spot is not None:
            self._taken.append(spot)
        return spot

    def _free(self, spot: QRect) -> bool:
        wide = spot.adjusted(-self._gap + 1, -self._gap + 1, self._gap - 1, self._gap - 1)
        inside = spot.right() < self._width and spot.bottom() < self._height
        return inside and not any(wide.intersects(box) for box in self._taken)


def pages_of(look: Look, width: int, height: int, entries: Sequence[Entry] = GALLERY) -> tuple[list[QWidget], list[QWidget]]:
    """Pages of a size with all entries, and the widgets on them. Needs a QApplication with fonts loaded."""
    pages: list[QWidget] = []
    widgets: list[QWidget] = []
    shelf = Shelf(width, height, look.px(GAP))
    for entry in entries:
        room = (look.px(entry.width), look.px(entry.height) + look.px(CAPTION))
        spot = shelf.place(*room) if pages else None
        if spot is None:
            pages.append(_page(look, width, height))
            shelf = Shelf(width, height, look.px(GAP))
            spot = shelf.place(*room)
        if spot is not None:
            widgets.append(hang(pages[-1], entry, spot, look))
    return pages, widgets


def _page(look: Look, width: int, height: int) -> QWidget:
    page = QWidget()
    page.resize(width, height)
    page.setAutoFillBackground(True)
    palette = page.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(look.theme.background))
    page.setPalette(palette)
    return page


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the gallery, or save it as pictures: FILE.png, FILE-2.png, …"""
    parser = argparse.ArgumentParser(prog="python -m widgets.gallery", description="Every widget alone on invented values.")
    parser.add_argument("--look", choices=("day", "night"), default="day")
    parser.add_argument("--size", default="1920x1080", help="of a page, in pixels")
    parser.add_argument("--save", type=Path, help="write PNG files and end")
    chosen = parser.parse_args(arguments)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_fonts()
    width, height = (int(part) for part in chosen.size.split("x"))
    look = Look(NIGHT if chosen.look == "night" else DAY, min(width / 1920, height / 1080))
    pages, widgets = pages_of(look, width, height)
    if chosen.save is not None:
        return 0 if all(_save(page, chosen.save, number) for number, page in enumerate(pages, start=1)) else 1
    window = _window(pages)
    window.show()
    _running(window, widgets).start(16)
    return application.exec()


def _save(page: QWidget, file: Path, number: int) -> bool:
    return page.grab().save(str(file if number == 1 else file.with_stem(f"{file.stem}-{number}")))


def _window(pages: list[QWidget]) -> QTabWidget:
    window = QTabWidget()
    window.setWindowTitle("Gallery: invented values")
    window.resize(pages[0].size())
    for number, page in enumerate(pages, start=1):
        window.addTab(page, f"Page {number}")
    return window


def _running(page: QWidget, widgets: list[QWidget]) -> QTimer:
    """A timer that lets case time run from the samples' moment."""
    clock, timer = QElapsedTimer(), QTimer(page)
    clock.start()
    timer.timeout.connect(lambda: _advance(widgets, samples.NOW.plus(clock.elapsed() / 1000)))
    return timer


def _advance(widgets: list[QWidget], now: Instant) -> None:
    for widget in widgets:
        step = getattr(widget, "advance", None)
        if step is not None:
            step(now)


if __name__ == "__main__":
    sys.exit(main())
