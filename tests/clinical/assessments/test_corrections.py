"""Late entries keep both times; a correction keeps what was there, who, when and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.assessments.corrections import Changed, numbered, standing
from clinical.assessments.rounds import ITEMS, refusal_of
from clinical.commands import RecordAssessment
from clinical.instant import Instant
from clinical.metrics import HEART_RATE, SPO2
from clinical.refusals import refusal
from tests.storage.made_case import made_setup

START = Instant(0, 1_772_352_000_000_000_000)


def made(minutes: float, *scores: tuple[str, int], corrects: int | None = None, reason: str = "", by: str = "A") -> RecordAssessment:
    return RecordAssessment(event_at=START.plus(60 * minutes), scores=scores, corrects=corrects, reason=reason, by=by)


def entered(minutes: float, assessment: RecordAssessment) -> tuple[Instant, RecordAssessment]:
    return START.plus(60 * minutes), assessment


def test_a_late_entry_keeps_both_times() -> None:
    (one,) = standing([entered(25, made(10, ("pain at rest", 4)))])
    assert (one.assessment.event_at, one.entered_at, one.late_s) == (START.plus(600), START.plus(1500), 900)


def test_a_correction_keeps_the_old_value_who_when_and_why() -> None:
    first = made(10, ("pain at rest", 9), ("RASS", 0))
    second = made(10, ("pain at rest", 6), ("nausea", 1), corrects=1, reason="misheard", by="B")
    old, new = numbered([entered(10, first), entered(14, second)])
    assert (old.assessment, old.replaced_by) == (first, 2)
    assert (new.assessment.by, new.entered_at, new.assessment.reason) == ("B", START.plus(840), "misheard")
    assert new.changed == (
        Changed(item="pain at rest", old=9, new=6),
        Changed(item="RASS", old=0, new=None),
        Changed(item="nausea", old=None, new=1),
    )
    assert standing([entered(10, first), entered(14, second)]) == (new,)


def test_a_correction_of_a_correction_names_the_latest() -> None:
    taken = [
        entered(10, made(10, ("pain at rest", 9))),
        entered(11, made(10, ("pain at rest", 6), corrects=1, reason="misheard")),
        entered(12, made(10, ("pain at rest", 7), corrects=2, reason="asked again")),
    ]
    assert [one.assessment.scores for one in standing(taken)] == [(("pain at rest", 7),)]


@pytest.mark.parametrize("number", [2, 3])
def test_a_correction_of_what_is_not_there_replaces_nothing(number: int) -> None:
    taken = [entered(10, made(10, ("pain at rest", 9))), entered(11, made(11, ("pain at rest", 6), corrects=number, reason="x"))]
    assert len(standing(taken)) == 2


def test_of_two_corrections_of_one_entry_both_are_kept() -> None:
    taken = [
        entered(10, made(10, ("pain at rest", 9))),
        entered(11, made(10, ("pain at rest", 6), corrects=1, reason="x", by="A")),
        entered(12, made(10, ("pain at rest", 5), corrects=1, reason="x", by="B")),
    ]
    assert [one.assessment.by for one in standing(taken)] == ["A", "B"]


@given(st.lists(st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(1, 12))), max_size=12))
def test_nothing_is_ever_lost(entries) -> None:
    taken = [
        entered(300 + place, made(minute, ("pain at rest", 1), corrects=old, reason="x")) for place, (minute, old) in enumerate(entries)
    ]
    kept = numbered(taken)
    assert [(one.entered_at, one.assessment) for one in kept] == taken
    replaced = [one.replaced_by for one in kept if one.replaced_by is not None]
    assert len(standing(taken)) == len(taken) - len(replaced)
    assert len(replaced) == len(set(replaced))


REFUSED = [
    (made(1, ("pain at rest", 11)), "pain at rest: 11 is off the scale; allowed is 0 to 10"),
    (made(1, ("RASS", -6)), "RASS: −6 is off the scale; allowed is −5 to +4"),
    (made(1, ("dizzy", 4)), "dizzy: 4 is off the scale; allowed is 0 to 3"),
    (made(1, ("nausea", 1), ("nausea", 2)), "nausea is answered twice in one assessment"),
    (made(1, ("nausea", 1), corrects=1), "say why the assessment is corrected"),
    (made(1, ("nausea", 1), corrects=0, reason="x"), "there is no assessment 0 to correct"),
    (
        RecordAssessment(event_at=START, scores=(), vitals=((HEART_RATE, 80.0), (SPO2, 180.0))),
        "SpO₂: 180 % cannot be; allowed is 0 to 100",
    ),
]


@pytest.mark.parametrize(("assessment", "why"), REFUSED)
def test_what_cannot_be_is_refused_in_one_sentence(assessment: RecordAssessment, why: str) -> None:
    setup = made_setup()
    assert refusal_of(assessment) == why
    assert refusal(assessment.event_at, assessment, setup, setup.preset) == why


def test_every_item_takes_its_own_ends_and_a_sites_own_item_is_taken_as_it_is() -> None:
    for scale in ITEMS.values():
        assert refusal_of(made(1, (scale.name, scale.low))) == refusal_of(made(1, (scale.name, scale.high))) == ""
    assert refusal_of(made(1, ("a question of this site", 99))) == ""
