"""A cable within the program: the host's end is a ``Line``, the device's end belongs to a simulator.

It may join two threads, or two steps of one thread on a virtual clock: ``read(0)`` returns at once. Knows no clock.
"""

from __future__ import annotations

from threading import Condition

from devices.transports.line import LineError

BUFFER_BYTES = 1 << 20
"""What a cable holds for a reader who is late; more is lost, as in a serial port's overrun."""


class _Way:
    """One direction of the cable."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting = bytearray()
        self.broken = False

    def put(self, data: bytes) -> None:
        with self._changed:
            if not self.broken:
                self._waiting += data[: BUFFER_BYTES - len(self._waiting)]
                self._changed.notify_all()

    def take(self, timeout_s: float) -> bytes:
        with self._changed:
            if timeout_s > 0:
                self._changed.wait_for(lambda: bool(self._waiting) or self.broken, timeout_s)
            data = bytes(self._waiting)
            self._waiting.clear()
            return data

    def set_broken(self, broken: bool) -> None:  # noqa: FBT001 - one flag, set by the two methods of the cable
        with self._changed:
            self.broken = broken
            self._waiting.clear()
            self._changed.notify_all()

    def drop(self) -> None:
        with self._changed:
            self._waiting.clear()


class VirtualCable:
    """A cable with two ends that can be unplugged and plugged from any thread."""

    def __init__(self, name: str) -> None:
        self._to_host = _Way()
        self._to_device = _Way()
        self.host = VirtualHost(name, self._to_host, self._to_device)
        self.device = VirtualDevice(name, self._to_device, self._to_host)

    @property
    def plugged(self) -> bool:
        return not self._to_host.broken

    def unplug(self) -> None:
        """What is under way is lost; the host's end fails from now on, the device's end goes on into nothing."""
        for way in (self._to_host, self._to_device):
            way.set_broken(True)

    def plug(self) -> None:
        for way in (self._to_host, self._to_device):
            way.set_broken(False)


class VirtualHost:
    """The end at which the driver listens (``Line``)."""

    def __init__(self, name: str, incoming: _Way, outgoing: _Way) -> None:
        self._name = name
        self._incoming = incoming
        self._outgoing = outgoing
        self._is_open = False

    @property
    def name(self) -> str:
        return self._name

    def open(self) -> None:
        """Drops what came while nobody listened. Raises LineError while unplugged."""
        self._is_open = True
        self._check()
        self._incoming.drop()

    def read(self, timeout_s: float) -> bytes:
        self._check()
        data = self._incoming.take(timeout_s)
        self._check()
        return data

    def write(self, data: bytes) -> None:
        self._check()
        self._outgoing.put(data)

    def close(self) -> None:
        self._is_open = False

    def _check(self) -> None:
        if self._incoming.broken:
            self._is_open = False
            raise LineError(f"{self._name} was unplugged: check the cable")
        if not self._is_open:
            raise LineError(f"{self._name} is not open")


class VirtualDevice:
    """The end of the simulated device. It never fails: a device does not know whether its cable is plugged."""

    def __init__(self, name: str, incoming: _Way, outgoing: _Way) -> None:
        self.name = name
        self._incoming = incoming
        self._outgoing = outgoing

    def read(self, timeout_s: float) -> bytes:
        """What the host sent; waits up to ``timeout_s`` for the first byte."""
        return self._incoming.take(timeout_s)

    def write(self, data: bytes) -> None:
        """To the host; lost while unplugged."""
        self._outgoing.put(data)
