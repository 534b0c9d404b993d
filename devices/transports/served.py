"""The device's side of a line: a pseudo-terminal, a TCP or UDP port of this computer alone, or a call to a port that listens.

A device neither knows nor cares whether anybody listens: what nobody takes is lost, and nothing here fails for want of a
listener. Only ``open`` raises.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from types import MappingProxyType
from typing import Protocol as Interface

from devices.transports.line import LineError
from devices.transports.tcp import PREFIX
from devices.transports.tcp_caller import CALL_PREFIX, TcpCaller
from devices.transports.udp import PREFIX as UDP

try:
    import fcntl
    import struct
    import termios
    import tty

    HAVE_PTY = True
except ImportError:  # Windows
    HAVE_PTY = False

LOCALHOST = "127.0.0.1"
CHUNK = 65_536
UNREAD_S = 1.0
"""Bytes that lie longer in a pseudo-terminal have no reader; they are dropped, as a late one must not take them for new."""

SETTLE_S = 0.005


class ServedLine(Interface):
    """A line seen from the device."""

    @property
    def name(self) -> str:
        """What others open: "/dev/pts/5", "tcp:127.0.0.1:4001". Known once it is open."""

    def open(self) -> None:
        """Raises LineError."""

    def read(self, timeout_s: float) -> bytes:
        """What a listener sent; waits up to ``timeout_s``."""

    def write(self, data: bytes) -> None:
        """To the listener, if there is one."""

    def close(self) -> None:
        """May be called twice."""


def served_line(port: str) -> ServedLine:
    """The line that ``--port`` asks for: "pty", "tcp:PORT", "udp:PORT", or "tcp-connect:HOST:PORT" for a device that calls its host.

    Raises LineError for another form, or pty on Windows.
    """
    if port.startswith(CALL_PREFIX):
        return TcpCaller(port)
    if port == "pty":
        if not HAVE_PTY:
            raise LineError("this system has no pseudo-terminals: use --port tcp:PORT")
        return PtyLine()
    prefix, colon, number = port.partition(":")
    if prefix + colon not in NETWORK or not (number.isascii() and number.isdecimal() and int(number) < 65_536):
        raise LineError(
            f"{port} is no port to serve: write pty, tcp:PORT as in tcp:4001 (tcp:0 takes any free one), udp:PORT or tcp-connect:HOST:PORT"
        )
    return NETWORK[prefix + colon](int(number))


class PtyLine:
    """A pseudo-terminal (``ServedLine``). Both its ends stay open: the settings of the far one last only as long as it is."""

    def __init__(self) -> None:
        self.name = ""
        self._ends: tuple[int, int] | None = None
        self._taken_at_s = 0.0

    def open(self) -> None:
        try:
            near, far = os.openpty()
        except OSError as error:
            raise LineError(f"no pseudo-terminal can be had: {error.strerror}") from error
        self._ends = (near, far)
        tty.setraw(far)
        for end in self._ends:
            os.set_blocking(end, False)
        self.name = os.ttyname(far)
        self._taken_at_s = time.monotonic()

    def read(self, timeout_s: float) -> bytes:
        near, _ = self._opened()
        ready, _, _ = select.select([near], [], [], timeout_s)
        return os.read(near, CHUNK) if ready else b""

    def write(self, data: bytes) -> None:
        near, far = self._opened()
        self._drop_unread(far)
        try:
            os.write(near, data)
        except BlockingIOError:
            _empty(far)

    def close(self) -> None:
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)

    def _opened(self) -> tuple[int, int]:
        if self._ends is None:
            raise LineError("the pseudo-terminal is not open")
        return self._ends

    def _drop_unread(self, far: int) -> None:
        (unread,) = struct.unpack("i", fcntl.ioctl(far, termios.FIONREAD, bytes(4)))
        if not unread:
            self._taken_at_s = time.monotonic()
        elif time.monotonic() - self._taken_at_s > UNREAD_S:
            _empty(far)


def _empty(far: int) -> None:
    """Takes away what waits for the far end's reader. The kernel hands the rest over piece by piece, a moment later."""
    while select.select([far], [], [], SETTLE_S)[0]:
        try:
            os.read(far, CHUNK)
        except BlockingIOError:  # a reader was quicker
            return


class TcpPort:
    """A TCP port on 127.0.0.1 (``ServedLine``) with one listener at a time: a newer one takes the place of an older."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._door: socket.socket | None = None
        self._peer: socket.socket | None = None

    @property
    def name(self) -> str:
        return f"{PREFIX}{LOCALHOST}:{self._number}"

    def open(self) -> None:
        try:
            self._door = socket.create_server((LOCALHOST, self._number))
        except OSError as error:
            raise LineError(f"{self.name} cannot be served: {error.strerror or error}; choose another port") from error
        self._number = self._door.getsockname()[1]

    def read(self, timeout_s: float) -> bytes:
        door = self._opened()
        ready, _, _ = select.select([line for line in (door, self._peer) if line is not None], [], [], timeout_s)
        if door in ready:
            self._welcome(door)
        return self._take() if self._peer in ready else b""

    def write(self, data: bytes) -> None:
        if self._peer is None:
            return
        try:
            self._peer.send(data)
        except BlockingIOError:  # does not read: it loses this
            return
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
        self._part()
        try:
            self._peer, _ = door.accept()
        except OSError:  # gone again before it was let in
            return
        self._peer.settimeout(0)
        self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _take(self) -> bytes:
        if self._peer is None:
            return b""
        try:
            data = self._peer.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._part()
        return data

    def _part(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            peer.close()


class UdpPort:
    """A UDP port on 127.0.0.1 (``ServedLine``). What is written goes, as one datagram, to whoever sent the last one."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._door: socket.socket | None = None
        self._peer: tuple[str, int] | None = None

    @property
    def name(self) -> str:
        return f"{UDP}{LOCALHOST}:{self._number}"

    def open(self) -> None:
        self._door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._door.bind((LOCALHOST, self._number))
        except OSError as error:
            self.close()
            raise LineError(f"{self.name} cannot be served: {error.strerror or error}; choose another port") from error
        self._number = self._door.getsockname()[1]

    def read(self, timeout_s: float) -> bytes:
        door = self._opened()
        door.settimeout(timeout_s)
        try:
            data, self._peer = door.recvfrom(CHUNK)
        except OSError:  # nothing came, or the last listener is gone
            return b""
        return data

    def write(self, data: bytes) -> None:
        door = self._opened()
        if self._peer is None:
            return
        door.settimeout(0)
        try:
            door.sendto(data, self._peer)
        except OSError:  # no room, or nobody there: it is lost
            return

    def close(self) -> None:
        door, self._door = self._door, None
        if door is not None:
            door.close()

    def _opened(self) -> socket.socket:
        if self._door is None:
            raise LineError(f"{self.name} is not open")
        return self._door


NETWORK: MappingProxyType[str, Callable[[int], ServedLine]] = MappingProxyType({PREFIX: TcpPort, UDP: UdpPort})
"""How the port to be served begins → the line it means."""
