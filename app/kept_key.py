"""Secrets that this installation keeps for itself: made once, in the user's data folder, readable by this user alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from app.settings import data_folder

SEAL, DEIDENTIFY = "seal.key", "deidentify.key"
KEY_BYTES = 32


class KeptKeyError(Exception):
    """A key cannot be kept or read; the text says which and what to do."""


def kept_key(name: str, folder: Path | None = None) -> bytes:
    """The key of that name; made if it is not there yet. Raises KeptKeyError.

    Two programs that make it at once agree on one: the file is made whole under another name and linked into place.
    """
    path = (folder or data_folder()) / name
    try:
        if not path.exists():
            _make(path)
        return _checked(path, path.read_bytes())
    except OSError as error:
        raise KeptKeyError(f"{path} cannot be kept ({error.strerror or error}): check the folder's permissions") from error


def _make(path: Path) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            new.rename(path) if os.name == "nt" else os.link(new, path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()


def _checked(path: Path, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeptKeyError(f"{path} holds no key of {KEY_BYTES} bytes: put the right one back, or take it away for a new one")
    if os.name != "nt" and path.stat().st_mode & 0o077:
        raise KeptKeyError(f"{path} can be read by others: make it your own (chmod 600)")
    return key
