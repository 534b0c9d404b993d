"""A raw recording of a line is played through its driver and gives what the live line gave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.instant import Instant
from clinical.observations import LinkStatus, Numeric, Observation, WaveformBlock
from devices.recordings.opening import open_recording
from devices.recordings.play import play
from devices.recordings.recording import RecordingError
from devices.transports.capture import CaptureWriter, Chunk, Mark
from tests.devices.drivers.conformance import START, Session, every_line, gist, quiet

CASE = Instant(7_000_000_000, 1_900_000_000_000_000_000)


def written(session: Session, path, *, driver: str = "") -> None:
    """As `bedside listen --capture` would have written what the session heard."""
    writer = CaptureWriter(path, driver=driver or f"{session.driver.name}:{session.variant}".rstrip(":"), port="fake")
    writer.append(Chunk(mark=Mark.OPENED, at=START))
    came = [(heard.at, 0, Chunk(mark=Mark.RECEIVED, at=heard.at, data=heard.data)) for heard in session.heard]
    went = [(at, 1, Chunk(mark=Mark.SENT, at=at, data=data)) for at, data in zip(session.said, session.sent, strict=True)]
    for *_, chunk in sorted(came + went, key=lambda row: row[:2]):
        writer.append(chunk)
    writer.append(Chunk(mark=Mark.ENDED, at=session.bedside.now))
    writer.close()


def back(observation: Observation) -> Observation:
    """On the clock of the session again."""
    moved = {"at": START.plus(observation.at.since(CASE))}
    if isinstance(observation, Numeric) and observation.measured_at is not None:
        moved["measured_at"] = START.plus(observation.measured_at.since(CASE))
    return replace(observation, **moved)


@pytest.mark.parametrize(("name", "variant"), every_line())
def test_the_same_observations_at_the_same_moments_of_a_later_case(name: str, variant: str, tmp_path) -> None:
    session = quiet(name, variant)
    written(session, tmp_path / "line.capture")
    recording = open_recording(str(tmp_path / "line.capture"))
    told = [back(message.observation) for message in play(recording, CASE)]
    assert gist(told) == gist(session.told)
    assert [one.at for one in told if isinstance(one, WaveformBlock)] == [one.at for one in session.told if isinstance(one, WaveformBlock)]
    assert recording.length_s == pytest.approx(max(one.seconds for one in recording.told))


def test_bare_bytes_need_the_driver_told(tmp_path) -> None:
    bare = tmp_path / "bytes.bin"
    bare.write_bytes(b"".join(heard.data for heard in quiet("nonin", "df7").heard))
    with pytest.raises(RecordingError, match="is of no known kind"):
        open_recording(str(bare))
    told = [message.observation for message in play(open_recording(str(bare), "nonin"), CASE)]
    assert any(isinstance(one, Numeric) and one.value == 97.0 for one in told)


def test_a_capture_that_is_cut_short_is_played_up_to_there(tmp_path) -> None:
    path = tmp_path / "line.capture"
    written(quiet("nonin", "df7"), path)
    path.write_bytes(path.read_bytes()[:-60])
    recording = open_recording(str(path))
    assert recording.told
    assert "cut short" in recording.problems[0]


def test_the_wrong_driver_is_told_in_one_line(tmp_path) -> None:
    path = tmp_path / "line.capture"
    written(quiet("dri", ""), path, driver="bcc")
    with pytest.raises(RecordingError, match=r"^line.capture holds no good frame of B. Braun .*: is it another device's\?$"):
        open_recording(str(path))
    assert open_recording(str(path), "dri").told
    with pytest.raises(RecordingError, match="no driver is called"):
        open_recording(str(path), "nope")


def test_a_loss_in_the_recording_is_told(tmp_path) -> None:
    session, path = quiet("nonin", "df8"), tmp_path / "line.capture"
    writer = CaptureWriter(path, driver="nonin:df8", port="fake")
    writer.append(Chunk(mark=Mark.OPENED, at=START))
    for heard in session.heard:
        writer.append(Chunk(mark=Mark.RECEIVED, at=heard.at, data=heard.data))
    writer.append(Chunk(mark=Mark.ENDED, at=session.bedside.now, data=b"unplugged"))
    writer.close()
    last = list(play(open_recording(str(path)), CASE))[-1].observation
    assert isinstance(last, LinkStatus)
    assert last.detail == "unplugged"
