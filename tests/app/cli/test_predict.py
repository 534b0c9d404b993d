"""`bedside predict`: its numbers are the reference's, its file is read strictly, its errors are one line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from app.__main__ import main

REFERENCE = json.loads((Path(__file__).parents[2] / "clinical/pharmacokinetics/reference_levels.json").read_text(encoding="utf-8"))
HEADER = "start_min,end_min,rate_mg_per_h,bolus_mg\n"


def ended(arguments: list[object]) -> int:
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)


def written(folder: Path, rows: str) -> Path:
    path = folder / "doses.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return path


def predicted(capfd, *arguments: object) -> list[dict[str, str]]:
    assert ended(["predict", *arguments]) == 0
    return list(csv.DictReader(io.StringIO(capfd.readouterr().out)))


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: f"{case['model']}-{case['history'][:1]}-{case['ke0_per_min']:.3g}")
def test_reference_levels(case, tmp_path: Path, capfd) -> None:
    history = REFERENCE["histories"][case["history"]]
    rows = [f"{at},{at},,{dose}" for at, dose in history["bolus_min_mg"]]
    rows += [f"{begin},{end},{rate * 60!r}," for begin, end, rate in history["from_min_to_min_mg_per_min"]]
    path = written(tmp_path, "\n".join(rows) + "\n")
    at = ",".join(str(row[0]) for row in case["min_plasma_effect"])
    got = predicted(capfd, "--model", case["model"], "--weight", 70, "--ke0", case["ke0_per_min"], "--infusion", path, "--at", at)
    for row, (minute, plasma, effect) in zip(got, case["min_plasma_effect"], strict=True):
        assert float(row["min"]) == minute
        assert float(row["plasma_ng_per_ml"]) == pytest.approx(plasma, rel=1e-5, abs=1e-9)
        assert float(row["effect_ng_per_ml"]) == pytest.approx(effect, rel=1e-5, abs=1e-9)


def test_every_so_many_minutes_to_the_end_and_beyond(tmp_path: Path, capfd) -> None:
    path = written(tmp_path, "0,0,,21\n0,0.3,0,\n")
    fixed = ("--model", "kamp2020", "--weight", 70, "--infusion", path)
    got = predicted(capfd, *fixed, "--every", 0.1)
    assert [row["min"] for row in got] == ["0", "0.1", "0.2", "0.3"]
    assert got[0] == {"min": "0", "plasma_ng_per_ml": "840.000000000", "effect_ng_per_ml": ""}
    assert len(predicted(capfd, *fixed, "--every", 10, "--until", 60)) == 7


def test_a_bolus_counts_at_its_own_minute_on_every_grid(tmp_path: Path, capfd) -> None:
    path = written(tmp_path, "".join(f"{n / 10:g},{n / 10:g},,1\n" for n in range(1, 50)) + "0,5,0,\n")
    got = predicted(capfd, "--model", "domino", "--weight", 70, "--infusion", path, "--every", 0.1)
    levels = [float(row["plasma_ng_per_ml"]) for row in got]
    assert all(later > 226 for later in levels[1:50]), "1 mg in 4.41 L is there at once"
    assert levels[50] < levels[49]


def test_overlap_is_added_and_told(tmp_path: Path, capfd) -> None:
    one = written(tmp_path, "60,120,20,0\n0,60,10,0\n").read_text()
    path = written(tmp_path, "0,120,10,\n60,120,10,\n")
    assert ended(["predict", "--model", "otto2021", "--weight", 80, "--infusion", path, "--at", "200,90"]) == 0
    told = capfd.readouterr()
    assert "lines 2 and 3 overlap from 60 min on: their rates are added" in told.err
    path.write_text("\ufeff" + one.replace("\n", "\r\n"), encoding="utf-8")
    assert ended(["predict", "--model", "otto2021", "--weight", 80, "--infusion", path, "--at", "200,90"]) == 0
    assert capfd.readouterr() == (told.out, "")


FILES = {
    "1,0,10,": "line 2: end_min: is 0; allowed is 1 (start_min) or later",
    "0,60,-3,": "line 2: rate_mg_per_h: is '-3'; allowed is a number from 0 to 10000",
    "0,60,99999,": "line 2: rate_mg_per_h: is '99999'; allowed is a number from 0 to 10000",
    "0,60,nan,": "line 2: rate_mg_per_h: is 'nan'; allowed is",
    "0,60,1_0,": "line 2: rate_mg_per_h: is '1_0'; allowed is",
    "0,60,,": "line 2: rate_mg_per_h: is empty; allowed is a number from 0 to 10000",
    "0,60,10,\n\n5,5,,": "line 4: bolus_mg: is empty; allowed is a number from 0 to 1000",
    "0,60,10,5": "line 2: bolus_mg: is 5 in a row that lasts; allowed is none or 0",
    "5,5,10,5": "line 2: rate_mg_per_h: is 10 where end_min = start_min; allowed is none or 0",
    "-5,5,10,": "line 2: start_min: is '-5'; allowed is a number from 0 to 527040",
    ",5,10,": "line 2: start_min: is empty; allowed is a number from 0 to 527040",
    "0,60,10": "line 2: has 3 columns; allowed are the 4 of the header",
    '0,60,"10': "line 2: unexpected end of data; allowed is CSV",
    "": "line 1: no dose below the header",
}


@pytest.mark.parametrize("rows", FILES)
def test_a_bad_file_is_one_line_with_line_and_what_is_allowed(tmp_path: Path, capfd, rows: str) -> None:
    path = written(tmp_path, rows)
    assert ended(["predict", "--model", "domino", "--weight", 70, "--infusion", path, "--at", 5]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"bedside: {path}, {FILES[rows]}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"min;rate\n0;5\n", "line 1: the header is 'min;rate'; allowed is start_min,end_min,rate_mg_per_h,bolus_mg"),
        (b"", "line 1: the file is empty; allowed is start_min,"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        (None, "cannot be read: No such file"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, capfd, content: bytes | None, words: str) -> None:
    path = tmp_path / "doses.csv"
    if content is not None:
        path.write_bytes(content)
    assert ended(["predict", "--model", "domino", "--weight", 70, "--infusion", path, "--at", 5]) == 2
    said = capfd.readouterr().err
    assert words in said
    assert said.count("\n") == 1


ARGUMENTS: list[tuple[dict[str, object], str]] = [
    ({"--model": "white"}, "no model is called 'white'; there are kamp2020, domino, clements250, otto2021, simons2022"),
    ({"--weight": "700"}, "--weight: is '700'; allowed is a number from 3 to 400"),
    ({"--weight": "70kg"}, "--weight: is '70kg'; allowed"),
    ({"--ke0": "0"}, "--ke0: is '0'; allowed is a number from 0.0001 to 100"),
    ({"--at": "5,,6"}, "--at: is ''; allowed is a number from 0 to 527040"),
    ({"--at": "-5"}, "--at: is '-5'; allowed"),
    ({"--at": "1_0"}, "--at: is '1_0'; allowed"),
    ({"--at": "nan"}, "--at: is 'nan'; allowed"),
    ({"--every": "5"}, "not allowed with argument"),
    ({"--until": "5"}, "--until goes with --every"),
    ({"--at": None}, "one of the arguments --at --every is required"),
    ({"--at": None, "--every": "1e-5"}, "rows; allowed are up to 1,000,000"),
    ({"--at": None, "--every": "0"}, "--every: is '0'; allowed is"),
]


@pytest.mark.parametrize(("change", "words"), ARGUMENTS)
def test_a_bad_argument_is_one_line(tmp_path: Path, capfd, change: dict[str, object], words: str) -> None:
    good = {"--model": "domino", "--weight": "70", "--infusion": written(tmp_path, "0,60,10,\n"), "--at": "5"}
    given = [f"{name}={value}" for name, value in (good | change).items() if value is not None]
    assert ended(["predict", *given]) == 2
    said = capfd.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert words in said.err
