"""The ledger closes to zero, or says by how much not."""

from __future__ import annotations

import pytest

from clinical.dosing.ledger import EntryKind, Ledger, LedgerEntry, LedgerError
from clinical.dosing.quantities import Drug
from tests.clinical.bed import T0

OPENED, ADDED, GIVEN, RETURNED, WASTED = EntryKind


def entry(kind: EntryKind, mg: float, **fields: object) -> LedgerEntry:
    usual: dict[str, object] = {"at": T0, "kind": kind, "mg": mg, "by": "A. Nurse", "witness": "B. Nurse" if kind is WASTED else ""}
    return LedgerEntry(**(usual | fields))  # type: ignore[arg-type]


def ledger(*entries: LedgerEntry) -> Ledger:
    made = Ledger(drug=Drug.KETAMINE)
    for line in entries:
        made = made.with_entry(line)
    return made


@pytest.mark.parametrize(
    ("entries", "left", "text"),
    [
        ([(OPENED, 100), (GIVEN, 85), (WASTED, 15)], 0, "closes to zero"),
        ([(OPENED, 0.3), (GIVEN, 0.1), (WASTED, 0.2)], 0, "closes to zero"),
        ([(OPENED, 100), (ADDED, 50), (GIVEN, 85), (RETURNED, 50), (WASTED, 15)], 0, "closes to zero"),
        ([(OPENED, 100), (GIVEN, 85), (WASTED, 12.5)], 2.5, "2.5 mg not accounted for"),
        ([(OPENED, 100), (GIVEN, 85), (WASTED, 18)], -3, "3 mg more accounted for than there was"),
        ([(OPENED, 100)], 100, "100 mg not accounted for"),
        ([], 0, "closes to zero"),
    ],
)
def test_balance(entries, left, text):
    balance = ledger(*(entry(kind, mg) for kind, mg in entries)).balance()
    assert balance.left_mg == pytest.approx(left, abs=1e-12)
    assert balance.closes == (left == 0)
    assert balance.text() == text


def test_what_is_only_bounded_is_said():
    balance = ledger(entry(OPENED, 100), entry(GIVEN, 80, low_mg=78, high_mg=90), entry(WASTED, 12)).balance()
    assert (balance.left_mg, balance.low_mg, balance.high_mg) == (8, -2, 10)
    assert balance.text() == "8 mg not accounted for; within what is not known of the infusion"


def test_a_correction_replaces_and_both_stay():
    made = ledger(entry(OPENED, 100), entry(GIVEN, 8.5), entry(GIVEN, 85, corrects=1), entry(WASTED, 15))
    assert made.balance().closes
    assert len(made.entries) == 4
    assert [line.mg for line in made.standing] == [100, 85, 15]
    assert made.balance().sums_mg[GIVEN] == 85


@pytest.mark.parametrize(
    ("before", "line", "words"),
    [
        ([], entry(GIVEN, 5), "not open"),
        ([entry(OPENED, 100)], entry(OPENED, 50), "what comes later is added"),
        ([entry(OPENED, 100)], entry(WASTED, 5, witness=""), "needs a witness"),
        ([entry(OPENED, 100)], entry(WASTED, 5, witness="a. nurse "), "another person"),
        ([entry(OPENED, 100)], entry(GIVEN, 5, by=" "), "who signs"),
        ([entry(OPENED, 100)], entry(GIVEN, -5), "needed is a number from 0 up"),
        ([entry(OPENED, 100)], entry(GIVEN, 5, high_mg=float("nan")), "needed is a number from 0 up"),
        ([entry(OPENED, 100)], entry(GIVEN, 5, corrects=0), "keeps its kind: opened, not given"),
        ([entry(OPENED, 100)], entry(GIVEN, 5, corrects=7), "entry 8 is not there"),
        ([entry(OPENED, 100), entry(OPENED, 90, corrects=0)], entry(OPENED, 80, corrects=0), "was corrected already"),
    ],
)
def test_entries_that_cannot_be(before, line, words):
    made = ledger(*before)
    with pytest.raises(LedgerError, match=words):
        made.with_entry(line)
    assert len(made.entries) == len(before)
