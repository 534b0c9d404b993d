"""Datagrams to and from one device as a line. A client only: what others send to its port is not heard.

One ``read`` gives one datagram, one ``write`` sends one. Datagrams may be lost or come twice; a protocol on such a line bears it.
"""

from __future__ import annotations

import socket

from devices.transports.line import LineError
from devices.transports.tcp import host_and_port

PREFIX = "udp:"
LONGEST = 65_535
_EXAMPLE = "udp:HOST:PORT, as in udp:10.0.0.5:24105"


class UdpLine:
    """Datagrams to and from HOST:PORT (``Line``). Raises LineError for an address of another form."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._where = host_and_port(address, PREFIX, _EXAMPLE)
        self._socket: socket.socket | None = None

    @property
    def name(self) -> str:
        return self._address

    def open(self) -> None:
        """Binds a free port for this device alone; says nothing to it. Raises LineError where its network cannot be reached."""
        self.close()
        try:
            family, kind, _, _, where = socket.getaddrinfo(*self._where, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind)
            self._socket.connect(where)
        except OSError as error:
            self.close()
            raise LineError(self._why_not_opened(error)) from error

    def read(self, timeout_s: float) -> bytes:
        """The next datagram, after at most ``timeout_s``. Raises LineError when the other computer says that nobody listens there."""
        line = self._opened()
        try:
            line.settimeout(timeout_s)
            return line.recv(LONGEST)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise LineError(self._why_lost(error)) from error

    def write(self, data: bytes) -> None:
        """Sends one datagram. A full send buffer loses it, as the network may."""
        line = self._opened()
        try:
            line.settimeout(0)
            line.send(data)
        except BlockingIOError:
            return
        except OSError as error:
            raise LineError(self._why_lost(error)) from error

    def close(self) -> None:
        line, self._socket = self._socket, None
        if line is not None:
            line.close()

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise LineError(f"{self._address} is not open")
        return self._socket

    def _why_not_opened(self, error: OSError) -> str:
        if isinstance(error, socket.gaierror):
            return f"{self._address}: no such host: check the name"
        return f"{self._address} cannot be reached: {error.strerror or error}"

    def _why_lost(self, error: OSError) -> str:
        if isinstance(error, ConnectionRefusedError | ConnectionResetError):
            return f"{self._address}: nobody listens there: is the device's network output on, and the port number right?"
        return f"{self._address} was lost: {error.strerror or error}"
