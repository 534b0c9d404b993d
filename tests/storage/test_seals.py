"""Seals go on over restarts, failed commits and cases that were begun before there were any."""

import sqlite3

import pytest

from clinical.messages import FromDevice, Outcome
from clinical.metrics import HEART_RATE
from clinical.observations import Numeric
from storage.cases import check_case, list_cases
from storage.errors import StoreError
from storage.recorder import Recorder
from tests.storage.made_case import START, address_of, end, record, second_of, start


def changed(path, *statements):
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return check_case(address_of(path), 1)


def go_on(address, seconds, boot_id="boot-b"):
    recorder = Recorder(address, program_version="1.2.3", boot_id=boot_id)
    recorder.open()
    recorder.resume(1, START.plus(100))
    for number in seconds:
        for outcome in second_of(number):
            recorder.keep(outcome)
        recorder.commit()
    recorder.close()


def unended(path, seconds=5):
    return record(path, iter([start(), *(outcome for number in range(seconds) for outcome in second_of(number))]), every=4)


def test_a_case_that_goes_on_after_a_restart_is_whole_and_guarded(tmp_path):
    address = unended(tmp_path / "a.sqlite")
    assert check_case(address, 1).whole
    go_on(address, range(101, 106))
    assert check_case(address, 1).whole
    assert "runs" in changed(tmp_path / "a.sqlite", "UPDATE runs SET shift_ns = shift_ns + 1 WHERE number = 2").fault


def test_what_was_recorded_before_there_were_seals_is_counted_and_the_rest_sealed(tmp_path):
    path = tmp_path / "old.sqlite"
    address = unended(path)
    with sqlite3.connect(path) as connection:
        for newer in ("seals", "waveform_overviews", "forwardings", "bed_states", "people", "tombstones"):
            connection.execute(f"DROP TABLE {newer}")
        connection.execute("UPDATE alembic_version SET version_num = '0002'")
    connection.close()
    assert len(list_cases(address)) == 1  # brings it up to date
    assert check_case(address, 1).whole
    connection = sqlite3.connect(path)
    (before,) = connection.execute("SELECT max(id) FROM numerics").fetchone()
    connection.close()
    go_on(address, range(101, 104))
    assert check_case(address, 1).whole
    later = f"UPDATE numerics SET value = 1 WHERE id > {before}"  # noqa: S608 - our own number
    assert f"row {before + 1} of numerics" in changed(path, later).fault


def test_a_commit_that_failed_is_sealed_once_when_it_is_written(tmp_path):
    recorder = Recorder(address_of(tmp_path / "a.sqlite"), program_version="1.2.3")
    recorder.open()
    recorder.keep(start())
    recorder.commit()
    recorder._connection.exec_driver_sql("CREATE TEMP TRIGGER refuse AFTER INSERT ON seals BEGIN SELECT RAISE(ABORT, 'no'); END")
    recorder._connection.commit()

    value = Numeric(at=START.plus(1), metric=HEART_RATE, value=60.0)
    recorder.keep(Outcome(message=FromDevice("monitor", value), shown=value))
    with pytest.raises(StoreError):
        recorder.commit()
    recorder._connection.exec_driver_sql("DROP TRIGGER refuse")
    recorder._connection.commit()
    recorder.keep(Outcome(message=FromDevice("monitor", value), shown=value))
    recorder.commit()
    recorder.close()
    assert check_case(address_of(tmp_path / "a.sqlite"), 1).whole
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    assert connection.execute("SELECT count(*) FROM numerics").fetchone() == (2,)
    assert connection.execute("SELECT count(*) FROM seals").fetchone() == (2,)
    connection.close()


def long_case(path, *, ended):
    parts = [start(), *(outcome for number in range(150) for outcome in second_of(number))]
    return record(path, iter([*parts, end(150)] if ended else parts))


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE waveforms SET blob = zeroblob(length(blob)) WHERE id = 1",
            "of waveforms",
        ),
        ("DELETE FROM waveforms WHERE id = 1", "of waveforms"),
        ("UPDATE waveform_overviews SET blob = x'00' WHERE id = 1", "row 1 of waveform_overviews"),
        ("UPDATE waveform_overviews SET upto_id = upto_id + 1 WHERE id = 1", "row 1 of waveform_overviews does not say"),
    ],
)
def test_minutes_of_waveforms_are_sealed_while_the_case_runs_and_when_it_has_ended(tmp_path, ended, change, named):
    address = long_case(tmp_path / "a.sqlite", ended=ended)
    assert check_case(address, 1).whole
    assert named in changed(tmp_path / "a.sqlite", change).fault


def test_seconds_that_nobody_recorded_are_found_once_the_case_has_ended(tmp_path):
    long_case(tmp_path / "a.sqlite", ended=True)
    columns = "at_utc_ns, at_mono_ns, until_mono_ns, blob"
    more = f"INSERT INTO waveforms (case_id, {columns}) SELECT 1, {columns} FROM waveforms"  # noqa: S608 - our own names
    assert "of waveforms" in changed(tmp_path / "a.sqlite", more).fault
