"""The observation rows (OBX) of a message in their groups (OBR), as they stand: fields by name. No code is known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from devices.drivers.hl7.message import LONGEST_KEPT, ROWS_KEPT, Message, Segment
from devices.drivers.hl7.stamps import Stamp, stamp_of

MDC_SYSTEMS = frozenset({"", "MDC"})
"""A row that names no coding system is read as MDC: the numbers are the widest known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One OBX.

    Attributes:
        code, name, system: OBX-3.
        place: OBX-4, the numbers of device, part, channel and item.
        values: OBX-5, the components of each repetition.
        units: OBX-6, every component that might name the unit.
        flags: OBX-8, upper case.
        status: OBX-11.
        time: OBX-14.
        aperiodic: OBX-17 says that it is measured now and then (Mindray; other senders in OBX-13 or OBX-20).
        device: OBX-18.
    """

    code: str
    name: str
    system: str
    place: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    flags: frozenset[str]
    status: str
    time: Stamp | None
    aperiodic: bool
    device: str

    @property
    def mdc(self) -> int | None:
        """The number in the nomenclature of ISO/IEEE 11073; None in another system."""
        return (
            int(self.code) if self.system in MDC_SYSTEMS and self.code.isascii() and self.code.isdigit() and len(self.code) < 10 else None
        )

    @property
    def value(self) -> str:
        """The first component that is not empty: coded values may leave the code out and give the name alone."""
        return next((part for part in self.values[0] if part), "")


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one OBR, and its OBR-7."""

    time: Stamp | None
    rows: tuple[Row, ...]


def groups_of(message: Message) -> list[Group]:
    """The message's groups in order; rows before the first OBR form one without a time."""
    found: list[tuple[Stamp | None, list[Row]]] = [(None, [])]
    for segment in message.segments:
        if segment.name == "OBR":
            found.append((stamp_of(segment.component(7, 1)), []))
        elif segment.name == "OBX":
            row = _row_told_before(segment) if segment.length <= LONGEST_KEPT else _row(segment)
            found[-1][1].append(row)
    return [Group(time, tuple(rows)) for time, rows in found if rows]


def _row(obx: Segment) -> Row:
    code, name, system = (*obx.components(3), "", "", "")[:3]
    return Row(
        code=code,
        name=name,
        system=system.upper(),
        place=tuple([part for part in obx.component(4, 1).split(".") if part]),
        values=tuple(obx.repetitions(5)),
        units=tuple([part for part in obx.components(6) if part]),
        flags=frozenset([part.upper() for parts in obx.repetitions(8) for part in parts if part]),
        status=obx.component(11, 1).upper(),
        time=stamp_of(obx.component(14, 1)),
        aperiodic=any(_says(obx.components(field), "APERIODIC") for field in (13, 17, 20) if obx.field(field)),
        device=obx.component(18, 1),
    )


_row_told_before = lru_cache(ROWS_KEPT)(_row)
"""As its segment: most are told again to the letter."""


def _says(parts: Sequence[str], word: str) -> bool:
    return any(part.upper() == word for part in parts)
