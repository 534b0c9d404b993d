"""How one second of all waveforms lies in one blob. Knows bytes; knows no database.

Little-endian throughout. A header of 8 bytes: ``b"BWF1"``, uint16 number of segments, uint16 zero. Then for each segment 24
bytes: uint16 channel (its row in ``waveform_channels`` says device, metric, rate and scale), uint8 validity (place in
``VALIDITIES``), uint8 zero, uint32 number of samples, int64 monotonic ns and int64 UTC ns of its first sample. Then the samples
of all segments in that order, int16, in the device's own steps; -32768 where there is none.

Blocks of one channel that follow one another within a hundredth of a sample share a segment.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S
from clinical.observations import Validity, WaveformBlock

VALIDITIES = tuple(Validity)
_MAGIC = b"BWF1"
_HEAD = struct.Struct("<4sHH")
_SEGMENT = struct.Struct("<HBxIqq")
_PLACES = {validity: place for place, validity in enumerate(VALIDITIES)}


class BlobError(ValueError):
    """The bytes are no waveform blob, or not all of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of samples of one channel, on the case's timeline; ``steps`` is int16, shape (n,), read-only."""

    channel: int
    validity: Validity
    at_mono_ns: int
    at_utc_ns: int
    steps: NDArray[np.int16]


class _Run:
    """A segment being put together."""

    __slots__ = ("at_mono_ns", "at_utc_ns", "channel", "count", "parts", "period_ns", "validity")

    def __init__(self, channel: int, block: WaveformBlock, shift_ns: int) -> None:
        self.channel = channel
        self.validity = block.validity
        self.at_mono_ns = block.at.monotonic_ns + shift_ns
        self.at_utc_ns = block.at.utc_ns
        self.period_ns = NS_PER_S / block.rate_hz
        self.count = 0
        self.parts: list[NDArray[np.int16]] = []

    def goes_on_with(self, block: WaveformBlock, shift_ns: int) -> bool:
        span_ns = self.count * self.period_ns
        near_ns = self.period_ns / 100
        return (
            block.validity is self.validity
            and abs(block.at.monotonic_ns + shift_ns - self.at_mono_ns - span_ns) <= near_ns
            and abs(block.at.utc_ns - self.at_utc_ns - span_ns) <= near_ns
        )

    def add(self, steps: NDArray[np.int16]) -> None:
        self.count += len(steps)
        self.parts.append(np.ascontiguousarray(steps, "<i2"))

    @property
    def head(self) -> bytes:
        return _SEGMENT.pack(self.channel, _PLACES[self.validity], self.count, self.at_mono_ns, self.at_utc_ns)

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
        if run is None or not run.goes_on_with(block, shift_ns):
            run = latest[channel] = _Run(channel, block, shift_ns)
            runs.append(run)
        run.add(block.steps)
    first = min(runs, key=lambda run: run.at_mono_ns)
    head = _HEAD.pack(_MAGIC, len(runs), 0)
    samples = (part.data for run in runs for part in run.parts)
    return Packed(
        at_utc_ns=first.at_utc_ns,
        at_mono_ns=first.at_mono_ns,
        until_mono_ns=max(run.until_mono_ns for run in runs),
        blob=b"".join((head, *(run.head for run in runs), *samples)),
    )


Head: TypeAlias = tuple[int, int, int, int, int]
"""Of a segment: channel, place of its validity in ``VALIDITIES``, number of samples, monotonic ns and UTC ns of its first sample."""


def split(blob: bytes) -> tuple[list[Head], NDArray[np.int16]]:
    """The heads of a blob and all its samples, in the order of the heads. Raises BlobError where the bytes contradict themselves."""
    if len(blob) < _HEAD.size:
        raise BlobError("shorter than its header")
    magic, count, _ = _HEAD.unpack_from(blob)
    start = _HEAD.size + count * _SEGMENT.size
    if magic != _MAGIC or start > len(blob):
        raise BlobError("no waveform blob")
    heads: list[Head] = list(_SEGMENT.iter_unpack(blob[_HEAD.size : start]))
    if start + 2 * sum(head[2] for head in heads) != len(blob):
        raise BlobError("its length contradicts its header")
    if any(head[1] >= len(VALIDITIES) for head in heads):
        raise BlobError("unknown validity")
    return heads, np.frombuffer(blob, dtype="<i2", offset=start)


def unpack(blob: bytes) -> Iterator[Segment]:
    """The segments of a blob. Raises BlobError where the bytes contradict themselves."""
    heads, samples = split(blob)
    start = 0
    for channel, place, length, at_mono_ns, at_utc_ns in heads:
        steps = samples[start : start + length]
        start += length
        yield Segment(
            channel=channel,
            validity=VALIDITIES[place],
            at_mono_ns=at_mono_ns,
            at_utc_ns=at_utc_ns,
            steps=steps.astype(np.int16, copy=False),
        )
