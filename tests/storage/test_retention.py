"""What may go after its time, what stays, and what remains of it."""

import json
import sqlite3
from contextlib import closing

import pytest

from storage.backup import back_up
from storage.cases import alterations_of, damage_of, list_cases, open_case
from storage.copies import copies_in, keeps_case
from storage.errors import RetentionError
from storage.export.case_folder import Terms, write_folder
from storage.export.case_record import RECORD
from storage.export.formats import format_named
from storage.retention import delete_cases, old_cases, tombstones
from tests.storage.made_case import START, address_of, end, made_setup, minute, record, start

LATER = START.plus(86_400).utc_ns


def nowhere(_uuid, _head):
    return ""


def copies(address, *places):
    return lambda uuid, head: next((str(place) for place in places if not keeps_case(place, address, uuid, head)), "")


def test_a_case_goes_with_every_row_and_leaves_its_tombstone(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(60))
    other = made_setup(uuid="7a0c6c1e-0000-4000-8000-000000000002")
    record(tmp_path / "a.sqlite", iter([start(other)]))
    made = back_up(address, tmp_path / "b.sqlite")
    (ended,) = [case for case in old_cases(address, LATER, copies(address, made.path)) if not case.why_not]
    freed = delete_cases(address, [ended], by="R. Keeper", at_utc_ns=LATER)
    assert freed > 50_000
    assert [case.setup.uuid for case in list_cases(address)] == [other.uuid]
    (stone,) = tombstones(address)
    assert (stone.uuid, stone.by, stone.at_utc_ns, stone.chain_head) == (made_setup().uuid, "R. Keeper", LATER, ended.head)
    assert json.loads(stone.rows)["commands"] == 9
    assert stone.kept_in == str(made.path)
    assert damage_of(address) == []
    assert alterations_of(address) == []


def test_nothing_of_what_was_deleted_is_left_in_the_file(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(60))
    assert b"Nurse Canary" in (tmp_path / "a.sqlite").read_bytes()
    cases = old_cases(address, LATER, nowhere, without_copy=True)
    delete_cases(address, cases, by="R. Keeper", at_utc_ns=LATER)
    for file in tmp_path.iterdir():
        assert b"Canary" not in file.read_bytes(), file


def test_a_case_that_was_not_ended_never_goes(tmp_path):
    address = record(tmp_path / "a.sqlite", iter([start()]))
    (case,) = old_cases(address, LATER, nowhere, without_copy=True)
    assert case.why_not == "it was not ended"
    with pytest.raises(RetentionError, match="not ended"):
        delete_cases(address, [case], by="", at_utc_ns=LATER)
    assert len(list_cases(address)) == 1


def test_a_case_without_a_copy_goes_only_when_told(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    (case,) = old_cases(address, LATER, nowhere)
    assert "no checked copy" in case.why_not
    (case,) = old_cases(address, LATER, nowhere, without_copy=True)
    assert case.why_not == ""


def test_a_case_that_is_not_old_enough_is_not_named(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    assert old_cases(address, START.utc_ns, nowhere, without_copy=True) == []
    assert old_cases(address, START.plus(2).utc_ns, nowhere, without_copy=True) == []  # begun, but not ended by then


def test_one_that_changed_since_it_was_looked_at_stays(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    cases = old_cases(address, LATER, nowhere, without_copy=True)
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute("UPDATE cases SET chain_head = x'00'")
        file.commit()
    with pytest.raises(RetentionError, match="look again"):
        delete_cases(address, cases, by="", at_utc_ns=LATER)
    assert len(list_cases(address)) == 1
    assert tombstones(address) == []


def export(address, folder, name, secret=None):
    with open_case(address, 1) as history:
        return write_folder(format_named(name), history, folder, Terms(program_version="1", secret=secret))


def test_only_the_whole_record_counts_as_a_copy(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(20))
    (case,) = old_cases(address, LATER, nowhere)
    whole, sheets = export(address, tmp_path / "whole", RECORD.name), export(address, tmp_path / "sheets", "csv")
    veiled = export(address, tmp_path / "veiled", "csv", b"x" * 32)
    assert keeps_case(whole, address, case.uuid, case.head) == ""
    assert "does not hold the record itself" in keeps_case(sheets, address, case.uuid, case.head)
    assert "de-identified" in keeps_case(veiled, address, case.uuid, case.head)
    (whole / "case.sqlite").write_bytes((whole / "case.sqlite").read_bytes()[:-4096])
    assert "not as it was written" in keeps_case(whole, address, case.uuid, case.head)


def test_a_backup_from_before_the_end_of_a_case_does_not_keep_it(tmp_path):
    address = record(tmp_path / "a.sqlite", iter([start()]))
    early = back_up(address, tmp_path / "early.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute("DELETE FROM cases")
    (tmp_path / "a.sqlite").unlink()
    record(tmp_path / "a.sqlite", iter([start(), end(9)]))
    (case,) = old_cases(address, LATER, copies(address, early.path))
    assert case.why_not


def test_copies_in_a_folder_are_found(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    (tmp_path / "bk").mkdir()
    made = back_up(address, tmp_path / "bk" / "b.sqlite")
    folder = export(address, tmp_path / "bk" / "whole", RECORD.name)
    (tmp_path / "bk" / "notes.txt").write_text("mine")
    assert copies_in([tmp_path / "bk"]) == [made.path, folder]
    assert copies_in([folder]) == [folder]


@pytest.mark.parametrize("statement", ["UPDATE tombstones SET by = 'Nobody'", "DELETE FROM tombstones WHERE number = 1"])
def test_a_tombstone_that_was_changed_is_found(tmp_path, statement):
    address = record(tmp_path / "a.sqlite", minute(5))
    record(tmp_path / "a.sqlite", iter([start(made_setup(uuid="7a0c6c1e-0000-4000-8000-000000000002")), end(8)]))
    delete_cases(address, old_cases(address, LATER, nowhere, without_copy=True), by="R. Keeper", at_utc_ns=LATER)
    assert alterations_of(address_of(tmp_path / "a.sqlite")) == []
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute(statement)
        file.commit()
    assert "row 1 of tombstones" in alterations_of(address)[0]
