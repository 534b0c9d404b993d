"""How fast a simulated case runs through the real simulators, lines, drivers, monitor and recorder on the virtual clock.

    python -m bench.headless_speed [--runs 5]

Prints JSON.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from app.core.headless import VIRTUAL_START, HeadlessCase
from app.plan import Demonstration, DevicePlan
from app.settings import Settings
from app.setups import DEMONSTRATION_DEVICES, demonstration_setup
from app.site_data import SiteData
from bench.report import Figure, median, report
from devices.patient.scenarios import load

SCENARIO = "stepped-day"
NUMERICS_ONLY = (
    DevicePlan(name="oximeter", driver="nonin:df8", address="virtual:oximeter"),
    DevicePlan(name="pump", driver="bcc", address="virtual:pump"),
)
HOW = (
    "The stepped day with its simulated devices at the ends of virtual lines, through the ordinary drivers, links, monitor and recorder "
    "(SQLite on disk), one thread, wall time. All waveforms: the demonstration's devices ({devices}), {waves:g} min of case. Numerics "
    "only: Nonin format 8 and BCC pump, {numerics:g} min. Export not counted. Median of {runs} runs."
)


def times_real(devices: tuple[DevicePlan, ...], seconds: float) -> float:
    demonstration = Demonstration(scenario=SCENARIO)
    setup = demonstration_setup(demonstration, load(SCENARIO), SiteData(), Settings(), VIRTUAL_START)
    with tempfile.TemporaryDirectory() as folder:
        case = HeadlessCase(f"sqlite:///{Path(folder) / 'case.sqlite'}", setup)
        began = time.perf_counter()
        case.demonstrate(demonstration, devices, seconds, lambda _share: None)
        return seconds / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    waves_s, numerics_s = 1200.0, 7200.0
    times_real(NUMERICS_ONLY, 60.0)  # imports and first uses
    waves = [times_real(DEMONSTRATION_DEVICES, waves_s) for _ in range(runs)]
    numerics = [times_real(NUMERICS_ONLY, numerics_s) for _ in range(runs)]
    figures = [
        Figure(what="simulated case, all waveforms", value=median(waves), unit="× real time", limit=60, at_least=True),
        Figure(what="simulated case, numerics only", value=median(numerics), unit="× real time", limit=1000, at_least=True),
    ]
    devices = ", ".join(plan.driver for plan in DEMONSTRATION_DEVICES)
    report("headless_speed", HOW.format(devices=devices, waves=waves_s / 60, numerics=numerics_s / 60, runs=runs), figures)


if __name__ == "__main__":
    main()
