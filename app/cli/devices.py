"""``bedside devices``: the ports there are and what answers on them; the drivers there are. Remembers who answered; changes no more."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.cli.probing import Answer, may_be_tried, probe
from app.remembered import KnownDevice, KnownDevices
from app.settings import data_folder
from devices.driver import Driver, Proof
from devices.registry import Found, drivers
from devices.transports.ports import Port, ports

BUDGET_S = 9.0
SLOWEST_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Each port is listened to with every driver's settings in turn, ten seconds in all; where nothing talks by itself, "
        "each driver asks what its allow-list names. A device is remembered by its adapter and by what it said, not by its port's name."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--no-probe", action="store_true", help="only list; open no port")


def run(args: argparse.Namespace) -> int:
    """Never raises for a port or driver that fails: that is part of the answer."""
    found = drivers()
    present = ports()
    usable = [row.driver for row in found if row.driver is not None and may_be_tried(row.driver)]
    if not args.no_probe and present and sys.stderr.isatty():
        print(f"listening on {len(present)} ports, {SLOWEST_S:g} s at most ...", file=sys.stderr)
    seen = {} if args.no_probe else look(present, usable, KnownDevices(data_folder() / "known-devices.json"))
    if args.json:
        print(json.dumps(_as_object(present, seen, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join([*_port_lines(present, seen), "", *_driver_lines(found)]))
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a port gave: its answer, the driver that understood it, and where that device answered before (empty: here, or never)."""

    answer: Answer = field(default_factory=Answer)
    driver: Driver | None = None
    was_at: str = ""


def look(present: Sequence[Port], usable: Sequence[Driver], known: KnownDevices, budget_s: float = BUDGET_S) -> dict[str, Seen]:
    """What answers on each port, by its name; who answered is remembered. What answered there before is tried first."""
    expected = {port.name: device.driver for port in present if (device := known.expected_at(port)) is not None}
    answers = probe([port.name for port in present], usable, budget_s, expected)
    fresh = {port.name: _as_known(port, answers[port.name]) for port in present if port.name in answers and answers[port.name].driver}
    before = {name: known.before(device) for name, device in fresh.items()}
    try:
        known.keep(fresh.values())
    except OSError as error:
        print(f"bedside: which devices answered could not be remembered ({error.strerror})", file=sys.stderr)
    return {name: _seen(name, answer, usable, before.get(name)) for name, answer in answers.items()}


def _as_known(port: Port, answer: Answer) -> KnownDevice:
    return KnownDevice(driver=answer.driver, identity=answer.identity, port=port.name, usb=port.usb)


def _seen(name: str, answer: Answer, usable: Sequence[Driver], before: KnownDevice | None) -> Seen:
    driver = next((driver for driver in usable if driver.name == answer.driver), None)
    return Seen(answer=answer, driver=driver, was_at="" if before is None or before.port == name else before.port)


def _as_object(present: tuple[Port, ...], seen: dict[str, Seen], found: tuple[Found, ...]) -> dict[str, object]:
    return {
        "ports": [_port_object(port, seen.get(port.name, Seen())) for port in present],
        "drivers": [_driver_object(row) for row in found],
    }


def _port_object(port: Port, seen: Seen) -> dict[str, object]:
    usb, answer = port.usb, seen.answer
    return {
        "name": port.name,
        "description": port.description,
        "maker": port.maker or None,
        "usb": None if usb is None else {"vendor": f"{usb.vendor_id:04x}", "product": f"{usb.product_id:04x}", "serial": usb.serial_number},
        "answers": answer.driver or None,
        "identity": answer.identity or None,
        "proof": seen.driver.proof.value if seen.driver else None,
        "settings": answer.settings.words if answer.settings else None,
        "was_at": seen.was_at or None,
        "problem": answer.problem or None,
    }


def _driver_object(row: Found) -> dict[str, object]:
    if row.driver is None:
        return {"name": row.name, "error": row.error}
    driver = row.driver
    return {
        "name": row.name,
        "title": driver.title,
        "kind": driver.kind.value,
        "proof": driver.proof.value,
        "standing": driver.standing,
        "metrics": [metric.id for metric in driver.metrics],
        "variants": list(driver.variants),
        "error": None,
    }


def _port_lines(present: tuple[Port, ...], seen: dict[str, Seen]) -> list[str]:
    if not present:
        return ["Ports: none found (plug an adapter in; devices on the network are named as tcp:HOST:PORT)"]
    return ["Ports", *(f"  {port.name}  {_about(port)}  {_outcome(seen.get(port.name))}".rstrip() for port in present)]


def _about(port: Port) -> str:
    if port.usb is None:
        return port.description
    usb = f"USB {port.usb.vendor_id:04x}:{port.usb.product_id:04x}"
    serial = f"no. {port.usb.serial_number}" if port.usb.serial_number else "without a serial number"
    return ", ".join(part for part in (port.maker, port.description, usb, serial) if part)


def _outcome(seen: Seen | None) -> str:
    if seen is None:
        return ""
    if seen.driver is None:
        return seen.answer.problem or "nothing answers"
    identity, settings = seen.answer.identity, seen.answer.settings
    said = f"answers as {seen.driver.name}" + (f": {identity}" if identity else "")
    notes = (
        "" if seen.driver.proof is Proof.EXACT else seen.driver.proof.value,
        f"its line is set to {settings.words}" if settings else "",
        f"it was on {seen.was_at}" if seen.was_at else "",
    )
    return "; ".join(part for part in (said, *notes) if part)


def _driver_lines(found: tuple[Found, ...]) -> list[str]:
    if not found:
        return ["Drivers: none installed"]
    return ["Drivers", *(line for row in found for line in _driver_text(row))]


def _driver_text(row: Found) -> list[str]:
    if row.driver is None:
        return [f"  {row.name}  {row.error}"]
    variants = f" (also {', '.join(f'{row.name}:{variant}' for variant in row.driver.variants)})" if row.driver.variants else ""
    proof = row.driver.proof.value
    return [f"  {row.name}  {row.driver.kind.value}  {row.driver.title}{variants}  [{proof}]", f"      {row.driver.standing}"]
