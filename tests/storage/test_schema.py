import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_mock_engine
from sqlalchemy.engine import make_url

import storage
from storage import upgrade
from storage.cases import check_case, list_cases, open_case
from storage.engine import parse_url, writing_engine
from storage.replay import NotReplayableError, replayed
from storage.schema import METADATA, REVISIONS
from tests.storage.made_case import address_of, minute, record

MIGRATIONS = Path(storage.__file__).parent / "migrations"


def schema_of(path):
    """Every column, key and index of a database, as SQLite tells them."""
    connection = sqlite3.connect(path)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    facts = {}
    for table in tables:
        facts[table] = [
            connection.execute(f"PRAGMA table_info({table})").fetchall(),
            sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({table})")),
            sorted(
                (row[1:], connection.execute(f"PRAGMA index_info({row[1]})").fetchall())
                for row in connection.execute(f"PRAGMA index_list({table})")
            ),
        ]
    connection.close()
    return facts


def migrated(path, target="head"):
    url = parse_url(address_of(path))
    with writing_engine(url).connect() as connection, connection.begin():
        upgrade.migrate(connection, target)
    return path


def test_migrations_and_create_all_give_the_same_schema(tmp_path):
    record(tmp_path / "new.sqlite", iter(()))
    assert schema_of(migrated(tmp_path / "migrated.sqlite")) == schema_of(tmp_path / "new.sqlite")


def test_revisions_are_those_of_the_scripts():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(scripts)) == REVISIONS


def test_a_migrated_database_takes_cases(tmp_path):
    address = record(migrated(tmp_path / "a.sqlite"), minute(3))
    assert len(list_cases(address)) == 1


def test_one_that_is_behind_is_handed_to_the_migrations(tmp_path):
    """No revision is older than the first, so one is invented; that the migrations do not know it shows that they were asked."""
    address = record(tmp_path / "a.sqlite", minute(3))
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()
    url = parse_url(address)
    with writing_engine(url).connect() as connection, pytest.raises(CommandError, match="0000"):
        upgrade.bring_up_to_date(connection, url, revisions=("0000", *REVISIONS))


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path):
    path = tmp_path / "a.sqlite"
    with writing_engine(parse_url(address_of(path))).connect() as connection:
        transaction = connection.begin()
        upgrade.migrate(connection)
        transaction.rollback()
    assert schema_of(path) == {}


def test_alembic_is_not_imported_for_a_new_or_a_current_database(tmp_path):
    program = (
        "import sys; from storage.recorder import Recorder; from storage.cases import list_cases\n"
        f"r = Recorder({address_of(tmp_path / 'a.sqlite')!r}); r.open(); r.close(); r.open(); r.close()\n"
        f"list_cases({address_of(tmp_path / 'a.sqlite')!r}); sys.exit('alembic' in sys.modules)"
    )
    root = Path(storage.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


def test_the_schema_can_be_made_on_a_server():
    """The statements for PostgreSQL, compiled without its driver: no type or name that only SQLite takes."""
    pytest.importorskip("sqlalchemy.dialects.postgresql")
    statements = []

    class Driverless:
        paramstyle = "pyformat"
        Error = Exception

    engine = create_mock_engine(make_url("postgresql://"), lambda statement, *_a, **_k: statements.append(statement), module=Driverless)
    METADATA.create_all(engine, checkfirst=False)
    text = "\n".join(str(statement.compile(dialect=engine.dialect)) for statement in statements)
    assert "BIGSERIAL" in text
    assert "DOUBLE PRECISION" in text
    assert text.count("CREATE TABLE") == len(METADATA.tables)


def test_a_database_of_the_first_revision_is_brought_up_to_date_with_its_rows_and_its_chain(tmp_path):
    """A case written by today's program, put back into the first schema: what it held then is there after the upgrade."""
    path = tmp_path / "a.sqlite"
    address = record(path, minute(12))
    old = migrated(tmp_path / "old.sqlite", "0001")
    connection = sqlite3.connect(old)
    connection.execute("ATTACH ? AS newer", (str(path),))
    for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
        if table != "alembic_version":
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")  # noqa: S608 - names that SQLite itself told
    connection.commit()
    connection.close()
    (case,) = list_cases(address_of(old))  # reading it is enough
    assert schema_of(old) == schema_of(path)
    assert check_case(address_of(old), case.id).whole
    with open_case(address_of(old), case.id) as then, open_case(address, case.id) as now:
        assert then.pump_reports() == now.pump_reports()
        assert {status.pressure_mmhg for _, status in then.pump_reports()} == {None}
        with pytest.raises(NotReplayableError, match="was not kept"):
            replayed(then)
