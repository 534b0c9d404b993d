"""A case that was exported comes back whole; what is damaged, foreign, altered or meant to harm does not come in."""

import json
import sqlite3

import pytest

from storage.cases import check_case, open_case
from storage.errors import ImportRefusedError
from storage.export.case_folder import Terms, write_folder
from storage.export.case_record import RECORD
from storage.export.folder_check import folder_faults, seal_told
from storage.importing.whole_case import import_case, record_in
from tests.storage.made_case import address_of, minute, record
from tests.storage.round_trip import everything

KEY = b"k" * 32


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", minute(30))


@pytest.fixture
def folder(address, tmp_path):
    with open_case(address, 1) as history:
        return write_folder(RECORD, history, tmp_path / "out", Terms(program_version="1", seal_key=KEY))


def test_a_case_comes_back_whole_beside_others(address, folder, tmp_path):
    home = record(tmp_path / "home.sqlite", minute(5), every=3)
    with pytest.raises(ImportRefusedError, match="here already, as case 1"):
        import_case(record_in(folder), home)
    with sqlite3.connect(tmp_path / "home.sqlite") as connection:
        connection.execute("UPDATE cases SET uuid = 'another'")
    connection.close()
    assert import_case(record_in(folder), home) == 2
    assert check_case(home, 2).whole
    with open_case(home, 2) as history:
        assert history.chain() == open_case(address, 1).chain()
    fresh = address_of(tmp_path / "new" / "fresh.sqlite")
    assert import_case(record_in(folder / "case.sqlite"), fresh) == 1
    assert everything(fresh) == everything(address)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE numerics SET value = value + 1 WHERE id = 5", "row 5 of numerics"),
        ("DELETE FROM commands WHERE id = 2", "is missing"),
        ("DELETE FROM seals", "seal 1 is missing"),
        ("CREATE TRIGGER t AFTER INSERT ON cases BEGIN DELETE FROM cases; END", "it holds 't'"),
        ("CREATE VIEW v AS SELECT * FROM cases", "it holds 'v'"),
        ("CREATE TABLE own (a)", "it holds 'own'"),
        ("DROP TABLE cases", "is no record of Bedside"),
    ],
)
def test_what_was_altered_or_is_strange_is_refused(folder, tmp_path, change, told):
    with sqlite3.connect(folder / "case.sqlite") as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(ImportRefusedError, match=told) as error:
        import_case(folder / "case.sqlite", address_of(tmp_path / "home.sqlite"))
    assert "\n" not in str(error.value)
    assert not (tmp_path / "home.sqlite").exists()


@pytest.mark.parametrize("keep", [100, 4096, 20_000, -1])
def test_a_record_that_was_cut_is_refused(folder, tmp_path, keep):
    path = folder / "case.sqlite"
    path.write_bytes(path.read_bytes()[:keep] if keep > 0 else path.read_bytes()[:-4096])
    with pytest.raises(ImportRefusedError):
        import_case(path, address_of(tmp_path / "home.sqlite"))


def test_what_is_no_record_is_none(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    assert record_in(tmp_path / "a.zip") is None
    assert record_in(tmp_path) is None
    assert record_in(tmp_path / "nothing") is None


def test_a_folder_that_was_changed_names_its_first_file(folder):
    assert folder_faults(folder) == []
    assert seal_told(folder, KEY).holds
    assert "another installation" in seal_told(folder, b"x" * 32).text
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "more.txt").write_text("x")
    (folder / "case.sqlite").write_bytes(b"x")
    assert folder_faults(folder) == ["case.sqlite is not as it was written", "more.txt was added"]
    manifest["files"] += [{"name": "../../etc/passwd", "sha256": ""}, {"name": "/etc/passwd", "sha256": ""}, {"name": 3}]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    outside = [fault for fault in folder_faults(folder) if "not in this folder" in fault]
    assert len(outside) == 3
    assert "'../../etc/passwd'" in outside[0]
    assert seal_told(folder, KEY).broken
