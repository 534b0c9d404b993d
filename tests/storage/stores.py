"""Which database the made cases of a test lie in: a file of SQLite, or one of a PostgreSQL server that the path gives its name."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from pathlib import Path

from bench.postgresql import PrivateServer

SERVER: ContextVar[PrivateServer | None] = ContextVar("SERVER", default=None)
"""The server that takes the place of files; None: files."""
_MADE: dict[str, str] = {}


def address_of(path: Path) -> str:
    """The database for a path; on a server one is made when it is first asked for."""
    server = SERVER.get()
    if server is None:
        return f"sqlite:///{path}"
    name = "at_" + hashlib.sha256(f"{server.port} {path}".encode()).hexdigest()[:20]
    if name not in _MADE:
        _MADE[name] = server.make_schema(name)
    return _MADE[name]
