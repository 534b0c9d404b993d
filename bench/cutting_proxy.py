"""A network that fails: passes bytes between a client and a server and cuts the connection where it is told to, at any byte."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum


class Cut(Enum):
    """Where a connection is cut."""

    NEVER = "never"
    TO_SERVER = "on the way to the server"
    TO_CLIENT = "on the way back"
    BEFORE_ANSWER = "after COMMIT was sent, before its answer came"


@dataclass(frozen=True, slots=True)
class Fate:
    """How one connection ends: after so many bytes in that direction, or at the n-th COMMIT."""

    cut: Cut
    after: int = 0


def fates(seed: int, *, share: float = 1.0) -> Iterator[Fate]:
    """Random ones without an end; ``share`` of the connections are cut."""
    chance = random.Random(seed)
    while True:
        cut = chance.choice([Cut.TO_SERVER, Cut.TO_CLIENT, Cut.BEFORE_ANSWER]) if chance.random() < share else Cut.NEVER
        yield Fate(cut, chance.randint(2, 7) if cut is Cut.BEFORE_ANSWER else int(10 ** chance.uniform(1, 5)))


class CuttingProxy:
    """Listens on ``port``. Change ``fate`` at any time: it is asked at each new connection. ``cuts`` counts what was cut, by kind."""

    def __init__(self, server_port: int, fate: Callable[[], Fate]) -> None:
        self._server_port = server_port
        self.fate = fate
        self.cuts = dict.fromkeys(Cut, 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Everything that is connected now."""
        for end in list(self._open):
            _end(end)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server_port), timeout=5)
                except OSError:
                    _end(client)
                    continue
                server.settimeout(None)
                _Passing(self, client, server, self.fate())

    def passing(self, *ends: socket.socket) -> None:
        self._open.update(ends)

    def passed(self, *ends: socket.socket) -> None:
        self._open.difference_update(ends)


class _Passing:
    """One connection, in two threads."""

    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket, fate: Fate) -> None:
        self._proxy, self._client, self._server, self._fate = proxy, client, server, fate
        self._commits = 0
        self._deaf = False
        proxy.passing(client, server)
        for source, sink, cut in ((client, server, Cut.TO_SERVER), (server, client, Cut.TO_CLIENT)):
            threading.Thread(target=self._pass, args=(source, sink, cut), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, way: Cut) -> None:
        passed = 0
        with suppress(OSError):
            while data := source.recv(65536):
                if way is Cut.TO_CLIENT and self._deaf:
                    self._note(Cut.BEFORE_ANSWER)
                    break
                if self._fate.cut is way and passed + len(data) >= self._fate.after:
                    sink.sendall(data[: self._fate.after - passed])
                    self._note(way)
                    break
                if way is Cut.TO_SERVER and self._fate.cut is Cut.BEFORE_ANSWER and b"COMMIT" in data:
                    self._commits += 1
                    self._deaf = self._commits >= self._fate.after  # before it is passed on, so that the answer finds nobody
                sink.sendall(data)
                passed += len(data)
        for end in (self._client, self._server):
            _end(end)
        self._proxy.passed(self._client, self._server)

    def _note(self, way: Cut) -> None:
        self._proxy.cuts[way] += 1


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def cutting_proxy(server_port: int, fate: Callable[[], Fate]) -> Iterator[CuttingProxy]:
    """Listens until done."""
    proxy = CuttingProxy(server_port, fate)
    try:
        yield proxy
    finally:
        proxy.close()
