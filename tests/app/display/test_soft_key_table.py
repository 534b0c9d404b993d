"""How the soft keys stand: what is due, what is paused, what is open."""

from __future__ import annotations

from app.display.soft_key_table import KEYS, soft_keys
from clinical.alarm_model import SILENCE, AudioState
from clinical.instant import Instant
from clinical.observations import Priority
from widgets.soft_keys import KeyState, SoftKey

NOW = Instant(0, 0)


def row(**changes: object) -> dict[str, SoftKey]:
    given = {"audio": SILENCE, "now": NOW, "open_page": "", "round_due": "", "unacknowledged": 0, "titles": {}} | changes
    return {key.name: key for key in soft_keys(**given)}


def test_the_first_key_is_always_the_sound() -> None:
    assert KEYS[0][:2] == ("sound", "F1")


def test_shortcuts_are_unlike() -> None:
    assert len({shortcut for _, shortcut, _ in KEYS}) == len(KEYS)


def test_a_pause_shows_what_is_left_and_how_to_end_it() -> None:
    paused = AudioState(sounding=None, paused_until=NOW.plus(103), generation=1)
    key = row(audio=paused)["sound"]
    assert (key.title, key.sub, key.state) == ("Sound back on", "1:43 left", KeyState.CHOSEN)


def test_a_pause_that_is_over_is_no_pause() -> None:
    over = AudioState(sounding=Priority.HIGH, paused_until=NOW.plus(-1), generation=1)
    assert row(audio=over)["sound"].title == "Pause sound"


def test_nothing_to_acknowledge_disables_the_key() -> None:
    assert row()["acknowledge"].state is KeyState.DISABLED
    assert row(unacknowledged=2)["acknowledge"].sub == "2 new"


def test_a_due_round_prompts_and_an_open_page_is_chosen() -> None:
    assert row(round_due="due 40 s ago")["round"].state is KeyState.PROMPT
    assert row(open_page="limits")["limits"].state is KeyState.CHOSEN
