"""From the address a person writes to the line it means. The only place that tells the forms of addresses apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from devices.driver import SerialSettings
from devices.transports.line import Line
from devices.transports.sdc_line import SDC_PREFIX, SdcLine
from devices.transports.serial_port import SerialPort
from devices.transports.tcp import PREFIX, TcpLine
from devices.transports.tcp_listen import LISTEN_PREFIX, TcpListenLine
from devices.transports.udp import PREFIX as UDP_PREFIX
from devices.transports.udp import UdpLine

LINES: Mapping[str, Callable[[str], Line]] = MappingProxyType(
    {
        PREFIX: TcpLine,
        LISTEN_PREFIX: TcpListenLine,
        UDP_PREFIX: UdpLine,
        SDC_PREFIX: SdcLine,
    }
)
"""How an address of the network begins → the line it means. Anything else is a serial port."""


def line_at(address: str, settings: SerialSettings) -> Line:
    """The line at "/dev/ttyUSB0", "COM3", "tcp:HOST:PORT" …, not yet open. Raises LineError for a malformed address."""
    line = next((line for prefix, line in LINES.items() if address.startswith(prefix)), None)
    return SerialPort(address, settings) if line is None else line(address)


def is_serial(address: str) -> bool:
    """Whether an address names a port of an adapter, which may come back under another name."""
    return not address.startswith(tuple(LINES))


def open_line(address: str, settings: SerialSettings) -> Line:
    """The same, opened. Raises LineError."""
    line = line_at(address, settings)
    line.open()
    return line
