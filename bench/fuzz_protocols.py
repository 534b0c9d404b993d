"""Mutated frames against every driver's protocol: does one raise, hang or grow?

    python -m bench.fuzz_protocols [DRIVER …] [--frames 10000000] [--seed 1] [--json FILE]

prints a line for each line (driver and variant). The frames are what the driver's own simulator says, with bits flipped, bytes and
stretches dropped, doubled, cut short, overwritten, and spliced with others; the same seed makes the same frames. A call of ``receive`` that
takes longer than ``SLOW_S`` is a hang; memory that rises by more than ``GROWTH_MB`` after the first tenth is a leak. Exit code 1 if any is
seen.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from clinical.instant import Instant
from devices.driver import Driver, Protocol
from tests.devices.drivers.conformance import START, driver_named, every_line, quiet

SLOW_S = 0.5
GROWTH_MB = 8.0
MEMORY_LOOKED_AT = 200
"""Times in a run: a look at memory costs as much as a few frames."""
LONGEST_FRAME = 4096
MOST_SHOWN = 3
MB = 1 << 20


@dataclass(kw_only=True)
class Verdict:
    """What a line's protocol did with its mutated frames. ``faults`` are the first few, with the seed's frame number."""

    line: str
    frames: int = 0
    bytes: int = 0
    observations: int = 0
    bad_frames: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    growth_mb: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.faults and self.slowest_s < SLOW_S and self.growth_mb < GROWTH_MB

    def __str__(self) -> str:
        said = f"{self.line:<22} {self.frames:>9} frames {self.seconds:8.1f} s, slowest {self.slowest_s * 1000:6.1f} ms, "
        said += f"{self.bad_frames} bad, {self.observations} observations, memory {self.growth_mb:+.1f} MB"
        return said + ("" if self.clean else "  FAULTS: " + ("; ".join(self.faults) or "too slow or too much memory"))


Mutation = Callable[[random.Random, bytes], bytes]


def _flip(chance: random.Random, frame: bytes) -> bytes:
    data = bytearray(frame)
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _overwrite(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randrange(len(frame))
    return frame[:at] + chance.randbytes(chance.randint(1, 4)) + frame[at + 1 :]


def _drop(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randrange(len(frame))
    return frame[:at] + frame[at + chance.choice((1, 1, 2, 8)) :]


def _double(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randrange(len(frame))
    end = at + chance.choice((1, 1, 2, 8, len(frame)))
    return frame[:end] + frame[at:]


def _cut(chance: random.Random, frame: bytes) -> bytes:
    return frame[: chance.randrange(len(frame))]


def _noise(chance: random.Random, frame: bytes) -> bytes:
    return chance.randbytes(chance.randint(1, min(64, len(frame))))


def _whole(_chance: random.Random, frame: bytes) -> bytes:
    return frame


MUTATIONS: tuple[Mutation, ...] = (_flip, _flip, _overwrite, _drop, _double, _cut, _noise, _whole)


class Mutator:
    """Mutated frames without end, made from what a device said."""

    def __init__(self, frames: list[bytes], seed: int) -> None:
        self._frames = [frame[:LONGEST_FRAME] for frame in frames if frame] or [b"\0"]
        self._chance = random.Random(seed)

    def next(self) -> bytes:
        frame = self._chance.choice(self._frames)
        if self._chance.random() < 0.1:  # one frame's beginning, another's end
            other = self._chance.choice(self._frames)
            frame = frame[: self._chance.randrange(len(frame))] + other[self._chance.randrange(len(other)) :] or frame
        return self._chance.choice(MUTATIONS)(self._chance, frame)


def fuzz(driver: Driver, variant: str, frames: int, seed: int) -> Verdict:
    """Feeds so many mutated frames to one protocol, a fresh one each hundredth of them, and watches it."""
    mutator = Mutator([heard.data for heard in quiet(driver.name, variant).heard], seed)
    watch = _Watch(driver, variant, Verdict(line=f"{driver.name}:{variant}".rstrip(":")))
    look_each = max(1, frames // MEMORY_LOOKED_AT)
    fresh_each = max(1000, frames // 100)
    began, first_mb = time.monotonic(), None
    tracemalloc.start()
    try:
        for number in range(frames):
            watch.feed(mutator.next(), number)
            if number % look_each == 0 and number >= frames // 10:
                now_mb = tracemalloc.get_traced_memory()[0] / MB
                first_mb = now_mb if first_mb is None else first_mb
                watch.verdict.growth_mb = max(watch.verdict.growth_mb, now_mb - first_mb)
            if number % fresh_each == fresh_each - 1:
                watch.renew()
    finally:
        tracemalloc.stop()
    watch.renew()
    watch.verdict.frames = frames
    watch.verdict.seconds = round(time.monotonic() - began, 2)
    return watch.verdict


class _Watch:
    """One protocol under fire, on a virtual clock."""

    def __init__(self, driver: Driver, variant: str, verdict: Verdict) -> None:
        self._driver = driver
        self._variant = variant
        self._now: Instant = START
        self._bad = 0
        self.verdict = verdict
        self._protocol: Protocol = driver.protocol(variant)

    def renew(self) -> None:
        self.verdict.bad_frames += self._protocol.bad_frames
        self._protocol = self._driver.protocol(self._variant)
        self._bad = 0

    def feed(self, data: bytes, number: int) -> None:
        self._now = self._now.plus(0.05)
        began = time.perf_counter()
        try:
            self.verdict.observations += len(self._protocol.receive(data, self._now))
            sent = self._protocol.outgoing(self._now)
        except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
            self._note(f"frame {number} ({data[:24].hex()}…): {traceback.format_exc(limit=-1).splitlines()[-1]}")
            self.renew()
            return
        self.verdict.slowest_s = max(self.verdict.slowest_s, time.perf_counter() - began)
        self.verdict.bytes += len(data)
        self._judge(sent, number)

    def _judge(self, sent: object, number: int) -> None:
        bad = self._protocol.bad_frames
        if bad < self._bad:
            self._note(f"frame {number}: the count of bad frames fell from {self._bad} to {bad}")
        self._bad = bad
        for message in sent if isinstance(sent, list | tuple) else ():
            if not self._driver.may_send(message):
                self._note(f"frame {number}: wanted to send {message[:24].hex()}, which it may not")

    def _note(self, fault: str) -> None:
        if len(self.verdict.faults) < MOST_SHOWN:
            self.verdict.faults.append(fault)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drivers", nargs="*", metavar="DRIVER", help='as "dri" or "nonin:df8"; all lines if none is named')
    parser.add_argument("--frames", type=int, default=10_000_000, help="for each line")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the verdicts to this file")
    args = parser.parse_args()
    lines = [line for line in every_line() if not args.drivers or line[0] in args.drivers or ":".join(line) in args.drivers]
    if not lines:
        parser.error(f"no driver is called {' or '.join(args.drivers)}; there are: {', '.join(sorted({name for name, _ in every_line()}))}")
    verdicts = []
    for name, variant in lines:
        verdicts.append(fuzz(driver_named(name), variant, args.frames, args.seed))
        print(verdicts[-1], flush=True)
    if args.json:
        args.json.write_text(json.dumps([asdict(verdict) | {"clean": verdict.clean} for verdict in verdicts], indent=1) + "\n")
    sys.exit(0 if all(verdict.clean for verdict in verdicts) else 1)


if __name__ == "__main__":
    main()
