"""A flood of alarms: 200 a second for 60 s. None may be lost from the log, the order must stay, and the screen must go on being drawn.

    python -m bench.alarm_flood [--per-second 200] [--seconds 60]

Prints JSON. Needs Xvfb and Linux. First through monitor and recorder in the case's own time, where what is measured is work and not
waiting; then in real time through the real core into the real display, beside the whole demonstration.
"""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from app.plan import CorePlan, Demonstration
from app.supervision import meeting_place
from bench.report import Figure, percentile, report
from bench.running import ROOT, Running, private_screen
from clinical.alarm_model import AlarmPreset, Presence
from clinical.commands import CaseSetup, Patient, StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Tick
from clinical.monitor import Monitor
from clinical.observations import DeviceAlert, Priority
from storage.cases import open_case
from storage.recorder import Recorder

START = Instant(10**12, 1_772_352_000 * 10**9)
SETTLE_S, AFTERWARDS_S = 8.0, 2.0
HOW = (
    "{per_second} new alarms a second for {seconds} s, of all priorities, {standing} standing at once, words that cannot be drawn among "
    "them. Through monitor and recorder in one thread; then posted to the real core in real time, beside the demonstration with all its "
    "waveforms, in a 1920×1080 window (Xvfb). Frames are the moments at which the lanes were painted during the flood. One run."
)
STANDING = 40
"""So many stand at once: each new alert ends the one that came so many before it."""
STRANGE = ("", "\x00\x07", "\u202e" * 40, "A" * 5000, "\ud800", "\U0001f469\u200d\u2695")
"""Words that cannot be drawn, or not be stored as they are, among the texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """What a flood gave.

    Attributes:
        raised, logged: alerts that appeared, and appearances in the stored log.
        in_order: the log has them in the order in which they came.
        worst_second_s: of work for one second of flood, monitor and record together.
        mean_second_s: the same on average.
    """

    raised: int
    logged: int
    in_order: bool
    worst_second_s: float
    mean_second_s: float


def _setup() -> CaseSetup:
    return CaseSetup(
        uuid="flood",
        patient=Patient(label="FLOOD"),
        bed="1",
        weight_kg=70.0,
        concentration_mg_per_ml=2.0,
        syringe_ml=50.0,
        order=None,
        preset=AlarmPreset(name="none", limits=(), source="bench"),
        source_order=(),
        simulated=True,
    )


def alert(number: int, at: Instant, *, active: bool) -> FromDevice:
    text = STRANGE[number % len(STRANGE)] if number % 7 == 0 else f"alarm {number}"
    priority = tuple(Priority)[number % 3]
    return FromDevice("monitor", DeviceAlert(at=at, code=f"{number:06d}", text=text, priority=priority, active=active))


def _second(first: int, per_second: int, at: Instant) -> list[Message]:
    messages: list[Message] = []
    for place in range(per_second):
        now, number = at.plus(place / per_second), first + place
        if number >= STANDING:
            messages.append(alert(number - STANDING, now, active=False))
        messages.append(alert(number, now, active=True))
    messages += [Tick(at.plus(quarter / 4)) for quarter in range(1, 5)]
    return sorted(messages, key=lambda message: message.at)


def flood(folder: Path, *, per_second: int, seconds: int) -> Flood:
    """Lets it come, and reads the log from the database."""
    address = f"sqlite:///{folder / 'flood.sqlite'}"
    monitor, recorder, took_s = Monitor(), Recorder(address), []
    recorder.open()
    recorder.keep(monitor.step(FromOperator(START, StartCase(setup=_setup()))))
    for second in range(seconds):
        messages = _second(second * per_second, per_second, START.plus(second))
        begun = perf_counter()
        for message in messages:
            recorder.keep(monitor.step(message))
        recorder.commit()
        took_s.append(perf_counter() - begun)
    recorder.close()
    appeared = _appeared(address)
    expected = _expected(per_second * seconds)
    return Flood(
        raised=len(expected),
        logged=len(set(appeared)),
        in_order=appeared == expected,
        worst_second_s=round(max(took_s), 3),
        mean_second_s=round(sum(took_s) / len(took_s), 3),
    )


def shown_flood(*, per_second: int, seconds: int) -> dict[str, float]:
    """Of the real program: what of the flood is in its log, and how evenly the lanes were painted meanwhile."""
    place = meeting_place()
    with tempfile.TemporaryDirectory() as folder, private_screen() as environment:
        address, log = f"sqlite:///{Path(folder) / 'flood.sqlite'}", Path(folder) / "flood.json"
        plan = CorePlan(database=address, demonstration=Demonstration(scenario="quiet-day"), address=place.address, secret=place.secret)
        flooding = {**environment, "BENCH_LOG": str(log), "FLOOD": f"{SETTLE_S},{seconds},{per_second}"}
        with subprocess.Popen([sys.executable, "-m", "bench.flooded_core"], env=flooding, cwd=ROOT, stdin=subprocess.PIPE) as core:
            core.stdin.write(pickle.dumps(plan))  # type: ignore[union-attr]
            core.stdin.close()  # type: ignore[union-attr]
            display = Running(environment, plan=plan, way="rejoin")
            try:
                display.first("number")
                while not log.is_file():
                    time.sleep(0.5)
                time.sleep(AFTERWARDS_S)
            finally:
                events = display.end()
        begun = np.array(next(row["begun_ns"] for row in events if row["event"] == "frames"))
        from_ns, until_ns = json.loads(log.read_text())
        intervals = np.diff(begun[(begun > from_ns) & (begun < until_ns)]) / 1e6
        lost = per_second * seconds - len(set(_appeared(address)) & set(_expected(per_second * seconds)))
    return {"lost": lost, "p50": percentile(intervals, 50), "p99": percentile(intervals, 99), "longest": float(intervals.max())}


def _appeared(address: str) -> list[str]:
    with open_case(address, 1) as history:
        return [step.alarm.condition for step in history.transitions() if step.alarm.presence is Presence.ON]


def _expected(count: int) -> list[str]:
    return [f"device:monitor:{number:06d}" for number in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--per-second", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        worked = flood(Path(folder), per_second=asked.per_second, seconds=asked.seconds)
    shown = shown_flood(per_second=asked.per_second, seconds=asked.seconds)
    figures = [
        Figure(what="flood of alarms, lost from the log", value=worked.raised - worked.logged, unit="", limit=0),
        Figure(what="flood of alarms, work for its worst second", value=worked.worst_second_s, unit="s"),
        Figure(what="flood of alarms on the real screen, lost from the log", value=shown["lost"], unit="", limit=0),
        Figure(what="flood of alarms, frame interval, p99", value=shown["p99"], unit="ms", limit=100),
        Figure(what="flood of alarms, frame interval, p50", value=shown["p50"], unit="ms"),
        Figure(what="flood of alarms, frame interval, longest", value=shown["longest"], unit="ms"),
    ]
    how = HOW.format(per_second=asked.per_second, seconds=asked.seconds, standing=STANDING)
    report("alarm_flood", how, figures, worked=asdict(worked), shown=shown)


if __name__ == "__main__":
    main()
