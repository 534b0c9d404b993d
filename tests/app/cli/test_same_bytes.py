"""A demonstration without a screen, twice: the same seed gives the same files, which say what they are and can be read by others."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import wfdb

from storage.cases import list_cases
from tests.app.cli.programs import ROOT
from tests.app.pdf_reader import texts

Files = dict[str, bytes]


def demonstration(folder: Path, *, database: Path, seed: int = 1, hash_seed: str = "0") -> Files:
    """Runs 0.2 h of the stepped day in a process of its own; its files by name."""
    command = [sys.executable, "-m", "app", "demo", "--headless", "--speed", "max", "--hours", "0.2", "--seed", str(seed)]
    command += ["--database", f"sqlite:///{database}", "--out", str(folder)]
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONWARNINGS": "error",
        "TZ": "Asia/Kathmandu" if hash_seed == "7" else "UTC",
    }
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=50)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("\n") == 1
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="module")
def first(place: Path) -> Files:
    return demonstration(place / "first", database=place / "first.sqlite")


def test_the_same_seed_gives_the_same_bytes(place: Path, first: Files) -> None:
    again = demonstration(place / "again", database=place / "first.sqlite", hash_seed="7")
    assert again == first
    assert len(list_cases(f"sqlite:///{place / 'first.sqlite'}")) == 2


def test_another_seed_gives_other_files(place: Path, first: Files) -> None:
    other = demonstration(place / "other", database=place / "other.sqlite", seed=2)
    same = {name for name in first.keys() & other.keys() if first[name] == other[name]}
    assert "numerics.csv" not in same
    assert not any(name.endswith(".dat") for name in same)
    assert json.loads(other["manifest.json"])["case"] != json.loads(first["manifest.json"])["case"]


def test_the_manifest_is_right_about_every_file(first: Files) -> None:
    manifest = json.loads(first["manifest.json"])
    listed = {file["name"]: file for file in manifest["files"]}
    assert set(listed) == set(first) - {"manifest.json"}
    for name, file in listed.items():
        assert file["sha256"] == hashlib.sha256(first[name]).hexdigest(), name
        if name.endswith(".csv"):
            assert file["rows"] == first[name].count(b"\n") - 1, name
            assert [column["name"] for column in file["columns"]] == first[name].decode().split("\n", 1)[0].split(","), name
        elif name.endswith(".dat"):
            assert file["rows"] == len(first[name]) // 2, name


def test_every_file_says_that_it_is_simulated(first: Files) -> None:
    assert json.loads(first["manifest.json"])["simulated"] is True
    for name, content in first.items():
        if name.endswith(".csv"):
            rows = list(csv.DictReader(content.decode().splitlines()))
            assert all(row["simulated"] == "true" for row in rows), name
            assert "simulated" in content.decode().split("\n", 1)[0].split(",")
        elif name.endswith(".hea"):
            assert b"simulated" in content.lower(), name
    assert all("SIMULATED" in page for page in texts(first["report.pdf"]))
    assert {name.rsplit(".", 1)[1] for name in first} == {"json", "csv", "hea", "dat", "pdf"}


def test_others_read_them(place: Path, first: Files) -> None:
    folder = place / "first"
    listed = {file["name"]: file["rows"] for file in json.loads(first["manifest.json"])["files"]}
    for name in first:
        if name.endswith(".csv"):
            assert len(pd.read_csv(folder / name)) == listed[name], name
    numerics = pd.read_csv(folder / "numerics.csv")
    assert {"utc", "local", "elapsed_s", "metric", "value", "unit", "validity", "device"} <= set(numerics.columns)
    assert numerics.elapsed_s.is_monotonic_increasing
    assert numerics.elapsed_s.max() == pytest.approx(720, abs=5)
    heart_rate = numerics[(numerics.metric == "MDC_ECG_HEART_RATE") & (numerics.validity == "valid")].value
    assert heart_rate.between(40, 140).all()
    record = wfdb.rdrecord(str(folder / "waveforms/MDC_ECG_ELEC_POTL_II_monitor"))
    assert record.sig_len / record.fs == pytest.approx(720, abs=3)
    assert np.nanmax(record.p_signal) > 0.3
