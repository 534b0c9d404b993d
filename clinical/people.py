"""Who may give which command: roles as data. Knows no person, no secret and no screen.

What is heard at the bed may be paused and acknowledged by everybody at any time: no role, no lock and no forgotten PIN stands between a
person and an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from clinical.commands import Acknowledge, Command, PauseAudio, ResumeAudio, SilenceAlarm
from clinical.site_values import SiteTable

NOBODY = "nobody signed in"
"""In the place of a name, for what was entered without a signature where nobody had signed in."""
UNPROVEN = " (not signed in)"
"""After a name that was typed and never proved."""
ALWAYS: frozenset[type] = frozenset({PauseAudio, ResumeAudio, SilenceAlarm, Acknowledge})
"""Everybody's."""
BY_NAME: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Command) if kind not in ALWAYS}
"""Commands that a role may be given, by the names that a site's file has."""
WORDS: Mapping[str, str] = {
    "StartCase": "begin a case",
    "EndCase": "end a case",
    "RecordEvent": "record what happened",
    "RecordAssessment": "record a round",
    "RecordExamination": "record an examination",
    "RecordIntake": "record an intake",
    "RecordRecovery": "record a recovery",
    "SetLimit": "set a limit",
    "ChooseSource": "choose a source",
    "SignLedger": "sign the ledger",
    "CorrectDose": "correct weight or concentration",
}
"""What each is called on the screen; one that is not here is called by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A kind of person. ``may``: commands besides those that are everybody's."""

    name: str
    may: frozenset[type]


Roles = Mapping[str, Role]


def unproven(typed: str) -> str:
    """A typed name as the record tells it; empty where none was typed."""
    name = " ".join(typed.split())
    return f"{name}{UNPROVEN}" if name else ""


def plain_name(signature: str) -> str:
    """The name that was typed, or that of who was signed in."""
    return signature.removesuffix(UNPROVEN)


def may(command: Command, role: Role | None) -> bool:
    """Whether somebody of that role (None: nobody is signed in) may give a command."""
    kind = type(command)
    return kind in ALWAYS or (role is not None and kind in role.may)


def refusal_for(command: Command, role: Role | None) -> str:
    """Why a command is not theirs, as a sentence; empty where it is."""
    if may(command, role):
        return ""
    name = type(command).__name__
    what = WORDS.get(name, name)
    return f"Sign in to {what}." if role is None else f"A {role.name} may not {what}: somebody else must sign in."


def roles_from(values: Mapping[str, object]) -> Roles:
    """Roles out of a site's file, in its order. Raises SiteValueError."""
    table = SiteTable(values, {"role"})
    roles: dict[str, Role] = {}
    for row in table.tables("role", {"name", "may"}):
        name = row.text("name").strip()
        if name in roles:
            raise row.error("name", f"{name!r} stands there twice")
        words = row.texts("may")
        if unknown := next((word for word in words if word not in BY_NAME), None):
            raise row.error("may", f"{unknown!r} is no command; there are {', '.join(BY_NAME)}")
        roles[name] = Role(name=name, may=frozenset(BY_NAME[word] for word in words))
    if not roles:
        raise table.error("role", "at least one role is needed")
    return roles
