"""What the record says of the sound check at the start of a case."""

from __future__ import annotations

import pytest

from app.display.draft_setup import sound_check_words
from clinical.observations import Priority


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (tuple(Priority), "high heard, medium heard, low heard"),
        ((Priority.HIGH,), "high heard, medium NOT confirmed, low NOT confirmed"),
        ((), "high NOT confirmed, medium NOT confirmed, low NOT confirmed"),
    ],
)
def test_each_priority_is_named(heard, words):
    assert sound_check_words(heard) == f"Alarm sounds before the start: {words}"
