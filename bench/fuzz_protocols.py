"""Mutated frames against every driver's protocol: does one raise, hang or grow?

    python -m bench.fuzz_protocols [DRIVER …] [--frames 10000000] [--seed 1] [--sealed] [--keep] [--cheapest-first]

prints a line for each line (driver and variant). The frames are what the driver's own simulator says (text in lines: a frame a line), with
bits flipped, bytes and stretches dropped, put in, doubled, exchanged, cut short and overwritten, numbers near the front changed as lengths
would be, and spliced with others; the same seed makes the same frames. They come singly and in bursts, as a line hands them over; datagrams
come singly. A call of ``receive`` that takes more than ``SLOW_S`` of this process's own time is a hang; one that does not end is broken
off; memory that rises by more than ``GROWTH_MB`` after the first tenth is a leak. Exit code 1 if any is seen.

``--keep`` writes each verdict into docs/devices-fuzz.json and its page as soon as it is there, and leaves out lines of which so many frames
with that seed are kept already and whose driver is still the same: broken off and begun again, it goes on with the next line.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bench import fuzz_page
from bench.fuzz_seals import SEALS, Seal
from clinical.instant import Instant
from devices.driver import Driver, Protocol
from tests.devices.drivers.conformance import START, driver_named, every_line, quiet

SLOW_S = 0.5
ENDLESS_S = 20.0
"""Own time after which a call is broken off."""
GROWTH_MB = 8.0
MEMORY_LOOKED_AT = 200
"""Times in a run: a look at memory costs as much as a few frames."""
TRACED_FRAMES = 100_000
"""Up to here every allocation is traced; beyond, where that would take most of the time, the process's resident memory is looked at."""
STATM = Path("/proc/self/statm")
LONGEST_FRAME = 1 << 14
BURSTS = (1, 1, 1, 2, 4, 15)
GAPS_S = (0.0, 0.02, 0.05, 0.05, 0.05, 0.05, 0.1, 0.2)
LONG_GAP_S = 12.0
LONG_GAPS = 0.002
"""Part of the feeds before which the line was silent so long that drivers begin anew."""
MUTE_FEEDS = 40
"""A protocol that tells nothing for so long may have given this sender up for good, and reads no deeper: then another begins."""
COST_FRAMES = 2000
MOST_SHOWN = 3
MOST_HEX = 2000
MB = 1 << 20


class EndlessError(Exception):
    """A call that did not end by itself."""


@dataclass(kw_only=True)
class Verdict:
    """What a line's protocol did with its mutated frames. ``faults`` are the first few, with the seed's frame number.

    ``cpu_s`` is this process's own time, mutation included; ``slowest_s`` that of the slowest single call.
    """

    line: str
    frames: int = 0
    feeds: int = 0
    bytes: int = 0
    seed: int = 0
    observations: int = 0
    bad_frames: int = 0
    exceptions: int = 0
    cpu_s: float = 0.0
    slowest_s: float = 0.0
    growth_mb: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.faults and self.slowest_s < SLOW_S and self.growth_mb < GROWTH_MB

    def __str__(self) -> str:
        said = f"{self.line:<22} {self.frames:>9} frames {self.cpu_s:8.1f} s, slowest {self.slowest_s * 1000:6.1f} ms, "
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


