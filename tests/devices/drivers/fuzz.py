"""Mutated frames without end: ``python -m tests.devices.drivers.fuzz DRIVER[:VARIANT] FRAMES [SEED]``.

Whatever is heard, nothing is raised, nothing grows, and nothing but what the driver's list allows is sent.
"""

from __future__ import annotations

import pickle
import random
import sys

from devices.registry import find
from tests.devices.drivers.oximeter_lines import Finger, live_through, mutated
from tests.devices.fake_rack import START, Bench

MOST_BYTES_KEPT = 20_000
"""A protocol's whole state; its buffers hold less than a thousand bytes of the line."""


def chunks_of(driver, variant, seconds=75.0):
    """What the simulator says, in the pieces in which it says it."""
    finger = Finger()
    bench = Bench(finger, driver.simulator(finger, variant), driver.protocol(variant))
    live_through(bench, seconds)
    return [data for _, data in bench.heard]


def fuzz(name, pieces, seed):
    """Feeds so many damaged pieces; gives the protocol and everything it wanted to send."""
    driver, variant = find(name)
    chance = random.Random(seed)
    said = chunks_of(driver, variant)
    protocol = driver.protocol(variant)
    sent = set()
    now = START
    for count in range(pieces):
        now = now.plus(chance.choice((0.0, 0.1, 1.0, 8.0)))
        piece = said[count % len(said)] if chance.random() < 0.9 else chance.randbytes(chance.randrange(60))
        protocol.receive(mutated(piece, chance.randrange(1 << 30), rate=0.02), now)
        sent.update(protocol.outgoing(now))
    refused = [message for message in sent if not driver.may_send(message)]
    assert not refused, f"{name} wanted to send {refused}"
    assert len(pickle.dumps(protocol)) < MOST_BYTES_KEPT, f"{name} has grown"
    return protocol, sent


if __name__ == "__main__":
    heard, _ = fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    print(f"{sys.argv[1]}: {sys.argv[2]} pieces, {heard.bad_frames} bad frames")
