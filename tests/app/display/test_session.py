"""Signing in at the screen: who may do what, what idling ends, what it never touches, and the glass."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.display.operator import OPERATOR
from app.display.session import GLASS, Session
from app.display.signing_in import SigningIn
from app.secrets_kept import hashed
from app.sign_in_log import Happening, SignInLine, SignInLog
from app.site_data import SiteData
from clinical.commands import Acknowledge, CorrectDose, EventKind, PauseAudio, RecordEvent
from clinical.instant import Instant
from storage.people import Act, Change, change
from tests.app.display.windows import IGNORED, Database, window
from widgets.sign_in_page import REASONS, SignInPage

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
NOTE = RecordEvent(kind=EventKind.NOTE, event_at=Instant(0, 0), text="calm", by=OPERATOR)
SOON_MS = 25_000


@pytest.fixture(scope="module")
def pin() -> str:
    return hashed("482913")


@pytest.fixture
def clinic(database: Database, pin: str) -> Database:
    for name, role in (("A. Meier", "nurse"), ("T. Okafor", "technician")):
        change(database.url, Change(act=Act.ADDED, name=name, by="", at_utc_ns=1, role=role, secret=pin))
    return database


def session_of(qtbot: QtBot, database: Database, idle_min: float = 0.0) -> Session:
    session = Session(database.url, SignInLog(database.path.with_name("log")), SiteData(), idle_min)
    with qtbot.waitSignal(session.changed, timeout=SOON_MS):
        session.begin()
    return session


def test_without_users_nobody_is_asked(qtbot: QtBot, database: Database) -> None:
    session = session_of(qtbot, database)
    assert not session.required
    assert session.refusal(NOTE) == ""
    assert session.by() == OPERATOR


def test_a_pin_opens_and_everything_goes_under_the_name(qtbot: QtBot, clinic: Database) -> None:
    session = session_of(qtbot, clinic)
    assert session.refusal(NOTE) == "Sign in to record what happened."
    with qtbot.waitSignal(session.changed, timeout=SOON_MS):
        session.sign_in("A. Meier", "482913")
    assert session.refusal(NOTE) == ""
    assert session.signed(NOTE).by == "A. Meier"
    assert session.refusal(CorrectDose(weight_kg=70)).startswith("A nurse may not")
    session.sign_out()
    assert session.by() == OPERATOR
    session.wait(2)
    lines = SignInLog(clinic.path.with_name("log")).lines()
    assert [(line.what, line.name) for line in lines] == [(Happening.IN, "A. Meier"), (Happening.OUT, "A. Meier")]


def test_a_wrong_pin_is_told_and_counted(qtbot: QtBot, clinic: Database) -> None:
    session = session_of(qtbot, clinic)
    with qtbot.waitSignal(session.refused, timeout=SOON_MS) as told:
        session.sign_in("A. Meier", "482914")
    assert told.args == ["That is not the PIN of A. Meier."]
    assert session.name == ""
    assert [line.what for line in SignInLog(clinic.path.with_name("log")).lines()] == [Happening.WRONG]


def test_somebody_who_was_disabled_since_is_not_let_in(qtbot: QtBot, clinic: Database) -> None:
    session = session_of(qtbot, clinic)
    change(clinic.url, Change(act=Act.DISABLED, name="A. Meier", by="", at_utc_ns=2))
    with qtbot.waitSignal(session.refused, timeout=SOON_MS):
        session.sign_in("A. Meier", "482913")


def test_the_glass_opens_everything_at_once_and_is_kept(qtbot: QtBot, clinic: Database) -> None:
    session = session_of(qtbot, clinic)
    began = time.monotonic()
    with qtbot.waitSignal(session.glass_broken, timeout=2000) as told:
        session.break_glass(REASONS[0])
    assert time.monotonic() - began < 2.0
    assert told.args == [REASONS[0]]
    assert session.refusal(CorrectDose(weight_kg=70)) == ""
    assert session.signed(NOTE).by == GLASS
    session.wait(2)
    (line,) = SignInLog(clinic.path.with_name("log")).lines()
    assert (line.what, line.reason) == (Happening.BREAK_GLASS, REASONS[0])


def test_idling_signs_out_and_takes_nothing_that_is_heard(qtbot: QtBot, clinic: Database) -> None:
    session = session_of(qtbot, clinic, idle_min=0.2 / 60)
    with qtbot.waitSignal(session.changed, timeout=SOON_MS):
        session.sign_in("A. Meier", "482913")
    with qtbot.waitSignal(session.changed, timeout=3000):
        pass
    assert session.name == ""
    assert session.refusal(NOTE)
    assert session.refusal(PauseAudio(seconds=120)) == ""
    assert session.refusal(Acknowledge()) == ""
    session.wait(2)
    assert SignInLog(clinic.path.with_name("log")).lines()[-1].what is Happening.LOCKED


def test_a_display_that_takes_anothers_place_asks_anew_and_says_so(qtbot: QtBot, clinic: Database) -> None:
    before = session_of(qtbot, clinic)
    with qtbot.waitSignal(before.changed, timeout=SOON_MS):
        before.sign_in("A. Meier", "482913")
    before.wait(2)  # and is killed, without a word
    after = Session(clinic.url, SignInLog(clinic.path.with_name("log")), SiteData())
    after.take_over()
    with qtbot.waitSignal(after.lost, timeout=SOON_MS) as told:
        after.begin()
    assert "A. Meier is signed out" in told.args[0]
    assert after.name == ""
    assert after.refusal(NOTE)
    assert after.refusal(PauseAudio(seconds=120)) == ""
    after.wait(2)
    lines = SignInLog(clinic.path.with_name("log")).lines()
    assert [(line.what, line.name) for line in lines] == [(Happening.IN, "A. Meier"), (Happening.LOST, "A. Meier")]


@pytest.mark.parametrize("ends", ["signed out", "broke the glass", "nobody was there"])
def test_what_is_told_is_who_was_really_there(qtbot: QtBot, clinic: Database, ends: str) -> None:
    before = session_of(qtbot, clinic)
    if ends == "broke the glass":
        before.break_glass(REASONS[0])
    elif ends == "signed out":
        with qtbot.waitSignal(before.changed, timeout=SOON_MS):
            before.sign_in("A. Meier", "482913")
        before.sign_out()
    before.wait(2)
    after = Session(clinic.url, SignInLog(clinic.path.with_name("log")), SiteData())
    after.take_over()
    told: list[str] = []
    after.lost.connect(told.append)
    with qtbot.waitSignal(after.changed, timeout=SOON_MS):
        after.begin()
    assert [("glass is whole again" in words) for words in told] == [True] * (ends == "broke the glass")


def test_a_clinic_without_users_hears_nothing_of_a_new_display(qtbot: QtBot, database: Database) -> None:
    SignInLog(database.path.with_name("log")).add(SignInLine(utc_ns=1, what=Happening.IN, name="Long Gone"))
    session = Session(database.url, SignInLog(database.path.with_name("log")), SiteData())
    session.take_over()
    with qtbot.assertNotEmitted(session.lost), qtbot.waitSignal(session.changed, timeout=SOON_MS):
        session.begin()


def test_the_page_asks_for_name_and_pin_by_touch(qtbot: QtBot, clinic: Database) -> None:
    session = session_of(qtbot, clinic)

    class Window:
        def keep(self, *_pages: object) -> None: ...

        def cover(self, _page: object) -> None: ...

    signing, page = SigningIn(session, Window()), SignInPage()  # type: ignore[arg-type]
    qtbot.addWidget(page)
    qtbot.addWidget(signing.cover)
    signing.join(page)
    page.enter.click()
    assert page.told == "Touch your name first."
    page.key_of("A. Meier").click()
    page.secret.insert("482913")
    with qtbot.waitSignal(session.changed, timeout=SOON_MS):
        page.enter.click()
    assert page.subtitle.text() == "A. Meier, nurse"
    assert page.secret.text() == ""
    assert page.secret.echoMode() is page.secret.EchoMode.Password


def test_two_touches_break_the_glass(qtbot: QtBot) -> None:
    page = SignInPage()
    qtbot.addWidget(page)
    page.show()
    assert not page.reasons[0].isVisible()
    page.break_glass.click()
    with qtbot.waitSignal(page.break_glass_requested, timeout=1000) as told:
        page.reasons[1].click()
    assert told.args == [REASONS[1]]
    assert page.break_glass.isVisible()


def test_in_the_window_an_entry_without_a_name_goes_no_further_and_the_watch_goes_on(qtbot: QtBot, clinic: Database) -> None:
    with window(clinic) as program:
        display = program.display
        qtbot.waitUntil(lambda: display.session.required, timeout=SOON_MS)
        qtbot.waitUntil(program.starting.page.people.isVisible, timeout=SOON_MS)
        sent: list[object] = []
        display.bridge.send = sent.append  # type: ignore[method-assign, assignment]
        display.operator._record_event(EventKind.NOTE, "calm", 0)
        assert sent == []
        assert "Sign in" in display.window.notice.text
        display.operator.press("sound")
        assert isinstance(sent[0], PauseAudio)
        qtbot.mouseClick(program.starting.page.people, Qt.MouseButton.LeftButton)
        assert display.signing_in.cover.isVisible()
        assert display.window.bar.isVisible()
