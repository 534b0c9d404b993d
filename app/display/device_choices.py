"""Which devices a new case may have, how each is offered, and where it cannot be. No widgets, no port is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.registry import DriverError, Found, find
from devices.transports.addresses import is_serial, line_at
from devices.transports.line import LineError
from devices.transports.ports import Port
from devices.transports.sdc_line import SDC_PREFIX
from widgets.new_case.device_row import DeviceRow, DriverChoice, PortChoice

PORT_NAME = re.compile(r"/\S+|(\\\\\.\\)?COM\d+", re.IGNORECASE)
ANY_SETTINGS = SerialSettings(baud=9600)
"""Whether an address can be one does not depend on how its line is set."""
ON_THE_NETWORK = "It is read over the network, not on a port of this computer: write tcp-listen:PORT, tcp:HOST:PORT or sdc:."
NOT_SDC = "Only an IEEE 11073 SDC device is at sdc: addresses: choose that driver, or another address."


def device_rows(found: Sequence[Found]) -> list[DeviceRow]:
    """A row for each kind of device that there is a driver for. What is for the bench only is not offered."""
    usable = [row.driver for row in found if row.driver is not None and row.driver.proof is not Proof.BENCH_ONLY]
    rows = []
    for kind in DeviceKind:
        choices = tuple(_choice(driver) for driver in usable if driver.kind is kind)
        if choices:
            rows.append(DeviceRow(kind.value, kind.value.capitalize(), choices))
    return rows


def short_title(driver: Driver) -> str:
    """What it reads, without what stands in brackets."""
    return driver.title.partition(" (")[0]


def _choice(driver: Driver) -> DriverChoice:
    title, _, rest = driver.title.partition(" (")
    return DriverChoice(
        name=driver.name,
        title=title,
        models=rest.removesuffix(")"),
        proof=driver.proof.value,
        standing=driver.standing,
        variants=tuple(variant for variant in driver.variants if variant not in driver.technical_variants),
    )


def cannot_be_at(driver: str, address: str) -> str:
    """Why this driver's device cannot be at an address, as a sentence; empty where it can. Opens nothing."""
    try:
        line_at(address, ANY_SETTINGS)
        network_only = find(driver)[0].network_only
    except (LineError, DriverError) as error:
        return f"{error}."  # it may begin with the address, which stays as it was typed
    if not is_serial(address):
        return NOT_SDC if address.startswith(SDC_PREFIX) and not network_only else ""
    if not PORT_NAME.fullmatch(address):
        return f"“{address}” is no port and no address: write one of the forms /dev/…, COM…, tcp:…, udp:…, tcp-listen:…, sdc:."
    return ON_THE_NETWORK if network_only else ""


def port_choices(present: Sequence[Port], answering: Mapping[str, str]) -> list[PortChoice]:
    """The ports there are, each with its adapter and with what has answered there (``answering``: by port)."""
    return [PortChoice(address=port.name, about=_about(port, answering.get(port.name, ""))) for port in present]


def _about(port: Port, answering: str) -> str:
    adapter = ", ".join(part for part in (port.maker, port.description if port.description != port.name else "") if part)
    return "  ·  ".join(part for part in (f"{answering} answers" if answering else "", adapter) if part)
