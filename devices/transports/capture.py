"""Raw recordings of a line: what was received and sent, with its Instant, and how to read it back. Decodes nothing.

A capture is a file of

    BEDSIDE-CAPTURE 1<LF>
    {"driver": "dri", "port": "/dev/ttyUSB0"}<LF>      one line of JSON, UTF-8; fields may be added
    record*

and a record is, all integers little-endian,

    kind          1 byte    "<" received, ">" sent, "+" line opened, "-" line lost (bytes: why, UTF-8) or closed (none)
    monotonic_ns  8 bytes   signed
    utc_ns        8 bytes   signed
    length        4 bytes   unsigned
    crc32         4 bytes   unsigned, over the 21 bytes before and the bytes after
    bytes         length

Each record is flushed as it comes, so a killed program leaves at most its last record cut short. A file that does not begin
with the first line is taken for raw bytes as a device sent them, without times.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from io import BufferedReader
from pathlib import Path

from clinical.instant import Instant
from devices.transports.line import Line, LineError

MAGIC = b"BEDSIDE-CAPTURE 1\n"
FAMILY = MAGIC.split()[0]
HEAD = struct.Struct("<cqqI")
CHECK = struct.Struct("<I")
LONGEST = 1 << 24
"""No line brings more bytes at once; a greater length is damage."""

RAW_ORIGIN = Instant(0, 0)
"""Raw bytes have no times: their first is taken to begin at 1970-01-01T00:00:00Z, which nobody can mistake for a real one."""

BITS_PER_BYTE = 10
"""On the line: start bit, eight data bits, stop bit."""

RAW_CHUNK_S = 0.01


class CaptureError(Exception):
    """A capture cannot be read any further. The text is for people."""


class Mark(Enum):
    RECEIVED = b"<"
    SENT = b">"
    OPENED = b"+"
    ENDED = b"-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One record: what happened on the line, when, and its bytes."""

    mark: Mark
    at: Instant
    data: bytes = b""


class CaptureWriter:
    """Appends records to a new file. Raises FileExistsError for one that is there: a recording is never overwritten."""

    def __init__(self, path: Path, *, driver: str, port: str) -> None:
        self._file = path.open("xb")
        self._file.write(MAGIC + json.dumps({"driver": driver, "port": port}, ensure_ascii=False).encode() + b"\n")
        self._file.flush()

    def append(self, chunk: Chunk) -> None:
        """Raises OSError when the disk does not take it."""
        head = HEAD.pack(chunk.mark.value, chunk.at.monotonic_ns, chunk.at.utc_ns, len(chunk.data))
        self._file.write(head + CHECK.pack(zlib.crc32(chunk.data, zlib.crc32(head))) + chunk.data)
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class RecordedLine:
    """Another line (``Line``), of which all that passes is recorded.

    A full disk must not cost the line: the recording then ends, ``failed`` is told once, and the line goes on.
    """

    def __init__(self, line: Line, writer: CaptureWriter, clock: Callable[[], Instant], failed: Callable[[OSError], None]) -> None:
        self._line = line
        self._writer = writer
        self._clock = clock
        self._failed = failed
        self._recording = True
        self._is_open = False

    @property
    def name(self) -> str:
        return self._line.name

    def open(self) -> None:
        self._line.open()
        self._is_open = True
        self._note(Mark.OPENED, b"")

    def read(self, timeout_s: float) -> bytes:
        try:
            data = self._line.read(timeout_s)
        except LineError as error:
            self._ended(str(error))
            raise
        if data:
            self._note(Mark.RECEIVED, data)
        return data

    def write(self, data: bytes) -> None:
        try:
            self._line.write(data)
        except LineError as error:
            self._ended(str(error))
            raise
        self._note(Mark.SENT, data)

    def close(self) -> None:
        self._line.close()
        self._ended("")

    def _ended(self, why: str) -> None:
        if self._is_open:
            self._is_open = False
            self._note(Mark.ENDED, why.encode())

    def _note(self, mark: Mark, data: bytes) -> None:
        if not self._recording:
            return
        try:
            self._writer.append(Chunk(mark=mark, at=self._clock(), data=data))
        except OSError as error:
            self._recording = False
            self._failed(error)


def read_chunks(path: Path, *, raw_baud: int) -> Iterator[Chunk]:
    """The records of a capture, or a file of raw bytes in chunks of 10 ms of a line at ``raw_baud``.

    Raises OSError if it cannot be opened, CaptureError where it is damaged; what came before the damage has been given.
    """
    with path.open("rb") as file:
        start = file.peek(len(MAGIC))
        if start.startswith(FAMILY):
            yield from _records(file)
        else:
            yield from _raw(file, raw_baud)


def _raw(file: BufferedReader, baud: int) -> Iterator[Chunk]:
    size = max(1, int(baud * RAW_CHUNK_S / BITS_PER_BYTE))
    count = 0
    yield Chunk(mark=Mark.OPENED, at=RAW_ORIGIN)
    while data := file.read(size):
        count += len(data)
        yield Chunk(mark=Mark.RECEIVED, at=RAW_ORIGIN.plus(count * BITS_PER_BYTE / baud), data=data)


def _records(file: BufferedReader) -> Iterator[Chunk]:
    if file.readline() != MAGIC:
        raise CaptureError("was written by a newer version of Bedside than this one")
    if not file.readline().endswith(b"}\n"):
        raise CaptureError("is damaged: its header is cut short")
    while head := file.read(HEAD.size + CHECK.size):
        yield _record(head, file)


def _record(head: bytes, file: BufferedReader) -> Chunk:
    place = file.tell() - len(head)
    if len(head) < HEAD.size + CHECK.size:
        raise CaptureError(f"is cut short: its last record, at byte {place}, is not whole")
    kind, monotonic_ns, utc_ns, length = HEAD.unpack_from(head)
    if kind not in {mark.value for mark in Mark} or length > LONGEST:
        raise CaptureError(f"is damaged at byte {place}: no record begins there")
    data = file.read(length)
    if len(data) < length:
        raise CaptureError(f"is cut short: its last record, at byte {place}, is not whole")
    (check,) = CHECK.unpack_from(head, HEAD.size)
    if zlib.crc32(data, zlib.crc32(head[: HEAD.size])) != check:
        raise CaptureError(f"is damaged at byte {place}: the record's check does not match")
    return Chunk(mark=Mark(kind), at=Instant(monotonic_ns, utc_ns), data=data)
