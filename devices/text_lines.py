"""Cuts a stream of ASCII text into lines and hands each to a parser; counts what is none. Knows no device's grammar.

Decisions depend on bytes alone, never on how they were handed over: any split of a stream gives the same records.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar

Record = TypeVar("Record")

_END = re.compile(rb"[\r\n]")
_PADDING = b"\0\x11\x13 "
"""Devices fill pauses with NUL, and some send XON and XOFF between lines."""


class TextRecords(Generic[Record]):
    """Lines that end with CR, LF or both, in any order.

    A line of which only the end was heard, because listening began in its middle, is no damage: the very first line may
    be no record without being counted, as long as it is text.

    Args:
        parse: the record of a line (never empty, without padding at its ends), or None if it is none.
        longest: bytes; a line beyond is damage and is not kept, so that nothing grows.
    """

    def __init__(self, parse: Callable[[str], Record | None], longest: int) -> None:
        self._parse = parse
        self._longest = longest
        self._rest = b""
        self._bad = 0
        self._joining = True

    @property
    def bad(self) -> int:
        """Lines that were no records, and the present one if it can no longer be one."""
        return self._bad + (len(self._rest) > self._longest)

    def feed(self, data: bytes) -> list[Record]:
        """Records that became whole."""
        *whole, rest = _END.split(self._rest + data)
        self._rest = rest[: self._longest + 1]
        return [record for line in whole if (record := self._take(line)) is not None]

    def _take(self, line: bytes) -> Record | None:
        text = line.strip(_PADDING)
        joining, self._joining = self._joining, False
        if not text:
            return None
        sound = len(line) <= self._longest and text.isascii() and text.decode("latin-1").isprintable()
        record = self._parse(text.decode("ascii")) if sound else None
        if record is None and not (sound and joining):
            self._bad += 1
        return record
