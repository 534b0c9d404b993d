"""A case that goes on after an interruption: what was given, the ladder and the rounds are as if nothing had been interrupted."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from clinical.messages import FromDevice, FromOperator
from clinical.monitor import Monitor
from clinical.taking_up import JUDGED_S, TOLD_EVERY_S, rebuild, taking_up
from tests.clinical.dosing.test_account import RULED, Infusing

AHEAD = {"ahead": None}


def _hours_long():
    """Two hours with steps, a pause, and a bag that was changed; what a record keeps of them."""
    bed = Infusing(order=RULED)
    for ml_per_h, seconds in ((5.0, 1800), (7.5, 1200), (0.0, 600), (7.5, 1800), (10.0, 1800)):
        bed.infuse(ml_per_h, seconds)
    kept = [message for message in bed.messages if isinstance(message, FromDevice | FromOperator)]
    return bed, kept


def test_what_was_given_is_the_same_to_the_last_figure():
    bed, kept = _hours_long()
    monitor, _ = rebuild(taking_up(bed.now, kept, bed.transitions))
    stepped = Monitor()
    for message in kept:
        stepped.step(message)
    assert replace(monitor._watch.dose(bed.now), **AHEAD) == replace(stepped._watch.dose(bed.now), **AHEAD)


def test_the_screen_is_told_each_change_of_the_rate_and_no_more_than_a_trend_needs():
    bed, kept = _hours_long()
    _, outcomes = rebuild(taking_up(bed.now, kept, bed.transitions))
    doses = [outcome.dose for outcome in outcomes if outcome.dose is not None]
    past = [dose for dose in doses if bed.now.since(dose.at) >= JUDGED_S]
    assert [rate for rate, _ in groupby(dose.rate_mg_per_h for dose in past if dose.pump)] == [0.0, 10.0, 15.0, 0.0, 15.0, 20.0]
    assert len(past) <= bed.now.since(kept[0].at) / TOLD_EVERY_S + 10
    assert all(dose.ahead is None for dose in past)


def test_the_last_half_hour_is_judged_as_it_was():
    bed, kept = _hours_long()
    near = [message for message in kept if isinstance(message, FromDevice) and bed.now.since(message.at) < JUDGED_S]
    _, outcomes = rebuild(taking_up(bed.now, kept, bed.transitions))
    assert [outcome.message for outcome in outcomes if outcome.message in near] == near


def test_two_beginnings_in_a_row_change_nothing():
    bed, kept = _hours_long()
    first, _ = rebuild(taking_up(bed.now, kept, bed.transitions))
    again, _ = rebuild(taking_up(bed.now, kept, bed.transitions))
    assert first._watch.dose(bed.now) == again._watch.dose(bed.now)
