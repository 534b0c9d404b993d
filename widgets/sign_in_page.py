"""Who is at the bed: a name to touch, a PIN to type or touch, and the glass to break when it cannot wait. Knows no secret and judges none.

Beside the watch, never over it: whoever is asked for a PIN sees every number and alarm meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from widgets.boxes import Column, Row, Table
from widgets.docked_page import DockedPage
from widgets.entry_field import TextLine
from widgets.person_row import PersonRow
from widgets.scroll_column import ScrollColumn
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

REASONS = ("Emergency at the bed", "PIN forgotten", "No one signed up is here")
"""One touch each: it must not take longer than two seconds."""
_FIGURES = "123456789"


class SignInPage(DockedPage):
    """Signals:
    sign_in_requested: name, and what was typed.
    sign_out_requested: nothing more to say.
    break_glass_requested: the reason.
    """

    sign_in_requested = Signal(str, str)
    sign_out_requested = Signal()
    break_glass_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Who is at the bed", parent=parent)
        self._people: tuple[PersonRow, ...] = ()
        self.chosen = ""
        self._keys: dict[str, TouchKey] = {}
        self._list = ScrollColumn(TextLabel("Nobody is signed up here: no name is asked for.", ink="ink_soft", wrap=True))
        self._whose = TextLabel("Touch your name", size="title", weight=SEMIBOLD, elide=True)
        self.secret = TextLine(placeholder="PIN or passphrase", height=64)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._told = TextLabel("", wrap=True)
        self.enter = TouchKey("Sign in", size=24, target=(200, 84), fill="chosen", edge="chosen")
        self.sign_out = TouchKey("Sign out", target=(180, 84))
        self.break_glass = TouchKey("Break the glass", note="everything may be done at once; the reason is kept", target=(300, 84))
        self.reasons = tuple(TouchKey(reason, target=(180, 84), fill="prompt", edge="prompt_edge") for reason in REASONS)
        self._arrange_body()
        self._connect()
        self._show_glass(asked=False)

    def _arrange_body(self) -> None:
        typing = Column(gap=10)
        typing.addWidget(self._whose)
        typing.addWidget(self.secret)
        pad = Table(gap=8)
        for place, figure in enumerate(_FIGURES):
            pad.addWidget(self._pad_key(figure, lambda figure=figure: self.secret.insert(figure)), place // 3, place % 3)
        pad.addWidget(self._pad_key("Clear", self.secret.clear), 3, 0)
        pad.addWidget(self._pad_key("0", lambda: self.secret.insert("0")), 3, 1)
        pad.addWidget(self._pad_key("⌫", self.secret.backspace), 3, 2)
        typing.addLayout(pad, 1)
        typing.addWidget(self.enter)
        both = Row(gap=16, margins=(10, 0, 4, 0))
        both.addWidget(self._list, 5)
        both.addLayout(typing, 6)
        self.body.addLayout(both, 1)
        told = Row(margins=(10, 0, 0, 0))
        told.addWidget(self._told, 1)
        self.body.addLayout(told)
        foot = Row(gap=8, margins=(10, 0, 4, 0))
        for key in (self.sign_out, self.break_glass, *self.reasons):
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            foot.addWidget(key)
        self.body.addLayout(foot)

    @staticmethod
    def _pad_key(title: str, press: object) -> TouchKey:
        key = TouchKey(title, size=24, target=(76, 72))
        key.clicked.connect(lambda _=False: press())  # type: ignore[operator]
        return key

    def _connect(self) -> None:
        self.enter.clicked.connect(self._ask)
        self.secret.returnPressed.connect(self._ask)
        self.sign_out.clicked.connect(self.sign_out_requested)
        self.break_glass.clicked.connect(lambda: self._show_glass(asked=True))
        for key, reason in zip(self.reasons, REASONS, strict=True):
            key.clicked.connect(lambda _=False, reason=reason: self._break(reason))

    @property
    def told(self) -> str:
        """What is said under the names."""
        return self._told.text()

    def key_of(self, name: str) -> TouchKey:
        """Raises KeyError for somebody who is not there."""
        return self._keys[name]

    @property
    def rows_shown(self) -> tuple[PersonRow, ...]:
        return self._people

    def set_people(self, people: Sequence[PersonRow]) -> None:
        """Those who may sign in, in their order."""
        self._people = tuple(people)
        self._keys = {}
        for person in self._people:
            key = TouchKey(person.name, note=person.role, size="row", note_size="note", target=(220, 76), left=True)
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, name=person.name: self.choose(name))
            key.set_look(self.look)
            self._keys[person.name] = key
        self._list.show_widgets(tuple(self._keys.values()))
        self.choose(self.chosen if self.chosen in self._keys else "")

    def choose(self, name: str) -> None:
        """Whose PIN is to be typed."""
        self.chosen = name
        for other, key in self._keys.items():
            key.set_surface(*(("chosen", "chosen") if other == name else ("key", "key_edge")))
        self._whose.set_text(name or "Touch your name")
        self.secret.clear()
        if name:
            self.secret.setFocus()

    def set_signed_in(self, words: str) -> None:
        """Who is signed in now, in words; empty for nobody."""
        self.subtitle.set_text(words)
        self.sign_out.setEnabled(bool(words))
        self.secret.clear()
        self._show_glass(asked=False)

    def tell(self, text: str, *, ill: bool = False) -> None:
        """What became of the last touch."""
        self._told.set_text(text)
        self._told.set_ink("caution" if ill else "ink_soft")
        if ill:
            self.secret.clear()

    def _ask(self) -> None:
        if not self.chosen:
            self.tell("Touch your name first.", ill=True)
        elif not self.secret.text():
            self.tell("Type the PIN first.", ill=True)
        else:
            self.tell("looking …")
            self.sign_in_requested.emit(self.chosen, self.secret.text())
            self.secret.clear()

    def _break(self, reason: str) -> None:
        self._show_glass(asked=False)
        self.break_glass_requested.emit(reason)

    def _show_glass(self, *, asked: bool) -> None:
        """Two touches: one that asks for the reason, one that gives it."""
        self.break_glass.setVisible(not asked)
        self.sign_out.setVisible(not asked)
        for key in self.reasons:
            key.setVisible(asked)
