"""Makes the captures in tests/captures of the oximeters that speak by line: each simulator through one course of a finger.

``python -m tests.devices.drivers.oximeter_captures`` writes those that are missing.
"""

from __future__ import annotations

from devices.drivers import contec, masimo, nellcor
from devices.transports.capture import CaptureWriter, Chunk, Mark
from tests.devices.drivers.oximeter_lines import CAPTURES, Finger, live_through
from tests.devices.fake_rack import START, Bench

RECORDED = {
    ("masimo", ""): (masimo.DRIVER, 120.0),
    ("masimo", "trend"): (masimo.DRIVER, 130.0),
    ("nellcor", ""): (nellcor.DRIVER, 120.0),
    ("contec", "v7"): (contec.DRIVER, 20.0),
    ("contec", "old"): (contec.DRIVER, 20.0),
}
"""Driver and variant → how long is recorded, s."""


def path_of(name, variant):
    return CAPTURES / name / f"simulated-{variant or 'live'}.capture"


def recorded(name, variant):
    """What passed on the line between the simulator and its protocol, in order."""
    driver, seconds = RECORDED[name, variant]
    finger = Finger()
    bench = Bench(finger, driver.simulator(finger, variant), driver.protocol(variant))
    live_through(bench, seconds)
    passed = [Chunk(mark=Mark.SENT, at=at, data=data) for at, data in bench.sent]
    passed += [Chunk(mark=Mark.RECEIVED, at=at, data=data) for at, data in bench.heard]
    return [Chunk(mark=Mark.OPENED, at=START), *sorted(passed, key=lambda chunk: chunk.at)], bench.observations


def write(name, variant):
    path = path_of(name, variant)
    path.parent.mkdir(exist_ok=True)
    writer = CaptureWriter(path, driver=f"{name}:{variant}".rstrip(":"), port="simulated")
    for chunk in recorded(name, variant)[0]:
        writer.append(chunk)
    writer.close()


if __name__ == "__main__":
    for key in RECORDED:
        if not path_of(*key).exists():
            write(*key)
