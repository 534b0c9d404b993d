"""The inside of a BCC answer: ``time "," address "," parameter "," value``, separated by RS. Knows no meaning of a parameter.

Only parameters that are asked for are decoded: what the patient is called, weighs or is numbered (PATID, PATW, INPATW, …)
leaves this file neither as text nor as bytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from devices.drivers.bcc.frames import RS

GENERAL = "50100"
NO_VALUE = frozenset({b"_NV", b"_NA"})
"""No value, and temporarily none. Neither is zero: such a parameter counts as not told."""

_ADDRESS = re.compile(r"501([1-3])(?:([1-9A-O])|(\d\d))\Z")
_VERSION = re.compile(rb"V\d+\.\d+\Z")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the rack: pillar 1 to 3, slot 1 to 24 counted from the bottom."""

    pillar: int
    slot: int

    @property
    def label(self) -> str:
        return f"slot {self.pillar}.{self.slot}"


@dataclass(frozen=True, slots=True)
class Report:
    """What one frame said.

    Attributes:
        pumps: of each pump, parameter and value as text; parameters without a value are left out.
        general: the same of the device that serves the rack.
        errors: numbers after GNERR, with the place of the pump where one is named.
        version: of the protocol, where this frame told it.
    """

    pumps: dict[Place, dict[str, str]] = field(default_factory=dict)
    general: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[Place | None, str]] = field(default_factory=list)
    version: str = ""


def place_of(address: str) -> Place | None:
    """Five characters (slot 1–9, A–O for 10–24) or six (slot in two digits, seen from BCC 3.30); None for any other address."""
    found = _ADDRESS.match(address)
    if found is None:
        return None
    slot = int(found[3]) if found[3] else "0123456789ABCDEFGHIJKLMNO".index(found[2])
    return Place(int(found[1]), slot) if 1 <= slot <= 24 else None


def read_quads(information: bytes, wanted: Collection[str]) -> Report:
    """The report in a frame's information. A value may hold commas: only the first three separate."""
    report = Report()
    version = ""
    for quad in information.split(RS):
        fields = quad.split(b",", 3)
        if len(fields) == 3 and _VERSION.match(fields[2]):
            version = fields[2].decode("ascii")
        elif len(fields) == 4:
            _keep(report, fields[1].decode("ascii", "replace"), fields[2].decode("ascii", "replace"), fields[3], wanted)
    return Report(report.pumps, report.general, report.errors, version)


def _keep(report: Report, address: str, parameter: str, value: bytes, wanted: Collection[str]) -> None:
    place = place_of(address)
    if place is None and address != GENERAL:
        return
    if parameter == "GNERR":
        report.errors.append((place, value.decode("ascii", "replace")))
    elif parameter in wanted:
        told = report.general if place is None else report.pumps.setdefault(place, {})
        if value not in NO_VALUE:
            told[parameter] = value.decode("utf-8", "replace")
