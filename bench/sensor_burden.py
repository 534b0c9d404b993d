"""How often a sensor without a reading is announced, and what of that is missed: the shipped preset beside plain delays.

    python -m bench.sensor_burden [--data FOLDER] [--every N] [--page]

Prints JSON. The halves are those of bench/alarm_burden.py: what was chosen was chosen on one, the figures to reach are of the other.
``--page`` writes the table into docs/alarms.md.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.alarm_burden import ALL, CHOOSING, KEPT, groups_of
from bench.alarm_page import put, table_text
from bench.alarm_rules import T0, shipped_preset, transitions
from bench.recorded_patients import DATA, SEDATION, RecordedPatient, patients
from bench.report import Figure, Peer, percentile, report
from clinical.alarm_model import AlarmPreset, AlarmTransition, ConditionSetting, Presence, SensorRule
from clinical.metrics import SPO2, Metric
from clinical.observations import Priority
from clinical.sources import leader_of

MIDDLE_S, LONG_S = 30.0, 60.0
OWN, FIVE, FIFTEEN = "shipped preset", "5 s, each new", "15 s, each new"
HOW = (
    "Monitor.step over messages made of the sedation recordings, a tick a second; a missing value is a sensor without a reading. Told: "
    "a sensor's alarm appears, new or as a return, or rises. Absences are runs of missing values of one metric; announced: its alarm, or "
    "that of the metric that leads its sensor, stands at some moment of it."
)


def rules() -> dict[str, AlarmPreset]:
    """What is compared: the preset, and the same with nothing but a delay."""
    own = shipped_preset()
    return {FIVE: _plain(own, 5.0), FIFTEEN: _plain(own, 15.0), OWN: own}


def _plain(own: AlarmPreset, delay_s: float) -> AlarmPreset:
    others = tuple(setting for setting in own.conditions if setting.name != "sensor off")
    return replace(own, sensors=SensorRule(), conditions=(*others, ConditionSetting(name="sensor off", delay_s=delay_s)))


@dataclass(slots=True)
class SensorTally:
    """What one rule did over many patients. ``waits_s``: from the first missing SpO₂ of a long absence, by the priority that was told."""

    hours: float = 0.0
    new: int = 0
    returned: int = 0
    rose: int = 0
    medium: int = 0
    middle: list[bool] = field(default_factory=list)
    long: list[bool] = field(default_factory=list)
    waits_s: dict[Priority, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, patient: RecordedPatient, log: list[AlarmTransition]) -> None:
        """Counts one patient."""
        self.hours += patient.hours
        told = [step for step in log if step.alarm.condition.startswith(("sensor:", "nodata:"))]
        for step in told:
            if step.alarm.presence is Presence.ON:
                appears = step.before is Presence.OFF
                self.new += appears and not step.alarm.returns
                self.returned += appears and step.alarm.returns > 0
                self.rose += not appears
                self.medium += step.alarm.priority is Priority.MEDIUM
        for metric in patient.values:
            self._meet(patient, metric, told)

    def _meet(self, patient: RecordedPatient, metric: Metric, told: list[AlarmTransition]) -> None:
        stood = [step for step in told if step.alarm.metric in {metric, leader_of(metric)}]
        for begin_s, end_s in absences(patient, metric):
            if end_s - begin_s < MIDDLE_S:
                continue
            announced = _stands_within(stood, begin_s, end_s)
            (self.long if end_s - begin_s >= LONG_S else self.middle).append(announced)
            if metric is SPO2 and end_s - begin_s >= LONG_S:
                self._wait(stood, begin_s, end_s)

    def _wait(self, stood: list[AlarmTransition], begin_s: float, end_s: float) -> None:
        for priority in (Priority.LOW, Priority.MEDIUM):
            at_s = next(
                (
                    step.at.since(T0)
                    for step in stood
                    if begin_s <= step.at.since(T0) <= end_s
                    and step.alarm.presence is Presence.ON
                    and step.alarm.priority.rank >= priority.rank
                ),
                None,
            )
            if at_s is not None:
                self.waits_s[priority].append(at_s - begin_s)

    def as_row(self) -> dict[str, Any]:
        def of(count: int) -> float:
            return round(count / self.hours, 2)

        waits = {priority: round(percentile(waits_s, 95), 1) for priority, waits_s in self.waits_s.items() if waits_s}
        return {
            "hours": round(self.hours, 1),
            "new_per_hour": of(self.new),
            "returns_per_hour": of(self.returned),
            "rises_per_hour": of(self.rose),
            "medium_per_hour": of(self.medium),
            "told_per_hour": of(self.new + self.returned + self.rose),
            "middle": f"{sum(self.middle)} of {len(self.middle)}",
            "long": f"{sum(self.long)} of {len(self.long)}",
            "long_missed": len(self.long) - sum(self.long),
            "low_after_s": waits.get(Priority.LOW, ""),
            "medium_after_s": waits.get(Priority.MEDIUM, ""),
        }


def absences(patient: RecordedPatient, metric: Metric) -> list[tuple[float, float]]:
    """Runs of missing values, begin and end in seconds of the recording."""
    missing = np.isnan(patient.values[metric]).astype(int)
    edges = (np.flatnonzero(np.diff(np.concatenate(([0], missing, [0])))) * patient.step_s).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _stands_within(stood: list[AlarmTransition], begin_s: float, end_s: float) -> bool:
    """Whether any of these alarms stands at some moment between the two."""
    standing: set[str] = set()
    for step in stood:
        at_s = step.at.since(T0)
        if at_s >= end_s:
            break
        if step.alarm.presence is Presence.OFF:
            standing.discard(step.alarm.condition)
        else:
            standing.add(step.alarm.condition)
        if at_s >= begin_s and standing:
            return True
    return bool(standing)


def measured(folder: Path, every: int) -> list[dict[str, Any]]:
    """The table: by group, by rule."""
    presets = rules()
    tallies: dict[str, dict[str, SensorTally]] = defaultdict(lambda: {name: SensorTally() for name in presets})
    for patient in list(patients(folder, SEDATION))[::every]:
        for name, preset in presets.items():
            log = transitions(preset, patient, ticks_a_second=1)
            for group in groups_of(patient):
                tallies[group][name].add(patient, log)
    groups = [group for group in (KEPT, CHOOSING, ALL, *SEDATION) if group in tallies]
    return [{"patients": group, "rule": name, **tally.as_row()} for group in groups for name, tally in tallies[group].items()]


COLUMNS = {
    "patients": "patients",
    "rule": "rule",
    "hours": "hours",
    "new_per_hour": "new /h",
    "returns_per_hour": "returns /h",
    "rises_per_hour": "rises /h",
    "told_per_hour": "told in all /h",
    "medium_per_hour": "told as medium /h",
    "middle": "absent 30–59 s, announced",
    "long": "absent ≥ 60 s, announced",
    "low_after_s": "SpO₂ told after, p95 s",
    "medium_after_s": "as medium, p95 s",
}


def figures_of(table: list[dict[str, Any]]) -> list[Figure]:
    rows = {row["rule"]: row for row in table if row["patients"] == KEPT}
    if not rows:
        return []
    own, plain = rows[OWN], rows[FIVE]
    told = Peer(what="with 5 s, each new", value=plain["told_per_hour"])
    return [
        Figure(what="sensors without a reading told, kept half", value=own["told_per_hour"], unit="/h", peer=told),
        Figure(what="absences ≥ 60 s not announced, kept half", value=own["long_missed"], unit="", limit=0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--page", action="store_true", help="write the table into docs/alarms.md")
    args = parser.parse_args()
    table = measured(args.data, args.every)
    if args.page and table:
        put("sensors", table_text(table, COLUMNS))
    report("sensor_burden", HOW, figures_of(table), skipped="" if table else "the recordings are not there, so not measured", table=table)


if __name__ == "__main__":
    main()
