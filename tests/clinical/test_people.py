"""Roles as data: what each may give, and what is everybody's."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from clinical.commands import (
    Acknowledge,
    Command,
    CorrectDose,
    EndCase,
    EventKind,
    PauseAudio,
    RecordEvent,
    ResumeAudio,
    SilenceAlarm,
)
from clinical.instant import Instant
from clinical.people import ALWAYS, BY_NAME, WORDS, refusal_for, roles_from
from clinical.site_values import SiteValueError

SHIPPED = Path(__file__).parents[2] / "resources" / "roles" / "roles.toml"
ROLES = roles_from(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
NOTE = RecordEvent(kind=EventKind.NOTE, event_at=Instant(0, 0), text="calm")
HEARD = (PauseAudio(seconds=120), ResumeAudio(), SilenceAlarm(condition="x", seconds=9), Acknowledge())


@pytest.mark.parametrize("command", HEARD, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("role", [None, *ROLES.values()], ids=lambda role: role.name if role else "nobody")
def test_what_is_heard_is_everybodys(command, role):
    assert refusal_for(command, role) == ""


def test_the_shipped_roles():
    assert list(ROLES) == ["nurse", "charge nurse", "physician", "technician", "viewer"]
    may = {name: {kind.__name__ for kind in role.may} for name, role in ROLES.items()}
    assert "RecordAssessment" in may["nurse"]
    assert "CorrectDose" not in may["nurse"]
    assert "CorrectDose" in may["physician"]
    assert may["viewer"] == set()
    assert may["technician"] == {"ChooseSource"}


def test_every_command_is_somebodys():
    given = set().union(*(role.may for role in ROLES.values())) | ALWAYS
    assert given == set(get_args(Command))
    assert set(WORDS) == set(BY_NAME)


def test_a_refusal_says_what_and_what_to_do():
    assert refusal_for(NOTE, None) == "Sign in to record what happened."
    assert refusal_for(EndCase(reason=""), ROLES["viewer"]) == "A viewer may not end a case: somebody else must sign in."
    assert refusal_for(CorrectDose(weight_kg=70), ROLES["nurse"]).startswith("A nurse may not correct weight")
    assert refusal_for(NOTE, ROLES["nurse"]) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[role]]\nname = "nurse"\nmay = ["Fly"]', "'Fly' is no command"),
        ('[[role]]\nname = "nurse"\nmay = "RecordEvent"', "list of texts"),
        ('[[role]]\nname = "nurse"', "list of texts"),
        ('[[role]]\nname = "a"\nmay = []\n[[role]]\nname = "a"\nmay = []', "twice"),
        ('[[role]]\nname = "a"\nmay = []\nmay_not = []', "not known"),
        ('[[role]]\nname = "a"\nmay = ["PauseAudio"]', "no command"),
        ("", "at least one"),
    ],
)
def test_a_sites_file_that_is_wrong_says_where(text, words):
    with pytest.raises(SiteValueError, match=words):
        roles_from(tomllib.loads(text))


def test_every_command_that_is_not_everybodys_has_words_and_a_role_that_may_give_it():
    assert set(WORDS) == set(BY_NAME)
    assert frozenset().union(*(role.may for role in ROLES.values())) == set(BY_NAME.values())
