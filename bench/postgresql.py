"""A PostgreSQL server of our own in a folder that is thrown away, from the programs that the system has; it never runs as root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"
SETTINGS = {
    "fsync": "off",  # the folder is thrown away; what is measured is not the disk
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
    "log_min_messages": "fatal",
}


class NoServerError(Exception):
    """There is no PostgreSQL here; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateServer:
    """A running server. ``stop`` and ``start`` keep what it holds; ``kill`` ends it as a loss of power would, its memory aside."""

    programs: Path
    folder: Path
    port: int

    def url(self, database: str = "postgres", *, port: int | None = None) -> str:
        """The address for Bedside; ``port``: of a proxy before it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{port or self.port}/{database}"

    def make(self, database: str) -> str:
        """A new empty database, in the place of one of that name; its address."""
        for sql in (f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)', f'CREATE DATABASE "{database}"'):
            self._psql(sql)
        return self.url(database)

    def make_schema(self, name: str) -> str:
        """A new empty part of the first database, made more quickly than one of its own; its address."""
        self._psql(f'CREATE SCHEMA "{name}"')
        return self.in_schema(name)

    def in_schema(self, name: str, *, port: int | None = None) -> str:
        """Its address; ``port``: of a proxy before the server."""
        return f"{self.url(port=port)}?options=-csearch_path%3D{name}"

    def start(self, **settings: str) -> None:
        """Raises CalledProcessError."""
        words = [f"-c {name}='{value}'" for name, value in (SETTINGS | settings).items()]
        self._ctl("start", "-w", "-l", str(self.folder / "log"), "-o", f"-p {self.port} {' '.join(words)}")

    def stop(self) -> None:
        self._ctl("stop", "-m", "fast", "-w")

    def kill(self) -> None:
        """Ends every process of it at once, without a word to anybody."""
        self._ctl("stop", "-m", "immediate", "-w")

    def _psql(self, sql: str) -> None:
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres", "-qXc", sql]
        _run(self.programs / "psql", *words)

    def _ctl(self, *words: str) -> None:
        _run(self.programs / "pg_ctl", "-D", str(self.folder / "data"), *words)


def programs() -> Path:
    """The folder of ``initdb``. Raises NoServerError."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    if not places:
        raise NoServerError("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")
    return places[-1].parent


@contextmanager
def private_server(**settings: str) -> Iterator[PrivateServer]:
    """A server with nothing in it, ended when done. Raises NoServerError where there is none to be had."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="bedside-postgresql-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        _run(found / "initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        server = PrivateServer(programs=found, folder=folder, port=_free_port())
        server.start(**settings)
        try:
            yield server
        finally:
            with suppress(NoServerError):  # it was ended already
                server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(program: Path, *words: str) -> None:
    """As a user without rights where we are root, whom PostgreSQL refuses."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    extra = {"user": user, "group": _group(), "extra_groups": []} if user else {}
    done = subprocess.run([program, *words], cwd="/", text=True, check=False, **quiet, **extra)  # type: ignore[call-overload]
    if done.returncode:
        raise NoServerError(f"{program.name} failed: {done.stderr.strip()[-300:]}")


def _group() -> int:
    import pwd

    return pwd.getpwnam(UNPRIVILEGED).pw_gid
