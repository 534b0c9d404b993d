"""The signs of a report, told apart by their shapes and never by a colour: on the time axis and in the lists they are the same."""

from __future__ import annotations

import math

from clinical.alarm_model import Kind
from clinical.observations import Priority
from widgets.report.sheet import Sheet, Stroke

SIZE = 2.7
"""Half of a sign's width, pt."""
_HOLLOW = Stroke(0.8)

SCORE, MEDICATION, DOSE, STOP, EFFECT, OTHER = "score", "medication", "dose", "stop", "effect", "other"
_KINDS = {
    "medication": MEDICATION,
    "bolus": DOSE,
    "dose step": DOSE,
    "hold": STOP,
    "stop": STOP,
    "side effect": EFFECT,
}
NAMES = {
    SCORE: "assessment",
    MEDICATION: "medication",
    DOSE: "dose step or bolus",
    STOP: "hold or stop",
    EFFECT: "side effect",
    OTHER: "other entry",
}
"""For the legend, in order."""


def mark_of(kind: str) -> str:
    """The sign of an entry's kind."""
    return _KINDS.get(kind, OTHER)


def draw_mark(sheet: Sheet, mark: str, x: float, y: float) -> None:
    """A sign with its middle at (x, y)."""
    if mark == SCORE:
        sheet.disc(x, y, SIZE * 0.9)
    elif mark == MEDICATION:
        sheet.shape(_corners(x, y, 4, 90))
    elif mark == DOSE:
        sheet.shape(_corners(x, y + SIZE * 0.2, 3, 90))
    elif mark == STOP:
        sheet.shape(_corners(x, y, 4, 45))
    elif mark == EFFECT:
        sheet.shape(_corners(x, y - SIZE * 0.2, 3, 270), fill="background", stroke=_HOLLOW)
    elif mark == OTHER:
        sheet.disc(x, y, SIZE * 0.75, fill="background", stroke=_HOLLOW)


def _corners(x: float, y: float, count: int, first_degrees: float) -> list[tuple[float, float]]:
    angles = [math.radians(first_degrees + 360 * number / count) for number in range(count)]
    return [(x + SIZE * 1.15 * math.cos(angle), y - SIZE * 1.15 * math.sin(angle)) for angle in angles]


def signs_of(priority: Priority, kind: Kind) -> str:
    """``***`` a high alarm of the patient, ``!!`` a medium one of the equipment."""
    return ("*" if kind is Kind.PHYSIOLOGICAL else "!") * (priority.rank + 1)
