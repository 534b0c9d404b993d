"""The bar on top, on every view and never covered: patient, alarms, SIMULATED, the state of the sound, the clock.

It shows what it is given; which alarms stand and what sounds is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QWidget

from clinical.alarm_model import SILENCE, Alarm, AudioState
from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import DoseReport
from widgets.alarm_slots import LastAlarm, QuietFace, quiet_items, slot_faces, slot_items
from widgets.bar_blocks import BarState, CaseFace, SoundFace, banner_items, case_items, clock_items, key_items, sound_items
from widgets.durations import local
from widgets.sheet import Fill, Item, SheetWidget


class AlarmBar(SheetWidget):
    """Everything that must be seen whatever else is on the screen.

    Signals:
        alarms_requested: the list of all alarms was asked for.
    """

    alarms_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setup: CaseSetup | None = None
        self._dose: DoseReport | None = None
        self._alarms: tuple[Alarm, ...] = ()
        self._last: LastAlarm | None = None
        self._audio: AudioState = SILENCE
        self._faults = BarState()
        self._heard: Instant | None = None
        self._simulated = False
        self._utc_offset_min = 0
        self.setAccessibleName("Alarm bar")

    def set_case(self, setup: CaseSetup | None) -> None:
        """The case that is watched, or None between cases. A simulated case shows its banner whatever is set later."""
        if setup is None or self._setup is None or setup.uuid != self._setup.uuid:
            self._last = None
        self._setup = setup
        if setup is not None:
            self._utc_offset_min = setup.utc_offset_min
        self.touch()

    def set_dose(self, dose: DoseReport | None) -> None:
        """The infusion as it stands, for the line under the patient."""
        self._dose = dose
        self.touch()

    def set_alarms(self, alarms: tuple[Alarm, ...], now: Instant) -> None:
        """All alarms that stand, highest first; painted at once."""
        standing = {alarm.condition for alarm in alarms}
        gone = next((alarm for alarm in self._alarms if alarm.condition not in standing), None)
        self._last = LastAlarm(gone, now) if gone is not None else self._last
        self._alarms = alarms
        self.touch()
        self.advance(now)

    def set_audio(self, audio: AudioState) -> None:
        """What sounds, and until when the sound is paused."""
        self._audio = audio
        self.touch()

    def set_sound_fault(self, text: str) -> None:
        """Why nothing can be heard (``NO AUDIO``); empty when sound works."""
        self._faults = BarState(text, self._faults.record, self._faults.core)
        self.touch()

    def set_record_fault(self, text: str) -> None:
        """Why nothing is recorded (``NOT RECORDING``); empty when it is."""
        self._faults = BarState(self._faults.sound, text, self._faults.core)
        self.touch()

    def set_core_fault(self, text: str) -> None:
        """Why the alarms shown may not stand (``CORE SILENT``); empty when they do."""
        self._faults = BarState(self._faults.sound, self._faults.record, text)
        self.touch()

    def set_sound_heard(self, at: Instant | None) -> None:
        """When somebody last confirmed to have heard the sound."""
        self._heard = at
        self.touch()

    def set_simulated(self, simulated: bool) -> None:  # noqa: FBT001 - a slot for a Signal of bool
        """Show the banner. False cannot hide it while the case itself is simulated."""
        self._simulated = simulated
        self.touch()

    def set_utc_offset(self, minutes: int) -> None:
        """Of the bed's clock, where no case gives it."""
        self._utc_offset_min = minutes
        self.touch()

    @property
    def simulated(self) -> bool:
        """Whether the banner is shown."""
        return self._simulated or (self._setup is not None and self._setup.simulated)

    @property
    def banner(self) -> tuple[str, str] | None:
        """What must be said of a case at which no patient lies now; None for a patient."""
        if self._setup is not None and self._setup.recording:
            return "RECORDING", "no patient here now"
        return ("SIMULATED", "demonstration") if self.simulated else None

    @property
    def audio_paused(self) -> bool:
        """Whether the sound is paused at the last ``advance``."""
        until = self._audio.paused_until
        return until is not None and until > self.now

    @property
    def more(self) -> int:
        """How many alarms stand that have no slot of their own."""
        return max(0, len(self._alarms) - 2)

    @property
    def _has_list(self) -> bool:
        """Before a case there is no list of alarms to ask for."""
        return self._setup is not None or bool(self._alarms)

    def slots_shown(self) -> tuple[str, ...]:
        """The titles in the slots at the last ``advance``."""
        return tuple(face.alarm.title for face in slot_faces(self._alarms, self.now, steady=self.audio_paused))

    def face(self) -> Hashable:
        slots = slot_faces(self._alarms, self.now, steady=self.audio_paused)
        return (self._case_face(), slots, self.quiet_shown(), self.more, self.banner, self.sound_shown(), self._clock())

    def quiet_shown(self) -> QuietFace | None:
        """What stands in the slots while no alarm does; None where one does, or where nobody can know."""
        if self._alarms or self._faults.core:
            return None
        if self._setup is None:
            return QuietFace("Not watching", "alarms begin with the case")
        return QuietFace("No alarm", "" if self._last is None else self._last.told(self._utc_offset_min))

    def _case_face(self) -> CaseFace:
        return CaseFace.of(self._setup, self._dose, self.now)

    def sound_shown(self) -> SoundFace:
        """The state of the sound as it is shown: a symbol and two lines."""
        return SoundFace.of(self._audio, self._faults, self._heard, self.now, self._utc_offset_min)

    def _clock(self) -> tuple[str, str]:
        moment = local(self.now, self._utc_offset_min)
        return moment.strftime("%H:%M:%S"), f"{moment:%a} {moment.day} {moment:%b}"

    def background(self) -> QColor:
        return QColor(self.look.theme.bar)

    def compose(self) -> list[Item]:
        look, boxes = self.look, self.boxes()
        items: list[Item] = case_items(self._case_face(), boxes["case"], look)
        faces = slot_faces(self._alarms, self.now, steady=self.audio_paused)
        if (quiet := self.quiet_shown()) is not None:
            items += quiet_items(quiet, boxes["first"].united(boxes["second"]), look)
        for place, name in enumerate(("first", "second") if quiet is None else ()):
            if place < len(faces):
                items += slot_items(faces[place], boxes[name], look, large=place == 0)
            else:
                items.append(Fill(boxes[name], None, look.px(4), QColor(look.theme.line)))
        if self._has_list:
            items += key_items(self.more, boxes["key"], look)
        if (banner := self.banner) is not None:
            items += banner_items(boxes["simulated"], look, *banner)
        return [*items, *sound_items(self.sound_shown(), boxes["sound"], look), *clock_items(*self._clock(), boxes["clock"], look)]

    def boxes(self) -> dict[str, QRectF]:
        """Where each block stands: fixed left and right, the slots take the middle."""
        px, wide, high = self.look.px, float(self.width()), float(self.height())
        top, tall = px(8), high - 2 * px(8)
        slots_left, slots_right = px(380), wide - px(778)
        first_tall = tall - px(28)
        return {
            "case": QRectF(px(14), top, slots_left - px(26), tall),
            "first": QRectF(slots_left, top, slots_right - slots_left, first_tall),
            "second": QRectF(slots_left, top + first_tall + px(4), slots_right - slots_left, px(24)),
            "key": QRectF(wide - px(766), top - px(2), px(152), tall + px(4)),
            "simulated": QRectF(wide - px(602), top, px(192), tall),
            "sound": QRectF(wide - px(400), top, px(184), tall),
            "clock": QRectF(wide - px(210), top, px(198), tall),
        }

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - the name is Qt's
        boxes = self.boxes()
        if self._has_list and any(boxes[name].contains(event.position()) for name in ("key", "first", "second")):
            self.alarms_requested.emit()
