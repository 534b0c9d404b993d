"""The cable within the program."""

from __future__ import annotations

import threading
import time

import pytest

from devices.transports.line import LineError
from devices.transports.virtual import BUFFER_BYTES, VirtualCable


@pytest.fixture
def cable():
    cable = VirtualCable("virtual:pump")
    cable.host.open()
    return cable


def test_bytes_both_ways(cable: VirtualCable) -> None:
    cable.device.write(b"ab")
    cable.device.write(b"c")
    assert cable.host.read(0) == b"abc"
    assert cable.host.read(0) == b""
    cable.host.write(b"ask")
    assert cable.device.read(0) == b"ask"


def test_a_waiting_read_is_woken(cable: VirtualCable) -> None:
    threading.Timer(0.05, cable.device.write, [b"x"]).start()
    began = time.monotonic()
    assert cable.host.read(5.0) == b"x"
    assert time.monotonic() - began < 1.0


def test_a_waiting_read_ends(cable: VirtualCable) -> None:
    began = time.monotonic()
    assert cable.host.read(0.03) == b""
    assert time.monotonic() - began >= 0.03


def test_unplugging_fails_the_host_and_not_the_device(cable: VirtualCable) -> None:
    cable.device.write(b"old")
    cable.unplug()
    assert not cable.plugged
    cable.device.write(b"into nothing")
    assert cable.device.read(0) == b""
    with pytest.raises(LineError, match="unplugged"):
        cable.host.read(0)
    with pytest.raises(LineError, match="unplugged"):
        cable.host.open()


def test_unplugging_wakes_a_waiting_read(cable: VirtualCable) -> None:
    threading.Timer(0.05, cable.unplug).start()
    with pytest.raises(LineError, match="unplugged"):
        cable.host.read(5.0)


def test_after_plugging_it_must_be_opened_and_brings_nothing_old(cable: VirtualCable) -> None:
    cable.device.write(b"old")
    cable.unplug()
    with pytest.raises(LineError):
        cable.host.write(b"x")
    cable.plug()
    with pytest.raises(LineError, match="not open"):
        cable.host.read(0)
    cable.device.write(b"before opening")
    cable.host.open()
    cable.device.write(b"new")
    assert cable.host.read(0) == b"new"


def test_what_nobody_reads_is_bounded(cable: VirtualCable) -> None:
    for _ in range(20):
        cable.device.write(bytes(BUFFER_BYTES // 10))
    assert len(cable.host.read(0)) == BUFFER_BYTES


def test_closed(cable: VirtualCable) -> None:
    cable.host.close()
    with pytest.raises(LineError, match="not open"):
        cable.host.write(b"x")
