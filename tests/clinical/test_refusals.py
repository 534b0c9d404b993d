"""What is refused says why; what is not passes through."""

from __future__ import annotations

import pytest

from clinical.commands import Acknowledge, EndCase, EventKind, PauseAudio, RecordAssessment, RecordEvent, ResumeAudio, SetLimit
from clinical.metrics import ETCO2, HEART_RATE, SPO2
from tests.clinical.bed import T0, Bed

NOTE = RecordEvent(kind=EventKind.NOTE, event_at=T0, text="wakes")


def test_a_second_case_is_refused():
    bed = Bed()
    assert bed.start().refused == ""
    outcome = bed.start(bed="4")
    assert outcome.refused == "a case is running (bed 3, M. K.): end it first"
    assert (outcome.case, outcome.limits) == (None, None)


@pytest.mark.parametrize("change", [{"weight_kg": 0.0}, {"weight_kg": float("nan")}, {"concentration_mg_per_ml": -2.0}])
def test_a_case_that_cannot_be(change):
    assert "cannot be: enter it anew" in Bed().start(**change).refused


@pytest.mark.parametrize(
    "command",
    [EndCase(reason=""), SetLimit(metric=SPO2, low=85, high=None), NOTE, RecordAssessment(event_at=T0, scores=(("RASS", -1),))],
    ids=lambda command: type(command).__name__,
)
def test_without_a_case(command):
    assert Bed().do(command).refused == "no case is running: start one first"


@pytest.mark.parametrize("command", [Acknowledge(), Acknowledge(conditions=("limit:x",)), ResumeAudio(), PauseAudio(seconds=5)])
def test_what_is_always_fine(command):
    bed = Bed()
    assert bed.do(command).refused == ""
    bed.start()
    assert bed.do(command).refused == ""


def test_entries_pass_through_unless_they_are_dated_ahead_or_before_the_case():
    bed = Bed()
    bed.start()
    assert bed.do(NOTE).refused == ""
    early = RecordAssessment(event_at=T0.plus(-600), scores=(("pain at rest", 4),))
    assert bed.do(early).refused == "the entry is dated 10 min before the case began: check its time"
    assert bed.do(RecordAssessment(event_at=T0.plus(-45), scores=(("pain at rest", 4),))).refused == ""
    assert bed.do(RecordAssessment(event_at=T0.plus(60), scores=())).refused == ""
    ahead = RecordEvent(kind=EventKind.NOTE, event_at=T0.plus(300), text="")
    assert bed.do(ahead).refused == "the entry is dated 5 min in the future: check its time"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(120, 50, "must be below"), (50, 50, "must be below"), (50, 400, "allowed is 0 to 350 /min"), (50, float("nan"), "cannot be")],
)
def test_limits_that_cannot_be(low, high, words):
    bed = Bed()
    bed.start()
    outcome = bed.do(SetLimit(metric=HEART_RATE, low=low, high=high))
    assert words in outcome.refused
    assert outcome.limits is None


def test_a_metric_without_a_limit():
    bed = Bed()
    bed.start()
    assert bed.do(SetLimit(metric=ETCO2, low=20, high=50)).refused == "EtCO₂ has no limit in the preset test"
