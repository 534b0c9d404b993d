"""What a row of conditions says: functions of a finding that give a title or a detail, for rows to name."""

from __future__ import annotations

from collections.abc import Callable

from clinical.alarms.finding import Finding
from clinical.alarms.wording import joined


def said(text: str) -> Callable[[Finding], str]:
    """The same words whatever was found."""
    return lambda _found: text


def note(found: Finding) -> str:
    """Why, as it was found."""
    return found.note


def text_alone(found: Finding) -> str:
    """The words that came with it."""
    return found.text


def text(found: Finding) -> str:
    """The words that came with it, and why."""
    return joined(found.text, found.note)


def told_with(meaning: str) -> Callable[[Finding], str]:
    """The words that came with it, and what that means."""
    return lambda found: joined(found.text, meaning)
