"""The second table of docs/devices.md: what proves each driver, by tests that are run for it.

    python -m bench.device_proofs [--check]

runs the tests that ``tests/devices/proofs.toml`` names by the origin of their bytes, and writes how many passed. It exits 1 and writes
nothing if one failed or is not there. ``--check`` runs none: it exits 1 if a driver has no row, or a test that is named does not exist.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bench.device_table import PAGE, our_drivers, put_between
from devices.driver import Driver

TESTS = Path(__file__).parents[1] / "tests" / "devices"
PROOFS = TESTS / "proofs.toml"
BEGIN, END = "<!-- made by python -m bench.device_proofs -->", "<!-- end of proofs -->"
ORIGINS = {"vendor": "printed by the maker", "recorded": "recorded from devices", "others": "from others' programs", "ours": "our own"}
HEAD = f"| name | alarm codes | {' | '.join(ORIGINS.values())} | simulator | tried with a program of others |\n|{'---|' * 8}"


class ProofError(Exception):
    """The table cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What ``proofs.toml`` says of a driver: tests by origin, tests with a program of others by its name, tables of alarm codes."""

    tests: Mapping[str, tuple[str, ...]]
    clients: Mapping[str, str]
    alarms: tuple[str, ...]

    def all_tests(self) -> Iterator[str]:
        for tests in self.tests.values():
            yield from tests
        yield from self.clients.values()


def proofs() -> dict[str, Proof]:
    """By the driver's name. Raises ProofError for an origin that there is not."""
    found = {}
    for name, row in tomllib.loads(PROOFS.read_text(encoding="utf-8")).items():
        if unknown := row.keys() - ORIGINS.keys() - {"client", "alarms"}:
            raise ProofError(f"{PROOFS.name}: {name} has {', '.join(sorted(unknown))}; there are: {', '.join(ORIGINS)}, client, alarms")
        tests = {origin: tuple(row.get(origin, ())) for origin in ORIGINS}
        found[name] = Proof(tests, row.get("client", {}), tuple(row.get("alarms", ())))
    return found


def missing_tests() -> list[str]:
    """Of the tests that are named, those that no file has."""
    named = sorted({test for proof in proofs().values() for test in proof.all_tests()})
    return [test for test in named if not _is_there(test)]


def _is_there(test: str) -> bool:
    file, _, function = test.partition("[")[0].partition("::")
    path = TESTS / file
    return path.is_file() and f"def {function}(" in path.read_text(encoding="utf-8") if function else path.is_file()


def alarm_codes(table: str) -> int:
    """How many rows a table of a driver has: "dri.alerts:ALERTS"."""
    module, _, name = table.partition(":")
    return _rows(getattr(import_module(f"devices.drivers.{module}"), name))


def _rows(table: Any) -> int:
    if isinstance(table, Mapping):
        return sum(_rows(row) for row in table.values())
    return len(table) if isinstance(table, list | tuple) and all(map(is_dataclass, table)) else 1


def results(proof: Mapping[str, Proof]) -> dict[str, str]:
    """Each test that was run, as named from ``TESTS`` with its parameter, and how it ended. Raises ProofError where one failed."""
    files = sorted({test.partition("::")[0] for one in proof.values() for test in one.all_tests()})
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "-o", "junit_family=xunit1"]
        done = subprocess.run([*words, *(str(TESTS / file) for file in files)], check=False, capture_output=True, text=True)
        if done.returncode:
            raise ProofError(f"a test failed, nothing is written:\n{done.stdout[-2000:]}")
        cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - written by the line above
        return {_named(case): "skipped" if case.find("skipped") is not None else "passed" for case in cases}


def _named(case: ET.Element) -> str:
    path = Path(case.get("file", "")).as_posix()
    return f"{path.partition('tests/devices/')[2]}::{case.get('name')}"


def _counted(tests: tuple[str, ...], ended: Mapping[str, str]) -> str:
    """How many of them passed, and how many were skipped."""
    counts: Counter[str] = Counter()
    for test in tests:
        of_it = [how for name, how in ended.items() if name == test or (name.startswith((f"{test}[", f"{test}::")) and "[" not in test)]
        if not of_it:
            raise ProofError(f"{PROOFS.name}: no test is {test}")
        counts.update(of_it)
    skipped = f" ({counts['skipped']} skipped)" if counts["skipped"] else ""
    return f"{counts['passed']}{skipped}" if counts else "–"


def row(driver: Driver, proof: Proof, ended: Mapping[str, str]) -> str:
    codes = sum(map(alarm_codes, proof.alarms))
    simulator = f"yes, {len(driver.variants) + 1} forms" if driver.variants else "yes"
    cells = (
        f"`{driver.name}`",
        str(codes) if codes else "the device's own words",
        *(_counted(proof.tests[origin], ended) for origin in ORIGINS),
        simulator,
        ", ".join(name if _counted((test,), ended) == "1" else f"{name} (skipped)" for name, test in proof.clients.items()) or "–",
    )
    return f"| {' | '.join(cells)} |"


def table() -> str:
    """Raises ProofError."""
    known = proofs()
    if without := [driver.name for driver in our_drivers() if driver.name not in known]:
        raise ProofError(f"{PROOFS.name} says nothing of {', '.join(without)}")
    ended = results(known)
    return "\n".join([HEAD, *(row(driver, known[driver.name], ended) for driver in our_drivers())])


def listed(page: str) -> set[str]:
    """The drivers that the table in the page has a row for."""
    return set(re.findall(r"^\| `([a-z0-9-]+)` \|", page.partition(BEGIN)[2].partition(END)[0], re.MULTILINE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    page = PAGE.read_text(encoding="utf-8")
    try:
        if not parser.parse_args().check:
            PAGE.write_text(put_between(page, BEGIN, END, table()), encoding="utf-8")
            return
        absent = missing_tests()
    except ProofError as error:
        sys.exit(str(error))
    if absent or listed(page) != {driver.name for driver in our_drivers()}:
        sys.exit(f"{PAGE.name} is not up to date, run python -m bench.device_proofs; no such tests: {', '.join(absent) or 'none'}")


if __name__ == "__main__":
    main()
