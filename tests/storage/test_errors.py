import os
import sqlite3
import stat

import pytest

from storage.cases import faults_of, list_cases, open_case
from storage.disk import free_bytes
from storage.errors import (
    BadDatabaseAddressError,
    NotABedsideStoreError,
    StoreDamagedError,
    StoreError,
    StoreForbiddenError,
    StoreFullError,
    StoreIsNewerError,
    StoreUnreachableError,
)
from storage.recorder import Recorder
from tests.storage.made_case import address_of, minute, record, second_of, start


def opened(address):
    recorder = Recorder(address)
    recorder.open()
    return recorder


def assert_one_line(error):
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 300
    assert "SELECT" not in text
    assert "sqlite3." not in text


@pytest.mark.parametrize("address", ["nonsense", "sqlite://", "sqlite:///:memory:", "nosuch://host/base"])
def test_bad_addresses(address):
    with pytest.raises(BadDatabaseAddressError) as error:
        opened(address)
    assert_one_line(error)


def test_a_server_that_cannot_be_reached_or_has_no_driver_is_one_line():
    with pytest.raises(StoreUnreachableError) as error:
        opened("postgresql+psycopg://u:secret@127.0.0.1:1/base")
    assert_one_line(error)
    assert "secret" not in str(error.value)


def test_no_database_there():
    with pytest.raises(StoreUnreachableError, match="does not exist"):
        list_cases("sqlite:////nowhere/at/all.sqlite")


def test_a_file_of_another_kind(tmp_path):
    (tmp_path / "a.txt").write_text("these are no tables " * 100)
    for use in (opened, list_cases):
        with pytest.raises(NotABedsideStoreError) as error:
            use(address_of(tmp_path / "a.txt"))
        assert_one_line(error)
    assert (tmp_path / "a.txt").read_text().startswith("these")
    with pytest.raises(NotABedsideStoreError, match="folder"):
        opened(address_of(tmp_path))


def test_a_database_of_another_program(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    for use in (opened, list_cases):
        with pytest.raises(NotABedsideStoreError, match="another program"):
            use(address_of(tmp_path / "a.sqlite"))


def test_a_newer_schema_is_left_alone(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(2))
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    before = (tmp_path / "a.sqlite").read_bytes()
    for use in (opened, list_cases):
        with pytest.raises(StoreIsNewerError, match="written by a newer Bedside") as error:
            use(address)
        assert_one_line(error)
    assert (tmp_path / "a.sqlite").read_bytes() == before


def test_a_damaged_database(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(20))
    data = bytearray((tmp_path / "a.sqlite").read_bytes())
    data[100:4096] = os.urandom(3996)
    (tmp_path / "a.sqlite").write_bytes(data)
    for use in (opened, list_cases):
        with pytest.raises(StoreDamagedError, match="damaged") as error:
            use(address)
        assert_one_line(error)


def test_damage_deep_inside_is_found_by_the_check(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(40))
    assert faults_of(address) == []
    data = bytearray((tmp_path / "a.sqlite").read_bytes())
    page = 4096 * (len(data) // 4096 // 2)
    data[page : page + 4096] = bytes(4096)
    (tmp_path / "a.sqlite").write_bytes(data)
    try:
        found = faults_of(address)
    except StoreError as error:
        found = [str(error)]
    assert found


def test_a_damaged_waveform_is_told(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(2))
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("UPDATE waveforms SET blob = x'0011'")
    connection.commit()
    connection.close()
    with open_case(address, 1) as history, pytest.raises(StoreDamagedError, match="waveforms"):
        list(history.segments())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may write everywhere, so nothing can be forbidden")
def test_no_permission(tmp_path):
    record(tmp_path / "a.sqlite", minute(2))
    (tmp_path / "a.sqlite").chmod(stat.S_IRUSR)
    with pytest.raises(StoreForbiddenError):
        opened(address_of(tmp_path / "a.sqlite"))


def test_readers_cannot_write(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(2))
    with (
        open_case(address, 1) as history,
        pytest.raises(StoreForbiddenError, match="may not be written"),
        history.reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM cases")


def fill(recorder, *, pages=1):
    """No page more than there are, so that SQLite itself says that the disk is full."""
    recorder._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    recorder._connection.rollback()


def test_what_a_failed_commit_held_is_written_when_space_returns(tmp_path):
    recorder = opened(address_of(tmp_path / "a.sqlite"))
    fill(recorder)
    failed = 0
    for outcome in minute(30):
        recorder.keep(outcome)
        if recorder.wants_commit(outcome):
            try:
                recorder.commit()  # the first rows find a place in the pages that the tables have
            except StoreFullError:
                failed += 1
    assert failed > 20
    fill(recorder, pages=2**30)
    recorder.commit()
    recorder.close()
    assert recorder.dropped == {"waveforms": 0, "numerics": 0}
    with open_case(address_of(tmp_path / "a.sqlite"), 1) as history:
        assert len(history.events()) == 3
        assert sum(len(segment.steps) for segment in history.segments()) == 400 * 27
    assert faults_of(address_of(tmp_path / "a.sqlite")) == []


def _fill(folder, leave):
    """A disk with no room: a file takes all that is left but ``leave`` bytes."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    (folder / "ballast").write_bytes(bytes(free - leave))


def test_a_full_disk_costs_old_waveforms_and_no_event(small_disk):
    address = address_of(small_disk / "a.sqlite")
    recorder = opened(address)
    recorder.keep(start())
    recorder.commit()
    _fill(small_disk, 8192)
    failures = 0
    for number in range(200):
        for outcome in second_of(number):
            recorder.keep(outcome)
        try:
            recorder.commit()
        except StoreFullError:
            failures += 1
    assert failures > 150
    assert recorder.dropped["waveforms"] > 100
    assert recorder.dropped["numerics"] == 0
    (small_disk / "ballast").unlink()
    recorder.commit()
    recorder.close()
    with open_case(address, 1) as history:
        assert len(history.pump_reports()) == 40
        lost = [gap for gap in history.gaps() if gap.device == "recorder"]
        assert [gap.what for gap in lost] == ["waveforms"]
        assert lost[0].until.since(lost[0].since) > 100
        samples = sum(len(segment.steps) for segment in history.segments())
        assert samples == 400 * (200 - recorder.dropped["waveforms"] // 2)
    assert faults_of(address) == []


def test_numerics_are_held_an_hour(tmp_path):
    recorder = opened(address_of(tmp_path / "a.sqlite"))
    recorder.keep(start())
    recorder.commit()
    for number in range(0, 4000, 100):
        for outcome in second_of(number):
            recorder.keep(outcome)
    fill(recorder)
    with pytest.raises(StoreFullError):
        recorder.commit()
    # of seconds 0, 100, 200 and 300: the latest is a pump report at 3900.6 s
    assert recorder.dropped["numerics"] == 4 * 3
    recorder.close()


def test_free_space_is_that_of_the_nearest_folder(tmp_path):
    assert free_bytes(address_of(tmp_path / "not" / "yet" / "a.sqlite")) > 0
    assert free_bytes("postgresql://host/base") is None


def test_a_recorder_that_is_not_open_says_so(tmp_path):
    recorder = Recorder(address_of(tmp_path / "a.sqlite"))
    recorder.keep(start())
    with pytest.raises(StoreError, match="not open"):
        recorder.commit()
