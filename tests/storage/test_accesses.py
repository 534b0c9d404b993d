"""The chain of views and exports: what it keeps, and that whatever is done to it is found and named."""

import multiprocessing
import sqlite3
from contextlib import closing

import pytest

from storage.accesses import Access, Act, accesses, accesses_fault, add
from storage.errors import NotABedsideStoreError, StoreDamagedError, StoreError

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
FORK = multiprocessing.get_context("fork")


def access(number, act=Act.VIEWED, **more):
    return Access(at_utc_ns=number, act=act, case=f"case {number}", database="a.sqlite", by="A. Meier", way="window", **more)


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "accesses.sqlite"
    for number in range(1, 6):
        assert add(path, access(number), KEY) == ""
    return path


def tamper(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, f"{statement} touched nothing"


def test_what_was_noted_is_read_again_in_its_order_and_well(log):
    told = access(6, Act.EXPORTED, format="csv", hidden="deidentified", target="out \udce4")
    assert add(log, told, KEY) == ""
    kept = accesses(log)
    assert [one.case for one in kept] == [f"case {number}" for number in range(1, 7)]
    assert (kept[-1].format, kept[-1].hidden, kept[-1].target, kept[-1].act) == ("csv", "deidentified", "out ?", Act.EXPORTED)
    assert accesses_fault(log, KEY) == ""
    assert log.stat().st_mode & 0o077 == 0


def test_nothing_noted_is_nothing_wrong(tmp_path):
    assert accesses(tmp_path / "none.sqlite") == []
    assert accesses_fault(tmp_path / "none.sqlite", KEY) == ""


SWAPPED = (
    "UPDATE accesses SET number = 99 WHERE number = 2",
    "UPDATE accesses SET number = 2 WHERE number = 3",
    "UPDATE accesses SET number = 3 WHERE number = 99",
)


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (("UPDATE accesses SET \"by\" = 'somebody else' WHERE number = 3",), "row 3 of accesses is not as it was written"),
        (("UPDATE accesses SET \"by\" = x'41' WHERE number = 1",), "row 1 of accesses is not as it was written"),
        (("DELETE FROM accesses WHERE number = 2",), "row 2 of accesses is missing"),
        (("DELETE FROM accesses WHERE number = 1",), "row 1 of accesses is missing"),
        (SWAPPED, "row 2 of accesses is not as it was written"),
        (("DELETE FROM accesses WHERE number >= 4",), "row 4 of accesses is missing: it ends there, and 5 rows were signed"),
        (("DELETE FROM accesses",), "row 1 of accesses is missing"),
        (("UPDATE ends SET number = 4",), "the signed end"),
        (("DELETE FROM ends",), "the signed end"),
        (("DELETE FROM accesses WHERE number = 5", "DELETE FROM ends"), "the signed end"),
    ],
)
def test_whatever_is_done_to_it_is_named(log, statements, named):
    tamper(log, *statements)
    assert named in accesses_fault(log, KEY)


def test_a_tail_that_was_cut_stays_found_however_much_is_noted_after_it(log):
    tamper(log, "DELETE FROM accesses WHERE number >= 4")
    for number in range(6, 11):
        assert add(log, access(number), KEY)
        assert accesses_fault(log, KEY)
    assert "row 5 of accesses is not the one that was signed" in accesses_fault(log, KEY)
    assert len(accesses(log)) == 8


def test_a_row_added_by_hand_with_a_right_hash_is_found(log, tmp_path):
    other = tmp_path / "other.sqlite"
    for number in range(1, 7):
        add(other, access(number), OTHER_KEY)
    with closing(sqlite3.connect(log)) as connection, connection:
        connection.execute("ATTACH ? AS other", (str(other),))
        connection.execute("INSERT INTO accesses SELECT * FROM other.accesses WHERE number = 6")
    assert accesses_fault(log, KEY) == "row 6 of accesses was added and never signed"
    assert "another key" in accesses_fault(other, KEY)


@pytest.mark.parametrize("content", [b"", b"no database at all, and longer than a header of one hundred bytes" * 3])
def test_a_file_that_was_emptied_or_overwritten_is_a_fault_and_takes_nothing(log, content):
    log.write_bytes(content)
    assert str(log) in accesses_fault(log, KEY)
    with pytest.raises(StoreError):
        add(log, access(6), KEY)
    if not content:
        with pytest.raises(NotABedsideStoreError, match="emptied"):
            accesses(log)


def note_some(path, by, count):
    for number in range(count):
        add(path, access(number, format=by), KEY)


def test_many_programs_note_at_once_and_the_chain_holds(tmp_path):
    path = tmp_path / "accesses.sqlite"
    programs = [FORK.Process(target=note_some, args=(path, f"program {number}", 8)) for number in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(20)
        assert program.exitcode == 0
    assert accesses_fault(path, KEY) == ""
    kept = [one.format for one in accesses(path)]
    assert sorted(kept) == sorted(f"program {number}" for number in range(4) for _ in range(8))
    assert [entry.name for entry in tmp_path.iterdir()] == ["accesses.sqlite"]


@pytest.mark.parametrize("word", ["exqorted", b"A", "\x7f"])
def test_a_word_that_is_none_of_ours_is_told_as_damage(log, word):
    with closing(sqlite3.connect(log)) as connection, connection:
        connection.execute("UPDATE accesses SET act = ? WHERE number = 2", (word,))
    with pytest.raises(StoreDamagedError, match="is damaged, a word in it is none of ours"):
        accesses(log)
    assert accesses_fault(log, KEY) == "row 2 of accesses is not as it was written"
