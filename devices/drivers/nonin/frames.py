"""Bytes ↔ frames of Nonin's five data formats, with each one's check. Knows no metric, no meaning of a bit but SYNC, no clock.

Source: Nonin 9560 OEM specification 6470-000-01 (formats 2, 7, 8, 13); format 1 after a quotation of the iPod 3211 sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

FRAME = 5
"""Bytes of a frame in formats 2 and 7."""
PACKET = 25
"""Frames of a packet in formats 2 and 7; three packets a second."""
SYNC = 0x01
"""STATUS bit that marks the first frame of a packet."""
SPOT_HEAD = b"\x00\x02\x00\x0d"
SPOT_END = 0x03
SPOT_LEAST = 14
SPOT_MOST = 64
"""A spot check's data is 14 bytes and may grow in later models; a length beyond this is damage."""


class DataFormat(Enum):
    DF1 = "df1"
    DF2 = "df2"
    DF7 = "df7"
    DF8 = "df8"
    DF13 = "df13"


class PlethFrame(NamedTuple):
    """One of 75 frames a second: ``value`` is the slot of the packet that is this frame's turn."""

    status: int
    pleth: int
    value: int


class Lost(Enum):
    """What a reader of pleth frames gives where it has no frame to give."""

    ONE = "one frame, its place in the packet known"
    PLACE = "the place in the packet is no longer known"
    TIME = "one frame's time, the place not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlethLayout:
    """What tells format 2 from format 7.

    Attributes:
        read: the frame at an offset, or None where five bytes there are no good frame.
        pack: the five bytes of a frame.
        full_scale: highest pleth count.
        zero_count: the count kept as step 0, so that every count fits 16 signed bits.
    """

    read: Callable[[bytearray, int], PlethFrame | None]
    pack: Callable[[PlethFrame], bytes]
    full_scale: int
    zero_count: int


def _read_df2(data: bytearray, at: int) -> PlethFrame | None:
    start, status, pleth, value, check = data[at : at + FRAME]
    if start != 1 or status < 0x80 or (start + status + pleth + value) & 0xFF != check:
        return None
    return PlethFrame(status, pleth, value)


def _pack_df2(frame: PlethFrame) -> bytes:
    body = bytes((1, frame.status, frame.pleth, frame.value))
    return body + bytes((sum(body) & 0xFF,))


def _read_df7(data: bytearray, at: int) -> PlethFrame | None:
    status, msb, lsb, value, check = data[at : at + FRAME]
    if status < 0x80 or (status + msb + lsb + value) & 0xFF != check:
        return None
    return PlethFrame(status, msb << 8 | lsb, value)


def _pack_df7(frame: PlethFrame) -> bytes:
    body = bytes((frame.status, frame.pleth >> 8, frame.pleth & 0xFF, frame.value))
    return body + bytes((sum(body) & 0xFF,))


PLETH_LAYOUTS = {
    DataFormat.DF2: PlethLayout(read=_read_df2, pack=_pack_df2, full_scale=0xFF, zero_count=0),
    DataFormat.DF7: PlethLayout(read=_read_df7, pack=_pack_df7, full_scale=0xFFFF, zero_count=0x7FFF),
}
SLOW_LENGTHS = {DataFormat.DF1: 3, DataFormat.DF8: 4}
"""Bytes of a frame in the formats that come once a second."""


def is_slow_frame(data: bytearray, at: int, length: int) -> bool:
    """Whether a frame of format 1 or 8 stands here: bit 7 set in its first byte and in no other. It has no check sum."""
    return data[at] >= 0x80 and max(data[at + 1 : at + length]) < 0x80


def spot_body(frame: bytearray) -> bytes | None:
    """The data of a whole format 13 frame, or None if its header, length, check or end is wrong."""
    if not frame.startswith(SPOT_HEAD) or len(frame) < len(SPOT_HEAD) + 2:
        return None
    length = frame[4] << 8 | frame[5]
    body = bytes(frame[6 : 6 + length])
    if length < SPOT_LEAST or len(frame) != length + 8 or frame[-1] != SPOT_END or frame[-2] != sum(body) & 0xFF:
        return None
    return body


def pack_spot(body: bytes) -> bytes:
    """A format 13 frame around its data."""
    return SPOT_HEAD + len(body).to_bytes(2, "big") + body + bytes((sum(body) & 0xFF, SPOT_END))
