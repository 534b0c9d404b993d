"""What a prediction costs: a history of 100 h recomputed from scratch, and each report of the pump. Prints JSON; limits are in it.

    python -m bench.pharmacokinetics [--runs N]

CPU time of one thread. From scratch: a log of 5,000 changes of rate at uneven times becomes the plasma level of every racemate model
with the estimate's effect site, at every change. A report: the rate is told and the band is asked for, no two intervals being alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from bench.report import Figure, percentile, report
from clinical.instant import Instant
from clinical.pharmacokinetics.compartments import CompartmentModel
from clinical.pharmacokinetics.history import DoseHistory, levels, plasma_levels
from clinical.pharmacokinetics.models import models_for
from clinical.pharmacokinetics.prediction import Predictor
from clinical.pharmacokinetics.what_if import day_ahead, until_below, what_ifs

HOW = "CPU time of one thread; 100 h, 5,000 changes of rate at uneven times, three racemate models; the median of {runs} runs."
CHANGES, HOURS, WEIGHT_KG = 5_000, 100, 70.0
T0 = Instant(10**9, 1_760_000_000 * 10**9)


def log() -> tuple[np.ndarray, np.ndarray]:
    """Minutes and mg/h of a pump's log; the same each time."""
    rng = np.random.default_rng(1)
    minutes = np.sort(rng.uniform(0, HOURS * 60, CHANGES))
    rates = rng.uniform(0, 40, CHANGES)
    rates[-1] = 0.0
    return minutes, rates


def from_scratch() -> None:
    minutes, rates = log()
    history = DoseHistory.of_rates(minutes, rates)
    first, *others = (CompartmentModel(row.constants(WEIGHT_KG)) for row in models_for("ketamine"))
    levels(first, history, minutes)
    for model in others:
        plasma_levels(model, history, minutes)


def milliseconds(work: Callable[[], None]) -> float:
    begin = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - begin) / 1e6


def reports_us() -> list[float]:
    """Cost of each report of a pump that reports every five seconds or so."""
    predictor = Predictor(WEIGHT_KG)
    costs = []
    for number, wait_s in enumerate(np.random.default_rng(2).uniform(4.5, 5.5, 2_000).cumsum().tolist()):
        at = T0.plus(wait_s)
        begin = time.thread_time_ns()
        predictor.rate(at, 10.0 + number % 30)
        predictor.now(at)
        costs.append((time.thread_time_ns() - begin) / 1e3)
    return costs


def what_if_ms() -> float:
    """Three curves of four hours by the minute, and the time until below a level, from a running infusion."""
    predictor = Predictor(WEIGHT_KG)
    predictor.rate(T0, 24.5)
    now, ahead, day = T0.plus(4 * 3600), predictor.grid(np.arange(241.0)), day_ahead(predictor)

    def ask() -> None:
        what_ifs(predictor, now, ahead, rate_mg_per_h=24.5, next_mg_per_h=30.0)
        until_below(predictor, now, [70.0], grid=day)

    return milliseconds(ask)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    from_scratch()
    scratch = statistics.median(milliseconds(from_scratch) for _ in range(runs))
    every = [reports_us() for _ in range(runs)]
    typical = statistics.median(statistics.median(costs) for costs in every)
    slow = statistics.median(percentile(costs, 99) for costs in every)
    ahead = statistics.median(what_if_ms() for _ in range(runs))
    figures = (
        Figure(what="prediction of 100 h with 5,000 changes of rate, from scratch", value=scratch, unit="ms CPU", limit=20.0),
        Figure(what="prediction, each report of the pump", value=typical, unit="µs CPU", limit=200.0),
        Figure(what="prediction, each report of the pump, 99th percentile", value=slow, unit="µs CPU"),
        Figure(what="what if stepped, held, stopped, and until below a level", value=ahead, unit="ms CPU"),
    )
    report("pharmacokinetics", HOW.format(runs=runs), figures)


if __name__ == "__main__":
    main()
