"""The scores against the worked examples of their tables, and what is off a scale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.assessments.aldrete import ALDRETE, circulation_score
from clinical.assessments.budapest import CLINICAL, RESEARCH, Category, Rule, budapest
from clinical.assessments.css16 import SIGNS, SYMPTOMS, css16
from clinical.assessments.moaas import MOAAS
from clinical.assessments.news2 import Acvpu, News2Vitals, Risk, SaturationScale, missing, news2
from clinical.assessments.nrs import DISSOCIATION, PAIN_AT_REST, change_percent
from clinical.assessments.padss import PADSS, vital_signs_score
from clinical.assessments.poss import POSS, acceptable
from clinical.assessments.rass import RASS
from clinical.assessments.scales import Scale, ScoreError

AIR, O2 = False, True


def vitals(row: tuple[object, ...], scale: str = "1") -> News2Vitals:
    resp, spo2, oxygen, sbp, pulse, mind, temperature = row
    return News2Vitals(
        resp_rate_per_min=resp,
        spo2_percent=spo2,
        on_oxygen=oxygen,
        sbp_mmhg=sbp,
        pulse_per_min=pulse,
        consciousness=Acvpu(mind),
        temperature_c=temperature,
        scale=SaturationScale(scale),
    )


NEWS2_EXAMPLES = [
    ((16, 97, AIR, 138, 88, "A", 36.8), "1", (0, 0, 0, 0, 0, 0, 0), Risk.LOW),
    ((11, 95, O2, 168, 112, "V", 36.4), "1", (1, 1, 2, 0, 2, 3, 0), Risk.HIGH),
    ((14, 98, AIR, 150, 96, "C", 37.0), "1", (0, 0, 0, 0, 1, 3, 0), Risk.LOW_MEDIUM),
    ((8, 91, O2, 221, 131, "P", 39.1), "1", (3, 3, 2, 3, 3, 3, 2), Risk.HIGH),
    ((21, 93, AIR, 100, 111, "A", 38.1), "1", (2, 2, 0, 2, 2, 0, 1), Risk.HIGH),
    ((12, 97, O2, 120, 70, "A", 36.5), "2", (0, 3, 2, 0, 0, 0, 0), Risk.MEDIUM),
    ((12, 93, AIR, 120, 70, "A", 36.5), "2", (0, 0, 0, 0, 0, 0, 0), Risk.LOW),
    ((9, 84, O2, 90, 40, "U", 35.0), "2", (1, 2, 2, 3, 3, 3, 3), Risk.HIGH),
    ((20, 96, AIR, 111, 90, "A", 38.0), "1", (0, 0, 0, 0, 0, 0, 0), Risk.LOW),
    ((25, 92, AIR, 220, 50, "A", 36.0), "1", (3, 2, 0, 3, 1, 0, 1), Risk.HIGH),
]


@pytest.mark.parametrize(("row", "scale", "points", "risk"), NEWS2_EXAMPLES)
def test_news2_examples(row, scale, points, risk) -> None:
    score = news2(vitals(row, scale))
    assert tuple(each for _, each in score.points) == points
    assert (score.total, score.risk) == (sum(points), risk)


@pytest.mark.parametrize(
    ("spo2", "air", "oxygen"),
    [(83, 3, 3), (84, 2, 2), (86, 1, 1), (88, 0, 0), (89, 0, 0), (92, 0, 0), (93, 0, 1), (94, 0, 1), (95, 0, 2), (96, 0, 2), (97, 0, 3)],
)
def test_news2_second_scale_asks_for_oxygen_only_above_its_target(spo2, air, oxygen) -> None:
    for on, points in ((AIR, air), (O2, oxygen)):
        assert news2(vitals((16, spo2, on, 120, 70, "A", 36.8), "2")).points[1] == ("SpO₂, scale 2", points)


@pytest.mark.parametrize(("measured", "points"), [(35.04, 3), (35.06, 1), (36.04, 1), (38.04, 0), (38.06, 1), (39.04, 1), (39.06, 2)])
def test_news2_charts_a_temperature_to_its_tenth_before_it_is_looked_up(measured, points) -> None:
    assert news2(vitals((16, 97, AIR, 120, 70, "A", measured))).points[-1] == ("temperature", points)


def test_news2_says_that_dissociation_may_read_as_confusion() -> None:
    assert "dissociation may read as new confusion" in news2(vitals(NEWS2_EXAMPLES[2][0])).note


def test_news2_refuses_what_is_missing_or_cannot_be() -> None:
    empty = News2Vitals(
        resp_rate_per_min=16,
        spo2_percent=None,
        on_oxygen=False,
        sbp_mmhg=120,
        pulse_per_min=70,
        consciousness=None,
        temperature_c=36.8,
    )
    assert missing(empty) == ("SpO₂", "consciousness")
    with pytest.raises(ScoreError, match=r"^NEWS2 needs SpO₂ and consciousness$"):
        news2(empty)
    with pytest.raises(ScoreError, match=r"^SpO₂, scale 1: 101 % cannot be; allowed is 0 to 100 %$"):
        news2(vitals((16, 101, AIR, 120, 70, "A", 36.8)))
    with pytest.raises(ScoreError, match=r"^pulse: nan /min cannot be; allowed is 0 to 350 /min$"):
        news2(vitals((16, 97, AIR, 120, float("nan"), "A", 36.8)))


READINGS = st.tuples(
    st.floats(0, 200),
    st.floats(0, 100),
    st.booleans(),
    st.floats(0, 320),
    st.floats(0, 350),
    st.sampled_from("ACVPU"),
    st.floats(10, 50),
)


@given(READINGS, st.sampled_from("12"))
def test_news2_has_a_score_for_every_reading(row, scale) -> None:
    assert 0 <= news2(vitals(row, scale)).total <= 20


SCALES = [
    (RASS, -5, 4, "RASS: +5 is off the scale; allowed is −5 to +4"),
    (POSS, 0, 4, "POSS: 5 is off the scale; allowed is S to 4"),
    (MOAAS, 0, 5, "MOAA/S: 6 is off the scale; allowed is 0 to 5"),
    (PAIN_AT_REST, 0, 10, "pain at rest: 11 is off the scale; allowed is 0 to 10"),
    (DISSOCIATION, 0, 10, "dissociation: 11 is off the scale; allowed is 0 to 10"),
]


@pytest.mark.parametrize(("scale", "low", "high", "refusal"), SCALES)
def test_scales_have_every_grade_and_refuse_the_next(scale: Scale, low: int, high: int, refusal: str) -> None:
    assert [grade.score for grade in scale.grades] == list(range(low, high + 1))
    with pytest.raises(ScoreError) as error:
        scale.grade(high + 1)
    assert str(error.value) == refusal
    with pytest.raises(ScoreError):
        scale.grade(low - 1)


def test_sedation_words() -> None:
    assert RASS.grade(-1).meaning == "not fully alert, eye contact to voice for more than 10 s"
    assert [RASS.written(score) for score in (-5, 0, 4)] == ["−5", "0", "+4"]
    assert POSS.written(0) == "S"
    assert [acceptable(score) for score in range(5)] == [True, True, True, False, False]
    assert "naloxone does not apply to ketamine" in POSS.note


@pytest.mark.parametrize(("scores", "total", "passed"), [((2, 2, 1, 2, 2), 9, True), ((2, 2, 1, 1, 2), 8, False)])
def test_aldrete_examples(scores, total, passed) -> None:
    named = dict(zip([item.name for item in ALDRETE.items], scores, strict=True))
    assert (ALDRETE.total(named), ALDRETE.passed(named), ALDRETE.high) == (total, passed, 10)


@pytest.mark.parametrize(("scores", "total", "passed"), [((2, 1, 2, 1, 2), 8, False), ((2, 1, 2, 2, 2), 9, True)])
def test_padss_examples(scores, total, passed) -> None:
    named = dict(zip([item.name for item in PADSS.items], scores, strict=True))
    assert (PADSS.total(named), PADSS.passed(named)) == (total, passed)


def test_sums_refuse_what_is_missing_unknown_or_off_the_scale() -> None:
    whole = {item.name: 2 for item in ALDRETE.items}
    with pytest.raises(ScoreError, match=r"^modified Aldrete needs respiration and circulation$"):
        ALDRETE.total({name: 2 for name in whole if name not in {"respiration", "circulation"}})
    with pytest.raises(ScoreError, match=r"^modified Aldrete has no item colour"):
        ALDRETE.total(whole | {"colour": 2})
    with pytest.raises(ScoreError, match=r"^activity: 3 is off the scale; allowed is 0 to 2$"):
        ALDRETE.total(whole | {"activity": 3})


@pytest.mark.parametrize(("pressure", "grade"), [(120, 2), (144, 2), (145, 1), (96, 2), (95, 1), (179, 1), (180, 0), (60, 0)])
def test_circulation_from_the_pressure(pressure, grade) -> None:
    assert circulation_score(pressure, 120) == grade


def test_vital_signs_go_by_the_one_furthest_off() -> None:
    assert vital_signs_score(((120, 120), (70, 70))) == 2
    assert vital_signs_score(((120, 120), (90, 70))) == 1
    assert vital_signs_score(((172, 120), (70, 70))) == 0
    with pytest.raises(ScoreError, match="needs a value and a baseline above 0"):
        vital_signs_score(((120, 0),))


S, V, O, M = Category  # noqa: E741 - the criteria's own letters


@pytest.mark.parametrize(
    ("symptoms", "signs", "rule", "met"),
    [
        ((S, V, M), (S, V), CLINICAL, True),
        ((S, V), (S, V, M), CLINICAL, False),
        ((S, V, M), (S, V), RESEARCH, False),
        ((S, V, O, M), (S, V), RESEARCH, True),
        ((S, S, S), (S, V), CLINICAL, False),
    ],
)
def test_budapest_examples(symptoms, signs, rule: Rule, met: bool) -> None:
    assert budapest(continuing_pain=True, symptoms=symptoms, signs=signs, no_better_diagnosis=True, rule=rule).met is met


def test_budapest_says_what_is_lacking() -> None:
    judged = budapest(continuing_pain=False, symptoms=(S, V), signs=(S,), no_better_diagnosis=False)
    assert judged.lacking == (
        "no continuing pain out of proportion to its cause",
        "symptoms in 2 of 4 categories; 3 needed",
        "signs in 1 of 4 categories; 2 needed",
        "another diagnosis explains it better, or none was ruled out",
    )


def answers(items: tuple[str, ...], marks: str) -> dict[str, bool | None]:
    return {item: {"+": True, "-": False, "?": None}[mark] for item, mark in zip(items, marks, strict=True)}


@pytest.mark.parametrize(
    ("symptoms", "signs", "total", "not_assessed"),
    [("++++--++", "++++-+++", 13, 0), ("+++----?", "----?---", 3, 2), ("+++++++-", "+-++++++", 14, 0), ("--------", "--------", 0, 0)],
)
def test_css16_examples(symptoms, signs, total, not_assessed) -> None:
    score = css16(answers(SYMPTOMS, symptoms), answers(SIGNS, signs))
    assert (score.total, len(score.not_assessed), score.highest_possible) == (total, not_assessed, total + not_assessed)


def test_css16_has_sixteen_items_and_no_other() -> None:
    assert css16(dict.fromkeys(SYMPTOMS, True), dict.fromkeys(SIGNS, True)).total == 16
    with pytest.raises(ScoreError, match=r"^CSS-16 has no sign tremor; there are hyperalgesia"):
        css16({}, {"tremor": True})


@pytest.mark.parametrize(("before", "after", "percent"), [(8, 4, 50.0), (9, 6, 100 / 3), (4, 6, -50.0), (0, 0, None)])
def test_change_of_pain(before, after, percent) -> None:
    assert change_percent(before, after) == percent


def test_change_refuses_what_is_off_the_scale() -> None:
    with pytest.raises(ScoreError, match=r"^pain at rest: −1 is off the scale; allowed is 0 to 10$"):
        change_percent(-1, 3)
