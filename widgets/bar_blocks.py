"""The blocks of the alarm bar beside its messages: the case, the key, SIMULATED, the sound, the clock. Each as items in a box."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainterPath

from clinical.alarm_model import AudioState
from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.observations import Priority
from widgets.durations import age, clock, countdown
from widgets.sheet import BOLD, EXTRA, MEDIUM, SEMI, Anchor, Fill, Item, Mark, Text, cap_height, elided, fitted
from widgets.symbols import bell, bell_off, bell_paused
from widgets.theme import Look


@dataclass(frozen=True, slots=True)
class BarState:
    """What is wrong with the program itself; empty texts where nothing is."""

    sound: str = ""
    record: str = ""
    core: str = ""


@dataclass(frozen=True, slots=True)
class CaseFace:
    """The three lines on the patient."""

    bed: str
    patient: str
    case: str
    infusion: str

    @staticmethod
    def of(setup: CaseSetup | None, dose: DoseReport | None, now: Instant) -> CaseFace:
        if setup is None:
            return CaseFace("", "No case", "nothing is recorded", "")
        patient = setup.patient
        age_text = "" if patient.age_years is None else f"{patient.age_years}"
        who = (patient.label, f"{patient.sex} {age_text}".strip(), f"{(dose and dose.weight_kg) or setup.weight_kg:.1f} kg")
        what = (patient.diagnosis, f"day {setup.day}")
        return CaseFace(setup.bed, _dotted(*who), _dotted(*what), _infusion(setup, dose, now))


def _dotted(*parts: str) -> str:
    return "  ·  ".join(part for part in parts if part)


def _infusion(setup: CaseSetup, dose: DoseReport | None, now: Instant) -> str:
    if dose is None or dose.started_at is None:
        return "Infusion not begun" if setup.order is not None else "No infusion"
    over = dose.over_since
    if over is not None:
        return f"Infusion {age(over.since(dose.started_at))}   ended {clock(over, setup.utc_offset_min)}"
    lasted = (dose.pump.at if dose.stale and dose.pump is not None else now).since(dose.started_at)
    begun = f"{'Last word' if dose.stale else 'Infusion'} {age(lasted)}"
    if setup.order is None:
        return begun
    ends = dose.started_at.plus(setup.order.length_min * 60)
    return f"{begun}   {'ends' if now < ends else 'end was'} {clock(ends, setup.utc_offset_min)}"


@dataclass(frozen=True, slots=True)
class SoundFace:
    """The state of the sound in a symbol and two lines; ``fill`` where it is a fault."""

    symbol: str
    line: str
    note: str
    fill: Priority | None = None
    framed: bool = False

    @staticmethod
    def of(audio: AudioState, faults: BarState, heard: Instant | None, now: Instant, utc_offset_min: int) -> SoundFace:
        if faults.core:
            return SoundFace("off", faults.core, "alarms not watched", Priority.HIGH)
        if faults.sound:
            return SoundFace("off", faults.sound, faults.record or "watch the screen", Priority.MEDIUM)
        paused = audio.paused_until is not None and audio.paused_until > now
        line = countdown(audio.paused_until.since(now)) if paused and audio.paused_until is not None else "on"
        note = "sound paused" if paused else "" if heard is None else f"heard {clock(heard, utc_offset_min)}"
        fill = Priority.MEDIUM if faults.record else None
        return SoundFace("paused" if paused else "on", line, faults.record or note, fill, framed=paused)


_BELLS = {"on": bell, "paused": bell_paused, "off": bell_off}


def case_items(face: CaseFace, box: QRectF, look: Look) -> list[Item]:
    """Bed, then three lines beside it."""
    px, theme = look.px, look.theme
    bed_font = fitted(face.bed, look.font_px(40, SEMI), px(56))
    left = box.left() + (px(46) if len(face.bed) < 2 else px(62))
    lines = (
        (face.patient, look.font_px(20, BOLD), QColor(theme.ink)),
        (face.case, look.font_px(16), QColor(theme.ink_soft)),
        (face.infusion, look.font_px(16), QColor(theme.ink_soft)),
    )
    items: list[Item] = [Text(box.left(), box.top() + px(4) + cap_height(bed_font), face.bed, bed_font, QColor(theme.ink), px(56))]
    for place, (text, font, colour) in enumerate(lines):
        baseline = box.top() + px(20) + place * (box.height() - px(22)) / 2
        room = box.right() - left
        items.append(Text(left, baseline, elided(text, font, room), font, colour, room))
    return items


def key_items(more: int, box: QRectF, look: Look) -> list[Item]:
    """The key to the list of all alarms, with how many have no slot."""
    theme = look.theme
    ground = Fill(box, QColor(theme.key), look.length("radius"), QColor(theme.key_edge))
    label = ("All alarms", look.font_px(17, SEMI), QColor(theme.ink))
    if not more:
        return [ground, *_centred(box, label)]
    return [ground, *_centred(box, (f"{more} more", look.font_px(17, BOLD), QColor(theme.ink_soft)), label)]


def banner_items(box: QRectF, look: Look, title: str, under: str) -> list[Item]:
    """The banner that no case without a patient can be without."""
    theme, ink = look.theme, QColor(look.theme.simulated_ink)
    ground = Fill(box, QColor(theme.simulated_dark), look.px(4), QColor(theme.simulated), look.px(2), QColor(theme.simulated).darker(190))
    words = ((title, look.font_px(23, EXTRA), ink), (under, look.font("note", SEMI), ink))
    return [ground, *_centred(box, *words)]


def sound_items(face: SoundFace, box: QRectF, look: Look) -> list[Item]:
    """Bell and two lines; framed while paused, filled when it is a fault."""
    theme, px = look.theme, look.px
    fill, ink = theme.alarm(face.fill) if face.fill else (None, QColor(theme.ink))
    soft = ink if face.fill or face.framed else QColor(theme.ink_soft)
    items: list[Item] = []
    if face.fill or face.framed:
        items.append(Fill(box, fill or QColor(theme.key), px(4), None if face.fill else QColor(theme.ink_soft), px(1.5)))
    side = px(44)
    bell_path: QPainterPath = _BELLS[face.symbol]()
    items.append(Mark(bell_path, QRectF(box.left() + px(12), box.top() + px(6), side, side), ink))
    room = box.width() - side - px(30)
    line_font = fitted(face.line, look.font_px(24, BOLD), room)
    if not face.fill and not face.framed:  # nothing is wrong: the words stand beside their bell
        return [*items, *_beside_the_bell(face, box, look, side)]
    note_font = fitted(face.note, look.font("note", SEMI), box.width() - px(22))
    right = box.right() - px(12)
    items.append(Text(right, box.top() + px(13) + cap_height(look.font_px(24)), face.line, line_font, ink, room, Anchor.RIGHT))
    items.append(Text(right, box.bottom() - px(10), face.note, note_font, soft, box.width() - px(22), Anchor.RIGHT))
    return items


def _beside_the_bell(face: SoundFace, box: QRectF, look: Look, side: float) -> list[Item]:
    px, left = look.px, box.left() + side + look.px(22)
    room = box.right() - left
    line_font, note_font = look.font_px(24, BOLD), fitted(face.note, look.font("note", SEMI), room)
    line_base = box.top() + px(6) + side / 2 + cap_height(line_font) / 2
    ink, soft = QColor(look.theme.ink), QColor(look.theme.ink_soft)
    return [
        Text(left, line_base, face.line, fitted(face.line, line_font, room), ink, room),
        Text(left, box.bottom() - px(10), face.note, note_font, soft, room),
    ]


def clock_items(time: str, date: str, box: QRectF, look: Look) -> list[Item]:
    """The bed's clock and date, to the right."""
    theme, px = look.theme, look.px
    time_font = fitted(time, look.font("clock", SEMI), box.width())
    date_font = look.font_px(16, MEDIUM)
    return [
        Text(box.right(), box.top() + px(8) + cap_height(time_font), time, time_font, QColor(theme.ink), box.width(), Anchor.RIGHT),
        Text(box.right(), box.bottom() - px(12), date, date_font, QColor(theme.ink_soft), box.width(), Anchor.RIGHT),
    ]


def _centred(box: QRectF, *lines: tuple[str, QFont, QColor]) -> list[Item]:
    pitch = box.height() / (len(lines) + 1) * (1.0 if len(lines) == 1 else 1.06)
    first = box.center().y() - pitch * (len(lines) - 1) / 2
    room = box.width() - 8
    rows = [(first + place * pitch + cap_height(font) / 2, text, font, colour) for place, (text, font, colour) in enumerate(lines)]
    return [Text(box.center().x(), base, text, fitted(text, font, room), colour, room, Anchor.MIDDLE) for base, text, font, colour in rows]
