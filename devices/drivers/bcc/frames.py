"""Bytes ↔ frames of B. Braun's BCC protocol: length, check, character stuffing. Knows no parameter and no dialogue.

    SOH LLLLL STX bedId "/1/1>" information ETX|ETB CCCCC EOT

Length (of all, SOH to EOT) and check (sum SOH to ETX|ETB, modulo 256) count the message before stuffing.
Source: B. Braun Technical Interface Specification BCC, I0022_000030 v4.0 (2019).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SOH, STX, ETX, EOT = b"\x01", b"\x02", b"\x03", b"\x04"
ETB, ACK, NAK, RS = b"\x17", b"\x06", b"\x15", b"\x1e"
FIRST_BED = "1"
"""The bedId of a request before the device has told its own."""
LONGEST = 2 * 99_999
"""Bytes of the longest stuffed message; what grows beyond it has no end."""

_BED_ID = re.compile(r"[/-9A-z]{1,15}\Z")
_WHOLE = re.compile(rb"\x01(\d{5})\x02(.*?)/1/1>(.*)([\x03\x17])(\d{5})\x04\Z", re.DOTALL)
_STUFFED_PAIR = re.compile(rb"[Ee](.?)", re.DOTALL)
_STUFF = {b"D": b"EX", b"E": b"EE", b"d": b"ex", b"e": b"ee"}
_UNSTUFF = {stuffed: plain for plain, stuffed in _STUFF.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One good frame.

    Attributes:
        last: it ended in ETX; after ETB more blocks follow.
        stuffed: True or False if the bytes show whether the sender stuffs; None if they would look alike.
    """

    bed_id: str
    information: bytes
    last: bool
    stuffed: bool | None


@dataclass(frozen=True, slots=True)
class Damaged:
    """A frame that began and was no good."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A bare ACK or NAK."""

    good: bool


def stuff(message: bytes) -> bytes:
    """``D→EX E→EE d→ex e→ee`` over a whole message."""
    return re.sub(rb"[DEde]", lambda found: _STUFF[found[0]], message)


def unstuff(message: bytes) -> bytes | None:
    """The message before stuffing, read once from left to right; None if it cannot have been stuffed.

    Search-and-replace would be wrong: ``EEX`` is ``EX``, neither ``ED`` nor ``D``.
    """
    if b"D" in message or b"d" in message or any(found[0] not in _UNSTUFF for found in _STUFFED_PAIR.finditer(message)):
        return None
    return _STUFFED_PAIR.sub(lambda found: _UNSTUFF[found[0]], message)


def is_bed_id(bed_id: str) -> bool:
    """Up to 15 characters of ASCII 47–57 and 65–122."""
    return _BED_ID.match(bed_id) is not None


def encode(bed_id: str, information: bytes, *, last: bool = True, stuffed: bool = False) -> bytes:
    """A whole frame. The length is known beforehand: fourteen bytes of framing stand around bedId and information."""
    inner = bed_id.encode("ascii") + b"/1/1>" + information
    head = SOH + b"%05d" % (len(inner) + 14) + STX + inner + (ETX if last else ETB)
    message = head + b"%05d" % (sum(head) % 256) + EOT
    return stuff(message) if stuffed else message


def decode(message: bytes, *, stuffed: bool | None = None) -> Frame | None:
    """The frame in one message from SOH to EOT, or None if it is damaged; ``stuffed`` None: the bytes shall tell.

    Stuffing lengthens a message, so its length field fits only one of the two readings.
    """
    if stuffed is not True:
        frame = _checked(message, stuffed=None if stuffed is None and not re.search(rb"[DEde]", message) else False)
        if frame is not None or stuffed is False:
            return frame
    plain = unstuff(message)
    return None if plain is None else _checked(plain, stuffed=True if plain != message else None)


def _checked(message: bytes, *, stuffed: bool | None) -> Frame | None:
    whole = _WHOLE.match(message)
    if whole is None or int(whole[1]) != len(message) or int(whole[5]) != sum(message[:-6]) % 256:
        return None
    bed_id = whole[2].decode("ascii", errors="replace")
    if not is_bed_id(bed_id):
        return None
    return Frame(bed_id=bed_id, information=whole[3], last=whole[4] == ETX, stuffed=stuffed)


class FrameReader:
    """Cuts a stream into frames and answers. Any split of the stream gives the same.

    Attributes:
        bad: damaged frames, and runs of stray bytes, so far.
    """

    def __init__(self, *, stuffed: bool | None = None) -> None:
        self.bad = 0
        self._stuffed = stuffed
        self._buffer = bytearray()
        self._stray = False

    def feed(self, data: bytes) -> list[Frame | Damaged | Answer]:
        """What became whole."""
        found: list[Frame | Damaged | Answer] = []
        for piece in re.split(rb"([\x01\x04])", data):
            if piece == SOH:
                self._begin(found)
            elif piece == EOT:
                self._end(found)
            elif piece:
                self._add(piece, found)
        return found

    def _begin(self, found: list[Frame | Damaged | Answer]) -> None:
        if self._buffer:
            self._spoil(found)
        self._buffer += SOH
        self._stray = False

    def _end(self, found: list[Frame | Damaged | Answer]) -> None:
        if not self._buffer:
            self._noise()
            return
        frame = decode(bytes(self._buffer) + EOT, stuffed=self._stuffed)
        if frame is None:
            self._spoil(found)
        else:
            found.append(frame)
        self._buffer.clear()

    def _add(self, piece: bytes, found: list[Frame | Damaged | Answer]) -> None:
        if self._buffer:
            room = LONGEST - len(self._buffer)
            self._buffer += piece[:room]
            if len(piece) <= room:
                return
            self._spoil(found)
            piece = piece[room:]
        for byte in piece:
            if byte in (ACK[0], NAK[0]):
                found.append(Answer(byte == ACK[0]))
            else:
                self._noise()

    def _spoil(self, found: list[Frame | Damaged | Answer]) -> None:
        self.bad += 1
        self._buffer.clear()
        found.append(Damaged())

    def _noise(self) -> None:
        """Counts a run of stray bytes once."""
        self.bad += not self._stray
        self._stray = True
