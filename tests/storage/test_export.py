import csv
import hashlib
import json
import locale
import math
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from clinical.commands import Command, RecordAssessment, RecordEvent, SilenceAlarm
from clinical.instant import Instant
from clinical.messages import FromDevice, Outcome
from clinical.metrics import CATALOGUE, ECG_II, HEART_RATE, SPO2
from clinical.observations import Numeric, Validity, WaveformBlock, read_only_steps
from storage.cases import open_case
from storage.errors import ExportError
from storage.export.case_csv import export_case
from storage.export.cells import number_cell, text_cell
from storage.export.clinical_sheets import _KINDS
from tests.storage.made_case import START, command, end, made_setup, minute, record, start, wave_steps

SHEETS = [
    "numerics.csv",
    "numerics_wide.csv",
    "infusion.csv",
    "alarms.csv",
    "assessments.csv",
    "events.csv",
    "gaps.csv",
    "given.csv",
    "ledger.csv",
]


def exported(address, folder, **options):
    with open_case(address, 1) as history:
        return export_case(history, folder, program_version="9.9", **options)


def rows_of(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", minute())


@pytest.fixture(scope="module")
def folder(address, tmp_path_factory):
    return exported(address, tmp_path_factory.mktemp("out") / "case")


@pytest.fixture(scope="module")
def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_manifest_says_whose_files_these_are(manifest):
    told = {name: manifest[name] for name in ("program", "version", "recorded_by_version", "case", "simulated", "start", "start_local")}
    assert told == {
        "program": "Bedside",
        "version": "9.9",
        "recorded_by_version": "1.2.3",
        "case": made_setup().uuid,
        "simulated": True,
        "start": "2026-03-01T08:00:00.250Z",
        "start_local": "2026-03-01T09:00:00.250+01:00",
    }
    assert manifest["utc_offset_min"] == 60
    assert manifest["length_s"] == 60.0
    assert manifest["audit"]["whole"] is True


def test_manifest_lists_every_file_with_its_hash_rows_and_columns(folder, manifest):
    listed = {file["name"]: file for file in manifest["files"]}
    assert set(listed) == set(contents(folder)) - {"manifest.json"}
    assert set(SHEETS) <= set(listed)
    for name, file in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == file["sha256"]
    for name in SHEETS:
        rows = rows_of(folder, name)
        assert len(rows) == listed[name]["rows"], name
        assert rows or name == "ledger.csv", name  # nobody signed one in this case
        assert not rows or list(rows[0]) == [column["name"] for column in listed[name]["columns"]]
        assert all(column["meaning"] for column in listed[name]["columns"])


def test_every_sheet_has_line_feeds_only_full_rows_and_says_simulated(folder):
    for name in SHEETS:
        data = (folder / name).read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        for row in rows_of(folder, name):
            assert None not in row, name
            assert None not in row.values(), name
            assert row["simulated"] == "true"


def test_numerics(folder):
    rows = rows_of(folder, "numerics.csv")
    assert list(rows[0])[:8] == ["utc", "local", "elapsed_s", "metric", "value", "unit", "validity", "device"]
    first, off, temperature = rows[0], next(row for row in rows if row["validity"] == "invalid"), rows[2]
    assert (first["utc"], first["local"], first["elapsed_s"]) == ("2026-03-01T08:00:00.750Z", "2026-03-01T09:00:00.750+01:00", "0.500")
    assert (first["metric"], first["value"], first["unit"], first["shown"]) == ("MDC_ECG_HEART_RATE", "60", "/min", "1")
    assert (off["value"], off["reason"]) == ("", "sensor off")
    assert (temperature["value"], temperature["channel"], temperature["shown"]) == ("36.6", "T2", "0")
    assert len(rows) == 57 * 3


def test_wide_has_a_row_a_second_and_only_what_was_shown(folder):
    rows = rows_of(folder, "numerics_wide.csv")
    assert list(rows[0]) == ["utc", "local", "elapsed_s", "MDC_ECG_HEART_RATE", "MDC_PULS_OXIM_SAT_O2", "simulated"]
    assert [row["elapsed_s"] for row in rows[:3]] == ["0.000", "1.000", "2.000"]
    assert rows[3]["MDC_PULS_OXIM_SAT_O2"] == ""
    assert rows[4]["MDC_PULS_OXIM_SAT_O2"] == "97"
    assert len({row["utc"] for row in rows}) == len(rows) == 57


def test_infusion(folder):
    (row,) = rows_of(folder, "infusion.csv")
    expected = {
        "rate_ml_per_h": "5.000",
        "rate_mg_per_h": "10.000",
        "rate_mg_per_kg_h": "0.14599",
        "cumulative_mg": "0.0000",
        "planned_mg_per_h": "10.000",
        "predicted_low_ng_per_ml": "40.00",
        "predicted_high_ng_per_ml": "81.25",
        "state": "infusing",
        "device": "pump",
    }
    assert list(row)[:3] == ["utc", "local", "elapsed_s"]
    assert list(row)[3:12] == list(expected)
    assert {name: row[name] for name in expected} == expected


def test_alarms_have_a_row_for_each_occurrence(folder):
    (row,) = rows_of(folder, "alarms.csv")
    assert (row["condition"], row["priority"], row["kind"]) == ("limit:MDC_PULS_OXIM_SAT_O2:low", "high", "physiological")
    assert row["appeared"] == "2026-03-01T08:00:20.250Z"
    assert (row["acknowledged_elapsed_s"], row["by"], row["cleared_elapsed_s"]) == ("22.100", "Other", "30.000")
    assert (row["text"], row["value"], row["limit"], row["unit"]) == ("SpO₂ 84 < 90", "84", "90", "%")


def test_assessments_and_gaps(folder):
    pain, rass = rows_of(folder, "assessments.csv")
    assert (pain["item"], pain["score"], rass["item"], rass["score"]) == ("pain at rest", "3", "RASS", "-1")
    assert (pain["elapsed_s"], pain["entered_utc"], pain["by"]) == ("14.000", "2026-03-01T08:00:15.550Z", "Nurse Canary")
    (gap,) = rows_of(folder, "gaps.csv")
    assert (gap["elapsed_s"], gap["until_elapsed_s"], gap["length_s"], gap["reason"]) == ("24.000", "27.000", "3.000", "unplugged")


def test_events_keep_old_values_and_run_no_formula(folder):
    rows = rows_of(folder, "events.csv")
    kinds = [row["kind"] for row in rows]
    assert kinds == ["start case", "note", "medication", "correction", "set limit", "set limit", "acknowledge", "end case"]
    note, wrong, right, limit, refused = rows[1:6]
    assert note["text"] == '\'=HYPERLINK("x"), said "hello"\nCanary'
    assert (wrong["text"], wrong["number"], wrong["corrected_by"]) == ("ondansetron 8 mg IV", "2", "3")
    assert (right["text"], right["old_value"], right["corrects"]) == ("ondansetron 4 mg IV", "ondansetron 8 mg IV", "2")
    assert (right["elapsed_s"], right["entered_utc"]) == ("12.000", "2026-03-01T08:00:15.450Z")
    assert limit["text"] == "MDC_PULS_OXIM_SAT_O2 low 88 high off %: usual for Canary"
    assert limit["old_value"] == "MDC_PULS_OXIM_SAT_O2 low 90 high off %"
    assert refused["refused"] == "above 100 %"


def test_waveforms_are_the_very_steps_on_an_even_grid(folder, manifest):
    steps = np.fromfile(folder / "waveforms" / "MDC_ECG_ELEC_POTL_II_monitor.dat", "<i2")
    assert len(steps) == 60 * 300
    assert np.array_equal(steps[21 * 300 : 22 * 300], wave_steps(21, 300))
    assert (steps[24 * 300 : 27 * 300] == -32768).all()
    listed = next(file for file in manifest["files"] if file["name"].endswith("II_monitor.dat"))
    assert listed["rows"] == 18_000
    assert listed["columns"][0]["unit"] == "mV"
    assert "SIMULATED" in (folder / "waveforms" / "MDC_ECG_ELEC_POTL_II_monitor.hea").read_text()


def test_wfdb_reads_the_waveforms(folder):
    wfdb = pytest.importorskip("wfdb")
    name = str(folder / "waveforms" / "MDC_ECG_ELEC_POTL_II_monitor")
    signal = wfdb.rdrecord(name)
    assert (signal.fs, signal.sig_len, signal.units) == (300, 18_000, ["mV"])
    assert signal.base_datetime.isoformat() == "2026-03-01T09:00:00.250000"
    values = signal.p_signal[:, 0]
    assert np.isnan(values[24 * 300 : 27 * 300]).all()
    expected = wave_steps(21, 300) * 0.002 + 0.001
    assert np.abs(values[21 * 300 : 22 * 300] - expected).max() <= 0.002
    assert wfdb.rdrecord(name, physical=False).checksum == signal.checksum


def test_pandas_reads_a_sheet_in_a_line(folder):
    pandas = pytest.importorskip("pandas")
    wide = pandas.read_csv(folder / "numerics_wide.csv", parse_dates=["utc"])
    assert wide["MDC_ECG_HEART_RATE"].between(60, 65).all()
    assert wide["utc"].is_monotonic_increasing
    assert str(wide["utc"].dt.tz) == "UTC"


def test_the_same_case_gives_the_same_bytes_whatever_the_database_around_it(address, folder, tmp_path, monkeypatch):
    again = exported(address, tmp_path / "again")
    assert contents(again) == contents(folder)

    def after_another():
        yield from minute(2)
        yield from minute()

    other = record(tmp_path / "other.sqlite", after_another(), every=50)
    with open_case(other, 2) as history:
        assert history.case_id == 2
        export_case(history, tmp_path / "other", program_version="9.9")
    assert contents(tmp_path / "other") == contents(folder)


def test_numbers_have_a_point_whatever_the_locale(address, folder, tmp_path):
    before = locale.setlocale(locale.LC_ALL)
    for name in ("de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        try:
            assert contents(exported(address, tmp_path / name)) == contents(folder)
        finally:
            locale.setlocale(locale.LC_ALL, before)
        return
    pytest.skip("no locale with a decimal comma is installed here")


def test_a_deidentified_export_names_nobody(address, tmp_path):
    folder = exported(address, tmp_path / "case", secret=b"secret")
    for name, data in contents(folder).items():
        for word in (b"Canary", b"A.B.", b"CRPS", b"2026", b"ondansetron", b"Other"):
            assert word not in data, (name, word)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["start"][10:] == "T08:00:00.250Z"
    assert "2016-03-01" <= manifest["start"][:10] <= "2025-02-28"
    assert manifest["deidentified"] is True
    assert rows_of(folder, "assessments.csv")[0]["by"] == "operator 2"
    assert rows_of(folder, "events.csv")[4]["text"] == "MDC_PULS_OXIM_SAT_O2 low 88 high off %"


def test_a_real_case_has_no_column_of_simulation(tmp_path):
    setup = made_setup(simulated=False)
    number = Numeric(at=START.plus(1), metric=HEART_RATE, value=-0.2, validity=Validity.QUESTIONABLE)
    outcomes = [start(setup), Outcome(message=FromDevice("monitor", number), shown=number)]
    folder = exported(record(tmp_path / "a.sqlite", iter(outcomes)), tmp_path / "out")
    (row,) = rows_of(folder, "numerics.csv")
    assert "simulated" not in row
    assert row["value"] == "0"
    assert json.loads((folder / "manifest.json").read_text())["end"] is None


def test_what_else_is_written_is_listed(address, tmp_path):
    def report(folder: Path) -> None:
        (folder / "report.pdf").write_bytes(b"%PDF")

    seen = []
    folder = exported(address, tmp_path / "case", further=[report], progress=seen.append)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["files"][-1]["name"] == "report.pdf"
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_an_earlier_export_is_replaced_and_nothing_else_is(address, tmp_path):
    place = tmp_path / "case"
    place.mkdir()
    exported(address, place)
    (place / "stale.txt").write_text("from before")
    exported(address, place)
    assert not (place / "stale.txt").exists()
    other = tmp_path / "precious"
    other.mkdir()
    (other / "thesis.txt").write_text("years")
    with pytest.raises(ExportError, match="something else"):
        exported(address, other)
    assert contents(other) == {"thesis.txt": b"years"}
    strange = json.loads((place / "manifest.json").read_text()) | {"case": "another"}
    (place / "manifest.json").write_text(json.dumps(strange))
    with pytest.raises(ExportError):
        exported(address, place)
    with pytest.raises(ExportError, match="is a file"):
        exported(address, other / "thesis.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case", "precious"]


def test_an_export_that_fails_leaves_nothing(address, tmp_path):
    def broken(_folder: Path) -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(ExportError, match="Input/output error"):
        exported(address, tmp_path / "case", further=[broken])
    assert list(tmp_path.iterdir()) == []


def test_samples_that_would_fall_on_written_ones_begin_another_record(tmp_path):
    def block(at: Instant, first: int, **options: float) -> Outcome:
        steps = read_only_steps(np.arange(first, first + 100, dtype=np.int16))
        settings = {"rate_hz": 100.0, "unit_per_step": 0.01} | options
        return Outcome(message=FromDevice("m o/n", WaveformBlock(at=at, metric=ECG_II, steps=steps, **settings)))

    def outcomes():
        yield start()
        yield block(START, 0)
        yield block(START.plus(1.0), 100)
        yield block(START.plus(1.5), 200)
        yield block(START.plus(2.5), 300)
        yield block(START.plus(3.5), 400, unit_per_step=0.02)
        yield end(9)

    folder = exported(record(tmp_path / "a.sqlite", outcomes()), tmp_path / "out")
    names = sorted(path.stem for path in (folder / "waveforms").glob("*.dat"))
    assert names == ["MDC_ECG_ELEC_POTL_II_m-o-n", "MDC_ECG_ELEC_POTL_II_m-o-n_2", "MDC_ECG_ELEC_POTL_II_m-o-n_3"]
    samples = [np.fromfile(folder / "waveforms" / f"{name}.dat", "<i2") for name in names]
    assert [list(part[[0, -1]]) for part in samples] == [[0, 199], [200, 399], [400, 499]]


def test_cells():
    assert [text_cell(text) for text in ("plain", "a,b", 'say "x"', "-5", "@cmd", "two\nlines", "")] == [
        "plain",
        '"a,b"',
        '"say ""x"""',
        "'-5",
        "'@cmd",
        '"two\nlines"',
        "",
    ]
    assert [number_cell(value, 1) for value in (None, -0.04, 36.65, -1.25)] == ["", "0.0", "36.6", "-1.2"]
    assert number_cell(math.inf, 1) == "inf"
    assert all(not row.id.startswith(("=", "+", "-", "@")) for row in CATALOGUE.values())


def test_confirmed_numbers_and_corrected_assessments_leave_with_both_values_and_why(tmp_path):
    at = START.plus(5)
    first = RecordAssessment(event_at=at, scores=(("pain at rest", 9),), vitals=((SPO2, 97.0),), by="A")
    second = RecordAssessment(event_at=at, scores=(("pain at rest", 6),), by="B", corrects=1, reason="misheard")
    address = record(tmp_path / "case.sqlite", iter([start(), command(6, first), command(9, second), end(10)]))
    exported(address, tmp_path / "out")
    rows = rows_of(tmp_path / "out", "assessments.csv")
    told = [(row["item"], row["score"], row["number"], row["corrects"], row["replaced_by"], row["by"], row["reason"]) for row in rows]
    assert told == [
        ("pain at rest", "9", "1", "", "2", "A", ""),
        ("MDC_PULS_OXIM_SAT_O2", "97", "1", "", "2", "A", ""),
        ("pain at rest", "6", "2", "1", "", "B", "misheard"),
        ("MDC_PULS_OXIM_SAT_O2", "", "2", "1", "", "B", "misheard"),
    ]
    assert [row["old_score"] for row in rows] == ["", "", "9", "97"]
    assert {row["elapsed_s"] for row in rows} == {"5.000"}
    assert rows[0]["entered_utc"] < rows[2]["entered_utc"]


def test_every_command_that_an_operator_can_give_leaves_as_a_row(tmp_path):
    silenced = SilenceAlarm(condition="limit:MDC_PULS_OXIM_SAT_O2:low", seconds=60, by="A")
    address = record(tmp_path / "case.sqlite", iter([start(), command(6, silenced), end(10)]))
    exported(address, tmp_path / "out")
    row = rows_of(tmp_path / "out", "events.csv")[1]
    assert (row["kind"], row["text"]) == ("silence alarm", "limit:MDC_PULS_OXIM_SAT_O2:low 60 s")
    assert set(get_args(Command)) - {RecordEvent, RecordAssessment} == set(_KINDS)
