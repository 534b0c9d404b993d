"""Files that appear whole or not at all: written under another name, made durable, and put into their place in one step."""

from __future__ import annotations

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Returns when the disk has what was written to the file. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def put_in_place(partial: Path, path: Path) -> None:
    """Gives a finished file its name, in the place of whatever had it, and makes both durable. Raises OSError."""
    flush(partial)
    partial.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Makes names in a folder durable, where the system can (Windows cannot, and does it by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
