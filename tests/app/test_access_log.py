"""Notes of views and exports: what each command leaves, what is told where nothing could be noted, and that nothing waits for it."""

import sqlite3

import pytest

from app.__main__ import main
from app.access_log import FIGURES, Leaving, Viewer, access_log, log_fault, note_view, noted_export
from storage.accesses import Act, accesses
from tests.storage.made_case import made_setup, minute, record

UUID = made_setup().uuid
NURSE = Viewer(by="A. Meier")


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def bedside(tmp_path, capsys):
    record(tmp_path / "case.sqlite", minute(8))

    def run(*arguments):
        status = main(["--database", f"sqlite:///{tmp_path / 'case.sqlite'}", *map(str, arguments)])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return status, told.out, told.err

    return run


def kept():
    return [(one.act, one.case, one.database, one.way, one.format, one.hidden, one.target) for one in accesses(access_log())]


def test_an_export_from_the_command_line_leaves_its_begin_and_its_end(bedside, tmp_path):
    assert bedside("export", "last", "--format", "edf", "--out", tmp_path / "out", "--deidentify")[0] == 0
    told = (UUID, "case.sqlite", "command line", "edf", "deidentified", "out")
    assert kept() == [(Act.BEGUN, *told), (Act.EXPORTED, *told)]
    assert str(tmp_path) not in bedside("accesses", "--json")[1]


def test_an_export_that_fails_is_noted_as_not_finished(bedside, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    assert bedside("export", "last", "--out", tmp_path / "out")[0] == 2
    assert [row[0] for row in kept()] == [Act.BEGUN, Act.NOT_FINISHED]


def test_a_backup_is_an_export_of_all_cases(bedside, tmp_path):
    assert bedside("backup", tmp_path / "copy.sqlite")[0] == 0
    told = ("", "case.sqlite", "command line", "backup", "", "copy.sqlite")
    assert kept() == [(Act.BEGUN, *told), (Act.EXPORTED, *told)]


def test_looking_through_the_list_and_verifying_are_no_views(bedside):
    assert bedside("verify", "1")[0] == bedside("cases")[0] == 0
    assert bedside("accesses") == (0, "Nothing was opened or exported from here.\n", "")
    assert not access_log().exists()


def test_the_figures_over_all_courses_are_one_view_of_all_cases(bedside, tmp_path):
    assert bedside("effectiveness", "--simulated", "--deidentify")[0] == 0
    assert kept() == [(Act.VIEWED, "", "case.sqlite", "command line", FIGURES, "deidentified", "")]
    assert f"viewed: all cases of case.sqlite as {FIGURES}, deidentified" in bedside("accesses")[1]
    (tmp_path / "data" / "bedside" / "accesses.sqlite").write_text("")
    status, told, err = bedside("effectiveness", "--simulated")
    assert (status, "could not be noted" in err, "Patients 1" in told) == (0, True, True)


def test_figures_that_there_are_none_of_are_no_view(bedside):
    assert bedside("effectiveness")[0] == 1
    assert not access_log().exists()


def test_the_list_is_told_for_all_cases_and_for_one(bedside):
    assert note_view(NURSE, "sqlite:////x/case.sqlite", UUID) == ""
    assert note_view(NURSE, "postgresql+psycopg://bed:secret@clinic/cases", "another") == ""
    status, told, _ = bedside("accesses")
    assert (status, told.count("\n"), "secret" in told) == (0, 2, False)
    status, told, _ = bedside("accesses", "1")
    assert (status, told.count("\n")) == (0, 1)
    assert f"viewed: {UUID} of case.sqlite  by A. Meier, window" in told


def test_verify_and_check_name_the_first_row_that_was_altered(bedside):
    for _ in range(3):
        note_view(NURSE, "sqlite:////x/case.sqlite", UUID)
    with sqlite3.connect(access_log()) as connection:
        connection.execute("UPDATE accesses SET \"by\" = 'B. Huber' WHERE number = 2")
    connection.close()
    assert bedside("verify", "1")[:2] == (1, "views and exports: row 2 of accesses is not as it was written\n")
    assert bedside("accesses")[0] == 1
    assert "row 2 of accesses" in bedside("check")[1]


@pytest.mark.parametrize("hindrance", ["the log is emptied", "the key is too short", "the folder is a file"])
def test_what_cannot_be_noted_is_told_and_held_back_from_nobody(bedside, tmp_path, hindrance):
    note_view(NURSE, "sqlite:////x/case.sqlite", UUID)
    if hindrance == "the log is emptied":
        access_log().write_bytes(b"")
    elif hindrance == "the key is too short":
        access_log().with_name("seal.key").write_bytes(b"short")
    else:
        access_log().parent.rename(tmp_path / "gone")
        (tmp_path / "data" / "bedside").write_text("")
    assert "could not be noted" in note_view(NURSE, "sqlite:////x/case.sqlite", UUID)
    told = []
    with noted_export(NURSE, "sqlite:////x/case.sqlite", UUID, Leaving(format="csv", target="out"), told.append):
        told.append("written")
    assert len(told) == 2
    assert "could not be noted" in told[0]
    assert bool(log_fault()) is (hindrance != "the folder is a file")  # where there is no list, there is nothing to check


def test_a_removed_row_is_told_with_the_next_export_and_the_export_is_made(bedside, tmp_path):
    for _ in range(2):
        note_view(NURSE, "sqlite:////x/case.sqlite", UUID)
    with sqlite3.connect(access_log()) as connection:
        connection.execute("DELETE FROM accesses WHERE number = 2")
    connection.close()
    status, _, err = bedside("export", "last", "--format", "bedside", "--out", tmp_path / "out")
    assert status == 0
    assert "not as it was written (row 2 of accesses is missing" in err
    assert (tmp_path / "out" / "manifest.json").is_file()
