"""How many alarms, and what they catch: plain thresholds and the shipped preset over the same recorded patients, in one run.

    python -m bench.alarm_burden [--data FOLDER] [--every N] [--parts] [--page]

Prints JSON. The patients of the sedation sets are split by a checksum of their id: whatever was chosen was chosen on one half; the
figures to reach are of the other. ``--parts`` leaves out one part of the preset's judgement after another, on the choosing half, to
see what each is worth. ``--every`` takes each Nth patient only; ``--page`` writes the table into docs/alarms.md.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.alarm_measures import Tally
from bench.alarm_page import burden_text, put
from bench.alarm_rules import OwnPreset, Thresholds
from bench.recorded_patients import DATA, SEDATION, SETS, RecordedPatient, patients
from bench.report import Figure, Peer, report

NO_DELAY, OWN = "no delay", "shipped preset"
RULES: dict[str, Thresholds | OwnPreset] = {
    NO_DELAY: Thresholds(delay_s=0, hysteresis=False),
    "10 s, hysteresis": Thresholds(delay_s=10, hysteresis=True),
    "15 s, hysteresis": Thresholds(delay_s=15, hysteresis=True),
    "19 s, hysteresis": Thresholds(delay_s=19, hysteresis=True),
    OWN: OwnPreset(),
}
PARTS: dict[str, dict[str, float | None]] = {
    "without the median": {"smoothing_s": 0.0},
    "without the delay": {"delay_s": 0.0, "low_delay_s": None},
    "without the hold": {"return_s": 0.0},
    "without joining returns": {"rejoin_s": 0.0},
    "without extremes": {"extreme_low": None, "extreme_high": None},
}
KEPT, CHOOSING, ALL = "sedation, kept half", "sedation, choosing half", "sedation, all"
HOW = (
    "Limits HR and pulse 50/120, SpO₂ 90, RR 8/30 for every rule. The shipped preset is judged by Monitor.step over messages made of each "
    "recording, four ticks a second. Events from the signal itself: a centred running median of 15 s beyond the limit for 20–59 s, and "
    "for 60 s and more; caught: the alarm stands at some moment of the event. Time in alarm counts where there is a value. Latency is from "
    "the moment that median crosses. The figures with a limit are of the half of the patients on which nothing was chosen."
)


def groups_of(patient: RecordedPatient) -> tuple[str, ...]:
    if patient.source not in SEDATION:
        return (patient.source,)
    return (KEPT if patient.kept else CHOOSING, ALL, patient.source)


def measured(folder: Path, every: int, rules: Mapping[str, Thresholds | OwnPreset] = RULES) -> dict[str, dict[str, Tally]]:
    """By group, by rule."""
    tallies: dict[str, dict[str, Tally]] = defaultdict(lambda: {name: Tally() for name in rules})
    for patient in list(patients(folder))[::every]:
        for name, rule in rules.items():
            alarms = rule.alarms(patient)
            for group in groups_of(patient):
                tallies[group][name].add(patient, alarms)
    return {group: tallies[group] for group in (KEPT, CHOOSING, ALL, *SETS) if group in tallies}


def parts_measured(folder: Path, every: int) -> list[dict[str, Any]]:
    """What each part of the preset's judgement is worth, on the half on which things may be chosen."""
    rules = {NO_DELAY: RULES[NO_DELAY], OWN: RULES[OWN], **{name: OwnPreset(without) for name, without in PARTS.items()}}
    tallies = {name: Tally() for name in rules}
    for patient in list(patients(folder, SEDATION))[::every]:
        if not patient.kept:
            for name, rule in rules.items():
                tallies[name].add(patient, rule.alarms(patient))
    return table_of({CHOOSING: tallies}) if tallies[OWN].hours else []


def table_of(tallies: dict[str, dict[str, Tally]]) -> list[dict[str, Any]]:
    return [
        {"patients": group, "rule": name, **tally.as_row(beside=rules[NO_DELAY])}
        for group, rules in tallies.items()
        for name, tally in rules.items()
    ]


def figures_of(table: list[dict[str, Any]]) -> list[Figure]:
    rows = {(row["patients"], row["rule"]): row for row in table}
    own, plain = rows.get((KEPT, OWN)), rows.get((KEPT, NO_DELAY))
    if own is None or plain is None:
        return []
    every = Figure(what="alarm burden, new alarms, all patients", value=rows[ALL, OWN]["new_per_hour"], unit="/h", limit=2.0)
    wanted = (
        ("new alarms", "new_per_hour", "/h", 2.0, False),
        ("returns of the same alarm", "returns_per_hour", "/h", None, False),
        ("events ≥ 60 s announced", "long_caught_percent", "%", 100.0, True),
        ("events of 20–59 s announced", "short_caught_percent", "%", 99.5, True),
        ("SpO₂ events, crossing to alarm, p95", "spo2_latency_s_p95", "s", 12.0, False),
        ("time in alarm, of that without delay", "in_alarm_of_no_delay", "", 1.2, False),
    )
    kept = [
        Figure(
            what=f"alarm burden, {what}, kept half",
            value=own[key],
            unit=unit,
            limit=limit,
            at_least=floor,
            peer=Peer(what="thresholds without delay", value=plain[key]),
        )
        for what, key, unit, limit, floor in wanted
        if own[key] is not None
    ]
    return [*kept, every]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--parts", action="store_true", help="also what each part of the judgement is worth (some minutes more)")
    parser.add_argument("--page", action="store_true", help="write the table into docs/alarms.md")
    args = parser.parse_args()
    missing = [name for name, (place, _) in SETS.items() if not (args.data / place).is_dir()]
    table = table_of(measured(args.data, args.every))
    parts = parts_measured(args.data, args.every) if args.parts else []
    if args.page:
        for name, rows in (("burden", table), ("parts", parts)):
            if rows:
                put(name, burden_text(rows))
    skipped = f"not there, so not measured: {', '.join(missing)}" if missing else ""
    report("alarm_burden", HOW, figures_of(table), skipped=skipped, table=table, parts=parts)


if __name__ == "__main__":
    main()
