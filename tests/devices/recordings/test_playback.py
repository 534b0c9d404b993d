"""A recorded line gives what the live line gave."""

from __future__ import annotations

import pytest

from app.core.links import Link
from clinical.instant import Instant
from clinical.messages import FromDevice
from clinical.observations import LinkState, LinkStatus
from devices.recordings.playback import Playback
from devices.transports.capture import CaptureWriter, Chunk, Mark, RecordedLine, read_chunks
from devices.transports.virtual import VirtualCable
from tests.devices.fake_driver import DRIVER, frame
from tests.devices.still_bedside import FakeBedside

START = Instant(0, 1_772_352_000_000_000_000)


class Recorded:
    """A live case with simulator, noise and an unplugged cable on the virtual clock, recorded."""

    def __init__(self, path) -> None:
        self.now = START
        self.posted = []
        cable, writer, bedside = VirtualCable("virtual:x"), CaptureWriter(path, driver="fake", port="x"), FakeBedside(START)
        simulator = DRIVER.simulator(bedside, "")
        link = Link(
            device="pump",
            driver=DRIVER,
            address="x",
            line_at=lambda _: RecordedLine(cable.host, writer, lambda: self.now, pytest.fail),
            post=self.posted.append,
        )
        for turn in range(400):
            if turn == 150:
                cable.unplug()
            if turn == 200:
                cable.plug()
            bedside.advance(self.now)
            simulator.receive(cable.device.read(0), self.now)
            said = simulator.outgoing(self.now)
            cable.device.write(said + (b"noise\n" if turn % 50 == 0 else b""))
            link.step(self.now)
            self.now = self.now.plus(0.01)
        link.close(self.now)
        writer.close()

    @property
    def numbers(self):
        found = [message.observation for message in self.posted if isinstance(message, FromDevice)]
        return [observation for observation in found if not isinstance(observation, LinkStatus)]


def test_the_same_observations_at_the_same_moments(tmp_path) -> None:
    live = Recorded(tmp_path / "line.capture")
    playback = Playback(DRIVER, "")
    played = [item for chunk in read_chunks(tmp_path / "line.capture", raw_baud=19_200) for item in playback.take(chunk)]
    assert len(live.numbers) > 300
    assert [item for item in played if not isinstance(item, LinkStatus)] == live.numbers
    lost = [item for item in played if isinstance(item, LinkStatus)]
    assert [(item.state, item.detail) for item in lost] == [(LinkState.LOST, "virtual:x was unplugged: check the cable")]
    assert playback.summary().bad_frames == 5


def test_bare_bytes_whole_or_one_at_a_time() -> None:
    data = b"".join(frame(60 + n, float(n)) for n in range(50)) + b"damaged\n"

    def played(size: int) -> list[object]:
        playback = Playback(DRIVER, "")
        playback.take(Chunk(mark=Mark.OPENED, at=START))
        pieces = [data[place : place + size] for place in range(0, len(data), size)]
        given = [item for piece in pieces for item in playback.take(Chunk(mark=Mark.RECEIVED, at=START, data=piece))]
        return [*given, playback.summary()]

    assert played(1) == played(7) == played(len(data))
    assert len(played(1)) == 101
