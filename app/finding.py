"""What is plugged in and what is on the network: one search, for the window and for the command line.

Ports are probed and announcements are heard in the same ten seconds. Who answered is remembered. Prints nothing and shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from app.clock import room_now
from app.probing import Answer, Told, may_be_tried, nobody, probe, wait_for
from app.remembered import KnownDevice, KnownDevices
from devices.driver import Driver
from devices.transports.announcements import Announcements
from devices.transports.line import LineError
from devices.transports.ports import Port

BUDGET_S = 9.0
SLOWEST_S = 10.0
HEAR_FOR_S = 0.2
"""At a time, before it is looked whether the search goes on."""
KNOWN_DEVICES = "known-devices.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a port gave: its answer, the driver that understood it, and where that device answered before (empty: here, or never)."""

    answer: Answer = field(default_factory=Answer)
    driver: Driver | None = None
    was_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A device that announced itself on the network.

    Attributes:
        name: the driver that reads it, with its variant: "intellivue:lan".
    """

    driver: Driver
    name: str
    address: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a search found: by port, and on the network in the order in which it was heard.

    Attributes:
        troubles: what hindered the search, each in words for people.
    """

    ports: Mapping[str, Seen] = field(default_factory=dict)
    network: tuple[Heard, ...] = ()
    troubles: tuple[str, ...] = ()


def known_devices(folder: Path) -> KnownDevices:
    """Those that have answered on this machine, kept in the user's data folder."""
    return KnownDevices(folder / KNOWN_DEVICES)


def search(
    present: Sequence[Port], installed: Sequence[Driver], known: KnownDevices, budget_s: float = BUDGET_S, told: Told = nobody
) -> Findings:
    """What answers on each port, and what announces itself meanwhile. What answered on a port before is tried on it first.

    ``told`` hears the part of the time that has passed; what it raises comes out of here, once all lines are closed.
    """
    announcing = [driver for driver in installed if driver.announcing is not None]
    stop, began = Event(), room_now()
    with ThreadPoolExecutor(max_workers=max(1, len(announcing))) as pool:
        ears = [pool.submit(_hear, driver, budget_s, stop) for driver in announcing]
        try:
            ports, trouble = _probed(present, [driver for driver in installed if may_be_tried(driver)], known, budget_s, told)
            wait_for(ears, began, budget_s, told)
        finally:
            stop.set()
    heard = [ear.result() for ear in ears]
    deaf = [problem for _, problem in heard]
    return Findings(
        ports=ports,
        network=tuple(device for devices, _ in heard for device in devices),
        troubles=tuple(problem for problem in (*deaf, trouble) if problem),
    )


def _probed(
    present: Sequence[Port], usable: Sequence[Driver], known: KnownDevices, budget_s: float, told: Told
) -> tuple[dict[str, Seen], str]:
    """By port what it gave; and why that could not be remembered, empty if it could."""
    expected = {port.name: device.driver for port in present if (device := known.expected_at(port)) is not None}
    answers = probe([port.name for port in present], usable, budget_s, expected, told=told)
    fresh = {port.name: _as_known(port, answers[port.name]) for port in present if port.name in answers and answers[port.name].driver}
    before = {name: known.before(device) for name, device in fresh.items()}
    seen = {name: _seen(name, answer, usable, before.get(name)) for name, answer in answers.items()}
    try:
        known.keep(fresh.values())
    except OSError as error:
        return seen, f"which devices answered could not be remembered ({error.strerror})"
    return seen, ""


def _as_known(port: Port, answer: Answer) -> KnownDevice:
    return KnownDevice(driver=answer.driver, identity=answer.identity, port=port.name, usb=port.usb)


def _seen(name: str, answer: Answer, usable: Sequence[Driver], before: KnownDevice | None) -> Seen:
    driver = next((driver for driver in usable if driver.name == answer.driver), None)
    return Seen(answer=answer, driver=driver, was_at="" if before is None or before.port == name else before.port)


def _hear(driver: Driver, seconds: float, stop: Event) -> tuple[tuple[Heard, ...], str]:
    """The devices of one make that announce themselves within ``seconds``; and why nothing could be heard, empty if it could."""
    announcing = driver.announcing
    assert announcing is not None  # noqa: S101 (only such drivers come here)
    found: dict[str, Heard] = {}
    end = room_now().plus(seconds)
    try:
        with Announcements(announcing.udp_port, announcing.groups) as ear:
            while not stop.is_set() and (left_s := end.since(room_now())) > 0:
                for data, host in ear.heard(min(HEAR_FOR_S, left_s)):
                    said = announcing.read(data, host)
                    if said is not None:
                        name = f"{driver.name}:{announcing.variant}" if announcing.variant else driver.name
                        found.setdefault(said.address, Heard(driver=driver, name=name, address=said.address, identity=said.identity))
    except LineError as error:
        return tuple(found.values()), f"{driver.title}: {error}"
    return tuple(found.values()), ""
