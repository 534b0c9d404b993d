"""Recordings of every format come out as the same kinds of observation, in order, with zeros as what they are: no reading."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import wfdb

from clinical import metrics
from clinical.instant import Instant
from clinical.messages import FromDevice
from clinical.observations import Numeric, Validity, WaveformBlock
from devices.recordings.opening import open_recording
from devices.recordings.play import play
from devices.recordings.recording import RecordingError

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "resources/recordings/operating-room"
SHARED = ROOT.parent / "shared/data"
START = Instant(0, 1_772_352_000_000_000_000)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the larger recordings are not on this machine")


def played(path: Path | str) -> list[FromDevice]:
    return list(play(open_recording(str(path)), START))


def numerics(messages: list[FromDevice], metric: metrics.Metric) -> list[Numeric]:
    return [m.observation for m in messages if isinstance(m.observation, Numeric) and m.observation.metric is metric]


def test_shipped_recording_has_waves_and_numbers_together() -> None:
    messages = played(SHIPPED)
    waves = {m.observation.metric for m in messages if isinstance(m.observation, WaveformBlock)}
    assert waves == {metrics.ECG_II, metrics.PLETH, metrics.ART, metrics.CVP}
    assert len(numerics(messages, metrics.HEART_RATE)) == 381


def test_observations_come_in_order_and_blocks_when_their_last_sample_is_taken() -> None:
    moments = [m.observation.end if isinstance(m.observation, WaveformBlock) else m.at for m in played(SHIPPED)]
    assert all(b.since(a) > -0.002 for a, b in pairwise(moments))


def test_wfdb_values_are_exact() -> None:
    raw = wfdb.rdrecord(str(SHIPPED / "ecg"))
    blocks = [m.observation for m in played(SHIPPED / "ecg.hea") if isinstance(m.observation, WaveformBlock)]
    np.testing.assert_allclose(np.concatenate([block.values() for block in blocks]), raw.p_signal[:, 0], equal_nan=True, atol=1e-9)


def test_a_cuff_reading_comes_once_with_its_time() -> None:
    systolic = numerics(played(SHIPPED), metrics.NIBP_SYS)
    assert [n.value for n in systolic] == [108, 84, 83, 114, 105]
    assert all(n.measured_at == n.at for n in systolic)


def test_zero_is_no_reading(tmp_path: Path) -> None:
    path = tmp_path / "probe.csv"
    path.write_text("t_s,SpO2,PR\n0,97,60\n1,0,0\n2,96,61\n")
    saturation = numerics(played(path), metrics.SPO2)
    assert [(n.value, n.validity) for n in saturation] == [(97.0, Validity.VALID), (None, Validity.INVALID), (96.0, Validity.VALID)]


def test_day_first_clock_times_and_padded_headers(tmp_path: Path) -> None:
    path = tmp_path / "night.csv.gz"
    rows = "Time              ,co2,spo2,pr\n01/02/2001 23:59:59,  41,97,60\n02/02/2001 0:00:00,            ,96,61\n"
    path.write_bytes(gzip.compress(rows.encode()))
    assert [n.at.since(START) for n in numerics(played(path), metrics.SPO2)] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "cannot be read"),
        ("strange.csv", b"a,b\n1,2\n", "no time column"),
        ("unknown.csv", b"t_s,foo\n0,1\n1,2\n", "no column that is known"),
        ("lies.csv.gz", b"not gzip at all", "cannot be read"),
        ("broken.hea", b"broken 2 500 1000\nmissing.dat 16 200 16 0 0 0 0 II\n", "cannot be read as a WFDB record"),
        ("broken.vital", b"\x1f\x8b\x08\x00garbage", "cannot be read as a .vital file"),
        ("notes.txt", b"hello", "of no known kind"),
    ],
)
def test_damaged_recordings_give_one_clear_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingError, match=says) as raised:
        open_recording(str(tmp_path / name))
    assert "\n" not in str(raised.value).strip()


def test_a_path_that_is_not_there() -> None:
    with pytest.raises(RecordingError, match="does not exist"):
        open_recording("no/such/recording")


@needs_shared
@pytest.mark.parametrize(
    ("path", "waves", "values"),
    [
        ("intellivue_or_case_A", {metrics.ECG_II, metrics.PLETH, metrics.ART, metrics.CVP}, metrics.SPO2),
        ("hfno_tcco2_sedation/P004.csv.gz", set(), metrics.TCCO2),
        ("bidmc_ppg_resp/bidmc_04", {metrics.ECG_II, metrics.PLETH, metrics.ART, metrics.IMPEDANCE}, metrics.RESP_RATE),
        ("format_samples/vital/test_intellivue_demo1.vital", {metrics.ECG_II, metrics.PLETH, metrics.ART}, metrics.SPO2),
    ],
)
def test_real_recordings_play(path: str, waves: set[metrics.Metric], values: metrics.Metric) -> None:
    recording = open_recording(str(SHARED / path))
    assert {track.metric for track in recording.tracks if track.metric.waveform} == waves
    assert values in {track.metric for track in recording.tracks}


@needs_shared
def test_a_folder_of_many_patients_is_refused() -> None:
    with pytest.raises(RecordingError, match="several recordings"):
        open_recording(str(SHARED / "hfno_tcco2_sedation"))
