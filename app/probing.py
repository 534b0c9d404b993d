"""What answers on a port: it is opened with each setting of a line, and all drivers of that setting hear the same.

First it is listened to, for whatever talks by itself. Then each driver that asks asks, one after another, and only what its
allow-list names; where a device talks, only those that did not count its bytes as damage. Devices as delivered come first, then the
other settings they are met with; before all, what has answered there before. Keeps nothing and shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event
from typing import Any

from app.clock import room_now as clock
from clinical.instant import Instant
from devices.driver import Driver, Proof, Protocol, SerialSettings
from devices.transports.addresses import line_at
from devices.transports.line import Line, LineError

FIRST_LISTEN_S = 1.6
"""For the first byte of a device that talks by itself, at any setting: most talk once a second."""
TALKER_S = 1.2
"""For a device that is known to talk, at each further setting; and from its first byte to its first whole frame."""
QUIET_LISTEN_S = 0.08
QUIET_AGAIN_S = 0.5
"""A talker that has paused so long has said what it says at once."""
LONGEST_ASK_S = 1.5
SHORTEST_ASK_S = 0.12
ASK_A_TALKER_S = 0.3
ANSWERING_S = 1.3
"""An answer that has begun is heard on for so long after its last byte, ..."""
REFUSAL_S = 0.3
REFUSAL_BYTES = 7
"""Fewer bytes, or what the asking driver counts as damage, may be another device's refusal: less time for those."""
LONGEST_ANSWER_S = 3.5
"""... but from its first on no longer than this."""
LONGEST_SKIPPED_S = 3.0
LATE_ANSWER_S = 0.6
"""Bytes that come so soon after a question may be its late answer, and are no sign of a device that talks by itself."""
SETTLING_S = 0.3
"""After the first good frame, so that of two drivers that take the same bytes for theirs the better one shows."""
TURN_S = 0.02
TELL_EVERY_S = 0.1

LineAt = Callable[[str, SerialSettings], Line]
Told = Callable[[float], None]
"""Hears what part of the time has passed, 0 to 1; may raise, which ends the search."""


