"""Runs every measurement, one after another, and writes the table of docs/PERFORMANCE.md.

    python -m bench.all [--only NAME ...] [--quick]

``--only`` repeats some and keeps the others as they were measured last; ``--quick`` takes fewer and shorter runs, to see that all work,
and writes nothing. What was measured lies beside the table in docs/performance.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from bench.running import ROOT, as_installed

STORED = ROOT / "docs" / "performance.json"
PAGE = ROOT / "docs" / "PERFORMANCE.md"
ALL: dict[str, tuple[str, ...]] = {
    "lanes": ("--frames", "120", "--runs", "1"),
    "display_process": ("--seconds", "5", "--runs", "1"),
    "latency": ("--numbers", "40", "--alarms", "20", "--runs", "1"),
    "core_under_overload": ("--numbers", "100", "--runs", "1"),
    "recorder": ("--seconds", "30", "--runs", "1"),
    "backup_load": ("--backups", "2", "--fill-s", "60"),
    "history": ("--hours", "1", "--runs", "1", "--peer-minutes", "2"),
    "export": ("--hours", "0.1", "--runs", "1", "--vitaldb-hours", "0.1"),
    "headless_speed": ("--runs", "1"),
    "monitor_step": ("--runs", "1"),
    "start_up": ("--runs", "1"),
    "soak": ("--minutes", "1"),
    "kill_program": ("--kills", "3"),
    "patient_speed": ("--seconds", "60"),
    "line_chaos": ("--faults", "40"),
    "decoding": ("--minutes", "1", "--seconds", "5"),
    "pharmacokinetics": ("--runs", "3"),
    "dose_arithmetic": ("--cases", "2000"),
    "alarm_burden": ("--every", "12"),
    "arrhythmia_alarms": (),
    "effectiveness": ("--courses", "50", "--runs", "1"),
    "case_report": ("--long-hours", "8", "--runs", "1"),
    "beds": ("--beds", "4", "--seconds", "10"),
    "sensor_burden": ("--every", "24"),
    "alarm_extras": ("--every", "24"),
    "alarm_latency": ("--alarms", "40"),
    "alarm_flood": ("--seconds", "5"),
}
"""Name of each, and the arguments of a quick run."""
HEAD = """# Performance

Written by `python -m bench.all`; each part by itself: `python -m bench.NAME`. The measures are those of the table and are not bent: what
is not reached says so. CPU is of one core. A peer or a floor stands beside ours where there is one, measured in the same run.

| what | to reach | measured | reached | beside it |
|---|---|---|---|---|
"""
NOTES = ROOT / "docs" / "performance-notes.md"


def measured(name: str, *, quick: bool) -> dict[str, Any]:
    """Runs one in a process of its own. Raises CalledProcessError."""
    environment = as_installed()
    if name in {"lanes", "history"}:
        environment = {**environment, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    words = [sys.executable, "-m", f"bench.{name}", *(ALL[name] if quick else ())]
    done = subprocess.run(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return {key: told[key] for key in ("name", "how", "figures", "machine")}


def page(reports: dict[str, dict[str, Any]]) -> str:
    """The whole page."""
    rows = [row(figure) for name in ALL if name in reports for figure in reports[name]["figures"]]
    how = [f"- **{name}** ({reports[name]['machine']['date']}). {reports[name]['how']}" for name in ALL if name in reports]
    notes = NOTES.read_text(encoding="utf-8").strip() if NOTES.is_file() else ""
    parts = [HEAD + "\n".join(rows), "## How each was measured", "\n".join(how), "## On which machine", machines(reports), notes]
    return "\n\n".join(part for part in parts if part) + "\n"


def row(figure: dict[str, Any]) -> str:
    unit = f" {figure['unit']}" if figure["unit"] else ""
    limit = figure.get("limit")
    reach = "" if limit is None else f"{'≥' if figure['at_least'] else '≤'} {limit:g}{unit}"
    reached = {True: "yes", False: "**no**", None: ""}[figure.get("reached")]
    peer = figure.get("peer")
    beside = f"{peer['what']}: {peer['value']:g}" if peer else ""
    return f"| {figure['what']} | {reach} | {figure['value']:g}{unit} | {reached} | {beside} |"


def machines(reports: dict[str, dict[str, Any]]) -> str:
    some = next(iter(reports.values()))["machine"]
    loads = ", ".join(f"{name} {reports[name]['machine']['load_1_min']:g}" for name in ALL if name in reports)
    return (
        f"{some['processor']}, {some['cores']} cores, no GPU, {some['system']}, Python {some['python']}. The machine was shared with other "
        f"work while this was measured, which wall times feel and CPU times hardly do; mean load at the end of each: {loads}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=ALL, default=list(ALL), metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    reports: dict[str, dict[str, Any]] = json.loads(STORED.read_text(encoding="utf-8")) if STORED.is_file() else {}
    for name in args.only:
        print(f"{name} ...", file=sys.stderr, flush=True)
        reports[name] = measured(name, quick=args.quick)
        if not args.quick:
            keep(reports)  # after each: the whole takes long, and what is measured is not lost when it is interrupted
    if args.quick:
        print(page(reports))


def keep(reports: dict[str, dict[str, Any]]) -> None:
    STORED.write_text(json.dumps(reports, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(reports), encoding="utf-8")


if __name__ == "__main__":
    main()
