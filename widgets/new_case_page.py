"""A new case: six cards, each done by itself, and the key that starts the watch. Starts no pump and forbids nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.alarm_model import AlarmPreset
from clinical.observations import Priority
from clinical.orders import Order
from widgets.boxes import Column, Panel, Row
from widgets.case_draft import CaseDraft
from widgets.figures import written
from widgets.new_case.card import Card
from widgets.new_case.device_row import DeviceRow
from widgets.new_case.devices_card import DevicesCard
from widgets.new_case.doses_card import DosesCard, PlausibilityOf
from widgets.new_case.limits_card import LimitsCard
from widgets.new_case.order_card import OrderCard
from widgets.new_case.patient_card import PatientCard
from widgets.new_case.sounds_card import SoundsCard
from widgets.shapes import TickSign
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

_COUNTS = ("none", "one", "two", "three", "four", "five", "six")


def unchecked(field: str, value: float) -> str:  # noqa: ARG001 - the site's own check takes its place
    """The plausibility of a page that was given none: only what cannot be a measure at all."""
    return "" if value > 0 else "It must be more than 0."


class NewCasePage(Panel):
    """Signals:
    start_requested: the draft; its ``open_items`` name what is not done.
    kept: to be left as it is for later.
    sound_test_requested: a priority.
    device_chosen: name, driver, port: to be listened to.
    device_requested: name: the page on which it is chosen.
    find_requested, stop_requested: all ports are to be tried; that is to end.
    limits_requested: the page of limits.
    """

    start_requested = Signal(CaseDraft)
    kept = Signal()
    sound_test_requested = Signal(Priority)
    device_chosen = Signal(str, str, str)
    device_requested = Signal(str)
    find_requested = Signal()
    stop_requested = Signal()
    limits_requested = Signal()

    def __init__(self, plausible: PlausibilityOf = unchecked, parent: QWidget | None = None) -> None:
        """``plausible``: field and value → a sentence where the value cannot stand."""
        super().__init__(fill="background", parent=parent)
        self.patient = PatientCard(lambda value: plausible("baseline_sbp_mmhg", value))
        self.doses = DosesCard(plausible)
        self.order, self.devices, self.limits, self.sounds = OrderCard(), DevicesCard(), LimitsCard(), SoundsCard()
        self.cards: tuple[Card, ...] = (self.patient, self.doses, self.order, self.devices, self.limits, self.sounds)
        self._ticks = {card.name: TickSign() for card in self.cards}
        self.keep = TouchKey("Keep for later", target=(220, 100), shortcut="F7")
        self.start = TouchKey("Start watching", size=26, note_size="note", target=(520, 100), fill="chosen", edge="chosen", shortcut="F9")
        self._arrange()
        self._connect()
        self._refresh()

    def _arrange(self) -> None:
        left, right, cards = Column(gap=8), Column(gap=8), Row(gap=8)
        left.addWidget(self.patient, 4)
        left.addWidget(self.doses, 5)
        right.addWidget(self.devices, 1)  # all that is left: what is told of a search may be long
        right.addWidget(self.limits)
        right.addWidget(self.sounds)
        cards.addLayout(left, 5)
        cards.addWidget(self.order, 6)
        cards.addLayout(right, 6)
        ticks = Panel(fill="panel")
        tick_row = Row(gap=10, margins=(20, 0, 20, 0))
        for name, sign in self._ticks.items():
            tick_row.addWidget(sign)
            tick_row.addWidget(TextLabel(name))
            tick_row.addStretch(1)
        ticks.setLayout(tick_row)
        foot = Row(gap=8)
        foot.addWidget(self.keep)
        foot.addWidget(ticks, 1)
        foot.addWidget(self.start)
        for key in (self.keep, self.start):
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        whole = Column(gap=8, margins=(10, 0, 10, 12))
        whole.addLayout(cards, 1)
        whole.addLayout(foot)
        self.setLayout(whole)

    def _connect(self) -> None:
        for card in self.cards:
            card.changed.connect(self._refresh)
        self.doses.changed.connect(self._show_amounts)
        self.sounds.sound_test_requested.connect(self.sound_test_requested)
        self.devices.device_chosen.connect(self.device_chosen)
        self.devices.device_requested.connect(self.device_requested)
        self.devices.find_requested.connect(self.find_requested)
        self.devices.stop_requested.connect(self.stop_requested)
        self.limits.limits_requested.connect(self.limits_requested)
        self.keep.clicked.connect(self.kept)
        self.start.clicked.connect(lambda: self.start_requested.emit(self.draft))

    def set_orders(self, orders: Sequence[Order]) -> None:
        self.order.set_orders(orders)
        self._refresh()

    def set_devices(self, rows: Sequence[DeviceRow]) -> None:
        self.devices.set_devices(rows)

    def set_limits(self, limits: AlarmPreset) -> None:
        self.limits.set_limits(limits)

    def show_preview(self, device: str, text: str, *, ok: bool) -> None:
        """What a device shows now, or why it shows nothing."""
        self.devices.show_preview(device, text, ok=ok)

    def show_refusal(self, text: str) -> None:
        """Why the case was not begun, on the key itself."""
        self.start.set_note(text)

    @property
    def open_items(self) -> tuple[str, ...]:
        """Names of the cards that are not done."""
        return tuple(card.name for card in self.cards if not card.done)

    @property
    def draft(self) -> CaseDraft:
        """Everything as it stands."""
        age = self.patient.age.value
        return CaseDraft(
            label=self.patient.label.text().strip(),
            age_years=None if age is None else int(age),
            sex=self.patient.sex,
            diagnosis=self.patient.diagnosis.text().strip(),
            baseline_sbp_mmhg=self.patient.baseline_sbp.value,
            weight_kg=self.doses.weight.value,
            concentration_mg_per_ml=self.doses.concentration.value,
            syringe_ml=self.doses.syringe.value,
            order=self.order.order,
            devices=self.devices.choices,
            sounds_heard=self.sounds.heard,
            open_items=self.open_items,
            concentration_entries=self.doses.concentration_entries,
            names_complaint=self.doses.names_complaint,
        )

    def _show_amounts(self) -> None:
        concentration, syringe = self.doses.concentration.value, self.doses.syringe.value
        self.order.set_amounts(self.doses.weight.value, concentration, syringe)
        holds = f"The syringe holds {written(concentration * syringe)} mg in {written(syringe)} mL." if concentration and syringe else ""
        self.doses.tell_amount(holds)

    def _refresh(self) -> None:
        still_open = self.open_items
        for card in self.cards:
            self._ticks[card.name].set_done(done=card.done)
        done = len(self.cards) - len(still_open)
        rest = f"open: {', '.join(still_open)}" if still_open else "the pump is started by hand"
        self.start.set_note(f"{_COUNTS[done]} of six  ·  {rest}" if done else "all six are open")
        self.start.set_surface(*(("key", "ink_soft") if still_open else ("chosen", "chosen")))