def nobody(share: float) -> None:
    """Whom progress is told where nobody waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a port gave.

    Attributes:
        driver: the driver that understood it; empty: nothing answers.
        identity: what the device says it is.
        settings: how its line is set, if not as delivered.
        problem: why the port could not be tried.
    """

    driver: str = ""
    identity: str = ""
    settings: SerialSettings | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One setting of a line: every driver whose device may be met with it hears, and those in ``asking`` ask."""

    settings: SerialSettings
    drivers: tuple[Driver, ...]
    asking: tuple[Driver, ...]


def may_be_tried(driver: Driver) -> bool:
    """Not on a port where anything may be plugged in: a laboratory pump takes even a question for an acknowledgement of its alarm."""
    return not driver.network_only and driver.proof is not Proof.BENCH_ONLY


def openings(drivers: Sequence[Driver], first: str = "") -> tuple[Opening, ...]:
    """Each setting that devices are delivered with, those of the driver called ``first`` and of most devices before the others.

    Then the settings that devices are also met with, for those devices to be asked.
    """
    ordered = sorted(drivers, key=lambda driver: (driver.name != first, driver.proof is Proof.BENCH_ONLY))
    delivered: dict[SerialSettings, list[Driver]] = {}
    others: dict[SerialSettings, list[Driver]] = {}
    for driver in ordered:
        delivered.setdefault(driver.serial, []).append(driver)
        for settings in driver.other_settings:
            others.setdefault(settings, []).append(driver)
    plan = sorted(delivered.items(), key=lambda row: (row[1][0].name != first, -len(row[1])))
    return tuple(
        Opening(settings=settings, drivers=(*delivered.get(settings, ()), *others.get(settings, ())), asking=tuple(asking))
        for settings, asking in [*plan, *others.items()]
    )


def probe(
    names: Sequence[str],
    drivers: Sequence[Driver],
    budget_s: float,
    first: Mapping[str, str] | None = None,
    to: LineAt = line_at,
    *,
    told: Told = nobody,
) -> dict[str, Answer]:
    """The answer of each port, all asked at once, within ``budget_s`` and a little. ``first``: by port, the driver to begin with.

    What ``told`` raises comes out of here, once all lines are closed.
    """
    if not (names and drivers):
        return {}
    stop, began = Event(), clock()
    with ThreadPoolExecutor(max_workers=len(names)) as pool:
        trials = {name: _Probe(name, openings(drivers, (first or {}).get(name, "")), budget_s, to, stop) for name in names}
        asked = {name: pool.submit(trial.run) for name, trial in trials.items()}
        try:
            wait_for(asked.values(), began, budget_s, told)
        finally:
            stop.set()
    return {name: _answer(future) for name, future in asked.items()}


def wait_for(work: Iterable[Future[Any]], began: Instant, budget_s: float, told: Told) -> None:
    """Until all of it is done; ``told`` hears how much of the time since ``began`` has passed, and may raise."""
    left = set(work)
    while left:
        _, left = wait(left, timeout=TELL_EVERY_S)
        told(min(1.0, clock().since(began) / budget_s))


def _answer(future: Future[Answer]) -> Answer:
    fault = future.exception()
    return future.result() if fault is None else Answer(problem=f"a driver failed on what came ({type(fault).__name__}: {fault})")


@dataclass(slots=True)
class _Ear:
    """A driver that hears.

    Attributes:
        named: what its protocol calls the device before it has heard a byte.
        ahead_s: its clock is so far ahead: one that listens for a while before it asks need not listen again to a silent port.
    """

    driver: Driver
    protocol: Protocol
    named: str
    good: int = 0
    ahead_s: float = 0.0

    def hear(self, data: bytes, now: Instant) -> None:
        self.good += len(self.protocol.receive(data, now.plus(self.ahead_s)))

    @property
    def answered(self) -> bool:
        return (self.good > 0 or self.protocol.identity != self.named) and self.protocol.bad_frames <= max(self.good, 1)

    def outgoing(self, now: Instant) -> list[bytes]:
        """What it would say, of what it may."""
        return [message for message in self.protocol.outgoing(now.plus(self.ahead_s)) if self.driver.may_send(message)]

    def first_questions(self, now: Instant) -> list[bytes]:
        """What it asks first, though it would have listened a while before; empty if it asks nothing."""
        questions, due = self.outgoing(now), self.protocol.due
        if not questions and due is not None and 0 < due.since(now) <= LONGEST_SKIPPED_S:
            self.ahead_s = due.since(now)
            questions = self.outgoing(now)
        return questions

    def is_due(self, now: Instant) -> bool:
        due = self.protocol.due
        return due is not None and due <= now.plus(self.ahead_s)


def _ear(driver: Driver) -> _Ear:
    protocol = driver.protocol("")
    return _Ear(driver, protocol, protocol.identity)


def _best(ears: Iterable[_Ear]) -> _Ear | None:
    """Of those that understood something the one that misunderstood least; None if there is none."""
    answered = [ear for ear in ears if ear.answered]
    return min(answered, key=lambda ear: (ear.protocol.bad_frames, -ear.good), default=None)


class _Probe:
    """The trial of one port."""

    def __init__(self, name: str, plan: Sequence[Opening], budget_s: float, to: LineAt, stop: Event) -> None:
        self._name = name
        self._plan = plan
        self._to = to
        self._stop = stop
        self._end = clock().plus(budget_s)
        self._asks_left = sum(len(opening.asking) for opening in plan)
        self._opened = False
        self._talks = False
        self._asked_at: Instant | None = None
        self._problem = ""

    def run(self) -> Answer:
        """Goes through the plan; where bytes came that nobody understood, once more, for what talks only now and then."""
        for opening in self._rounds():
            found = self._try(opening)
            if found is not None:
                settings = None if opening.settings == found.driver.serial else opening.settings
                return Answer(driver=found.driver.name, identity=found.protocol.identity, settings=settings)
            if self._problem and not self._opened:
                return Answer(problem=self._problem)
        return Answer(problem="bytes come that no driver understands" if self._talks else "")

    def _rounds(self) -> Iterator[Opening]:
        for opening in self._plan:
            if self._left_s() > 0:
                yield opening
        while self._talks and self._opened and self._left_s() > TALKER_S:
            yield from self._plan

    def _left_s(self) -> float:
        return 0.0 if self._stop.is_set() else self._end.since(clock())

    def _try(self, opening: Opening) -> _Ear | None:
        if self._left_s() <= 0:
            return None
        line = self._to(self._name, opening.settings)
        ears = [_ear(driver) for driver in opening.drivers]
        try:
            line.open()
            window_s = TALKER_S if self._talks else QUIET_LISTEN_S if self._opened else FIRST_LISTEN_S
            self._opened = True
            return self._listen(line, ears, window_s) or self._ask_each(line, ears, opening.asking)
        except LineError as error:
            self._problem = str(error)
            return None
        finally:
            line.close()

    def _listen(self, line: Line, ears: Sequence[_Ear], seconds: float) -> _Ear | None:
        """Hears what comes by itself; a talker that nobody understood within its time is left for another setting."""
        window = _Window(self._end, seconds)
        while window.is_open(clock()) and not self._stop.is_set():
            data = line.read(TURN_S)
            now = clock()
            if data:
                self._talks = self._talks or self._asked_at is None or now.since(self._asked_at) > LATE_ANSWER_S
                window.heard(now, QUIET_AGAIN_S if self._talks else QUIET_LISTEN_S, TALKER_S)
                for ear in ears:
                    ear.hear(data, now)
            if (best := _best(ears)) is not None and best.good:
                window.settle(now)
        return _best(ears)

    def _ask_each(self, line: Line, ears: Sequence[_Ear], asking: Sequence[Driver]) -> _Ear | None:
        """One question after another; where a device talks by itself, only those who may understand it."""
        may_understand = [ear for ear in ears if not ear.protocol.bad_frames]
        for ear in may_understand if self._talks else [ear for ear in ears if ear.driver in asking]:
            if self._left_s() <= 0:
                return None
            share_s = self._left_s() / max(1, self._asks_left)
            self._asks_left -= 1
            if found := self._ask(line, ear, ears, min(max(share_s, SHORTEST_ASK_S), ASK_A_TALKER_S if self._talks else LONGEST_ASK_S)):
                return found
        return None

    def _ask(self, line: Line, asking: _Ear, ears: Sequence[_Ear], seconds: float) -> _Ear | None:
        questions = asking.first_questions(clock())
        if not questions:
            return None
        ears = sorted(ears, key=lambda ear: ear is not asking)  # of equals whoever asked was answered
        window, came, bad_before = _Window(self._end, seconds), 0, asking.protocol.bad_frames
        line.write(b"".join(questions))
        self._asked_at = clock()
        while window.is_open(clock()) and not self._stop.is_set():
            data = line.read(TURN_S)
            now = clock()
            if data:
                came += len(data)
                for ear in ears:
                    ear.hear(data, now)
                promising = came >= REFUSAL_BYTES and asking.protocol.bad_frames == bad_before
                window.heard(now, ANSWERING_S if promising else REFUSAL_S, LONGEST_ANSWER_S)
            if data or asking.is_due(now):
                for message in asking.outgoing(now):
                    line.write(message)
                    self._asked_at = now
            if (best := _best(ears)) is not None and best.good:
                window.settle(now)
        return _best(ears)


class _Window:
    """How long is waited: longer once bytes come, briefly once they are understood, never beyond the port's own time."""

    def __init__(self, last: Instant, seconds: float) -> None:
        self._last = last
        self._until = clock().plus(seconds)
        self._settling = False
        self._first: Instant | None = None

    def is_open(self, now: Instant) -> bool:
        return now < min(self._until, self._last)

    def heard(self, now: Instant, more_s: float, most_s: float) -> None:
        """Bytes came: on for ``more_s`` from now, but for no longer than ``most_s`` from the first of them on."""
        if self._settling:
            return
        self._first = self._first or now
        self._until = min(max(self._until, now.plus(more_s)), self._first.plus(most_s))

    def settle(self, now: Instant) -> None:
        if not self._settling:
            self._settling = True
            self._until = now.plus(SETTLING_S)
