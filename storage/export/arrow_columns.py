"""Columns of Arrow made of what stands in memory already. Knows pyarrow, which has no types; knows no case and no file.

``pyarrow.array`` would import pandas to ask whether it was given one of its frames: longer than a whole export takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def numbers(pa: Any, values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> Any:
    """A column of the array's own type, shape (n,); null where ``missing``."""
    kept = np.ascontiguousarray(values)
    body = np.packbits(kept, bitorder="little") if kept.dtype == bool else kept
    return pa.Array.from_buffers(pa.from_numpy_dtype(kept.dtype), len(kept), [_there(pa, missing), pa.py_buffer(body)])


def texts(pa: Any, words: Sequence[str], missing: NDArray[np.bool_] | None = None) -> Any:
    """A column of strings; null where ``missing``."""
    coded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, coded)], dtype=np.int64)
    buffers = [_there(pa, missing), pa.py_buffer(ends), pa.py_buffer(b"".join(coded))]
    return pa.Array.from_buffers(pa.large_string(), len(coded), buffers).cast(pa.string())


def _there(pa: Any, missing: NDArray[np.bool_] | None) -> Any:
    return None if missing is None or not missing.any() else pa.py_buffer(np.packbits(~missing, bitorder="little"))


def moments(pa: Any, utc_ns: NDArray[np.int64], missing: NDArray[np.bool_] | None = None) -> Any:
    """Moments to the nanosecond, UTC."""
    return numbers(pa, utc_ns, missing).cast(pa.timestamp("ns", "UTC"))


def named(pa: Any, places: NDArray[np.int32], words: Sequence[str]) -> Any:
    """A column that says few different words often: ``places`` in ``words``, of which some may be alike."""
    known = {word: place for place, word in enumerate(dict.fromkeys(words))}
    same = np.array([known[word] for word in words], np.int32)
    return pa.DictionaryArray.from_arrays(numbers(pa, same[places]), texts(pa, list(known)))
