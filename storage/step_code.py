"""How a run of int16 steps is made small and comes back to the bit. Knows numbers; knows no time, channel or database.

Differences (of the first or second order, modulo 2^16) are folded so that small ones of either sign are small (zigzag), parted into
low and high bytes, and deflated: the high bytes of a smooth signal are nearly all zero. Which order and which strategy is found on
the first samples. Where nothing is gained the steps stand as they are.
"""

from __future__ import annotations

import zlib
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from storage.quick_deflate import Broken, raw_inflater

Steps: TypeAlias = NDArray[np.int16]

PLAIN = 0
"""The order that says: not coded."""
MOST_STEPS = 1 << 26
"""More in one run is a lie: 37 hours of 500 Hz."""
_WAYS = ((1, zlib.Z_DEFAULT_STRATEGY), (2, zlib.Z_RLE))
_TRIED = 2048
_WORTH = 0.85


class CodeError(ValueError):
    """The bytes are not what they are said to be."""


def encode(steps: Steps) -> tuple[int, bytes]:
    """The order and the bytes of a run, shape (n,)."""
    tried = steps[:_TRIED]
    sizes = [len(_deflated(tried, *way)) for way in _WAYS]
    if min(sizes) > _WORTH * 2 * len(tried):
        return PLAIN, np.ascontiguousarray(steps, "<i2").tobytes()
    order, strategy = _WAYS[sizes.index(min(sizes))]
    coded = _deflated(steps, order, strategy)
    return (order, coded) if len(coded) < 2 * len(steps) else (PLAIN, np.ascontiguousarray(steps, "<i2").tobytes())


def decode(order: int, coded: bytes | memoryview, count: int) -> Steps:
    """The run of ``count`` steps; read-only. Raises CodeError, and takes no more memory than ``count`` says."""
    if count > MOST_STEPS or order not in {PLAIN, 1, 2}:
        raise CodeError("no such code")
    if order == PLAIN:
        if len(coded) != 2 * count:
            raise CodeError("not as long as it says")
        return np.frombuffer(coded, "<i2").astype(np.int16, copy=False)
    steps = _unfolded(_inflated(coded, count))
    total = steps.astype(np.int32)  # summed quicker than int16; the low bits are the same
    for _ in range(order):
        np.cumsum(total, out=total)
    steps[:] = total
    steps.flags.writeable = False
    return steps


def _deflated(steps: Steps, order: int, strategy: int) -> bytes:
    rest = steps.astype(np.int16)
    for _ in range(order):
        rest[1:] -= rest[:-1].copy()
    folded = ((rest << 1) ^ (rest >> 15)).view(np.uint16)
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, 9, strategy)
    parted = (folded & 0xFF).astype(np.uint8), (folded >> 8).astype(np.uint8)
    return b"".join((packer.compress(parted[0].data), packer.compress(parted[1].data), packer.flush()))


def _inflated(coded: bytes | memoryview, count: int) -> NDArray[np.uint16]:
    unpacker = raw_inflater()
    try:
        raw = unpacker.decompress(coded, 2 * count + 1)  # one more than there is, to come to the end
    except Broken as error:
        raise CodeError(str(error)) from error
    if len(raw) != 2 * count or not unpacker.eof or unpacker.unused_data:
        raise CodeError("not as long as it says")
    low, high = np.frombuffer(raw, np.uint8, count), np.frombuffer(raw, np.uint8, count, count)
    folded = high.astype(np.uint16)
    folded <<= 8
    folded |= low
    return folded


def _unfolded(folded: NDArray[np.uint16]) -> Steps:
    """Small numbers of either sign again, in the same memory: new memory costs more than the sum."""
    signs = folded & 1
    np.negative(signs, out=signs)
    folded >>= 1
    folded ^= signs
    return folded.view(np.int16)
