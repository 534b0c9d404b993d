"""`bedside alarms`: the transitions of a recording and its burden, the same at any speed."""

from __future__ import annotations

import json

import pytest

from app.__main__ import main


@pytest.fixture
def recording(tmp_path):
    """Two minutes of saturation and pulse: a desaturation of 30 s, its return, and a glitch of 3 s."""
    spo2 = [97] * 20 + [86] * 30 + [97] * 30 + [86] * 15 + [97] * 10 + [60] * 2 + [97] * 13
    path = tmp_path / "sedation.csv"
    path.write_text("t_s,SpO2,PR\n" + "".join(f"{second},{value},72\n" for second, value in enumerate(spo2)), encoding="utf-8")
    return path


def printed(capsys, *words: object) -> str:
    assert main(["alarms", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_the_transitions_and_the_burden(capsys, recording):
    lines = printed(capsys, recording).splitlines()
    assert lines[0] == "2026-03-01T08:00:27.000Z  high    off → on              SpO₂ 86 < 90  [limit:MDC_PULS_OXIM_SAT_O2:low]"
    assert [line[34:44].strip() for line in lines[:-3]] == ["off → on", "on → off", "off → on", "on → off"]
    assert "back after 18 s, return 1" in lines[2]
    assert lines[-3].startswith("1 new alarms in 0.03 h")
    assert lines[-2].startswith("1 returned, 0 worsened, 0 ended by themselves")


def test_the_same_bytes_at_any_speed(capsys, recording):
    assert printed(capsys, recording, "--speed", "500") == printed(capsys, recording) == printed(capsys, recording, "--speed", "max")


def test_as_json_lines(capsys, recording):
    rows = [json.loads(line) for line in printed(capsys, recording, "--json").splitlines()]
    assert [row["after"] for row in rows[:-1]] == ["on", "off", "on", "off"]
    assert (rows[0]["value"], rows[0]["limit"], rows[0]["returns"], rows[2]["returns"]) == (86, 90, 0, 1)
    assert rows[-1]["burden"]["new"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [(("no-such-file.csv",), "no-such-file.csv does not exist"), (("{recording}", "--preset", "night"), "no preset is called 'night'")],
)
def test_what_cannot_be_done_is_told_in_one_line(capsys, recording, words, says):
    assert main(["alarms", *(word.format(recording=recording) for word in words)]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
