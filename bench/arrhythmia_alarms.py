"""Arrhythmia alarms of ICU monitors, judged true or false by experts: how many false ones the waveforms contradict, and no true one.

    python -m bench.arrhythmia_alarms [--data FOLDER] [--page]

Prints JSON. Recordings: PhysioNet/CinC Challenge 2015 (Clifford et al. 2015). Its score is (TP + TN) / (TP + TN + FP + 5 FN).
"""

from __future__ import annotations

import argparse
import csv
import warnings
from dataclasses import dataclass
from pathlib import Path

from bench.alarm_page import put
from bench.pulse_sense import contradicts, ecg_beats, pulse_beats
from bench.recorded_patients import DATA
from bench.report import Figure, report

SET = "challenge2015_alarms"
ALARM_AT_S = 300
PULSES, NEITHER = ("PLETH", "ABP"), ("RESP",)
JUDGED = ("Asystole", "Bradycardia", "Tachycardia")
HOW = (
    "Each record's last minutes before its alarm. Asystole and extreme bradycardia are contradicted by a steady pulse in the pleth or the "
    "arterial pressure, extreme tachycardia by leads of which none is fast; the ventricular alarms are let through unjudged. The margins "
    "were set in sight of these records, of which there are too few to keep a half back: this shows the principle, not a rate."
)


@dataclass(slots=True)
class Count:
    """One kind of alarm: true and false ones, and what became of them."""

    told_true: int = 0
    missed: int = 0
    told_false: int = 0
    suppressed: int = 0

    def add(self, *, true: bool, suppressed: bool) -> None:
        self.told_true += true and not suppressed
        self.missed += true and suppressed
        self.told_false += not true and not suppressed
        self.suppressed += not true and suppressed

    def plus(self, other: Count) -> Count:
        return Count(
            self.told_true + other.told_true,
            self.missed + other.missed,
            self.told_false + other.told_false,
            self.suppressed + other.suppressed,
        )

    @property
    def true_positive_percent(self) -> float:
        return 100 * self.told_true / (self.told_true + self.missed)

    @property
    def suppressed_percent(self) -> float:
        return 100 * self.suppressed / (self.suppressed + self.told_false)

    @property
    def score(self) -> float:
        right = self.told_true + self.suppressed
        return right / (right + self.told_false + 5 * self.missed)


def is_contradicted(record: Path, alarm: str) -> bool:
    """Reads the waveforms up to the alarm and judges them."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # the library's own, about its own libraries
        import wfdb

        read = wfdb.rdrecord(str(record))
    until = int(ALARM_AT_S * read.fs)
    channels = [(name, read.p_signal[:until, index]) for index, name in enumerate(read.sig_name)]
    pulses = [pulse_beats(samples, read.fs) for name, samples in channels if name in PULSES]
    leads = [ecg_beats(samples, read.fs) for name, samples in channels if name not in PULSES + NEITHER]
    return contradicts(alarm, pulses, leads)


def measured(folder: Path) -> dict[str, Count]:
    """By kind of alarm; empty where the records are not there."""
    index = folder / SET / "INDEX.csv"
    counts: dict[str, Count] = {}
    if index.is_file():
        with index.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                suppressed = is_contradicted(index.parent / row["record"], row["alarm"])
                counts.setdefault(row["alarm"], Count()).add(true=row["true_alarm"] == "True", suppressed=suppressed)
    return counts


def table_text(rows: dict[str, Count]) -> str:
    head = "| alarm | true, told | true, missed | false, suppressed | false, told | score |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {name.replace('_', ' ')} | {each.told_true} | {each.missed} | {each.suppressed} | {each.told_false} | {each.score:.2f} |"
        for name, each in rows.items()
    )


def totals(counts: dict[str, Count]) -> dict[str, Count]:
    """By kind, and together."""
    three, five = Count(), Count()
    for name, count in counts.items():
        five = five.plus(count)
        three = three.plus(count) if name in JUDGED else three
    return {**counts, "the three that are judged": three, "all five": five}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER")
    parser.add_argument("--page", action="store_true", help="write the table into docs/alarms.md")
    args = parser.parse_args()
    counts = measured(args.data)
    if not counts:
        report("arrhythmia_alarms", HOW, [], skipped=f"not there, so not measured: {SET}")
        return
    rows = totals(counts)
    judged = rows["the three that are judged"]
    figures = [
        Figure(what=f"true {name.lower()} alarms told", value=counts[name].true_positive_percent, unit="%", limit=100, at_least=True)
        for name in JUDGED
    ]
    figures.append(Figure(what="false alarms of the three suppressed", value=judged.suppressed_percent, unit="%"))
    figures.append(Figure(what="Challenge 2015 score, the three", value=judged.score, unit=""))
    figures.append(Figure(what="Challenge 2015 score, all five", value=rows["all five"].score, unit=""))
    if args.page:
        put("arrhythmia", table_text(rows))
    report("arrhythmia_alarms", HOW, figures, skipped="")


if __name__ == "__main__":
    main()
