"""A bed on the screen for several: who lies there, what alarms, five numbers, the dose, the next round, how fresh each device is.

Where things stand; what is said is ``bed_face.py``'s matter.
"""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from clinical.station import BedHeard
from widgets.sheet import BOLD, MEDIUM, SEMI, Anchor, Fill, Item, Mark, SheetWidget, Text, cap_height, elided, fitted, width_of
from widgets.station.bed_face import BedFace, NumberFace, bed_face
from widgets.symbols import play, priority_marks, stop, symbol_width

WIDE, HIGH = 470, 206
"""Of a tile in the picture's pixels, where sixteen fill the screen."""
HEAD, PAD = 46, 14
COLUMNS = (0.0, 0.17, 0.36, 0.66, 0.83, 1.0)
"""Where the five numbers' columns begin and end, as shares of the width."""


class BedTile(SheetWidget):
    """One bed; empty until it is told one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heard: BedHeard | None = None
        self._steady = False

    def show_bed(self, heard: BedHeard) -> None:
        """The bed's last word."""
        self._heard = heard
        self.setAccessibleName(f"Bed {heard.state.bed}")
        self.touch()

    def set_steady(self, *, steady: bool) -> None:
        """While the sound here is paused nothing blinks."""
        self._steady = steady
        self.touch()

    def face(self) -> Hashable:
        return self.face_now()

    def face_now(self) -> BedFace | None:
        """What the tile says at the last ``advance``."""
        return None if self._heard is None else bed_face(self._heard, self.now, steady=self._steady)

    def compose(self) -> list[Item]:
        face = self.face_now()
        if face is None:
            return []
        if face.state == "free":
            return self._free(face)
        items = [*self._ground(face), *self._head(face)]
        if face.last_word:
            return [*items, *self._numbers(face), *self._last_word(face)]
        return [*items, *self._numbers(face), *self._infusion(face), *self._lines(face)]

    def _free(self, face: BedFace) -> list[Item]:
        theme, px = self.look.theme, self.look.px
        box = QRectF(self.rect())
        font, small = self.look.font_px(26, BOLD), self.look.font_px(20, MEDIUM)
        room = box.width() - 2 * px(PAD)
        return [
            Fill(box, None, self.look.length("radius"), QColor(theme.line), px(1.5)),
            Text(px(PAD), px(11) + cap_height(font), face.bed, font, QColor(theme.ink_soft), room),
            Text(box.center().x(), box.center().y() + px(14), "free", small, QColor(theme.ink_soft), room, Anchor.MIDDLE),
        ]

    def _ground(self, face: BedFace) -> list[Item]:
        theme, px = self.look.theme, self.look.px
        box = QRectF(self.rect())
        items: list[Item] = [Fill(box, QColor(theme.panel), self.look.length("radius"))]
        if face.alarm is not None:
            fill, _ = theme.alarm(face.alarm.priority)
            items.append(Fill(box, None, self.look.length("radius"), fill, px(3)))
            if face.lit:
                items.append(Fill(QRectF(0, 0, box.width(), px(HEAD)), fill, self.look.length("radius")))
        return items

    def _head(self, face: BedFace) -> list[Item]:
        theme, px, look = self.look.theme, self.look.px, self.look
        ink, soft = QColor(theme.ink), QColor(theme.ink_soft)
        if face.alarm is not None and face.lit:
            ink = soft = theme.alarm(face.alarm.priority)[1]
        bed_font, label_font = look.font_px(28, BOLD), look.font_px(18, SEMI)
        base = px(HEAD) / 2 + cap_height(bed_font) / 2
        bed_room = min(width_of(face.bed, bed_font), self.width() * 0.3)
        label_left = max(px(PAD) + px(44), px(PAD) + bed_room + px(12))
        label = elided(face.label, label_font, self.width() * 0.24)
        items: list[Item] = [
            Text(px(PAD), base, elided(face.bed, bed_font, bed_room + 1), bed_font, ink, bed_room + 1),
            Text(label_left, base, label, label_font, ink, self.width() * 0.24),
        ]
        left = label_left + width_of(label, label_font) + px(14)
        return items + self._said(face, left, ink if face.alarm else soft)

    def _said(self, face: BedFace, left: float, ink: QColor) -> list[Item]:
        """The first alarm with its marks, to the right; how many more."""
        px, look = self.look.px, self.look
        right = float(self.width() - px(PAD))
        items: list[Item] = []
        if face.more:
            small = look.font_px(16, SEMI)
            word = f"+{face.more}"
            items.append(Text(right, px(HEAD) / 2 + cap_height(small) / 2, word, small, ink, width_of(word, small), Anchor.RIGHT))
            right -= width_of(word, small) + px(10)
        if face.alarm is None:
            font = look.font_px(16, MEDIUM)
            return [*items, Text(right, px(HEAD) / 2 + cap_height(font) / 2, face.said, font, ink, right - left, Anchor.RIGHT)]
        path, high = priority_marks(face.alarm.kind, face.alarm.priority), px(17)
        marks, font = symbol_width(path, high), look.font_px(19, BOLD)
        base = px(HEAD) / 2 + cap_height(font) / 2
        lasting = width_of(face.lasting, font)
        items.append(Text(right, base, face.lasting, font, ink, lasting, Anchor.RIGHT))
        right -= lasting + px(10)
        room = right - left - marks - px(10)
        said = face.said if width_of(face.said, font) <= room else elided(face.said, look.font_px(16, BOLD), room)
        font = font if said == face.said and width_of(said, font) <= room else look.font_px(16, BOLD)
        begin = right - width_of(said, font) - px(10) - marks
        items.append(Mark(path, QRectF(begin, px(HEAD) / 2 - high / 2, marks, high), ink))
        return [*items, Text(right, base, said, font, ink, room, Anchor.RIGHT)]

    def _numbers(self, face: BedFace) -> list[Item]:
        items: list[Item] = []
        inner = self.width() - 2 * self.look.px(PAD)
        for place, number in enumerate(face.numbers):
            left = self.look.px(PAD) + COLUMNS[place] * inner
            wide = (COLUMNS[place + 1] - COLUMNS[place]) * inner
            items += self._number(number, QRectF(left, self.look.px(HEAD + 8), wide, self.look.px(80)), silent=face.state == "silent")
        return items

    def _number(self, number: NumberFace, box: QRectF, *, silent: bool) -> list[Item]:
        theme, px, look = self.look.theme, self.look.px, self.look
        title = soft = QColor(theme.ink_soft) if silent else theme.parameter(number.metric)
        items: list[Item] = []
        if number.alarm is not None:
            fill, ink = theme.alarm(number.alarm.priority)
            ground = box.adjusted(-px(4), 0, -px(6), 0)
            items.append(Fill(ground, fill if number.lit else None, px(5), None if number.lit else fill, px(2)))
            title = soft = ink if number.lit else soft
        label_font, font = look.font_px(16, BOLD), look.font_px(38, SEMI)
        room = box.width() - px(14)
        font = fitted(number.text, font, room)
        return [
            *items,
            Text(box.left(), box.top() + px(8) + cap_height(label_font), number.label, label_font, title, room),
            Text(box.left() + room, box.bottom() - px(10), number.text, font, soft, room, Anchor.RIGHT),
        ]

    def _infusion(self, face: BedFace) -> list[Item]:
        theme, px, look = self.look.theme, self.look.px, self.look
        base, font, small = px(164), look.font_px(22, BOLD), look.font_px(16, MEDIUM)
        items: list[Item] = [Fill(QRectF(px(PAD), px(139), self.width() - 2 * px(PAD), px(1)), QColor(theme.line))]
        left, pump = float(px(PAD)), QColor(theme.pump)
        if face.dose:
            side = px(17)
            items.append(Mark(play() if face.runs else stop(), QRectF(left, base - side, side, side), pump))
            left += side + px(8)
            items.append(Text(left, base, face.dose, font, pump, width_of(face.dose, font)))
            left += width_of(face.dose, font) + px(6)
            items.append(Text(left, base, "mg/h", small, pump, width_of("mg/h", small)))
            left += width_of("mg/h", small) + px(14)
        right = self.width() - px(PAD)
        room = width_of(face.round, small)
        if face.round_is_due:
            box = QRectF(right - room - px(16), base - px(22), room + px(16), px(31))
            items.append(Fill(box, QColor(theme.prompt), px(5), QColor(theme.prompt_edge), px(1.5)))
            right -= px(8)
        ink = QColor(theme.ink if face.round_is_due else theme.ink_soft)
        items.append(Text(right, base, face.round, small, ink, room, Anchor.RIGHT))
        step_room = right - room - px(14) - left
        return [*items, Text(left, base, elided(face.step, small, step_room), small, QColor(theme.ink_soft), step_room)]

    def _lines(self, face: BedFace) -> list[Item]:
        px, font = self.look.px, self.look.font_px(14, MEDIUM)
        room = self.width() - 2 * px(PAD)
        return [Text(px(PAD), px(193), elided(face.lines, font, room), font, QColor(self.look.theme.ink_soft), room)]

    def _last_word(self, face: BedFace) -> list[Item]:
        px, room = self.look.px, self.width() - 2 * self.look.px(PAD)
        fonts = (self.look.font_px(16, SEMI), self.look.font_px(15, MEDIUM))
        inks = (QColor(self.look.theme.ink), QColor(self.look.theme.ink_soft))
        return [
            Text(px(PAD), px(166 + 26 * place), elided(text, fonts[place], room), fonts[place], inks[place], room)
            for place, text in enumerate(face.last_word)
        ]
