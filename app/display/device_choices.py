"""Which devices a new case may have, and how each is offered: what it is, and how well its driver is proven. No widgets."""

from __future__ import annotations

from collections.abc import Sequence

from devices.driver import DeviceKind, Driver, Proof
from devices.registry import Found
from widgets.new_case.devices_card import DeviceRow


def device_rows(found: Sequence[Found]) -> list[DeviceRow]:
    """A row for each kind of device that there is a driver for. What is for the bench only is not offered."""
    usable = [row.driver for row in found if row.driver is not None and row.driver.proof is not Proof.BENCH_ONLY]
    rows = []
    for kind in DeviceKind:
        choices = [choice for driver in usable if driver.kind is kind for choice in _choices(driver)]
        if choices:
            names = tuple((name, title) for name, title, _ in choices)
            rows.append(DeviceRow(kind.value, kind.value.capitalize(), names, tuple(proof for *_, proof in choices)))
    return rows


def _choices(driver: Driver) -> list[tuple[str, str, str]]:
    """As the command line names it; as the key shows it, without what stands in brackets; and its proof."""
    short, proof = driver.title.partition(" (")[0], driver.proof.value
    return [(driver.name, short, proof), *((f"{driver.name}:{variant}", f"{short} {variant}", proof) for variant in driver.variants)]
