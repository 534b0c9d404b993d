"""`bedside order check`: what can be used is told in full; what cannot, in one line with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.test_predict import ended

LADDERS = Path(__file__).parents[3] / "resources/ladders"
SCHWARTZMAN = (LADDERS / "schwartzman.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(LADDERS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_ladder_can_be_used(path: Path, capfd) -> None:
    assert ended(["order", "check", path]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert said.out.startswith(f"ok  {path}: ")
    assert "to be confirmed by your clinicians" in said.out


def test_what_it_asks_for(capfd) -> None:
    assert ended(["order", "check", LADDERS / "schwartzman.toml"]) == 0
    said = capfd.readouterr().out
    assert "40 kg: 14 mg/h, 56 mg in a case" in said
    assert "140 kg: 25 mg/h, 100 mg in a case, never above 25 mg/h" in said
    assert ended(["order", "check", LADDERS / "schwartzman.toml", "--weight", "70"]) == 0
    said = capfd.readouterr().out
    assert "70 kg: 24.5 mg/h, 98 mg in a case" in said
    assert "140 kg" not in said


def test_the_example_of_the_guide_can_be_used(tmp_path: Path, capfd) -> None:
    guide = (LADDERS.parents[1] / "docs/add-an-order.md").read_text(encoding="utf-8")
    path = tmp_path / "guide.toml"
    path.write_text(guide.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert ended(["order", "check", path]) == 0
    assert "1 rules, 1 adjuncts, 1 boluses, 2 rows of rounds" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rate = 0.35", "rate = 35", "line 16: step 1, rate: is 35; allowed is a number from 0.001 to 7"),
        ('drug = "ketamine"', 'drug = "Ketanest"', "line 4: drug: is 'Ketanest'; allowed are ketamine, S-ketamine"),
        ('unit = "mg/kg/h"', 'unit = "mL/h"', "line 5: unit: is 'mL/h'; allowed are mg/h, mg/kg/h, µg/kg/min"),
        ("ceiling_mg_per_case = 100", "ceiling_mg_per_case = 90", "line 14: step: Schwartzman 2009, full dose: the ladder gives 98 mg"),
        ("readings = 2", "readings = 0", "line 37: rule 2, readings: is 0; allowed is a whole number from 1 to 10"),
        ("above = 130", "abvoe = 130", "line 48: rule 4, abvoe: not known; allowed are above, "),
        ("rate = 0.35", "rate = = 0.35", "is no valid TOML: Invalid value (at line 16, column 8)"),
    ],
)
def test_what_cannot_be_used_is_one_line(tmp_path: Path, capfd, old: str, new: str, told: str) -> None:
    assert old in SCHWARTZMAN
    path = tmp_path / "ours.toml"
    path.write_text(SCHWARTZMAN.replace(old, new, 1), encoding="utf-8")
    assert ended(["order", "check", path]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"bedside: {path}")
    assert told in said.err
    assert said.err.count("\n") == 1


def test_what_is_no_file_and_no_weight(tmp_path: Path, capfd) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    for arguments, words in (
        (("order", "check", tmp_path / "none.toml"), "cannot be read"),
        (("order", "check", tmp_path), "cannot be read"),
        (("order", "check", tmp_path / "bytes.toml"), "is no text in UTF-8"),
        (("order", "check", LADDERS / "goldberg.toml", "--weight", "700"), "--weight: is 700; allowed is a number from 20 to 250"),
        (("order",), "the following arguments are required: check"),
    ):
        assert ended(list(arguments)) == 2
        said = capfd.readouterr().err
        assert words in said
        assert said.count("\n") == 1
