"""The chart: nothing is taken out of it, a correction takes the place of one entry, and of two nurses the second is told of the first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.alarms.conditions import FUSED
from clinical.alarms.finding import Finding
from clinical.assessments.body_map import PARTS, View
from clinical.assessments.chart import Chart, Entry, Series, is_struck
from clinical.assessments.charted import OTHER_SIDE, outlines_of, problems_of
from clinical.assessments.limbs import Limb
from clinical.assessments.pain_drawing import PainDrawing, Region
from clinical.assessments.told import CSS16, answers_of, brief_of
from clinical.commands import EventKind, RecordAssessment, RecordEvent
from clinical.forms import Outline, Phase, RecordExamination, RecordIntake, RecordRecovery
from clinical.metrics import HEART_RATE, NIBP_SYS
from clinical.observations import PumpState
from tests.clinical.bed import T0, Bed, preset

HAND = PainDrawing(regions=(Region(view=View.FRONT, points=PARTS[View.FRONT]["right hand"]),))


def event(minute: float, text: str, *, kind: EventKind = EventKind.MEDICATION, corrects: int | None = None, by: str = "A") -> RecordEvent:
    reason = "" if corrects is None else "misread"
    return RecordEvent(kind=kind, event_at=T0.plus(60 * minute), text=text, corrects=corrects, by=by, reason=reason)


def scored(minute: float, score: int, *, item: str = "pain at rest", corrects: int | None = None, by: str = "A") -> RecordAssessment:
    scores = ((item, score),)
    reason = "" if corrects is None else "misheard"
    return RecordAssessment(event_at=T0.plus(60 * minute), scores=scores, corrects=corrects, by=by, reason=reason)


def examined(minute: float = 1, **answers: object) -> RecordExamination:
    told = RecordExamination(event_at=T0.plus(60 * minute), phase=Phase.BEFORE, limb="right arm", by="A")
    return replace(told, **answers)  # type: ignore[arg-type]


def chart_of(*entries: Entry) -> Chart:
    chart = Chart(T0)
    for second, entry in enumerate(entries):
        chart.take(T0.plus(3600 + second), entry)
    return chart


def test_events_rounds_and_forms_are_counted_apart() -> None:
    chart = chart_of(event(1, "a"), scored(2, 3), examined(3), event(4, "b"))
    assert [(one.series, one.number) for one in chart.all()] == [
        (Series.EVENT, 1),
        (Series.EVENT, 2),
        (Series.ROUND, 1),
        (Series.FORM, 1),
    ]


def test_a_correction_stands_with_the_old_one_beside_it() -> None:
    chart = chart_of(event(5, "8 mg"), event(3, "other"), event(5, "4 mg", corrects=1, by="B"), event(5, "2 mg", corrects=3, by="C"))
    assert [event.text for event in chart.events()] == ["other", "2 mg"]
    latest = chart.standing(Series.EVENT)[-1]
    assert [old.entry.by for old in chart.trail(latest)] == ["B", "A"]
    assert len(chart.all()) == 4


def test_one_without_content_strikes_out_and_stays_in_the_list() -> None:
    chart = chart_of(event(5, "8 mg"), event(5, "", corrects=1), scored(2, 3), scored(2, 3, corrects=1))
    struck = replace(scored(2, 3, corrects=2), scores=())
    chart.take(T0.plus(9999), struck)
    assert chart.standing() == ()
    assert [is_struck(one.entry) for one in chart.latest()] == [True, True]
    assert (brief_of(struck), answers_of(struck)) == ("struck out", ())


def test_what_is_called_a_correction_keeps_the_kind_of_what_it_replaced() -> None:
    chart = chart_of(event(5, "10 mg", kind=EventKind.BOLUS), event(5, "20 mg", kind=EventKind.CORRECTION, corrects=1))
    assert [event.text for event in chart.events(EventKind.BOLUS)] == ["20 mg"]


REFUSED = [
    (event(1, "x", corrects=2), "there is no event 2 to correct"),
    (scored(1, 3, corrects=7), "there is no round 7 to correct"),
    (replace(event(1, "x", corrects=1), reason=" "), "say why event 1 is corrected"),
    (RecordIntake(event_at=T0, corrects=1, reason="x"), "form 1 is of another kind: a correction keeps it"),
    (event(-2, "x"), "the entry is dated 2 min before the case began: check its time"),
    (event(1, "x", corrects=1), ""),
    (event(-0.5, "x"), ""),
]


@pytest.mark.parametrize(("entry", "why"), REFUSED)
def test_what_cannot_be_corrected_is_told_in_one_sentence(entry: Entry, why: str) -> None:
    assert chart_of(event(1, "a"), examined(1)).refusal(entry) == why


def test_of_two_nurses_the_second_is_told_who_was_first_and_nothing_is_lost() -> None:
    bed = Bed()
    bed.start()
    bed.do(scored(0, 9))
    assert bed.do(scored(0, 6, corrects=1, by="B")).refused == ""
    assert bed.do(scored(0, 5, corrects=1, by="C")).refused == "round 1 was corrected meanwhile by B: look at it again"
    assert bed.do(scored(0, 5, corrects=2, by="C")).refused == ""


def test_a_corrected_stop_is_no_stop_any_more() -> None:
    bed = Bed()
    bed.start()
    bed.each_second(5, lambda: bed.pump(PumpState.INFUSING, rate_ml_per_h=5.0))
    bed.do(event(0, "Stop", kind=EventKind.STOP))
    bed.each_second(150, lambda: bed.pump(PumpState.PAUSED, rate_ml_per_h=0.0))
    quiet = set(bed.alarms)
    bed.do(event(0, "", kind=EventKind.CORRECTION, corrects=1))
    bed.each_second(150, lambda: bed.pump(PumpState.PAUSED, rate_ml_per_h=0.0))
    assert any("not-infusing" in name for name in set(bed.alarms) - quiet)


def test_a_score_that_was_wrong_raises_no_alarm_after_it_is_corrected() -> None:
    bed = Bed()
    name = "pressure and sedation rise"
    bed.start(preset=replace(preset(), fused=(name,)))
    bed.numeric(NIBP_SYS, 120)
    bed.do(scored(0, 0, item="RASS"))
    bed.each_second(60)
    bed.numeric(NIBP_SYS, 150)
    bed.do(scored(1, -3, item="RASS"))
    fused = Finding(row=FUSED, code=name).id
    bed.each_second(30)
    assert fused in bed.alarms
    bed.do(scored(1, 0, item="RASS", corrects=2))
    bed.each_second(30)
    assert fused not in bed.alarms or bed.alarms[fused].presence.value != "on"


PROBLEMS = [
    (
        examined(amputated=True, pain=4, signs=(("colour", True),)),
        "amputated",
        "the right arm is amputated: only phantom pain can be charted, not pain, signs",
    ),
    (examined(amputated=True, outlines=outlines_of(HAND), drawn=True), "drawing", "which is amputated"),
    (examined(limb=""), "limb", "choose the limb"),
    (examined(opposite_temperature_c=62.0), OTHER_SIDE, "62 °C cannot be"),
    (examined(opposite_amputated=True, opposite_temperature_c=30.0), OTHER_SIDE, "the limb is amputated"),
    (examined(outlines=(Outline(view="front", points=((0, 0), (0, 0), (0, 0))),)), "drawing", "three points"),
    (examined(outlines=(Outline(view="above", points=((0, 0), (0, 1), (1, 0))),)), "drawing", "no view"),
    (RecordIntake(event_at=T0, limbs=("tail",)), "limb", "'tail' is none"),
    (RecordIntake(event_at=T0, answers=(("consent", "yes"), ("consent", "no"))), "checklist", "answered twice"),
    (RecordIntake(event_at=T0, baseline=((HEART_RATE, 999.0),)), "baseline", "cannot be"),
    (RecordRecovery(event_at=T0, aldrete=(("activity", 3),)), "aldrete", "off the scale"),
    (RecordRecovery(event_at=T0, padss=(("mood", 1),)), "padss", "has no item"),
]


@pytest.mark.parametrize(("form", "field", "why"), PROBLEMS)
def test_what_cannot_be_stands_by_its_field_and_is_refused_by_the_monitor(form, field: str, why: str) -> None:
    assert why in dict(problems_of(form))[field]
    bed = Bed()
    bed.start()
    assert why in bed.do(form).refused


def test_an_examination_is_told_with_its_score_and_its_area() -> None:
    form = examined(signs=(("allodynia", True), ("colour", False)), continuing_pain=True, outlines=outlines_of(HAND), drawn=True)
    assert problems_of(form) == ()
    told = {line.item: line for line in answers_of(form)}
    assert told[CSS16].number == 2
    assert told["sign: allodynia"].number == 1
    assert told["painful area"].number == pytest.approx(HAND.area_percent())
    assert HAND.limbs() == (Limb.RIGHT_ARM,)


def test_the_escort_is_there_as_the_last_form_that_stands_tells() -> None:
    def recovered(minute: float, *, escort: bool | None, corrects: int | None = None) -> RecordRecovery:
        reason = "" if corrects is None else "misread"
        return RecordRecovery(event_at=T0.plus(60 * minute), aldrete=(("activity", 2),), escort=escort, corrects=corrects, reason=reason)

    assert chart_of().escort() is None
    assert chart_of(recovered(1, escort=False), recovered(2, escort=True), recovered(3, escort=None)).escort() is True
    assert chart_of(recovered(1, escort=True), recovered(1, escort=False, corrects=1)).escort() is False
