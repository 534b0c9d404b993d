"""What bad input gets: one clear line, an exit status, nothing lost. A row for each thing that people get wrong."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.__main__ import main
from app.supervision import OneCore
from storage.cases import list_cases
from tests.app.cli.programs import ROOT, Program, one_line, program
from tests.storage.made_case import minute, record

assert program  # a fixture

QUIET_DAY = (ROOT / "resources/scenarios/quiet-day.toml").read_text(encoding="utf-8")
RECORDING = ROOT / "resources/recordings/operating-room"
DEMO = ("demo", "--headless", "--hours", "0.01")


def scenario(line: str) -> Callable[[Path], list[object]]:
    """A demonstration of the quiet day with one line of its file replaced."""
    name = line.split(" ", 1)[0]

    def arguments(folder: Path) -> list[object]:
        lines = [line if row.startswith(f"{name} =") else row for row in QUIET_DAY.splitlines()]
        (folder / "day.toml").write_text("\n".join(lines), encoding="utf-8")
        return [*DEMO, "--scenario", folder / "day.toml", "--out", folder / "out"]

    return arguments


def database(make: Callable[[Path], object], *command: str) -> Callable[[Path], list[object]]:
    def arguments(folder: Path) -> list[object]:
        make(folder / "cases.sqlite")
        return [*command, "--database", f"sqlite:///{folder / 'cases.sqlite'}"]

    return arguments


def damaged(path: Path) -> None:
    a_case(path)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))


def newer(path: Path) -> None:
    a_case(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE pictures (id INTEGER)")
    connection.close()


def a_case(path: Path) -> None:
    record(path, minute(10))


def damaged_recording(folder: Path) -> list[object]:
    shutil.copytree(RECORDING, folder / "recording")
    (folder / "recording/ecg.dat").write_bytes(b"x" * 3000)
    return ["replay", folder / "recording/ecg.hea", "--headless", "--out", folder / "out"]


def no_recording(folder: Path) -> list[object]:
    (folder / "case.vital").write_bytes(b"garbage")
    return ["replay", folder / "case.vital", "--headless", "--out", folder / "out"]


def out_is(path: str, *command: str) -> Callable[[Path], list[object]]:
    def arguments(folder: Path) -> list[object]:
        a_case(folder / "cases.sqlite")
        (folder / "file").write_text("mine")
        (folder / "full").mkdir()
        (folder / "full/mine.txt").write_text("mine")
        return [*command, "--database", f"sqlite:///{folder / 'cases.sqlite'}", "--out", path.format(folder)]

    return arguments


EXPORT = ("export", "last", "--out", "out")
BAD: dict[str, tuple[Callable[[Path], list[object]], str]] = {
    "unknown scenario": (lambda _: [*DEMO, "--scenario", "nope"], "there are: ladder-held, "),
    "scenario of too heavy a patient": (scenario("weight_kg = 700"), "allowed is a number from 20 to 250"),
    "scenario of no weight": (scenario('weight_kg = "heavy"'), "weight_kg"),
    "scenario without concentration": (scenario("concentration_mg_per_ml = 0"), "allowed is a number from 0.1 to 100"),
    "scenario with an unknown order": (scenario('order = "nobodys"'), "there are "),
    "scenario that is no TOML": (scenario("title = "), "not valid TOML"),
    "scenario that is not there": (lambda folder: [*DEMO, "--scenario", folder / "none.toml"], "cannot be read"),
    "database: a folder": (database(Path.mkdir, *DEMO), "is a folder: name a file in it"),
    "database: a text": (database(lambda path: path.write_text("x" * 200), *DEMO), "is no database"),
    "database: damaged": (database(damaged, *DEMO), "is damaged"),
    "database: newer": (database(newer, *DEMO), "update Bedside"),
    "database: another program's": (database(foreign, *DEMO), "another program"),
    "database: not there": (database(lambda _: None, "cases"), "no case has been kept there"),
    "database: no address": (lambda _: ["cases", "--database", "nonsense"], "is no database address"),
    "cases of a damaged database": (database(damaged, "cases"), "is damaged"),
    "cases of a newer database": (database(newer, "cases", "--json"), "update Bedside"),
    "export from a text": (database(lambda path: path.write_text("x" * 200), *EXPORT), "is no database"),
    "export from a newer database": (database(newer, *EXPORT), "update Bedside"),
    "export of an unknown case": (database(a_case, "export", "99", "--out", "out"), "has no case 99"),
    "export of an unknown uuid": (database(a_case, "export", "4711-x", "--out", "out"), "has no case 4711-x"),
    "export in an unknown format": (database(a_case, "export", "1", "--out", "out", "--format", "docx"), "choose from"),
    "export to nowhere": (database(a_case, "export", "1"), "--out"),
    "export into a file": (out_is("{}/file", "export", "1"), "is a file"),
    "export among other things": (out_is("{}/full", "export", "1"), "holds something else"),
    "export where nothing can be made": (out_is("/proc/nothing", "export", "1"), "choose another folder"),
    "demonstration into a file": (out_is("{}/file", *DEMO), "is a file"),
    "demonstration among other things": (out_is("{}/full", *DEMO), "holds something else"),
    "demonstration where nothing can be made": (out_is("/proc/nothing", *DEMO), "give --out another folder"),
    "hours below none": (lambda _: ["demo", "--headless", "--hours", "-1"], "above 0"),
    "no number of hours": (lambda _: ["demo", "--headless", "--hours", "long"], "above 0"),
    "speed of none": (lambda _: ["demo", "--headless", "--speed", "0"], "above 0, or max"),
    "seed that is none": (lambda _: ["demo", "--headless", "--seed", "x"], "invalid int value"),
    "recording that is damaged": (damaged_recording, "cannot be read as a WFDB record"),
    "recording of garbage": (no_recording, "cannot be read as a .vital file"),
    "a folder read by a line's driver": (
        lambda _: ["replay", RECORDING, "--driver", "dri", "--headless"],
        "is a folder: --driver goes with",
    ),
    "recording without a name": (lambda _: ["replay", "", "--headless"], "no recording is named"),
    "a case's number beyond all": (database(a_case, "export", "9" * 25, "--out", "out"), "has no case 999"),
    "a case's number of thousands of figures": (database(a_case, "accesses", "9" * 5000), "has no case 999"),
    "a name longer than any file's": (database(a_case, "verify", "x" * 5000), "x: File name too long"),
    "database without a name": (lambda _: ["cases", "--database", ""], "leave the option out"),
    "database without a name, before the command": (
        lambda _: ["--database", "", "follow-up", "1", "--week", "1", "--pain", "1"],
        "is empty",
    ),
    "users of a database that is a text": (database(lambda path: path.write_text("x" * 200), "users", "list"), "is no database"),
    "a word that a command does not know": (lambda _: ["cases", "--all"], "unrecognized arguments: --all (see `bedside cases --help`)"),
    "listening for no number of seconds": (lambda _: ["listen", "nonin", "/dev/none", "--seconds", "nan"], "a number of seconds above 0"),
    "listening for ever": (lambda _: ["listen", "nonin", "/dev/none", "--capture", "out", "--seconds", "inf"], "up to 31622400"),
    "emulating for less than nothing": (lambda _: ["emulate", "nonin", "--seconds", "-1"], "a number of seconds above 0"),
    "recording that is not there": (lambda folder: ["replay", folder / "none", "--headless"], "does not exist"),
}
LINUX_ONLY = {"export where nothing can be made", "demonstration where nothing can be made"}


def ended(arguments: list[object]) -> int:
    """The command line in this process: starting forty others would take a minute."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str], monkeypatch) -> None:
    if name in LINUX_ONLY and sys.platform != "linux":
        pytest.skip("/proc is where even root may make nothing")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    make, words = BAD[name]
    status = ended(make(tmp_path))
    said = capfd.readouterr()
    assert status == 2
    assert said.err.startswith("bedside: ")
    assert said.err.count("\n") == 1
    assert words in said.err
    assert said.out == ""
    assert not (tmp_path / "out").exists()


