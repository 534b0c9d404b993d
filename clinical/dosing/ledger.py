"""The controlled drug of one case: what was opened, added, given, returned and wasted, signed. Closes to zero, or says by how much not.

Entries are only ever added: a wrong one is corrected by another that names it, and both stay. Knows no screen and no record.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from clinical.dosing.quantities import Drug, displayed
from clinical.instant import Instant

CLOSES_WITHIN_MG = 0.05
"""What is smaller than the step of a syringe's scale closes. A proposal."""


class LedgerError(ValueError):
    """An entry that cannot be taken; the text says why and what is needed."""


class EntryKind(Enum):
    """Value: the sign with which the entry counts towards what is there."""

    OPENED = ("opened", 1)
    ADDED = ("added", 1)
    GIVEN = ("given", -1)
    RETURNED = ("returned", -1)
    WASTED = ("wasted", -1)

    @property
    def sign(self) -> int:
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One line.

    Attributes:
        low_mg, high_mg: where the amount is only bounded (given through silences of the pump); None: it is ``mg``.
        by, witness: who signed. Waste needs two different people.
        corrects: number of the entry, counted from 0, that this one replaces.
    """

    at: Instant
    kind: EntryKind
    mg: float
    by: str
    witness: str = ""
    low_mg: float | None = None
    high_mg: float | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How a ledger stands.

    Attributes:
        sums_mg: of each kind, corrections followed.
        left_mg: what should still be there: 0 at the end of a case.
        low_mg, high_mg: the same by the bounds of what is only bounded.
    """

    sums_mg: dict[EntryKind, float]
    left_mg: float
    low_mg: float
    high_mg: float

    @property
    def closes(self) -> bool:
        return abs(self.left_mg) <= CLOSES_WITHIN_MG

    def text(self) -> str:
        """As it stands under the ledger at the end."""
        if self.closes:
            return "closes to zero"
        amount = f"{displayed(abs(self.left_mg))} mg " + ("not accounted for" if self.left_mg > 0 else "more accounted for than there was")
        could = self.low_mg - CLOSES_WITHIN_MG <= 0 <= self.high_mg + CLOSES_WITHIN_MG
        return f"{amount}; within what is not known of the infusion" if could else amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The entries of one drug, in the order in which they were signed."""

    drug: Drug
    entries: tuple[LedgerEntry, ...] = ()

    def with_entry(self, entry: LedgerEntry) -> Ledger:
        """The ledger with one more line. Raises LedgerError."""
        _require(self.entries, entry)
        return Ledger(drug=self.drug, entries=(*self.entries, entry))

    @property
    def standing(self) -> tuple[LedgerEntry, ...]:
        """The entries that no later one replaced."""
        replaced = {entry.corrects for entry in self.entries}
        return tuple(entry for number, entry in enumerate(self.entries) if number not in replaced)

    def balance(self) -> Balance:
        """What should still be there."""
        standing = self.standing
        sums = {kind: math.fsum(entry.mg for entry in standing if entry.kind is kind) for kind in EntryKind}
        return Balance(
            sums_mg=sums,
            left_mg=math.fsum(entry.kind.sign * entry.mg for entry in standing),
            low_mg=math.fsum(min(_edges(entry)) for entry in standing),
            high_mg=math.fsum(max(_edges(entry)) for entry in standing),
        )


def _edges(entry: LedgerEntry) -> tuple[float, float]:
    low = entry.mg if entry.low_mg is None else entry.low_mg
    high = entry.mg if entry.high_mg is None else entry.high_mg
    return entry.kind.sign * low, entry.kind.sign * high


def _require(entries: Sequence[LedgerEntry], entry: LedgerEntry) -> None:
    """Raises LedgerError for an entry that cannot be."""
    amounts = (entry.mg, *(edge for edge in (entry.low_mg, entry.high_mg) if edge is not None))
    if not all(math.isfinite(amount) and amount >= 0 for amount in amounts):
        raise LedgerError(f"an amount of {entry.mg:g} mg cannot be; needed is a number from 0 up")
    if not entry.by.strip():
        raise LedgerError("an entry needs the name of who signs it")
    if entry.kind is EntryKind.WASTED and not _two_people(entry):
        raise LedgerError("waste needs a witness, who is another person than the one who wastes it")
    replaced = {earlier.corrects for earlier in entries}
    if entry.corrects is not None and (not 0 <= entry.corrects < len(entries) or entry.corrects in replaced):
        raise LedgerError(f"entry {entry.corrects + 1} is not there to be corrected, or was corrected already")
    if entry.corrects is not None and entries[entry.corrects].kind is not entry.kind:
        raise LedgerError(f"a correction keeps its kind: {entries[entry.corrects].kind.value[0]}, not {entry.kind.value[0]}")
    opened = [number for number, earlier in enumerate(entries) if earlier.kind is EntryKind.OPENED and number not in replaced]
    if entry.kind is EntryKind.OPENED and entry.corrects is None and opened:
        raise LedgerError("the ledger is open; what comes later is added")
    if entry.kind is not EntryKind.OPENED and not opened:
        raise LedgerError("the ledger is not open: sign the opening amount first")


def _two_people(entry: LedgerEntry) -> bool:
    by, witness = entry.by.strip().casefold(), entry.witness.strip().casefold()
    return bool(witness) and witness != by
