"""The bedside as devices see it: one seed one case, sensors that come off, a cuff that takes the finger away, and each scenario's story."""

import numpy as np
import pytest

from clinical.metrics import (
    CATALOGUE,
    CO2,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    SPO2,
    TCCO2,
    TEMPERATURE,
)
from clinical.observations import PumpState
from devices.driver import SimulatedBedside
from devices.patient import scenarios
from devices.patient.bedside import Bedside

OF_THE_PROBE = (SPO2, PULSE_RATE, PERFUSION_INDEX)


def numbers(bedside):
    channels = ("", "T1", "T2")
    return [bedside.value(m, c) for m in CATALOGUE.values() for c in channels] + [
        bedside.pump,
        bedside.cuff,
        bedside.cuff_inflating,
        bedside.body,
    ]


def story(name, start, hours=4.0, seed=1):
    """(second, bedside) of each second of a scenario."""
    bedside = Bedside(scenarios.load(name), seed, start)
    for second in range(1, int(hours * 3600) + 1):
        bedside.advance(start.plus(second))
        yield second, bedside


def test_it_is_what_devices_measure(bedside):
    def measures(_: SimulatedBedside) -> None: ...

    plain = bedside()
    measures(plain)
    assert plain.value(TCCO2) is None
    assert plain.value(TEMPERATURE) == pytest.approx(36.7)
    assert plain.value(FICO2) == 0.0
    assert plain.value(HEART_RATE, "T9") is None


def test_one_seed_one_case_whatever_the_steps(start):
    steps = {"tiny": 0.1, "odd": 0.7301, "second": 1.0, "long": 97.0}
    seen = {}
    for name, step in steps.items():
        bedside = Bedside(scenarios.load("midazolam-desaturation"), 11, start)
        elapsed = 0.0
        while elapsed < 400:
            elapsed = min(400.0, elapsed + step)
            bedside.advance(start.plus(elapsed))
        waves = [bedside.samples(m, start.plus(391), 2700, 300.0).tobytes() for m in (ECG_II, PLETH, CO2, IMPEDANCE)]
        seen[name] = (numbers(bedside), waves)
    assert all(found == seen["tiny"] for found in seen.values())


def test_another_seed_is_another_heart(start):
    one, two = (Bedside(scenarios.load("quiet-day"), seed, start) for seed in (1, 2))
    for bedside in (one, two):
        bedside.advance(start.plus(60))
    assert not np.array_equal(one.samples(ECG_II, start.plus(55), 1000, 200.0), two.samples(ECG_II, start.plus(55), 1000, 200.0))


def test_time_does_not_go_back(bedside, start):
    plain = bedside()
    plain.advance(start.plus(10))
    plain.advance(start.plus(10))
    with pytest.raises(ValueError, match="cannot go back"):
        plain.advance(start.plus(9.9))


def test_a_probe_that_is_off_gives_no_value_and_no_samples(bedside, start):
    off = bedside((1, "sensor off", {"sensor": "probe"}), (2, "sensor on", {"sensor": "probe"}))
    off.advance(start.plus(65))
    assert [off.value(m) for m in OF_THE_PROBE] == [None] * 3
    assert off.value(HEART_RATE) is not None
    y = off.samples(PLETH, start.plus(55), 1000, 100.0)
    assert np.isfinite(y[:500]).all()
    assert np.isnan(y[500:]).all()
    off.advance(start.plus(122))
    assert off.value(SPO2) is None  # a pulse again, not yet trusted
    assert np.isfinite(off.samples(PLETH, start.plus(120.5), 100, 100.0)).all()
    off.advance(start.plus(135))
    assert off.value(SPO2) == pytest.approx(97, abs=1.5)


@pytest.mark.parametrize(
    ("sensor", "metrics", "wave"), [("leads", (HEART_RATE, IMPEDANCE_RESP_RATE), ECG_II), ("cannula", (ETCO2, FICO2), CO2)]
)
def test_each_sensor_takes_its_own_away(sensor, metrics, wave, bedside, start):
    off = bedside((1, "sensor off", {"sensor": sensor}))
    off.advance(start.plus(70))
    assert [off.value(m) for m in metrics] == [None] * len(metrics)
    assert np.isnan(off.samples(wave, start.plus(65), 100, 25.0)).all()
    assert off.value(SPO2) is not None


