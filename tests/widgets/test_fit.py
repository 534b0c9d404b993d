"""Every panel and page in its place, at every size of screen: nothing clipped, nothing outside, in day and in night."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QWidget

from widgets.gallery_panels import ENTRIES
from widgets.theme import DAY, FONT_FAMILY, NIGHT, Look
from widgets.touch_key import TouchKey

SCREENS = {"1366×768": 1366 / 1920, "1920×1080": 1.0, "1920×1080 at 150 %": 1 / 1.5, "3840×2160": 2.0}
"""Logical pixels for each pixel of the picture; a screen at 200 % with 3840×2160 is the same as 1920×1080."""


@pytest.fixture(scope="module")
def typeface(qapp):
    """The program's own typeface, from its resources where they are there, or from the system."""
    for path in sorted((Path(__file__).parents[2] / "resources" / "fonts").glob(f"{FONT_FAMILY}-*.otf")):
        QFontDatabase.addApplicationFont(str(path))
    if FONT_FAMILY not in QFontDatabase.families():
        pytest.skip(f"the typeface {FONT_FAMILY} is not here: its measures are what is tested")


def _inside(child, parent):
    corner = child.mapTo(parent, QPoint(0, 0))
    return (
        corner.x() >= 0
        and corner.y() >= 0
        and corner.x() + child.width() <= parent.width() + 1
        and corner.y() + child.height() <= parent.height() + 1
    )


def _clipped(label):
    if label.minimumSizeHint().width() < label.sizeHint().width():  # one that is shortened with an ellipsis rather than cut
        return False
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 1
    return any(label.fontMetrics().horizontalAdvance(line) > label.contentsRect().width() + 1 for line in label.text().split("\n"))


@pytest.mark.parametrize("scale", list(SCREENS.values()), ids=list(SCREENS))
@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_nothing_is_clipped(qtbot, typeface, entry, scale):
    window, widget = QWidget(), entry.make(Look(DAY, scale))
    qtbot.addWidget(window)
    width, height = (round(side * scale) for side in (entry.width, entry.height))
    window.resize(width, height)
    widget.setParent(window)
    widget.setGeometry(0, 0, width, height)
    window.show()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # what scrolls is laid out once it is on the screen
    assert widget.minimumSizeHint().width() <= width
    assert widget.minimumSizeHint().height() <= height
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible() and label.text().strip()]
    keys = [key for key in widget.findChildren(TouchKey) if key.isVisible()]
    assert labels or keys or entry.name == "Order as a ladder"
    assert [label.text() for label in labels if _clipped(label) or not _inside(label, label.parentWidget())] == []
    cramped = [key.text() for key in keys if key.width() < key.minimumSizeHint().width() or key.height() < key.minimumSizeHint().height()]
    assert cramped == []


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_a_new_look_reaches_every_word(qtbot, typeface, entry):
    window, widget = QWidget(), entry.make(Look(DAY, 1.0))
    qtbot.addWidget(window)
    widget.setParent(window)
    day = [label.palette().windowText().color().name() for label in widget.findChildren(QLabel)]
    sizes = [label.font().pixelSize() for label in widget.findChildren(QLabel)]
    widget.set_look(Look(NIGHT, 2.0))
    night = [label.palette().windowText().color().name() for label in widget.findChildren(QLabel)]
    on_alarm = {DAY.medium_ink, DAY.high_ink, DAY.low_ink, DAY.medium.lower()}
    assert all(before != after or before.upper() in on_alarm or before in on_alarm for before, after in zip(day, night, strict=True))
    assert all(label.font().pixelSize() == 2 * size for label, size in zip(widget.findChildren(QLabel), sizes, strict=True))
