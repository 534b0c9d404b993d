"""What was given: the truth lies in every stated range, whatever drops out; and what bad reports do."""

from __future__ import annotations

import random

import pytest

from clinical.dosing.given import MOST_ML_PER_H, Certainty, Tally, doses_of
from clinical.observations import PumpState, PumpStatus
from tests.clinical.bed import T0

INTERVAL_S = 5.0


class Pump:
    """A pump whose truth is known: each second it pushes what it is set to."""

    def __init__(self, seed: int, *, resets: bool) -> None:
        self.draw = random.Random(seed)
        self.resets = resets
        self.state, self.rate, self.second = PumpState.INFUSING, 5.0, 0
        self.given = self.counter = 0.0
        self.remaining = 50.0
        self.refilled = False

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.second += 1
            if self.state is PumpState.INFUSING:
                pushed = self.rate / 3600
                self.given += pushed
                self.counter += pushed
                self.remaining -= pushed
            if self.draw.random() < 1 / 1500:
                self.hand()

    def hand(self) -> None:
        """What a nurse does now and then."""
        match self.draw.choice(("rate", "pause", "reset", "syringe")):
            case "rate":
                self.rate = self.draw.choice((2.5, 5.0, 7.5, 10.0, 12.5))
            case "pause":
                self.state = PumpState.PAUSED if self.state is PumpState.INFUSING else PumpState.INFUSING
            case "reset" if self.resets:
                self.counter = 0.0
            case _:
                self.remaining, self.refilled = 50.0, True

    def report(self) -> PumpStatus:
        return PumpStatus(
            at=T0.plus(self.second),
            channel="",
            state=self.state,
            rate_ml_per_h=self.rate,
            infused_ml=int(self.counter * 100) / 100,
            remaining_ml=int(self.remaining * 100) / 100,
            interval_s=INTERVAL_S,
        )


@pytest.mark.parametrize("seed", [*range(12), 189])  # 189: a counter reset before it had shown anything
@pytest.mark.parametrize("resets", [False, True])
def test_eight_hours_with_twenty_drop_outs(seed, resets):
    pump, tally = Pump(seed, resets=resets), Tally()
    starts = sorted(pump.draw.sample(range(0, 8 * 3600, 300), 20))
    silent = {second for start in starts for second in range(start + 20, start + 20 + pump.draw.randrange(20, 250))}
    tally.take(pump.report())
    checked = 0
    while pump.second < 8 * 3600:
        pump.run(int(INTERVAL_S))
        if pump.second not in silent:
            tally.take(pump.report())
        if pump.second % 60 == 0:
            given = tally.given(T0.plus(pump.second))
            assert given.together.holds(pump.given), (pump.second, pump.given, given)
            assert given.by_counter is not None
            assert given.by_counter.holds(pump.given)
            assert given.by_remaining is not None
            assert given.by_remaining.holds(pump.given)
            assert given.by_rate.holds(pump.given)
            checked += 1
    assert checked >= 480
    tally.take(pump.report())
    end = tally.given(T0.plus(pump.second))
    assert end.silent_s > 400
    if not resets:
        assert end.best_ml == pytest.approx(pump.given, rel=1e-3, abs=0.011)
        assert end.certainty is Certainty.KNOWN or pump.refilled, "a syringe changed unheard leaves only one counter to believe"


def told(*reports: dict[str, object], **settings: float):
    tally = Tally(**settings)  # type: ignore[arg-type]
    for fields in reports:
        seconds = fields.pop("s")
        tally.take(PumpStatus(**({"at": T0.plus(seconds), "channel": "", "state": PumpState.INFUSING, "rate_ml_per_h": 12.0} | fields)))  # type: ignore[arg-type]
    return tally


def test_three_sources_side_by_side():
    given = told({"s": 0, "infused_ml": 3.0, "remaining_ml": 47.0}, {"s": 15, "infused_ml": 3.05, "remaining_ml": 46.95}).given(T0.plus(15))
    assert given.by_rate.low == given.by_rate.high == pytest.approx(0.05)
    for source in (given.by_counter, given.by_remaining):
        assert source is not None
        assert (source.low, source.high) == (pytest.approx(0.04), pytest.approx(0.06))
    assert given.best_ml == pytest.approx(0.05)
    doses = doses_of(given, 2.0, 50.0)
    assert (doses.best_mg, doses.best_mg_per_kg) == (pytest.approx(0.1), pytest.approx(0.002))


