"""Files of recordings in which bytes were changed: what is left plays, or one line says why not; none makes room for what it lies about."""

import gzip
import random
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bench.fuzz_protocols import MUTATIONS
from clinical.instant import Instant
from clinical.observations import MISSING_SAMPLE, DeviceAlert, Priority
from devices.recordings import vital_file
from devices.recordings.opening import open_recording
from devices.recordings.play import play
from devices.recordings.recording import Recording, RecordingError, WaveTrack
from storage.cases import open_case
from storage.export.case_folder import Terms, write_folder
from storage.export.formats import format_named
from tests.storage.made_case import minute, record

START = Instant(0, 1_772_352_000_000_000_000)
FRONT = 600
"""Headers and the first records lie there; most changes do too."""
TRIES = 60
SHIPPED = Path(__file__).parents[3] / "resources/recordings/operating-room/numerics.csv"


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("recordings")
    address = record(folder / "a.sqlite", minute(70))

    def made(name: str) -> Path:
        if name == "csv":
            return SHIPPED
        with open_case(address, 1) as history:
            out = write_folder(format_named(name), history, folder / name, Terms(program_version="1"))
        return next(path for ending in ("edf", "vital", "hea") for path in sorted(out.rglob(f"*.{ending}")))

    return made


def samples(recording: Recording) -> int:
    return sum(int((track.steps != MISSING_SAMPLE).sum()) for track in recording.tracks if isinstance(track, WaveTrack))


def changed(chance: random.Random, content: bytes) -> bytes:
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(min(FRONT, len(content)) if chance.random() < 0.6 else len(content))
        content = content[:at] + chance.choice(MUTATIONS)(chance, content[at : at + 64]) + content[at + 64 :] or b"0"
    return content


@pytest.mark.parametrize("name", ["csv", "edf", "vital", "wfdb"])
def test_changed_bytes_play_or_are_told_in_one_line(tmp_path, files, name: str) -> None:
    path, chance, told = files(name), random.Random(name), []
    for other in path.parent.glob(f"{path.stem}*"):
        (tmp_path / other.name).write_bytes(other.read_bytes())
    content = path.read_bytes()[:20_000] if name == "csv" else path.read_bytes()
    packed = content.startswith(b"\x1f\x8b")
    for _ in range(TRIES):
        inside = packed and chance.random() < 0.8
        data = gzip.compress(changed(chance, gzip.decompress(content)), 1) if inside else changed(chance, content)
        (tmp_path / path.name).write_bytes(data)
        try:
            list(islice(play(open_recording(str(tmp_path / path.name)), START), 1000))
        except RecordingError as error:
            told.append(str(error))
    assert told
    assert not [text for text in told if "\n" in text or len(text) > 300]


def test_a_vital_file_that_breaks_off_is_played_up_to_there_and_says_so(tmp_path, files) -> None:
    whole = files("vital")
    inner = gzip.decompress(whole.read_bytes())
    (tmp_path / "cut.vital").write_bytes(gzip.compress(inner[: len(inner) // 2 + 1]))
    cut = open_recording(str(tmp_path / "cut.vital"))
    assert len(cut.problems) == 1
    assert cut.problems[0].startswith("the rest of cut.vital, which is damaged (")
    alert = next(play(cut, START)).observation
    assert isinstance(alert, DeviceAlert)
    assert (alert.text, alert.priority, alert.at) == (f"Left out: {cut.problems[0]}", Priority.LOW, START)
    assert [isinstance(one.observation, DeviceAlert) for one in islice(play(open_recording(str(whole)), START), 50)].count(True) == 0
    assert 0 < samples(cut) < samples(open_recording(str(whole)))


def test_a_header_that_lies_about_its_length_takes_no_memory(tmp_path) -> None:
    (tmp_path / "long.hea").write_text("long 1 500 999999999999\nlong.dat 16 200 16 0 0 0 0 II\n")
    (tmp_path / "long.dat").write_bytes(bytes(2000))
    with pytest.raises(RecordingError, match="says that it holds 999,999,999,999 samples"):
        open_recording(str(tmp_path / "long.hea"))


def test_a_signal_without_a_name_is_told_by_its_number(tmp_path) -> None:
    (tmp_path / "two.hea").write_text("two 2 500 500\ntwo.dat 16 200 16 0 0 0 0 II\ntwo.dat 16 200 16 0 0 0 0\n")
    (tmp_path / "two.dat").write_bytes(bytes(2000))
    recording = open_recording(str(tmp_path / "two.hea"))
    assert recording.unknown == ("signal 2",)
    assert isinstance(recording.tracks[0], WaveTrack)


def test_a_row_without_a_metric_is_left_out(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("t_s,metric,value\n0,HR,60\n1,,70\n2,HR,61\n")
    assert [track.metric.label for track in open_recording(str(tmp_path / "a.csv")).tracks] == ["HR"]


def test_what_is_left_out_of_a_file_is_told_for_its_folder_too(tmp_path, files) -> None:
    inner = gzip.decompress(files("vital").read_bytes())
    (tmp_path / "cut.vital").write_bytes(gzip.compress(inner[: len(inner) // 2 + 1]))
    (tmp_path / "numbers.csv").write_text("t_s,HR\n0,60\n1,61\n")
    assert [problem[:22] for problem in open_recording(str(tmp_path)).problems] == ["the rest of cut.vital,"]


def test_moments_that_were_rounded_make_no_gap_and_a_gap_stays_one(tmp_path, monkeypatch) -> None:
    """vitaldb's own writer puts records together, so what it would have read from a recorder stands here."""
    begin, rounded_s = 1_700_000_000.0, (0.0, 0.0009, 0.0021, 0.0005)
    records = [
        {"dt": begin + number * 0.512 + late_s + (10 if number == 3 else 0), "val": np.arange(256) + 256 * number}
        for number, late_s in enumerate(rounded_s)
    ]
    track = SimpleNamespace(type=vital_file.WAVE, srate=500.0, fmt=1, gain=1.0, offset=0.0, recs=records)
    file = SimpleNamespace(trks={"Monitor/ECG_II": track}, dtstart=begin)
    monkeypatch.setattr(vital_file, "_opened", lambda _path: (file, ""))
    (tmp_path / "late.vital").write_bytes(gzip.compress(b"VITA\x03\0\0\0\0\0"))
    (wave,) = open_recording(str(tmp_path / "late.vital")).tracks
    assert isinstance(wave, WaveTrack)
    missing = wave.steps == MISSING_SAMPLE
    assert not missing[:768].any()
    assert missing[768:-256].all()
    assert abs(len(wave.steps) - (3 * 256 + 5000 + 256)) <= 2
    values = wave.steps[~missing] * wave.unit_per_step + wave.unit_at_zero
    assert np.abs(values - np.arange(1024)).max() < 0.02
