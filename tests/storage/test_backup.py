"""Backups of a database that is being written, what is refused as one, and what takes a database's place."""

import sqlite3
import threading
from contextlib import closing

import pytest

from storage import backup
from storage.backup import back_up
from storage.cases import faults_of, list_cases
from storage.errors import BackupError, NotABedsideStoreError, RestoreRefusedError, StoreDamagedError, StoreError, StoreIsNewerError
from storage.recorder import Recorder
from storage.restoring import restore
from tests.storage.made_case import START, address_of, end, made_setup, minute, record, second_of, start


def one_file(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_whole_and_of_one_file(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(20))
    shares = []
    made = back_up(address, tmp_path / "out" / "b.sqlite", shares.append)
    assert (made.cases, one_file(tmp_path / "out")) == (1, ["b.sqlite"])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert faults_of(address_of(made.path)) == []
    assert [case.setup.uuid for case in list_cases(address_of(made.path))] == [made_setup().uuid]


def test_a_backup_while_a_case_is_recorded_holds_one_moment_of_it(tmp_path):
    """The recorder commits between any two steps of the copy; none of it makes the copy begin anew, and none of it is in it."""
    recorder = Recorder(address_of(tmp_path / "a.sqlite"), boot_id="boot-a")
    recorder.open()
    recorder.keep(start())
    for number in range(400):
        for outcome in second_of(number):
            recorder.keep(outcome)
    recorder.commit()
    steps = []

    def meanwhile(_seconds):
        steps.append(len(steps))
        for outcome in second_of(400 + len(steps)):
            recorder.keep(outcome)
        recorder.commit()

    made = back_up(address_of(tmp_path / "a.sqlite"), tmp_path / "b.sqlite", rest=meanwhile)
    recorder.keep(end(5000))
    recorder.commit()
    recorder.close()
    assert 3 < len(steps) < 60
    assert faults_of(address_of(made.path)) == []
    (then,) = list_cases(address_of(made.path))
    (now,) = list_cases(address_of(tmp_path / "a.sqlite"))
    assert then.ended is None
    assert now.ended == START.plus(5000)
    with closing(sqlite3.connect(made.path)) as copy, closing(sqlite3.connect(tmp_path / "a.sqlite")) as original:
        counts = [place.execute("SELECT count(*) FROM numerics").fetchone()[0] for place in (copy, original)]
    assert counts == [1200, 3 * (400 + len(steps))]


def test_the_copy_cannot_write_into_the_record(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    before = (tmp_path / "a.sqlite").read_bytes()
    back_up(address, tmp_path / "b.sqlite")
    assert (tmp_path / "a.sqlite").read_bytes() == before


@pytest.mark.parametrize("statement", ["UPDATE commands SET by = 'Somebody'", "DELETE FROM numerics WHERE id = 7"])
def test_a_record_that_was_altered_gives_no_backup(tmp_path, statement):
    address = record(tmp_path / "a.sqlite", minute(10))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute(statement)
        file.commit()
    with pytest.raises(BackupError, match="does not pass its check"):
        back_up(address, tmp_path / "out" / "b.sqlite")
    assert one_file(tmp_path / "out") == []


def test_a_backup_that_is_interrupted_leaves_nothing(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(30))

    def stop(_share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(address, tmp_path / "out" / "b.sqlite", stop)
    assert one_file(tmp_path / "out") == []


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(3))
    (tmp_path / "b.sqlite").write_text("mine")
    with pytest.raises(BackupError, match="there already"):
        back_up(address, tmp_path / "b.sqlite")
    assert (tmp_path / "b.sqlite").read_text() == "mine"


def test_a_disk_without_room_is_told_before_anything_is_written(tmp_path, small_disk):
    address = record(tmp_path / "a.sqlite", minute(60))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as file:
        file.execute("CREATE TABLE large AS SELECT zeroblob(4000000)")
        file.execute("DROP TABLE large")  # the pages stay
        file.commit()
    with pytest.raises(StoreError, match="free some space"):
        back_up(address, small_disk / "b.sqlite")
    assert one_file(small_disk) == []


def test_restoring_gives_the_cases_back_and_keeps_the_old_database_aside(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(10))
    made = back_up(address, tmp_path / "b.sqlite")
    (tmp_path / "a.sqlite").unlink()
    record(tmp_path / "a.sqlite", iter(()))
    kept = made.path.read_bytes()
    done = restore(made.path, address, aside="before")
    assert (done.cases, done.aside, done.lost) == (1, tmp_path / "a.sqlite.before", ())
    assert len(list_cases(address)) == 1
    assert list_cases(address_of(tmp_path / "a.sqlite.before")) == []
    assert made.path.read_bytes() == kept


def test_restoring_where_there_is_no_database(tmp_path):
    made = back_up(record(tmp_path / "a.sqlite", minute(5)), tmp_path / "b.sqlite")
    done = restore(made.path, address_of(tmp_path / "new" / "c.sqlite"), aside="before")
    assert (done.cases, done.aside) == (1, None)
    assert faults_of(address_of(tmp_path / "new" / "c.sqlite")) == []


def test_a_database_with_cases_that_the_backup_lacks_stays_unless_told_otherwise(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(10))
    made = back_up(address, tmp_path / "b.sqlite")
    other = "7a0c6c1e-0000-4000-8000-000000000002"
    record(tmp_path / "a.sqlite", iter([start(made_setup(uuid=other))]))
    before = (tmp_path / "a.sqlite").read_bytes()
    with pytest.raises(RestoreRefusedError, match=other):
        restore(made.path, address, aside="before")
    assert (tmp_path / "a.sqlite").read_bytes() == before
    assert not (tmp_path / "a.sqlite.before").exists()
    done = restore(made.path, address, aside="before", discard=True)
    assert done.lost == (other,)
    assert [case.setup.uuid for case in list_cases(address_of(done.aside))] == [other, made_setup().uuid]
    assert [case.setup.uuid for case in list_cases(address)] == [made_setup().uuid]


def test_a_database_whose_last_commits_lie_in_its_log_is_kept_aside_with_them(tmp_path):
    made = back_up(record(tmp_path / "a.sqlite", minute(5)), tmp_path / "b.sqlite")
    recorder = Recorder(address_of(tmp_path / "c.sqlite"), boot_id="boot-a")
    recorder.open()
    recorder.keep(start(made_setup(uuid="7a0c6c1e-0000-4000-8000-000000000003")))
    recorder.commit()
    copied = tmp_path / "killed.sqlite"  # as a program that was killed leaves it: file and log
    for end_of_name in ("", "-wal"):
        copied.with_name(copied.name + end_of_name).write_bytes((tmp_path / f"c.sqlite{end_of_name}").read_bytes())
    recorder.close()
    done = restore(made.path, address_of(copied), aside="before", discard=True)
    assert len(list_cases(address_of(done.aside))) == 1


def damaged(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3000] = bytes(3000)
    path.write_bytes(content)


def truncated(path):
    path.write_bytes(path.read_bytes()[:20_000])


def foreign(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE songs (title)")


def newer(path):
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()


def altered(path):
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE dose_reports SET given_mg = 1000")
        file.commit()


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (damaged, (StoreDamagedError, RestoreRefusedError)),
        (truncated, (StoreDamagedError, RestoreRefusedError)),
        (foreign, NotABedsideStoreError),
        (newer, StoreIsNewerError),
        (altered, RestoreRefusedError),
        (lambda path: path.write_text("hello"), NotABedsideStoreError),
    ],
)
def test_what_is_no_sound_backup_is_refused_in_one_line_and_changes_nothing(tmp_path, spoil, error):
    address = record(tmp_path / "a.sqlite", minute(30))
    made = back_up(address, tmp_path / "b.sqlite")
    spoil(made.path)
    before = (tmp_path / "a.sqlite").read_bytes()
    with pytest.raises(error) as told:
        restore(made.path, address, aside="before", discard=True)
    assert "\n" not in str(told.value)
    assert "b.sqlite" in str(told.value)
    assert (tmp_path / "a.sqlite").read_bytes() == before
    assert one_file(tmp_path) in (["a.sqlite", "b.sqlite"], ["a.sqlite", "a.sqlite-shm", "a.sqlite-wal", "b.sqlite"])


def test_a_damaged_database_can_be_restored_over(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(30))
    made = back_up(address, tmp_path / "b.sqlite")
    (tmp_path / "a.sqlite").write_bytes(b"SQLite format 3\x00" + bytes(8000))
    done = restore(made.path, address, aside="before")
    assert len(list_cases(address)) == 1
    assert done.aside.read_bytes()[16:] == bytes(8000)


def test_a_backup_of_an_older_form_stays_what_it_is(tmp_path):
    from tests.storage.test_migrations import put_back  # the same files

    old = put_back(tmp_path / "old.sqlite", "0003", record(tmp_path / "a.sqlite", minute(12)))
    made = back_up(address_of(old), tmp_path / "b.sqlite")
    with closing(sqlite3.connect(made.path)) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
    assert made.cases == 1
    restore(made.path, address_of(tmp_path / "new.sqlite"), aside="before")
    assert len(list_cases(address_of(tmp_path / "new.sqlite"))) == 1


def test_steps_are_small_and_each_is_followed_by_a_rest(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(60))
    rests = []
    made = back_up(address, tmp_path / "b.sqlite", rest=rests.append)
    assert len(rests) >= made.size_bytes // (backup.PAGES_A_STEP * 4096)
    assert set(rests) == {backup.REST_S}


def test_a_backup_may_be_made_on_any_thread(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(5))
    thread = threading.Thread(target=back_up, args=(address, tmp_path / "b.sqlite"))
    thread.start()
    thread.join()
    assert faults_of(address_of(tmp_path / "b.sqlite")) == []
