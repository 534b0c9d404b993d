"""From a byte on the wire to a painted number, and to a red alarm painted and its sound asked for. p99 over many.

    python -m bench.latency [--numbers 200] [--alarms 80] [--runs 3]

Prints JSON. Needs Xvfb and Linux.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bench.oximeter import LOW_LIMIT, Oximeter, plan_for
from bench.report import Figure, median, percentile, report
from bench.running import Running, private_screen

NORMAL = 98
HOW = (
    "An oximeter's frames written to a real pseudo-terminal at moments unrelated to frames, read by the core process, stepped, sent to the "
    "display process (1920×1080, Xvfb) and painted. From just before write() to after the painted picture was handed to the screen; "
    "the alarm has no delay set, is painted red (fill, or edge in the dark half of its flash), and its sound is asked for when the "
    "display's sound has begun the burst. p99 over {numbers} numbers and {alarms} alarms a run, median of {runs} runs."
)

Event = dict[str, Any]
Said = list[tuple[int, int]]
"""When, and which saturation."""


def converse(oximeter: Oximeter, values: Iterator[int], count: int, dice: random.Random) -> Said:
    said: Said = []
    for _ in range(count):
        value = next(values)
        said.append((oximeter.say(value), value))
        time.sleep(dice.uniform(0.12, 0.2))
    return said


def numbers() -> Iterator[int]:
    """Never the same twice in a row, all normal."""
    while True:
        yield from range(93, 100)


def alarms() -> Iterator[int]:
    """Low, normal, low, normal; one low value is never that before."""
    while True:
        for low in range(LOW_LIMIT - 9, LOW_LIMIT - 2):
            yield low
            yield NORMAL


def waits_ms(said: Said, events: Sequence[Event], is_it: Any) -> tuple[list[float], int]:
    """From each saying to the first event after it that ``is_it``; and how many never came before the next was said."""
    waits, missed = [], 0
    for place, (at_ns, value) in enumerate(said):
        until_ns = said[place + 1][0] if place + 1 < len(said) else at_ns + 2 * 10**8
        came = next((row["at_ns"] for row in events if at_ns < row["at_ns"] < until_ns and is_it(row, value)), None)
        if came is None:
            missed += 1
        else:
            waits.append((came - at_ns) / 1e6)
    return waits, missed


def is_number(row: Event, value: int) -> bool:
    return bool(row["event"] == "number" and row["text"] == str(value))


def is_alarm(row: Event, value: int) -> bool:
    return bool(row["event"] == "alarm" and row["priority"] == "high" and row["presence"] == "on" and row["value"] == value)


def is_sound(row: Event, value: int) -> bool:
    return bool(row["event"] == "sound" and row["priority"] == "high" and value < LOW_LIMIT)


def run(count: int, alarm_count: int, seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    oximeter = Oximeter()
    with private_screen() as environment:
        program = Running(environment, plan=plan_for(oximeter), way="show")
        try:
            program.first("first paint")
            converse(oximeter, numbers(), 40, dice)
            plain = converse(oximeter, numbers(), count, dice)
            crossing = converse(oximeter, alarms(), 2 * alarm_count, dice)
        finally:
            events = program.end()
            oximeter.close()
    lows = [row for row in crossing if row[1] < LOW_LIMIT]
    return {
        name: waits_ms(said, events, is_it)
        for name, said, is_it in (("number", plain, is_number), ("alarm", lows, is_alarm), ("sound", lows, is_sound))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numbers", type=int, default=200)
    parser.add_argument("--alarms", type=int, default=80)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    runs = [run(args.numbers, args.alarms, seed) for seed in range(args.runs)]

    def figure(what: str, name: str, share: float, limit: float | None) -> Figure:
        return Figure(what=what, value=median(percentile(one[name][0], share) for one in runs), unit="ms", limit=limit)

    figures = [
        figure("byte on the wire → painted number, p99", "number", 99, 30),
        figure("byte on the wire → painted number, p50", "number", 50, None),
        figure("byte on the wire → red alarm painted, p99", "alarm", 99, 50),
        figure("byte on the wire → red alarm painted, p50", "alarm", 50, None),
        figure("byte on the wire → sound asked for, p99", "sound", 99, 50),
        figure("byte on the wire → sound asked for, p50", "sound", 50, None),
        Figure(what="never seen before the next was said", value=sum(one[name][1] for one in runs for name in one), unit="", limit=0),
    ]
    report("latency", HOW.format(numbers=args.numbers, alarms=args.alarms, runs=args.runs), figures)


if __name__ == "__main__":
    main()
