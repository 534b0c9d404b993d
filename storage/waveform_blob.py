"""How a second, and how a minute, of all waveforms lies in one blob. Knows bytes; knows no database.

Little-endian throughout.

A second, as it is written when it comes: a header of 8 bytes (``b"BWF1"``, uint16 number of segments, uint16 zero); then for each
segment 24 bytes: uint16 channel (its row in ``waveform_channels`` says device, metric, rate and scale), uint8 validity (place in
``VALIDITIES``), uint8 zero, uint32 number of samples, int64 monotonic ns and int64 UTC ns of its first sample. Then the samples
of all segments in that order, int16, in the device's own steps; -32768 where there is none.

A minute, as seconds are put together later (``b"BWF2"``): a header of 12 bytes (the magic, uint16 number of segments, uint16 number
of channels, uint32 bytes of the table of segments); for each channel 12 bytes (uint16 channel, uint8 code, uint8 zero, uint32 number
of samples, uint32 bytes); the table of segments, each as above, deflated; then the samples of each channel, those of its segments one
after another, coded as one run (``step_code.py``). No sample is changed.

Blocks of one channel that follow one another within a hundredth of a sample share a segment.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S
from clinical.observations import Validity, WaveformBlock
from storage.step_code import CodeError, Steps, decode, encode

VALIDITIES = tuple(Validity)
_MAGIC = b"BWF1"
_HEAD = struct.Struct("<4sHH")
_SEGMENT = struct.Struct("<HBxIqq")
_MINUTE_MAGIC = b"BWF2"
_MINUTE_HEAD = struct.Struct("<4sHHI")
_RUN = struct.Struct("<HBxII")
MOST_SEGMENTS = 65_535
_PLACES = {validity: place for place, validity in enumerate(VALIDITIES)}


class Blob(Protocol):
    """Bytes, or a value in a database that is read piece by piece."""

    def __len__(self) -> int: ...

    def __getitem__(self, piece: slice, /) -> bytes: ...


class BlobError(ValueError):
    """The bytes are no waveform blob, or not all of one."""


class Segment(NamedTuple):
    """A run of samples of one channel, on the case's timeline; ``steps`` is int16, shape (n,), read-only."""

    channel: int
    validity: Validity
    at_mono_ns: int
    at_utc_ns: int
    steps: NDArray[np.int16]


