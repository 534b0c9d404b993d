"""State and rate of the pump: live, or a yellow block that says since when there was no word. Never an old number as a live one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.observations import PumpState, PumpStatus
from widgets.boxes import Column, Panel, Row
from widgets.durations import age
from widgets.figures import UNKNOWN, written
from widgets.shapes import PUMP_SHAPES, Shape, dash, two_marks
from widgets.text_label import BOLD, RIGHT, SEMIBOLD, TextLabel
from widgets.theme import Look

STATE_WORDS = {
    PumpState.INFUSING: "infusing",
    PumpState.PAUSED: "paused",
    PumpState.STOPPED: "stopped",
    PumpState.STANDBY: "standby",
    PumpState.BOLUS: "bolus",
    PumpState.KVO: "keep-open rate",
    PumpState.PURGING: "purging",
    PumpState.ALARM: "pump alarm",
    PumpState.OFF: "off",
    PumpState.UNKNOWN: "state not told",
}

_NO_RATES = (UNKNOWN, UNKNOWN, UNKNOWN)


class _StateSign(QWidget):
    """The shape of the pump's state."""

    def __init__(self) -> None:
        super().__init__()
        self._shape: Shape = dash
        self._ink = "pump"
        self._look = Look()
        self.set_look(self._look)

    def show_shape(self, shape: Shape, ink: str) -> None:
        if (shape, ink) != (self._shape, self._ink):
            self._shape, self._ink = shape, ink
            self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedSize(look.px(26), look.px(26))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._shape(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), QColor(getattr(self._look.theme, self._ink)))


class RateBlock(Panel):
    """mg/h large, mg/kg/h and mL/h beside it."""

    def __init__(self) -> None:
        super().__init__(fill="")
        self._sign = _StateSign()
        self._state = TextLabel("no pump yet", weight=SEMIBOLD)
        self._age = TextLabel(size="note", ink="ink_soft", align=RIGHT)
        self._rate = TextLabel(UNKNOWN, size="rate", weight=BOLD, ink="pump")
        self._unit = TextLabel("mg/h", size=22, weight=SEMIBOLD, ink="pump")
        self._per_kg = TextLabel(UNKNOWN, size=24, weight=BOLD, align=RIGHT)
        self._volume = TextLabel(UNKNOWN, size=24, weight=BOLD, align=RIGHT)
        self._units = [TextLabel(unit, size="unit", ink="ink_soft", align=RIGHT) for unit in ("mg/kg/h", "mL/h")]
        self._last_word = TextLabel(size="note", weight=SEMIBOLD, elide=True)
        keeps_place = self._last_word.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)  # a line that is lost moves nothing below it
        self._last_word.setSizePolicy(keeps_place)
        self._last_word.setVisible(False)
        self._arrange()

    def _arrange(self) -> None:
        head = Row(gap=10)
        head.addWidget(self._sign)
        head.addWidget(self._state)
        head.addWidget(self._age, 1)
        self._unit.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        others = Column(gap=0)
        for number, unit in zip((self._per_kg, self._volume), self._units, strict=True):
            others.addWidget(number)
            others.addWidget(unit)
        rate = Row(gap=8)
        rate.addWidget(self._rate)
        rate.addWidget(self._unit)
        rate.addStretch(1)
        rate.addLayout(others)
        column = Column(gap=2, margins=(8, 6, 8, 6))
        column.addLayout(head)
        column.addLayout(rate)
        column.addWidget(self._last_word)
        self.setLayout(column)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        # The unit stands on the number's baseline: it is lifted by the difference of the two descents.
        lift = self._rate.fontMetrics().descent() - self._unit.fontMetrics().descent()
        self._unit.setFixedHeight(self._rate.fontMetrics().height())
        self._unit.setContentsMargins(0, 0, 0, max(0, lift))

    def show_nothing(self) -> None:
        """No pump has said anything yet."""
        self._paint_as("", "ink", "ink_soft", "pump")
        self._say("no pump yet", "", _NO_RATES, "")
        self._sign.show_shape(dash, "ink_soft")

    def show_live(self, report: DoseReport, pump: PumpStatus, now: Instant, rate_ml_per_h: float | None) -> None:
        self._paint_as("", "ink", "ink_soft", "pump")
        rates = written(report.rate_mg_per_h), written(report.rate_mg_per_kg_h, 3), written(rate_ml_per_h)
        self._say(STATE_WORDS[pump.state], f"reported {age(now.since(pump.at))} ago", rates, "")
        self._sign.show_shape(PUMP_SHAPES[pump.state], "pump")

    def show_silence(self, title: str, silent_s: float, last_word: str) -> None:
        """Nothing for ``silent_s``: no rate is shown, and the last word stands in the past tense of its time."""
        self._paint_as("medium", "medium_ink", "medium_ink", "medium_ink")
        self._say(title, f"no word for {age(silent_s)}", _NO_RATES, last_word)
        self._sign.show_shape(two_marks, "medium_ink")

    def _say(self, state: str, said: str, rates: tuple[str, str, str], last_word: str) -> None:
        labels = (self._state, self._age, self._rate, self._per_kg, self._volume, self._last_word)
        for label, text in zip(labels, (state, said, *rates, last_word), strict=True):
            label.set_text(text)
        self._last_word.setVisible(bool(last_word))

    def _paint_as(self, fill: str, ink: str, soft: str, rate: str) -> None:
        self.set_surface(fill)
        for label in (self._state, self._per_kg, self._volume, self._last_word):
            label.set_ink(ink)
        for label in (self._age, *self._units):
            label.set_ink(soft)
        self._rate.set_ink(rate)
        self._unit.set_ink(rate)