def test_a_database_in_use_is_refused_and_names_its_owner(program: Program, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    a_case(tmp_path / "cases.sqlite")
    lock = OneCore(address)
    lock.take()
    try:
        result = program.run(*DEMO, "--database", address, "--out", tmp_path / "out")
        assert result.returncode == 2
        assert f"process {os.getpid()}" in one_line(result)
        assert program.run("cases", "--database", address).returncode == 0
        assert program.run("export", "last", "--database", address, "--out", tmp_path / "read").returncode == 0
    finally:
        lock.let_go()


def test_a_folder_with_one_damaged_file_says_what_it_leaves_out(program: Program, tmp_path: Path) -> None:
    arguments = damaged_recording(tmp_path)
    arguments[1] = tmp_path / "recording"
    result = program.run(*arguments, "--database", f"sqlite:///{tmp_path / 'cases.sqlite'}")
    assert result.returncode == 0
    assert "Left out: ecg.hea cannot be read" in result.stderr


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "tiny"
    place.mkdir()
    mounted = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("skipped: a disk to be filled cannot be mounted here (needs root)")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_under_the_database(program: Program, tmp_path: Path, tiny_disk: Path) -> None:
    result = program.run(*DEMO, "--hours", "0.05", "--database", f"sqlite:///{tiny_disk / 'c.sqlite'}", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert "is full: free some space" in one_line(result)


def test_a_full_disk_under_the_files(program: Program, tmp_path: Path, tiny_disk: Path) -> None:
    address = f"sqlite:///{tmp_path / 'c.sqlite'}"
    result = program.run(*DEMO, "--hours", "0.05", "--database", address, "--out", tiny_disk / "out")
    assert result.returncode == 2
    assert "is full: free some space" in one_line(result)
    assert list(tiny_disk.iterdir()) == []
    assert len(list_cases(address)) == 1, "the case itself is kept"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="skipped: no /dev/full here, whose writes all fail")
def test_an_output_that_takes_nothing_is_told_in_one_line() -> None:
    told = run_with("cases", "--database", "sqlite:///none.sqlite", stdout="/dev/full")
    assert (told.returncode, told.stderr.count(b"\n")) == (2, 1), "what it says goes to standard error alone"
    told = run_with("demo", "--scenario", "list", stdout="/dev/full")
    assert told.returncode == 2
    assert told.stderr.startswith(b"bedside: what was printed: No space left on device")
    assert told.stderr.count(b"\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="skipped: a shell that closes standard output")
def test_a_closed_output_is_no_fault_of_the_program() -> None:
    script = f"exec '{sys.executable}' -m app demo --scenario list >&-"
    told = subprocess.run(["/bin/sh", "-c", script], stderr=subprocess.PIPE, timeout=20, check=False, cwd=ROOT)
    assert (told.returncode, told.stderr) == (0, b"")


def run_with(*arguments: str, stdout: str) -> subprocess.CompletedProcess[bytes]:
    with Path(stdout).open("wb") as out:
        command = [sys.executable, "-m", "app", *arguments]
        return subprocess.run(command, stdout=out, stderr=subprocess.PIPE, timeout=20, check=False, cwd=ROOT)


# check


def test_check_says_what_is_ill_and_what_to_do(program: Program, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    a_case(tmp_path / "cases.sqlite")
    with sqlite3.connect(tmp_path / "cases.sqlite") as connection:
        connection.execute("UPDATE commands SET refused = 'never said' WHERE id = 2")
    connection.close()
    result = program.run("check", "--database", address)
    rows = {line[8:22].strip(): line for line in result.stdout.splitlines()}
    assert set(rows) == {"sound", "core's sound", "disk", "clock", "database", "audit chain", "accesses"}
    assert result.returncode == 1
    assert rows["database"].startswith("ok")
    assert rows["audit chain"].startswith("NOT OK")
    assert "is not as it was written" in rows["audit chain"]
    assert all("ok  " in line or ". " in line for line in rows.values())


def test_check_of_each_bad_database(qapp: object, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for number, make in enumerate((damaged, newer, foreign, Path.mkdir)):
        path = tmp_path / f"{number}.sqlite"
        make(path)
        assert ended(["check", "--database", f"sqlite:///{path}"]) == 1
        said = capfd.readouterr()
        assert "NOT OK  database" in said.out
        assert said.err == ""


def test_cases_and_export_of_a_good_database(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    a_case(tmp_path / "cases.sqlite")
    assert ended(["cases", "--json", "--database", address]) == 0
    case = json.loads(capfd.readouterr().out)[0]
    assert set(case) == {"id", "uuid", "label", "started", "ended", "hours", "simulated", "order"}
    for number, name in enumerate((case["id"], case["uuid"], "last")):
        assert ended(["export", name, "--database", address, "--out", tmp_path / str(number)]) == 0
    exported = [sorted((path.name, path.read_bytes()) for path in (tmp_path / str(n)).rglob("*") if path.is_file()) for n in range(3)]
    assert exported[0] == exported[1] == exported[2]
    assert ended(["export", "last", "--database", address, "--out", tmp_path / "bare", "--deidentify"]) == 0
    assert case["label"] not in (tmp_path / "bare/manifest.json").read_text()


def test_before_the_first_case_there_are_none(tmp_path: Path, monkeypatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert ended(["cases", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == []
    assert ended(["export", "last", "--out", tmp_path / "out"]) == 2
