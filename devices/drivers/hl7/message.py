"""HL7 version 2: the text of one message → segments, fields, components. Knows the grammar; no code, unit or meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LINE_ENDS = re.compile(r"[\r\n]+")
ESCAPED = re.compile(r"(?a:[FSTRE]|X(?:[0-9A-Fa-f]{2})+|\.[a-z]{2}\d*)")

ROWS_KEPT, LONGEST_KEPT = 512, 400

CHARSETS = {
    "": "utf-8",
    "ASCII": "utf-8",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    **{f"8859/{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
}
"""HL7 table 0211, as far as a monitor may mean it. Any other is read as UTF-8 with signs replaced: numbers are ASCII in all."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The five signs that a message declares for itself."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One line of a message, ``length`` characters long. Fields are numbered from 1, as the standard counts them."""

    name: str
    fields: tuple[str, ...]
    separators: Separators
    length: int

    def field(self, number: int) -> str:
        """As it stands, not unescaped; empty if it is not there."""
        return self.fields[number - 1] if number <= len(self.fields) else ""

    def component(self, field: int, number: int) -> str:
        """One component of a field's first repetition that has so many, unescaped; empty if none has."""
        if not self.field(field):  # most fields of a row are empty, and a message has many rows
            return ""
        for parts in self.repetitions(field):
            if number <= len(parts):
                return parts[number - 1]
        return ""

    def components(self, field: int) -> tuple[str, ...]:
        """The components of a field's first repetition, unescaped; one empty component if it is not there."""
        return self.repetitions(field)[0] if self.field(field) else ("",)

    def repetitions(self, field: int) -> list[tuple[str, ...]]:
        """The components of each repetition; at least one, of one empty component."""
        own = self.separators
        text = self.field(field)
        found = [tuple([part.strip() for part in repetition.split(own.component)]) for repetition in text.split(own.repetition)]
        if own.escape in text or '""' in text:
            found = [tuple([self._plain(part) for part in parts]) for parts in found]
        return found

    def is_blank(self, field: int) -> bool:
        """Whether nothing stands in a field but separators."""
        return not self.field(field).strip(f'{self.separators.component}{self.separators.subcomponent} "')

    def _plain(self, text: str) -> str:
        """Escape sequences undone; what is no sequence stands as it is. Two quotation marks mean "deleted": nothing."""
        sign = self.separators.escape
        if text == '""':
            return ""
        if sign not in text:
            return text
        return re.sub(f"{re.escape(sign)}({ESCAPED.pattern}){re.escape(sign)}", self._unescaped, text)

    def _unescaped(self, match: re.Match[str]) -> str:
        meant, own = match[1], self.separators
        letters = {"F": own.field, "S": own.component, "T": own.subcomponent, "R": own.repetition, "E": own.escape}
        if meant in letters:
            return letters[meant]
        return bytes.fromhex(meant[1:]).decode("utf-8", "replace") if meant.startswith("X") else " "


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message; its first segment is the header (MSH)."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        return self.segments[0]

    @property
    def kind(self) -> str:
        """MSH-9 as "ORU^R01", whatever separators were used."""
        code, event, *_ = (*self.header.components(9), "")
        return f"{code}^{event}"

    def first(self, name: str) -> Segment | None:
        """The first segment of a name."""
        return next((segment for segment in self.segments if segment.name == name), None)


def parse(message: bytes) -> Message | None:
    """The message's segments; None if it does not begin with a header that declares five different separators."""
    text = message.decode(CHARSETS.get(_charset(message), "utf-8"), "replace").strip("\r\n \0")
    signs = text[3:8]
    if not text.startswith("MSH") or len(set(signs)) < 5 or any(sign.isalnum() or sign.isspace() for sign in signs):
        return None
    separators = Separators(*signs)
    lines = [line for line in LINE_ENDS.split(text) if line.strip()]
    return Message(tuple([(_row_told_before if _is_short_row(line) else _segment)(line, separators) for line in lines]))


def _is_short_row(line: str) -> bool:
    return line.startswith("OBX") and len(line) <= LONGEST_KEPT


def _segment(line: str, separators: Separators) -> Segment:
    name, *fields = line.split(separators.field)
    if name == "MSH":  # its first field is the field separator itself
        fields = [separators.field, *fields]
    return Segment(name.strip(), tuple(fields), separators, len(line))


_row_told_before = lru_cache(ROWS_KEPT)(_segment)
"""Most rows of a message are those of the one before, to the letter. Nothing that names a patient stands in a row."""


def _charset(message: bytes) -> str:
    """MSH-18. The header up to there is ASCII in every character set that a table names."""
    header = message.lstrip(b"\r\n \0")[:2000].replace(b"\n", b"\r").partition(b"\r")[0]
    fields = header.split(header[3:4] or b"|")
    return fields[17].decode("ascii", "replace").split("~")[0].strip() if len(fields) > 17 else ""
