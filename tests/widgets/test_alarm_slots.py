"""What an alarm says beside its name: whole where there is room, else in whole clauses, and never with a sign less between words."""

import pytest
from PySide6.QtCore import QRectF

from clinical.alarm_model import Alarm, Kind, Presence
from clinical.instant import Instant
from clinical.observations import Priority
from widgets.alarm_slots import SlotFace, slot_items
from widgets.sheet import Text
from widgets.theme import DAY, Look

DETAIL = "oximeter: line down, shown again after 30 s of good readings · since 09:12"


def said(width: float, detail: str = DETAIL) -> str:
    """The story beside the title, without how long it has lasted."""
    alarm = Alarm(
        condition="c",
        kind=Kind.TECHNICAL,
        priority=Priority.LOW,
        presence=Presence.ON,
        title="SpO₂",
        detail=detail,
        since=Instant(0, 0),
        value=None,
        limit=None,
    )
    items = slot_items(SlotFace(alarm, "10 s", True), QRectF(0, 0, width, 44), Look(DAY, 1.0), large=True)
    return [item.text for item in items if isinstance(item, Text)][-1].removeprefix("for 10 s").removeprefix("  ·  ")


def test_all_of_it_stands_to_the_letter_where_there_is_room(fonts) -> None:
    assert said(3000) == DETAIL


@pytest.mark.parametrize("width", range(300, 1200, 50))
def test_what_is_left_out_is_left_out_from_the_end(fonts, width: float) -> None:
    shown = said(width).removesuffix("…")
    assert DETAIL.startswith(shown)
