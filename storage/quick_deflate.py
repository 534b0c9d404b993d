"""Deflate as quickly as this machine can: ISA-L where there is a build of it, else zlib. Knows bytes, and no format of ours.

Either reads what the other wrote. What they write differs by some bytes, so nothing whose bytes must be the same everywhere is
written by it.
"""

from __future__ import annotations

import zlib
from typing import Any

try:
    from isal import isal_zlib
except ImportError:  # no build of it for this kind of machine
    _quick: Any = zlib
else:
    _quick = isal_zlib

_RAW, _GZIP = -15, 31
Broken: type[Exception] = _quick.error
"""What an inflater raises for bytes that are none of deflate's."""


def raw_inflater() -> Any:
    """As ``zlib.decompressobj``, for deflate without a head."""
    return _quick.decompressobj(_RAW)


def gzip_deflater() -> Any:
    """As ``zlib.compressobj``, for a gzip stream without a date, at its quickest."""
    return _quick.compressobj(1, zlib.DEFLATED, _GZIP)
