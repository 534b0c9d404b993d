"""The order: chosen from the site's list, read in three units, laid out as steps, set against the syringe. Orders are not edited here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup

from clinical.orders import Order
from clinical.units import mg_per_kg_h_from_mg_per_h, ml_per_h_from_mg_per_h
from widgets.boxes import Column, Panel, Row, Table
from widgets.durations import hours_and_minutes
from widgets.figures import UNKNOWN, written
from widgets.ladder_chart import LadderChart
from widgets.new_case.card import Card
from widgets.new_case.order_arithmetic import given_by_step_end, minutes_until
from widgets.text_label import BOLD, CENTRE, LEFT, RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

ROWS = 8
ACROSS = 3
"""So many choices stand beside one another; more stand in two columns."""
_COLUMNS = ("Step", "from start", "mg/h", "mg/kg/h", "mL/h", "given by its end")


class _Reading(Panel):
    """One dose in one unit, with its arithmetic under it."""

    def __init__(self, unit: str) -> None:
        super().__init__(fill="well")
        self.number = TextLabel(UNKNOWN, size=34, weight=BOLD, ink="pump")
        self.how = TextLabel(" ", size="unit", ink="ink_soft", align=CENTRE)
        line = Row(gap=6)
        line.addStretch(1)
        line.addWidget(self.number)
        line.addWidget(TextLabel(unit, size="note", weight=SEMIBOLD, ink="pump"))
        line.addStretch(1)
        column = Column(gap=2, margins=(6, 8, 6, 8))
        column.addLayout(line)
        column.addWidget(self.how)
        self.setLayout(column)

    def show_number(self, number: str, how: str) -> None:
        self.number.set_text(number)
        self.how.set_text(how)


class OrderCard(Card):
    """Done when an order is chosen."""

    def __init__(self) -> None:
        super().__init__(3, "Order", "Order")
        self._orders: tuple[Order, ...] = ()
        self._weight_kg: float | None = None
        self._concentration: float | None = None
        self._syringe_ml: float | None = None
        self._choices = QButtonGroup(self)
        self._choice_rows = Table(gap=4)
        self._readings = [_Reading(unit) for unit in ("mg/h", "mg/kg/h", "mL/h")]
        self._cells = [[self._cell(column) for column in range(len(_COLUMNS))] for _ in range(ROWS)]
        self.ladder = LadderChart()
        self._syringe = Panel(fill="well", edge="key_edge")
        self._syringe_words = TextLabel("The syringe is checked once its contents are known.", weight=SEMIBOLD, wrap=True)
        self._choices.idClicked.connect(self._choose)
        self._arrange()

    @staticmethod
    def _cell(column: int) -> TextLabel:
        strong = column in {0, 2, 3, 4}
        return TextLabel(
            "",
            weight=SEMIBOLD if strong else TextLabel().font().weight(),
            ink="ink" if strong else "ink_soft",
            align=RIGHT if column else LEFT,
        )

    def _arrange(self) -> None:
        self.body.addLayout(self._choice_rows)
        self.body.addWidget(TextLabel("Highest step, the same dose in three readings", size="note", ink="ink_soft"))
        readings = Row(gap=6)
        for reading in self._readings:
            readings.addWidget(reading, 1)
        self.body.addLayout(readings)
        table = Table(gap=8, row_gap=5)
        for column, heading in enumerate(_COLUMNS):
            table.addWidget(TextLabel(heading, size="note", ink="ink_soft", align=RIGHT if column else LEFT), 0, column)
            table.setColumnStretch(column, 3 if column == len(_COLUMNS) - 1 else 2)
            for row in range(ROWS):
                table.addWidget(self._cells[row][column], row + 1, column)
        self.body.addLayout(table)
        self.body.addWidget(self.ladder, 1)
        words = Row(margins=(12, 9, 12, 9))
        words.addWidget(self._syringe_words)
        self._syringe.setLayout(words)
        self.body.addWidget(self._syringe)

    def set_orders(self, orders: Sequence[Order]) -> None:
        """The site's orders. None of them is chosen."""
        for key in self._choices.buttons():
            self._choices.removeButton(key)
            key.deleteLater()
        self._orders = tuple(orders)
        across = len(self._orders) if len(self._orders) <= ACROSS else 2
        for number, order in enumerate(self._orders):
            key = TouchKey(order.name, note=f"{_length(order.length_min)}, {order.drug}", size="row", target=(120, 72))
            key.setCheckable(True)
            key.set_look(self.look)
            self._choices.addButton(key, number)
            self._choice_rows.addWidget(key, number // across, number % across)
            self._choice_rows.setColumnStretch(number % across, 1)
        self._show()

    def choice(self, number: int) -> TouchKey:
        """The key of an order, by its place in the list."""
        key = self._choices.button(number)
        assert isinstance(key, TouchKey)  # noqa: S101 - only such keys were put in
        return key

    def choose(self, name: str) -> None:
        """The order of that name, where it is among those offered."""
        for number, order in enumerate(self._orders):
            if order.name == name:
                self.choice(number).setChecked(True)
                self._choose()

    @property
    def order(self) -> Order | None:
        number = self._choices.checkedId()
        return self._orders[number] if number >= 0 else None

    @property
    def done(self) -> bool:
        return self.order is not None

    @property
    def syringe_words(self) -> str:
        """What is said of the syringe."""
        return self._syringe_words.text()

    def set_amounts(self, weight_kg: float | None, concentration_mg_per_ml: float | None, syringe_ml: float | None) -> None:
        """What both people agreed on; None where they have not."""
        self._weight_kg, self._concentration, self._syringe_ml = weight_kg, concentration_mg_per_ml, syringe_ml
        self._show()

    def ask(self, sentence: str) -> None:
        """Says on the card what is missing, until something on it changes."""
        self.note.set_ink("caution")
        self.note.set_text(sentence)

    def _choose(self) -> None:
        self._show()
        self.changed.emit()

    def _per_kg(self, rate: float) -> float | None:
        return mg_per_kg_h_from_mg_per_h(rate, self._weight_kg) if self._weight_kg else None

    def _ml(self, rate: float) -> float | None:
        return ml_per_h_from_mg_per_h(rate, self._concentration) if self._concentration else None

    def _show(self) -> None:
        order = self.order
        self.note.set_ink("ink_soft")
        self.note.set_text(order.source if order else "" if self._orders else "orders are listed once the weight is agreed")
        self.ladder.set_order(order)
        self._show_readings(order)
        self._show_steps(order)
        self._show_syringe(order)

    def _show_readings(self, order: Order | None) -> None:
        rate = max(step.rate_mg_per_h for step in order.steps) if order else None
        per_h, per_kg, volume = self._readings
        per_h.show_number(written(rate), "as ordered" if order else " ")
        per_kg.show_number(written(self._per_kg(rate) if rate else None, 3), _arithmetic(rate, self._weight_kg, "kg", "weight"))
        volume.show_number(written(self._ml(rate) if rate else None), _arithmetic(rate, self._concentration, "mg/mL", "concentration"))

    def _show_steps(self, order: Order | None) -> None:
        steps = order.steps if order else ()
        given = given_by_step_end(order) if order else ()
        for number, cells in enumerate(self._cells):
            texts: tuple[str, ...] = ("",) * len(_COLUMNS)
            if number == ROWS - 1 and len(steps) > ROWS:
                texts = (f"{len(steps) - number} more", "", "", "", "", f"{written(given[-1])} mg")
            elif number < len(steps):
                step = steps[number]
                rates = written(step.rate_mg_per_h), written(self._per_kg(step.rate_mg_per_h), 3), written(self._ml(step.rate_mg_per_h), 3)
                texts = (f"{number + 1}", hours_and_minutes(step.earliest_min * 60), *rates, f"{written(given[number])} mg")
            for cell, text in zip(cells, texts, strict=True):
                cell.set_text(text)
                cell.setVisible(number < max(len(steps), 1))

    def _show_syringe(self, order: Order | None) -> None:
        self.ladder.set_empty_at(None)
        self._syringe.set_surface("well", "key_edge")
        if order is None or not self._concentration or not self._syringe_ml:
            self._syringe_words.set_text("The syringe is checked once the order and its contents are known.")
            return
        total_mg = given_by_step_end(order)[-1]
        needs = f"{written(total_mg)} mg is {written(total_mg / self._concentration, 1)} mL"
        empty_min = minutes_until(order, self._syringe_ml * self._concentration)
        self.ladder.set_empty_at(empty_min)
        if empty_min is None:
            self._syringe_words.set_text(f"{needs}: this {written(self._syringe_ml)} mL syringe is enough.")
            return
        self._syringe.set_surface("well", "ink")
        ends = hours_and_minutes(empty_min * 60)
        self._syringe_words.set_text(
            f"{needs}: this {written(self._syringe_ml)} mL syringe ends at {ends}. A second one is needed before that."
        )


def _arithmetic(rate: float | None, divisor: float | None, unit: str, what: str) -> str:
    """How a reading comes about, or what it waits for."""
    if not divisor:
        return f"{what} not agreed"
    return f"{written(rate)} mg/h ÷ {written(divisor)} {unit}" if rate else " "


def _length(minutes: float) -> str:
    """``4 h``, ``90 min``, and ``5 days`` from two whole days on."""
    if minutes % 60:
        return f"{written(minutes, 0)} min" if minutes < 240 else f"{hours_and_minutes(minutes * 60)} h"
    whole_days = minutes >= 2880 and not minutes % 1440
    return f"{written(minutes / 1440)} days" if whole_days else f"{written(minutes / 60)} h"
