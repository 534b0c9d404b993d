"""The simulated patient's pump, moved by a nurse's hand, read through each driver: the volume adds up and the states follow."""

from __future__ import annotations

import pytest

from clinical.instant import Instant
from clinical.observations import DeviceAlert, PumpState, PumpStatus
from devices.drivers.alaris import DRIVER as ALARIS
from devices.drivers.ap4000 import DRIVER as AP4000
from devices.drivers.dianet import DRIVER as DIANET
from devices.drivers.new_era import DRIVER as NEW_ERA
from devices.drivers.terumo import DRIVER as TERUMO
from devices.drivers.vial import DRIVER as VIAL
from devices.patient.bedside import Bedside
from devices.patient.scenarios import parse
from tests.devices.fake_rack import START, Bench, only

CASE = """
title = "A test"
description = "The pump is started, set faster, its line kinked and cleared."
order = "stepped-25"
length_min = 10
[patient]
label = "DEMO"
[pump]
drug = "Ketamine"
concentration_mg_per_ml = 5
syringe_ml = 50
[[event]]
at_min = 0.2
kind = "pump start"
rate_mg_per_h = 100
[[event]]
at_min = 1
kind = "pump rate"
rate_mg_per_h = 200
[[event]]
at_min = 2
kind = "line kinked"
[[event]]
at_min = 3
kind = "line cleared"
[[event]]
at_min = 3.1
kind = "pump resume"
"""
STEP_ML = {"alaris": 0.001, "vial": 0.001, "new-era": 0.01, "terumo": 0.01, "dianet": 0.1, "ap4000": 0.01}
"""The last digit in which each tells the volume."""
DRIVERS = {driver.name: driver for driver in (ALARIS, VIAL, NEW_ERA, TERUMO, DIANET, AP4000)}


class Ward(Bedside):
    """A bedside that a bench may move."""

    @property
    def now(self) -> Instant:
        return super().now

    @now.setter
    def now(self, to: Instant) -> None:
        self.advance(max(to, super().now))


@pytest.mark.parametrize("name", DRIVERS)
def test_a_case_s_beginning(name: str) -> None:
    driver = DRIVERS[name]
    ward = Ward(parse(CASE, file="test.toml", name="test"), 1, START)
    bench = Bench(ward, driver.simulator(ward, ""), driver.protocol(""))  # type: ignore[arg-type]
    bench.run(240.0)
    statuses = only(PumpStatus, bench.observations)
    at = {second: [status for status in statuses if status.at < START.plus(second)][-1] for second in (10, 58, 118, 160, 238)}
    assert at[10].state in {PumpState.STOPPED, PumpState.PAUSED}
    assert [(at[second].state, at[second].rate_ml_per_h) for second in (58, 118, 238)] == [
        (PumpState.INFUSING, pytest.approx(rate)) for rate in (20.0, 40.0, 40.0)
    ]
    assert at[160].state is not PumpState.INFUSING
    assert [(alert.active, START.plus(120) < alert.at) for alert in only(DeviceAlert, bench.observations)][:1] == [(True, True)]
    volumes = [status.infused_ml for status in statuses if status.infused_ml is not None]
    assert volumes == sorted(volumes)
    assert volumes[-1] == pytest.approx(ward.pump.infused_ml, abs=STEP_ML[name] + 40 / 3600 * 4)
