"""The table of docs/devices.md, made from the drivers that are installed.

    python -m bench.device_table [--check]

writes the table between its two marks in the page, and leaves the rest of the page alone; ``--check`` writes nothing and exits 1 if the
page does not say what the drivers say.
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path

from devices.driver import DeviceKind, Driver
from devices.registry import GROUP, OUR_DISTRIBUTION, find

PAGE = Path(__file__).parents[1] / "docs" / "devices.md"
BEGIN, END = "<!-- made by python -m bench.device_table -->", "<!-- end -->"
HEAD = "| name | device | numbers | waveforms | line | proof | by what |\n|---|---|---|---|---|---|---|"


def our_drivers() -> list[Driver]:
    """Those that this program brings, by name. A driver of another package is no part of our documents."""
    points = entry_points(group=GROUP)
    return [
        find(name)[0] for name in sorted({point.name for point in points if point.dist is not None and point.dist.name == OUR_DISTRIBUTION})
    ]


def row(driver: Driver) -> str:
    numbers = ", ".join(dict.fromkeys(metric.label for metric in driver.metrics if not metric.waveform))
    waves = ", ".join(dict.fromkeys(metric.label for metric in driver.metrics if metric.waveform))
    if driver.kind is DeviceKind.PUMP and not numbers:
        numbers = "state, rate, volumes, alarms"
    ways = ("" if driver.network_only else driver.serial.words, f"TCP {driver.tcp_port}" if driver.tcp_port else "")
    line = "; ".join(way for way in ways if way) or "network"
    name = f"[`{driver.name}`](devices/{driver.name}.md)"
    cells = (name, driver.title, numbers or "–", waves or "–", line, driver.proof.value, driver.standing)
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def table() -> str:
    return "\n".join([HEAD, *(row(driver) for driver in our_drivers())])


def renewed(page: str) -> str:
    """The page with the table of today. Raises ValueError if a mark is missing."""
    return put_between(page, BEGIN, END, table())


def put_between(page: str, begin: str, end: str, made: str) -> str:
    """The page with what was made between two marks. Raises ValueError if one is missing."""
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{PAGE.name} lacks the marks between which the table stands")
    return f"{before}{begin}\n\n{made}\n\n{end}{after}"


def listed(page: str) -> set[str]:
    """The drivers that the page's table has a row for."""
    return set(re.findall(r"^\| \[`([a-z0-9-]+)`\]", page, re.MULTILINE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    if not args.check:
        PAGE.write_text(renewed(page), encoding="utf-8")
    elif renewed(page) != page:
        sys.exit(f"{PAGE} is not up to date: run python -m bench.device_table")


if __name__ == "__main__":
    main()
