"""Sizes and lags of what the drugs do, against the figures the simulator is built to."""

import numpy as np
import pytest

from clinical.metrics import CO2_RESP_RATE, ETCO2, RESP_RATE, SKIN_TEMPERATURE, SPO2
from devices.patient.constants import CONSTANTS
from devices.patient.events import AirwayNarrowed, Medication
from devices.patient.gas_exchange import saturation_percent, tension_mmhg
from devices.patient.physiology import Baseline, Physiology, Sensitivity
from devices.patient.variability import Variability


def wax(**sensitivity):
    """A body without natural unrest."""
    return Physiology(Baseline(), Sensitivity(variability=0.0, **sensitivity), Variability(np.random.default_rng(0), 0.0))


def infuse(body, mg_per_h, minutes):
    state = None
    for _ in range(int(minutes * 60)):
        state = body.step(1.0, mg_per_h / 3600)
    return state


def test_dose_response_of_pressure_and_heart_rate():
    state = infuse(wax(), 24.5, 185)
    assert state.effect_ng_per_ml == pytest.approx(200, abs=3)
    assert state.sbp_mmhg - 128 == pytest.approx(7.7, abs=0.5)
    assert state.dbp_mmhg - 76 == pytest.approx(0.8 * 7.7, abs=0.5)
    assert state.heart_rate - 76 == pytest.approx(3.8, abs=0.3)
    assert -2 <= state.resp_rate - 15 <= 0
    assert -1 <= state.sao2_percent - 97 <= 0
    assert state.rass == -1
    assert 15 < state.dissociation_percent < 40


def test_the_pressure_of_a_hypertensive_patient_answers_half_as_much_again():
    ordinary, strong = infuse(wax(), 24.5, 120), infuse(wax(pressure=1.5), 24.5, 120)
    assert strong.sbp_mmhg - 128 == pytest.approx(1.5 * (ordinary.sbp_mmhg - 128))
    assert strong.heart_rate == ordinary.heart_rate


def test_the_effect_lags_the_plasma_and_fades_within_the_hour():
    body = wax()
    state = infuse(body, 24.5, 5)
    assert state.effect_ng_per_ml < 0.5 * state.plasma_ng_per_ml
    peak = infuse(body, 24.5, 235).sbp_mmhg - 128
    minutes = 0
    while body.step(60.0, 0.0).sbp_mmhg - 128 > peak / 2:
        minutes += 1
    assert 12 <= minutes <= 35


def test_two_milligrams_of_midazolam_slow_breathing_by_one_to_three():
    body = wax()
    body.feel(Medication(drug="midazolam", dose_mg=2.0))
    low = min((body.step(1.0, 0.0) for _ in range(1200)), key=lambda state: state.resp_rate)
    assert 1 <= 15 - low.resp_rate <= 3
    assert low.sao2_percent > 92


def test_saturation_falls_after_the_airway_and_not_with_it():
    body = wax()
    body.step(1.0, 0.0)
    body.feel(AirwayNarrowed(lost_fraction=1.0))
    states = [body.step(1.0, 0.0) for _ in range(180)]
    below_90 = next(second for second, state in enumerate(states) if state.sao2_percent < 90)
    assert states[5].sao2_percent > 96
    assert 20 < below_90 < 120
    assert states[-1].etco2_mmhg > states[0].etco2_mmhg + 10
    body.feel(AirwayNarrowed(lost_fraction=0.0))
    recovered = [body.step(1.0, 0.0) for _ in range(300)]
    assert recovered[-1].sao2_percent > 95


def test_rest_is_a_steady_state():
    body = wax()
    state = infuse(body, 0.0, 60)
    assert state.sao2_percent == pytest.approx(97.0, abs=1e-6)
    assert state.etco2_mmhg == pytest.approx(38.0, abs=1e-6)
    assert (state.sbp_mmhg, state.heart_rate, state.resp_rate, state.rass) == (128.0, 76.0, 15.0, 0)


@pytest.mark.parametrize(("po2", "saturation"), [(26.9, 50.0), (40.0, 75.0), (60.0, 90.6), (100.0, 97.7)])
def test_saturation_curve(po2, saturation):
    assert saturation_percent(po2) == pytest.approx(saturation, abs=0.6)
    assert tension_mmhg(saturation_percent(po2)) == pytest.approx(po2, rel=1e-6)


def test_every_constant_says_its_standing():
    assert {row.standing for row in CONSTANTS.values()} == {"source", "textbook", "proposed"}
    assert all(row.note for row in CONSTANTS.values() if row.standing == "source")


def test_no_air_no_carbon_dioxide_but_the_chest_goes_on(bedside, start):
    shut = bedside((1, "airway narrowed", {"lost_fraction": 1.0}))
    shut.advance(start.plus(110))
    assert shut.value(CO2_RESP_RATE) == 0
    assert shut.value(ETCO2) < 1
    assert shut.value(RESP_RATE) > 10


def test_natural_unrest_is_small(bedside, start):
    plain = bedside()
    spread = []
    for second in range(10, 1800, 5):
        plain.advance(start.plus(second))
        spread.append((plain.value(SPO2), plain.value(RESP_RATE), plain.body.sbp_mmhg, plain.body.heart_rate))
    low, high = np.min(spread, axis=0), np.max(spread, axis=0)
    assert (high - low < (2, 8, 16, 8)).all()
    assert (high - low > (0.1, 0.5, 2, 1)).all()


def test_the_limb_with_the_pain_is_the_colder_and_warms_a_little(bedside, start):
    plain = bedside((0, "pump start", {"rate_mg_per_h": 25}))
    cold = plain.value(SKIN_TEMPERATURE, "T2")
    assert plain.value(SKIN_TEMPERATURE, "T1") - cold > 1.0
    plain.advance(start.plus(2 * 3600))
    assert 0.3 < plain.value(SKIN_TEMPERATURE, "T2") - cold < 1.5
    assert plain.value(SKIN_TEMPERATURE, "T1") > plain.value(SKIN_TEMPERATURE, "T2")
