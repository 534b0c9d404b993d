"""The row of keys along the bottom, F1 to F9: touched, clicked, or pressed on the keyboard. Space does nothing here, ever.

Knows what keys look like and that one was pressed; what a key does is wired elsewhere.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QWidget

from widgets.sheet import MEDIUM, SEMI, Anchor, Fill, Item, SheetWidget, Text, cap_height, fitted
from widgets.theme import Theme


class KeyState(Enum):
    NORMAL = "normal"
    CHOSEN = "chosen"  # its page is open, or its function is on
    PROMPT = "prompt"  # something is due here
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftKey:
    """One key.

    Attributes:
        name: what ``pressed_key`` says.
        shortcut: its key on the keyboard: "F1".
        title, sub: its two lines; ``sub`` may run (a countdown) or be empty.
    """

    name: str
    shortcut: str
    title: str
    sub: str = ""
    state: KeyState = KeyState.NORMAL


class SoftKeyRow(SheetWidget):
    """Keys of one width side by side, at least 72 picture pixels high.

    Signals:
        pressed_key: name of the key; never of a disabled one.
    """

    pressed_key = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[SoftKey, ...] = ()
        self._shortcuts: list[QShortcut] = []
        self._down: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Soft keys")

    def set_keys(self, keys: tuple[SoftKey, ...]) -> None:
        """The whole row, from the left."""
        if [key.shortcut for key in keys] != [key.shortcut for key in self._keys]:
            self._renew_shortcuts(keys)
        self._keys = keys
        self.touch()

    def set_key(self, key: SoftKey) -> None:
        """Replace the key of the same name. Raises KeyError where there is none."""
        if key.name not in {known.name for known in self._keys}:
            raise KeyError(key.name)
        self.set_keys(tuple(key if known.name == key.name else known for known in self._keys))

    def _renew_shortcuts(self, keys: tuple[SoftKey, ...]) -> None:
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = [QShortcut(QKeySequence(key.shortcut), self) for key in keys]
        for place, shortcut in enumerate(self._shortcuts):
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda place=place: self._press(self._keys[place]))

    def _press(self, key: SoftKey) -> None:
        if key.state is not KeyState.DISABLED:
            self.pressed_key.emit(key.name)

    def key_at(self, point: QPointF) -> SoftKey | None:
        """The key under a point; the gaps belong to no key."""
        return next((key for key, box in zip(self._keys, self.key_boxes(), strict=True) if box.contains(point)), None)

    def key_boxes(self) -> list[QRectF]:
        """Where the keys stand, from the left."""
        px, count = self.look.px, max(1, len(self._keys))
        gap = px(8)
        wide = (self.width() - (count - 1) * gap) / count
        return [QRectF(place * (wide + gap), 0, wide, self.height()) for place in range(len(self._keys))]

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - the name is Qt's
        key = self.key_at(event.position())
        self._down = key.name if key else None
        self._show_down()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - the name is Qt's
        key, down = self.key_at(event.position()), self._down
        self._down = None
        self._show_down()
        if key is not None and key.name == down:
            self._press(key)

    def _show_down(self) -> None:
        """A key answers the finger at once, not at the timer's next beat."""
        self.touch()
        self.advance(self.now)

    def face(self) -> Hashable:
        return (self._keys, self._down)

    def compose(self) -> list[Item]:
        return [item for key, box in zip(self._keys, self.key_boxes(), strict=True) for item in self._key(key, box)]

    def _key(self, key: SoftKey, box: QRectF) -> list[Item]:
        px, look = self.look.px, self.look
        ground, edge, ink, soft = _colours(look.theme, key.state, down=key.name == self._down)
        room = box.width() - 2 * px(10)
        name_font = look.font("unit")
        title_font = fitted(key.title, look.font_px(21, SEMI), room)
        sub_font = fitted(key.sub, look.font_px(15, MEDIUM), room)
        middle = box.center().x()
        return [
            Fill(box, ground, px(8), edge, px(1.5)),
            Text(box.left() + px(10), box.top() + px(10) + cap_height(name_font), key.shortcut, name_font, soft, px(40)),
            Text(middle, box.top() + box.height() * 0.52, key.title, title_font, ink, room, Anchor.MIDDLE),
            Text(middle, box.top() + box.height() * 0.79, key.sub, sub_font, soft, room, Anchor.MIDDLE),
        ]


def _colours(theme: Theme, state: KeyState, *, down: bool) -> tuple[QColor, QColor, QColor, QColor]:
    """Ground, edge, ink and soft ink of a key."""
    chosen = (theme.chosen, theme.chosen, theme.chosen_ink, theme.chosen_ink)
    names = {
        KeyState.NORMAL: (theme.key, theme.key_edge, theme.ink, theme.ink_soft),
        KeyState.CHOSEN: chosen,
        KeyState.PROMPT: (theme.prompt, theme.prompt_edge, theme.ink, theme.ink),
        KeyState.DISABLED: (theme.background, theme.line, theme.ink_faint, theme.ink_faint),
    }[state]
    ground, edge, ink, soft = chosen if down and state is not KeyState.DISABLED else names
    return QColor(ground), QColor(edge), QColor(ink), QColor(soft)
