"""The two message slots of the alarm bar: which alarms stand in them at a moment, and how a message is laid out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont

from clinical.alarm_model import Alarm, Presence
from clinical.instant import NS_PER_S, Instant
from widgets.durations import clock, span
from widgets.flash import fill_is_on
from widgets.sheet import BOLD, EXTRA, SEMI, Anchor, Fill, Item, Mark, Text, cap_height, elided, fitted, width_of
from widgets.symbols import priority_marks, symbol_width
from widgets.theme import Look

ROTATE_S = 2.0
"""Messages that share a slot change places this often (a maker's manual: every 2 s)."""

STATES = {Presence.ACKNOWLEDGED: "seen", Presence.LATCHED: "over, not yet seen"}


_CLAUSE_ENDS = re.compile(r"(?<=[;:,.] )|(?= · )")


@dataclass(frozen=True, slots=True)
class QuietFace:
    """What stands in the place of alarms while there is none."""

    title: str
    story: str


@dataclass(frozen=True, slots=True)
class LastAlarm:
    """The alarm that ended last, and when."""

    alarm: Alarm
    ended: Instant

    def told(self, utc_offset_min: int) -> str:
        lasted = span(self.ended.since(self.alarm.since))
        return f"last: {self.alarm.title}  ·  from {clock(self.alarm.since, utc_offset_min)} for {lasted}"


@dataclass(frozen=True, slots=True)
class SlotFace:
    """A message as it stands: the alarm, how long it has lasted, whether its marks are lit."""

    alarm: Alarm
    lasting: str
    lit: bool


def slot_faces(alarms: tuple[Alarm, ...], now: Instant, *, steady: bool) -> tuple[SlotFace, ...]:
    """At most two: the highest alarm stays in the first slot, all others take turns in the second.

    ``alarms`` come highest first.
    """
    rest = alarms[1:]
    turn = int(now.monotonic_ns // (ROTATE_S * NS_PER_S))
    shown = alarms[:1] + ((rest[turn % len(rest)],) if rest else ())
    return tuple(SlotFace(alarm, span(now.since(alarm.since)), fill_is_on(alarm, now, steady=steady)) for alarm in shown)


def slot_items(face: SlotFace, box: QRectF, look: Look, *, large: bool) -> list[Item]:
    """A message in its box. Only the block of marks blinks: the words stay readable."""
    fill, ink = look.theme.alarm(face.alarm.priority)
    return [Fill(box, fill, look.px(4)), *_marks(face, box, look, large=large), *_words(face, box, look, ink, large=large)]


def _marks_width(box: QRectF, look: Look) -> float:
    return min(look.px(92), box.width() / 4)


def _marks(face: SlotFace, box: QRectF, look: Look, *, large: bool) -> list[Item]:
    fill, ink = look.theme.alarm(face.alarm.priority)
    wide = _marks_width(box, look)
    path = priority_marks(face.alarm.kind, face.alarm.priority)
    high = min(look.px(26 if large else 17), box.height() * 0.7)
    left = box.left() + (wide - symbol_width(path, high)) / 2
    mark_box = QRectF(left, box.center().y() - high / 2, wide, high)
    if face.lit:
        return [Mark(path, mark_box, ink)]
    inset = look.px(4)
    ground = QRectF(box.left() + inset, box.top() + inset, wide - 2 * inset, box.height() - 2 * inset)
    return [Fill(ground, ink, look.px(3)), Mark(path, mark_box, fill)]


def _words(face: SlotFace, box: QRectF, look: Look, ink: QColor, *, large: bool) -> list[Item]:
    left, right = box.left() + _marks_width(box, look) + look.px(12), box.right() - look.px(16)
    state = STATES.get(face.alarm.presence, "")
    small = look.font_px(18 if large else 15, SEMI)
    items: list[Item] = []
    if state:
        items.append(Text(right, box.center().y() + cap_height(small) / 2, state, small, ink, width_of(state, small), Anchor.RIGHT))
        right -= width_of(state, small) + look.px(16)
    font = look.font_px(26 if large else 16, EXTRA if large else BOLD)
    font = fitted(face.alarm.title, font, right - left)
    baseline = box.center().y() + cap_height(font) / 2
    items.append(Text(left, baseline, face.alarm.title, font, ink, right - left))
    story_left = left + width_of(face.alarm.title, font) + look.px(18)
    room = right - story_left
    lasting = f"for {face.lasting}"
    if room < width_of(lasting, small):
        return items
    small, story = _story(lasting, face.alarm.detail, small, look.font_px(16 if large else 14, SEMI), room)
    return [*items, Text(story_left, baseline, story, small, ink, room)]


def _story(lasting: str, detail: str, font: QFont, smaller: QFont, room: float) -> tuple[QFont, str]:
    """All of it, else in the smaller type, else as many whole clauses as there is room for; only a clause too long for that is cut."""
    clauses = _CLAUSE_ENDS.split(detail)
    for end in range(len(clauses), 0, -1):
        story = "  ·  ".join(part for part in (lasting, "".join(clauses[:end]).rstrip(" ·:;,.")) if part)
        for each in (font, smaller):
            if width_of(story, each) <= room:
                return each, story
    return smaller, elided(f"{lasting}  ·  {clauses[0]}", smaller, room)


def quiet_items(face: QuietFace, box: QRectF, look: Look) -> list[Item]:
    """Both slots while no alarm stands: that none does, and what the last one was."""
    theme, px = look.theme, look.px
    title_font, font = look.font_px(21, SEMI), look.font_px(16, SEMI)
    left, room = box.left() + px(18), box.width() - 2 * px(18)
    lines = [(face.title, title_font)] + ([(face.story, font)] if face.story else [])
    pitch = px(27)
    top = box.center().y() - pitch * (len(lines) - 1) / 2
    words = [
        Text(left, top + place * pitch + cap_height(each) / 2, elided(text, each, room), each, QColor(theme.ink_soft), room)
        for place, (text, each) in enumerate(lines)
    ]
    return [Fill(box, None, px(4), QColor(theme.line)), *words]
