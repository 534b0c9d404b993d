"""What announces itself on the network is found in the time in which ports are probed."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.devices import _as_object, _network_lines
from app.finding import Findings, search
from app.remembered import KnownDevices
from devices.driver import Announced, Announcing, Driver, Proof
from tests.devices.fake_driver import DRIVER


def _read(data: bytes, host: str) -> Announced | None:
    return Announced(address=f"udp:{host}:{data[2:].decode()}", identity="Fake 2") if data.startswith(b"A ") else None


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_port:
        any_port.bind(("127.0.0.1", 0))
        port: int = any_port.getsockname()[1]
        return port


def _announcing(port: int, variant: str = "lan") -> Driver:
    return replace(DRIVER, announcing=Announcing(udp_port=port, groups=(), variant=variant, read=_read))


@contextmanager
def _saying(port: int, *datagrams: bytes) -> Iterator[None]:
    ended = threading.Event()

    def say() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            while not ended.wait(0.05):
                for datagram in datagrams:
                    mouth.sendto(datagram, ("127.0.0.1", port))

    thread = threading.Thread(target=say)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def known(tmp_path: Path) -> KnownDevices:
    return KnownDevices(tmp_path / "known.json")


def test_each_device_that_announces_itself_is_told_once_with_the_driver_that_reads_it(known: KnownDevices) -> None:
    port = _free_port()
    with _saying(port, b"A 1", b"noise", b"A 2"):
        found = search([], [_announcing(port), DRIVER], known, 0.6)
    assert [(heard.name, heard.address, heard.identity) for heard in found.network] == [
        ("fake:lan", "udp:127.0.0.1:1", "Fake 2"),
        ("fake:lan", "udp:127.0.0.1:2", "Fake 2"),
    ]
    assert (found.ports, found.troubles) == ({}, ())


def test_where_another_program_keeps_the_port_the_rest_of_the_search_goes_on(known: KnownDevices) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", 0))
        found = search([], [_announcing(other.getsockname()[1])], known, 0.3)
    assert found.network == ()
    assert "cannot be listened to" in found.troubles[0]


def test_nothing_is_waited_for_where_nobody_may_announce_himself(known: KnownDevices) -> None:
    began = time.monotonic()
    assert search([], [DRIVER], known, 5.0) == Findings()
    assert time.monotonic() - began < 1.0


def test_the_listing_says_who_announced_himself_and_how_he_is_read(known: KnownDevices) -> None:
    port = _free_port()
    with _saying(port, b"A 24105"):
        found = search([], [replace(_announcing(port, ""), proof=Proof.PROVISIONAL)], known, 0.4)
    assert _network_lines(found.network) == [
        "Network",
        "  udp:127.0.0.1:24105  announces itself: Fake 2; read it as fake; provisional",
    ]
    told = json.loads(json.dumps(_as_object((), found, ())))
    assert told["network"] == [{"address": "udp:127.0.0.1:24105", "driver": "fake", "identity": "Fake 2", "proof": "provisional"}]
    assert "no device announces itself" in _network_lines(())[0]
