"""What a new case offers: every kind there is a driver for, with its proof; nothing that is for the bench only."""

from __future__ import annotations

from dataclasses import replace

from app.display.device_choices import device_rows
from devices.driver import DeviceKind, Proof
from devices.registry import Found
from tests.devices.fake_driver import DRIVER

BENCH = replace(DRIVER, name="bench", title="Bench pump", proof=Proof.BENCH_ONLY)
MONITOR = replace(DRIVER, name="watch", title="Watch (old)", kind=DeviceKind.MONITOR, proof=Proof.UNVERIFIED, variants=())


def found(*drivers):
    return [Found(name=driver.name, driver=driver) for driver in drivers]


def test_a_row_for_each_kind_with_the_proof_of_each_choice() -> None:
    monitor, pump = device_rows([*found(DRIVER, MONITOR), Found(name="broken", driver=None, error="gone")])
    assert (monitor.name, monitor.drivers, monitor.proofs) == ("monitor", (("watch", "Watch"),), ("not verified on hardware",))
    assert [name for name, _ in pump.drivers] == ["fake", "fake:forbidden", "fake:faulty"]
    assert pump.proofs == ("experimental",) * 3


def test_what_is_for_the_bench_only_is_not_offered() -> None:
    (pump,) = device_rows(found(DRIVER, BENCH))
    assert all(not name.startswith("bench") for name, _ in pump.drivers)
    assert device_rows(found(BENCH)) == []
