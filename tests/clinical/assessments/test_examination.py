"""A limb examined before and after: the criteria and the score follow from the findings; what cannot be is refused by its field."""

from __future__ import annotations

import pytest

from clinical.assessments.budapest import RESEARCH
from clinical.assessments.examination import FINDINGS, ExaminationError, LimbExamination, budapest_of, css16_of
from clinical.assessments.examined_change import change
from clinical.assessments.limbs import Limb, Side

HAND = Limb.RIGHT_ARM


def there(*names: str) -> tuple[tuple[str, bool], ...]:
    return tuple((name, True) for name in names)


BEFORE = LimbExamination(
    limb=HAND,
    symptoms=there("allodynia", "temperature asymmetry", "swelling", "tremor", "pins and needles"),
    signs=(*there("allodynia", "hyperalgesia", "colour", "swelling", "tremor"), ("coordination", False)),
    continuing_pain=True,
    pain=8,
    temperature_c=30.5,
    opposite_temperature_c=32.0,
    range_of_motion_percent=60,
    no_better_diagnosis=True,
)
AFTER = LimbExamination(
    limb=HAND,
    symptoms=(*there("allodynia"), ("temperature asymmetry", False), ("swelling", False), ("tremor", False)),
    signs=(("allodynia", False), ("hyperalgesia", True), ("colour", False), ("swelling", False), ("tremor", False)),
    continuing_pain=True,
    pain=4,
    temperature_c=31.5,
    opposite_temperature_c=32.0,
    range_of_motion_percent=85,
    no_better_diagnosis=True,
)


def test_sides() -> None:
    assert (HAND.side, HAND.opposite, Limb.LEFT_LEG.opposite) == (Side.RIGHT, Limb.LEFT_ARM, Limb.RIGHT_LEG)


def test_both_temperatures_give_the_difference_and_the_sign() -> None:
    assert BEFORE.difference_c == -1.5
    assert BEFORE.all_signs["temperature asymmetry"] is True
    assert AFTER.all_signs["temperature asymmetry"] is False
    by_hand = LimbExamination(limb=HAND, signs=there("temperature asymmetry"), temperature_c=32.0, opposite_temperature_c=32.0)
    assert by_hand.all_signs["temperature asymmetry"] is True


def test_one_degree_exactly_is_no_sign() -> None:
    assert LimbExamination(limb=HAND, temperature_c=31.0, opposite_temperature_c=32.0).all_signs == {"temperature asymmetry": False}


def test_the_criteria_follow_from_the_findings() -> None:
    assert budapest_of(BEFORE).met
    assert budapest_of(BEFORE, RESEARCH).met
    assert budapest_of(AFTER).lacking == ("symptoms in 1 of 4 categories; 3 needed", "signs in 1 of 4 categories; 2 needed")


def test_pins_and_needles_alone_are_no_category() -> None:
    only = LimbExamination(limb=HAND, symptoms=there("pins and needles", "colour", "sweating"), continuing_pain=True)
    assert "symptoms in 2 of 4 categories; 3 needed" in budapest_of(only).lacking


def test_the_score_counts_each_item_once() -> None:
    score = css16_of(BEFORE)
    assert (score.symptoms, score.signs) == (5, 6)
    assert set(score.not_assessed) == {
        "symptom: colour asymmetry",
        "symptom: sweating asymmetry",
        "symptom: dystrophic changes",
        "sign: sweating asymmetry",
        "sign: dystrophic changes",
    }


def test_everything_there_is_sixteen() -> None:
    whole = LimbExamination(
        limb=HAND,
        symptoms=there(*(name for name, row in FINDINGS.items() if row.symptom)),
        signs=there(*(name for name, row in FINDINGS.items() if row.sign)),
        continuing_pain=True,
    )
    assert css16_of(whole).total == css16_of(whole).highest_possible == 16


def test_before_and_after() -> None:
    changed = change(BEFORE, AFTER)
    assert (changed.css16, changed.pain, changed.difference_c, changed.range_of_motion_percent) == (-8, -4, 1.0, 25)
    assert "symptom: tremor" in changed.gone
    assert "sign: temperature asymmetry" in changed.gone
    assert changed.come == ()
    assert changed.comparable
    assert changed.of_note
    with pytest.raises(ValueError, match="the right arm cannot be compared with the left leg"):
        change(BEFORE, LimbExamination(limb=Limb.LEFT_LEG))


def test_scores_of_other_items_are_not_called_comparable() -> None:
    less = LimbExamination(limb=HAND, continuing_pain=True)
    assert not change(BEFORE, less).comparable
    assert not change(BEFORE, less).of_note


AMPUTATED = "the right arm is amputated: only phantom pain can be charted"
WRONG = [
    ({"amputated": True, "pain": 5}, (("pain", AMPUTATED),)),
    ({"amputated": True, "signs": there("swelling"), "temperature_c": 30.0}, (("signs", AMPUTATED), ("temperature", AMPUTATED))),
    ({"phantom_pain": 5}, (("phantom pain", "the right arm is there: chart its pain"),)),
    ({"opposite_amputated": True, "opposite_temperature_c": 30.0}, (("temperature, left arm", "the limb is amputated"),)),
    ({"pain": 11}, (("pain", "11 is off the scale; allowed is 0 to 10"),)),
    ({"temperature_c": 60.0}, (("temperature", "60 °C cannot be; allowed is 10 to 45 °C"),)),
    ({"temperature_c": float("nan")}, (("temperature", "nan °C cannot be; allowed is 10 to 45 °C"),)),
    ({"range_of_motion_percent": -1.0}, (("range of motion", "-1 % cannot be; allowed is 0 to 200 % of the other side"),)),
    ({"signs": (("tremor", True), ("tremor", False))}, (("sign", "tremor is answered twice"),)),
]


@pytest.mark.parametrize(("entries", "problems"), WRONG)
def test_contradictions_are_refused_by_their_field(entries, problems) -> None:
    with pytest.raises(ExaminationError) as error:
        LimbExamination(limb=HAND, **entries)
    assert error.value.problems == problems


def test_what_cannot_be_seen_is_no_sign() -> None:
    with pytest.raises(ExaminationError, match="sign: pins and needles is none; there are allodynia"):
        LimbExamination(limb=HAND, signs=there("pins and needles"))


def test_phantom_pain_is_charted_of_an_amputated_limb() -> None:
    assert LimbExamination(limb=HAND, amputated=True, phantom_pain=7).phantom_pain == 7
