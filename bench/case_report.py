"""The report of a case as PDF, from the stored record to the last byte: four hours, and a hundred.

    python -m bench.case_report [--hours 4] [--long-hours 100] [--runs 3]

Prints one JSON object. Times are wall times: reading, reckoning, the start of the process that draws, and drawing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from app.reporting import drawing
from bench.recorder import START, case_start
from bench.report import Figure, median, report
from clinical.alarm_model import Alarm, AlarmTransition, Kind, Presence
from clinical.commands import RecordAssessment
from clinical.messages import DoseReport, FromDevice, FromOperator, Outcome, Tick
from clinical.metrics import ETCO2, HEART_RATE, NIBP_DIA, NIBP_SYS, PULSE_RATE, RESP_RATE, SPO2, TEMPERATURE
from clinical.observations import Priority, PumpState, PumpStatus
from storage.cases import open_case
from storage.engine import parse_url, writing_engine
from storage.export.case_folder import Terms, source_of
from storage.export.report_values import report_of
from storage.recorder import Recorder
from storage.schema import NUMERICS

HOW = (
    "A stored case: five numerics a second, a cuff reading each five minutes, a pump report each five seconds, a dose report a minute, "
    "an assessment each quarter of an hour and six alarms an hour: read, reckoned and drawn by the process that is started for it. "
    "Median of {runs} runs."
)
EACH_SECOND = (HEART_RATE, PULSE_RATE, SPO2, RESP_RATE, ETCO2)
PUMP_EVERY_S = 5


def make_case(path: Path, hours: float) -> str:
    """A case in a new file; its address."""
    address = f"sqlite:///{path}"
    recorder = Recorder(address)
    recorder.open()
    recorder.keep(case_start())
    for number, outcome in enumerate(happenings(round(hours * 3600))):
        recorder.keep(outcome)
        if number % 5000 == 0:
            recorder.commit()
    recorder.commit()
    recorder.close()
    with writing_engine(parse_url(address)).connect() as connection:
        for hour in range(-(-round(hours * 3600) // 3600)):
            with connection.begin():
                rows = list(numbers(hour * 3600, min((hour + 1) * 3600, round(hours * 3600))))
                connection.execute(insert(NUMERICS), rows)
    return address


def numbers(since: int, until: int) -> Iterator[dict[str, Any]]:
    for second in range(since, until):
        told = [(metric, 60.0 + (second * 7919 + 31 * place) % 23) for place, metric in enumerate(EACH_SECOND)]
        if second % 60 == 0:
            told.append((TEMPERATURE, 36.6))
        if second % 300 == 0:
            told += [(NIBP_SYS, 120.0 + second % 17), (NIBP_DIA, 75.0 + second % 11)]
        at = START.plus(second)
        for metric, value in told:
            yield {
                "case_id": 1,
                "at_utc_ns": at.utc_ns,
                "at_mono_ns": at.monotonic_ns,
                "device": "monitor",
                "metric": metric.id,
                "channel": "",
                "value": value,
                "validity": "valid",
                "reason": "",
                "interval_s": 1.0,
                "measured_utc_ns": None,
                "measured_mono_ns": None,
                "shown": True,
            }


def happenings(seconds: int) -> Iterator[Outcome]:
    for second in range(0, seconds, PUMP_EVERY_S):
        yield pump(second)
        if second % 900 == 0:
            at = START.plus(second)
            scores = (("pain at rest", 8 - second // 900 % 6), ("RASS", -(second // 900 % 2)), ("nausea", second // 900 % 3))
            yield Outcome(message=FromOperator(at, RecordAssessment(event_at=at, scores=scores, by="nurse")))
        if second % 600 == 0:
            yield from alarm(second)


def pump(second: int) -> Outcome:
    at, rate = START.plus(second), 2.0 + second // 1800 % 4
    infused = sum((2.0 + number % 4) * 0.5 for number in range(second // 1800)) + rate * (second % 1800) / 3600
    status = PumpStatus(
        at=at,
        channel="1",
        state=PumpState.INFUSING,
        rate_ml_per_h=rate,
        infused_ml=round(infused, 2),
        drug="ketamine",
        interval_s=PUMP_EVERY_S,
    )
    dose = DoseReport(
        at=at,
        pump=status,
        pump_device="pump",
        rate_mg_per_h=2 * rate,
        rate_mg_per_kg_h=rate / 35,
        given_mg=2 * infused,
        planned_mg_per_h=2 * rate,
    )
    return Outcome(message=FromDevice("pump", status), dose=dose if second % 60 == 0 else None)


def alarm(second: int) -> Iterator[Outcome]:
    for later, before, presence in (
        (0, Presence.OFF, Presence.ON),
        (12, Presence.ON, Presence.ACKNOWLEDGED),
        (30, Presence.ACKNOWLEDGED, Presence.OFF),
    ):
        what = Alarm(
            condition="limit:MDC_PULS_OXIM_SAT_O2:low",
            kind=Kind.PHYSIOLOGICAL,
            priority=Priority.HIGH,
            presence=presence,
            title="SpO₂ 86 < 90",
            detail="",
            since=START.plus(second),
        )
        at = START.plus(second + later)
        yield Outcome(message=Tick(at), transitions=(AlarmTransition(at=at, before=before, alarm=what, by="nurse"),))


Printed = tuple[float, float, float, int]
"""Seconds until the values are there and until the PDF is, seconds of CPU in both processes, bytes."""


def cpu_s() -> float:
    """Of this process and of those it has waited for."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def printed(address: str) -> Printed:
    began, cpu_began = time.perf_counter(), cpu_s()
    with drawing("a4") as draw:
        with open_case(address, 1) as history:
            values = report_of(source_of(history, Terms(program_version="bench")), "bench")
        told_s = time.perf_counter() - began
        pdf = draw(values)
    return told_s, time.perf_counter() - began, cpu_s() - cpu_began, len(pdf)


def measured(folder: Path, hours: float, runs: int) -> list[Printed]:
    address = make_case(folder / f"{hours:g}.sqlite", hours)
    return [printed(address) for _ in range(runs)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hours", type=float, default=4)
    parser.add_argument("--long-hours", type=float, default=100)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        short = measured(Path(place), chosen.hours, chosen.runs)
        long = measured(Path(place), chosen.long_hours, chosen.runs)
    figures = []
    for hours, runs, limit in ((chosen.hours, short, 1.0), (chosen.long_hours, long, 10.0)):
        name = f"report of {hours:g} h as PDF"
        figures.append(Figure(what=name, value=median(run[1] for run in runs), unit="s", limit=limit))
        figures.append(Figure(what=f"{name}, both processes", value=median(run[2] for run in runs), unit="s CPU"))
    figures.append(Figure(what=f"report of {chosen.hours:g} h as PDF, size", value=short[0][3] / 1e6, unit="MB"))
    values = {
        f"values_s_of_{hours:g}_h": round(median(run[0] for run in runs), 2)
        for hours, runs in ((chosen.hours, short), (chosen.long_hours, long))
    }
    report("case_report", HOW.format(runs=chosen.runs), figures, **values)
    return 0


if __name__ == "__main__":
    sys.exit(main())
