"""A flood of alarms: 200 a second for 60 s, through monitor and recorder. None may be lost from the log, and the order must stay.

``python -m bench.alarm_flood [--per-second N] [--seconds S]`` prints one line of JSON: how many were raised and are in the log, and how
long the monitor and the record took for one second of flood. Time is the case's own; what is measured is work, not waiting.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from clinical.alarm_model import AlarmPreset, Presence
from clinical.commands import CaseSetup, Patient, StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Tick
from clinical.monitor import Monitor
from clinical.observations import DeviceAlert, Priority
from storage.cases import open_case
from storage.recorder import Recorder

START = Instant(10**12, 1_772_352_000 * 10**9)
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


def _alert(number: int, at: Instant, *, active: bool) -> FromDevice:
    text = STRANGE[number % len(STRANGE)] if number % 7 == 0 else f"alarm {number}"
    priority = tuple(Priority)[number % 3]
    return FromDevice("monitor", DeviceAlert(at=at, code=f"{number:06d}", text=text, priority=priority, active=active))


def _second(first: int, per_second: int, at: Instant) -> list[Message]:
    messages: list[Message] = []
    for place in range(per_second):
        now, number = at.plus(place / per_second), first + place
        if number >= STANDING:
            messages.append(_alert(number - STANDING, now, active=False))
        messages.append(_alert(number, now, active=True))
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
    with open_case(address, 1) as history:
        appeared = [step.alarm.condition for step in history.transitions() if step.alarm.presence is Presence.ON]
    expected = [f"device:monitor:{number:06d}" for number in range(per_second * seconds)]
    return Flood(
        raised=len(expected),
        logged=len(set(appeared)),
        in_order=appeared == expected,
        worst_second_s=round(max(took_s), 3),
        mean_second_s=round(sum(took_s) / len(took_s), 3),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-second", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(flood(Path(folder), per_second=asked.per_second, seconds=asked.seconds))))


if __name__ == "__main__":
    main()
