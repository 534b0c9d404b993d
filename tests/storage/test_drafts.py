"""Forms under way on the disk: whole, nobody else's, as unreadable as the record, and gone when there is none."""

import os
import sqlite3
import stat
from dataclasses import replace

import pytest

from app.database_key import unlock
from clinical.assessments.body_map import PARTS, View
from clinical.assessments.charted import outlines_of
from clinical.assessments.pain_drawing import PainDrawing, Region
from clinical.forms import Phase, RecordExamination, RecordIntake, RecordRecovery
from storage.drafts import Drafts
from storage.encryption import KEY_VARIABLE
from storage.errors import StoreError
from tests.storage.made_case import START

EXAMINED = RecordExamination(
    event_at=START,
    phase=Phase.BEFORE,
    limb="right arm",
    symptoms=(("allodynia", True),),
    pain=8,
    outlines=outlines_of(PainDrawing(regions=(Region(view=View.FRONT, points=PARTS[View.FRONT]["right hand"]),))),
    note="Canary said so",
)
FORMS = {
    "examination": EXAMINED,
    "intake": RecordIntake(event_at=START, diagnosis="CRPS", medicines=("pregabalin",)),
    "recovery": RecordRecovery(event_at=START, aldrete=(("activity", 2),), escort=False),
}


def address_in(tmp_path, scheme="sqlite"):
    return f"{scheme}:///{tmp_path / 'case.sqlite'}"


def test_forms_come_back_whole_and_only_for_their_case(tmp_path):
    drafts = Drafts(address_in(tmp_path))
    drafts.keep("a", FORMS)
    again = Drafts(address_in(tmp_path))
    assert again.kept("a") == FORMS
    assert again.kept("b") == {}


def test_what_is_replaced_leaves_no_trace_in_the_file(tmp_path):
    drafts = Drafts(address_in(tmp_path))
    drafts.keep("a", FORMS)
    drafts.keep("a", {"examination": replace(EXAMINED, note="")})
    assert drafts.kept("a") == {"examination": replace(EXAMINED, note="")}
    assert b"Canary" not in (tmp_path / "case.sqlite.drafts").read_bytes()


def test_without_a_form_there_is_no_file(tmp_path):
    drafts = Drafts(address_in(tmp_path))
    drafts.keep("a", FORMS)
    drafts.keep("a", {})
    assert list(tmp_path.iterdir()) == []
    drafts.clear()
    assert drafts.kept("a") == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions are of another kind there")
def test_only_this_user_may_read_it(tmp_path):
    Drafts(address_in(tmp_path)).keep("a", FORMS)
    assert stat.S_IMODE((tmp_path / "case.sqlite.drafts").stat().st_mode) == 0o600


def test_a_write_that_is_cut_leaves_what_was(tmp_path):
    drafts = Drafts(address_in(tmp_path))
    drafts.keep("a", FORMS)
    cut = sqlite3.connect(tmp_path / "case.sqlite.drafts")
    cut.execute("DELETE FROM drafts")  # the power goes before the commit
    cut.close()
    assert drafts.kept("a") == FORMS


def test_beside_an_encrypted_record_it_is_encrypted_with_its_key(tmp_path, monkeypatch):
    pytest.importorskip("sqlcipher3")
    address = address_in(tmp_path, "sqlite+sqlcipher")
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    unlock(address, ask=lambda _question: "a long ward phrase")
    key = os.environ[KEY_VARIABLE]
    monkeypatch.setenv(KEY_VARIABLE, key)  # so that it goes with the test
    drafts = Drafts(address)
    drafts.keep("a", FORMS)
    content = (tmp_path / "case.sqlite.drafts").read_bytes()
    assert not content.startswith(b"SQLite")
    assert b"Canary" not in content
    assert drafts.kept("a") == FORMS
    monkeypatch.setenv(KEY_VARIABLE, "0" * 64 + key[64:])
    with pytest.raises(StoreError):
        drafts.kept("a")


def test_what_cannot_be_read_or_written_is_one_line(tmp_path):
    (tmp_path / "case.sqlite.drafts").write_bytes(b"no database" * 200)
    with pytest.raises(StoreError, match=r"case\.sqlite\.drafts") as told:
        Drafts(address_in(tmp_path)).kept("a")
    assert "\n" not in str(told.value)
    with pytest.raises(StoreError, match="nowhere"):
        Drafts(f"sqlite:///{tmp_path / 'nowhere' / 'case.sqlite'}").keep("a", FORMS)