@pytest.mark.parametrize("same_arm", [True, False])
def test_the_cuff_takes_the_finger_only_on_its_own_arm(same_arm, bedside, start):
    arm = bedside(more=f"[cuff]\nfirst_min = 1\nsame_arm = {str(same_arm).lower()}")
    lost, swing, inflating = [], [], []
    for second in range(50, 130):
        arm.advance(start.plus(second))
        lost.append(arm.value(SPO2) is None)
        inflating.append(arm.cuff_inflating)
        y = arm.samples(PLETH, start.plus(second - 2), 200, 100.0)
        swing.append(float(y.max() - y.min()))
    assert sum(inflating) == 30
    assert arm.cuff is not None
    assert arm.cuff.sys == pytest.approx(128, abs=12)
    assert arm.cuff.dia < arm.cuff.mean < arm.cuff.sys
    assert arm.cuff.at == start.plus(90)
    assert (15 <= sum(lost) <= 35) if same_arm else not any(lost)
    assert (min(swing) < 0.05) == same_arm
    assert swing[-1] > 0.4
    assert not lost[-1]


def test_regular_measurements(start):
    readings = [bedside.cuff.at for _, bedside in story("quiet-day", start, hours=1.1) if bedside.cuff]
    assert len(set(readings)) == 5  # at once, and each quarter of an hour


def test_the_drug_in_the_patient_is_the_drug_from_the_pump(start):
    for second, bedside in story("stepped-day", start, hours=3):
        if second % 600 == 0:
            assert bedside.delivered_mg == pytest.approx(bedside.pump.infused_ml * 5.0, abs=1e-9)
    assert bedside.delivered_mg == pytest.approx(0.5 * (10 + 15 + 20) + 25 * (180 - 91) / 60, rel=1e-6)


def test_nurse_entries_are_given_once_and_in_order(start):
    bedside = Bedside(scenarios.load("quiet-day"), 1, start)
    first = bedside.nurse_entries_until(start.plus(60))
    assert [entry.kind for entry in first] == ["assessment", "dose step"]
    assert dict(first[0].scores)["pain at rest"] == 7
    assert first[0].at == start.plus(30)
    assert bedside.nurse_entries_until(start.plus(60)) == []
    rest = bedside.nurse_entries_until(start.plus(5 * 3600))
    assert [entry.at for entry in rest] == sorted(entry.at for entry in rest)
    assert len(first) + len(rest) == len(bedside.scenario.nurse)


def test_quiet_day_is_quiet(start):
    lows, highs = [], []
    for second, bedside in story("quiet-day", start):
        lows.append(bedside.value(SPO2))
        highs.append(bedside.body.sbp_mmhg)
        assert not bedside.pump.alarms, second
    assert min(lows) > 94
    assert max(highs) < 128 * 1.2
    assert bedside.delivered_mg == pytest.approx(24.5 * 239 / 60, rel=1e-6)


def test_pressure_rises_to_a_hold_and_recovers(start):
    pressures, states = {}, {}
    for second, bedside in story("pressure-rise", start):
        pressures[second], states[second] = bedside.body.sbp_mmhg, bedside.pump.state
    assert max(pressures[s] for s in range(300, 800)) > 180
    assert states[800] is PumpState.PAUSED
    assert states[1900] is PumpState.INFUSING
    assert np.mean([pressures[s] for s in range(1700, 1860)]) < 148 + 10


def test_midazolam_then_desaturation(start):
    spo2 = {second: bedside.value(SPO2) for second, bedside in story("midazolam-desaturation", start)}
    assert min(spo2[s] for s in range(1, 180)) > 94
    assert sum(spo2[s] < 90 for s in range(180, 720)) > 60
    assert min(spo2.values()) > 75
    assert min(spo2[s] for s in range(900, 4 * 3600)) > 93


def test_probe_off_and_cuff(start):
    lost = [second for second, bedside in story("probe-off-cuff", start) if bedside.value(SPO2) is None]
    assert {250, 300, 350} <= set(lost)
    assert any(s > 420 for s in lost)
    assert len(lost) < 0.15 * 4 * 3600


def test_occlusion(start):
    alarms, gave = {}, {}
    for second, bedside in story("occlusion", start):
        alarms[second], gave[second] = bedside.pump.alarms, bedside.delivered_mg
    told = [s for s, found in alarms.items() if "occlusion" in found]
    assert 240 < told[0] < 15 * 60
    assert told[-1] < 15 * 60
    assert gave[told[-1]] == gave[242]
    assert gave[4 * 3600] > 50


def test_paused_and_forgotten(start):
    told = [second for second, bedside in story("paused-forgotten", start) if "paused too long" in bedside.pump.alarms]
    assert told[0] == pytest.approx(5 * 60 + 121, abs=2)
    assert sum(s < 1100 for s in told) > 300


def test_lines_are_unplugged_and_plugged_in_again(start):
    out = {}
    for second, bedside in story("line-unplugged", start):
        for line in bedside.lines_unplugged:
            out.setdefault(line, []).append(second)
    assert set(out) == {"monitor", "oximeter", "pump"}
    assert out["monitor"][0] == 180
    assert not bedside.lines_unplugged
