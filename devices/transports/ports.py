"""The serial ports of this computer, and how to find one again under another name. Opens none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serial.tools import list_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbIdentity:
    """What an adapter says it is. ``serial_number`` is empty for adapters without one."""

    vendor_id: int
    product_id: int
    serial_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A serial port: its present name, what it is in words, its adapter (None: not USB) and who made that."""

    name: str
    description: str
    usb: UsbIdentity | None = None
    maker: str = ""


def ports() -> tuple[Port, ...]:
    """All there are now, sorted by name."""
    found = (
        Port(
            name=info.device,
            description="" if info.description == "n/a" else info.description,
            maker=info.manufacturer or "",
            usb=None
            if info.vid is None or info.pid is None
            else UsbIdentity(vendor_id=info.vid, product_id=info.pid, serial_number=info.serial_number or ""),
        )
        for info in list_ports.comports()
    )
    return tuple(sorted(found, key=lambda port: port.name))


def find_again(known: Port, present: Sequence[Port]) -> str | None:
    """The name that ``known`` has among ``present``; None if it is absent or two could be meant.

    A name alone is no identity: after a replug another device's adapter may have it.
    """
    if known.usb is None:
        return known.name
    alike = [port.name for port in present if port.usb == known.usb]
    if known.name in alike:
        return known.name
    return alike[0] if len(alike) == 1 else None


def finder(name: str, list_now: Callable[[], Sequence[Port]] = ports, adapter: UsbIdentity | None = None) -> Callable[[], str | None]:
    """A function that finds the port now called ``name`` again. Remembers its identity once it has been seen.

    ``adapter``: its identity as known from before, which the present bearer of the name need not have.
    """
    known = [] if adapter is None else [Port(name=name, description="", usb=adapter)]

    def find() -> str | None:
        present = list_now()
        known.extend(port for port in present if port.name == name and not known)
        return find_again(known[0], present) if known else name

    find()
    return find


def adapter_of(name: str, present: Sequence[Port]) -> UsbIdentity | None:
    """The adapter of the port that is called so now; None if it is no USB port or not there."""
    return next((port.usb for port in present if port.name == name), None)
