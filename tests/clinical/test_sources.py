"""Which of several sources is shown: the rule for any candidates, and any history of two devices at a bed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.commands import ChooseSource
from clinical.messages import Outcome
from clinical.metrics import CATALOGUE, ECG_II, HEART_RATE, PERFUSION_INDEX, PLETH, PULSE_RATE, SKIN_TEMPERATURE, SPO2
from clinical.observations import LinkState, Numeric, WaveformBlock
from clinical.sources import LEADER, SIDE_BY_SIDE, TAKE_BACK_AFTER, TAKE_BACK_AFTER_S, Candidate, Source, choose, is_settled, leader_of
from tests.clinical.bed import Bed

NAMES = ("a", "b", "c")
MONITOR, OXIMETER = Source(device="monitor"), Source(device="oximeter")
STAND_IN = f"source:{SPO2.id}"


@st.composite
def ranked(draw: st.DrawFn) -> list[Candidate]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    worth = st.sampled_from([(False, False), (True, False), (True, True)])
    return [Candidate(source=Source(device=name), good=good, settled=settled) for name in names for good, settled in [draw(worth)]]


shown_before = st.one_of(st.none(), st.sampled_from([Source(device=name) for name in NAMES]))


@given(ranked(), shown_before)
def test_a_good_source_is_shown_wherever_there_is_one(candidates, before):
    shown = choose(candidates, before)
    by_source = {each.source: each for each in candidates}
    assert shown in by_source
    assert by_source[shown].good or not any(each.good for each in candidates)


@given(ranked(), shown_before)
def test_a_good_source_gives_way_only_to_a_better_one_that_has_settled(candidates, before):
    shown = choose(candidates, before)
    places = [each.source for each in candidates]
    was_good = any(each.good and each.source == before for each in candidates)
    if was_good and shown != before:
        assert places.index(shown) < places.index(before)
        assert candidates[places.index(shown)].settled


@given(ranked(), shown_before)
def test_choosing_again_changes_nothing(candidates, before):
    shown = choose(candidates, before)
    assert choose(candidates, shown) == shown
    if not any(each.good for each in candidates) and before in [each.source for each in candidates]:
        assert shown == before, "nothing flickers where none is good"


@given(st.integers(0, 50), st.floats(0, 100), st.booleans())
def test_one_reading_never_settles_and_a_return_takes_its_time(run, good_for_s, was_away):
    if is_settled(run, good_for_s, was_away=was_away):
        assert run >= TAKE_BACK_AFTER
        assert good_for_s >= TAKE_BACK_AFTER_S or not was_away


def test_who_leads_follows_nobody_and_is_a_number():
    for follower, leader in LEADER.items():
        assert leader not in LEADER
        assert not leader.waveform
        assert not SIDE_BY_SIDE & {follower, leader}
    assert {metric for metric in CATALOGUE.values() if metric.waveform} <= set(LEADER)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["monitor", "oximeter", "wait", "lost", "live", "choose"]),
        st.sampled_from([None, 85.0, 97.0]),
        st.sampled_from([1.0, 4.0, 11.0]),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_what_holds_after_any_history_of_two_devices(steps):
    bed = Bed()
    bed.start()
    readings = bed.monitor._watch._readings
    for what, value, seconds in steps:
        _live_through(bed, what, value, seconds)
        standing = readings.sources(SPO2)
        if standing is None:
            continue
        good = {source for source in standing.sources if readings.standing_of(SPO2, source).name == "GOOD"}
        assert standing.shown in good or not good, "a number is shown wherever there is one"
        judged = {alarm.device for name, alarm in bed.alarms.items() if name.startswith("limit:") and "last seen" not in alarm.detail}
        assert judged <= {source.device for source in standing.sources}
        if STAND_IN in bed.alarms:
            assert standing.stands_in
            assert good
    bed.link(LinkState.LIVE, "oximeter")
    bed.each_second(8, lambda: bed.numeric(SPO2, None), lambda: bed.numeric(SPO2, 97, device="oximeter"))
    chosen = readings.sources(SPO2)
    assert chosen is not None
    assert (STAND_IN in bed.alarms) is chosen.stands_in, "a stand-in is told"


def _live_through(bed: Bed, what: str, value: float | None, seconds: float) -> None:
    match what:
        case "wait":
            bed.each_second(seconds)
        case "lost" | "live":
            bed.link(LinkState(what), "oximeter")
        case "choose":
            bed.do(ChooseSource(metric=SPO2, device="" if value is None else "oximeter" if value == 85 else "monitor", by="A"))
        case device:
            bed.hold(SPO2, value, seconds, device=device)


def value(outcome: Outcome) -> float | None:
    return outcome.shown.value if isinstance(outcome.shown, Numeric) else None


def both(bed: Bed, seconds: float, monitor: float | None = 95.0, oximeter: float | None = 97.0) -> None:
    bed.each_second(seconds, lambda: bed.numeric(SPO2, monitor), lambda: bed.numeric(SPO2, oximeter, device="oximeter"))


def test_the_stand_in_is_told_and_the_first_choice_returns_after_a_hold():
    bed = Bed()
    bed.start()
    both(bed, 3)
    assert STAND_IN not in bed.alarms
    both(bed, 8, monitor=None)
    assert bed.alarms[STAND_IN].title == "SpO₂ from oximeter, not monitor"
    assert "sensor:MDC_PULS_OXIM_SAT_O2" not in bed.alarms, "a number is there to be judged"
    both(bed, 9)
    assert value(bed.numeric(SPO2, 97, device="oximeter")) == 97
    assert "monitor: returning" in bed.alarms[STAND_IN].detail
    both(bed, 3)
    assert value(bed.numeric(SPO2, 97, device="oximeter")) is None
    assert STAND_IN not in bed.alarms


def test_a_contact_that_comes_and_goes_does_not_flap():
    bed = Bed()
    bed.start()
    both(bed, 3)
    for _ in range(6):
        both(bed, 3, monitor=None)
        both(bed, 8)
    shown = [each.shown for outcome in bed.outcomes for each in outcome.sources if each.metric is SPO2]
    assert shown == [MONITOR, OXIMETER]


def test_the_operators_choice_is_shown_and_judged_at_once_and_told():
    bed = Bed()
    bed.start()
    both(bed, 3, oximeter=85.0)
    outcome = bed.do(ChooseSource(metric=SPO2, device="oximeter", by="A. N."))
    (told,) = (each for each in outcome.sources if each.metric is SPO2)
    assert (told.sources, told.shown, told.chosen_by) == ((OXIMETER, MONITOR), OXIMETER, "A. N.")
    both(bed, 15, oximeter=85.0)
    assert bed.alarms["limit:MDC_PULS_OXIM_SAT_O2:low"].device == "oximeter"
    assert STAND_IN not in bed.alarms
    bed.do(ChooseSource(metric=SPO2, device="", by="A. N."))
    both(bed, 1, oximeter=85.0)
    assert not bed.alarms, "by the case's order the monitor is judged again"


def test_the_choice_ends_with_its_case():
    bed = Bed()
    bed.start()
    both(bed, 3)
    bed.do(ChooseSource(metric=SPO2, device="oximeter", by="A"))
    bed.end()
    bed.start()
    assert value(bed.numeric(SPO2, 95)) == 95


def test_a_choice_that_was_made_before_the_device_spoke_holds_when_it_does():
    bed = Bed()
    bed.start()
    bed.do(ChooseSource(metric=SPO2, device="oximeter", by="A"))
    both(bed, 3)
    assert value(bed.numeric(SPO2, 97, device="oximeter")) == 97


def test_what_one_sensor_measures_comes_from_one_source():
    bed = Bed()
    bed.start()

    def tell(device: str, saturation: float | None) -> None:
        for metric, number in ((SPO2, saturation), (PULSE_RATE, 71.0), (PERFUSION_INDEX, 3.0)):
            bed.numeric(metric, number, device=device)

    bed.each_second(3, lambda: tell("monitor", 95.0), lambda: tell("oximeter", 97.0))
    assert bed.numeric(PULSE_RATE, 71, device="oximeter").aside is not None
    bed.each_second(2, lambda: tell("monitor", None), lambda: tell("oximeter", 97.0))
    assert value(bed.numeric(PULSE_RATE, 72, device="oximeter")) == 72
    assert bed.numeric(PULSE_RATE, 71).shown is None, "its own pulse is good, and yet it follows the saturation"


def test_channels_of_one_device_are_rivals_and_places_are_not():
    bed = Bed()
    bed.start()
    bed.each_second(2, lambda: bed.numeric(SPO2, 96, channel=""), lambda: bed.numeric(SPO2, 84, channel="2"))
    assert bed.numeric(SPO2, 84, channel="2").shown is None
    bed.do(ChooseSource(metric=SPO2, device="monitor", channel="2", by="A"))
    assert value(bed.numeric(SPO2, 84, channel="2")) == 84
    assert bed.numeric(SKIN_TEMPERATURE, 33, channel="T1").shown is not None
    assert bed.numeric(SKIN_TEMPERATURE, 31, channel="T2").shown is not None


def test_a_crossing_is_over_when_another_channel_is_shown_that_is_within():
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 84, 15, channel="2")
    assert "limit:MDC_PULS_OXIM_SAT_O2:low" in bed.alarms
    bed.each_second(5, lambda: bed.numeric(SPO2, 97), lambda: bed.numeric(SPO2, None, channel="2"))
    assert not any(name.startswith("limit:") for name in bed.alarms)


def _block(metric, at) -> WaveformBlock:
    return WaveformBlock(at=at, metric=metric, rate_hz=100, steps=np.zeros(25, dtype=np.int16), unit_per_step=1)


def test_a_waveform_follows_the_number_it_belongs_to():
    bed = Bed()
    bed.start()
    both(bed, 3)
    assert bed.tell(_block(PLETH, bed.now), "oximeter").shown is not None
    assert bed.tell(_block(PLETH, bed.now), "monitor").shown is not None
    bed.do(ChooseSource(metric=PLETH, device="oximeter", by="A"))
    assert bed.outcomes[-1].refused.startswith("Pleth follows the number")
    bed.do(ChooseSource(metric=SPO2, device="oximeter", by="A"))
    assert bed.tell(_block(PLETH, bed.now), "monitor").shown is None
    assert bed.tell(_block(PLETH, bed.now), "oximeter").shown is not None


def test_without_a_case_nothing_is_chosen_and_nothing_told():
    bed = Bed()
    assert bed.do(ChooseSource(metric=SPO2, device="oximeter")).refused
    both(bed, 3)
    both(bed, 20, monitor=None)
    assert not bed.alarms


def test_the_number_that_is_not_shown_comes_aside_and_no_other_does():
    bed = Bed()
    bed.start()
    assert bed.numeric(HEART_RATE, 70).aside is None
    both(bed, 3)
    outcome = bed.numeric(SPO2, 97, device="oximeter")
    assert (outcome.shown, outcome.aside.value) == (None, 97)
    assert leader_of(ECG_II) is HEART_RATE
