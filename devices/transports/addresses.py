"""From the address a person writes to the line it means. The only place that tells the forms of addresses apart."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from devices.driver import SerialSettings
from devices.transports import tcp, udp
from devices.transports.line import Line
from devices.transports.serial_port import SerialPort

NETWORK: MappingProxyType[str, Callable[[str], Line]] = MappingProxyType(
    {
        tcp.PREFIX: tcp.TcpLine,
        udp.PREFIX: udp.UdpLine,
    }
)
"""How an address begins → the line it means. What begins otherwise is the name of a serial port."""


def line_at(address: str, settings: SerialSettings) -> Line:
    """The line at "/dev/ttyUSB0", "COM3", "tcp:HOST:PORT" or "udp:HOST:PORT", not yet open. Raises LineError for a malformed address."""
    made = next((make for prefix, make in NETWORK.items() if address.startswith(prefix)), None)
    return SerialPort(address, settings) if made is None else made(address)


def open_line(address: str, settings: SerialSettings) -> Line:
    """The same, opened. Raises LineError."""
    line = line_at(address, settings)
    line.open()
    return line
