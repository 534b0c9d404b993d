"""The pump's mechanics: volume is conserved, alarms come and go, and only a hand moves it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.observations import PumpState
from devices.patient.events import LineCleared, LineKinked, NewSyringe, PumpBolus, PumpPause, PumpRate, PumpResume, PumpStart, PumpStop
from devices.patient.pump import LINE_STRETCH_ML, PumpSettings, SimulatedPump

SETTINGS = PumpSettings(drug="Ketamine", concentration_mg_per_ml=5.0, syringe_ml=50.0)

hands = st.one_of(
    st.builds(PumpStart, rate_mg_per_h=st.floats(0.1, 500)),
    st.builds(PumpRate, rate_mg_per_h=st.floats(0.1, 500)),
    st.builds(PumpBolus, dose_mg=st.floats(0.1, 100)),
    st.sampled_from([PumpPause(), PumpResume(), PumpStop(), LineKinked(), LineCleared(), NewSyringe()]),
)


def run(pump, seconds):
    return sum(pump.advance(1.0) for _ in range(int(seconds)))


@given(st.lists(st.tuples(hands, st.integers(0, 900)), max_size=12))
@settings(deadline=None, max_examples=50)
def test_no_volume_is_lost_or_made(script):
    pump, loaded_ml, delivered_mg = SimulatedPump(SETTINGS), 50.0, 0.0
    for hand, seconds in script:
        if isinstance(hand, NewSyringe):
            loaded_ml += 50.0 - pump.mechanics.remaining_ml
        pump.touch(hand)
        delivered_mg += run(pump, min(seconds, 120)) + pump.advance(seconds)
        now = pump.mechanics
        assert now.remaining_ml + now.infused_ml == pytest.approx(loaded_ml, abs=1e-9)
        assert now.infused_ml * 5.0 == pytest.approx(delivered_mg + pump.pressed_ml * 5.0, abs=1e-9)
        assert -1e-12 <= now.remaining_ml <= 50.0
        assert 0 <= now.pressure_percent <= 100.0


def test_an_hour_at_a_rate_is_that_many_milligrams():
    pump = SimulatedPump(SETTINGS)
    assert run(pump, 60) == 0
    pump.touch(PumpStart(rate_mg_per_h=24.5))
    assert run(pump, 3600) == pytest.approx(24.5)
    assert pump.mechanics.rate_ml_per_h == pytest.approx(4.9)
    assert pump.mechanics.state is PumpState.INFUSING


def test_occlusion_builds_pressure_then_alarms_and_stops():
    pump = SimulatedPump(SETTINGS)
    pump.touch(PumpStart(rate_mg_per_h=10.0))
    run(pump, 60)
    pump.touch(LineKinked())
    pressures = [pump.mechanics.pressure_percent]
    while pump.mechanics.state is PumpState.INFUSING:
        assert pump.advance(1.0) == 0
        pressures.append(pump.mechanics.pressure_percent)
    assert pressures == sorted(pressures)
    assert pressures[-1] == pytest.approx(100.0)
    assert len(pressures) == pytest.approx(LINE_STRETCH_ML / 2.0 * 3600, abs=3)
    assert pump.mechanics.alarms == {"occlusion"}
    assert pump.mechanics.state is PumpState.ALARM
    assert pump.mechanics.rate_ml_per_h == 0
    pump.touch(PumpResume())
    assert pump.mechanics.state is PumpState.ALARM  # the cause is still there
    pump.touch(LineCleared())
    assert pump.mechanics.alarms == frozenset()
    pump.touch(PumpResume())
    assert pump.advance(1.0) == pytest.approx(LINE_STRETCH_ML * 5 + 10 / 3600)


def test_paused_too_long_is_told_until_it_runs_again():
    pump = SimulatedPump(SETTINGS)
    pump.touch(PumpStart(rate_mg_per_h=10.0))
    pump.touch(PumpPause())
    run(pump, 110)
    assert pump.mechanics.alarms == frozenset()
    run(pump, 20)
    assert pump.mechanics.alarms == {"paused too long"}
    assert pump.mechanics.state is PumpState.PAUSED
    pump.touch(PumpResume())
    pump.advance(1.0)
    assert pump.mechanics.alarms == frozenset()


def test_near_empty_then_empty():
    pump = SimulatedPump(SETTINGS)
    pump.touch(PumpStart(rate_mg_per_h=500.0))
    told = []
    while pump.mechanics.state is PumpState.INFUSING:
        pump.advance(1.0)
        told.append(pump.mechanics.alarms)
    assert frozenset({"near empty"}) in told
    assert told[-1] == {"syringe empty"}
    assert pump.mechanics.infused_ml == pytest.approx(50.0)
    pump.touch(NewSyringe())
    pump.touch(PumpResume())
    assert pump.mechanics.state is PumpState.INFUSING
    assert pump.mechanics.infused_ml == pytest.approx(50.0)


def test_a_bolus_is_given_and_then_the_rate_goes_on():
    pump = SimulatedPump(SETTINGS)
    pump.touch(PumpStart(rate_mg_per_h=10.0))
    pump.touch(PumpBolus(dose_mg=10.0))
    assert pump.mechanics.state is PumpState.BOLUS
    given_mg = run(pump, 60)
    assert given_mg == pytest.approx(10.0 + 10.0 / 3600 * (60 - 9), abs=1e-6)  # 2 mL at 800 mL/h take 9 s
    assert pump.mechanics.state is PumpState.INFUSING
