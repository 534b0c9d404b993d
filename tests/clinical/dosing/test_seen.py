"""Which sensor a rule looks at where several measure one quantity."""

from __future__ import annotations

import pytest

from clinical.dosing.rules import Observed, RuleStanding, judge
from clinical.dosing.seen import SILENT_AFTER_S, Seen
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, IMPEDANCE_RESP_RATE, PULSE_RATE, RESP_RATE, SPO2
from clinical.observations import Numeric
from clinical.orders import Rule, RuleAction
from tests.clinical.bed import T0

BREATHING = Rule(action=RuleAction.HOLD, subject=RESP_RATE.id, label="RR", below=8)
HEART = Rule(action=RuleAction.HOLD, subject=HEART_RATE.id, label="HR", above=120)
RULES = (BREATHING, HEART)


def _seen(*values):
    """Of (seconds, metric, value)."""
    seen = Seen(RULES)
    for at_s, metric, value in values:
        seen.observe(Numeric(at=T0.plus(at_s), metric=metric, value=value))
    return seen


@pytest.mark.parametrize(
    ("rule", "metric"), [(BREATHING, RESP_RATE), (BREATHING, CO2_RESP_RATE), (BREATHING, IMPEDANCE_RESP_RATE), (HEART, PULSE_RATE)]
)
def test_a_rule_is_judged_by_whatever_sensor_measures_its_quantity(rule, metric):
    found = judge(rule, _seen((0, metric, 14.0)).of(rule.subject), None, T0.plus(1))
    assert (found.standing, found.value, found.text) == (RuleStanding.KEPT, 14.0, f"{rule.label} 14")


def test_slow_breathing_by_the_capnograph_holds():
    found = judge(BREATHING, _seen((0, CO2_RESP_RATE, 6.0)).of(RESP_RATE.id), None, T0.plus(1))
    assert (found.standing, found.text) == (RuleStanding.BROKEN, "RR 6 < 8: hold")


def test_the_preferred_sensor_counts_until_it_falls_silent():
    both = [(0, RESP_RATE, 12.0), (1, CO2_RESP_RATE, 15.0)]
    assert _seen(*both).of(RESP_RATE.id)[-1].value == 12.0
    later = (SILENT_AFTER_S + 1, CO2_RESP_RATE, 16.0)
    assert _seen(*both, later).of(RESP_RATE.id)[-1].value == 16.0
    back = (SILENT_AFTER_S + 2, RESP_RATE, 13.0)
    assert _seen(*both, later, back).of(RESP_RATE.id)[-1].value == 13.0


def test_nothing_measured_is_nothing_seen_and_what_no_rule_asks_for_is_let_pass():
    seen = _seen()
    assert not seen.observe(Numeric(at=T0, metric=SPO2, value=97.0))
    assert list(seen.of(RESP_RATE.id)) == []


def test_two_sensors_are_never_mixed():
    seen = _seen((0, RESP_RATE, 7.0), (1, CO2_RESP_RATE, 15.0), (2, RESP_RATE, 6.0))
    assert list(seen.of(RESP_RATE.id)) == [Observed(at=T0, value=7.0), Observed(at=T0.plus(2), value=6.0)]
