"""From the address a person writes to the line it means. The only place that tells the forms of addresses apart."""

from __future__ import annotations

from devices.driver import SerialSettings
from devices.transports.line import Line
from devices.transports.serial_port import SerialPort
from devices.transports.tcp import PREFIX, TcpLine


def line_at(address: str, settings: SerialSettings) -> Line:
    """The line at "/dev/ttyUSB0", "COM3" or "tcp:HOST:PORT", not yet open. Raises LineError for a malformed address."""
    return TcpLine(address) if address.startswith(PREFIX) else SerialPort(address, settings)


def open_line(address: str, settings: SerialSettings) -> Line:
    """The same, opened. Raises LineError."""
    line = line_at(address, settings)
    line.open()
    return line
