"""Before the first infusion: what is left open or not clear is for the physician; nothing is decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.site_data import SiteData
from clinical.assessments.intake import ASK, Answer, Effect, Intake, Kind, Tried, checklist_from, questions
from clinical.assessments.limbs import Limb
from clinical.metrics import NIBP_SYS
from clinical.site_values import SiteValueError

CHECKLIST = SiteData().load_checklist("suitability").value
CLEAR = tuple((item.id, Answer.YES if item.kind is Kind.REQUIREMENT else Answer.NO) for item in CHECKLIST.items)
INTAKE = Intake(
    diagnosis="CRPS I",
    trigger="fracture",
    limbs=(Limb.RIGHT_ARM,),
    tried=(Tried(treatment="nerve blocks", effect=Effect.HELPED_FOR_A_WHILE), Tried(treatment="acupuncture", effect=Effect.NO_EFFECT)),
    medicines=("gabapentin 300 mg",),
    allergies=("none",),
    answers=CLEAR,
    baseline=((NIBP_SYS, 128.0),),
)


def answered(**answers: Answer) -> Intake:
    changed = {name.replace("_", "-"): answer for name, answer in answers.items()}
    return replace(INTAKE, answers=tuple((name, changed.get(name, answer)) for name, answer in CLEAR))


def test_every_line_names_its_source_and_how_sure_it_is() -> None:
    assert {item.kind for item in CHECKLIST.items} == set(Kind)
    assert all(item.source and item.certainty in {"read", "second-hand", "proposal"} for item in CHECKLIST.items)


def test_a_clear_intake_leaves_nothing_to_ask() -> None:
    assert questions(INTAKE, CHECKLIST) == ()


def test_yes_to_a_contraindication_is_a_question_and_no_more() -> None:
    (one,) = questions(answered(psychosis=Answer.YES), CHECKLIST)
    assert one.text == "Ask the physician: Active psychosis (contraindication; yes)"
    assert one.item is not None
    assert one.item.source.startswith("ASRA/AAPM/ASA")


def test_not_known_and_not_answered_are_asked_too() -> None:
    asked = questions(answered(pregnancy=Answer.NOT_KNOWN, escort=Answer.NO), CHECKLIST)
    assert [one.text.split("(")[-1] for one in asked] == ["contraindication; not known)", "requirement; no)"]
    silent = questions(replace(INTAKE, answers=()), CHECKLIST)
    assert len(silent) == len(CHECKLIST.items)
    assert all(one.text.startswith(ASK) and "not answered" in one.text for one in silent)


def test_what_is_not_entered_is_asked_last() -> None:
    asked = questions(replace(answered(liver_moderate=Answer.YES), diagnosis=" ", limbs=(), allergies=(), baseline=()), CHECKLIST)
    assert [one.text for one in asked[1:]] == [
        "Ask the physician: the diagnosis not entered",
        "Ask the physician: the limb not entered",
        "Ask the physician: allergies not entered",
        "Ask the physician: baseline vital signs not entered",
    ]


ITEM = {"id": "a", "text": "b", "kind": "caution", "source": "c", "certainty": "read"}


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({"title": "x"}, "item: missing"),
        ({"title": "x", "item": [ITEM | {"kind": "ban"}]}, "item 1, kind: is 'ban'; allowed are contraindication, caution, requirement"),
        ({"title": "x", "item": [ITEM, ITEM]}, "item 1, id: is 'a', which stands twice"),
        ({"title": "x", "item": [{key: value for key, value in ITEM.items() if key != "source"}]}, "item 1, source: missing"),
    ],
)
def test_a_broken_checklist_says_where(mapping, why) -> None:
    with pytest.raises(SiteValueError) as error:
        checklist_from(mapping)
    assert str(error.value).startswith(why)
