"""How a case leaves this installation: its version, and the keys that it keeps. A key that cannot be kept is the command's one line."""

from __future__ import annotations

from app.cli.errors import CommandError
from app.kept_key import DEIDENTIFY, SEAL, KeptKeyError, kept_key
from app.version import program_version
from storage.export.case_folder import Terms


def terms_of(*, deidentify: bool) -> Terms:
    """Raises CommandError."""
    try:
        secret = kept_key(DEIDENTIFY) if deidentify else None
        return Terms(program_version=program_version(), secret=secret, seal_key=kept_key(SEAL))
    except KeptKeyError as error:
        raise CommandError(str(error)) from error


def seal_key() -> bytes:
    """The key that seals exports. Raises CommandError."""
    try:
        return kept_key(SEAL)
    except KeptKeyError as error:
        raise CommandError(str(error)) from error
