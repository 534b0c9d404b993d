"""Who signs: whoever is signed in, and nobody else; where nobody is, a name that is typed, which the record calls not signed in."""

from __future__ import annotations

from clinical.people import plain_name, unproven
from widgets.entry_field import TextLine


class SignerLine(TextLine):
    """``textEdited`` is emitted for what is typed; nothing can be typed over a name that was proved."""

    def __init__(self, *, placeholder: str = "Signed by", size: str | float = "row", height: float = 72) -> None:
        super().__init__(placeholder=f"{placeholder} (not signed in)", size=size, height=height)
        self._person = ""

    def set_person(self, name: str) -> None:
        """Who is signed in; empty for nobody. A name that was there for another goes."""
        if name != self._person:
            self._person = name
            self.setReadOnly(bool(name))
            self.setText(name)

    @property
    def signature(self) -> str:
        """As it stands in the record; empty where nobody signs yet."""
        return self._person or unproven(self.text())

    def take_draft(self, signature: str) -> None:
        """Who was about to sign a form that outlived its screen; nobody signs for another who is signed in."""
        if not self._person:
            self.setText(plain_name(signature))

    def forget(self) -> None:
        """A typed name was somebody's for one entry: the next one is asked."""
        if not self._person:
            self.clear()
