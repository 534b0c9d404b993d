"""The controlled drug of the case: lines as signed, what should be left, and the keys to sign another. Lines are added, never changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinical.commands import CaseSetup, LedgerAct, SignLedger
from clinical.dose_told import LedgerLine, LedgerTold
from clinical.messages import DoseReport
from widgets.boxes import Panel, Row, Table
from widgets.docked_page import DockedPage
from widgets.durations import clock
from widgets.entry_field import NumberEntry, TextLine
from widgets.figures import written, written_range
from widgets.text_label import BOLD, LEFT, RIGHT, TextLabel
from widgets.touch_key import TouchKey

ROWS = 9
"""So many of the last lines are shown; the record and its files have them all."""
_COLUMNS = ("", "Time", "What", "mg", "mL", "Signed", "Witness")
_KEYS = tuple((act, act.value.capitalize()) for act in LedgerAct)
_SIGN = {"opened": "+", "added": "+", "given": "−", "returned": "−", "wasted": "−"}


class LedgerPage(DockedPage):
    """Signals:
    signed: a SignLedger without a time: to be recorded.
    """

    signed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Ledger", parent=parent)
        self._setup: CaseSetup | None = None
        self._told: LedgerTold | None = None
        self._mg_per_ml = 1.0
        self._cells = [
            [TextLabel("", align=RIGHT if column in {3, 4} else LEFT, elide=column > 4) for column in range(7)] for _ in range(ROWS)
        ]
        self._verdict = TextLabel("", size="title", weight=BOLD, wrap=True)
        self._sums = TextLabel("", ink="ink_soft", wrap=True)
        self._box = Panel(fill="well", edge="key_edge")
        self.amount = NumberEntry("mg", name="Amount")
        self.by = TextLine(placeholder="Signed by", size="row", height=64)
        self.witness = TextLine(placeholder="Witness", size="row", height=64)
        self._confirmation = TextLabel("A wrong line is corrected by another; both stay.", ink="ink_soft", elide=True)
        self._keys: dict[LedgerAct, TouchKey] = {}
        self._arrange_body()

    def _arrange_body(self) -> None:
        table = Table(gap=18, row_gap=8, margins=(12, 6, 12, 6))
        for column, title in enumerate(_COLUMNS):
            table.addWidget(TextLabel(title, size="note", ink="ink_soft", align=RIGHT if column in {3, 4} else LEFT), 0, column)
            table.setColumnStretch(column, 2 if column > 4 else 1)
            for row in range(ROWS):
                table.addWidget(self._cells[row][column], row + 1, column)
        self.body.addLayout(table)
        self.body.addStretch(1)
        words = Row(margins=(14, 10, 14, 10))
        words.addWidget(self._verdict, 3)
        words.addWidget(self._sums, 4)
        self._box.setLayout(words)
        box = Row(margins=(10, 0, 0, 0))
        box.addWidget(self._box)
        self.body.addLayout(box)
        entry = Row(gap=8, margins=(12, 0, 0, 0))
        entry.addWidget(self.amount, 2)
        entry.addWidget(self.by, 3)
        entry.addWidget(self.witness, 3)
        self.body.addLayout(entry)
        keys = Row(gap=8, margins=(10, 0, 0, 0))
        for act, title in _KEYS:
            key = TouchKey(title, size="row", target=(100, 80))
            key.clicked.connect(lambda _=False, act=act: self._sign(act))
            self._keys[act] = key
            keys.addWidget(key, 1)
        self.body.addLayout(keys)
        foot = Row(margins=(12, 0, 0, 0))
        foot.addWidget(self._confirmation, 1)
        self.body.addLayout(foot)

    def key(self, act: LedgerAct) -> TouchKey:
        return self._keys[act]

    @property
    def verdict(self) -> str:
        return self._verdict.text()

    @property
    def confirmation(self) -> str:
        """What became of the last touch."""
        return self._confirmation.text()

    def set_setup(self, setup: CaseSetup) -> None:
        self._setup = setup
        self._show_concentration(setup, setup.concentration_mg_per_ml)

    def _show_concentration(self, setup: CaseSetup, mg_per_ml: float) -> None:
        self._mg_per_ml = mg_per_ml
        self._show_course(setup, None)
        self._keys[LedgerAct.OPENED].set_note(f"syringe: {written(setup.syringe_ml * mg_per_ml)} mg" if setup.syringe_ml else "")

    def _show_course(self, setup: CaseSetup, course_mg: float | None) -> None:
        drug = "" if setup.order is None else setup.order.drug
        course = "" if course_mg is None else f"   this course {written(course_mg, 1)} mg given"
        self.subtitle.set_text(f"{drug}, {written(self._mg_per_ml, 3)} mg/mL{course}")

    def set_dose(self, report: DoseReport) -> None:
        if self._setup is not None:
            if report.concentration_mg_per_ml and report.concentration_mg_per_ml != self._mg_per_ml:
                self._show_concentration(self._setup, report.concentration_mg_per_ml)
            self._show_course(self._setup, report.course_mg)
        if report.ledger is not None and report.ledger != self._told:
            self._told = report.ledger
            self._show(report.ledger)

    def _show(self, told: LedgerTold) -> None:
        first = max(0, len(told.lines) - ROWS)
        shown = told.lines[first:]
        for number, cells in enumerate(self._cells):
            line = shown[number] if number < len(shown) else None
            texts = ("",) * len(_COLUMNS) if line is None else self._texts(first + number + 1, line)
            for cell, text in zip(cells, texts, strict=True):
                cell.set_text(text)
                cell.set_ink("ink_faint" if line is not None and line.replaced else "ink")
        self._verdict.set_text(self._verdict_words(told))
        self._verdict.set_ink("fine" if told.closes else "ink")
        so_far = "more given by the pump" if _stands(told, LedgerAct.GIVEN) else "given so far by the pump"
        given = "" if told.given_mg is None else f"{written(told.given_mg, 1)} mg {so_far}, not yet signed"
        left = f"{written_range(told.low_mg, told.high_mg)} mg should be left ({written(told.left_mg / self._mg_per_ml, 1)} mL)"
        self._sums.set_text(" · ".join(part for part in (given, left if told.lines and not told.closes else "") if part))
        self._keys[LedgerAct.GIVEN].set_note("" if told.given_mg is None else f"{written(told.given_mg, 1)} mg by the pump")

    @staticmethod
    def _verdict_words(told: LedgerTold) -> str:
        if not told.lines:
            return "Not open: sign the opening amount first"
        if told.given_mg is not None or not _stands(told, LedgerAct.RETURNED, LedgerAct.WASTED):
            return f"{written(told.left_mg, 1)} mg left"
        return told.verdict[:1].upper() + told.verdict[1:]

    def _texts(self, number: int, line: LedgerLine) -> tuple[str, ...]:
        offset_min = 0 if self._setup is None else self._setup.utc_offset_min
        what = line.what if line.corrects is None else f"{line.what}, for line {line.corrects}"
        amount = f"{_SIGN[line.what]}{written(line.mg, 2)}"
        return (f"{number}", clock(line.at, offset_min), what, amount, written(line.mg / self._mg_per_ml, 2), line.by, line.witness or "—")

    def _sign(self, act: LedgerAct) -> None:
        """An empty amount stands for what the pump gave, on the key that says it."""
        mg, told = self.amount.value, self._told
        low = high = None
        if mg is None and act is LedgerAct.GIVEN and told is not None and told.given_mg is not None:
            mg = round(told.given_mg, 2)
            low, high = mg - (told.high_mg - told.left_mg), mg + (told.left_mg - told.low_mg)
        if mg is None:
            self._say("Type the amount in mg first.", "caution")
            return
        self._say("sending …", "ink_soft")
        by, witness = self.by.text().strip(), self.witness.text().strip()
        self.signed.emit(SignLedger(act=act, mg=mg, by=by, witness=witness, low_mg=low and max(0.0, low), high_mg=high))

    def confirm(self, line: SignLedger) -> None:
        """It is in the record."""
        self._say(f"Signed: {line.act.value} {written(line.mg)} mg by {line.by}.", "fine")
        self.amount.clear()
        self.witness.clear()

    def refuse(self, why: str) -> None:
        """It must be taken as not signed; what was typed stays."""
        self._say(f"NOT signed: {why}.", "caution")

    def _say(self, text: str, ink: str) -> None:
        self._confirmation.set_text(text)
        self._confirmation.set_ink(ink)


def _stands(told: LedgerTold, *acts: LedgerAct) -> bool:
    """Whether one of these was signed and no later line replaces it."""
    return any(line.what in {act.value for act in acts} and not line.replaced for line in told.lines)
