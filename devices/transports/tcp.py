"""A TCP connection to a device or a serial server as a line. A client only: it never listens."""

from __future__ import annotations

import math
import socket
import time

from devices.transports.line import LineError

PREFIX = "tcp:"
CONNECT_TIMEOUT_S = 3.0
WRITE_TIMEOUT_S = 1.0
GATHER_S = 0.010
CHUNK = 65_536

KEEPALIVE = (("TCP_KEEPIDLE", 5), ("TCP_KEEPALIVE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 12_000))
"""Seconds, seconds, seconds, tries, milliseconds. A serial server that lost its power says nothing: without these its line
would look silent for two hours. Each platform has some of them."""


def host_and_port(address: str, prefix: str = PREFIX, example: str = "tcp:HOST:PORT, as in tcp:10.0.0.5:4001") -> tuple[str, int]:
    """The parts of "tcp:HOST:PORT"; an IPv6 host may stand in brackets. Raises LineError for anything else."""
    host, colon, port = address.removeprefix(prefix).rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (address.startswith(prefix) and colon and host and port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise LineError(f"{address} is no address of a device on the network: write {example}")
    return host, int(port)


class TcpLine:
    """A connection to HOST:PORT (``Line``). Raises LineError for an address of another form."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._where = host_and_port(address)
        self._socket: socket.socket | None = None
        self._taken_at_s = -math.inf

    @property
    def name(self) -> str:
        return self._address

    def open(self) -> None:
        """Connects within three seconds. Raises LineError."""
        self.close()
        try:
            self._socket = socket.create_connection(self._where, CONNECT_TIMEOUT_S)
            keep_alive(self._socket)
        except OSError as error:
            self.close()
            raise LineError(self._why_not_opened(error)) from error

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, after at most ``timeout_s``. Raises LineError when the other side closed or cannot be reached."""
        line = self._opened()
        try:
            line.settimeout(timeout_s)
            if timeout_s > 0 and line.recv(1, socket.MSG_PEEK):
                time.sleep(max(0.0, self._taken_at_s + GATHER_S - time.monotonic()))
            data = line.recv(CHUNK)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise LineError(f"{self._address} was lost: {error.strerror or error}") from error
        if not data:
            raise LineError(f"{self._address} was closed by the other side")
        self._taken_at_s = time.monotonic()
        return data

    def write(self, data: bytes) -> None:
        line = self._opened()
        try:
            line.settimeout(WRITE_TIMEOUT_S)
            line.sendall(data)
        except OSError as error:
            raise LineError(f"{self._address} takes no more bytes: {error.strerror or error}") from error

    def close(self) -> None:
        line, self._socket = self._socket, None
        if line is not None:
            line.close()

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise LineError(f"{self._address} is not open")
        return self._socket

    def _why_not_opened(self, error: OSError) -> str:
        if isinstance(error, ConnectionRefusedError):
            return f"{self._address} refused the connection: is the device's network output on, and the port number right?"
        if isinstance(error, TimeoutError):
            return f"{self._address} does not answer: is it on, and on this network?"
        if isinstance(error, socket.gaierror):
            return f"{self._address}: no such host: check the name"
        return f"{self._address} cannot be reached: {error.strerror or error}"


def keep_alive(line: socket.socket) -> None:
    """Lets a connection notice that its other side is gone."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, value in KEEPALIVE:
        if hasattr(socket, option):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
