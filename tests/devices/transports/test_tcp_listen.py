"""A port that listens: devices come, go, come back, and an independent HL7 client is read and answered."""

from __future__ import annotations

import socket
import sys
import threading
import time

import pytest
from hl7.client import MLLPClient

from devices.driver import SerialSettings
from devices.drivers.hl7 import DRIVER
from devices.transports.addresses import is_serial, line_at
from devices.transports.line import LineError
from devices.transports.served import served_line
from devices.transports.tcp_listen import TcpListenLine, listening_host_and_port
from tests.devices.drivers.hl7_messages import HR_ROW, SPO2_ROW, header
from tests.devices.fake_bedside import START

two_hosts = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the whole of 127.0.0.0/8 without being told")


@pytest.fixture
def line():
    line = TcpListenLine("tcp-listen:0")
    line.open()
    yield line
    line.close()
    line.close()


def port(line):
    return int(line.name.rpartition(":")[2])


def caller(line, host="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", port(line)), 1.0, source_address=(host, 0))


def test_bytes_both_ways(line):
    with caller(line) as device:
        device.sendall(b"hello")
        assert line.read(1.0) == b"hello"
        line.write(b"you")
        assert device.recv(10) == b"you"


def test_nobody_there_is_silence(line):
    began = time.monotonic()
    assert line.read(0) == b""
    assert line.read(0.05) == b""
    line.write(b"nobody's")
    assert 0.04 < time.monotonic() - began < 0.5


def test_a_connection_for_each_message(line):
    for number in range(5):
        with caller(line) as device:
            device.sendall(b"%d" % number)
            assert line.read(1.0) == b"%d" % number
    assert line.read(0.05) == b""


def test_the_last_words_of_one_that_left_are_heard(line):
    with caller(line) as device:
        device.sendall(b"last")
    assert line.read(1.0) == b"last"


def test_a_device_that_was_switched_off_and_on_takes_its_own_place(line):
    before = caller(line)
    before.sendall(b"1")
    assert line.read(1.0) == b"1"
    with caller(line) as after:
        after.sendall(b"2")
        assert line.read(1.0) == b"2"
        line.write(b"x")
        assert after.recv(1) == b"x"
        assert before.recv(1) == b""
    before.close()


@two_hosts
def test_another_device_is_turned_away_until_the_first_has_left(line):
    with caller(line) as first:
        first.sendall(b"1")
        assert line.read(1.0) == b"1"
        with caller(line, "127.0.0.2") as second:
            assert line.read(0.1) == b""
            assert second.recv(1) == b""
        first.sendall(b"2")
        assert line.read(1.0) == b"2"
    assert line.read(0.05) == b""
    with caller(line, "127.0.0.2") as second:
        second.sendall(b"3")
        assert line.read(1.0) == b"3"


def test_a_device_that_reads_nothing_loses_its_place_and_nothing_else(line):
    with caller(line) as device:
        device.sendall(b"1")
        line.read(1.0)
        line.write(bytes(50_000_000))
    assert line.read(0.01) == b""
    with caller(line) as device:
        device.sendall(b"2")
        assert line.read(1.0) == b"2"


def test_a_port_that_is_taken_and_a_line_that_is_closed(line):
    other = TcpListenLine(line.name)
    with pytest.raises(LineError, match="cannot be listened on"):
        other.open()
    line.close()
    with pytest.raises(LineError, match="not open"):
        line.read(0)
    other.open()
    other.close()


def test_it_listens_to_this_computer_alone_unless_told_otherwise():
    assert listening_host_and_port("tcp-listen:2575") == ("127.0.0.1", 2575)
    assert listening_host_and_port("tcp-listen:0.0.0.0:2575") == ("0.0.0.0", 2575)  # noqa: S104 - parsed, not bound
    assert listening_host_and_port("tcp-listen:[::1]:2575") == ("::1", 2575)
    assert TcpListenLine("tcp-listen:[::1]:2575").name == "tcp-listen:[::1]:2575"


@pytest.mark.parametrize(
    "address", ["tcp-listen:", "tcp-listen:x", "tcp-listen:h:", "tcp-listen::1", "tcp-listen:h:70000", "tcp-listen:-1"]
)
def test_malformed_addresses(address):
    with pytest.raises(LineError, match=r"write tcp-listen:PORT \(this computer alone\)"):
        TcpListenLine(address)


def test_an_address_of_the_network_is_no_serial_port():
    assert isinstance(line_at("tcp-listen:2575", SerialSettings(baud=9600)), TcpListenLine)
    assert [is_serial(address) for address in ("tcp:h:1", "tcp-listen:1", "/dev/ttyUSB0", "COM3")] == [False, False, True, True]


def served(line, until):
    """What a link does: reads, answers."""
    protocol, told = DRIVER.protocol(""), []
    while not until(told):
        data = line.read(0.05)
        if data:
            told += protocol.receive(data, START)
            for answer in protocol.outgoing(START):
                assert DRIVER.may_send(answer)
                line.write(answer)
    return told


def test_the_hl7_package_s_own_client_is_read_and_answered(line):
    answers = []

    def send():
        with MLLPClient("127.0.0.1", port(line)) as client:
            client.socket.settimeout(3.0)
            text = f"{header(number='41')}\rPV1||I|\rOBR|1||||||20260301080000\rOBX|1|{SPO2_ROW}\rOBX|2|{HR_ROW}\r"
            answers.append(client.send_message(text))
            answers.append(client.send_message(header(number="42", kind="QRY^R02")))

    client = threading.Thread(target=send)
    client.start()
    told = served(line, lambda _: not client.is_alive())
    client.join()
    assert [o.value for o in told] == [97, 72]
    assert b"MSA|AA|41\r" in answers[0]
    assert b"MSA|AR|42|" in answers[1]


# the device's side


def test_a_simulated_device_calls_until_somebody_listens_and_calls_again(line, monkeypatch):
    monkeypatch.setattr("devices.transports.tcp_caller.RETRY_S", 0.05)
    name, number = line.name, port(line)
    line.close()
    device = served_line(f"tcp-connect:127.0.0.1:{number}")
    device.open()
    device.write(b"lost")
    again = TcpListenLine(name)
    for _ in range(2):
        again.open()
        deadline = time.monotonic() + 3
        heard = b""
        while not heard and time.monotonic() < deadline:
            device.read(0.02)
            device.write(b"here")
            heard = again.read(0.02)
        assert heard.startswith(b"here")
        again.write(b"yes")
        assert device.read(1.0) == b"yes"
        again.close()
    device.close()
    device.close()
    assert device.name == f"tcp-connect:127.0.0.1:{number}"


@pytest.mark.parametrize("text", ["tcp-connect:", "tcp-connect:4001", "tcp-connect:host:0"])
def test_malformed_ports_to_call(text):
    with pytest.raises(LineError, match="HOST:PORT"):
        served_line(text)
