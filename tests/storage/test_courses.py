"""Cases read as days of treatment; follow-ups kept in the chain of their case."""

from __future__ import annotations

import pytest

from clinical.assessments.treated import FollowUp
from clinical.commands import EventKind, RecordAssessment, RecordEvent
from storage.cases import check_case, open_case
from storage.courses import FollowUpEntry, add_follow_ups, treated_days
from storage.errors import NoSuchCaseError, StoreRefusedError, StoreUnreachableError
from tests.storage.made_case import START, command, end, pump, record, start

WEEK_NS = 7 * 86_400 * 10**9


def score(second: float, *scores: tuple[str, int], corrects: int | None = None, event: float | None = None):
    at = START.plus(second if event is None else event)
    return command(second, RecordAssessment(event_at=at, scores=scores, corrects=corrects, reason="" if corrects is None else "misheard"))


def event(second: float, kind: EventKind, text: str, corrects: int | None = None):
    return command(second, RecordEvent(kind=kind, event_at=START.plus(second), text=text, corrects=corrects))


OUTCOMES = [
    start(),
    score(5, ("pain at rest", 9), ("CSS-16", 12)),
    pump(10),
    score(20, ("pain at rest", 7), ("nausea", 1)),
    event(21, EventKind.SIDE_EFFECT, "dizy"),
    event(22, EventKind.CORRECTION, "dizzy", corrects=1),
    score(30, ("pain at rest", 1), ("CSS-16", 7)),
    score(31, ("pain at rest", 4), ("CSS-16", 7), corrects=3, event=30),
    event(40, EventKind.STOP, "at the patient's request"),
    pump(3600),
    end(3700),
]


@pytest.fixture
def address(tmp_path) -> str:
    return record(tmp_path / "case.sqlite", iter(OUTCOMES))


def test_a_case_is_a_day_of_treatment(address) -> None:
    (day,) = treated_days(address)
    assert (day.label, day.day, day.started, day.weight_kg, day.drug, day.simulated, day.ended) == (
        "A.B.",
        1,
        START,
        68.5,
        "ketamine",
        True,
        True,
    )
    assert day.given_mg == 10.0
    assert (day.pain_before, day.pain_after) == (9, 4)
    assert (day.css16_before, day.css16_after) == (12, 7)
    assert day.side_effects == ("dizzy", "nausea")
    assert day.stops == ("at the patient's request",)


def entry(week: int = 4, pain: int = 5, *, case_id: int = 1, after_weeks: int = 4) -> FollowUpEntry:
    at_utc_ns = START.utc_ns + after_weeks * WEEK_NS
    return FollowUpEntry(case_id=case_id, follow_up=FollowUp(week=week, pain=pain), at_utc_ns=at_utc_ns, by="N")


def test_a_follow_up_is_kept_in_the_chain_of_its_case(address) -> None:
    add_follow_ups(address, [entry(1, 4, after_weeks=1), entry(4, 6)])
    assert check_case(address, 1).whole
    (day,) = treated_days(address)
    assert day.follow_ups == (FollowUp(week=1, pain=4), FollowUp(week=4, pain=6))
    assert (day.pain_before, day.pain_after) == (9, 4)
    with open_case(address, 1) as history:
        last = history.assessments()[-1].command
    assert isinstance(last, RecordAssessment)
    assert (last.scores, last.event_at.since(START), last.by) == ((("follow-up week", 4), ("pain at rest", 6)), 4 * WEEK_NS / 1e9, "N")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (entry(week=0), "week 0 cannot be; allowed is 1 to 104"),
        (entry(pain=11), "pain at rest: 11 is off the scale; allowed is 0 to 10"),
        (entry(after_weeks=0), "the follow-up is dated before the end of case 1: check the clock"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_the_rest_is_kept(address, wrong, why) -> None:
    with pytest.raises(StoreRefusedError, match=why):
        add_follow_ups(address, [entry(), wrong])
    assert treated_days(address)[0].follow_ups == ()
    assert check_case(address, 1).whole


def test_a_case_that_runs_or_is_not_there_takes_none(tmp_path) -> None:
    running = record(tmp_path / "running.sqlite", iter(OUTCOMES[:-1]))
    assert not treated_days(running)[0].ended
    with pytest.raises(StoreRefusedError, match="case 1 has not ended"):
        add_follow_ups(running, [entry()])
    with pytest.raises(NoSuchCaseError, match="there is no case 7"):
        add_follow_ups(running, [entry(case_id=7)])
    with pytest.raises(StoreUnreachableError):
        add_follow_ups(f"sqlite:///{tmp_path / 'none.sqlite'}", [entry()])
    assert not (tmp_path / "none.sqlite").exists()
