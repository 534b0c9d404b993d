"""The demonstration with any monitor and any pump whose device can be simulated: each pair is read by its ordinary drivers."""

from itertools import product

import pytest

from app.core.headless import VIRTUAL_START, HeadlessCase
from app.plan import Demonstration
from app.settings import Settings
from app.setups import DEMONSTRATION_DEVICES, demonstration_devices, demonstration_setup, drivers_for
from app.site_data import SiteData
from clinical.metrics import HEART_RATE
from clinical.observations import PumpState
from devices.patient.scenarios import load
from devices.registry import DriverError
from storage.cases import open_case

SECONDS = 120.0
"""The infusion begins within it."""


@pytest.mark.parametrize(("monitor", "pump"), list(product(drivers_for("monitor"), drivers_for("pump"))))
def test_every_monitor_goes_with_every_pump(tmp_path, monitor: str, pump: str) -> None:
    address, demonstration = f"sqlite:///{tmp_path / 'case.sqlite'}", Demonstration(scenario="quiet-day")
    setup = demonstration_setup(demonstration, load("quiet-day"), SiteData(None), Settings(), VIRTUAL_START)
    case_id = HeadlessCase(address, setup).demonstrate(demonstration, demonstration_devices(monitor, pump), SECONDS, lambda _share: None)
    with open_case(address, case_id) as history:
        heart_rates = history.numerics(HEART_RATE, device="monitor").values
        reports = [status for device, status in history.pump_reports() if device == "pump"]
    assert 40 < heart_rates[-1] < 130
    assert any(status.state is PumpState.INFUSING and status.rate_ml_per_h == 4.9 for status in reports), reports[-1]


def test_what_is_not_named_stays() -> None:
    assert demonstration_devices() == DEMONSTRATION_DEVICES
    monitor, oximeter, pump = demonstration_devices(pump="alaris")
    assert (monitor, oximeter) == DEMONSTRATION_DEVICES[:2]
    assert (pump.name, pump.driver) == ("pump", "alaris")


@pytest.mark.parametrize(
    ("monitor", "pump", "says"),
    [
        ("alaris", "", "alaris is no monitor that a virtual line can have; there are: dri, hl7, intellivue"),
        ("", "nonin", "nonin is no pump that a virtual line can have; there are: alaris, "),
        ("sdc", "", "sdc is no monitor that a virtual line can have"),
        ("nobody", "", 'no driver is called "nobody"'),
        ("", "new-era", "bench only"),
    ],
)
def test_what_cannot_stand_there_is_told(monitor: str, pump: str, says: str) -> None:
    with pytest.raises(DriverError, match=says):
        demonstration_devices(monitor, pump)
