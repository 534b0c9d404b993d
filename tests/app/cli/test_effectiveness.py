"""The clinic's figures from the command line, over a clinic that is simulated and says so."""

from __future__ import annotations

import json
import re

import pytest

from app.__main__ import main
from app.simulated_clinic import make_clinic
from clinical.assessments.published import PUBLISHED
from storage.cases import faults_of, list_cases

PATIENTS = 12


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> str:
    address = f"sqlite:///{tmp_path_factory.mktemp('clinic') / 'clinic.sqlite'}"
    assert make_clinic(address, PATIENTS, seed=3) == 3 * PATIENTS
    return address


def told(capsys, *words: str) -> str:
    assert main(["effectiveness", *words]) == 0
    return capsys.readouterr().out


def test_the_simulated_clinic_is_whole_and_marked(clinic) -> None:
    cases = list_cases(clinic)
    assert all(case.setup.simulated and case.ended is not None for case in cases)
    assert {case.setup.patient.label for case in cases} == {f"SIM-{number:04d}" for number in range(1, PATIENTS + 1)}
    assert faults_of(clinic) == []


def test_the_same_seed_gives_the_same_figures(clinic, tmp_path, capsys) -> None:
    again = f"sqlite:///{tmp_path / 'again.sqlite'}"
    make_clinic(again, PATIENTS, seed=3)
    assert told(capsys, "--simulated", "--json", "--database", again) == told(capsys, "--simulated", "--json", "--database", clinic)


def test_the_page_says_simulated_few_and_what_was_published(clinic, capsys) -> None:
    page = told(capsys, "--simulated", "--database", clinic)
    lines = page.splitlines()
    assert lines[0] == lines[-1] == "SIMULATED: no patient stands behind these figures."
    assert "Patients 12   courses 12   infusions 36   days a course 3 (3 to 3)" in page
    assert "FEW: 12 patients; below 20" in page
    assert all(row.figure in page and row.source in page for row in PUBLISHED)
    assert re.search(r"at least 30 % lower: \d+ of 12, \d+% \(\d+% to \d+%\)", page)
    assert "BCa" in page or "accelerated bootstrap" in page
    assert "a change is not an effect" in page


def test_deidentified_names_no_patient_and_no_day(clinic, capsys) -> None:
    open_page = told(capsys, "--simulated", "--courses", "--database", clinic)
    assert "SIM-0001" in open_page
    assert "2026-03-02" in open_page
    for words in (("--courses",), ("--json",)):
        veiled = told(capsys, "--simulated", "--deidentify", *words, "--database", clinic)
        assert "SIM-0" not in veiled
        assert "2026-" not in veiled
        assert "P012" in veiled


def test_the_period_is_that_of_first_days(clinic, capsys) -> None:
    first_week = json.loads(told(capsys, "--simulated", "--json", "--from", "2026-03-02", "--to", "2026-03-02", "--database", clinic))
    assert (first_week["patients"], first_week["infusions"]) == (5, 15)
    assert [row["days"] for row in first_week["courses_in_detail"]] == [[1, 2, 3]] * 5


def failed(capsys, *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main([*words]))
    return int(str(ended.value.code)), capsys.readouterr().err


def test_simulated_courses_are_never_counted_as_patients(clinic, capsys) -> None:
    status, line = failed(capsys, "effectiveness", "--database", clinic)
    assert status == 1
    assert line.endswith(f"; {PATIENTS} simulated are there (--simulated counts them)\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("effectiveness", "--from", "yesterday"), "a date as 2026-03-01, not 'yesterday'"),
        (("effectiveness", "--from", "2026-03-02", "--to", "2026-03-01"), "--to 2026-03-01 comes before --from 2026-03-02"),
        (("demo", "--clinic", "0"), "a number of patients from 1 to 5000, not '0'"),
        (("demo", "--clinic", "3"), "a simulated clinic needs a database of its own"),
        (("follow-up", "1", "--week", "4"), "the following arguments are required: --pain"),
    ],
)
def test_wrong_words_are_one_line(capsys, words, why) -> None:
    status, line = failed(capsys, *words)
    assert status == 2
    assert why in line
    assert line.count("\n") == 1


def test_a_follow_up_is_entered_and_counted(tmp_path, capsys) -> None:
    address = f"sqlite:///{tmp_path / 'one.sqlite'}"
    make_clinic(address, 1, seed=5)
    assert main(["follow-up", "3", "--week", "26", "--pain", "2", "--database", address]) == 0
    assert capsys.readouterr().out == "Kept with case 3 (SIM-0001): week 26, pain at rest 2.\n"
    (course,) = json.loads(told(capsys, "--simulated", "--json", "--database", address))["courses_in_detail"]
    assert {"week": 26, "pain": 2} in course["follow_ups"]
    status, line = failed(capsys, "follow-up", "3", "--week", "4", "--pain", "11", "--database", address)
    assert (status, line) == (2, "bedside: pain at rest: 11 is off the scale; allowed is 0 to 10\n")
