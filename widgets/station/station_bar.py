"""The bar over the beds: how many are watched, the highest alarms of all, whether anything is simulated, the sound, the clock."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from clinical.alarm_model import SILENCE, AudioState
from clinical.station import BedHeard, standing
from widgets.alarm_slots import QuietFace, SlotFace, quiet_items, slot_faces, slot_items
from widgets.bar_blocks import BarState, CaseFace, SoundFace, banner_items, case_items, clock_items, sound_items
from widgets.durations import local
from widgets.sheet import SEMI, Anchor, Fill, Item, SheetWidget, Text, cap_height


class StationBar(SheetWidget):
    """Shows what it is given."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._beds: Sequence[BedHeard] = ()
        self._audio: AudioState = SILENCE
        self._sound_fault = ""
        self._utc_offset_min = 0
        self.setAccessibleName("Alarm bar")

    def show_beds(self, beds: Sequence[BedHeard]) -> None:
        self._beds = tuple(beds)
        self.touch()

    def set_audio(self, audio: AudioState) -> None:
        self._audio = audio
        self.touch()

    def set_sound_fault(self, text: str) -> None:
        """Why nothing can be heard; empty when sound works."""
        self._sound_fault = text
        self.touch()

    def set_utc_offset(self, minutes: int) -> None:
        """Of the clock that is shown."""
        self._utc_offset_min = minutes
        self.touch()

    @property
    def simulated(self) -> bool:
        """Whether any bed is no patient's."""
        return any(bed.state.simulated or bed.state.recording for bed in self._beds if bed.state.case)

    def case_face(self) -> CaseFace:
        """Title, how many are watched, and whom nobody hears."""
        watched = sum(bed.is_watched for bed in self._beds)
        silent = [bed.state.bed for bed in self._beds if bed.is_silent(self.now)]
        free = len(self._beds) - watched
        heard = f"NOT heard: bed {', '.join(silent)}" if silent else "all beds heard" if watched else "no bed is watched"
        return CaseFace("", self._title, f"{watched} patient{'' if watched == 1 else 's'}" + (f", {free} free" if free else ""), heard)

    def slots(self) -> tuple[tuple[SlotFace, ...], int]:
        """The messages now, and how many alarms stand beside them."""
        alarms = standing(self._beds, self.now)
        return slot_faces(alarms, self.now, steady=self._is_paused()), max(0, len(alarms) - 2)

    def _is_paused(self) -> bool:
        return self._audio.paused_until is not None and self._audio.paused_until > self.now

    def face(self) -> Hashable:
        return (self.case_face(), self.slots(), self.simulated, self._sound(), self._clock())

    def _sound(self) -> SoundFace:
        return SoundFace.of(self._audio, BarState(sound=self._sound_fault), None, self.now, self._utc_offset_min)

    def _clock(self) -> tuple[str, str]:
        moment = local(self.now, self._utc_offset_min)
        return moment.strftime("%H:%M:%S"), f"{moment:%a} {moment.day} {moment:%b}"

    def background(self) -> QColor:
        return QColor(self.look.theme.bar)

    def compose(self) -> list[Item]:
        look, boxes = self.look, self.boxes()
        faces, more = self.slots()
        items: list[Item] = case_items(self.case_face(), boxes["case"], look)
        quiet = any(bed.is_watched for bed in self._beds) and not faces
        if quiet:
            items += quiet_items(QuietFace("No alarm", ""), boxes["first"].united(boxes["second"]), look)
        for place, name in enumerate(() if quiet else ("first", "second")):
            if place < len(faces):
                items += slot_items(faces[place], boxes[name], look, large=place == 0)
            else:
                items.append(Fill(boxes[name], None, look.px(4), QColor(look.theme.line)))
        if more:
            font, box = look.font_px(20, SEMI), boxes["more"]
            base = box.center().y() + cap_height(font) / 2
            items.append(Text(box.center().x(), base, f"{more} more", font, QColor(look.theme.ink_soft), box.width(), Anchor.MIDDLE))
        if self.simulated:
            items += banner_items(boxes["simulated"], look, "SIMULATED", "not all are patients")
        return [*items, *sound_items(self._sound(), boxes["sound"], look), *clock_items(*self._clock(), boxes["clock"], look)]

    def boxes(self) -> dict[str, QRectF]:
        """Where each block stands: fixed left and right, the slots take the middle."""
        px, wide, high = self.look.px, float(self.width()), float(self.height())
        top, tall = px(8), high - 2 * px(8)
        left, right = px(380), wide - px(778)
        return {
            "case": QRectF(-px(30), top, left + px(10), tall),
            "first": QRectF(left, top, right - left, tall - px(28)),
            "second": QRectF(left, top + tall - px(24), right - left, px(24)),
            "more": QRectF(wide - px(766), top, px(152), tall),
            "simulated": QRectF(wide - px(602), top, px(192), tall),
            "sound": QRectF(wide - px(400), top, px(184), tall),
            "clock": QRectF(wide - px(210), top, px(198), tall),
        }
