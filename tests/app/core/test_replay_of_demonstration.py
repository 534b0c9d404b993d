"""A demonstration, recorded and played again from its record: the same alarms to the byte."""

from __future__ import annotations

from pathlib import Path

from app.core.headless import VIRTUAL_START, HeadlessCase
from app.plan import Demonstration
from app.settings import Settings
from app.setups import DEMONSTRATION_DEVICES, demonstration_setup
from app.site_data import SiteData
from devices.patient.scenarios import load
from storage.cases import open_case
from storage.replay import replayed

NAME, SECONDS = "probe-off-cuff", 270.0  # within it the probe comes off, and stays off for longer than the alarm waits


def test_a_recorded_demonstration_gives_its_alarms_again(tmp_path: Path) -> None:
    demonstration = Demonstration(scenario=NAME)
    setup = demonstration_setup(demonstration, load(NAME), SiteData(), Settings(), VIRTUAL_START)
    address = f"sqlite:///{tmp_path / 'a.sqlite'}"
    case_id = HeadlessCase(address, setup).demonstrate(demonstration, DEMONSTRATION_DEVICES, SECONDS, lambda _share: None)
    with open_case(address, case_id) as history:
        log = history.transitions()
        assert {step.alarm.condition for step in log} >= {"sensor:MDC_PULS_OXIM_SAT_O2"}
        assert repr(replayed(history)) == repr(log)
