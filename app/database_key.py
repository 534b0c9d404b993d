"""The key of an encrypted database: from the passphrase of whoever starts the program, or from the system's keyring, into the environment.

The key is Argon2id of the passphrase with the file's own salt. It never stands on a command line, in a file of this program or in a log.
The processes that this one starts inherit it.
"""

from __future__ import annotations

import getpass
import importlib
import os
import secrets
import sys
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Protocol as Interface
from typing import cast

KEY_VARIABLE = "BEDSIDE_DATABASE_KEY"
FILE_VARIABLE = "BEDSIDE_PASSPHRASE_FILE"
SCHEME = "sqlite+sqlcipher:///"
SERVICE = "bedside database"
SALT_BYTES, KEY_BYTES = 16, 32
SHORTEST = 10
"""Letters of a new passphrase. A proposal, to be confirmed by your site."""
TIME_COST, MEMORY_KIB, LANES = 3, 64 * 1024, 4
"""RFC 9106's second recommended choice of Argon2id."""

Ask = Callable[[str], str]
"""Given a question: what was typed, unseen. Raises DatabaseKeyError where nobody can be asked."""


class DatabaseKeyError(Exception):
    """The key cannot be had; the text says why and what to do."""


class Keyring(Interface):
    """The system's place for secrets; entries are named by service and user name."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, secret: str) -> None: ...


def unlock(
    database: str, *, ask: Ask | None = None, keyring: Keyring | None = None, environment: MutableMapping[str, str] = os.environ
) -> None:
    """Has the key of an encrypted database at hand; of any other, and where it is at hand already, does nothing.

    A new database gets the passphrase that is typed twice. Raises DatabaseKeyError.

    Args:
        database: SQLAlchemy URL.
        ask: asks for the passphrase (default: on the terminal, or the file that BEDSIDE_PASSPHRASE_FILE names).
        keyring: where a key may be kept (default: the system's, if there is one).
        environment: of this process.
    """
    if not database.startswith(SCHEME) or KEY_VARIABLE in environment:
        return
    path = Path(database.removeprefix(SCHEME))
    ring, asking = (system_keyring() if keyring is None else keyring), ask or passphrase_asked(environment)
    salt = _salt_of(path)
    kept = None if salt is None or ring is None else ring.get(salt.hex())
    if kept is None:
        new = salt is None
        salt = salt or secrets.token_bytes(SALT_BYTES)
        kept = _derived(_new_passphrase(path, asking) if new else asking(f"Passphrase of {path}: "), salt)
        if ring is not None and new:
            ring.put(salt.hex(), kept)
    environment[KEY_VARIABLE] = kept


def _new_passphrase(path: Path, ask: Ask) -> str:
    """Whoever loses it, and the keyring with it, has lost every case and every backup."""
    first = ask(f"New passphrase of {path} (keep it safe: without it nothing can be read): ")
    if len(first) < SHORTEST:
        raise DatabaseKeyError(f"a passphrase has at least {SHORTEST} letters: choose a longer one")
    if ask("The same again: ") != first:
        raise DatabaseKeyError("the two passphrases differ: nothing was made")
    return first


def _derived(passphrase: str, salt: bytes) -> str:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 (only where a database is encrypted)

    key = hash_secret_raw(passphrase.encode(), salt, TIME_COST, MEMORY_KIB, LANES, KEY_BYTES, Type.ID)
    return (key + salt).hex()


def _salt_of(path: Path) -> bytes | None:
    """The first bytes of an encrypted file; None where there is no file yet. One in plain SQLite is told by whoever opens it."""
    try:
        with path.open("rb") as file:
            return file.read(SALT_BYTES) or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DatabaseKeyError(f"{path} cannot be read ({error.strerror or error}): check its permissions") from error


def passphrase_asked(environment: MutableMapping[str, str]) -> Ask:
    """From the file that the environment names, which only this user may read; else on the terminal."""
    named = environment.get(FILE_VARIABLE)
    if named is not None:
        return lambda _question: _from_file(Path(named))
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass
    return _nobody_asked


def can_be_asked(environment: MutableMapping[str, str] = os.environ) -> bool:
    """Whether there is a file with the passphrase, or a terminal to ask on."""
    return FILE_VARIABLE in environment or (sys.stdin is not None and sys.stdin.isatty())


def _from_file(path: Path) -> str:
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise DatabaseKeyError(f"{path} can be read by others: make it your own (chmod 600)")
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatabaseKeyError(f"{path} cannot be read as a passphrase ({error})") from error


def _nobody_asked(_question: str) -> str:
    raise DatabaseKeyError(
        f"the database is encrypted and nobody can be asked for its passphrase: start from a terminal, or name a file by {FILE_VARIABLE}"
    )


def system_keyring() -> Keyring | None:
    """The one of this user's session; None where there is none, or the package is not installed."""
    try:
        package = importlib.import_module("keyring")
        errors = importlib.import_module("keyring.errors")
    except ImportError:
        return None
    if getattr(package.get_keyring(), "priority", 0) <= 0:  # what the package falls back on where the system has none
        return None
    return _System(package, cast("type[Exception]", errors.KeyringError))


class _System:
    """A keyring that is locked or fails is as good as none: the passphrase is asked for."""

    def __init__(self, package: object, error: type[Exception]) -> None:
        self._package = package
        self._error = error

    def get(self, name: str) -> str | None:
        try:
            return cast("str | None", self._package.get_password(SERVICE, name))  # type: ignore[attr-defined]
        except self._error:
            return None

    def put(self, name: str, secret: str) -> None:
        try:
            self._package.set_password(SERVICE, name, secret)  # type: ignore[attr-defined]
        except self._error:
            return
