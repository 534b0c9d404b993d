"""The wire of IntelliVue Data Export: frames of the serial line, and messages without frames as the network carries them.

Serial: ``C0 escaped(11 01 length payload FCS-low FCS-high) C1``; C0, C1 and 7D inside travel as ``7D, byte ^ 20``; ``7D C1``
gives a frame up. The FCS is CRC-16/X-25 over header and payload. Network: each datagram is one payload. Knows no meaning
beyond where a message ends. Source: a recorded monitor, whose every frame these rules open.
"""

from __future__ import annotations

import binascii
import re
import struct
from typing import Protocol as Interface

START, END, ESCAPE = b"\xc0", b"\xc1", 0x7D
HEADER = b"\x11\x01"
LONGEST_MESSAGE = 4096
"""Monitors grant about 1000 bytes on the serial line and 1500 on the network; what claims more is damage."""

LONGEST_ESCAPED = 2 * (LONGEST_MESSAGE + 6)
_EDGES = re.compile(rb"([\xc0\xc1])")
_ESCAPED = re.compile(rb"\x7d(.)", re.DOTALL)
_SPECIAL = re.compile(rb"[\x7d\xc0\xc1]")
_REFLECTED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_LENGTH = struct.Struct(">H")


class Deframer(Interface):
    """Cuts a stream of bytes into payloads."""

    @property
    def bad_frames(self) -> int:
        """Frames dropped because they were damaged. Only rises."""

    def push(self, data: bytes) -> list[bytes]:
        """The payloads made whole by ``data``, in order."""


def frame_check(data: bytes) -> bytes:
    """CRC-16/X-25 as sent, low byte first. Computed unreflected on reflected bytes, which the standard library does in C."""
    crc = binascii.crc_hqx(data.translate(_REFLECTED), 0xFFFF) ^ 0xFFFF
    return bytes((_REFLECTED[crc >> 8], _REFLECTED[crc & 0xFF]))


def framed(payload: bytes) -> bytes:
    """A payload as it goes on the serial line."""
    plain = HEADER + _LENGTH.pack(len(payload)) + payload
    body = plain + frame_check(plain)
    return START + _SPECIAL.sub(lambda found: bytes((ESCAPE, found[0][0] ^ 0x20)), body) + END


def opened(body: bytes) -> bytes | None:
    """The payload in the escaped bytes between start and end, or None if damaged or given up."""
    if body.endswith(b"\x7d"):
        return None
    plain = _ESCAPED.sub(lambda pair: bytes((pair[1][0] ^ 0x20,)), body) if b"\x7d" in body else body
    if len(plain) < 6 or not plain.startswith(HEADER) or frame_check(plain[:-2]) != plain[-2:]:
        return None
    payload = plain[4:-2]
    return payload if _LENGTH.unpack_from(plain, 2)[0] == len(payload) else None


class SerialDeframer:
    """Frames of the serial line (``Deframer``). Holds at most one longest frame; what stands between frames is passed over."""

    def __init__(self) -> None:
        self.bad_frames = 0
        self._partial = bytearray()
        self._in_frame = False

    def push(self, data: bytes) -> list[bytes]:
        """Damaged frames are counted and left out; a start inside a frame ends the one before as damaged."""
        payloads = []
        for piece in _EDGES.split(data):
            if piece == START:
                self.bad_frames += self._in_frame
                self._begin(in_frame=True)
            elif piece == END:
                payload = self._end()
                if payload is not None:
                    payloads.append(payload)
            elif self._in_frame:
                self._keep(piece)
        return payloads

    def _begin(self, *, in_frame: bool) -> None:
        self._partial.clear()
        self._in_frame = in_frame

    def _end(self) -> bytes | None:
        if not self._in_frame:
            return None
        payload = opened(bytes(self._partial))
        self.bad_frames += payload is None
        self._begin(in_frame=False)
        return payload

    def _keep(self, piece: bytes) -> None:
        self._partial += piece
        if len(self._partial) > LONGEST_ESCAPED:
            self.bad_frames += 1
            self._begin(in_frame=False)


DATA_EXPORT = b"\xe1\x00\x00\x02"
"""Session and presentation header of every message but those of the association."""

_SESSION = re.compile(rb"[\x09\x0a\x0c\x0d\x0e\x19]")
_SESSION_NEXT = b"\x05\x11\xc1"
"""What follows the length in messages of the association; so a stray byte is not taken for one."""

_MAY_START = re.compile(rb"[\xe1\x09\x0a\x0c\x0d\x0e\x19]")
_MORE, _NONE = 0, -1
_REMOTE = {1: (14, 6), 2: (14, 6), 3: (14, 6), 5: (16, 8)}
"""Kind of remote operation → bytes up to its own contents, and how much of them the outer length counts beside the contents."""


def _length_of_data(data: bytearray) -> int:
    if not DATA_EXPORT.startswith(data[:4]):
        return _NONE
    if len(data) < 8:
        return _MORE
    kind, outer = struct.unpack_from(">HH", data, 4)
    if kind not in _REMOTE:
        return _NONE
    at, counted = _REMOTE[kind]
    if len(data) < at:
        return _MORE
    return 8 + outer if _LENGTH.unpack_from(data, at - 2)[0] + counted == outer else _NONE


def _length_of_session(data: bytearray) -> int:
    wide = len(data) > 1 and data[1] == 0xFF
    head = 4 if wide else 2
    if len(data) <= head:
        return _MORE
    if data[head] not in _SESSION_NEXT:
        return _NONE
    return head + (_LENGTH.unpack_from(data, 2)[0] if wide else data[1])


class DatagramDeframer:
    """Messages as the network carries them (``Deframer``): each says its own length twice, so any stream of them can be cut."""

    def __init__(self) -> None:
        self.bad_frames = 0
        self._waiting = bytearray()
        self._lost = False

    def push(self, data: bytes) -> list[bytes]:
        """What is no message is passed over and counted once for each stretch."""
        self._waiting += data
        payloads = []
        while self._waiting:
            length = self._length()
            if length == _NONE:
                self._pass_over()
            elif length == _MORE or length > len(self._waiting):
                break
            else:
                payloads.append(bytes(self._waiting[:length]))
                del self._waiting[:length]
                self._lost = False
        return payloads

    def _length(self) -> int:
        """Of the message that begins here; 0: more is needed to tell; -1: none does."""
        measure = _length_of_session if _SESSION.match(self._waiting) else _length_of_data
        length = measure(self._waiting)
        return length if length <= LONGEST_MESSAGE else _NONE

    def _pass_over(self) -> None:
        self.bad_frames += not self._lost
        self._lost = True
        following = _MAY_START.search(self._waiting, 1)
        del self._waiting[: following.start() if following else len(self._waiting)]
