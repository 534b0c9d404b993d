"""The lowest and highest step in each bucket of time, on levels eight times coarser each, and how a stretch of them lies in a blob.

A bucket is a stretch of the case's monotonic timeline, the same for all channels: bucket k of a level lasts from k × D to (k + 1) × D,
D = ``bucket_ns(level)``. A bucket without samples has ``NO_LOW`` and ``NO_HIGH``, which no merging changes. Knows no database.

Little-endian: 8 bytes (``b"BWO1"``, uint16 number of channels, uint16 zero); for each channel 24 bytes (uint16 channel, uint8 code,
uint8 zero, uint32 number of buckets, uint32 bytes, int64 first bucket, uint32 zero); then for each the lows and after them the highs,
coded as one run (``step_code.py``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from clinical.observations import MISSING_SAMPLE, Validity
from storage.step_code import CodeError, Steps, decode, encode
from storage.waveform_blob import BlobError, Segment

FINEST_NS = 125_000_000
FOLD = 8
LEVELS = 5
"""0.125 s, 1 s, 8 s, 64 s and 512 s."""
NO_LOW, NO_HIGH = 32767, -32768
SHOWN = frozenset({Validity.VALID, Validity.QUESTIONABLE})
_MAGIC = b"BWO1"
_HEAD = struct.Struct("<4sHH")
_CHANNEL = struct.Struct("<HBxIIqI")


def bucket_ns(level: int) -> int:
    """How long a bucket of a level lasts."""
    return FINEST_NS * int(FOLD**level)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extremes:
    """``lows`` and ``highs``, int16 of shape (n,), of the buckets from ``first`` on."""

    first: int
    lows: Steps
    highs: Steps

    @property
    def until(self) -> int:
        return self.first + len(self.lows)


Overview: TypeAlias = dict[int, Extremes]
"""By channel."""


def of_segment(segment: Segment, period_ns: float, wide_ns: float, zero_ns: float = 0) -> Extremes | None:
    """Extremes of one segment in buckets ``wide_ns`` wide, counted from ``zero_ns``; None where it has nothing to show."""
    count = len(segment.steps)
    if not count or segment.validity not in SHOWN:
        return None
    first, width, starts, filled = _places(segment.at_mono_ns - zero_ns, count, period_ns, wide_ns)
    steps = segment.steps
    present = np.where(steps == MISSING_SAMPLE, NO_LOW, steps) if (steps == MISSING_SAMPLE).any() else steps
    lows, highs = _nothing(width)
    lows[filled] = np.minimum.reduceat(present, starts)
    highs[filled] = np.maximum.reduceat(steps, starts)
    return Extremes(first=first, lows=lows, highs=highs)


@lru_cache(maxsize=16)
def _places(begin_ns: float, count: int, period_ns: float, wide_ns: float) -> tuple[int, int, NDArray[np.int64], NDArray[np.int64]]:
    """The first bucket and how many there are, at which sample each begins that has any, and which those are.

    Kept for the next channel: those of a monitor mostly run side by side.
    """
    first, last = int(begin_ns // wide_ns), int((begin_ns + (count - 1) * period_ns) // wide_ns)
    starts = np.ceil((np.arange(first, last + 1) * wide_ns - begin_ns) / period_ns).astype(np.int64)
    starts[0] = 0
    np.minimum(starts, count - 1, out=starts)
    filled = np.flatnonzero(np.append(starts[1:], count) > starts)
    return first, len(starts), starts[filled], filled


def of_segments(segments: Iterable[Segment], period_ns: Mapping[int, float]) -> Overview:
    """The finest level of some samples; ``period_ns`` by channel."""
    parts: dict[int, list[Extremes]] = {}
    for segment in segments:
        extremes = of_segment(segment, period_ns[segment.channel], FINEST_NS)
        if extremes is not None:
            parts.setdefault(segment.channel, []).append(extremes)
    return {channel: joined(found) for channel, found in parts.items()}


def joined(parts: list[Extremes], span: tuple[int, int] | None = None) -> Extremes:
    """All parts in one stretch: of the buckets ``span`` (from, until), or of all they have. At least one part."""
    first, until = span or (min(part.first for part in parts), max(part.until for part in parts))
    lows, highs = _nothing(max(0, until - first))
    for part in parts:
        begin, end = max(first, part.first), min(until, part.until)
        if begin < end:
            here, there = slice(begin - first, end - first), slice(begin - part.first, end - part.first)
            np.minimum(lows[here], part.lows[there], out=lows[here])
            np.maximum(highs[here], part.highs[there], out=highs[here])
    return Extremes(first=first, lows=lows, highs=highs)


def folded(fine: Extremes) -> Extremes:
    """The next coarser level."""
    first = fine.first // FOLD
    before = fine.first - first * FOLD
    count = -(-(before + len(fine.lows)) // FOLD)
    lows, highs = _nothing(count * FOLD)
    lows[before : before + len(fine.lows)] = fine.lows
    highs[before : before + len(fine.highs)] = fine.highs
    return Extremes(first=first, lows=lows.reshape(-1, FOLD).min(axis=1), highs=highs.reshape(-1, FOLD).max(axis=1))


def fold_all(overviews: Iterable[Overview]) -> Overview:
    """Stretches of one level, joined, one level coarser."""
    parts: dict[int, list[Extremes]] = {}
    for overview in overviews:
        for channel, extremes in overview.items():
            parts.setdefault(channel, []).append(folded(extremes))
    return {channel: joined(found) for channel, found in parts.items()}


def pack_overview(overview: Overview) -> bytes:
    heads, bodies = [], []
    for channel, extremes in sorted(overview.items()):
        order, body = encode(np.concatenate((extremes.lows, extremes.highs)))
        heads.append(_CHANNEL.pack(channel, order, len(extremes.lows), len(body), extremes.first, 0))
        bodies.append(body)
    return b"".join((_HEAD.pack(_MAGIC, len(heads), 0), *heads, *bodies))


def unpack_overview(blob: bytes) -> Overview:
    """Raises BlobError where the bytes contradict themselves."""
    if len(blob) < _HEAD.size:
        raise BlobError("shorter than its header")
    magic, count, _ = _HEAD.unpack_from(blob)
    start = _HEAD.size + count * _CHANNEL.size
    if magic != _MAGIC or start > len(blob):
        raise BlobError("no overview")
    found: Overview = {}
    for channel, order, buckets, size, first, _ in _CHANNEL.iter_unpack(blob[_HEAD.size : start]):
        try:
            both = decode(order, memoryview(blob)[start : start + size], 2 * buckets)
        except CodeError as error:
            raise BlobError(str(error)) from error
        found[channel] = Extremes(first=first, lows=both[:buckets], highs=both[buckets:])
        start += size
    if start != len(blob):
        raise BlobError("its length contradicts its header")
    return found


def _nothing(count: int) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    return np.full(count, NO_LOW, np.int16), np.full(count, NO_HIGH, np.int16)
