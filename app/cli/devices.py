"""``bedside devices``: the ports there are and what answers on them; the drivers there are. Reads; changes nothing."""

from __future__ import annotations

import argparse
import json
import sys

from app.cli.probing import Answer, probe
from devices.registry import Found, drivers
from devices.transports.ports import Port, ports

BUDGET_S = 9.0
SLOWEST_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Each port is listened to with every driver's settings in turn, ten seconds in all; only allowed requests are sent."
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--no-probe", action="store_true", help="only list; open no port")


def run(args: argparse.Namespace) -> int:
    """Never raises for a port or driver that fails: that is part of the answer."""
    found = drivers()
    present = ports()
    usable = [row.driver for row in found if row.driver is not None and not row.driver.network_only]
    if not args.no_probe and present and sys.stderr.isatty():
        print(f"listening on {len(present)} ports, {SLOWEST_S:g} s at most ...", file=sys.stderr)
    answers = {} if args.no_probe else probe([port.name for port in present], usable, BUDGET_S)
    if args.json:
        print(json.dumps(_as_object(present, answers, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join([*_port_lines(present, answers), "", *_driver_lines(found)]))
    return 0


def _as_object(present: tuple[Port, ...], answers: dict[str, Answer], found: tuple[Found, ...]) -> dict[str, object]:
    return {
        "ports": [_port_object(port, answers.get(port.name, Answer())) for port in present],
        "drivers": [_driver_object(row) for row in found],
    }


def _port_object(port: Port, answer: Answer) -> dict[str, object]:
    usb = port.usb
    return {
        "name": port.name,
        "description": port.description,
        "usb": None if usb is None else {"vendor": f"{usb.vendor_id:04x}", "product": f"{usb.product_id:04x}", "serial": usb.serial_number},
        "answers": answer.driver or None,
        "identity": answer.identity or None,
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
        "standing": driver.standing,
        "variants": list(driver.variants),
        "error": None,
    }


def _port_lines(present: tuple[Port, ...], answers: dict[str, Answer]) -> list[str]:
    if not present:
        return ["Ports: none found (plug an adapter in; devices on the network are named as tcp:HOST:PORT)"]
    return ["Ports", *(f"  {port.name}  {_about(port)}  {_outcome(answers.get(port.name))}".rstrip() for port in present)]


def _about(port: Port) -> str:
    if port.usb is None:
        return port.description
    usb = f"USB {port.usb.vendor_id:04x}:{port.usb.product_id:04x}"
    return " ".join(part for part in (port.description, usb, port.usb.serial_number) if part)


def _outcome(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.driver:
        return f"answers as {answer.driver}" + (f": {answer.identity}" if answer.identity else "")
    return answer.problem or "nothing answers"


def _driver_lines(found: tuple[Found, ...]) -> list[str]:
    if not found:
        return ["Drivers: none installed"]
    return ["Drivers", *(line for row in found for line in _driver_text(row))]


def _driver_text(row: Found) -> list[str]:
    if row.driver is None:
        return [f"  {row.name}  {row.error}"]
    variants = f" (also {', '.join(f'{row.name}:{variant}' for variant in row.driver.variants)})" if row.driver.variants else ""
    return [f"  {row.name}  {row.driver.kind.value}  {row.driver.title}{variants}", f"      {row.driver.standing}"]
