"""The wire of the S/5 Computer Interface: flags, stuffing, checksum, and the record header inside. Knows no measurement.

Source: GE M1017617 "S/5 Computer Interface Specification", 12th edition. A frame is ``7E stuffed(record checksum) 7E``;
inside it 7E is sent as ``7D 5E`` and 7D as ``7D 5D``; the checksum is the 8-bit sum of the record before stuffing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FLAG = b"\x7e"
HEADER_BYTES = 40
LONGEST_RECORD = HEADER_BYTES + 1450
LONGEST_STUFFED = 2 * (LONGEST_RECORD + 1)
"""A frame whose every byte had to be stuffed; nothing longer is a frame."""

PHDB, WAVE, ALARM = 0, 1, 4
"""Main types of a record: displayed values and trends, waveforms, alarms."""

_HEADER = struct.Struct("<hBBHIBBHh")
_DESCRIPTOR = struct.Struct("<hB")
_DESCRIPTORS = 8
_END_OF_LIST = 0xFF
_ESCAPED = re.compile(rb"\x7d(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Subrecord:
    """One part of a record: its type and its bytes up to the next part."""

    type: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A whole record.

    Attributes:
        main_type: PHDB, WAVE, ALARM or one this program does not read.
        subrecords: in the order sent, at most eight.
        number: counts records, modulo 256.
        level: interface level of the monitor's software; 0 in requests.
        plug_id: names the monitor.
        time_s: the monitor's clock, Unix seconds.
    """

    main_type: int
    subrecords: tuple[Subrecord, ...]
    number: int = 0
    level: int = 0
    plug_id: int = 0
    time_s: int = 0


def framed(record: bytes) -> bytes:
    """A record as it goes on the wire: checksum added, stuffed, between flags."""
    body = record + bytes((sum(record) & 0xFF,))
    return FLAG + body.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e") + FLAG


def record_bytes(record: Record) -> bytes:
    """A record with its header. Raises ValueError for more than eight subrecords, struct.error for fields out of range."""
    if len(record.subrecords) > _DESCRIPTORS:
        raise ValueError(f"a record holds at most {_DESCRIPTORS} subrecords, not {len(record.subrecords)}")
    data = b"".join(part.body for part in record.subrecords)
    header = _HEADER.pack(HEADER_BYTES + len(data), record.number, record.level, record.plug_id, record.time_s, 0, 0, 0, record.main_type)
    return header + _descriptor_bytes(record.subrecords) + data


def _descriptor_bytes(parts: Sequence[Subrecord]) -> bytes:
    described, offset = b"", 0
    for part in parts:
        described += _DESCRIPTOR.pack(offset, part.type)
        offset += len(part.body)
    if len(parts) < _DESCRIPTORS:
        described += _DESCRIPTOR.pack(0, _END_OF_LIST)
    return described.ljust(_DESCRIPTORS * _DESCRIPTOR.size, b"\0")


def parse_record(data: bytes) -> Record | None:
    """The record in ``data``, or None where its lengths and offsets contradict one another."""
    if len(data) < HEADER_BYTES:
        return None
    length, number, level, plug_id, time_s, _, _, _, main_type = _HEADER.unpack_from(data)
    if length != len(data):
        return None
    parts = _subrecords(data)
    if parts is None:
        return None
    return Record(main_type=main_type, subrecords=parts, number=number, level=level, plug_id=plug_id, time_s=time_s)


def _subrecords(data: bytes) -> tuple[Subrecord, ...] | None:
    body = data[HEADER_BYTES:]
    starts: list[tuple[int, int]] = []
    for offset, type_ in _DESCRIPTOR.iter_unpack(data[_HEADER.size : HEADER_BYTES]):
        if type_ == _END_OF_LIST:  # absent when all eight descriptors are used
            break
        starts.append((offset, type_))
    edges = [offset for offset, _ in starts] + [len(body)]
    if edges[0] < 0 or any(after < before for before, after in pairwise(edges)):
        return None
    return tuple(Subrecord(type_, body[start:end]) for (start, type_), end in zip(starts, edges[1:], strict=True))


def _opened(body: bytes) -> Record | None:
    """The record in the stuffed bytes between two flags, or None if damaged."""
    plain = _ESCAPED.sub(lambda pair: bytes((pair[1][0] | 0x20,)), body) if b"\x7d" in body else body
    if len(plain) <= HEADER_BYTES or sum(plain[:-1]) & 0xFF != plain[-1]:
        return None
    return parse_record(plain[:-1])


class Deframer:
    """Cuts a stream of bytes into records. Holds at most one longest frame; what comes before the first flag is passed over."""

    def __init__(self) -> None:
        self.bad_frames = 0
        self._partial = bytearray()
        self._in_frame = False

    def push(self, data: bytes) -> list[Record]:
        """The records made whole by ``data``, in order. Damaged ones are counted and left out."""
        *ended, rest = data.split(FLAG)
        records = []
        for piece in ended:
            record = self._end(piece)
            if record is not None:
                records.append(record)
        self._keep(rest)
        return records

    def _end(self, piece: bytes) -> Record | None:
        """A flag came: what stands between it and the one before is a frame, or nothing."""
        self._keep(piece)
        body, in_frame = bytes(self._partial), self._in_frame
        self._partial.clear()
        self._in_frame = True
        if not in_frame or not body:
            return None
        record = _opened(body)
        self.bad_frames += record is None
        return record

    def _keep(self, piece: bytes) -> None:
        if not self._in_frame:
            return
        self._partial += piece
        if len(self._partial) > LONGEST_STUFFED:
            self._partial.clear()
            self._in_frame = False
            self.bad_frames += 1
