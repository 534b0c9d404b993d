"""Links in their threads, on real pseudo-terminals and under faults."""

from __future__ import annotations

import threading
import time

import pytest

from app.core.links import Link, LinkThread
from bench.line_chaos import UnreliableDevice, Witness, clock, run_chaos
from clinical.messages import FromDevice, SelfReport
from clinical.observations import LinkState, LinkStatus
from devices.transports.addresses import line_at
from devices.transports.virtual import VirtualCable
from tests.devices.fake_driver import DRIVER, frame
from tests.devices.transports.ptys import Adapter, adapter, needs_pty

assert adapter  # a fixture


def started(post, adapter: Adapter) -> LinkThread:
    link = Link(device="pump", driver=DRIVER, address=str(adapter.path), line_at=lambda at: line_at(at, DRIVER.serial), post=post)
    thread = LinkThread(link, clock, "pump")
    thread.start()
    return thread


def until(condition, patience_s: float = 5.0) -> bool:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


@needs_pty
def test_the_stamp_is_taken_as_the_bytes_arrive(adapter: Adapter) -> None:
    posted = []
    thread = started(posted.append, adapter)
    assert until(lambda: adapter.heard() == b"GO\n")
    lags = []
    for number in range(20):
        sent = clock()
        adapter.send(frame(72, float(number)))
        assert until(lambda wanted=number: any(getattr(m.observation, "infused_ml", None) == wanted for m in posted))
        lags.append(posted[-1].at.since(sent))
        time.sleep(0.02)
    thread.stop()
    assert all(lag >= 0 for lag in lags)
    assert sorted(lags)[10] < 0.010


@needs_pty
def test_unplugged_and_plugged_in_again(adapter: Adapter) -> None:
    witness = Witness()
    thread = started(witness.post, adapter)
    for count in (1.0, 2.0):
        assert until(lambda: adapter.heard() == b"GO\n")
        adapter.send(frame(72, count))
        assert witness.wait_beyond(int(count) - 1)
        adapter.unplug()
        assert until(lambda: witness.state is LinkState.LOST)
        adapter.plug()
    thread.stop()
    assert witness.state is LinkState.CLOSED
    assert witness.reports == []


@needs_pty
def test_stopping_while_the_port_is_absent_is_quick(adapter: Adapter) -> None:
    adapter.unplug()
    witness = Witness()
    thread = started(witness.post, adapter)
    assert until(lambda: witness.state is LinkState.LOST)
    began = time.monotonic()
    thread.stop()
    assert time.monotonic() - began < 1.0
    assert witness.state is LinkState.CLOSED


def test_a_fault_in_a_driver_never_ends_the_thread() -> None:
    cable, posted = VirtualCable("virtual:pump"), []
    link = Link(device="pump", driver=DRIVER, variant="faulty", address="x", line_at=lambda _: cable.host, post=posted.append)
    thread = LinkThread(link, clock, "pump")
    thread.start()

    def faults() -> int:
        return sum(isinstance(message, SelfReport) and not message.ok for message in posted)

    for wanted in (1, 2):
        assert until(lambda: link.is_open)
        cable.device.write(frame(72, 1.0))
        assert until(lambda wanted=wanted: faults() >= wanted)
    thread.stop()
    assert "link:pump" not in {running.name for running in threading.enumerate()}
    last = posted[-1]
    assert isinstance(last, FromDevice)
    assert isinstance(last.observation, LinkStatus)
    assert last.observation.state is LinkState.CLOSED


def test_a_line_that_cannot_be_closed_ends_no_thread(monkeypatch) -> None:
    cable, posted = VirtualCable("virtual:pump"), []
    link = Link(device="pump", driver=DRIVER, variant="faulty", address="x", line_at=lambda _: cable.host, post=posted.append)

    def refuses() -> None:
        raise OSError("torn out")

    monkeypatch.setattr(cable.host, "close", refuses)
    thread = LinkThread(link, clock, "pump")
    thread.start()
    for wanted in (1, 2):
        assert until(lambda: link.is_open)
        cable.device.write(frame(72, 1.0))
        assert until(lambda wanted=wanted: sum(isinstance(message, SelfReport) for message in posted) >= wanted)
    thread.stop()
    assert posted[-1].observation.state is LinkState.CLOSED


def test_a_fault_that_is_over_is_told() -> None:
    cable, posted = VirtualCable("virtual:pump"), []
    link = Link(device="pump", driver=DRIVER, address="x", line_at=lambda _: cable.host, post=posted.append)
    now = clock()
    link.step(now)
    link.restart(now, ValueError("once"))
    link.step(now.plus(1.0))
    cable.device.write(frame(72, 1.0))
    link.step(now.plus(1.1))
    assert [message.ok for message in posted if isinstance(message, SelfReport)] == [False, True]


@needs_pty
def test_thirty_random_faults() -> None:
    figures = run_chaos(faults=30, links=10, seed=7)
    assert figures["reconnect"]["count"] == 30
    assert figures["reconnect"]["max_s"] < 6.0
    assert figures["never_back"] == 0
    assert figures["old_numbers"] == 0
    assert figures["numbers_while_not_live"] == 0
    assert figures["faults_reported_of_the_program"] == 0
    assert figures["after"] == figures["before"]


@needs_pty
@pytest.mark.parametrize("fault", ["noise", "garbled", "stranger", "silence"])
def test_each_lasting_fault_has_its_state(fault: str, tmp_path) -> None:
    """What the chaos does by chance, held long enough to be judged."""
    states = []
    path = tmp_path / "port"
    device = UnreliableDevice(path, 1)
    device.fault = fault
    device.start()
    link = Link(
        device="pump",
        driver=DRIVER,
        address=str(path),
        line_at=lambda at: line_at(at, DRIVER.serial),
        post=lambda message: states.append(message.observation.state),
    )
    thread = LinkThread(link, clock, "pump")
    thread.start()
    wanted = LinkState.SILENT if fault == "silence" else LinkState.GARBLED
    assert until(lambda: wanted in states)
    thread.stop()
    device.stop()
    assert LinkState.LIVE not in states
