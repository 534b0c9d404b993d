"""Hears what devices broadcast of themselves on the network: datagrams with their sender, and no more. Sends nothing, decodes nothing.

Other programs on this computer may listen to the same port at the same time.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from devices.transports.line import LineError

LONGEST = 65_535
MOST_DATAGRAMS = 1000
"""Heard in one go; on a flooded network the rest waits for the next."""


class Announcements:
    """An open ear on one UDP port, for broadcasts and the multicast ``groups``. A context manager.

    Raises LineError from ``open`` when another program keeps the port to itself.
    """

    def __init__(self, port: int, groups: Sequence[str] = ()) -> None:
        self._port = port
        self._groups = tuple(groups)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Raises LineError."""
        self.close()
        ear = self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            _share(ear)
            ear.bind(("", self._port))
        except OSError as error:
            self.close()
            raise LineError(f"UDP port {self._port} cannot be listened to: {error.strerror or error}") from error
        for group in self._groups:
            # A computer without a network has no such group; broadcasts on it are still heard.
            with contextlib.suppress(OSError):
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + socket.inet_aton("0.0.0.0"))  # noqa: S104  any interface

    @property
    def port(self) -> int:
        """The port that is listened to; known once it is open where 0 asked for any."""
        if self._socket is None:
            return self._port
        bound: int = self._socket.getsockname()[1]
        return bound

    def heard(self, seconds: float) -> Iterator[tuple[bytes, str]]:
        """(datagram, sender's address) of each that comes within ``seconds``, as it comes. Raises LineError if it is not open."""
        if self._socket is None:
            raise LineError(f"UDP port {self._port} is not open")
        end_s = time.monotonic() + seconds
        for _ in range(MOST_DATAGRAMS):
            self._socket.settimeout(max(0.0, end_s - time.monotonic()))
            try:
                data, sender = self._socket.recvfrom(LONGEST)
            except (TimeoutError, BlockingIOError):
                return
            except OSError:  # a remark of the network on another datagram: nothing of ours
                continue
            yield data, sender[0]

    def close(self) -> None:
        """Never raises; may be called twice."""
        ear, self._socket = self._socket, None
        if ear is not None:
            ear.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _share(ear: socket.socket) -> None:
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
