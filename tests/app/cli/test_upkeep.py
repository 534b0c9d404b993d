"""Backup, restore and retention as people type them."""

import os
import re
import signal
import time

import pytest

from app.supervision import OneCore
from storage.cases import list_cases
from tests.app.cli.programs import one_line, program
from tests.storage.made_case import minute, record

assert program


@pytest.fixture
def stored(tmp_path):
    return record(tmp_path / "a.sqlite", minute(20))


def test_backup_and_restore(program, stored, tmp_path):
    made = program.run("--database", stored, "backup", f"{tmp_path / 'bk'}/")
    assert made.returncode == 0, made.stderr
    (copy,) = (tmp_path / "bk").iterdir()
    assert re.fullmatch(r"bedside-\d{8}T\d{6}Z\.sqlite", copy.name)
    assert f"{copy}: " in made.stdout
    assert "1 case, checked and whole" in made.stdout
    (tmp_path / "a.sqlite").unlink()
    back = program.run("--database", stored, "restore", copy)
    assert back.returncode == 0, back.stderr
    assert len(list_cases(stored)) == 1


def test_restore_refuses_a_database_in_use(program, stored, tmp_path):
    program.run("--database", stored, "backup", tmp_path / "b.sqlite")
    lock = OneCore(stored)
    lock.take()
    try:
        told = program.run("--database", stored, "restore", tmp_path / "b.sqlite", "--discard")
    finally:
        lock.let_go()
    assert told.returncode == 2
    assert str(os.getpid()) in one_line(told)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup", "a.sqlite"), "there already"),
        (("backup", "no/such/a.sqlite"), "No such file or directory"),
        (("retention", "--older-than", "5", "--kept-in", "none.sqlite"), "does not exist"),
        (("restore", "nowhere.sqlite"), "not there"),
        (("restore", "a.sqlite"), "the database itself"),
        (("retention", "--older-than", "0"), "number of days"),
        (("retention", "--older-than", "5", "--delete", "--dry-run"), "give one of them"),
    ],
)
def test_what_cannot_be_done_is_one_line(program, stored, tmp_path, arguments, words):
    arguments = [tmp_path / word if word.endswith(".sqlite") else word for word in arguments]
    told = program.run("--database", stored, *arguments)
    assert told.returncode == 2
    assert words in one_line(told)


def test_retention_tells_and_deletes_nothing_unless_told(program, stored, tmp_path):
    told = program.run("--database", stored, "retention", "--older-than", 1)
    assert "no checked copy" in told.stdout
    assert "0 of 1 case" in told.stdout
    program.run("--database", stored, "backup", f"{tmp_path / 'bk'}/")
    told = program.run("--database", stored, "retention", "--older-than", 1, "--kept-in", tmp_path / "bk", "--dry-run")
    assert "1 of 1 case" in told.stdout
    assert len(list_cases(stored)) == 1
    done = program.run("--database", stored, "retention", "--older-than", 1, "--kept-in", tmp_path / "bk", "--delete", "--by", "R. Keeper")
    assert "Deleted: 1 case." in done.stdout, done.stderr
    assert list_cases(stored) == []


@pytest.mark.skipif(os.name == "nt", reason="what SIGKILL leaves is asked where there is one")
def test_a_backup_that_is_killed_has_no_backups_name(program, tmp_path):
    stored = record(tmp_path / "a.sqlite", minute(60), every=None)
    with program.started("--database", stored, "backup", tmp_path / "out" / "b.sqlite") as process:
        until = time.monotonic() + 15
        while not (tmp_path / "out").exists() and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (tmp_path / "out" / "b.sqlite").exists() or process.returncode == 0
