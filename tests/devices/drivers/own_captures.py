"""Sessions of our own capnographs as captures: made here, kept in ``tests/captures``, and held to be the same for ever.

``python -m tests.devices.drivers.own_captures`` writes them anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PLETH, PULSE_RATE, SPO2
from clinical.observations import Observation
from devices.recordings.playback import Playback
from devices.registry import find
from devices.transports.capture import CaptureWriter, Chunk, Mark, read_chunks
from tests.devices.fake_bedside import START, FakeBedside

FOLDER = Path(__file__).parents[2] / "captures"
NAMES = ("medibus", "capnostream", "capnostat")
STEP_S = 0.1
FINGER_OFF_S, APNOEA_S, LINE_OFF_S, END_S = 8.0, 12.0, 16.0, 20.0


def session(name: str) -> list[Chunk]:
    """Quiet; then the finger clip off; then no breath; then the sampling line off."""
    driver, _ = find(name)
    bedside = FakeBedside()
    protocol, simulator = driver.protocol(""), driver.simulator(bedside, "")
    chunks = [Chunk(mark=Mark.OPENED, at=START)]
    for step in range(round(END_S / STEP_S) + 1):
        bedside.now = now = START.plus(step * STEP_S)
        live(bedside)
        heard = simulator.outgoing(now)
        if heard:
            chunks.append(Chunk(mark=Mark.RECEIVED, at=now, data=heard))
            protocol.receive(heard, now)
        for message in protocol.outgoing(now):
            chunks.append(Chunk(mark=Mark.SENT, at=now, data=message))
            simulator.receive(message, now)
    return chunks


def live(bedside: FakeBedside) -> None:
    """What has befallen the bedside by now."""
    at_s = bedside.now.since(START)
    if at_s >= FINGER_OFF_S:
        bedside.off |= {SPO2, PULSE_RATE, PLETH}
    if at_s >= APNOEA_S:
        bedside.values[CO2_RESP_RATE, ""] = 0.0
        bedside.values[ETCO2, ""] = 0.0
    if at_s >= LINE_OFF_S:
        bedside.off |= {CO2, CO2_RESP_RATE, ETCO2, FICO2}


def file_of(name: str) -> Path:
    return FOLDER / name / "session.capture"


def write(name: str, path: Path) -> None:
    writer = CaptureWriter(path, driver=name, port="simulated")
    for chunk in session(name):
        writer.append(chunk)
    writer.close()


def decoded(name: str) -> tuple[list[Observation], Playback]:
    """What the driver makes of the kept capture."""
    driver, variant = find(name)
    playback = Playback(driver, variant)
    return [one for chunk in read_chunks(file_of(name), raw_baud=driver.serial.baud) for one in playback.take(chunk)], playback


if __name__ == "__main__":
    for made in sys.argv[1:] or NAMES:
        file_of(made).unlink(missing_ok=True)
        write(made, file_of(made))
