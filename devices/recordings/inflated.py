"""How large a gzip file becomes: asked before a library takes it into memory whole."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from pathlib import Path

from devices.recordings.recording import RecordingError

_AT_ONCE = 1 << 20


def require_inflated_within(path: Path, largest: int) -> None:
    """Raises RecordingError for a file that becomes larger than that; holds a megabyte of it at a time. Damage is the reader's to tell."""
    size = 0
    with suppress(OSError, EOFError, zlib.error), gzip.open(path, "rb") as file:
        while part := file.read(_AT_ONCE):
            size += len(part)
            if size > largest:
                raise RecordingError(f"{path.name} becomes larger than {largest >> 20} MB; cut it into pieces")
