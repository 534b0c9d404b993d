"""What was really given, from three sources side by side: the reported rate, the volume counter, and what is left in syringe or bag.

Each source tells a range that holds the truth, and how much of it is known, bounded and unknown. A silence of the pump widens the
rate's range to all that the pump could have pushed; a counter that went on closes it again to its own step. A counter's fall is a
reset (or a wrap, where the pump's highest reading is known), never a negative dose. Knows volumes only: ``doses_of`` makes mg of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from clinical.dosing.counter_wrap import wrapped_at
from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from clinical.track import STALE_AFTER_INTERVALS

MOST_ML_PER_H = 200.0
"""No pump of a ketamine infusion is taken to push more in a silence. A proposal, to be confirmed by your clinicians; free flow can."""
ABSURD_ML_PER_H = 2_000.0
"""Beyond what infusion pumps can be set to: such a report is not believed."""
STEP_ML = 0.01
"""The step in which the pump's counters move, unless its driver knows better."""

_S_PER_H = 3600.0
_AT_REST = (PumpState.PAUSED, PumpState.STOPPED, PumpState.STANDBY, PumpState.OFF, PumpState.PURGING)
_UP_TO_ITS_RATE = (PumpState.KVO, PumpState.ALARM)
_AT_ANY_RATE = (PumpState.BOLUS, PumpState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high`` mL; both hold. ``high`` None: nobody knows."""

    low: float = 0.0
    high: float | None = 0.0

    def plus(self, other: Range) -> Range:
        return Range(self.low + other.low, None if self.high is None or other.high is None else self.high + other.high)

    def holds(self, value: float) -> bool:
        return self.low - 1e-9 <= value and (self.high is None or value <= self.high + 1e-9)

    def meets(self, other: Range) -> bool:
        """Whether some value is in both."""
        return self.low <= _inf(other.high) + 1e-9 and other.low <= _inf(self.high) + 1e-9

    def within(self, other: Range) -> Range:
        """What both allow; this one where they contradict each other."""
        if not self.meets(other):
            return self
        high = min(_inf(self.high), _inf(other.high))
        return Range(max(self.low, other.low), None if high == float("inf") else high)


class Certainty(Enum):
    KNOWN = "known"  # to the step of a counter
    BOUNDED = "bounded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given since the tally began, mL.

    Attributes:
        by_rate, by_counter, by_remaining: each source alone; None where the pump never told it.
        together: what all sources allow that do not contradict the counter.
        best_ml: the most likely: the counter's, else what is left, else the rate's middle.
        certainty: of ``together``.
        silent_s: how long in all the pump was not heard.
    """

    by_rate: Range
    by_counter: Range | None
    by_remaining: Range | None
    together: Range
    best_ml: float
    certainty: Certainty
    silent_s: float


class _Falling:
    """A quantity whose falls are what was given: what is left, or a counter's negative. Sums runs; a rise begins another run."""

    def __init__(self, step_ml: float) -> None:
        self._step_ml = step_ml
        self._first: float | None = None
        self._last = 0.0
        self._past, self._past_ml = Range(), 0.0
        self._purged_ml = self._hidden_ml = 0.0  # of the run that goes on: perhaps not given, and perhaps given besides

    def fell(self, value: float) -> float | None:
        """By how much since the last value; None for the first one and for a rise."""
        return None if self._first is None or value > self._last else self._last - value

    def begun_within(self, value: float, high: float) -> bool:
        """Whether the run began no further above than this: where it did, another beginning may be hidden between two values."""
        return self._first is not None and self._first - value <= high + self._step_ml

    def take(self, value: float, between: Range, *, floor_ml: float = 0.0, purged: bool = False, hidden_ml: float = 0.0) -> None:
        """Notes the next value.

        Args:
            value: now.
            between: what may have been given since the last value; it stands where a rise hides the fall, and never below ``floor_ml``.
            purged: what fell may not have reached the patient.
            hidden_ml: so much more than fell may have been given: a reset or a new syringe that nobody heard of.
        """
        fell = self.fell(value)
        if self._first is None:
            self._first = value
        elif fell is None:
            refilled = Range(floor_ml, None if between.high is None else max(between.high, floor_ml))
            self._past, self._past_ml = self._past.plus(self._run()).plus(refilled), self._past_ml + self._fallen_ml + floor_ml
            self._first, self._purged_ml, self._hidden_ml = value, 0.0, 0.0
        else:
            self._purged_ml += fell if purged else 0.0
            self._hidden_ml += hidden_ml
        self._last = value

    def total(self, since: Range) -> Range | None:
        """Since the first value; ``since``: what may have been given after the last one."""
        return None if self._first is None else self._past.plus(self._run()).plus(since)

    @property
    def most_likely_ml(self) -> float:
        """By the values alone: nothing purged was given, and nothing hidden happened."""
        return self._past_ml + self._fallen_ml - self._purged_ml

    @property
    def _fallen_ml(self) -> float:
        return 0.0 if self._first is None else max(0.0, self._first - self._last)

    def _run(self) -> Range:
        return Range(max(0.0, self._fallen_ml - self._step_ml - self._purged_ml), self._fallen_ml + self._step_ml + self._hidden_ml)


class Tally:
    """Follows one pump from its first report on. Reports come by rising time; ``reconciliation.refusal_of`` tells which to leave out.

    Args:
        step_ml: of the pump's counters.
        most_ml_per_h: it never pushes more in a silence.
        counter_widths_ml: after which a counter may begin at 0 again; empty: every fall is a reset.
    """

    def __init__(self, *, step_ml: float = STEP_ML, most_ml_per_h: float = MOST_ML_PER_H, counter_widths_ml: Sequence[float] = ()) -> None:
        self._most_ml_per_h = most_ml_per_h
        self._widths_ml = tuple(counter_widths_ml)
        self._step_ml = step_ml
        self._rate = Range()
        self._counter = _Falling(step_ml)
        self._remaining = _Falling(step_ml)
        self._since_counter, self._since_remaining = Range(), Range()
        self._wrapped_ml = 0.0
        self._counter_ml = 0.0
        self._purged_counter = self._purged_remaining = False
        self._heard_not_counter = self._heard_not_remaining = False  # there was a silence since their last values
        self._silent_s = 0.0
        self._reckoned: tuple[Instant, Given] | None = None
        self.last: PumpStatus | None = None

    def take(self, status: PumpStatus) -> None:
        """Notes a report."""
        before = self.last
        self._reckoned = None
        if before is not None:
            passed = self._between(before, status)
            self._rate = self._rate.plus(passed)
            self._since_counter = self._since_counter.plus(passed)
            self._since_remaining = self._since_remaining.plus(passed)
            silence_s = _silence_s(before, status.at)
            self._silent_s += silence_s
            self._heard_not_counter |= silence_s > 0
            self._heard_not_remaining |= silence_s > 0
        purging = status.state is PumpState.PURGING or (before is not None and before.state is PumpState.PURGING)
        self._purged_counter |= purging
        self._purged_remaining |= purging
        self._count(status)
        self.last = status

    def given(self, at: Instant) -> Given:
        """What was given until ``at``, at or after the last report."""
        if self._reckoned is None or self._reckoned[0] != at:
            self._reckoned = at, self._given(at)
        return self._reckoned[1]

    def rate_and_counter(self, at: Instant) -> tuple[Range, Range | None]:
        """``given``'s ranges by rate and by counter alone."""
        running = Range() if self.last is None else self._until(self.last, at)
        return self._rate.plus(running), self._counter.total(self._since_counter.plus(running))

    def _given(self, at: Instant) -> Given:
        running = Range() if self.last is None else self._until(self.last, at)
        by_rate = self._rate.plus(running)
        by_counter = self._counter.total(self._since_counter.plus(running))
        by_remaining = self._remaining.total(self._since_remaining.plus(running))
        told = [source for source in (by_counter, by_remaining, by_rate) if source is not None]
        together = told[0]
        for source in told[1:]:
            together = together.within(source)
        silent_s = self._silent_s + (0.0 if self.last is None else _silence_s(self.last, at))
        return Given(
            by_rate=by_rate,
            by_counter=by_counter,
            by_remaining=by_remaining,
            together=together,
            best_ml=self._most_likely_ml(by_rate, running),
            certainty=_certainty(together, told[0]),
            silent_s=silent_s,
        )

    def _most_likely_ml(self, by_rate: Range, running: Range) -> float:
        """The counter's, else what is left, else the rate's middle; since their last values what is sure at least."""
        if self._counter.total(running) is not None:
            return self._counter.most_likely_ml + self._since_counter.plus(running).low
        if self._remaining.total(running) is not None:
            return self._remaining.most_likely_ml + self._since_remaining.plus(running).low
        return _middle(by_rate)

    def _count(self, status: PumpStatus) -> None:
        """Takes the counters of a report.

        A counter that shows no more than may have been pushed since its last value may have been reset between the two, and a
        syringe that is nearly full may be a new one: that much more may have been given. After a silence two counters that moved
        alike bear each other out.
        """
        reading = None if status.infused_ml is None else self._unwrapped(status.infused_ml)
        counted = None if reading is None else self._counter.fell(-reading)
        drained = None if status.remaining_ml is None else self._remaining.fell(status.remaining_ml)
        alike = counted is not None and drained is not None and abs(counted - drained) <= 2 * self._step_ml
        purging = status.state is PumpState.PURGING
        if reading is not None and status.infused_ml is not None:
            since, purged = self._since_counter, self._purged_counter
            possible = status.infused_ml <= _inf(since.high) and not (alike and self._heard_not_counter)
            hidden_ml = max(0.0, _inf(since.high) - (counted or 0.0)) if possible else 0.0
            floor_ml = 0.0 if purged else status.infused_ml  # what a counter shows after its reset was pushed since then
            self._counter.take(-reading, since, floor_ml=floor_ml, purged=purged, hidden_ml=hidden_ml)
            self._since_counter, self._counter_ml, self._purged_counter, self._heard_not_counter = Range(), reading, purging, False
        if status.remaining_ml is not None:
            since = self._since_remaining
            unheard = self._heard_not_remaining
            possible = not alike if unheard else self._remaining.begun_within(status.remaining_ml, _inf(since.high))
            hidden_ml = max(0.0, _inf(since.high) - (drained or 0.0)) if possible else 0.0
            self._remaining.take(status.remaining_ml, since, purged=self._purged_remaining, hidden_ml=hidden_ml)
            self._since_remaining, self._purged_remaining, self._heard_not_remaining = Range(), purging, False

    def _unwrapped(self, infused_ml: float) -> float:
        """The counter as if it had never wrapped."""
        reading, since = infused_ml + self._wrapped_ml, self._since_counter
        if not self._widths_ml or reading >= self._counter_ml or since.high is None:
            return reading
        shown_ml = self._counter_ml - self._wrapped_ml
        width_ml = wrapped_at(shown_ml, infused_ml, least_ml=since.low, most_ml=since.high, widths_ml=self._widths_ml)
        self._wrapped_ml += width_ml or 0.0
        return infused_ml + self._wrapped_ml

    def _between(self, before: PumpStatus, status: PumpStatus) -> Range:
        """Between two reports: the rate lies between both; in a silence it may have been anything."""
        if _silence_s(before, status.at):
            return self._until(before, status.at)
        hours = status.at.since(before.at) / _S_PER_H
        ranges = (self._rates(before), self._rates(status))
        return Range(min(low for low, _ in ranges) * hours, max(high for _, high in ranges) * hours)

    def _until(self, before: PumpStatus, at: Instant) -> Range:
        """After the last report: its rate for as long as it is fresh, then anything."""
        silent_s = _silence_s(before, at)
        if silent_s:
            return Range(0.0, self._most_ml_per_h * at.since(before.at) / _S_PER_H)
        low, high = self._rates(before)
        hours = at.since(before.at) / _S_PER_H
        return Range(low * hours, high * hours)

    def _rates(self, status: PumpStatus) -> tuple[float, float]:
        """Lowest and highest rate that reaches the patient, by one report."""
        rate = status.rate_ml_per_h
        if status.state in _AT_REST:
            return 0.0, 0.0
        if rate is None or not 0 <= rate <= ABSURD_ML_PER_H or status.state in _AT_ANY_RATE:
            return 0.0, max(self._most_ml_per_h, rate if rate is not None and rate <= ABSURD_ML_PER_H else 0.0)
        return (0.0 if status.state in _UP_TO_ITS_RATE else rate), rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """The same in mg: best, and the bounds of all sources together; ``high`` None: nobody knows."""

    best_mg: float
    low_mg: float
    high_mg: float | None
    best_mg_per_kg: float


def doses_of(given: Given, concentration_mg_per_ml: float, weight_kg: float) -> Doses:
    """Amounts of drug. Raises ZeroDivisionError for a weight of zero."""
    high = given.together.high
    best_mg = given.best_ml * concentration_mg_per_ml
    return Doses(
        best_mg=best_mg,
        low_mg=given.together.low * concentration_mg_per_ml,
        high_mg=None if high is None else high * concentration_mg_per_ml,
        best_mg_per_kg=best_mg / weight_kg,
    )


def _silence_s(before: PumpStatus, at: Instant) -> float:
    """The whole stretch where it is a silence: longer than a fresh report stands; else 0."""
    passed_s = at.since(before.at)
    return passed_s if passed_s > STALE_AFTER_INTERVALS * before.interval_s else 0.0


def _middle(range_: Range) -> float:
    return range_.low if range_.high is None else (range_.low + range_.high) / 2


def _certainty(together: Range, first: Range) -> Certainty:
    """Known: to a few steps of a counter, or to a thousandth."""
    if together.high is None:
        return Certainty.UNKNOWN
    width = together.high - together.low
    return Certainty.KNOWN if width <= max(4 * STEP_ML, 0.002 * _middle(first)) else Certainty.BOUNDED


def _inf(high: float | None) -> float:
    return float("inf") if high is None else high
