"""The pages on which somebody signs in: docked beside the watch, or over the start; both say the same and ask the same session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.display.session import GLASS, Session

if TYPE_CHECKING:
    from app.display.main_window import MainWindow
    from widgets.sign_in_page import SignInPage


class SigningIn(QObject):
    """Wires as many pages as there are to one session, and covers the window with one of its own before a case."""

    def __init__(self, session: Session, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._window = window
        self._pages: list[SignInPage] = []
        self._back: Callable[[], None] | None = None
        session.changed.connect(self._show)
        session.refused.connect(self._refuse)

    @cached_property
    def cover(self) -> SignInPage:
        """Made when it is wanted: a first picture does not wait for it."""
        from widgets.sign_in_page import SignInPage  # noqa: PLC0415 (see above)

        page = SignInPage()
        page.back.set_note("")  # before a case there is nothing live to give way to
        self._window.keep(page)
        page.back_requested.connect(self._leave)
        self.join(page)
        return page

    def join(self, page: SignInPage) -> None:
        """Another page that asks this session."""
        self._pages.append(page)
        page.sign_in_requested.connect(self._session.sign_in)
        page.sign_out_requested.connect(self._session.sign_out)
        page.break_glass_requested.connect(self._session.break_glass)
        self._fill(page)

    def open(self, back: Callable[[], None], why: str = "") -> None:
        """Before a case: fills the window until somebody is signed in, or Back is pressed."""
        self._back = back
        self.cover.tell(why)
        self._window.cover(self.cover)

    def _leave(self) -> None:
        back, self._back = self._back, None
        if back is not None:
            back()

    def _show(self) -> None:
        for page in self._pages:
            self._fill(page)
            if self._session.name:
                page.back_requested.emit() if page.isVisible() else page.tell("")

    def _fill(self, page: SignInPage) -> None:
        session = self._session
        if page.rows_shown != session.rows:
            page.set_people(session.rows)
        page.set_signed_in("the glass is broken: everything may be done" if session.name == GLASS else session.words)

    def _refuse(self, why: str) -> None:
        for page in self._pages:
            page.tell(why, ill=True)
