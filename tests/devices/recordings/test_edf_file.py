"""EDF and EDF+ files come in as they are; headers that lie are refused in one line."""

import random
from datetime import time
from pathlib import Path

import edfio
import numpy as np
import pytest

from clinical.metrics import ECG_II, PLETH, SPO2
from devices.recordings.csv_file import read_csv
from devices.recordings.edf_file import read_edf
from devices.recordings.opening import open_recording
from devices.recordings.recording import NumericTrack, RecordingError, WaveTrack
from storage.cases import open_case
from storage.export.case_folder import Terms, write_folder
from storage.export.edf_file import EDF
from tests.storage.made_case import minute, record, wave_steps

SAMPLES = Path(__file__).parents[3].parent / "shared/data/format_samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of formats are not on this machine")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """An EDF+ file of another program: microvolts, and a number each second."""
    path = tmp_path_factory.mktemp("edf") / "night.edf"
    volts = 900 * np.sin(np.arange(2500) / 20)
    signals = [
        edfio.EdfSignal(volts, 250, label="ECG II", physical_dimension="uV", physical_range=(-1000, 1000)),
        edfio.EdfSignal(np.repeat(96.0, 10), 1, label="SpO2", physical_dimension="%", physical_range=(0, 100)),
        edfio.EdfSignal(np.zeros(1000), 100, label="EEG C3", physical_dimension="uV", physical_range=(-1, 1)),
    ]
    edfio.Edf(signals, starttime=time(8), annotations=[edfio.EdfAnnotation(1.0, None, "x")]).write(path)
    return path


def test_another_programs_file(foreign):
    recording = open_recording(str(foreign))
    ecg, spo2 = recording.tracks
    assert isinstance(ecg, WaveTrack)
    assert isinstance(spo2, NumericTrack)
    assert (ecg.metric, ecg.rate_hz, spo2.metric, recording.unknown) == (ECG_II, 250.0, SPO2, ("EEG C3",))
    values = ecg.steps * ecg.unit_per_step + ecg.unit_at_zero
    assert np.abs(values - 0.9 * np.sin(np.arange(2500) / 20)).max() < 1e-4
    assert np.abs(spo2.values - 96).max() < 0.01


def test_our_own_file_with_a_gap_comes_back_with_every_step(tmp_path):
    with open_case(record(tmp_path / "a.sqlite", minute()), 1) as history:
        folder = write_folder(EDF, history, tmp_path / "out", Terms(program_version="1"))
    tracks = {track.metric: track for track in read_edf(folder / "case.edf").tracks}
    ecg, saturation = tracks[ECG_II], tracks[SPO2]
    assert len(ecg.steps) == 60 * 300
    assert (ecg.steps[24 * 300 : 27 * 300] == -32768).all()
    assert np.array_equal(ecg.steps[21 * 300 : 22 * 300], wave_steps(21, 300))
    assert PLETH in tracks
    assert np.nanmax(saturation.values) == 97.0
    assert np.isnan(saturation.values[3])


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ((0, b"1       "), "does not begin as one"),
        ((184, b"99999999"), "signals in 99999999 bytes"),
        ((236, b"99999999"), "header says"),
        ((236, b"-1      "), "records"),
        ((236, b"ten     "), "can be read"),
        ((244, b"nan     "), "none"),
        ((244, b"0       "), "records of 0 s"),
        ((252, b"9999"), "signals"),
        ((256 + 4 * 104, b"1000    "), "no scale"),
        ((256 + 4 * 216, b"-5      "), "samples a record"),
    ],
)
def test_a_header_that_lies_is_refused(foreign, tmp_path, place, told):
    at, field = place
    data = bytearray(foreign.read_bytes())
    data[at : at + len(field)] = field
    path = tmp_path / "bad.edf"
    path.write_bytes(data)
    with pytest.raises(RecordingError, match=told) as error:
        read_edf(path)
    assert "\n" not in str(error.value)


def _told(path):
    try:
        open_recording(str(path))
    except RecordingError as error:
        return str(error)
    return ""


def test_any_damage_is_a_line_or_a_recording(foreign, tmp_path):
    whole, chance, path = foreign.read_bytes(), random.Random(4), tmp_path / "bad.edf"
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(256 * 5)] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        told = _told(path)
        refused += bool(told)
        assert "\n" not in told
    assert refused > 50


@needs_samples
def test_a_known_bad_file_and_one_of_annotations_alone():
    for name in ("test_generator_2.edf", "test_edfann.edf"):
        with pytest.raises(RecordingError) as error:
            open_recording(str(SAMPLES / "wfdb" / name))
        assert "\n" not in str(error.value)


@needs_samples
def test_vscapture_of_a_ventilator():
    recording = read_csv(SAMPLES / "vscapture_draeger_csv" / "DrgVentMedibusXMeasuredCP1DataExport.csv")
    assert {track.metric.id for track in recording.tracks} >= {"MDC_RESP_RATE", "MDC_CONC_AWAY_CO2_ET", "MDC_CO2_RESP_RATE"}


def test_vscapture_rows_have_no_heading(tmp_path):
    rows = [f"22-08-2017 08:30:{second:02d},Endtidal_CO2_concentration_mmHg,{30 + second}\r\n" for second in range(10, 20)]
    (tmp_path / "a.csv").write_text("".join(rows), newline="")
    (track,) = read_csv(tmp_path / "a.csv").tracks
    assert track.values.tolist() == list(range(40, 50))
    assert track.times_s.tolist() == list(range(10))


def test_a_gzip_that_swells_is_refused(tmp_path, monkeypatch):
    import gzip

    monkeypatch.setattr("devices.recordings.csv_file.LARGEST_BYTES", 1 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0" * (3 << 20)))
    with pytest.raises(RecordingError, match="becomes larger"):
        read_csv(tmp_path / "a.csv.gz")
