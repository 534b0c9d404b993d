"""Serial ports on real pseudo-terminals: what they bring, and each way of failing in words for people."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time

import pytest
import serial

from devices.driver import SerialSettings
from devices.transports.addresses import line_at, open_line
from devices.transports.line import LineError
from devices.transports.serial_port import SerialPort
from devices.transports.serial_troubles import why_lost, why_not_opened
from devices.transports.tcp import TcpLine
from tests.devices.transports.ptys import Adapter, adapter, needs_pty

assert adapter  # a fixture

SETTINGS = SerialSettings(baud=19_200, parity="N")
pytestmark = needs_pty


@pytest.fixture
def port(adapter):
    port = SerialPort(str(adapter.path), SETTINGS)
    port.open()
    yield port
    port.close()


def test_brings_what_is_there_and_sends_all(adapter: Adapter, port: SerialPort) -> None:
    data = bytes(range(256)) * 4
    adapter.send(data)
    assert port.read(1.0) == data
    port.write(data)
    time.sleep(0.02)
    assert adapter.heard() == data


def test_a_terminal_is_opened_again_and_again_though_it_has_no_parity(adapter: Adapter) -> None:
    for _ in range(3):
        port = SerialPort(str(adapter.path), SerialSettings(baud=19_200, parity="E", rts_cts=True))
        port.open()
        adapter.send(b"x")
        assert port.read(1.0) == b"x"
        assert port.read(0.01) == b""
        port.write(b"y")
        port.close()


def test_a_short_timeout_ends_an_empty_read(port: SerialPort) -> None:
    began = time.monotonic()
    assert port.read(0.05) == b""
    assert 0.04 < time.monotonic() - began < 0.5


def test_a_read_without_timeout_returns_at_once(port: SerialPort) -> None:
    began = time.monotonic()
    assert [port.read(0) for _ in range(100)] == [b""] * 100
    assert time.monotonic() - began < 0.1


def test_trickling_bytes_are_gathered_and_the_first_is_not_held_back(adapter: Adapter, port: SerialPort) -> None:
    def trickle() -> None:
        for _ in range(100):
            adapter.send(b"x")
            time.sleep(0.001)

    sender = threading.Thread(target=trickle)
    began = time.monotonic()
    sender.start()
    chunks = []
    while sum(map(len, chunks)) < 100:
        chunks.append(port.read(0.5))
    took = time.monotonic() - began
    sender.join()
    assert len(chunks[0]) < 50
    assert len(chunks) <= took / 0.010 + 2


def test_opening_drops_what_came_before(adapter: Adapter) -> None:
    port = SerialPort(str(adapter.path), SETTINGS)
    adapter.send(b"old")
    port.open()
    adapter.send(b"new")
    assert port.read(1.0) == b"new"
    port.close()


@pytest.mark.parametrize("act", [lambda port: port.read(1.0), lambda port: port.write(b"x" * 10)])
def test_unplugged(adapter: Adapter, port: SerialPort, act) -> None:
    adapter.unplug()
    with pytest.raises(LineError, match="unplugged"):
        act(port)
    port.close()
    port.close()


def test_unplugged_under_a_waiting_read(adapter: Adapter, port: SerialPort) -> None:
    threading.Timer(0.05, adapter.unplug).start()
    began = time.monotonic()
    with pytest.raises(LineError, match="unplugged"):
        port.read(5.0)
    assert time.monotonic() - began < 1.0


def test_absent(tmp_path) -> None:
    with pytest.raises(LineError, match="is not there"):
        open_line(str(tmp_path / "none"), SETTINGS)


def test_no_serial_port(tmp_path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(LineError, match="is not a serial port"):
        open_line(str(file), SETTINGS)


def test_no_permission(tmp_path) -> None:
    file = tmp_path / "ttyUSB0"
    file.write_text("")
    file.chmod(0)
    root = os.geteuid() == 0
    try:
        if root:  # who may open everything
            os.seteuid(65_534)
        with pytest.raises(LineError, match=r"no permission to open .*ttyUSB0: add the user to the group .* and log in again"):
            open_line(str(file), SETTINGS)
    finally:
        if root:
            os.seteuid(0)


def test_in_use_by_this_program(adapter: Adapter, port: SerialPort) -> None:
    with pytest.raises(LineError, match=r"in use by another part of this program|in use by another program"):
        open_line(str(adapter.path), SETTINGS)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells which process")
def test_in_use_names_the_process(adapter: Adapter) -> None:
    script = f"import serial; port = serial.Serial({str(adapter.path)!r}, exclusive=True); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(LineError, match=rf"in use by .*\(process {other.pid}\)"):
            open_line(str(adapter.path), SETTINGS)
        other.communicate("\n")


def test_a_device_that_takes_no_bytes(port: SerialPort) -> None:
    with pytest.raises(LineError, match="takes no more bytes"):
        port.write(bytes(5_000_000))


def test_a_closed_port_says_so(adapter: Adapter) -> None:
    with pytest.raises(LineError, match="not open"):
        SerialPort(str(adapter.path), SETTINGS).read(0)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (serial.SerialException(errno.EACCES, "could not open port"), "dialout and log in again"),
        (serial.SerialException(errno.ENOENT, "could not open port"), "is not there"),
        (serial.SerialException(errno.EBUSY, "could not open port"), "in use by another program"),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'not found', None, 2)"), "is not there"),
        (serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"), "in use by"),
        (serial.SerialException("Could not configure port: (25, 'Inappropriate ioctl')"), "is not a serial port"),
        (ValueError("Failed to set custom baud rate (123)"), "cannot be set"),
        (OSError("strange"), "cannot be opened: strange"),
    ],
)
def test_causes_in_words(error: Exception, words: str) -> None:
    text = why_not_opened("/dev/ttyNone", error)
    assert words in text
    assert "/dev/ttyNone" in text
    assert "\n" not in text


def test_lost_in_words() -> None:
    assert "unplugged" in why_lost("COM3", serial.SerialException("ClearCommError failed (PermissionError(13, ...))"))


def test_addresses() -> None:
    assert isinstance(line_at("COM3", SETTINGS), SerialPort)
    assert isinstance(line_at("/dev/ttyUSB0", SETTINGS), SerialPort)
    assert isinstance(line_at("tcp:10.0.0.5:4001", SETTINGS), TcpLine)
