"""A database of every revision that was ever released, with rows in it, becomes today's with all of them."""

import sqlite3
from contextlib import closing

import pytest

from storage import upgrade
from storage.cases import alterations_of, check_case, damage_of, list_cases, open_case
from storage.engine import parse_url, writing_engine
from storage.errors import StoreIsNewerError
from storage.recorder import Recorder
from storage.schema import HOUSE, REVISIONS
from tests.storage.made_case import address_of, end, minute, record, second_of, start
from tests.storage.test_schema import schema_of


def put_back(path, revision, address):
    """A database of that revision with every row of ``address`` that it can hold, in columns that it has."""
    before_seals = revision == "0003"  # today's seals count tables that it has not: it has those that its own migration writes
    url = parse_url(address_of(path))
    with writing_engine(url).connect() as connection, connection.begin():
        upgrade.migrate(connection, "0002" if before_seals else revision)
    with closing(sqlite3.connect(path)) as old:
        old.execute("ATTACH ? AS newer", (address.removeprefix("sqlite:///"),))
        for (table,) in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if table != "alembic_version":
                columns = ", ".join(f'"{row[1]}"' for row in old.execute(f"PRAGMA main.table_info({table})"))
                old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")  # noqa: S608 - SQLite's own names
        old.commit()
    if before_seals:
        with writing_engine(url).connect() as connection, connection.begin():
            upgrade.migrate(connection, revision)
    return path


def counts(path):
    with closing(sqlite3.connect(path)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608 - as above


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_comes_up_to_date_with_its_rows(tmp_path, revision):
    address = record(tmp_path / "a.sqlite", minute(40))
    old = put_back(tmp_path / "old.sqlite", revision, address)
    before = counts(old)
    (case,) = list_cases(address_of(old))  # reading it is enough
    assert schema_of(old) == schema_of(tmp_path / "a.sqlite")
    after = counts(old)
    assert {table: after[table] for table in before if table != "seals"} == {table: n for table, n in before.items() if table != "seals"}
    assert damage_of(address_of(old)) == []
    assert alterations_of(address_of(old)) == []
    assert check_case(address_of(old), case.id).whole
    with open_case(address_of(old), case.id) as then, open_case(address, 1) as now:
        assert list(then.events()) == list(now.events())
        assert list(then.transitions()) == list(now.transitions())
        assert (then.started, then.ended, then.setup) == (now.started, now.ended, now.setup)


@pytest.mark.parametrize("revision", [REVISIONS[0], REVISIONS[-2]])
def test_an_older_revision_takes_new_cases_afterwards(tmp_path, revision):
    old = put_back(tmp_path / "old.sqlite", revision, record(tmp_path / "a.sqlite", minute(8)))
    recorder = Recorder(address_of(old), boot_id="boot-a")
    recorder.open()
    recorder.keep(start())
    for outcome in second_of(3):
        recorder.keep(outcome)
    recorder.keep(end(5))
    recorder.commit()
    recorder.close()
    assert len(list_cases(address_of(old))) == 2
    assert alterations_of(address_of(old)) == []


def test_one_of_a_revision_to_come_is_refused_and_left_alone(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    before = (tmp_path / "a.sqlite").read_bytes()
    for open_it in (lambda: list_cases(address), lambda: Recorder(address).open()):
        with pytest.raises(StoreIsNewerError, match="newer Bedside"):
            open_it()
    assert (tmp_path / "a.sqlite").read_bytes() == before


def test_tables_of_the_installation_are_in_no_case(tmp_path):
    record(tmp_path / "a.sqlite", minute(3))
    assert set(HOUSE.tables) == {"people", "tombstones"}
    assert all("case_id" not in table.c for table in HOUSE.sorted_tables)
