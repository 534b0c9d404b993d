"""How a run of int16 steps is made small and comes back to the bit. Knows numbers; knows no time, channel or database.

A run is coded by pcodec, whose standalone format tells its own length and kind of number and is read by every later version of it
(decision 0022). Runs that earlier versions of this program deflated are still read: their differences (of the first or second order,
modulo 2^16) were folded so that small ones of either sign are small (zigzag), and parted into low and high bytes. Where nothing is
gained the steps stand as they are.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pcodec import ChunkConfig, DeltaSpec, ModeSpec, standalone

from storage.quick_deflate import Broken, raw_inflater

Steps: TypeAlias = NDArray[np.int16]

PLAIN, CODEC = 0, 3
"""Codes: not coded; pcodec. 1 and 2 are the orders of differences that were deflated."""
MOST_STEPS = 1 << 26
"""More in one run is a lie: 37 hours of 500 Hz."""
_DEFLATED = frozenset({1, 2})
_CHOSEN = ChunkConfig(compression_level=6, mode_spec=ModeSpec.classic(), delta_spec=DeltaSpec.auto())


class CodeError(ValueError):
    """The bytes are not what they are said to be."""


def encode(steps: Steps) -> tuple[int, bytes]:
    """The code and the bytes of a run, shape (n,)."""
    coded: bytes = standalone.simple_compress(np.ascontiguousarray(steps, np.int16), _CHOSEN)
    return (CODEC, coded) if len(coded) < 2 * len(steps) else (PLAIN, np.ascontiguousarray(steps, "<i2").tobytes())


def decode(code: int, coded: bytes | memoryview, count: int) -> Steps:
    """The run of ``count`` steps; read-only. Raises CodeError, and takes no more memory than ``count`` says."""
    if count > MOST_STEPS:
        raise CodeError("no such run")
    if code == PLAIN:
        if len(coded) != 2 * count:
            raise CodeError("not as long as it says")
        return np.frombuffer(coded, "<i2").astype(np.int16, copy=False)
    if code == CODEC:
        steps = _decoded(bytes(coded), count)
    elif code in _DEFLATED:
        steps = _summed(_unfolded(_inflated(coded, count)), code)
    else:
        raise CodeError("no such code")
    steps.flags.writeable = False
    return steps


def _decoded(coded: bytes, count: int) -> Steps:
    steps = np.empty(count, np.int16)
    try:
        done = standalone.simple_decompress_into(coded, steps)
    except (RuntimeError, TypeError) as error:
        raise CodeError(str(error)) from error
    if done.n_processed != count or not done.finished:
        raise CodeError("not as long as it says")
    return steps


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


def _summed(steps: Steps, order: int) -> Steps:
    total = steps.astype(np.int32)  # summed quicker than int16; the low bits are the same
    for _ in range(order):
        np.cumsum(total, out=total)
    steps[:] = total
    return steps
