"""What every pump's driver must stand, whatever its protocol: any split, noise, mutation, and nothing sent but what is allowed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from clinical.observations import Observation
from devices.driver import Driver, Protocol
from tests.devices.fake_rack import START, Bench, FakeBedside

CAPTURES = Path(__file__).parents[2] / "captures"


def session(driver: Driver, variant: str = "", **simulated: object) -> Bench:
    """Forty seconds on the line: infusing, an occlusion, paused."""
    from clinical.observations import PumpState

    bedside = FakeBedside()
    simulator = driver.simulator(bedside, variant) if not simulated else driver.simulator(bedside, variant, **simulated)  # type: ignore[call-arg]
    bench = Bench(bedside, simulator, driver.protocol(variant))
    for second in range(20):
        bedside.set_pump(infused_ml=12.5 + 0.01 * second)
        bench.run(1.0)
    bedside.set_pump(state=PumpState.ALARM, rate_ml_per_h=0.0, pressure_percent=100.0, alarms=frozenset({"occlusion"}))
    bench.run(10.0)
    bedside.set_pump(state=PumpState.PAUSED, alarms=frozenset(), pressure_percent=20.0)
    bench.run(10.0)
    return bench


def line_of(bench: Bench) -> bytes:
    """Everything the device said."""
    return b"".join(said for _, said in bench.heard)


def heard(protocol: Protocol, pieces: Iterable[bytes]) -> list[Observation]:
    return [observation for piece in pieces for observation in protocol.receive(piece, START)]


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def check_splits(driver: Driver, data: bytes, places: Sequence[int]) -> None:
    """Whole, byte by byte and cut anywhere: the same observations, the same count of bad frames."""
    whole, pieces, bytewise = driver.protocol(""), driver.protocol(""), driver.protocol("")
    expected = heard(whole, [data])
    assert heard(pieces, cut(data, places)) == expected
    assert heard(bytewise, (bytes((byte,)) for byte in data)) == expected
    assert pieces.bad_frames == bytewise.bad_frames == whole.bad_frames


def mutated(chooser: random.Random, data: bytes) -> bytes:
    wire = bytearray(data)
    for _ in range(chooser.randint(1, 6)):
        place = chooser.randrange(len(wire) + 1)
        wire[place : place + chooser.randint(0, 3)] = chooser.randbytes(chooser.randint(0, 3))
    return bytes(wire)


def check_sends_only(driver: Driver, allowed: Callable[[bytes], bool], steps: Iterable[tuple[bytes, float]]) -> None:
    """Whatever arrives and whenever it is asked: each message is allowed, by the driver's word and by the test's own list."""
    protocol, now = driver.protocol(""), START
    for data, seconds in steps:
        now = now.plus(seconds)
        protocol.receive(data, now)
        moments = [now, protocol.due or now]
        for moment in moments:
            for message in protocol.outgoing(max(moment, now)):
                assert driver.may_send(message), message
                assert allowed(message), message
