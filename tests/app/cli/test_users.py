"""`bedside users` as people type it."""

import json
import os
import subprocess
import sys

import pytest

from tests.app.cli.programs import ROOT, Program, one_line, program

assert program


def run(program: Program, database, *words, typed=""):
    command = [sys.executable, "-m", "app", "--database", database, "users", *words]
    done = subprocess.run(
        command, input=typed, capture_output=True, encoding="utf-8", timeout=30, check=False, env=program._environment, cwd=ROOT
    )
    assert typed.strip() == "" or typed.strip() not in done.stdout + done.stderr
    return done


def test_somebody_comes_changes_and_goes(program, tmp_path):
    database = f"sqlite:///{tmp_path / 'a.sqlite'}"
    assert "nobody" in run(program, database, "list").stdout
    assert run(program, database, "add", "A. Meier", "--by", "The Head", typed="482913\n").returncode == 0
    assert run(program, database, "role", "A. Meier", "charge nurse").returncode == 0
    listed = json.loads(run(program, database, "list", "--json").stdout)
    assert [(row["name"], row["role"], row["state"]) for row in listed] == [("A. Meier", "charge nurse", "may sign in")]
    assert run(program, database, "disable", "A. Meier").returncode == 0
    told = json.loads(run(program, database, "history", "--json").stdout)
    assert [row["act"] for row in told] == ["added", "role changed", "disabled"]
    assert told[0]["by"] == "The Head"


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("add", "B"), "1234\n", "at least 6"),
        (("add", "B"), "", "at least"),
        (("add", "B", "--role", "king"), "482913\n", "no role 'king'"),
        (("disable", "Nobody"), "", "there is no 'Nobody'"),
        (("pin", "Nobody"), "", "there is no 'Nobody'"),
    ],
)
def test_what_cannot_be_is_one_line(program, tmp_path, words, typed, told):
    done = run(program, f"sqlite:///{tmp_path / 'a.sqlite'}", *words, typed=typed)
    assert done.returncode == 2
    assert told in one_line(done)


def test_the_sites_own_roles_take_the_place_of_the_shipped(program, tmp_path):
    folder = tmp_path / "config" / "bedside" / "roles"
    folder.mkdir(parents=True)
    (folder / "roles.toml").write_text('[[role]]\nname = "sister"\nmay = ["RecordEvent"]\n')
    program._environment |= {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    if os.name == "nt" or sys.platform == "darwin":
        pytest.skip("where a site's folder lies is told by XDG on Linux alone")
    told = json.loads(run(program, f"sqlite:///{tmp_path / 'a.sqlite'}", "roles", "--json").stdout)
    assert told == [{"role": "sister", "may": ["RecordEvent"]}]
