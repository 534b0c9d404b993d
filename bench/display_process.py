"""What the running demonstration costs: CPU of the display and of the core, and how evenly frames follow one another.

    python -m bench.display_process [--seconds 30] [--runs 3]

Prints JSON. Needs Xvfb and Linux.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from app.display.frames import FRAME_MS
from bench.report import Figure, median, percentile, report
from bench.running import Running, cpu_share, private_screen

SETTLE_S = 8.0
HOW = (
    "`bedside demo` in a 1920×1080 window on an X server of its own (Xvfb, no GPU), 8 s after its first number; CPU time from /proc over "
    "{seconds:g} s, median of {runs} runs. Frames are the moments at which the lanes were painted; nominal is the timer's {nominal} ms."
)


def run(seconds: float) -> dict[str, float]:
    with private_screen() as environment:
        program = Running(environment, "demo")
        try:
            program.first("number")
            time.sleep(SETTLE_S)
            from_ns = time.monotonic_ns()
            pids = [program.display.pid, program.core_pid(), int(environment["BENCH_SCREEN_PID"])]
            display, core, screen = cpu_share(pids, seconds)
            until_ns = time.monotonic_ns()
        finally:
            events = program.end()
    begun = np.array(next(row["begun_ns"] for row in events if row["event"] == "frames"))
    intervals = np.diff(begun[(begun > from_ns) & (begun < until_ns)]) / 1e6
    return {
        "display": display,
        "core": core,
        "screen": screen,
        "p50": percentile(intervals, 50),
        "p99": percentile(intervals, 99),
        "longest": float(intervals.max()),
        "frames_a_second": len(intervals) / seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    runs = [run(args.seconds) for _ in range(args.runs)]
    of = {name: median(one[name] for one in runs) for name in runs[0]}
    figures = [
        Figure(what="display process", value=of["display"], unit="% of a core", limit=12),
        Figure(what="core process beside it", value=of["core"], unit="% of a core", limit=6),
        Figure(what="frame interval, p99", value=of["p99"], unit="ms", limit=1.2 * FRAME_MS),
        Figure(what="frame interval, p50", value=of["p50"], unit="ms"),
        Figure(what="frame interval, longest", value=of["longest"], unit="ms"),
        Figure(what="frames painted a second", value=of["frames_a_second"], unit="/s"),
        Figure(what="X server", value=of["screen"], unit="% of a core"),
    ]
    report("display_process", HOW.format(seconds=args.seconds, runs=args.runs, nominal=FRAME_MS), figures, runs=runs)


if __name__ == "__main__":
    main()
