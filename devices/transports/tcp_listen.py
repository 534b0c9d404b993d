"""A TCP port of this computer to which a device connects, as a line. The only place that lets another computer in.

Nothing listens unless an address of this form is written: "tcp-listen:PORT" is open to this computer alone,
"tcp-listen:HOST:PORT" on the interface that has the address HOST ("tcp-listen:0.0.0.0:2575": on all).

One device at a time. The same computer may connect anew at any moment (a monitor that was switched off and on does not say
goodbye) and takes its own place; any other is turned away while the first is connected. Many devices connect for each
message, so a connection that ends is no lost line: silence is judged by whoever knows how often the device should speak.
"""

from __future__ import annotations

import math
import select
import socket
import time

from devices.transports.line import LineError
from devices.transports.tcp import CHUNK, GATHER_S, WRITE_TIMEOUT_S, keep_alive

LISTEN_PREFIX = "tcp-listen:"
LOCALHOST = "127.0.0.1"
WAITING = 4
FORM = "write tcp-listen:PORT (this computer alone) or tcp-listen:HOST:PORT, HOST being this computer's own address on the devices' network"


def listening_host_and_port(address: str) -> tuple[str, int]:
    """The parts of "tcp-listen:[HOST:]PORT"; an IPv6 host stands in brackets. Raises LineError for anything else."""
    host, colon, port = address.removeprefix(LISTEN_PREFIX).rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if colon else LOCALHOST
    if not (address.startswith(LISTEN_PREFIX) and host and port.isascii() and port.isdecimal() and int(port) < 65_536):
        raise LineError(f"{address} is no port to listen on: {FORM}")
    return host, int(port)


class TcpListenLine:
    """A listening port (``Line``). Raises LineError for an address of another form. Port 0 takes any free one."""

    def __init__(self, address: str) -> None:
        self._where = listening_host_and_port(address)
        self._door: socket.socket | None = None
        self._peer: socket.socket | None = None
        self._peer_host = ""
        self._taken_at_s = -math.inf

    @property
    def name(self) -> str:
        host, port = self._where
        return f"{LISTEN_PREFIX}[{host}]:{port}" if ":" in host else f"{LISTEN_PREFIX}{host}:{port}"

    def open(self) -> None:
        """Begins to listen. Raises LineError where the port is taken or the address is not this computer's."""
        self.close()
        host, port = self._where
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._door = socket.create_server((host, port), family=family, backlog=WAITING)
        except OSError as error:
            raise LineError(f"{self.name} cannot be listened on: {error.strerror or error}; {FORM}") from error
        self._where = (host, self._door.getsockname()[1])

    def read(self, timeout_s: float) -> bytes:
        """What the device that is connected has sent; lets one in if none is. A goodbye is silence."""
        door = self._opened()
        ends_s = time.monotonic() + timeout_s
        while True:
            waiting = [end for end in (door, self._peer) if end is not None]
            ready, _, _ = select.select(waiting, [], [], max(0.0, ends_s - time.monotonic()))
            if door in ready:
                self._welcome(door)
            data = self._take() if self._peer in ready else b""
            if data or not ready or time.monotonic() >= ends_s:
                return data

    def write(self, data: bytes) -> None:
        """To the device that is connected. An answer to one that is gone is nobody's."""
        self._opened()
        if self._peer is None:
            return
        try:
            self._peer.settimeout(WRITE_TIMEOUT_S)
            self._peer.sendall(data)
        except OSError:
            self._part()

    def close(self) -> None:
        self._part()
        door, self._door = self._door, None
        if door is not None:
            door.close()

    def _opened(self) -> socket.socket:
        if self._door is None:
            raise LineError(f"{self.name} is not open")
        return self._door

    def _welcome(self, door: socket.socket) -> None:
        try:
            caller, (host, *_) = door.accept()
        except OSError:  # gone again before it was let in
            return
        if self._peer is not None and host != self._peer_host:
            caller.close()
            return
        self._part()
        self._peer, self._peer_host = caller, host
        keep_alive(caller)

    def _take(self) -> bytes:
        if self._peer is None:
            return b""
        time.sleep(max(0.0, self._taken_at_s + GATHER_S - time.monotonic()))
        try:
            self._peer.settimeout(0)
            data = self._peer.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._part()
        self._taken_at_s = time.monotonic()
        return data

    def _part(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            peer.close()
