"""What one `Monitor.step` costs: an ordinary numeric, a waveform block, a pump report, a tick. Prints JSON; limits are in it.

    python -m bench.monitor_step [--runs N]

CPU time of one thread, medians over runs, in a running case with two devices, six waveforms and two standing alarms.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from app.site_data import SiteData
from bench.report import Figure, report
from clinical.commands import CaseSetup, Patient, StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Tick
from clinical.metrics import ART, CATALOGUE, CO2, ECG_II, HEART_RATE, IMPEDANCE, NIBP_SYS, PLETH, SPO2
from clinical.monitor import Monitor
from clinical.observations import Numeric, PumpState, PumpStatus, WaveformBlock, read_only_steps

HOW = (
    "CPU time of one thread, in a running case with two devices, six waveforms and two standing alarms; the median of 400 rounds, median "
    "of {runs} runs."
)
LIMITS_US = {"numeric": 30.0, "waveform block": 60.0, "pump report": 150.0}
T0 = Instant(10**9, 1_760_000_000 * 10**9)
VALUES = {"MDC_TEMP": 36.8, "MDC_TEMP_SKIN": 32.0, "MDC_PULS_OXIM_SAT_O2": 97.0, "MDC_PRESS_BLD_NONINV_SYS": 170.0}


def numeric_at(at: Instant, device: str, metric_id: str) -> FromDevice:
    metric = CATALOGUE[metric_id]
    measured = T0 if metric is NIBP_SYS else None
    value = VALUES.get(metric_id, 15.0 if "RESP" in metric_id else 30.0 if "CO2" in metric_id else 80.0)
    return FromDevice(device, Numeric(at=at, metric=metric, value=min(value, metric.high), measured_at=measured))


def running() -> Monitor:
    """A monitor in a case: 20 numerics from each of two devices, a low SpO2 and a high pressure standing."""
    site = SiteData()
    monitor = Monitor()
    setup = CaseSetup(
        uuid="bench",
        patient=Patient(label="bench"),
        bed="1",
        weight_kg=70,
        concentration_mg_per_ml=2,
        syringe_ml=50,
        order=site.load_order("stepped-25", 70).value,
        preset=site.load_preset("adult-ketamine").value,
        source_order=("monitor", "oximeter"),
        simulated=True,
    )
    monitor.step(FromOperator(T0, StartCase(setup=setup)))
    for second in range(30):
        at = T0.plus(second)
        for message in seconds_numerics(at):
            monitor.step(message)
        monitor.step(FromDevice("monitor", Numeric(at=at, metric=SPO2, value=84.0)))
        monitor.step(Tick(at))
    return monitor


def seconds_numerics(at: Instant) -> list[FromDevice]:
    ids = [metric.id for metric in CATALOGUE.values() if not metric.waveform][:20]
    return [numeric_at(at, device, metric_id) for device in ("monitor", "oximeter") for metric_id in ids if metric_id != SPO2.id]


def blocks(at: Instant) -> list[FromDevice]:
    steps = read_only_steps(np.arange(125, dtype=np.int16))
    metrics = (ECG_II, PLETH, CO2, IMPEDANCE, ART)
    return [FromDevice("monitor", WaveformBlock(at=at, metric=m, rate_hz=500.0, steps=steps, unit_per_step=0.01)) for m in metrics]


def pump(at: Instant) -> list[FromDevice]:
    given = at.since(T0) * 5 / 3600
    return [FromDevice("pump", PumpStatus(at=at, channel="1", state=PumpState.INFUSING, rate_ml_per_h=5.0, infused_ml=given))]


def cost_us(make: Callable[[Instant], Sequence[Message]], *, period_s: float, rounds: int) -> float:
    """Median over the rounds of the mean CPU microseconds of one step."""
    monitor = running()
    batches = [make(T0.plus(30 + number * period_s)) for number in range(rounds)]
    costs = []
    for batch in batches:
        begin = time.thread_time_ns()
        for message in batch:
            monitor.step(message)
        costs.append((time.thread_time_ns() - begin) / len(batch) / 1000)
    return statistics.median(costs)


def changing(at: Instant) -> list[FromDevice]:
    """A standing alarm told anew with each value: the dearest numeric."""
    return [FromDevice("monitor", Numeric(at=at, metric=SPO2, value=80.0 + at.monotonic_ns // 10**9 % 5))]


CASES: dict[str, tuple[Callable[[Instant], Sequence[Message]], float]] = {
    "numeric": (seconds_numerics, 1.0),
    "numeric of a standing alarm": (changing, 1.0),
    "numeric, heart rate alone": (lambda at: [numeric_at(at, "monitor", HEART_RATE.id)], 1.0),
    "waveform block": (blocks, 0.25),
    "pump report": (pump, 5.0),
    "tick": (lambda at: [Tick(at)], 0.25),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    figures = []
    for name, (make, period_s) in CASES.items():
        medians = [cost_us(make, period_s=period_s, rounds=400) for _ in range(runs)]
        figures.append(Figure(what=f"monitor.step, {name}", value=statistics.median(medians), unit="µs CPU", limit=LIMITS_US.get(name)))
    report("monitor_step", HOW.format(runs=runs), figures)


if __name__ == "__main__":
    main()