class _Run:
    """A segment being put together."""

    __slots__ = ("at_mono_ns", "at_utc_ns", "channel", "count", "first", "near_ns", "parts", "period_ns")

    def __init__(self, channel: int, block: WaveformBlock, shift_ns: int) -> None:
        self.channel = channel
        self.first = block
        self.at_mono_ns = block.at.monotonic_ns + shift_ns
        self.at_utc_ns = block.at.utc_ns
        self.period_ns = NS_PER_S / block.rate_hz
        self.near_ns = self.period_ns / 100
        self.count = 0
        self.parts: list[NDArray[np.int16]] = []

    def goes_on_with(self, block: WaveformBlock) -> bool:
        first, at, began = self.first, block.at, self.first.at
        span_ns = self.count * self.period_ns
        return (
            block.validity is first.validity
            and abs(at.monotonic_ns - began.monotonic_ns - span_ns) <= self.near_ns
            and abs(at.utc_ns - began.utc_ns - span_ns) <= self.near_ns
        )

    def add(self, steps: NDArray[np.int16]) -> None:
        self.count += len(steps)
        self.parts.append(steps)

    @property
    def head(self) -> bytes:
        return _SEGMENT.pack(self.channel, _PLACES[self.first.validity], self.count, self.at_mono_ns, self.at_utc_ns)

    @property
    def until_mono_ns(self) -> int:
        return self.at_mono_ns + round(self.count * self.period_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A blob and the stretch it covers, on the case's timeline."""

    at_utc_ns: int
    at_mono_ns: int
    until_mono_ns: int
    blob: bytes


def pack(blocks: Iterable[tuple[int, WaveformBlock]], shift_ns: int = 0) -> Packed:
    """Puts blocks, each with its channel's number, into one blob. At least one block."""
    runs: list[_Run] = []
    latest: dict[int, _Run] = {}
    for channel, block in blocks:
        run = latest.get(channel)
        if run is None or not run.goes_on_with(block):
            run = latest[channel] = _Run(channel, block, shift_ns)
            runs.append(run)
        run.add(block.steps)
    first = min(runs, key=lambda run: run.at_mono_ns)
    head = _HEAD.pack(_MAGIC, len(runs), 0)
    samples = np.concatenate([part for run in runs for part in run.parts]).astype("<i2", copy=False)
    return Packed(
        at_utc_ns=first.at_utc_ns,
        at_mono_ns=first.at_mono_ns,
        until_mono_ns=max(run.until_mono_ns for run in runs),
        blob=b"".join((head, *(run.head for run in runs), samples.data)),
    )


def pack_minute(segments: Iterable[Segment], period_ns: Mapping[int, float]) -> bytes:
    """Puts segments, in their order, into one compact blob; ``period_ns`` by channel. Raises BlobError for more than it can hold."""
    packing = packed_minute(segments, period_ns)
    while True:
        try:
            next(packing)
        except StopIteration as done:
            return bytes(done.value)


def packed_minute(segments: Iterable[Segment], period_ns: Mapping[int, float]) -> Generator[None, None, bytes]:
    """As ``pack_minute``, with a rest before each channel: for whoever has other things to do meanwhile."""
    samples: dict[int, list[Steps]] = {}
    heads = []
    for segment in merged(segments, period_ns):
        count = len(segment.steps)
        heads.append(_SEGMENT.pack(segment.channel, _PLACES[segment.validity], count, segment.at_mono_ns, segment.at_utc_ns))
        samples.setdefault(segment.channel, []).append(segment.steps)
    if len(heads) > MOST_SEGMENTS:
        raise BlobError("too many segments for one blob")
    rows, runs = [], []
    for channel, parts in samples.items():
        yield
        run = np.concatenate(parts)
        order, coded = encode(run)
        rows.append(_RUN.pack(channel, order, len(run), len(coded)))
        runs.append(coded)
    table = zlib.compress(b"".join(heads), 1)
    return b"".join((_MINUTE_HEAD.pack(_MINUTE_MAGIC, len(heads), len(runs), len(table)), *rows, table, *runs))


def merged(segments: Iterable[Segment], period_ns: Mapping[int, float]) -> list[Segment]:
    """Segments that follow one another put together, in the order of their beginnings."""
    groups: list[tuple[Segment, list[Steps]]] = []
    latest: dict[int, tuple[Segment, list[Steps], int]] = {}
    for segment in segments:
        first, parts, count = latest.get(segment.channel, (segment, [], 0))
        if not parts or not _goes_on(first, count, segment, period_ns[segment.channel]):
            first, parts, count = segment, [], 0
            groups.append((first, parts))
        parts.append(segment.steps)
        latest[segment.channel] = first, parts, count + len(segment.steps)
    return [first if len(parts) == 1 else first._replace(steps=np.concatenate(parts)) for first, parts in groups]


def _goes_on(first: Segment, count: int, segment: Segment, period_ns: float) -> bool:
    """As in ``_Run.goes_on_with``, after ``count`` samples."""
    span_ns, near_ns = count * period_ns, period_ns / 100
    return (
        first.validity is segment.validity
        and abs(segment.at_mono_ns - first.at_mono_ns - span_ns) <= near_ns
        and abs(segment.at_utc_ns - first.at_utc_ns - span_ns) <= near_ns
    )


def unpack(blob: Blob, channels: Collection[int] | None = None) -> Iterator[Segment]:
    """The segments of a blob, of these channels or of all. Raises BlobError where the bytes contradict themselves."""
    if blob[:4] == _MINUTE_MAGIC:
        return _unpack_minute(blob, channels)
    return _unpack_second(blob[:], channels)


def _unpack_second(blob: bytes, channels: Collection[int] | None) -> Iterator[Segment]:
    if len(blob) < _HEAD.size:
        raise BlobError("shorter than its header")
    magic, count, _ = _HEAD.unpack_from(blob)
    start = _HEAD.size + count * _SEGMENT.size
    if magic != _MAGIC or start > len(blob):
        raise BlobError("no waveform blob")
    heads = list(_SEGMENT.iter_unpack(blob[_HEAD.size : start]))
    if start + 2 * sum(head[2] for head in heads) != len(blob):
        raise BlobError("its length contradicts its header")
    for head in heads:
        steps = np.frombuffer(blob, dtype="<i2", count=head[2], offset=start)
        start += 2 * head[2]
        if channels is None or head[0] in channels:
            yield _segment(head, steps.astype(np.int16, copy=False))


def _unpack_minute(blob: Blob, channels: Collection[int] | None) -> Iterator[Segment]:
    heads, runs = _minute_tables(blob)
    samples: dict[int, Steps] = {}
    for channel, (order, count, start, size) in runs.items():
        if channels is None or channel in channels:
            try:
                samples[channel] = decode(order, blob[start : start + size], count)
            except CodeError as error:
                raise BlobError(str(error)) from error
    used = dict.fromkeys(samples, 0)
    for head in heads:
        channel, count = head[0], head[2]
        if channel in samples:
            yield _segment(head, samples[channel][used[channel] : used[channel] + count])
            used[channel] += count


def _minute_tables(blob: Blob) -> tuple[list[tuple[int, ...]], dict[int, tuple[int, int, int, int]]]:
    """Heads of the segments, and of each channel's run the order, number of samples, place and bytes."""
    if len(blob) < _MINUTE_HEAD.size:
        raise BlobError("shorter than its header")
    _, segments, channels, size = _MINUTE_HEAD.unpack(blob[: _MINUTE_HEAD.size])
    start = _MINUTE_HEAD.size + channels * _RUN.size
    rows = list(_RUN.iter_unpack(blob[_MINUTE_HEAD.size : start])) if start <= len(blob) else []
    if start + size + sum(row[3] for row in rows) != len(blob):
        raise BlobError("its length contradicts its header")
    try:
        table = zlib.decompressobj().decompress(blob[start : start + size], segments * _SEGMENT.size + 1)
    except zlib.error as error:
        raise BlobError(str(error)) from error
    if len(table) != segments * _SEGMENT.size:
        raise BlobError("its table of segments is not whole")
    heads = list(_SEGMENT.iter_unpack(table))
    start += size
    runs: dict[int, tuple[int, int, int, int]] = {}
    for channel, order, count, length in rows:
        runs[channel] = (order, count, start, length)
        start += length
    left = {channel: run[1] for channel, run in runs.items()}
    for head in heads:
        left[head[0]] = left.get(head[0], 0) - head[2]
    if any(left.values()):
        raise BlobError("its segments and its samples do not agree")
    return heads, runs


def _segment(head: tuple[int, ...], steps: Steps) -> Segment:
    channel, place, _count, at_mono_ns, at_utc_ns = head
    if place >= len(VALIDITIES):
        raise BlobError("unknown validity")
    return Segment(channel=channel, validity=VALIDITIES[place], at_mono_ns=at_mono_ns, at_utc_ns=at_utc_ns, steps=steps)
