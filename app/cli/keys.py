"""The keys of this installation for a command: one that cannot be kept is the command's one line."""

from __future__ import annotations

from app import exporting
from app.cli.errors import CommandError
from app.kept_key import SEAL, KeptKeyError, kept_key
from storage.export.case_folder import Terms


def terms_of(*, deidentify: bool) -> Terms:
    """How a case leaves. Raises CommandError."""
    try:
        return exporting.terms_of(deidentify=deidentify)
    except KeptKeyError as error:
        raise CommandError(str(error)) from error


def seal_key() -> bytes:
    """The key that seals exports. Raises CommandError."""
    try:
        return kept_key(SEAL)
    except KeptKeyError as error:
        raise CommandError(str(error)) from error
