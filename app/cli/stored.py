"""What the commands about stored cases have in common: a store's complaint becomes the command's one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.errors import CommandError
from storage.errors import StoreError


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turns a StoreError raised inside into a CommandError."""
    try:
        yield
    except StoreError as error:
        raise CommandError(str(error)) from error
