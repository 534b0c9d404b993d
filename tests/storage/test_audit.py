import sqlite3

import pytest
from sqlalchemy import text

from storage.cases import check_case
from storage.errors import NoSuchCaseError
from storage.schema import CHAINED_TABLES
from tests.storage.made_case import address_of, minute, record


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("audit") / "whole.sqlite"
    record(path, minute())
    return path.read_bytes()


@pytest.fixture
def verdict_after(whole, tmp_path):
    def change(*statements):
        path = tmp_path / "changed.sqlite"
        path.write_bytes(whole)
        connection = sqlite3.connect(path)
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, "the change changed nothing"
        connection.commit()
        connection.close()
        return check_case(address_of(path), 1)

    return change


def test_an_untouched_case_is_whole(verdict_after):
    verdict = verdict_after()
    assert verdict.whole
    # commands, transitions, pump reports, dose reports
    assert verdict.rows == 9 + 3 + 11 + 1
    assert len(verdict.head) == 64


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE commands SET refused = '' WHERE id = 7", "row 7 of commands"),
        ("UPDATE commands SET command = replace(command, '8 mg', '4 mg') WHERE id = 3", "row 3 of commands"),
        ("UPDATE alarm_transitions SET \"by\" = 'someone' WHERE id = 2", "row 2 of alarm_transitions"),
        ("UPDATE alarm_transitions SET value = 84.00000001 WHERE id = 1", "row 1 of alarm_transitions"),
        ("UPDATE pump_reports SET on_mains = 0 WHERE id = 4", "row 4 of pump_reports"),
        ("UPDATE pump_reports SET at_utc_ns = at_utc_ns + 1 WHERE id = 4", "row 4 of pump_reports"),
        ("UPDATE dose_reports SET given_mg = 1 WHERE id = 1", "row 1 of dose_reports"),
        ("UPDATE pump_reports SET hash = zeroblob(32) WHERE id = 5", "row 5 of pump_reports"),
        ("UPDATE pump_reports SET prev_hash = zeroblob(32) WHERE id = 5", "row 5 of pump_reports"),
        ("UPDATE cases SET weight_kg = 70", "set-up"),
        ("UPDATE cases SET setup_rest = replace(setup_rest, '15', '25')", "set-up"),
    ],
)
def test_an_altered_row_is_named(verdict_after, statement, place):
    assert place in verdict_after(statement).fault


def test_the_first_altered_row_is_named(verdict_after):
    fault = verdict_after("UPDATE commands SET refused = 'x' WHERE id > 2").fault
    assert "row 3 of commands" in fault


@pytest.mark.parametrize("table", CHAINED_TABLES, ids=str)
def test_a_deleted_row_is_found(verdict_after, table):
    assert "is missing" in verdict_after(str(table.delete().where(table.c.id == text("1")))).fault


def test_a_row_cut_from_the_end_is_found(verdict_after):
    fault = verdict_after("DELETE FROM commands WHERE seq = (SELECT chain_rows FROM cases)").fault
    assert "24 rows were written" in fault


def test_swapped_rows_are_found(verdict_after):
    places = verdict_after(
        "UPDATE pump_reports SET seq = -1 WHERE id = 6",
        "UPDATE pump_reports SET seq = (SELECT seq FROM pump_reports WHERE id = 6) WHERE id = 6",
        "UPDATE pump_reports SET seq = (SELECT seq FROM pump_reports WHERE id = 7) WHERE id = 6",
        "UPDATE pump_reports SET seq = (SELECT seq FROM pump_reports WHERE id = 7) - 1 WHERE id = 7",
    )
    assert not places.whole
    contents = verdict_after(
        "CREATE TEMP TABLE aside AS SELECT rate_ml_per_h, infused_ml FROM pump_reports WHERE id = 2",
        "UPDATE pump_reports SET infused_ml = (SELECT infused_ml FROM pump_reports WHERE id = 3) WHERE id = 2",
        "UPDATE pump_reports SET infused_ml = (SELECT infused_ml FROM aside) WHERE id = 3",
    )
    assert "row 2 of pump_reports" in contents.fault


def test_an_added_row_is_found(verdict_after):
    fault = verdict_after(
        "CREATE TEMP TABLE aside AS SELECT * FROM pump_reports WHERE id = 3",
        "UPDATE aside SET id = 1000",
        "INSERT INTO pump_reports SELECT * FROM aside",
    ).fault
    assert "stands twice" in fault


def test_no_such_case(whole, tmp_path):
    (tmp_path / "a.sqlite").write_bytes(whole)
    with pytest.raises(NoSuchCaseError):
        check_case(address_of(tmp_path / "a.sqlite"), 9)
