"""An independent model of presence, silence, pause, reminder and de-escalation: plain branches over plain numbers, no code of the program.

It knows device alerts as the only cause. Times are whole nanoseconds; ranks are 0 to 2.
"""

from __future__ import annotations

S = 1_000_000_000
PAUSE_AT_MOST, REMIND_EVERY, EASE_AFTER = 120 * S, 120 * S, 10 * S


class Condition:
    def __init__(self, rank: int) -> None:
        self.rank = rank
        self.state = "on"
        self.silent_until: int | None = None
        self.lower: tuple[int, int] | None = None  # since when, and how low it is now

    @property
    def hushed(self) -> bool:
        return self.state == "acknowledged" or self.silent_until is not None


class Model:
    """All conditions and the sound."""

    def __init__(self) -> None:
        self.standing: dict[str, Condition] = {}
        self.pause: tuple[int, int] | None = None  # until, rank that stood
        self.generation = 0
        self.reminders = 0
        self.hushed_since: int | None = None
        self.news = False

    # what happens

    def alert(self, now: int, name: str, rank: int) -> None:
        had = self.standing.get(name)
        if had is None or had.state == "latched":
            self.standing[name] = Condition(rank)
            self.news = True
        elif rank > had.rank:
            had.rank, had.state, had.silent_until, had.lower = rank, "on", None, None
            self.news = True
        elif rank == had.rank:
            had.lower = None
        else:
            since = now if had.lower is None else had.lower[0]
            had.lower = (since, rank)
            self.ease(now, had)
        self.settle(now)

    def over(self, now: int, name: str, *, latches: bool) -> None:
        had = self.standing.get(name)
        if had is not None:
            had.lower = None
            if had.state == "on" and latches:
                had.state, had.silent_until = "latched", None
            elif had.state != "latched":
                del self.standing[name]
        self.settle(now)

    def acknowledge(self, now: int) -> None:
        for name, had in list(self.standing.items()):
            if had.state == "latched":
                del self.standing[name]
            elif had.state == "on":
                had.state, had.silent_until = "acknowledged", None
        self.settle(now)

    def silence(self, now: int, name: str, seconds: float) -> None:
        if name in self.standing:
            self.standing[name].silent_until = now + min(int(seconds * S), PAUSE_AT_MOST)
        self.settle(now)

    def pause_sound(self, now: int, seconds: float) -> None:
        self.pause = (now + min(int(seconds * S), PAUSE_AT_MOST), self.loudest())
        self.settle(now)

    def resume(self, now: int) -> None:
        self.pause = None
        self.settle(now)

    def pass_time(self, now: int) -> None:
        for had in self.standing.values():
            if had.silent_until is not None and now >= had.silent_until:
                had.silent_until = None
            self.ease(now, had)
        self.settle(now)

    # what follows

    def ease(self, now: int, had: Condition) -> None:
        if had.lower is not None and now - had.lower[0] >= EASE_AFTER:
            had.rank, had.lower = had.lower[1], None

    def loudest(self) -> int:
        return max((had.rank for had in self.standing.values() if not had.hushed), default=-1)

    def settle(self, now: int) -> None:
        loudest = self.loudest()
        if self.news:
            self.generation += 1
        if self.pause is not None and (self.news or loudest > self.pause[1] or now >= self.pause[0]):
            self.pause = None
        self.news = False
        owed = any(had.rank == 2 and had.hushed for had in self.standing.values())
        if not owed or self.pause is not None or loudest == 2:
            self.hushed_since = None
        elif self.hushed_since is None:
            self.hushed_since = now
        elif now - self.hushed_since >= REMIND_EVERY:
            self.reminders += 1
            self.hushed_since = now

    @property
    def sounding(self) -> int:
        """-1 for silence."""
        return -1 if self.pause is not None else self.loudest()
