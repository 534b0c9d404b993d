"""Bytes ↔ packets of both protocols of Contec's CMS50, and which of the two is spoken. Knows no meaning of a bit and no clock.

In V7 the first byte of a packet has bit 7 clear and all others set, so that a packet is known by its type; the true bits 7 stand
in the second byte. In the old protocol the first of five bytes has bit 7 set and the others not. Neither has a check sum, and no
stream of the one holds a frame of the other.
Sources: "Communication protocol of pulse oximeter V7.0" (Contec, 2010); the old one after two independent programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Speech(Enum):
    V7 = "v7"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet; in ``body`` each byte has its true bit 7 again. Of V7, ``body[0]`` is the type and ``body[1]`` is spent."""

    speech: Speech
    body: bytes


class Lost(Enum):
    SAMPLE = "the time of one sample passed without one"


LIVE, DEVICE_ID, FEEDBACK, FREE_FEEDBACK, DISCONNECT, PERFUSION_KNOWN = 0x01, 0x04, 0x0B, 0x0C, 0x0D, 0x0E
LENGTHS = {LIVE: 9, DEVICE_ID: 9, FEEDBACK: 4, FREE_FEEDBACK: 2, DISCONNECT: 3, PERFUSION_KNOWN: 3}
"""Bytes of the packets that may come unless stored data is asked for, which is never done."""
SHOWING = frozenset({LIVE, FEEDBACK, DISCONNECT})
"""Those whose form is odd enough to show by themselves that V7 is spoken."""
OLD_LENGTH = 5
OLD_SHOWN_BY = 3
"""A frame of the old protocol has only its bits 7 to be known by: so many in a row show it."""
FRAME_LENGTHS = {Speech.V7: 9, Speech.OLD: OLD_LENGTH}
GIVE_UP_BYTES = 100
"""So many bytes without a packet: the other protocol is spoken, or none."""
SPO2_MOST, SPO2_MISSING = 100, 127

START, STOP, KEEP_ALIVE = 0xA1, 0xA2, 0xAF


def command(number: int) -> bytes:
    """The nine bytes of a V7 command without parameters."""
    return bytes((0x7D, 0x81, number, *(0x80,) * 6))


def pack(kind: int, data: Sequence[int]) -> bytes:
    """A V7 packet around up to seven bytes."""
    high = sum(1 << place for place, byte in enumerate(data) if byte & 0x80)
    return bytes((kind, 0x80 | high, *(0x80 | byte for byte in data)))


def _restored(raw: bytearray) -> bytes:
    high = raw[1]
    return bytes((*raw[:2], *((byte & 0x7F) | ((high >> place & 1) << 7) for place, byte in enumerate(raw[2:]))))


def _v7(data: bytearray, at: int) -> int:
    """Length of the packet that stands at ``at``; 0 if more bytes are needed; -1 if none stands there."""
    length = LENGTHS.get(data[at])
    if length is None:
        return -1
    raw = data[at : at + length]
    if any(byte < 0x80 for byte in raw[1:]) or (len(raw) > 1 and raw[1] >= 0x80 + (1 << length - 2)):
        return -1  # the second byte, too, may hold no more bits 7 than there are bytes after it
    if len(raw) < length:
        return 0
    return length if data[at] != LIVE or _is_saturation(_restored(raw)[6]) else -1


def _old(data: bytearray, at: int) -> int:
    """As ``_v7``."""
    raw = data[at : at + OLD_LENGTH]
    if raw[0] < 0x80 or any(byte >= 0x80 for byte in raw[1:]):
        return -1
    if len(raw) < OLD_LENGTH:
        return 0
    return OLD_LENGTH if _is_saturation(raw[4]) else -1


def _is_saturation(count: int) -> bool:
    return count <= SPO2_MOST or count == SPO2_MISSING


class Deframer:
    """Cuts a stream into packets. Depends on bytes alone, never on how they were handed over.

    Attributes:
        bad: frames' worth of bytes dropped as damage.
        speech: the protocol that is spoken, once it has shown itself.
    """

    def __init__(self, fixed: Speech | None = None) -> None:
        self.bad = 0
        self.speech = fixed
        self._fixed = fixed
        self._buffer = bytearray()
        self._skipped = 0
        self._free = FRAME_LENGTHS[Speech.V7] - 1
        """Bytes that may be passed over uncounted: listening began in the middle of a packet."""

    def feed(self, data: bytes) -> list[Packet | Lost]:
        """Packets that became whole, with a mark for each live one that was lost."""
        self._buffer += data
        found: list[Packet | Lost] = []
        at = 0
        while at < len(self._buffer):
            length = self._stands(at)
            if length == 0:
                break
            if length > 0 and self.speech is not None:
                found.append(self._packet(self.speech, at, length))
            at += length if length > 0 else self._skip(found)
        del self._buffer[:at]
        return found

    def _stands(self, at: int) -> int:
        """Length of the packet at ``at``, 0 if more bytes are needed, -1 if none stands there. Finds out what is spoken."""
        if self.speech is Speech.V7:
            return _v7(self._buffer, at)
        if self.speech is Speech.OLD:
            return _old(self._buffer, at)
        if self._buffer[at] < 0x80:
            length, shown = _v7(self._buffer, at), self._buffer[at] in SHOWING
            if length > 0 and shown:
                self.speech = Speech.V7
            return length if shown else -1
        row = self._old_row(at)
        if row > 0:
            self.speech = Speech.OLD
        return row

    def _old_row(self, at: int) -> int:
        """As ``_old``, for a frame that is followed by enough others to be believed."""
        for place in range(at, at + OLD_SHOWN_BY * OLD_LENGTH, OLD_LENGTH):
            length = _old(self._buffer, place) if place < len(self._buffer) else 0
            if length <= 0:
                return length
        return OLD_LENGTH

    def _packet(self, speech: Speech, at: int, length: int) -> Packet:
        raw = self._buffer[at : at + length]
        self._skipped = self._free = 0
        return Packet(speech, _restored(raw) if speech is Speech.V7 else bytes(raw))

    def _skip(self, found: list[Packet | Lost]) -> int:
        """One byte passed over. Each frame's worth, begun, is a bad frame; each, rounded, was the time of a sample."""
        self._skipped += 1
        length = FRAME_LENGTHS[self.speech or Speech.V7]
        self.bad += self._skipped > self._free and (self._skipped - self._free) % length == 1
        if self.speech and self._skipped % length == length // 2 + 1:
            found.append(Lost.SAMPLE)
        if self._skipped % GIVE_UP_BYTES == 0:
            self.speech = self._fixed
        return 1
