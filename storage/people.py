"""The people of an installation: an append-only history of who was added, changed or disabled, and by whom. Keeps hashes, no secrets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from sqlalchemy import inspect, select

from storage.engine import parse_url, reading_engine, writing_engine
from storage.errors import PeopleError, told_plainly
from storage.house import append
from storage.rows import Kept
from storage.schema import PEOPLE
from storage.upgrade import bring_up_to_date, revision_of

LONGEST_NAME = 40


class Act(Enum):
    ADDED = "added"
    ROLE = "role changed"
    SECRET = "secret changed"  # noqa: S105 - what was done, not what it is
    DISABLED = "disabled"
    ENABLED = "enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """As the history leaves them. ``secret``: Argon2id, in its own encoding."""

    name: str
    role: str
    secret: str
    enabled: bool
    since_utc_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row of the history. ``role`` and ``secret`` are empty where the act leaves them."""

    act: Act
    name: str
    by: str
    at_utc_ns: int
    role: str = ""
    secret: str = ""


def people(address: str) -> dict[str, Person]:
    """Everybody there ever was, by name, in the order in which they came. Raises StoreError."""
    return _folded(history(address))


def history(address: str) -> list[Change]:
    """Every change, the first one first. Raises StoreError.

    A database of an older form, which has nobody, is left as it is: the display reads this while the core may be bringing it up to date.
    """
    url = parse_url(address)
    with told_plainly(url), reading_engine(url).connect() as connection, connection.begin():
        if revision_of(connection, url) is None or not inspect(connection).has_table(PEOPLE.name):
            return []
        return [_change(row) for row in connection.execute(select(PEOPLE).order_by(PEOPLE.c.number))]


def change(address: str, told: Change) -> None:
    """Adds to the history. Whoever calls holds the only lock. Raises PeopleError where it makes no sense, StoreError."""
    url = parse_url(address)
    engine = writing_engine(url)
    try:
        with told_plainly(url), engine.connect() as writer:
            bring_up_to_date(writer, url)
            with writer.begin():
                there = _folded(_change(row) for row in writer.execute(select(PEOPLE).order_by(PEOPLE.c.number)))
                require_sense(told, there)
                values = {name: getattr(told, name) for name in ("at_utc_ns", "by", "name", "role", "secret")}
                append(writer, PEOPLE, act=told.act.value, **values)
    finally:
        engine.dispose()


def require_sense(told: Change, there: dict[str, Person]) -> None:
    """Raises PeopleError where a change makes no sense beside who is there."""
    name = told.name
    if told.act is not Act.ADDED:
        if name not in there:
            raise PeopleError(f"there is no {name!r}: `bedside users list` tells who there is")
        if told.act in {Act.DISABLED, Act.ENABLED} and there[name].enabled is (told.act is Act.ENABLED):
            raise PeopleError(f"{name} is {told.act.value} already")
        return
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise PeopleError(f"{name!r} is no name: 1 to {LONGEST_NAME} letters, without blanks at its ends")
    if same := next((one for one in there if one.casefold() == name.casefold()), None):
        raise PeopleError(f"there is {same!r} already; a name is given once and for all, so that the record stays clear")


def _folded(changes: Iterable[Change]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for told in changes:
        before = found.get(told.name)
        if before is None:
            found[told.name] = Person(name=told.name, role=told.role, secret=told.secret, enabled=True, since_utc_ns=told.at_utc_ns)
            continue
        enabled = before.enabled if told.act not in {Act.DISABLED, Act.ENABLED} else told.act is Act.ENABLED
        found[told.name] = replace(before, role=told.role or before.role, secret=told.secret or before.secret, enabled=enabled)
    return found


def _change(row: Kept) -> Change:
    return Change(act=Act(row.act), name=row.name, by=row.by, at_utc_ns=row.at_utc_ns, role=row.role, secret=row.secret)
