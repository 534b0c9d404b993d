"""A database that nobody reads without its key: what lies on the disk, what a wrong key meets, and that all else goes on."""

import math
import os
import stat
from collections import Counter

import pytest

from app.database_key import DatabaseKeyError, unlock
from storage.backup import back_up
from storage.cases import check_case, faults_of, list_cases
from storage.encryption import KEY_VARIABLE
from storage.errors import NotABedsideStoreError, StoreError, StoreForbiddenError
from storage.recorder import Recorder
from storage.restoring import restore
from tests.storage.made_case import minute, record

pytest.importorskip("sqlcipher3")

WORDS = "a long ward phrase"


def secret(path):
    return f"sqlite+sqlcipher:///{path}"


def unlocked(monkeypatch, address, passphrase=WORDS, ring=None):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    unlock(address, ask=lambda _question: passphrase, keyring=ring)
    monkeypatch.setenv(KEY_VARIABLE, os.environ[KEY_VARIABLE])  # so that it goes with the test
    return os.environ[KEY_VARIABLE]


def kept(address, outcomes):
    recorder = Recorder(address, boot_id="boot-a")
    recorder.open()
    for outcome in outcomes:
        recorder.keep(outcome)
    recorder.commit()
    recorder.close()
    return address


@pytest.fixture
def stored(tmp_path, monkeypatch):
    address = secret(tmp_path / "a.sqlite")
    unlocked(monkeypatch, address)
    return kept(address, minute(120))


def entropy(content):
    """Bits in a byte."""
    return -sum(count / len(content) * math.log2(count / len(content)) for count in Counter(content).values())


def test_the_file_has_no_plain_header_and_looks_like_chance(stored, tmp_path):
    content = (tmp_path / "a.sqlite").read_bytes()
    assert not content.startswith(b"SQLite")
    assert b"Canary" not in content
    assert entropy(content) > 7.9


def test_nor_has_its_log_while_a_case_is_written(tmp_path, monkeypatch):
    address = secret(tmp_path / "a.sqlite")
    unlocked(monkeypatch, address)
    recorder = Recorder(address, boot_id="boot-a")
    recorder.open()
    for outcome in minute(30):
        recorder.keep(outcome)
    recorder.commit()
    log = (tmp_path / "a.sqlite-wal").read_bytes()
    recorder.close()
    assert len(log) > 50_000
    assert b"Canary" not in log


def test_a_case_is_read_and_verified_as_any(stored):
    (case,) = list_cases(stored)
    assert check_case(stored, case.id).whole
    assert faults_of(stored) == []


def test_backup_and_restore_work_with_it_and_one_passphrase_opens_both(stored, tmp_path, monkeypatch):
    made = back_up(stored, tmp_path / "b.sqlite")
    content = made.path.read_bytes()
    assert entropy(content) > 7.9
    assert content[:16] == (tmp_path / "a.sqlite").read_bytes()[:16]
    (tmp_path / "a.sqlite").unlink()
    unlocked(monkeypatch, secret(made.path))
    assert restore(made.path, stored, aside="before").cases == 1
    assert faults_of(stored) == []


def test_a_wrong_key_is_one_line_that_does_not_tell_it(stored, monkeypatch, capfd):
    wrong = unlocked(monkeypatch, stored, "another phrase altogether")
    for try_it in (lambda: list_cases(stored), lambda: Recorder(stored).open()):
        with pytest.raises(StoreForbiddenError, match="does not open with this key") as told:
            try_it()
        assert wrong[:32] not in str(told.value)
        assert "\n" not in str(told.value)
    assert capfd.readouterr().err == ""


def test_without_a_key_nothing_opens(stored, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE)
    with pytest.raises(StoreForbiddenError, match="its key was not given"):
        list_cases(stored)


def test_plain_and_encrypted_are_not_taken_for_one_another(stored, tmp_path):
    with pytest.raises(NotABedsideStoreError):
        list_cases(f"sqlite:///{tmp_path / 'a.sqlite'}")
    record(tmp_path / "plain.sqlite", minute(3))
    with pytest.raises(StoreError, match="is not encrypted"):
        list_cases(secret(tmp_path / "plain.sqlite"))
    with pytest.raises(StoreError, match="is not encrypted"):
        restore(tmp_path / "plain.sqlite", stored, aside="before", discard=True)


class Ring(dict):
    """A keyring as a dictionary."""

    def put(self, name, value):
        self[name] = value


def test_a_keyring_saves_asking_and_the_passphrase_goes_on_working(tmp_path, monkeypatch):
    address, ring = secret(tmp_path / "a.sqlite"), Ring()
    key = unlocked(monkeypatch, address, ring=ring)
    kept(address, minute(3))
    monkeypatch.delenv(KEY_VARIABLE)

    def nobody(_question):
        raise AssertionError("nobody is to be asked")

    unlock(address, ask=nobody, keyring=ring)
    assert os.environ[KEY_VARIABLE] == key
    monkeypatch.setenv(KEY_VARIABLE, key)
    assert unlocked(monkeypatch, address) == key
    assert WORDS not in str(ring)


@pytest.mark.parametrize(("answers", "words"), [(["short", "short"], "at least 10"), (["long enough one", "long enough two"], "differ")])
def test_a_new_passphrase_is_typed_twice_and_long(tmp_path, monkeypatch, answers, words):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    typed = iter(answers)
    with pytest.raises(DatabaseKeyError, match=words):
        unlock(secret(tmp_path / "a.sqlite"), ask=lambda _question: next(typed), keyring=Ring())
    assert KEY_VARIABLE not in os.environ
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions are asked where they are files' own")
def test_a_file_with_the_passphrase_must_be_the_users_own(tmp_path):
    file = tmp_path / "phrase"
    file.write_text(WORDS + "\n")
    file.chmod(0o644)
    environment = {"BEDSIDE_PASSPHRASE_FILE": str(file)}
    with pytest.raises(DatabaseKeyError, match="can be read by others"):
        unlock(secret(tmp_path / "a.sqlite"), keyring=Ring(), environment=environment)
    file.chmod(stat.S_IRUSR)
    unlock(secret(tmp_path / "a.sqlite"), keyring=Ring(), environment=environment)
    assert len(environment[KEY_VARIABLE]) == 96
    assert WORDS not in environment[KEY_VARIABLE]


def test_a_plain_database_asks_nobody():
    environment = {}
    unlock("sqlite:////tmp/x.sqlite", environment=environment)
    assert environment == {}
