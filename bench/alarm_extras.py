"""What a slope and a fused warning add to the alarms, and what they tell before a limit does: on the half on which things are chosen.

    python -m bench.alarm_extras [--data FOLDER] [--every N] [--page]

Prints JSON. Events are those of bench/alarm_measures.py for the saturation (20 s and more below its limit). An extra alarm is of use where
it appears in the two minutes before the limit's own alarm of an event. ``--page`` writes the table into docs/alarms.md.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.alarm_measures import events
from bench.alarm_page import put, table_text
from bench.alarm_rules import LIMITS, T0, shipped_preset, transitions
from bench.recorded_patients import DATA, SEDATION, RecordedPatient, patients
from bench.report import Figure, median, report
from clinical.alarm_model import AlarmPreset, AlarmTransition, Presence, SlopeRule
from clinical.metrics import SPO2
from clinical.observations import Priority

SLOPE, FUSED = "slope: SpO₂ falls 4 % in 60 s", "fused: breathing and saturation fall"
BEFORE_S = 120.0
HOW = (
    "The shipped preset with one more row each, a tick a second, over the choosing half of the sedation recordings. More: appearances of "
    "the extra row. Of use: SpO₂ events of 20 s and more whose limit's alarm it came before, by at most 120 s."
)


def extras(own: AlarmPreset) -> dict[str, tuple[str, AlarmPreset]]:
    """By name: how its conditions begin, and the preset that has it."""
    slope = SlopeRule(metric=SPO2, by=-4, within_s=60, priority=Priority.MEDIUM)
    return {
        SLOPE: ("slope:", replace(own, slopes=(slope,))),
        FUSED: ("fused:", replace(own, fused=("breathing and saturation fall",))),
    }


@dataclass(slots=True)
class Extra:
    """What one extra row did. ``leads_s``: before the limit's alarm, for each event it was of use to."""

    hours: float = 0.0
    appeared: int = 0
    events: int = 0
    useful: int = 0
    leads_s: list[float] = field(default_factory=list)

    def add(self, patient: RecordedPatient, log: list[AlarmTransition], kind: str) -> None:
        """Counts one patient."""
        self.hours += patient.hours
        extra = _appearances(log, kind)
        self.appeared += len(extra)
        limit, low = LIMITS[SPO2][0], _appearances(log, f"limit:{SPO2.id}:low")
        used: set[float] = set()
        for event in events(patient.values[SPO2], limit or 0.0, -1, patient.step_s):
            self.events += 1
            told_s = next((at_s for at_s in low if at_s >= event.begin * patient.step_s - BEFORE_S), None)
            before = [at_s for at_s in extra if told_s is not None and told_s - BEFORE_S <= at_s < told_s]
            if before and told_s is not None:
                self.leads_s.append(told_s - before[0])
                used.add(before[0])
        self.useful += len(used)

    def as_row(self, name: str) -> dict[str, Any]:
        return {
            "row": name,
            "hours": round(self.hours, 1),
            "more_per_hour": round(self.appeared / self.hours, 2),
            "events": self.events,
            "earlier": len(self.leads_s),
            "lead_s": round(median(self.leads_s), 1) if self.leads_s else "",
            "without_event_percent": round(100 * (1 - self.useful / self.appeared)) if self.appeared else "",
        }


def _appearances(log: list[AlarmTransition], kind: str) -> list[float]:
    return [
        step.at.since(T0)
        for step in log
        if step.alarm.condition.startswith(kind) and step.before is Presence.OFF and step.alarm.presence is Presence.ON
    ]


def measured(folder: Path, every: int) -> list[dict[str, Any]]:
    """The table; empty where there are no recordings."""
    rows = extras(shipped_preset())
    counts = {name: Extra() for name in rows}
    for patient in list(patients(folder, SEDATION))[::every]:
        if not patient.kept:
            for name, (kind, preset) in rows.items():
                counts[name].add(patient, transitions(preset, patient, ticks_a_second=1), kind)
    return [count.as_row(name) for name, count in counts.items() if count.hours]


COLUMNS = {
    "row": "row",
    "hours": "hours",
    "more_per_hour": "more alarms /h",
    "events": "SpO₂ events ≥ 20 s",
    "earlier": "told earlier",
    "lead_s": "by, median s",
    "without_event_percent": "led to no such event %",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--page", action="store_true", help="write the table into docs/alarms.md")
    args = parser.parse_args()
    table = measured(args.data, args.every)
    if args.page and table:
        put("extras", table_text(table, COLUMNS))
    figures = [Figure(what=f"{row['row']}, more alarms", value=row["more_per_hour"], unit="/h") for row in table]
    report("alarm_extras", HOW, figures, skipped="" if table else "the recordings are not there, so not measured", table=table)


if __name__ == "__main__":
    main()
