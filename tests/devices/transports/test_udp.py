"""Datagram lines, served UDP ports and announcements against real sockets."""

from __future__ import annotations

import socket
import sys
import time

import pytest

from devices.driver import SerialSettings
from devices.transports.addresses import LINES, line_at
from devices.transports.announcements import Announcements
from devices.transports.line import LineError
from devices.transports.serial_port import SerialPort
from devices.transports.served import served_line
from devices.transports.tcp import TcpLine
from devices.transports.udp import UdpLine

SETTINGS = SerialSettings(baud=9600)


@pytest.fixture
def device():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(2.0)
        yield door


@pytest.fixture
def line(device):
    line = UdpLine(f"udp:127.0.0.1:{device.getsockname()[1]}")
    line.open()
    yield line
    line.close()
    line.close()


def test_a_datagram_each_way(line, device) -> None:
    line.write(b"hello")
    data, host = device.recvfrom(100)
    device.sendto(b"one", host)
    device.sendto(b"two", host)
    assert (data, line.read(1.0), line.read(1.0)) == (b"hello", b"one", b"two")


def test_silence_is_no_loss(line) -> None:
    began = time.monotonic()
    assert line.read(0) == b""
    assert line.read(0.05) == b""
    assert 0.04 < time.monotonic() - began < 0.5


def test_what_others_send_is_not_heard(line, device) -> None:
    line.write(b"x")
    _, host = device.recvfrom(100)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"false numbers", host)
    assert line.read(0.1) == b""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell of a closed port later or never")
def test_a_port_at_which_nobody_listens_is_a_loss(line, device) -> None:
    device.close()
    line.write(b"hello")
    with pytest.raises(LineError, match="nobody listens there"):
        line.read(0.5)


def test_a_line_that_is_not_open() -> None:
    with pytest.raises(LineError, match="not open"):
        UdpLine("udp:127.0.0.1:24105").read(0)


def test_no_such_host() -> None:
    with pytest.raises(LineError, match=r"no such host|cannot be reached"):
        UdpLine("udp:no.such.host.invalid:24105").open()


@pytest.mark.parametrize("address", ["udp:", "udp:host", "udp::24105", "udp:host:0", "udp:host:65536", "udp:h:x"])
def test_malformed_addresses(address: str) -> None:
    with pytest.raises(LineError, match="write udp:HOST:PORT"):
        line_at(address, SETTINGS)


@pytest.mark.parametrize(
    ("address", "kind"),
    [("tcp:10.0.0.5:4001", TcpLine), ("udp:10.0.0.5:24105", UdpLine), ("/dev/ttyUSB0", SerialPort), ("COM3", SerialPort)],
)
def test_an_address_means_its_line(address, kind) -> None:
    assert type(line_at(address, SETTINGS)) is kind
    assert line_at(address, SETTINGS).name == address


def test_every_kind_of_network_address_has_its_prefix() -> None:
    assert all(prefix.endswith(":") for prefix in LINES)


@pytest.fixture
def served():
    served = served_line("udp:0")
    served.open()
    yield served
    served.close()
    served.close()


def test_a_served_port_answers_whoever_asked_last(served) -> None:
    served.write(b"nobody hears this")
    assert served.read(0.01) == b""
    for question in (b"first", b"second"):
        host = UdpLine(served.name)
        host.open()
        host.write(question)
        assert served.read(1.0) == question
        served.write(b"a" * 1400)
        served.write(b"b")
        assert (host.read(1.0), host.read(1.0)) == (b"a" * 1400, b"b")
        host.close()
        served.write(b"gone")
        assert served.read(0.01) == b""


def test_a_served_port_that_is_taken(served) -> None:
    with pytest.raises(LineError, match="choose another port"):
        served_line(f"udp:{served.name.rpartition(':')[2]}").open()


@pytest.mark.parametrize("port", ["udp:", "udp:x", "udp:70000", "udp:host:1"])
def test_malformed_ports(port: str) -> None:
    with pytest.raises(LineError, match="udp:PORT"):
        served_line(port)


def test_announcements_are_heard_with_their_sender() -> None:
    with Announcements(0, ["224.0.23.63"]) as ear, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        for text in (b"one", b"two"):
            device.sendto(text, ("127.0.0.1", ear.port))
        assert list(ear.heard(0.1)) == [(b"one", "127.0.0.1"), (b"two", "127.0.0.1")]
        began = time.monotonic()
        assert list(ear.heard(0.05)) == []
        assert 0.04 < time.monotonic() - began < 0.5


def test_two_programs_may_listen_for_announcements() -> None:
    with Announcements(0) as first, Announcements(first.port) as second:
        assert first.port == second.port


def test_an_ear_that_is_closed() -> None:
    with pytest.raises(LineError, match="not open"):
        next(Announcements(0).heard(0))
