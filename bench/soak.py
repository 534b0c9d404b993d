"""Hours of case at high speed in the running program: what memory, descriptors and threads of both processes grow to.

    python -m bench.soak [--minutes 8] [--speed 60]

8 minutes at 60 times are 8 hours of case; the scenario's end is no end of the run. Prints JSON. Needs Xvfb and Linux.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

import numpy as np

from bench.report import Figure, report
from bench.running import Counted, Running, counted, private_screen

EVERY_S = 5.0
SETTLED_SHARE = 0.25
"""Growth is counted after the first quarter: until then caches and rings fill."""
HOW = (
    "`bedside demo --speed {speed:g}` (1920×1080, Xvfb) for {minutes:g} min of the room, {hours:g} h of case. "
    "Resident memory from /proc. Growth is the slope of a straight line through the last three quarters, in MB for each hour "
    "of case. Descriptors and threads: from a quarter "
    "of the run to its end. One run."
)


def run(minutes: float, speed: float) -> dict[str, list[Counted]]:
    rows: dict[str, list[Counted]] = {"display": [], "core": []}
    with private_screen() as environment:
        program = Running(environment, "demo", "--speed", f"{speed:g}")
        try:
            program.first("number")
            pids = {"display": program.display.pid, "core": program.core_pid()}
            until = time.monotonic() + 60 * minutes
            while time.monotonic() < until:
                for name, pid in pids.items():
                    rows[name].append(counted(pid))
                time.sleep(EVERY_S)
        finally:
            program.end()
    return rows


def growth_mb_an_hour(rows: list[Counted], speed: float) -> float:
    late = rows[round(len(rows) * SETTLED_SHARE) :]
    hours = np.arange(len(late)) * EVERY_S * speed / 3600
    return float(np.polyfit(hours, [row.rss_mb for row in late], 1)[0])


def figures_of(name: str, rows: list[Counted], speed: float, limit_mb: float) -> list[Figure]:
    settled, last = rows[round(len(rows) * SETTLED_SHARE)], rows[-1]
    return [
        Figure(what=f"{name}: memory at the end", value=last.rss_mb, unit="MB", limit=limit_mb),
        Figure(what=f"{name}: growth", value=growth_mb_an_hour(rows, speed), unit="MB an hour", limit=1),
        Figure(what=f"{name}: more descriptors", value=last.descriptors - settled.descriptors, unit="", limit=0),
        Figure(what=f"{name}: more threads", value=last.threads - settled.threads, unit="", limit=0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--speed", type=float, default=60.0)
    args = parser.parse_args()
    rows = run(args.minutes, args.speed)
    figures = [*figures_of("display", rows["display"], args.speed, 260), *figures_of("core", rows["core"], args.speed, 140)]
    how = HOW.format(speed=args.speed, minutes=args.minutes, hours=args.minutes * args.speed / 60)
    every = {name: [asdict(row) for row in some[:: max(1, len(some) // 12)]] for name, some in rows.items()}
    report("soak", how, figures, samples=every)


if __name__ == "__main__":
    main()
