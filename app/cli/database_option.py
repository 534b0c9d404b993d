"""The option that every command takes, and every command below one: which database. Opens none."""

from __future__ import annotations

import argparse


def add_database(parser: argparse.ArgumentParser, default: str | None = argparse.SUPPRESS) -> None:
    """``--database``. Left out, a value that was given before the command is kept."""
    parser.add_argument(
        "--database", metavar="URL", type=_named, default=default, help="SQLAlchemy URL (default: SQLite in the user's data folder)"
    )


def _named(text: str) -> str:
    """An empty word is a script's variable that was never set: it must not lead to the user's own record."""
    if not text:
        raise argparse.ArgumentTypeError("is empty; name a database as in sqlite:////full/path/to/file.sqlite, or leave the option out")
    return text
