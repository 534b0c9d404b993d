"""Recordings of a line: whole, cut short, damaged, bare."""

from __future__ import annotations

import pytest

from clinical.instant import Instant
from devices.transports.capture import CaptureError, CaptureWriter, Chunk, Mark, RecordedLine, read_chunks
from devices.transports.line import LineError
from devices.transports.virtual import VirtualCable

NOON = Instant(5_000_000_000, 1_772_366_400_000_000_000)
CHUNKS = [
    Chunk(mark=Mark.OPENED, at=NOON),
    Chunk(mark=Mark.SENT, at=NOON.plus(0.1), data=b"GO\n"),
    Chunk(mark=Mark.RECEIVED, at=NOON.plus(0.2), data=bytes(range(256))),
    Chunk(mark=Mark.ENDED, at=NOON.plus(0.3), data="µ unplugged".encode()),
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "line.capture"
    writer = CaptureWriter(path, driver="fake", port="/dev/ttyUSB0")
    for chunk in CHUNKS:
        writer.append(chunk)
    writer.close()
    return path


def test_a_round_trip(path) -> None:
    assert list(read_chunks(path, raw_baud=9600)) == CHUNKS


def test_cut_anywhere_it_gives_whole_records_and_says_so(path, tmp_path) -> None:
    whole = path.read_bytes()
    start = whole.index(b"}\n") + 2
    cut = tmp_path / "cut"
    troubles = []
    for end in range(start, len(whole)):
        cut.write_bytes(whole[:end])
        given, trouble = read_as_far_as_possible(cut)
        assert given == CHUNKS[: len(given)]
        troubles.append(trouble)
    assert troubles.count("") == len(CHUNKS)  # only between records does a cut not show
    assert all("cut short" in trouble for trouble in troubles if trouble)


def read_as_far_as_possible(path) -> tuple[list[Chunk], str]:
    chunks = read_chunks(path, raw_baud=9600)
    given: list[Chunk] = []
    try:
        given.extend(iter(lambda: next(chunks, None), None))
    except CaptureError as error:
        return given, str(error)
    return given, ""


def test_any_changed_byte_of_a_record_is_found(path, tmp_path) -> None:
    whole = bytearray(path.read_bytes())
    damaged = tmp_path / "damaged"
    for place in range(whole.index(b"}\n") + 2, len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0x41
        damaged.write_bytes(changed)
        with pytest.raises(CaptureError, match=r"damaged at byte|cut short"):
            list(read_chunks(damaged, raw_baud=9600))


def test_a_header_cut_short_and_a_newer_version(tmp_path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b'BEDSIDE-CAPTURE 1\n{"driver": "fa')
    with pytest.raises(CaptureError, match="header"):
        list(read_chunks(file, raw_baud=9600))
    file.write_bytes(b"BEDSIDE-CAPTURE 2\n{}\n")
    with pytest.raises(CaptureError, match="newer version"):
        list(read_chunks(file, raw_baud=9600))


def test_bare_bytes_get_the_times_of_the_baud_rate(tmp_path) -> None:
    file = tmp_path / "bare"
    file.write_bytes(bytes(1000))
    opened, *chunks = read_chunks(file, raw_baud=9600)
    assert opened.mark is Mark.OPENED
    assert b"".join(chunk.data for chunk in chunks) == bytes(1000)
    assert chunks[0].at.iso().startswith("1970-01-01T00:00:00.0")
    assert chunks[-1].at.utc_ns == pytest.approx(1000 * 10 / 9600 * 1e9, abs=1)
    assert max(len(chunk.data) for chunk in chunks) <= 10


def test_an_empty_file_holds_nothing(tmp_path) -> None:
    file = tmp_path / "empty"
    file.write_bytes(b"")
    assert [chunk.mark for chunk in read_chunks(file, raw_baud=9600)] == [Mark.OPENED]


def test_a_recording_is_never_overwritten(path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        CaptureWriter(path, driver="fake", port="x")
    assert path.read_bytes() == before


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> Instant:
        self.now = self.now.plus(0.25)
        return self.now


def test_a_recorded_line_passes_everything_and_keeps_it(tmp_path) -> None:
    cable, path = VirtualCable("virtual:x"), tmp_path / "line.capture"
    writer = CaptureWriter(path, driver="fake", port="x")
    line = RecordedLine(cable.host, writer, Clock(), pytest.fail)
    line.open()
    line.write(b"GO\n")
    assert cable.device.read(0) == b"GO\n"
    assert line.read(0) == b""
    cable.device.write(b"R")
    assert line.read(0) == b"R"
    cable.unplug()
    with pytest.raises(LineError):
        line.read(0)
    line.close()
    writer.close()
    assert [(chunk.mark, chunk.data) for chunk in read_chunks(path, raw_baud=9600)] == [
        (Mark.OPENED, b""),
        (Mark.SENT, b"GO\n"),
        (Mark.RECEIVED, b"R"),
        (Mark.ENDED, b"virtual:x was unplugged: check the cable"),
    ]


class FullDisk:
    def append(self, chunk: Chunk) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_disk_costs_the_recording_and_not_the_line() -> None:
    cable, told = VirtualCable("virtual:x"), []
    line = RecordedLine(cable.host, FullDisk(), Clock(), told.append)
    line.open()
    cable.device.write(b"R")
    assert line.read(0) == b"R"
    line.write(b"GO\n")
    assert [error.errno for error in told] == [28]