def _put_in(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randrange(len(frame) + 1)
    return frame[:at] + chance.randbytes(chance.choice((1, 1, 2, 8))) + frame[at:]


def _drop(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randrange(len(frame))
    return frame[:at] + frame[at + chance.choice((1, 1, 2, 8)) :]


def _double(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randrange(len(frame))
    end = at + chance.choice((1, 1, 2, 8, len(frame)))
    return frame[:end] + frame[at:]


def _exchange(chance: random.Random, frame: bytes) -> bytes:
    """Two neighbouring stretches change places."""
    first, middle, end = sorted(chance.randrange(len(frame) + 1) for _ in range(3))
    return frame[:first] + frame[middle:end] + frame[first:middle] + frame[end:]


def _length(chance: random.Random, frame: bytes) -> bytes:
    """One of the first bytes becomes an extreme, or one more, one less: where formats have a length, it stands there."""
    data = bytearray(frame)
    at = chance.randrange(min(len(data), 16))
    data[at] = chance.choice((0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF, (data[at] + 1) & 0xFF, (data[at] - 1) & 0xFF))
    return bytes(data)


def _cut(chance: random.Random, frame: bytes) -> bytes:
    return frame[: chance.randrange(len(frame))]


def _noise(chance: random.Random, frame: bytes) -> bytes:
    return chance.randbytes(chance.randint(1, min(64, len(frame))))


def _whole(_chance: random.Random, frame: bytes) -> bytes:
    return frame


MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _flip, _overwrite, _put_in, _drop, _double, _exchange, _length, _cut, _noise),
    *(_whole, _whole),
)
"""Some stay whole: what a protocol makes of a mutated frame often shows at the next good one."""


def lines_apart(said: list[bytes]) -> list[bytes]:
    """What a device said at a moment, as frames: text that stands in lines becomes a frame a line; all else stays."""
    frames: list[bytes] = []
    for data in said:
        is_text = data.isascii() and data.decode("ascii").replace("\r", "").replace("\n", "").isprintable()
        frames += data.splitlines(keepends=True) if is_text and b"\r\n" in data else [data]
    return frames


class Mutator:
    """Mutated frames without end, made from what a device said."""

    def __init__(self, frames: list[bytes], seed: int, seal: Seal | None = None) -> None:
        """With ``seal`` it is the contents of frames that are mutated, and the check is right again; each eighth frame stays whole."""
        self._whole = frames
        contents = frames if seal is None else seal.contents(b"".join(frames))
        self._frames = [frame[:LONGEST_FRAME] for frame in contents if frame] or [b"\0"]
        self._chance = random.Random(seed)
        self._seal = seal

    def next(self) -> bytes:
        if self._seal is None:
            return self._mutated()
        if self._chance.random() < 1 / 8:
            return self._chance.choice(self._whole)
        try:
            return self._seal.close(self._mutated())
        except (ValueError, IndexError):  # no frame can hold these contents
            return self._chance.choice(self._whole)

    def _mutated(self) -> bytes:
        frame = self._chance.choice(self._frames)
        if self._chance.random() < 0.1:  # one frame's beginning, another's end
            other = self._chance.choice(self._frames)
            frame = frame[: self._chance.randrange(len(frame))] + other[self._chance.randrange(len(other)) :] or frame
        return self._chance.choice(MUTATIONS)(self._chance, frame)

    def burst(self, most: int) -> list[bytes]:
        """A few frames that arrive together, ``most`` at most."""
        return [self.next() for _ in range(min(self._chance.choice(BURSTS), most))]

    def gap_s(self) -> float:
        """How long the line was silent before a feed."""
        return LONG_GAP_S if self._chance.random() < LONG_GAPS else self._chance.choice(GAPS_S)


def label(name: str, variant: str, *, sealed: bool = False) -> str:
    return f"{name}:{variant}".rstrip(":") + " sealed" * sealed


def fuzz(driver: Driver, variant: str, frames: int, seed: int, *, sealed: bool = False) -> Verdict:
    """Feeds so many mutated frames and watches. Half of them go to one protocol; before it the others, to a fresh one each
    hundredth of all, and to another where one has gone mute.
    """
    mutator = Mutator(
        lines_apart([heard.data for heard in quiet(driver.name, variant).heard]), seed, SEALS[driver.name] if sealed else None
    )
    watch = _Watch(driver, variant, Verdict(line=label(driver.name, variant, sealed=sealed), seed=seed))
    memory = _Memory(frames)
    longest_burst = 1 if driver.announcing is not None and variant == driver.announcing.variant else max(BURSTS)
    look_each, fresh_each, half, verdict = max(1, frames // MEMORY_LOOKED_AT), max(1000, frames // 100), frames // 2, watch.verdict
    look_at, fresh_at, began_s = frames // 10, fresh_each, time.process_time()
    with memory, _broken_off_if_endless(verdict):
        while verdict.frames < frames:
            burst = mutator.burst(min(longest_burst, frames - verdict.frames))
            watch.feed(b"".join(burst), mutator.gap_s())
            verdict.frames += len(burst)
            if verdict.frames >= look_at:
                look_at += look_each
                verdict.growth_mb = max(verdict.growth_mb, round(memory.risen_mb(), 2))
            if verdict.frames >= fresh_at:
                fresh_at = fresh_at + fresh_each if fresh_at < half else frames
                watch.renew()
            elif watch.mute_feeds >= MUTE_FEEDS and verdict.frames < half:
                watch.renew()
    verdict.cpu_s = round(time.process_time() - began_s, 2)
    verdict.slowest_s = round(verdict.slowest_s, 5)
    return verdict


class _Memory:
    """This process's memory since the first look: what Python has allocated in a short run, what is resident in a long one."""

    def __init__(self, frames: int) -> None:
        self._traces = frames <= TRACED_FRAMES or not STATM.exists()
        self._first: float | None = None

    def __enter__(self) -> None:
        if self._traces:
            tracemalloc.start()

    def __exit__(self, *_raised: object) -> None:
        if self._traces:
            tracemalloc.stop()

    def risen_mb(self) -> float:
        now = tracemalloc.get_traced_memory()[0] / MB if self._traces else int(STATM.read_text().split()[1]) * 4096 / MB
        self._first = now if self._first is None else self._first
        return now - self._first


@contextmanager
def _broken_off_if_endless(verdict: Verdict) -> Iterator[None]:
    """Raises Endless out of a call in which a whole stretch of own time has gone by. Where the system has no such timer: nothing."""
    seen = -1

    def look(_number: int, _frame: FrameType | None) -> None:
        nonlocal seen
        if verdict.feeds == seen:
            raise EndlessError(f"not ended after {ENDLESS_S:g} s")
        seen = verdict.feeds

    if not hasattr(signal, "ITIMER_VIRTUAL"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, look)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS_S, ENDLESS_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


class _Watch:
    """One protocol under fire, on a virtual clock."""

    def __init__(self, driver: Driver, variant: str, verdict: Verdict) -> None:
        self._driver = driver
        self._variant = variant
        self._now: Instant = START
        self._bad = 0
        self.verdict = verdict
        self.mute_feeds = 0
        self._protocol: Protocol = driver.protocol(variant)

    def renew(self) -> None:
        self._protocol = self._driver.protocol(self._variant)
        self._bad = self.mute_feeds = 0

    def feed(self, data: bytes, gap_s: float) -> None:
        self._now = self._now.plus(gap_s)
        self.verdict.feeds += 1
        began_s = time.thread_time()
        try:
            told = self._protocol.receive(data, self._now)
            sent = self._protocol.outgoing(self._now)
        except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
            self.verdict.exceptions += 1
            self._note(f"{data.hex()[:MOST_HEX]}: {traceback.format_exc(limit=-1).splitlines()[-1]}")
            self.renew()
            return
        took_s = time.thread_time() - began_s
        self.mute_feeds = 0 if told else self.mute_feeds + 1
        self.verdict.observations += len(told)
        self.verdict.slowest_s = max(self.verdict.slowest_s, took_s)
        self.verdict.bytes += len(data)
        self._judge(sent)

    def _judge(self, sent: object) -> None:
        bad = self._protocol.bad_frames
        if bad < self._bad:
            self._note(f"the count of bad frames fell from {self._bad} to {bad}")
        self.verdict.bad_frames += max(0, bad - self._bad)
        self._bad = bad
        for message in sent if isinstance(sent, list | tuple) else ():
            if not self._driver.may_send(message):
                self._note(f"wanted to send {message[:24].hex()}, which it may not")

    def _note(self, fault: str) -> None:
        if len(self.verdict.faults) < MOST_SHOWN:
            self.verdict.faults.append(f"frame {self.verdict.frames}: {fault}")


def cost_s(line: tuple[str, str]) -> float:
    """Own time that a short run takes, untraced: by it the cheapest come first."""
    mutator, protocol = Mutator(lines_apart([heard.data for heard in quiet(*line).heard]), 0), driver_named(line[0]).protocol(line[1])
    frames, now, began_s = [mutator.next() for _ in range(COST_FRAMES)], START, time.process_time()
    for frame in frames:
        now = now.plus(0.05)
        protocol.receive(frame, now)
        protocol.outgoing(now)
    return time.process_time() - began_s


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drivers", nargs="*", metavar="DRIVER", help='as "dri" or "nonin:df8"; all lines if none is named')
    parser.add_argument("--frames", type=int, default=10_000_000, help="for each line")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="write the verdicts into docs, and leave out what stands there")
    parser.add_argument("--sealed", action="store_true", help="of drivers that check their frames: wrong contents with a right check")
    parser.add_argument("--cheapest-first", action="store_true", help="in the order of what a frame costs")
    return parser


def main() -> None:
    parser = _arguments()
    args = parser.parse_args()
    lines = [line for line in every_line() if not args.drivers or line[0] in args.drivers or ":".join(line) in args.drivers]
    if args.sealed:
        lines = [(name, variant) for name, variant in lines if name in SEALS and (name, variant) != ("intellivue", "lan")]
    if not lines:
        parser.error(f"no driver is called {' or '.join(args.drivers)}; there are: {', '.join(sorted({name for name, _ in every_line()}))}")
    clean = True
    for name, variant in sorted(lines, key=cost_s) if args.cheapest_first else lines:
        if args.keep and fuzz_page.is_kept(label(name, variant, sealed=args.sealed), args.frames, args.seed):
            continue
        code = fuzz_page.code_of(name)
        verdict = fuzz(driver_named(name), variant, args.frames, args.seed, sealed=args.sealed)
        print(verdict, flush=True)
        clean = clean and verdict.clean
        if args.keep:
            fuzz_page.keep(verdict, code)
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    main()
