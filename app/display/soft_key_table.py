"""The soft keys of the watch: what each is called and how it stands. What a press does is wired in compose.py."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.alarm_model import AudioState
from clinical.instant import Instant
from widgets.durations import countdown
from widgets.soft_keys import KeyState, SoftKey

KEYS = (
    ("sound", "F1", "Pause sound"),
    ("acknowledge", "F2", "Acknowledge"),
    ("round", "F3", "Round"),
    ("event", "F4", "Event"),
    ("alarms", "F5", "Alarms"),
    ("limits", "F6", "Limits"),
    ("sweep", "F7", "Scroll"),
    ("theme", "F8", "Night"),
    ("case", "F9", "Case"),
    ("dose", "F10", "Step / hold"),
    ("history", "F11", "History"),
)
"""Name, key on the keyboard, title. F1 is always the sound."""


def soft_keys(
    *, audio: AudioState, now: Instant, open_page: str, round_due: str, unacknowledged: int, titles: Mapping[str, str], who: str = ""
) -> tuple[SoftKey, ...]:
    """The whole row as it stands. ``titles`` replaces what a key is called while its other side is on; ``who``: is signed in."""
    subs = {
        "round": round_due,
        "acknowledge": f"{unacknowledged} new" if unacknowledged else "",
        "sound": "2:00",
        "sweep": "the waves",
        "case": who,
    }
    states = {"round": KeyState.PROMPT} if round_due else {}
    if not unacknowledged:
        states["acknowledge"] = KeyState.DISABLED
    titles = dict(titles)
    if audio.paused_until is not None and audio.paused_until > now:
        titles["sound"], subs["sound"] = "Sound back on", f"{countdown(audio.paused_until.since(now))} left"
        states["sound"] = KeyState.CHOSEN
    if open_page:
        states[open_page], subs[open_page] = KeyState.CHOSEN, "open"
    return tuple(
        SoftKey(
            name=name, shortcut=shortcut, title=titles.get(name, title), sub=subs.get(name, ""), state=states.get(name, KeyState.NORMAL)
        )
        for name, shortcut, title in KEYS
    )
