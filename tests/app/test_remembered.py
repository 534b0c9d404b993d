"""Devices are remembered by adapter and answer: moved to another socket they are found again; nothing is guessed."""

from __future__ import annotations

import pytest

from app.plan import CorePlan, DevicePlan
from app.remembered import KnownDevice, KnownDevices, Remembered
from devices.transports.ports import Port, UsbIdentity

MONITOR = UsbIdentity(vendor_id=0x0403, product_id=0x6001, serial_number="A1")
OTHER = UsbIdentity(vendor_id=0x0403, product_id=0x6001, serial_number="B2")
NAMELESS = UsbIdentity(vendor_id=0x1A86, product_id=0x7523)


def port(name: str, usb: UsbIdentity | None) -> Port:
    return Port(name=name, description="", usb=usb)


def plan(*devices: DevicePlan) -> CorePlan:
    return CorePlan(database="sqlite://", devices=devices)


@pytest.fixture
def remembered(tmp_path) -> Remembered:
    kept = Remembered(tmp_path / "remembered.json")
    network = DevicePlan(name="pump", driver="bcc", address="tcp:10.0.0.5:4001")
    kept.keep("case-1", plan(DevicePlan(name="monitor", driver="dri", address="COM3", adapter=MONITOR), network))
    return kept


def test_moved_to_another_socket(remembered: Remembered) -> None:
    monitor, pump = remembered.devices([port("COM3", OTHER), port("COM7", MONITOR)])
    assert (monitor.address, monitor.adapter) == ("COM7", MONITOR)
    assert pump.address == "tcp:10.0.0.5:4001"


def test_absent_though_another_has_its_name(remembered: Remembered) -> None:
    assert remembered.devices([port("COM3", OTHER)])[0].address == ""


def test_a_case_is_taken_up_with_its_adapter(remembered: Remembered) -> None:
    again = remembered.plan_of("case-1", "sqlite://")
    assert again is not None
    assert again.devices[0].adapter == MONITOR


def test_what_an_older_version_wrote_is_read(tmp_path) -> None:
    old = tmp_path / "remembered.json"
    device = '{"name": "monitor", "driver": "dri", "address": "COM3"}'
    old.write_text(f'{{"case-1": {{"devices": [{device}], "demonstration": null, "recording": null, "speed": 1.0}}}}')
    assert Remembered(old).devices([port("COM9", OTHER)]) == (DevicePlan(name="monitor", driver="dri", address="COM3"),)


def answered(driver: str, identity: str, name: str, usb: UsbIdentity | None) -> KnownDevice:
    return KnownDevice(driver=driver, identity=identity, port=name, usb=usb)


def test_known_by_the_serial_number_of_its_adapter(tmp_path) -> None:
    KnownDevices(tmp_path / "known.json").keep([answered("dri", "monitor 1", "COM3", MONITOR)])
    known = KnownDevices(tmp_path / "known.json")
    expected = known.expected_at(port("COM7", MONITOR))
    assert expected is not None
    assert expected.driver == "dri"
    assert known.expected_at(port("COM3", OTHER)) is None
    before = known.before(answered("dri", "monitor 1, restarted", "COM7", MONITOR))
    assert before is not None
    assert before.port == "COM3"


def test_adapters_without_a_serial_number_are_told_apart_by_what_answers(tmp_path) -> None:
    known = KnownDevices(tmp_path / "known.json")
    known.keep([answered("bcc", "Perfusor 1", "COM3", NAMELESS), answered("bcc", "Perfusor 2", "COM4", NAMELESS)])
    before = known.before(answered("bcc", "Perfusor 1", "COM9", NAMELESS))
    assert before is not None
    assert before.port == "COM3"
    assert known.before(answered("bcc", "Perfusor 3", "COM3", NAMELESS)) is None
    assert known.before(answered("dri", "Perfusor 1", "COM3", NAMELESS)) is None


def test_the_newer_place_replaces_the_older(tmp_path) -> None:
    known = KnownDevices(tmp_path / "known.json")
    known.keep([answered("dri", "monitor 1", "COM3", MONITOR)])
    known.keep([answered("dri", "monitor 1", "COM7", MONITOR)])
    before = KnownDevices(tmp_path / "known.json").before(answered("dri", "monitor 1", "COM1", MONITOR))
    assert before is not None
    assert before.port == "COM7"


@pytest.mark.parametrize("content", ["", "7", '{"devices": 3}', '{"devices": [{"driver": "dri"}, 7]}'])
def test_a_broken_file_is_as_good_as_none(tmp_path, content: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(content)
    assert KnownDevices(path).expected_at(port("COM3", MONITOR)) is None
