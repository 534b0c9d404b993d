"""Every widget alone on invented values: ``python -m widgets.gallery [--look day|night] [--size 1920x1080] [--save FILE.png]``.

A new widget adds one row to ``GALLERY``; its invented values live in ``gallery_samples.py``. Nothing here is a measurement.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QRect, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from clinical.instant import Instant
from widgets import gallery_samples as samples
from widgets.fonts import load_fonts
from widgets.theme import DAY, NIGHT, Look

CAPTION, GAP = 22, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One widget.

    Attributes:
        name: its caption.
        width, height: in pixels of the 1920×1080 picture.
        make: the widget in a look, holding invented values.
    """

    name: str
    width: int
    height: int
    make: Callable[[Look], QWidget]


GALLERY: tuple[Entry, ...] = (
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
    Entry(name="fault curtain, a quarter of its size", width=480, height=270, make=samples.curtain),
)
"""All widgets, in the order in which they are hung."""


def hang(page: QWidget, entries: Sequence[Entry], look: Look) -> list[QWidget]:
    """Put entries on a page, row by row, each under its caption; gives the widgets, in order."""
    gap, caption = look.px(GAP), look.px(CAPTION)
    shelf = Shelf(page.width() - gap, gap)
    made = []
    for entry in entries:
        spot = shelf.place(look.px(entry.width), look.px(entry.height) + caption)
        label = QLabel(entry.name, page)
        label.setFont(look.font("unit"))
        label.setStyleSheet(f"color: {look.theme.ink_soft}")
        label.setGeometry(spot.left(), spot.top(), spot.width(), caption)
        widget = entry.make(look)
        widget.setParent(page)
        widget.setGeometry(spot.adjusted(0, caption, 0, 0))
        widget.show()
        made.append(widget)
    return made


class Shelf:
    """Places boxes where they fit highest, then leftmost; for a few dozen boxes."""

    def __init__(self, width: int, gap: int) -> None:
        self._width, self._gap = width, gap
        self._taken: list[QRect] = []

    def place(self, width: int, height: int) -> QRect:
        gap = self._gap
        tops = sorted({gap, *(box.bottom() + 1 + gap for box in self._taken)})
        lefts = sorted({gap, *(box.right() + 1 + gap for box in self._taken)})
        spots = (QRect(left, top, width, height) for top in tops for left in lefts)
        spot = next(spot for spot in spots if self._free(spot) or (spot.top() == tops[-1] and spot.left() == gap))
        self._taken.append(spot)
        return spot

    def _free(self, spot: QRect) -> bool:
        wide = spot.adjusted(-self._gap + 1, -self._gap + 1, self._gap - 1, self._gap - 1)
        return spot.right() < self._width and not any(wide.intersects(box) for box in self._taken)


def page_of(look: Look, width: int, height: int) -> tuple[QWidget, list[QWidget]]:
    """A page with the whole gallery, and its widgets. Needs a QApplication with fonts loaded."""
    page = QWidget()
    page.setWindowTitle("Gallery: invented values")
    page.resize(width, height)
    palette = page.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(look.theme.background))
    page.setPalette(palette)
    return page, hang(page, GALLERY, look)


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the gallery, or save it as a picture."""
    parser = argparse.ArgumentParser(prog="python -m widgets.gallery", description="Every widget alone on invented values.")
    parser.add_argument("--look", choices=("day", "night"), default="day")
    parser.add_argument("--size", default="1920x1080", help="of the page, in pixels")
    parser.add_argument("--save", type=Path, help="write a PNG and end")
    chosen = parser.parse_args(arguments)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_fonts()
    width, height = (int(part) for part in chosen.size.split("x"))
    look = Look(NIGHT if chosen.look == "night" else DAY, min(width / 1920, height / 1080))
    page, widgets = page_of(look, width, height)
    if chosen.save is not None:
        return 0 if page.grab().save(str(chosen.save)) else 1
    page.show()
    timer = _running(page, widgets)
    timer.start(16)
    return application.exec()


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
