"""A serial port as a line. Knows pyserial and its ways of failing; knows no protocol, keeps no retry."""

from __future__ import annotations

import math
import os
import select
import time
from dataclasses import replace

import serial

from devices.driver import SerialSettings
from devices.transports.line import LineError
from devices.transports.serial_troubles import why_lost, why_not_opened

try:
    import termios

    POSIX = True
    TerminalError: type[Exception] = termios.error  # no OSError, though pyserial lets it through
except ImportError:  # Windows has none
    POSIX = False
    TerminalError = OSError

FAILURES = (OSError, TerminalError, TypeError, ValueError, serial.SerialException)
"""All that pyserial raises for a port that fails: TypeError comes from a port closed under a running read, ValueError from
settings that the adapter does not know."""

GATHER_S = 0.010
"""Bytes that trickle are taken this often at most: at 19,200 baud a read of each byte would cost 1,900 calls a second."""

WRITE_TIMEOUT_S = 1.0


class SerialPort:
    """A serial port that this program alone has open (``Line``)."""

    def __init__(self, address: str, settings: SerialSettings) -> None:
        self._address = address
        self._settings = settings
        self._port: serial.Serial | None = None
        self._taken_at_s = -math.inf

    @property
    def name(self) -> str:
        return self._address

    def open(self) -> None:
        """Opens the port exclusively, its input buffer emptied. Raises LineError."""
        self.close()
        settings = _possible(self._address, self._settings)
        try:
            self._port = serial.Serial(
                self._address,
                baudrate=settings.baud,
                bytesize=settings.data_bits,
                parity=settings.parity,
                stopbits=settings.stop_bits,
                rtscts=settings.rts_cts,
                xonxoff=settings.xon_xoff,
                timeout=0,
                write_timeout=WRITE_TIMEOUT_S,
                exclusive=True,
            )
        except FAILURES as error:
            raise LineError(why_not_opened(self._address, error)) from error

    def read(self, timeout_s: float) -> bytes:
        """Everything that is there, once the first byte is there or ``timeout_s`` has passed. Raises LineError."""
        port = self._opened()
        try:
            return self._read(port, timeout_s)
        except FAILURES as error:
            raise LineError(why_lost(self._address, error)) from error

    def write(self, data: bytes) -> None:
        """Sends all of it, waiting at most a second for the device to take it. Raises LineError."""
        port = self._opened()
        try:
            port.write(data)
        except FAILURES as error:
            raise LineError(why_lost(self._address, error)) from error

    def close(self) -> None:
        port, self._port = self._port, None
        if port is None:
            return
        # An unsent rest would hold the close back until the device takes it, which an unplugged one never does.
        for step in (port.reset_output_buffer, port.close):
            try:
                step()
            except FAILURES:
                continue

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise LineError(f"{self._address} is not open")
        return self._port

    def _read(self, port: serial.Serial, timeout_s: float) -> bytes:
        first = _first_byte(port, timeout_s)
        if not first:
            return first
        if timeout_s > 0:
            time.sleep(max(0.0, self._taken_at_s + GATHER_S - time.monotonic()))
        rest = port.in_waiting
        data = first + port.read(rest) if rest else first
        self._taken_at_s = time.monotonic()
        return data


def _first_byte(port: serial.Serial, timeout_s: float) -> bytes:
    """One byte, or none after ``timeout_s``.

    Where ports can be selected on, their time-out stays 0: to change it pyserial sets the whole port up again, which some
    adapters refuse while they run.
    """
    if POSIX:
        ready, _, _ = select.select([port.fileno()], [], [], timeout_s)
        return port.read(1) if ready else b""
    port.timeout = math.ceil(timeout_s * 1000) / 1000
    return port.read(1)


def _possible(address: str, settings: SerialSettings) -> SerialSettings:
    """A pseudo-terminal has no parity and no wires for flow control: asked for them, it refuses to be opened twice."""
    if not os.path.realpath(address).startswith("/dev/pts/"):
        return settings
    return replace(settings, parity="N", rts_cts=False, data_bits=8)
