"""What a new case offers: every kind there is a driver for, with its proof; nothing that is for the bench only. And where it cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.display.device_choices import NOT_SDC, ON_THE_NETWORK, cannot_be_at, device_rows, port_choices
from devices.driver import DeviceKind, Proof
from devices.registry import Found, drivers
from devices.transports.ports import Port
from tests.devices.fake_driver import DRIVER
from widgets.new_case.device_row import DriverChoice, PortChoice

BENCH = replace(DRIVER, name="bench", title="Bench pump", proof=Proof.BENCH_ONLY)
MONITOR = replace(DRIVER, name="watch", title="Watch (old)", kind=DeviceKind.MONITOR, proof=Proof.UNVERIFIED, variants=())


def found(*drivers):
    return [Found(name=driver.name, driver=driver) for driver in drivers]


def test_a_row_for_each_kind_with_the_proof_of_each_choice() -> None:
    monitor, pump = device_rows([*found(DRIVER, MONITOR), Found(name="broken", driver=None, error="gone")])
    assert (monitor.name, monitor.title) == ("monitor", "Monitor")
    assert monitor.drivers == (
        DriverChoice(name="watch", title="Watch", models="old", proof="not verified on hardware", standing="does not exist"),
    )
    assert pump.drivers[0].names == ("fake", "fake:forbidden", "fake:faulty")
    assert pump.driver("fake:faulty") is pump.drivers[0]


def test_what_is_for_the_bench_only_is_not_offered() -> None:
    (pump,) = device_rows(found(DRIVER, BENCH))
    assert [driver.name for driver in pump.drivers] == ["fake"]
    assert device_rows(found(BENCH)) == []


def test_variants_that_only_the_device_differs_by_are_not_offered() -> None:
    (pump,) = device_rows(found(replace(DRIVER, technical_variants=("faulty",))))
    assert pump.drivers[0].variants == ("forbidden",)
    offered = {name for row in device_rows(drivers()) for driver in row.drivers for name in driver.names}
    assert {"bcc", "bcc:stuffed", "intellivue:lan"} <= offered
    assert not offered & {"bcc:cyclic", "bcc:single-bits"}


@pytest.mark.parametrize(
    ("driver", "address"),
    [
        ("nonin", "/dev/ttyUSB0"),
        ("nonin:df8", "COM3"),
        ("nonin", r"\\.\COM12"),
        ("bcc", "tcp:10.0.0.5:4001"),
        ("intellivue:lan", "udp:10.0.0.5:24105"),
        ("hl7", "tcp-listen:2575"),
        ("sdc", "sdc:"),
    ],
)
def test_an_address_of_a_known_form_may_be_right(driver: str, address: str) -> None:
    assert cannot_be_at(driver, address) == ""


@pytest.mark.parametrize(
    ("driver", "address", "why"),
    [
        ("nonin", "ttyUSB0", "is no port and no address"),
        ("nonin", "COM", "is no port and no address"),
        ("bcc", "tcp:10.0.0.5", "write tcp:HOST:PORT"),
        ("bcc", "tcp:10.0.0.5:99999", "write tcp:HOST:PORT"),
        ("intellivue:lan", "udp:nowhere", "udp:HOST:PORT"),
        ("hl7", "tcp-listen:", "tcp-listen:"),
        ("hl7", "/dev/ttyUSB0", ON_THE_NETWORK),
        ("nonin", "sdc:", NOT_SDC),
        ("nope", "/dev/ttyUSB0", "no driver is called"),
    ],
)
def test_one_that_cannot_be_right_is_told_in_a_sentence(driver: str, address: str, why: str) -> None:
    complaint = cannot_be_at(driver, address)
    assert why.lower() in complaint.lower()
    assert complaint.endswith(".")


def test_a_port_is_offered_with_its_adapter_and_what_answered_there() -> None:
    present = (Port(name="COM3", description="USB serial", maker="FTDI"), Port(name="COM4", description=""))
    assert port_choices(present, {"COM3": "Nonin oximeter"}) == [
        PortChoice(address="COM3", about="Nonin oximeter answers  ·  FTDI, USB serial"),
        PortChoice(address="COM4"),
    ]
