"""A disk that fails when it is told to: a C library preloaded into a process, built with the system's own compiler, and what steers it.

For Linux with a C compiler; elsewhere ``built`` raises NoCompilerError with the reason. It stands below SQLite: what the database
does about a failed write is its own doing and no test's.
"""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("failing_disk.c")
_FIELDS = struct.Struct("8q")
_FIRST, _MANY, _ERROR, _WRITES, _FAILED, _SINCE_NS = range(6)


class NoCompilerError(Exception):
    """Such a disk cannot be made here; the text says why."""


def built(folder: Path) -> Path:
    """The library, in a folder. Raises NoCompilerError."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not sys.platform.startswith("linux") or compiler is None:
        raise NoCompilerError("a failing disk needs Linux and a C compiler (cc)")
    library = folder / "failing_disk.so"
    line = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(SOURCE), "-ldl"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoCompilerError(f"{compiler} does not build {SOURCE.name}: {done.stderr.strip().splitlines()[-1:]}")
    return library


class Disk:
    """What steers the failures of one database's files, from any process."""

    def __init__(self, control: Path, *, new: bool = False) -> None:
        """``control``: a file that all processes share; ``new``: makes it."""
        self._path = control
        if new:
            control.write_bytes(bytes(_FIELDS.size))
        with control.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _FIELDS.size)

    def environment(self, library: Path, database: Path) -> dict[str, str]:
        """For a process whose writes to ``database``, and to what SQLite keeps beside it, are to fail."""
        return {"LD_PRELOAD": str(library), "FAILING_DISK_CONTROL": str(self._path), "FAILING_DISK_FILE": str(database)}

    def fail(self, error: int, *, first: int = 0, many: int = -1) -> None:
        """The ``first``-th write from now on (1: the next) and so many after it fail with this errno; -1: all, until ``heal``."""
        self._set(_MANY, many)
        self._set(_ERROR, error)
        self._set(_FAILED, 0)
        self._set(_SINCE_NS, 0)
        self._set(_FIRST, self.writes + max(first, 1))

    def heal(self) -> None:
        """Writes succeed again."""
        self._set(_FIRST, 0)

    @property
    def writes(self) -> int:
        """So far."""
        return self._get(_WRITES)

    @property
    def failed(self) -> int:
        """Of them, since ``fail``."""
        return self._get(_FAILED)

    @property
    def since_ns(self) -> int:
        """When the first one failed, by CLOCK_MONOTONIC."""
        return self._get(_SINCE_NS)

    def _get(self, field: int) -> int:
        return int(struct.unpack_from("q", self._shared, field * 8)[0])

    def _set(self, field: int, value: int) -> None:
        struct.pack_into("q", self._shared, field * 8, value)
