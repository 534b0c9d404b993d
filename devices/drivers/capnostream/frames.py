"""Bytes ↔ frames of a Capnostream's binary line. Knows no meaning of a code, no dialogue and no clock.

``85 LEN CODE payload CHK``: LEN counts CODE and payload; CHK is the exclusive or of LEN, CODE and payload. 85h stands nowhere
but at the start: after it 85h is sent as 80 05 and 80h as 80 00, so the receiver adds to 80h the byte that follows it.

Source: OpenICE (mdpnp, BSD-2-Clause), written to the maker's "Capnostream Data Transfer Protocols", which was not at hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

START, ESCAPE = 0x85, 0x80
LONGEST_PAYLOAD = 254

_ADDED = frozenset({0x00, START - ESCAPE})
_STUFFED = {START: b"\x80\x05", ESCAPE: b"\x80\x00"}
_RESERVED = re.compile(rb"[\x80\x85]")


@dataclass(frozen=True, slots=True)
class Frame:
    code: int
    payload: bytes = b""


def framed(code: int, payload: bytes = b"") -> bytes:
    """A frame as it goes over the line. Raises ValueError for a payload that is too long."""
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"a frame carries {LONGEST_PAYLOAD} bytes at most, not {len(payload)}")
    body = bytes((len(payload) + 1, code)) + payload
    return bytes((START,)) + _RESERVED.sub(lambda found: _STUFFED[found[0][0]], body + bytes((_check(body),)))


def _check(body: bytes | bytearray) -> int:
    check = 0
    for byte in body:
        check ^= byte
    return check


class Reader:
    """Cuts a line into frames.

    Attributes:
        bad: frames that were damaged or cut short, and stretches of bytes outside of any.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._body: bytearray | None = None
        self._escaped = False
        self._straying = False

    def feed(self, data: bytes) -> list[Frame]:
        return [frame for frame in map(self._take, data) if frame is not None]

    def _take(self, byte: int) -> Frame | None:
        if byte == START:
            self.bad += self._body is not None
            self._body, self._escaped, self._straying = bytearray(), False, False
        elif self._body is None:
            self.bad += not self._straying
            self._straying = True
        elif self._escaped:
            return self._unstuff(byte)
        elif byte == ESCAPE:
            self._escaped = True
        else:
            return self._append(byte)
        return None

    def _unstuff(self, byte: int) -> Frame | None:
        self._escaped = False
        if byte in _ADDED:
            return self._append(ESCAPE + byte)
        self._drop()
        return None

    def _append(self, byte: int) -> Frame | None:
        body = self._body
        if body is None:
            return None
        body.append(byte)
        if not body[0]:
            self._drop()
        elif len(body) == body[0] + 2:
            self._body, self._straying = None, False
            if not _check(body):
                return Frame(body[1], bytes(body[2:-1]))
            self.bad += 1
        return None

    def _drop(self) -> None:
        """What follows up to the next start belongs to what was damaged, and is counted with it."""
        self.bad += 1
        self._body, self._straying = None, True
