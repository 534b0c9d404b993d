"""``bedside devices``: ports and what answers on them, devices on the network, drivers. Remembers who answered; changes no more."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence

from app.finding import SLOWEST_S, Findings, Heard, Seen, known_devices, search
from app.settings import data_folder
from devices.driver import Proof
from devices.registry import Found, drivers
from devices.transports.ports import Port, ports


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Each port is listened to with every driver's settings in turn, ten seconds in all; where nothing talks by itself, "
        "each driver asks what its allow-list names. In the same time devices that announce themselves on the network are heard. "
        "A device is remembered by its adapter and by what it said, not by its port's name."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--no-probe", action="store_true", help="only list; open no port")


def run(args: argparse.Namespace) -> int:
    """Never raises for a port or driver that fails: that is part of the answer."""
    found = drivers()
    present = ports()
    installed = [row.driver for row in found if row.driver is not None]
    if not args.no_probe and sys.stderr.isatty():
        print(f"listening on {len(present)} ports and on the network, {SLOWEST_S:g} s at most ...", file=sys.stderr)
    told = Findings() if args.no_probe else search(present, installed, known_devices(data_folder()))
    for trouble in told.troubles:
        print(f"bedside: {trouble}", file=sys.stderr)
    if args.json:
        print(json.dumps(_as_object(present, told, found), ensure_ascii=False, indent=2))
    else:
        heard = [] if args.no_probe else [*_network_lines(told.network), ""]
        print("\n".join([*_port_lines(present, told.ports), "", *heard, *_driver_lines(found)]))
    return 0


def _as_object(present: tuple[Port, ...], told: Findings, found: tuple[Found, ...]) -> dict[str, object]:
    return {
        "ports": [_port_object(port, told.ports.get(port.name, Seen())) for port in present],
        "network": [_heard_object(heard) for heard in told.network],
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


def _heard_object(heard: Heard) -> dict[str, object]:
    return {
        "address": heard.address,
        "driver": heard.name,
        "identity": heard.identity or None,
        "proof": heard.driver.proof.value,
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


def _port_lines(present: tuple[Port, ...], seen: Mapping[str, Seen]) -> list[str]:
    if not present:
        return ["Ports: none found (plug an adapter in; devices on the network are named as tcp:HOST:PORT)"]
    return ["Ports", *(f"  {port.name}  {_about(port)}  {_outcome(seen.get(port.name))}".rstrip() for port in present)]


def _network_lines(network: Sequence[Heard]) -> list[str]:
    if not network:
        return ["Network: no device announces itself (one that does not is named as tcp:HOST:PORT or udp:HOST:PORT)"]
    return ["Network", *(f"  {heard.address}  {_announced(heard)}" for heard in network)]


def _announced(heard: Heard) -> str:
    said = f"announces itself: {heard.identity}" if heard.identity else "announces itself"
    proof = "" if heard.driver.proof is Proof.EXACT else heard.driver.proof.value
    return "; ".join(part for part in (said, f"read it as {heard.name}", proof) if part)


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
