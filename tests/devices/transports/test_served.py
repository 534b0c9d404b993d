"""The device's side of real lines: listeners come, go, and do not read."""

from __future__ import annotations

import os
import select
import socket
import sys
import time

import pytest

from devices.driver import SerialSettings
from devices.transports.line import LineError
from devices.transports.serial_port import SerialPort
from devices.transports.served import served_line
from devices.transports.tcp import TcpLine
from tests.devices.transports.ptys import needs_pty


@pytest.fixture
def pty():
    line = served_line("pty")
    line.open()
    yield line
    line.close()
    line.close()


@pytest.fixture
def tcp():
    line = served_line("tcp:0")
    line.open()
    yield line
    line.close()
    line.close()


def opened(line):
    host = TcpLine(line.name) if line.name.startswith("tcp:") else SerialPort(line.name, SerialSettings(baud=115_200))
    host.open()
    line.read(0.01)
    return host


@pytest.mark.parametrize("kind", [pytest.param("pty", marks=needs_pty), "tcp"])
def test_bytes_both_ways_and_a_second_listener_later(kind, request) -> None:
    line = request.getfixturevalue(kind)
    for _ in range(2):
        host = opened(line)
        host.write(b"ask\n\x11\x03")
        assert line.read(1.0) == b"ask\n\x11\x03"
        line.write(bytes(range(256)))
        heard = b""
        while len(heard) < 256:
            heard += host.read(0.5)
        assert heard == bytes(range(256))
        host.close()
        line.write(b"nobody hears this")
        assert line.read(0.01) == b""


@needs_pty
def test_a_terminal_that_nobody_reads_never_blocks_and_brings_nothing_old(pty, monkeypatch) -> None:
    for _ in range(200):
        pty.write(b"old" * 1000)
    time.sleep(0.1)  # all of it has come to the far end, as it has when nobody reads for long
    now = time.monotonic()
    monkeypatch.setattr("devices.transports.served.time.monotonic", lambda: now + 2.0)
    pty.write(b"new")
    reader = os.open(pty.name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    select.select([reader], [], [], 1.0)
    assert os.read(reader, 100_000) == b"new"
    os.close(reader)


@needs_pty
def test_a_terminal_keeps_its_raw_settings_between_listeners(pty) -> None:
    for _ in range(2):
        reader = os.open(pty.name, os.O_RDWR | os.O_NOCTTY)
        pty.write(b"\x03\r\n\x04")
        assert os.read(reader, 10) == b"\x03\r\n\x04"
        os.close(reader)
    assert pty.read(0.01) == b""


def test_a_slow_listener_loses_and_the_device_goes_on(tcp) -> None:
    host = opened(tcp)
    began = time.monotonic()
    for _ in range(100):
        tcp.write(bytes(1_000_000))
    assert time.monotonic() - began < 3.0
    host.close()


def test_a_newer_listener_takes_the_place_of_an_older(tcp) -> None:
    older, newer = opened(tcp), opened(tcp)
    tcp.write(b"x")
    assert newer.read(1.0) == b"x"
    with pytest.raises(LineError, match="closed by the other side"):
        older.read(1.0)
    older.close()
    newer.close()


def test_it_serves_this_computer_alone(tcp) -> None:
    assert tcp.name.startswith("tcp:127.0.0.1:")


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(LineError, match="choose another port"):
        served_line(f"tcp:{taken.getsockname()[1]}").open()


@pytest.mark.parametrize("port", ["", "pt", "tcp:", "tcp:x", "tcp:70000", "tcp:host:1"])
def test_malformed_ports(port: str) -> None:
    with pytest.raises(LineError, match="write pty, tcp:PORT"):
        served_line(port)


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has none")
def test_no_terminals_on_windows() -> None:
    with pytest.raises(LineError, match="--port tcp"):
        served_line("pty")
