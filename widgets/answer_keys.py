"""Small answers at one touch: yes, no or not asked; a number by steps; one of several. None of them chooses anything by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from widgets.boxes import Row, Table
from widgets.text_label import BOLD, CENTRE, TextLabel
from widgets.touch_key import TouchKey

OPEN = "–"
_WORDS: dict[bool | None, str] = {None: OPEN, True: "yes", False: "no"}
_NEXT: dict[bool | None, bool | None] = {None: True, True: False, False: None}


class TriKey(TouchKey):
    """One touch says yes, another no, a third leaves it open again.

    Signals:
        answered: it was touched.
    """

    answered = Signal()

    def __init__(self, name: str, *, titled: bool = False, target: tuple[float, float] = (72, 72)) -> None:
        """``name`` is spoken; with ``titled`` it stands on the key above the answer."""
        super().__init__(name if titled else OPEN, note=OPEN if titled else "", size="note" if titled else "row", target=target)
        self._name, self._titled = name, titled
        self._value: bool | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._touched)
        self.set_value(None)

    @property
    def value(self) -> bool | None:
        return self._value

    def set_value(self, value: bool | None) -> None:  # noqa: FBT001 (an answer, not a switch)
        self._value = value
        if self._titled:
            self.set_note(_WORDS[value])
        else:
            self.set_title(_WORDS[value])
        self.setAccessibleName(f"{self._name}: {'open' if value is None else _WORDS[value]}")
        if value:
            self.set_surface("chosen", "chosen")
        else:
            self.set_surface("key", "key_edge")
        self.set_outlined(outlined=value is False)

    def _touched(self) -> None:
        self.set_value(_NEXT[self._value])
        self.answered.emit()


class Stepper(QWidget):
    """A whole number between two ends by − and +; open until touched, when it begins at 0, and open again below the lowest.

    Signals:
        answered: it was touched.
    """

    answered = Signal()

    def __init__(self, name: str, low: int, high: int, written: Callable[[int], str] = str) -> None:
        super().__init__()
        self._low, self._high, self._written = low, high, written
        self._value: int | None = None
        self.less, self.more = TouchKey("−", target=(72, 72)), TouchKey("+", target=(72, 72))
        self._shown = TextLabel(OPEN, size=24, weight=BOLD, align=CENTRE)
        row = Row(gap=0)
        for key, words in ((self.less, "less"), (self.more, "more")):
            key.setAccessibleName(f"{name}: {words}")
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.less)
        row.addWidget(self._shown, 1)
        row.addWidget(self.more)
        self.setLayout(row)
        self.less.clicked.connect(lambda: self._step(-1))
        self.more.clicked.connect(lambda: self._step(1))

    @property
    def value(self) -> int | None:
        return self._value

    def set_value(self, value: int | None) -> None:
        self._value = value
        self._shown.set_text(OPEN if value is None else self._written(value))

    def _step(self, by: int) -> None:
        if self._value is None:
            self.set_value(max(self._low, 0) if by > 0 else None)
        elif self._value + by < self._low:
            self.set_value(None)
        else:
            self.set_value(min(self._value + by, self._high))
        self.answered.emit()


SCORE_AND_WORD = "  "
"""Between a score and what it means, where a word has both: the score stands large on its key, and what it means under it."""


def _key_of(word: str, size: str, width: float) -> TouchKey:
    score, apart, meaning = word.partition(SCORE_AND_WORD)
    if apart:
        return TouchKey(score, note=meaning, size=24, note_size="note", target=(width, 72))
    return TouchKey(word[:1].upper() + word[1:], size=size, target=(width, 72))


class ChoiceKeys(QWidget):
    """Keys of which one is chosen, or (``several``) any number; touching a chosen one again leaves it open.

    Signals:
        answered: one was touched.
    """

    answered = Signal()

    def __init__(self, words: Sequence[str], *, columns: int = 0, several: bool = False, size: str = "row", width: float = 72) -> None:
        super().__init__()
        self._several = several
        self._keys = {word: _key_of(word, str(size), width) for word in words}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        table, across = Table(gap=0), columns or len(words)
        for number, (word, key) in enumerate(self._keys.items()):
            key.setCheckable(True)
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            key.clicked.connect(lambda _=False, word=word: self._touched(word))
            self._group.addButton(key)
            table.addWidget(key, number // across, number % across)
        for column in range(across):
            table.setColumnStretch(column, 1)
        self.setLayout(table)

    def key(self, word: str) -> TouchKey:
        """The key of a word. Raises KeyError."""
        return self._keys[word]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._keys)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(word for word, key in self._keys.items() if key.isChecked())

    @property
    def one(self) -> str:
        """The chosen word, or ""."""
        return next(iter(self.chosen), "")

    def choose(self, *words: str) -> None:
        """Chooses these and no other; words that have no key are let pass."""
        for word, key in self._keys.items():
            key.setChecked(word in words)

    def _touched(self, word: str) -> None:
        if not self._several and self._keys[word].isChecked():
            self.choose(word)
        self.answered.emit()


class CycleKey(TouchKey):
    """A thing with one of several words for it; each touch goes on to the next word, and after the last it is open again.

    Signals:
        answered: it was touched.
    """

    answered = Signal()

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__(name[:1].upper() + name[1:], note=OPEN, size="note", target=(72, 72))
        self._words = ("", *words)
        self._place = 0
        self.clicked.connect(self._touched)

    @property
    def word(self) -> str:
        """Empty while it is open."""
        return self._words[self._place]

    def set_word(self, word: str) -> None:
        self._place = self._words.index(word) if word in self._words else 0
        self.set_note(self.word or OPEN)
        if self.word:
            self.set_surface("chosen", "chosen")
        else:
            self.set_surface("key", "key_edge")

    def _touched(self) -> None:
        self.set_word(self._words[(self._place + 1) % len(self._words)])
        self.answered.emit()
