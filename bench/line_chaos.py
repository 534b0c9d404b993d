"""Random faults on real pseudo-terminals under live links: does every link come back, how fast, and what does it leave behind?

    python -m bench.line_chaos --faults 1000 [--links 20] [--seed 1]

prints one JSON object. Each fault is one of: unplugged and plugged in under the same name, silence, noise, garbled frames, a
flood, another device's talk (as a wrong baud rate would sound). One in thirty lasts longer than three intervals of the device's numbers.
Reconnection is counted from the end of the fault to the first number measured after it. Meanwhile what a screen would show is looked at
twenty times a second: a number older than three of its intervals must not stand as current. Threads and descriptors are counted before
and after.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.links import Link, LinkThread
from bench.report import Figure, report
from clinical.instant import Instant
from clinical.messages import FromDevice, Message, SelfReport
from clinical.metrics import HEART_RATE
from clinical.observations import LinkState, LinkStatus, Numeric, PumpStatus
from clinical.readings import Readings
from devices.transports.addresses import line_at
from tests.devices.fake_driver import DRIVER, frame

FAULTS = ("unplug", "silence", "noise", "garbled", "flood", "stranger")
FRAME_EVERY_S = 0.01
LONG_FAULT_S = 3.6
LONG_FAULTS = 1 / 30
RECONNECTED_WITHIN_S = 2.0
LOOK_EVERY_S = 0.05
LOOKING_SLACK_S = 0.2
"""A look that comes late, on a busy machine, is no old number."""
HOW = (
    "{faults} random faults on {links} real pseudo-terminals under live links: unplugged and plugged in, silence, noise, garbled frames, a "
    "flood, another device's talk. From the end of a fault to the first number measured after it. One run."
)
PATIENCE_S = 15.0
STRANGER = b"$GPRMC,123519,A,4807.038,N,01131.000,E*6A\r\n"


def clock() -> Instant:
    return Instant(time.monotonic_ns(), time.time_ns())


class UnreliableDevice(threading.Thread):
    """The fake device on a pseudo-terminal with one fault at a time. Its infused volume counts the frames it sent."""

    def __init__(self, path: Path, seed: int) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._random = random.Random(seed)
        self._ends: tuple[int, int] | None = None
        self._stopping = threading.Event()
        self.fault = ""
        self.count = 0
        self._plug()

    def run(self) -> None:
        while not self._stopping.wait(FRAME_EVERY_S):
            fault = self.fault
            if (fault == "unplug") == (self._ends is not None):
                (self._unplug if fault == "unplug" else self._plug)()
            if self._ends is not None:
                self._put(self._talk(fault), self._ends[0])
        self._unplug()

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _talk(self, fault: str) -> bytes:
        if fault in {"silence", "unplug"}:
            return b""
        if fault == "noise":
            return self._random.randbytes(self._random.randrange(200))
        if fault == "stranger":
            return STRANGER
        frames = b"".join(self._frame() for _ in range(100 if fault == "flood" else 1))
        if fault != "garbled":
            return frames
        place = self._random.randrange(len(frames) - 1)
        return frames[:place] + bytes([frames[place] ^ self._random.randrange(1, 256)]) + frames[place + 1 :]

    def _frame(self) -> bytes:
        self.count += 1
        return frame(72, float(self.count))

    def _put(self, data: bytes, near: int) -> None:
        try:
            os.write(near, data)
        except BlockingIOError:  # the link does not read: a device would not wait for it
            return

    def _plug(self) -> None:
        import tty  # not on Windows

        near, far = os.openpty()
        tty.setraw(far)
        os.set_blocking(near, False)
        self._path.symlink_to(os.ttyname(far))
        self._ends = (near, far)

    def _unplug(self) -> None:
        ends, self._ends = self._ends, None
        self._path.unlink(missing_ok=True)
        for end in ends or ():
            os.close(end)


@dataclass
class Witness:
    """Sees what a link posts, and whatever must never be among it."""

    last_count: float = 0.0
    state: LinkState | None = None
    old_numbers: int = 0
    numbers_while_not_live: int = 0
    reports: list[str] = field(default_factory=list)
    stale_shown: int = 0
    looks: int = 0
    readings: Readings = field(default_factory=Readings)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def post(self, message: Message) -> None:
        if isinstance(message, SelfReport):
            self.reports.append(message.text)
        elif isinstance(message, FromDevice) and isinstance(message.observation, LinkStatus):
            self.state = message.observation.state
            with self.arrived:
                self.readings.line(message.at, "pump", down=self.state is not LinkState.LIVE)
        elif isinstance(message, FromDevice) and isinstance(message.observation, Numeric):
            with self.arrived:
                self.readings.take("pump", message.observation)
        elif isinstance(message, FromDevice) and isinstance(message.observation, PumpStatus):
            self._count(message.observation.infused_ml or 0.0)

    def _count(self, count: float) -> None:
        self.old_numbers += count <= self.last_count
        self.numbers_while_not_live += self.state is not LinkState.LIVE
        with self.arrived:
            self.last_count = count
            self.arrived.notify_all()

    def look(self, now: Instant) -> None:
        """As a screen does: after a tick, is what stands as a good reading fresh?"""
        with self.arrived:
            self.readings.tick(now)
            self.looks += 1
            if self.readings.good(HEART_RATE, ""):
                latest = self.readings.shown_tracks(HEART_RATE)[0].latest
                self.stale_shown += now.since(latest.at) > 3 * latest.interval_s + LOOKING_SLACK_S

    def wait_beyond(self, count: int) -> bool:
        with self.arrived:
            return self.arrived.wait_for(lambda: self.last_count > count, PATIENCE_S)


@dataclass
class Ordeal:
    """One link and its device, taken through a number of faults."""

    path: Path
    seed: int
    faults: int
    took_s: list[tuple[str, float]] = field(default_factory=list)
    never_back: list[str] = field(default_factory=list)
    witness: Witness = field(default_factory=Witness)

    def run(self) -> None:
        chance = random.Random(self.seed)
        device = UnreliableDevice(self.path, self.seed)
        link = Link(
            device="pump",
            driver=DRIVER,
            address=str(self.path),
            line_at=lambda address: line_at(address, DRIVER.serial),
            post=self.witness.post,
        )
        thread = LinkThread(link, clock, self.path.name)
        device.start()
        thread.start()
        self.witness.wait_beyond(0)
        ended = threading.Event()
        screen = threading.Thread(target=self._watch, args=(ended,), daemon=True)
        screen.start()
        for _ in range(self.faults):
            self._suffer(device, chance.choice(FAULTS), LONG_FAULT_S if chance.random() < LONG_FAULTS else chance.uniform(0.05, 0.8))
        ended.set()
        screen.join()
        thread.stop()
        device.stop()

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(LOOK_EVERY_S):
            self.witness.look(clock())

    def _suffer(self, device: UnreliableDevice, fault: str, seconds: float) -> None:
        device.fault = fault
        time.sleep(seconds)
        device.fault = ""
        began = time.monotonic()
        if self.witness.wait_beyond(device.count):
            self.took_s.append((fault, time.monotonic() - began))
        else:
            self.never_back.append(fault)


def left_open() -> dict[str, int]:
    """Threads and file descriptors of this process."""
    return {"threads": threading.active_count(), "descriptors": sum(1 for _ in Path("/dev/fd").iterdir())}


def run_chaos(*, faults: int, links: int, seed: int) -> dict[str, Any]:
    """Spreads ``faults`` over ``links`` that run side by side; the figures, as they are printed."""
    before, began = left_open(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        share = [faults // links + (number < faults % links) for number in range(links)]
        ordeals = [Ordeal(Path(folder) / f"port{n}", seed * 1000 + n, count) for n, count in enumerate(share)]
        threads = [threading.Thread(target=ordeal.run) for ordeal in ordeals]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    took = [pair for ordeal in ordeals for pair in ordeal.took_s]
    return {
        "faults": faults,
        "links": links,
        "seconds": round(time.monotonic() - began, 1),
        "reconnect": _spread([seconds for _, seconds in took]),
        "by_fault": {kind: _spread([seconds for fault, seconds in took if fault == kind]) for kind in FAULTS},
        "never_back": sum(len(ordeal.never_back) for ordeal in ordeals),
        "old_numbers": sum(ordeal.witness.old_numbers for ordeal in ordeals),
        "numbers_while_not_live": sum(ordeal.witness.numbers_while_not_live for ordeal in ordeals),
        "stale_numbers_shown": sum(ordeal.witness.stale_shown for ordeal in ordeals),
        "looks": sum(ordeal.witness.looks for ordeal in ordeals),
        "faults_reported_of_the_program": sum(len(ordeal.witness.reports) for ordeal in ordeals),
        "before": before,
        "after": left_open(),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {"count": len(seconds)}
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"count": len(seconds), "p50_s": round(cuts[9], 3), "p95_s": round(cuts[18], 3), "max_s": round(max(seconds), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--links", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    seen = run_chaos(faults=args.faults, links=args.links, seed=args.seed)
    never = ("never_back", "old_numbers", "numbers_while_not_live", "stale_numbers_shown", "faults_reported_of_the_program")
    figures = [Figure(what=f"lines, {name.replace('_', ' ')}", value=seen[name], unit="", limit=0) for name in never]
    left = [
        Figure(what=f"lines, {what} left behind", value=seen["after"][what] - seen["before"][what], unit="", limit=0)
        for what in seen["after"]
    ]
    figures += left
    figures += [
        Figure(what=f"lines, first number after a fault, {share}", value=seen["reconnect"][f"{share}_s"], unit="s", limit=limit)
        for share, limit in (("p50", None), ("p95", RECONNECTED_WITHIN_S))
    ]
    report("line_chaos", HOW.format(faults=args.faults, links=args.links), figures, seen=seen)


if __name__ == "__main__":
    main()
