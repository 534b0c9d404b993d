"""Report documents as bytes: one XML document after another, each behind a mark, its length and its check. Reads no XML.

    "SDCR"  length (4 bytes, big-endian)  its complement (4 bytes)  CRC-32 of the document (4 bytes)  document (UTF-8)

The complement keeps a chance mark from claiming the documents that follow it.

The standard's own transport (SOAP over HTTP) is the line's matter (``devices.transports.sdc_line``); this form is Bedside's, so
that what a device reported can be recorded and played again as the bytes of any other line.
"""

from __future__ import annotations

import struct
import zlib

MARK = b"SDCR"
HEAD = struct.Struct(">4sIII")
ALL_ONES = 0xFFFFFFFF
LONGEST = 1 << 22
"""A description of a large device has some hundred thousand bytes."""


class Deframer:
    """Takes bytes of any length, gives the documents that became whole.

    Attributes:
        bad_frames: stretches that were no document.
    """

    def __init__(self) -> None:
        self.bad_frames = 0
        self._rest = bytearray()
        self._lost = False

    def push(self, data: bytes) -> list[bytes]:
        self._rest += data
        found: list[bytes] = []
        while self._step(found):
            pass
        return found

    def _step(self, found: list[bytes]) -> bool:
        """Takes one document or one stretch of noise from the front; whether there may be more."""
        at = self._rest.find(MARK)
        if at != 0:
            return self._skip(at if at > 0 else self._noise_bytes(), more=at > 0)
        if len(self._rest) < HEAD.size:
            return False
        _, length, complement, check = HEAD.unpack_from(self._rest)
        if length > LONGEST or length ^ complement != ALL_ONES:
            return self._skip(len(MARK), more=True)
        if len(self._rest) < HEAD.size + length:
            return False
        document = bytes(self._rest[HEAD.size : HEAD.size + length])
        if zlib.crc32(document) != check:
            return self._skip(len(MARK), more=True)
        found.append(document)
        del self._rest[: HEAD.size + length]
        self._lost = False
        return True

    def _noise_bytes(self) -> int:
        """How many bytes at the front cannot begin a mark, if none is whole."""
        keep = next((size for size in range(len(MARK) - 1, 0, -1) if self._rest.endswith(MARK[:size])), 0)
        return len(self._rest) - keep

    def _skip(self, count: int, *, more: bool) -> bool:
        if count and not self._lost:
            self.bad_frames += 1
            self._lost = True
        del self._rest[:count]
        return more


def framed(document: bytes) -> bytes:
    """A document as it goes into the stream."""
    return HEAD.pack(MARK, len(document), len(document) ^ ALL_ONES, zlib.crc32(document)) + document
