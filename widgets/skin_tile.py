"""Skin temperature of two places and the difference between them: the limb in pain against the other one."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.observations import Numeric
from widgets.reading import NO_NUMBER, Reading, figures, read
from widgets.sheet import SEMI, Item, Text, cap_height, elided, fitted, width_of
from widgets.tile import Inks, Tile

WIDEST = "−88.8"


class SkinTile(Tile):
    """Two channels of skin temperature side by side, and first minus second."""

    shows = (metrics.SKIN_TEMPERATURE,)
    alarmed_by = shows

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(metrics.SKIN_TEMPERATURE, "Skin", parent)
        self._places = (("T1", "T1"), ("T2", "T2"))
        self._numerics: dict[str, Numeric] = {}

    def set_channels(self, first: tuple[str, str], second: tuple[str, str]) -> None:
        """Which channels are shown, each with the name of its place: ``("T1", "R hand")``."""
        self._places = (first, second)
        self.touch()

    def clear(self) -> None:
        """Forget every value and the alarm: another case begins."""
        self._numerics.clear()
        self.set_alarm(None)

    def show_numeric(self, numeric: Numeric) -> None:
        """A new value of either channel; others are let pass."""
        if numeric.metric in self.shows:
            self._numerics[numeric.channel] = numeric
            self.touch()

    def readings(self) -> tuple[Reading, Reading]:
        """Both temperatures as they stand at the last ``advance``."""
        first, second = (read(self._numerics.get(channel), self.now) for channel, _ in self._places)
        return first, second

    def difference(self) -> str:
        """First minus second, or ``---`` unless both are live."""
        first, second = self.readings()
        if not (first.live and second.live):
            return NO_NUMBER
        warm, cool = (self._numerics[channel].value or 0.0 for channel, _ in self._places)
        return figures(warm - cool, metrics.SKIN_TEMPERATURE.decimals)

    def face(self) -> Hashable:
        return (self.readings(), self.difference(), self._places, self.frame_face())

    def compose(self) -> list[Item]:
        inks, (first, second) = self.inks(), self.readings()
        ink = inks.number if self.filled else QColor(self.look.theme.ink)
        columns = (
            (self._places[0][1], _marked(first), inks.number),
            (self._places[1][1], _marked(second), inks.number),
            ("difference", self.difference(), ink),
        )
        items = self.frame(inks)
        for place, (label, number, colour) in enumerate(columns):
            items += self._column(place, label, number, colour, inks)
        return [*items, *self._why(first, second, inks)]

    def _column(self, place: int, label: str, number: str, colour: QColor, inks: Inks) -> list[Item]:
        px = self.look.px
        pitch = (self.width() - 2 * px(14)) / 3
        x, room = px(14) + place * pitch, pitch - px(10)
        number_font = fitted(WIDEST, self.look.font_px(42, SEMI), room)
        label_font = fitted("difference", self.look.font("note"), room)
        baseline = self.height() - px(16)
        label_base = baseline - cap_height(number_font) - px(12)
        return [
            Text(x, label_base, elided(label, label_font, room), label_font, inks.soft, room),
            Text(x, baseline, number, number_font, colour, room),
        ]

    def _why(self, first: Reading, second: Reading, inks: Inks) -> list[Item]:
        named = zip(self._places, (first, second), strict=True)
        notes = {reading.note for reading in (first, second)}
        alike = first.note if len(notes) == 1 else ""  # both for one reason: it is said once
        text = alike or ", ".join(f"{name}: {reading.note}" for (_, name), reading in named if reading.note)
        font = self.look.font("unit")
        px = self.look.px
        source = self.source_word().text
        left = max(px(82), self.source_left() + width_of(f"· {source}  ", self.look.font("note", SEMI)) if source else 0)
        room = self.width() - left - px(14)
        return [Text(left, px(14) + cap_height(self.look.font("title")), elided(text, font, room), font, inks.soft, room)]


def _marked(reading: Reading) -> str:
    return f"{reading.text}?" if reading.doubtful else reading.text