def test_a_silence_is_bounded_by_what_the_pump_could_push():
    given = told({"s": 0, "infused_ml": 0.0}).given(T0.plus(3600))
    assert (given.together.low, given.together.high) == (0.0, pytest.approx(MOST_ML_PER_H))
    assert (given.certainty, given.silent_s) == (Certainty.BOUNDED, 3600)


def test_a_reset_in_a_silence_leaves_its_own_reading_for_sure():
    given = told({"s": 0, "infused_ml": 9.0}, {"s": 3600, "infused_ml": 4.0}).given(T0.plus(3600))
    assert given.together.low == pytest.approx(4.0)
    assert given.together.high == pytest.approx(MOST_ML_PER_H)


def test_a_reset_that_nobody_heard_of_is_within_the_bounds_and_two_counters_alike_rule_it_out():
    alone = ({"s": 0, "infused_ml": 1.0}, {"s": 600, "infused_ml": 5.0})
    given = told(*(dict(row) for row in alone)).given(T0.plus(600))
    assert given.best_ml == pytest.approx(4.0)
    assert given.together.holds(5.5), "0.5 mL, a reset, 5 mL"
    assert given.certainty is Certainty.BOUNDED
    alike = told(*(row | {"remaining_ml": left} for row, left in zip(alone, (50.0, 46.0), strict=True))).given(T0.plus(600))
    assert (alike.together.low, alike.together.high) == (pytest.approx(3.99), pytest.approx(4.01))
    assert alike.certainty is Certainty.KNOWN
    beyond = told({"s": 0, "infused_ml": 40.0}, {"s": 600, "infused_ml": 44.0}).given(T0.plus(600))
    assert beyond.certainty is Certainty.KNOWN, "no pump pushes 44 mL in 10 min after a reset"


def test_a_wrap_is_no_reset_where_the_highest_reading_is_known():
    reports = ({"s": 0, "infused_ml": 999.96}, {"s": 15, "infused_ml": 0.01})
    wrapped = told(*(dict(row) for row in reports), counter_widths_ml=(1000.0,)).given(T0.plus(15))
    assert wrapped.best_ml == pytest.approx(0.05, abs=0.011)
    assert told(*(dict(row) for row in reports)).given(T0.plus(15)).by_counter is not None


def test_what_a_purge_pushes_may_not_have_reached_the_patient():
    purge = {"state": PumpState.PURGING, "rate_ml_per_h": 600.0}
    given = told({"s": 0, "infused_ml": 0.0} | purge, {"s": 10, "infused_ml": 1.6} | purge, {"s": 15, "infused_ml": 1.6}).given(T0.plus(15))
    assert given.together.holds(0.0)


@pytest.mark.parametrize("rate", [None, -5.0, 1e9, float("nan")])
def test_a_rate_that_cannot_be_is_unknown_not_zero(rate):
    given = told({"s": 0, "rate_ml_per_h": rate}, {"s": 15, "rate_ml_per_h": rate}).given(T0.plus(15))
    assert (given.by_rate.low, given.by_rate.high) == (0.0, pytest.approx(MOST_ML_PER_H * 15 / 3600))
    assert given.by_counter is None


def test_a_weight_or_concentration_corrected_recomputes_all():
    given = told({"s": 0, "infused_ml": 0.0}, {"s": 7200, "infused_ml": 24.0}).given(T0.plus(7200))
    wrong, right = doses_of(given, 2.0, 70.0), doses_of(given, 2.0, 82.0)
    assert wrong.best_mg == right.best_mg == pytest.approx(48, abs=0.03)
    assert right.best_mg_per_kg == pytest.approx(wrong.best_mg_per_kg * 70 / 82)
    assert doses_of(given, 5.0, 82.0).best_mg == pytest.approx(120, abs=0.06)


def test_before_any_report_nothing_is_known_to_be_given():
    given = Tally().given(T0)
    assert (given.best_ml, given.by_counter, given.by_remaining, given.silent_s) == (0.0, None, None, 0.0)
