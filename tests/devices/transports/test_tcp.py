"""TCP lines against real sockets."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from devices.transports.line import LineError
from devices.transports.tcp import TcpLine, host_and_port


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door


@pytest.fixture
def pair(server):
    line = TcpLine(f"tcp:127.0.0.1:{server.getsockname()[1]}")
    line.open()
    peer, _ = server.accept()
    yield line, peer
    line.close()
    line.close()
    peer.close()


def test_bytes_both_ways(pair) -> None:
    line, peer = pair
    peer.sendall(b"hello")
    assert line.read(1.0) == b"hello"
    line.write(b"you")
    assert peer.recv(10) == b"you"


def test_silence_is_no_loss(pair) -> None:
    line, _ = pair
    began = time.monotonic()
    assert line.read(0) == b""
    assert line.read(0.05) == b""
    assert 0.04 < time.monotonic() - began < 0.5


def test_trickling_bytes_are_gathered(pair) -> None:
    line, peer = pair

    def trickle() -> None:
        for _ in range(100):
            peer.sendall(b"x")
            time.sleep(0.001)

    sender = threading.Thread(target=trickle)
    began = time.monotonic()
    sender.start()
    chunks = []
    while sum(map(len, chunks)) < 100:
        chunks.append(line.read(0.5))
    took = time.monotonic() - began
    sender.join()
    assert len(chunks) <= took / 0.010 + 2


def test_the_other_side_closes(pair) -> None:
    line, peer = pair
    peer.sendall(b"last")
    peer.close()
    assert line.read(1.0) == b"last"
    with pytest.raises(LineError, match="closed by the other side"):
        line.read(1.0)


def test_a_peer_that_reads_nothing(pair) -> None:
    line, _ = pair
    with pytest.raises(LineError, match="takes no more bytes"):
        line.write(bytes(50_000_000))


def test_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"tcp:127.0.0.1:{door.getsockname()[1]}"
    line = TcpLine(address)
    with pytest.raises(LineError, match="refused"):
        line.open()
    with pytest.raises(LineError, match="not open"):
        line.read(0)


def test_no_such_host() -> None:
    with pytest.raises(LineError, match=r"no such host|cannot be reached|does not answer"):
        TcpLine("tcp:no.such.host.invalid:4001").open()


def test_addresses() -> None:
    assert host_and_port("tcp:10.0.0.5:4001") == ("10.0.0.5", 4001)
    assert host_and_port("tcp:[::1]:4001") == ("::1", 4001)


@pytest.mark.parametrize(
    "address", ["tcp:", "tcp:host", "tcp:host:", "tcp::4001", "tcp:host:0", "tcp:host:65536", "tcp:h:x", "tcp:host:-1"]
)
def test_malformed_addresses(address: str) -> None:
    with pytest.raises(LineError, match="write tcp:HOST:PORT"):
        TcpLine(address)
