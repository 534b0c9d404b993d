"""The device's side of a connection that the device itself makes: a simulated device that calls a listening port.

As every served line it fails for nobody: what cannot be sent is lost, and it calls again until somebody listens.
"""

from __future__ import annotations

import math
import select
import socket
import time

from devices.transports.line import LineError
from devices.transports.tcp import CHUNK, CONNECT_TIMEOUT_S, PREFIX, WRITE_TIMEOUT_S, host_and_port

CALL_PREFIX = "tcp-connect:"
RETRY_S = 1.0


class TcpCaller:
    """A client of HOST:PORT (``ServedLine``). Raises LineError for an address that is not "tcp-connect:HOST:PORT"."""

    def __init__(self, port: str) -> None:
        if not port.startswith(CALL_PREFIX):
            raise LineError(f"{port} is no port to call: write tcp-connect:HOST:PORT")
        self._where = host_and_port(PREFIX + port.removeprefix(CALL_PREFIX))
        self.name = port
        self._line: socket.socket | None = None
        self._called_at_s = -math.inf

    def open(self) -> None:
        """Calls for the first time. Nobody there is no error."""
        self._call()

    def read(self, timeout_s: float) -> bytes:
        """What the listener sent; calls again if it is not there, and then waits no longer than ``timeout_s``."""
        if self._line is None and time.monotonic() - self._called_at_s >= RETRY_S:
            self._call()
        if self._line is None:
            time.sleep(timeout_s)
            return b""
        ready, _, _ = select.select([self._line], [], [], timeout_s)
        return self._take(self._line) if ready else b""

    def write(self, data: bytes) -> None:
        if self._line is None:
            return
        try:
            self._line.sendall(data)
        except OSError:
            self.close()

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _call(self) -> None:
        self._called_at_s = time.monotonic()
        try:
            self._line = socket.create_connection(self._where, CONNECT_TIMEOUT_S)
        except OSError:
            return
        self._line.settimeout(WRITE_TIMEOUT_S)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _take(self, line: socket.socket) -> bytes:
        try:
            data = line.recv(CHUNK)
        except OSError:
            data = b""
        if not data:
            self.close()
        return data
