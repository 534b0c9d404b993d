"""The history of people: what the acts leave, what makes no sense, and that it only grows."""

import sqlite3
from contextlib import closing

import pytest

from storage.cases import alterations_of, open_case
from storage.errors import PeopleError
from storage.export.case_folder import Terms, write_folder
from storage.export.case_record import RECORD
from storage.importing.whole_case import import_case
from storage.people import Act, Change, change, history, people
from tests.storage.made_case import address_of, minute, record
from tests.storage.test_migrations import put_back


def act(address, what, name, role="", kept=""):
    change(address, Change(act=what, name=name, by="The Head", at_utc_ns=len(name), role=role, secret=kept))


@pytest.fixture
def clinic(tmp_path):
    address = address_of(tmp_path / "a.sqlite")
    act(address, Act.ADDED, "A. Meier", role="nurse", kept="hash 1")
    act(address, Act.ADDED, "Dr. Roth", role="physician", kept="hash 2")
    return address


def test_acts_leave_somebody_as_they_say(clinic):
    act(clinic, Act.ROLE, "A. Meier", role="viewer")
    act(clinic, Act.SECRET, "A. Meier", kept="hash 3")
    act(clinic, Act.DISABLED, "Dr. Roth")
    there = people(clinic)
    assert [(one.name, one.role, one.secret, one.enabled) for one in there.values()] == [
        ("A. Meier", "viewer", "hash 3", True),
        ("Dr. Roth", "physician", "hash 2", False),
    ]
    act(clinic, Act.ENABLED, "Dr. Roth")
    assert people(clinic)["Dr. Roth"].enabled
    assert [told.act for told in history(clinic)] == [Act.ADDED, Act.ADDED, Act.ROLE, Act.SECRET, Act.DISABLED, Act.ENABLED]
    assert {told.by for told in history(clinic)} == {"The Head"}


@pytest.mark.parametrize(
    ("what", "name"),
    [
        (Act.ADDED, "a. meier"),
        (Act.ADDED, ""),
        (Act.ADDED, " B"),
        (Act.ADDED, "B\nC"),
        (Act.ADDED, "x" * 41),
        (Act.ROLE, "Nobody"),
        (Act.ENABLED, "A. Meier"),
    ],
)
def test_what_makes_no_sense_changes_nothing(clinic, what, name):
    with pytest.raises(PeopleError):
        act(clinic, what, name, role="nurse", kept="hash")
    assert len(history(clinic)) == 2


@pytest.mark.parametrize("statement", ["UPDATE people SET role = 'physician' WHERE number = 1", "DELETE FROM people WHERE number = 1"])
def test_a_history_that_was_changed_is_found(clinic, statement, tmp_path):
    assert alterations_of(clinic) == []
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute(statement)
        file.commit()
    assert "row 1 of people" in alterations_of(clinic)[0]


def test_reading_who_there_is_changes_no_older_database(tmp_path):
    old = put_back(tmp_path / "old.sqlite", "0004", record(tmp_path / "a.sqlite", minute(3)))
    before = old.read_bytes()
    assert people(address_of(old)) == {}
    assert old.read_bytes() == before


def test_nobody_leaves_with_a_case(clinic, tmp_path):
    """An exported record carries no name of staff and no hash but those of the case itself, and comes back all the same."""
    record(tmp_path / "a.sqlite", minute(5))
    with open_case(clinic, 1) as case:
        folder = write_folder(RECORD, case, tmp_path / "out", Terms(program_version="1"))
    assert b"hash 1" not in (folder / "case.sqlite").read_bytes()
    assert b"Meier" not in (folder / "case.sqlite").read_bytes()
    assert import_case(folder / "case.sqlite", address_of(tmp_path / "other.sqlite")) == 1
