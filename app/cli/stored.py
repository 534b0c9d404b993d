"""What the commands about stored cases have in common: a store's complaint becomes the command's one line, and of them one writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.cli.errors import CommandError
from app.supervision import AlreadyRunning, OneCore
from storage.errors import StoreError


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turns a StoreError raised inside into a CommandError."""
    try:
        yield
    except StoreError as error:
        raise CommandError(str(error)) from error


def tell_beside(why: str) -> None:
    """What does not belong to a command's result, and ends nothing."""
    print(why, file=sys.stderr)


@contextmanager
def only_writer(address: str) -> Iterator[None]:
    """Of all programs one writes into a database: nobody else does while this lasts. Raises CommandError if somebody does."""
    lock = OneCore(address)
    try:
        lock.take()
        yield
    except AlreadyRunning as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"the lock of {address} cannot be taken ({error.strerror or error}): check the folder") from error
    finally:
        lock.let_go()
