"""What answers on a port: on lines that have settings, and on real terminals."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from app.finding import search
from app.probing import Answer, openings, probe
from app.remembered import KnownDevices
from bench.find_devices import playing
from devices.driver import Proof, SerialSettings
from devices.registry import drivers, find
from devices.transports.line import LineError
from devices.transports.ports import Port, UsbIdentity
from devices.transports.serial_port import SerialPort
from tests.devices.fake_driver import ASK, DRIVER, FakeProtocol, frame
from tests.devices.transports.ptys import Adapter, needs_pty

SLOW, FAST = SerialSettings(baud=9600), SerialSettings(baud=115_200)
NEVER_SENDS = replace(DRIVER, name="other", may_send=lambda message: False)
BUDGET_S = 1.2


class Talker:
    """A device that talks by itself at one setting of the line; at any other its bytes come out as garbage."""

    name = "fake:port"

    def __init__(self, settings: SerialSettings, set_to: SerialSettings, log: list[SerialSettings], sent: list[bytes]) -> None:
        self._garbled = settings != set_to
        self._sent = sent
        log.append(settings)

    def open(self) -> None: ...

    def read(self, timeout_s: float) -> bytes:
        time.sleep(timeout_s)
        return b"\xf8\x00\xe6\n" if self._garbled else frame(72, 1.0)

    def write(self, data: bytes) -> None:
        self._sent.append(data)

    def close(self) -> None: ...


def test_all_drivers_of_a_setting_hear_and_those_delivered_with_it_ask_first() -> None:
    one = replace(DRIVER, name="one", serial=SLOW, other_settings=(FAST,))
    two = replace(DRIVER, name="two", serial=SLOW)
    three = replace(DRIVER, name="three", serial=FAST)
    bench = replace(DRIVER, name="bench", serial=SLOW, proof=Proof.BENCH_ONLY)
    plan = openings([bench, one, two, three])
    assert [row.settings for row in plan] == [SLOW, FAST, FAST]
    assert [[driver.name for driver in row.drivers] for row in plan] == [["one", "two", "bench"], ["three", "one"], ["three", "one"]]
    assert [[driver.name for driver in row.asking] for row in plan] == [["one", "two", "bench"], ["three"], ["one"]]
    assert openings([bench, one, two, three], first="three")[0].settings == FAST


def test_every_installed_driver_is_met_at_each_of_its_settings() -> None:
    usable = [row.driver for row in drivers() if row.driver is not None]
    plan = openings(usable)
    for driver in usable:
        assert {row.settings for row in plan if driver in row.drivers} == {driver.serial, *driver.other_settings}
        first, *others = [row.settings for row in plan if driver in row.asking]
        assert (first, set(others)) == (driver.serial, set(driver.other_settings))


def test_a_talker_at_another_setting_is_understood_and_never_asked() -> None:
    opened: list[SerialSettings] = []
    sent: list[bytes] = []
    driver = replace(DRIVER, serial=SLOW, other_settings=(FAST,))
    answers = probe(["fake:port"], [driver], 6.0, to=lambda name, settings: Talker(settings, FAST, opened, sent))
    assert answers["fake:port"] == Answer(driver="fake", identity="Fake 1", settings=FAST)
    assert opened == [SLOW, FAST]
    assert sent == []


def test_one_that_has_no_name_is_taken_by_whoever_misunderstands_least() -> None:
    class Greedy(FakeProtocol):
        def receive(self, data, now):
            told = super().receive(data, now)
            self.bad_frames += len(told) // 2
            return told

    greedy = replace(DRIVER, name="greedy", protocol=Greedy)
    answers = probe(["fake:port"], [greedy, DRIVER], BUDGET_S, to=lambda name, settings: Talker(settings, settings, [], []))
    assert answers["fake:port"].driver == "fake"


def test_a_driver_that_fails_is_part_of_the_answer() -> None:
    broken = replace(DRIVER, protocol=lambda variant: FakeProtocol("faulty"))
    answers = probe(["fake:port"], [broken], BUDGET_S, to=lambda name, settings: Talker(settings, settings, [], []))
    assert "a driver failed on what came (ZeroDivisionError" in answers["fake:port"].problem


@needs_pty
def test_one_that_listens_before_it_asks_need_not_listen_again(tmp_path) -> None:
    class Patient(FakeProtocol):
        def outgoing(self, now):
            if self.due is None:
                self.due = now.plus(2.0)
            return super().outgoing(now)

    adapter = Adapter(tmp_path / "ttyUSB0")
    patient = replace(DRIVER, protocol=Patient)
    began = time.monotonic()
    with playing(DRIVER, adapter):
        answers = probe([str(adapter.path)], [patient], 5.0)
    adapter.unplug()
    assert answers[str(adapter.path)].driver == "fake"
    assert time.monotonic() - began < 3.5


class _Enough(Exception):  # noqa: N818 (no error: somebody asked for it)
    pass


def test_a_search_that_is_no_longer_wanted_ends_at_once_with_its_lines_closed() -> None:
    class Silent(Talker):
        def read(self, timeout_s: float) -> bytes:
            time.sleep(timeout_s)
            return b""

        def close(self) -> None:
            closed.append(self.name)

    shares: list[float] = []
    closed: list[str] = []

    def told(share: float) -> None:
        shares.append(share)
        if share > 0.03:
            raise _Enough

    began = time.monotonic()
    with pytest.raises(_Enough):
        probe(["fake:port"], [DRIVER], 9.0, to=lambda name, settings: Silent(settings, settings, [], []), told=told)
    assert time.monotonic() - began < 1.5
    assert closed == ["fake:port"]
    assert shares == sorted(shares)


def test_no_ports() -> None:
    assert probe([], [DRIVER], 1.0) == {}


@needs_pty
def test_all_ports_at_once_with_only_what_each_driver_may_send(tmp_path) -> None:
    adapters = [Adapter(tmp_path / f"tty{n}") for n in range(4)]
    names = [str(adapter.path) for adapter in adapters]
    adapters[2].unplug()
    ours = SerialPort(names[3], SLOW)
    ours.open()
    began = time.monotonic()
    with playing(DRIVER, adapters[0]):
        answers = probe(names, [NEVER_SENDS, DRIVER], 2.5)
    took = time.monotonic() - began
    silent_heard = adapters[1].heard()
    ours.close()
    for adapter in adapters:
        adapter.unplug()
    assert took < 3.5
    assert answers[names[0]] == Answer(driver="fake", identity="Fake 1")
    assert answers[names[1]] == Answer()
    assert "is not there" in answers[names[2]].problem
    assert "in use by" in answers[names[3]].problem
    assert set(silent_heard.splitlines()) == {ASK.strip()}


@needs_pty
def test_a_device_that_was_moved_is_found_again(tmp_path) -> None:
    """Its adapter is plugged into another socket and has another name; another adapter has its old name."""
    usb = {part: UsbIdentity(vendor_id=0x0403, product_id=0x6001, serial_number=part) for part in ("A1", "B2")}
    adapters = [Adapter(tmp_path / "ttyUSB0"), Adapter(tmp_path / "ttyUSB1")]
    first, second = (str(adapter.path) for adapter in adapters)
    known = KnownDevices(tmp_path / "known.json")
    with playing(DRIVER, adapters[0]):
        search([Port(name=first, description="", usb=usb["A1"])], [DRIVER], known, 3.0)
    present = [Port(name=first, description="", usb=usb["B2"]), Port(name=second, description="", usb=usb["A1"])]
    with playing(DRIVER, adapters[1]):
        seen = search(present, [DRIVER], KnownDevices(tmp_path / "known.json"), 3.0).ports
    for adapter in adapters:
        adapter.unplug()
    assert seen[first].driver is None
    assert (seen[second].driver, seen[second].was_at) == (DRIVER, first)


ASK_AND_TALK = ("dri", "bcc", "nonin")


@needs_pty
def test_the_real_drivers_are_told_apart_within_ten_seconds(tmp_path) -> None:
    adapters = {name: Adapter(tmp_path / name) for name in ASK_AND_TALK}
    usable = [row.driver for row in drivers() if row.driver is not None]
    began = time.monotonic()
    with playing(find("dri")[0], adapters["dri"]), playing(find("bcc")[0], adapters["bcc"]), playing(find("nonin")[0], adapters["nonin"]):
        answers = probe([str(adapter.path) for adapter in adapters.values()], usable, 9.0)
    took = time.monotonic() - began
    for adapter in adapters.values():
        adapter.unplug()
    assert {name: answers[str(adapters[name].path)].driver for name in ASK_AND_TALK} == {name: name for name in ASK_AND_TALK}
    assert took < 10.0


def test_a_line_that_cannot_be_opened_so_is_tried_otherwise() -> None:
    opened: list[SerialSettings] = []

    class Unable(Talker):
        def open(self) -> None:
            if opened[-1] == FAST:
                raise LineError("cannot be set so")

    driver = replace(DRIVER, serial=SLOW, other_settings=(FAST, SerialSettings(baud=4800)))
    set_to = SerialSettings(baud=4800)
    answers = probe(["fake:port"], [driver], 6.0, to=lambda name, settings: Unable(settings, set_to, opened, []))
    assert answers["fake:port"].settings == set_to


@pytest.mark.parametrize("proof", [Proof.BENCH_ONLY, Proof.EXPERIMENTAL])
def test_the_listing_says_how_well_a_driver_is_proven(proof: Proof) -> None:
    from app.cli.devices import _outcome
    from app.finding import Seen

    driver = replace(DRIVER, proof=proof)
    assert _outcome(Seen(answer=Answer(driver="fake"), driver=driver, was_at="COM3")) == f"answers as fake; {proof.value}; it was on COM3"
