"""What was given, with what came of it, from values made by hand."""

from __future__ import annotations

from dataclasses import replace

from clinical.report.medication import medication
from clinical.report.told import CuffReading, Entry
from tests.clinical.report.test_summary import REPORT


def given(at_s: float, text: str, **more: object) -> Entry:
    return replace(Entry(at_s=at_s, entered_s=at_s, kind="medication", text=text), **more)  # type: ignore[arg-type]


CUFFS = (CuffReading(at_s=1700, sys=171, dia=95), CuffReading(at_s=2520, sys=148, dia=88), CuffReading(at_s=3300, dia=80))


def test_each_thing_given_is_told_with_the_change_up_to_the_next():
    entries = (given(1800, "clonidine 0.1 mg PO"), given(2400, "oxygen 2 L/min"), replace(given(2500, "calm"), kind="note"))
    told = medication(replace(REPORT, cuffs=CUFFS, entries=entries))
    assert [(one.entry.text, one.afterwards) for one in told] == [("clonidine 0.1 mg PO", ""), ("oxygen 2 L/min", "")]
    alone = medication(replace(REPORT, cuffs=CUFFS, entries=entries[:1]))
    assert [one.afterwards for one in alone] == ["SBP 171 → 148 in 12 min"]


def test_what_was_corrected_is_told_as_corrected():
    entries = (given(1800, "clonidine 1 mg PO", number=1, replaced_by=2), given(1800, "clonidine 0.1 mg PO", number=2, corrects=1))
    assert [one.entry.text for one in medication(replace(REPORT, cuffs=CUFFS, entries=entries))] == ["clonidine 0.1 mg PO"]


def test_where_nothing_was_given_nothing_is_told():
    assert medication(replace(REPORT, cuffs=CUFFS)) == []
