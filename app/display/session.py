"""Who works at this screen: signed in, signed out, or under a broken glass. Judges what they may give; never anything heard or seen.

Where nobody was signed up, or that cannot be read, everything may be done as if there were no users: the record says then that it was
this screen. Hashing and reading happen away from the painting thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from app.clock import room_now
from app.display.errand import Errand
from app.display.operator import OPERATOR
from app.sign_in_log import Happening, SignInLine, SignInLog
from app.site_data import SiteData, SiteDataError
from clinical.commands import Command
from clinical.people import Roles, refusal_for
from storage.errors import StoreError
from widgets.person_row import PersonRow

if TYPE_CHECKING:
    from storage.people import Person

GLASS = "break glass"
ANEW = "This screen was started anew, and {what}. Alarms can be answered; before the next entry, sign in (F9)."
_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel})


@dataclass(frozen=True, slots=True)
class Answer:
    """To a PIN: whether it fits, and otherwise what to say."""

    name: str
    fits: bool
    why: str = ""


class Session(QObject):
    """Signals:
    changed: who is signed in, or who may.
    refused: why somebody was not signed in.
    glass_broken: the reason, to be kept in the record.
    lost: what to tell where this display took another's place, on which somebody was signed in.
    """

    changed = Signal()
    refused = Signal(str)
    glass_broken = Signal(str)
    lost = Signal(str)

    def __init__(self, database: str, log: SignInLog, site: SiteData, idle_min: float = 0.0, parent: QObject | None = None) -> None:
        """``idle_min``: minutes without a touch after which nobody is signed in any more; 0: never."""
        super().__init__(parent)
        self._database, self._log, self._site = database, log, site
        self._people: dict[str, Person] = {}
        self._roles: Roles = {}
        self._name = ""
        self._took_over = False
        self._errand: Errand | None = None
        self._noting: list[Errand] = []
        self._beginning = QTimer(self, singleShot=True)
        self._beginning.timeout.connect(self.begin)
        self._idle = QTimer(self, singleShot=True, interval=round(idle_min * 60_000))
        self._idle.timeout.connect(partial(self._leave, Happening.LOCKED))

    def begin_after(self, delay_ms: int) -> None:
        """Reads who there is, once the display had this long for its own beginning."""
        self._beginning.start(delay_ms)

    def take_over(self) -> None:
        """This display takes another's place in a running case: whoever was signed in there is not signed in here."""
        self._took_over = True

    def begin(self) -> None:
        """Reads who there is."""
        reading = Errand(lambda _: _read(self._database, self._site, self._log), (StoreError, SiteDataError), self)
        reading.done.connect(self._take)
        reading.failed.connect(self.refused)
        reading.start()
        self._noting.append(reading)

    def watch(self, window: QObject) -> None:
        """Counts touches of a window, where somebody who idles is signed out."""
        if self._idle.interval() > 0:
            window.installEventFilter(self)

    @property
    def required(self) -> bool:
        """Whether names are asked for here at all."""
        return any(person.enabled for person in self._people.values())

    @property
    def rows(self) -> tuple[PersonRow, ...]:
        """Those who may sign in."""
        return tuple(PersonRow(name=person.name, role=person.role) for person in self._people.values() if person.enabled)

    @property
    def name(self) -> str:
        """Who is signed in; empty for nobody."""
        return self._name

    @property
    def signer(self) -> str:
        """Who signs what is entered; empty where a PIN proves nobody, behind a broken glass too."""
        return "" if self._name == GLASS else self._name

    @property
    def words(self) -> str:
        """Who is signed in, with the role."""
        person = self._people.get(self._name)
        return f"{person.name}, {person.role}" if person is not None else self._name

    def by(self) -> str:
        """Under whose name things are entered now."""
        return self._name or OPERATOR

    def signed(self, command: Command) -> Command:
        """The command under the name of who gives it, where it has none of its own."""
        return replace(command, by=self._name) if self._name and command.by in {"", OPERATOR} else command

    def refusal(self, command: Command) -> str:
        """Why it may not be given now; empty where it may."""
        if not self.required or self._name == GLASS:
            return ""
        person = self._people.get(self._name)
        return refusal_for(command, None if person is None else self._roles.get(person.role))

    def sign_in(self, name: str, secret: str) -> None:
        """``changed`` or ``refused`` follows, a fraction of a second later."""
        self._errand = Errand(lambda _: _answer(self._database, self._log, name, secret), (StoreError, OSError), self)
        self._errand.done.connect(self._hear)
        self._errand.failed.connect(self.refused)
        self._errand.start()

    def sign_out(self) -> None:
        self._leave(Happening.OUT)

    def break_glass(self, reason: str) -> None:
        """At once, whoever it is; kept with its reason."""
        self._note(Happening.BREAK_GLASS, self._name, reason)
        self._enter(GLASS)
        self.glass_broken.emit(reason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() in _TOUCHES and self._name:
            self._idle.start()
        return super().eventFilter(watched, event)

    def leave(self, timeout_s: float) -> None:
        """For the end of the display: what is to be noted is noted, and pages that go hear nothing more."""
        self._beginning.stop()
        self.blockSignals(True)  # noqa: FBT003 (Qt's shape)
        self.wait(timeout_s)

    def wait(self, timeout_s: float) -> None:
        """Until what was to be noted is noted."""
        for errand in self._noting:
            errand.wait(timeout_s)

    def _take(self, read: tuple[dict[str, Person], Roles, SignInLine | None]) -> None:
        self._people, self._roles, before = read
        self.changed.emit()
        if self._took_over and self.required:
            self._took_over = False
            self._end_before(before)

    def _end_before(self, before: SignInLine | None) -> None:
        """A PIN is worth nothing where a restart stands for it; so it is asked again, and that is told."""
        if before is None or self._name:
            return
        glass = before.what is Happening.BREAK_GLASS
        self._note(Happening.LOST, GLASS if glass else before.name)
        self.lost.emit(ANEW.format(what="the glass is whole again" if glass else f"{before.name} is signed out"))

    def _hear(self, answer: Answer) -> None:
        if answer.fits:
            self._enter(answer.name)
        else:
            self.refused.emit(answer.why)

    def _enter(self, name: str) -> None:
        self._name = name
        if self._idle.interval() > 0:
            self._idle.start()
        self.changed.emit()

    def _leave(self, how: Happening) -> None:
        if self._name:
            self._note(how, self._name)
            self._name = ""
            self._idle.stop()
            self.changed.emit()

    def _note(self, what: Happening, name: str, reason: str = "") -> None:
        line = SignInLine(utc_ns=room_now().utc_ns, what=what, name=name, reason=reason)
        noting = Errand(lambda _: self._log.add(line), (OSError,), self)
        noting.failed.connect(lambda why: self.refused.emit(f"It could not be noted who is signed in ({why})."))
        noting.start()
        self._noting = [*self._noting[-3:], noting]


def _read(database: str, site: SiteData, log: SignInLog) -> tuple[dict[str, Person], Roles, SignInLine | None]:
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (SQLAlchemy: the first picture does not wait for it)
    from storage.people import people  # noqa: PLC0415 (as above)

    path = sqlite_file(parse_url(database))
    found = people(database) if path is None or path.exists() else {}
    return found, site.load_roles().value, log.left_open()


def _answer(database: str, log: SignInLog, name: str, secret: str) -> Answer:
    """Looks a PIN up as it stands now: somebody may have been disabled since."""
    from app.secrets_kept import fits  # noqa: PLC0415 (as above)
    from storage.people import people  # noqa: PLC0415 (as above)

    now_ns = room_now().utc_ns
    if (wait_s := log.wait_s(name, now_ns)) > 0:
        return Answer(name, fits=False, why=f"Too many wrong ones for {name}: try again in {wait_s:.0f} s, or break the glass.")
    person = people(database).get(name)
    good = person is not None and person.enabled and fits(secret, person.secret)
    log.add(SignInLine(utc_ns=now_ns, what=Happening.IN if good else Happening.WRONG, name=name))
    return Answer(name, fits=good, why="" if good else f"That is not the PIN of {name}.")
