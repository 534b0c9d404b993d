"""Each format of export read back by a library that is not ours, and held against what is true of the case.

``python -m tests.storage.round_trip [--cases 500] [--first SEED]`` takes many cases through all formats and prints a line of JSON;
the tests take fewer. Values must be within one step of the format, counts equal.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from clinical.metrics import NIBP_DIA, NIBP_SYS
from storage.cases import check_case, open_case
from storage.export.case_folder import Terms, write_folder
from storage.export.formats import FORMATS
from tests.storage.made_case import START
from tests.storage.random_case import RandomCase, Wave, random_case

TERMS = Terms(program_version="9.9", seal_key=b"k" * 32)
START_UTC_S = START.utc_ns / 1e9


def exported(case: RandomCase, name: str, folder: Path) -> Path:
    with open_case(case.address, 1) as history:
        return write_folder(FORMATS[name], history, folder / name, TERMS)


def assert_wave(wave: Wave, at_s: np.ndarray, values: np.ndarray, step: float) -> None:
    """Samples in order, none lost, each within one step and one sample and a half of its moment."""
    assert len(values) == len(wave.steps), (wave.metric, len(values), len(wave.steps))
    assert np.abs(values - wave.values).max(initial=0) <= step
    assert np.abs(at_s - wave.at_s).max(initial=0) * wave.rate_hz <= 1.5


def assert_seconds(case: RandomCase, found: dict[tuple[str, str], np.ndarray]) -> None:
    """Numerics on a grid of seconds; NaN where there is none."""
    truth = case.seconds
    assert set(found) == {(metric.id, channel) for metric, channel in truth}
    for (metric, channel), values in truth.items():
        read = found[metric.id, channel]
        assert np.isfinite(read).sum() == len(values)
        for second, value in values.items():
            assert abs(read[second] - value) <= 10.0**-metric.decimals


def matching(case: RandomCase, metric: str, device: str, channel: str) -> Wave:
    (wave,) = (one for one in case.waves if (one.metric.id, one.device, one.channel) == (metric, device, channel))
    return wave


def check_csv(case: RandomCase, folder: Path) -> None:
    with (folder / "numerics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(case.numerics)
    truth = sorted(case.numerics, key=lambda row: (row[1].id, row[3], row[0]))
    for row, (at_s, metric, device, channel, value, validity, _) in zip(
        sorted(rows, key=lambda r: (r["metric"], r["channel"], float(r["elapsed_s"]))), truth, strict=True
    ):
        assert (row["metric"], row["device"], row["channel"], row["validity"]) == (metric.id, device, channel, validity.value)
        assert abs(float(row["elapsed_s"]) - at_s) <= 0.001
        assert (row["value"] == "") == (value is None)
        assert value is None or abs(float(row["value"]) - value) <= 10.0**-metric.decimals
        assert not row["reason"].startswith(("=", "+", "-", "@"))
    check_wfdb_waves(case, folder)


def check_wfdb_waves(case: RandomCase, folder: Path) -> None:
    import wfdb

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = [file["name"] for file in manifest["files"] if file["name"].endswith(".dat") and file["name"].startswith("waveforms/")]
    assert len(names) == len(case.waves)
    for name in names:
        path = str(folder / name).removesuffix(".dat")
        record = wfdb.rdrecord(path)
        told = Path(f"{path}.hea").read_text(encoding="utf-8")
        begins_s = float(re.search(r"(\S+) s after the start", told)[1])  # type: ignore[index]
        (wave,) = (one for one in case.waves if Path(path).name.startswith(one.metric.id))
        values = record.p_signal[:, 0]
        here = np.flatnonzero(np.isfinite(values))
        assert record.fs == wave.rate_hz
        assert_wave(wave, begins_s + here / wave.rate_hz, values[here], wave.unit_per_step)


def check_wfdb(case: RandomCase, folder: Path) -> None:
    import wfdb

    check_wfdb_waves(case, folder)
    if case.seconds:
        record = wfdb.rdrecord(str(folder / "numerics"))
        assert_seconds(case, {_named(name): record.p_signal[:, place] for place, name in enumerate(record.sig_name)})
    notes = wfdb.rdann(str(folder / "numerics"), "atr")
    assert notes.fs == 1000
    assert whole_notes(notes.aux_note) == case.notes


def _named(name: str) -> tuple[str, str]:
    metric, _, channel = name.partition(".")
    return metric, channel


def whole_notes(texts: list[str]) -> int:
    """Pieces of one note count once."""
    return sum(not re.match(r"\[(?!1/)\d+/\d+\]", text) for text in texts)


def record_onsets(path: Path) -> tuple[np.ndarray, float]:
    """The moment of each record of an EDF+ file, from its first annotation list; and the length of a record."""
    data = path.read_bytes()
    count, signals = int(data[236:244]), int(data[252:256])
    length_s = float(data[244:252])
    sizes = [int(data[256 + 216 * signals + 8 * place :][:8]) for place in range(signals)]
    begin, width, talk = 256 * (signals + 1), 2 * sum(sizes), 2 * sum(sizes[:-1])
    assert len(data) == begin + count * width
    starts = (begin + number * width + talk for number in range(count))
    return np.array([float(data[start : data.index(b"\x14", start)]) for start in starts]), length_s


def check_edf(case: RandomCase, folder: Path) -> None:
    import edfio
    import pyedflib

    seconds, notes, waves = {}, [], 0
    for path in sorted(folder.glob("*.edf")):
        onsets, length_s = record_onsets(path)
        file = edfio.read_edf(path)
        onsets = onsets - START_UTC_S % 1
        if file.reserved.startswith("EDF+C"):
            with pyedflib.EdfReader(str(path)) as other:
                assert other.getNSamples().tolist() == [len(signal.digital) for signal in file.signals]
                assert [other.readSignal(place, digital=True).tolist() for place in range(other.signals_in_file)] == [
                    signal.digital.tolist() for signal in file.signals
                ]
        notes += [note.text for note in file.annotations]
        for signal in file.signals:
            metric, *names = signal.transducer_type.split(" ")
            size = signal.samples_per_data_record
            at_s = (onsets[:, None] + np.arange(size) * (length_s / size)).ravel()
            here = signal.digital != -32768
            if "WAVE" not in metric and metric in {one.metric.id for one in case.waves}:
                (wave,) = (one for one in case.waves if one.metric.id == metric)
                assert_wave(wave, at_s[here], signal.data[here] / _power(signal.physical_dimension), wave.unit_per_step)
                waves += 1
            else:
                grid = np.full(100, np.nan)
                grid[np.rint(at_s[here]).astype(int)] = signal.data[here]
                seconds[metric, " ".join(names)] = grid
    assert waves == len(case.waves)
    assert_seconds(case, seconds)
    assert whole_notes(notes) == case.notes


def _power(dimension: str) -> float:
    return next(
        (
            factor
            for mark, factor in (("uV", 1e3), ("nV", 1e6), ("e-3", 1e3), ("10^-3", 1e3), ("e-6", 1e6), ("10^-6", 1e6))
            if mark in dimension
        ),
        1.0,
    )


def check_vital(case: RandomCase, folder: Path) -> None:
    with warnings.catch_warnings(action="ignore"):
        import vitaldb

        file = vitaldb.VitalFile(str(folder / "case.vital"))
    assert len(file.trks["EVENT/EVENT"].recs) == case.notes
    valued = [row for row in case.numerics if row[4] is not None]
    found = 0
    for name, track in file.trks.items():
        device, _, rest = name.partition("/")
        metric, channel = _named(rest)
        if track.type == 1:
            wave = matching(case, metric, device, channel)
            assert abs(track.srate - wave.rate_hz) < 1e-4
            parts = [(record["dt"] - START_UTC_S + np.arange(len(record["val"])) / wave.rate_hz, record["val"]) for record in track.recs]
            at_s = np.concatenate([np.zeros(0), *(part[0] for part in parts)])
            steps = np.concatenate([np.zeros(0, np.int16), *(part[1] for part in parts)])
            assert_wave(wave, at_s, steps * track.gain + track.offset, wave.unit_per_step)
        elif device == "monitor":
            truth = sorted(row for row in ((one[0], one[4]) for one in valued if (one[1].id, one[3]) == (metric, channel)))
            assert len(truth) == len(track.recs)
            for (at_s, value), record in zip(truth, track.recs, strict=True):
                assert abs(record["dt"] - START_UTC_S - at_s) < 1e-3
                assert record["val"] == value
            found += len(truth)
    assert found == len(valued)


def check_parquet(case: RandomCase, folder: Path) -> None:
    import pandas as pd
    import pyarrow.parquet as pq

    table = pd.read_parquet(folder / "numerics.parquet")
    assert len(table) == len(case.numerics)
    truth = sorted(case.numerics, key=lambda row: (row[1].id, row[3], row[0]))
    for row, (at_s, metric, _, channel, value, validity, shown) in zip(
        table.astype({"metric": str, "channel": str}).sort_values(["metric", "channel", "elapsed_s"]).itertuples(), truth, strict=True
    ):
        assert (row.metric, row.channel, row.validity, row.shown) == (metric.id, channel, validity.value, shown)
        assert abs(row.elapsed_s - at_s) < 1e-6
        assert (value is None and math.isnan(row.value)) or row.value == value
    paths = sorted((folder / "waveforms").glob("*.parquet"))
    assert len(paths) == len(case.waves)
    for path in paths:
        told = {key.decode(): value.decode() for key, value in pq.read_schema(path).metadata.items() if not key.startswith(b"ARROW")}
        wave = matching(case, told["metric"], told["device"], told["channel"])
        steps = pd.read_parquet(path)["step"]
        here = np.flatnonzero(steps.notna())
        at_s = float(told["begins_elapsed_s"]) + here / float(told["rate_hz"])
        values = steps.to_numpy(float)[here] * float(told["unit_per_step"]) + float(told["unit_at_zero"])
        assert_wave(wave, at_s, values, wave.unit_per_step)


def minutes_of(case: RandomCase) -> dict[str, int]:
    """How many values of each metric a format of one a minute holds; these cases are shorter than a minute."""
    return {metric.id: 1 for metric, _ in case.seconds if metric not in {NIBP_SYS, NIBP_DIA}}


def check_fhir(case: RandomCase, folder: Path) -> None:
    from fhir.resources.R4B.bundle import Bundle

    bundle = Bundle.model_validate_json((folder / "bundle.json").read_bytes())
    observations = [entry.resource for entry in bundle.entry if entry.resource.get_resource_type() == "Observation"]
    valued = [one for one in observations if one.valueQuantity is not None]
    assert len(valued) == len(minutes_of(case))
    truth = {metric.id: (values[max(values)], metric) for (metric, _), values in case.seconds.items()}
    for one in valued:
        name = next(code.display or code.code for code in one.code.coding if not code.system.endswith("loinc.org"))
        value, metric = truth[name]
        assert abs(float(one.valueQuantity.value) - value) <= 10.0**-metric.decimals
        assert one.valueQuantity.code == metric.unit.ucum
    cuffs = sum(len(values) for metric, values in _cuff_moments(case).items())
    parts = sum(part.valueQuantity is not None for one in observations for part in one.component or ())
    assert parts == cuffs


def _cuff_moments(case: RandomCase) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for at_s, metric, _, _channel, value, _, shown in case.numerics:
        if shown and value is not None and metric in {NIBP_SYS, NIBP_DIA}:
            found.setdefault(metric.id, set()).add(at_s)
    return found


def check_hl7(case: RandomCase, folder: Path) -> None:
    import hl7

    data = (folder / "case.hl7").read_text(encoding="utf-8").replace("\n", "\r")
    messages = [hl7.parse(part + "\r") for part in re.findall(r"MSH\|.*?(?=\r(?:MSH|BTS)\|)", data, re.DOTALL)]
    rows = [segment for message in messages for segment in message.segments("OBX")] if any("OBX" in str(m) for m in messages) else []
    assert f"BTS|{len(messages)}\r" in data
    notes = [str(row[5]) for row in rows if str(row[2]) == "ST"]
    assert len(notes) == case.notes
    numbers = {str(row[3][0][1]): float(str(row[5])) for row in rows if str(row[2]) == "NM"}
    truth = {metric.id: (values[max(values)], metric) for (metric, _), values in case.seconds.items() if metric.id in minutes_of(case)}
    assert set(truth) <= set(numbers)
    for name, (value, metric) in truth.items():
        assert abs(numbers[name] - value) <= 10.0**-metric.decimals


def check_bedside(case: RandomCase, folder: Path) -> None:
    address = f"sqlite:///{folder / 'case.sqlite'}"
    assert check_case(address, 1).whole
    assert everything(address) == everything(case.address)


def everything(address: str) -> list[Any]:
    """All that a case's history gives, as values that compare."""
    with open_case(address, 1) as history:
        told: list[Any] = [
            history.setup,
            history.commands(),
            history.transitions(),
            history.dose_reports(),
            history.gaps(),
            history.chain(),
        ]
        told += [history.pump_reports(), history.device_alerts(), history.link_states(), history.waveform_channels()]
        for metric in history.metrics():
            series = history.numerics(metric)
            told.append((metric.id, series.mono_ns.tolist(), series.utc_ns.tolist(), str(series.values.tolist()), series.validity.tolist()))
        told.append([(one.channel, one.at_mono_ns, one.at_utc_ns, one.validity, one.steps.tolist()) for one in history.segments()])
    return told


CHECKS: MappingProxyType[str, Callable[[RandomCase, Path], None]] = MappingProxyType(
    {
        "csv": check_csv,
        "edf": check_edf,
        "wfdb": check_wfdb,
        "vital": check_vital,
        "parquet": check_parquet,
        "fhir": check_fhir,
        "hl7": check_hl7,
        "bedside": check_bedside,
    }
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--first", type=int, default=1000)
    options = parser.parse_args()
    took_s = dict.fromkeys(CHECKS, 0.0)
    for seed in range(options.first, options.first + options.cases):
        folder = Path(tempfile.mkdtemp())
        try:
            case = random_case(folder, seed)
            for name, check in CHECKS.items():
                before = time.perf_counter()
                check(case, exported(case, name, folder))
                took_s[name] += time.perf_counter() - before
        except Exception:
            print(f"seed {seed}")
            raise
        finally:
            shutil.rmtree(folder)
    print(json.dumps({"cases": options.cases, "seconds": {name: round(value, 1) for name, value in took_s.items()}}))


if __name__ == "__main__":
    main()
