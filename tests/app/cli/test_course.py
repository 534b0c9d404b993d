"""`bedside demo --days`: a course from the command line, each day with its own files, each saying that it is simulated."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import pytest

from app.cli import demo
from storage.cases import list_cases


def _parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database")
    demo.add_arguments(parser)
    return parser.parse_args(words)


def test_a_course_of_two_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    database, out = f"sqlite:///{tmp_path / 'course.sqlite'}", tmp_path / "course"
    args = _parsed("--days", "2", "--hours", "0.03", "--headless", "--database", database, "--out", str(out))
    assert demo.run(args) == 0
    second, first = (case.setup for case in list_cases(database))
    assert [(first.day, first.course_before_mg), second.day] == [(1, 0.0), 2]
    with (out / "day-1/given.csv").open(encoding="utf-8") as file:
        given_mg = max(float(row["best_mg"]) for row in csv.DictReader(file))
    assert second.course_before_mg == pytest.approx(given_mg, abs=1e-3)
    assert given_mg == pytest.approx(10 * 0.8 / 60, rel=0.1)
    for day in ("day-1", "day-2"):
        assert json.loads((out / day / "manifest.json").read_text(encoding="utf-8"))["simulated"] is True


@pytest.mark.parametrize("days", ["0", "31", "two", "-1"])
def test_other_lengths_are_refused_in_one_line(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parsed("--days", days)
    assert "a whole number of days from 1 to 30" in capsys.readouterr().err
