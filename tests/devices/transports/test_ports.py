"""Finding an adapter again under another name."""

from __future__ import annotations

from devices.transports.ports import Port, UsbIdentity, adapter_of, find_again, finder, ports

PUMP = UsbIdentity(vendor_id=0x0403, product_id=0x6001, serial_number="A1")
MONITOR = UsbIdentity(vendor_id=0x0403, product_id=0x6001, serial_number="B2")
NAMELESS = UsbIdentity(vendor_id=0x1A86, product_id=0x7523)


def port(name: str, usb: UsbIdentity | None) -> Port:
    return Port(name=name, description="", usb=usb)


def test_by_its_serial_number_though_another_has_its_name() -> None:
    present = [port("/dev/ttyUSB0", MONITOR), port("/dev/ttyUSB3", PUMP)]
    assert find_again(port("/dev/ttyUSB0", PUMP), present) == "/dev/ttyUSB3"


def test_absent_though_another_has_its_name() -> None:
    assert find_again(port("/dev/ttyUSB0", PUMP), [port("/dev/ttyUSB0", MONITOR)]) is None


def test_without_a_serial_number_two_alike_are_told_by_name_or_not_at_all() -> None:
    two = [port("/dev/ttyUSB1", NAMELESS), port("/dev/ttyUSB2", NAMELESS)]
    assert find_again(port("/dev/ttyUSB1", NAMELESS), two) == "/dev/ttyUSB1"
    assert find_again(port("/dev/ttyUSB0", NAMELESS), two) is None
    assert find_again(port("/dev/ttyUSB0", NAMELESS), two[:1]) == "/dev/ttyUSB1"


def test_a_port_on_the_board_keeps_its_name() -> None:
    assert find_again(port("/dev/ttyS0", None), []) == "/dev/ttyS0"


def test_a_finder_remembers_the_identity_it_first_saw() -> None:
    present = [port("/dev/ttyUSB0", PUMP)]
    find = finder("/dev/ttyUSB0", lambda: present)
    present[:] = [port("/dev/ttyUSB0", MONITOR)]
    assert find() is None
    present.append(port("/dev/ttyUSB7", PUMP))
    assert find() == "/dev/ttyUSB7"


def test_a_finder_learns_the_identity_when_the_port_first_appears() -> None:
    present: list[Port] = []
    find = finder("/dev/ttyUSB0", lambda: present)
    assert find() == "/dev/ttyUSB0"
    present.append(port("/dev/ttyUSB0", PUMP))
    assert find() == "/dev/ttyUSB0"
    present[:] = [port("/dev/ttyUSB4", PUMP)]
    assert find() == "/dev/ttyUSB4"


def test_the_ports_of_this_computer_are_sorted() -> None:
    names = [found.name for found in ports()]
    assert names == sorted(names)


def test_an_adapter_known_from_before_is_not_confused_with_who_has_its_name_now() -> None:
    present = [port("/dev/ttyUSB0", MONITOR)]
    find = finder("/dev/ttyUSB0", lambda: present, PUMP)
    assert find() is None
    present.append(port("/dev/ttyUSB1", PUMP))
    assert find() == "/dev/ttyUSB1"


def test_the_adapter_of_a_port() -> None:
    present = [port("/dev/ttyUSB0", MONITOR), port("/dev/ttyS0", None)]
    assert adapter_of("/dev/ttyUSB0", present) == MONITOR
    assert adapter_of("/dev/ttyS0", present) is None
    assert adapter_of("/dev/ttyUSB9", present) is None
