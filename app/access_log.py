"""Notes in the installation's own chain who opened a case and who let one leave (``storage/accesses.py``, decision 0018).

A view or an export is never held back because it cannot be noted: whoever looks is told instead, so every function here gives words.
What reads a database takes 0.2 s to load, so it is imported when something is first noted.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import room_now
from app.kept_key import SEAL, KeptKeyError, kept_key
from app.settings import data_folder

if TYPE_CHECKING:
    from storage.accesses import Access, Act

WINDOW, COMMAND_LINE = "window", "command line"
DEIDENTIFIED = "deidentified"
FIGURES = "figures over all courses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, and by which way."""

    by: str
    way: str = WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What leaves: ``target`` is a file's or folder's name alone, or the address it is sent to."""

    format: str
    target: str
    deidentified: bool = False


def user_of_computer() -> Viewer:
    """Of a command: the account it runs under."""
    try:
        return Viewer(by=getpass.getuser(), way=COMMAND_LINE)
    except (KeyError, OSError):  # an account without a name
        return Viewer(by="unknown", way=COMMAND_LINE)


def access_log() -> Path:
    """Where the chain is kept."""
    from storage.accesses import NAME  # noqa: PLC0415 (see above)

    return data_folder() / NAME


def log_fault() -> str:
    """What is wrong with the chain; empty where nothing is, or nothing was ever noted."""
    from storage.accesses import accesses_fault  # noqa: PLC0415 (see above)

    with suppress(OSError):  # an account without a folder of its own has noted nothing, and each attempt was told
        path = access_log()
        try:
            return accesses_fault(path, kept_key(SEAL)) if path.exists() else ""
        except KeptKeyError as error:
            return f"it cannot be checked: {error}"
    return ""


def note_view(viewer: Viewer, database: str, case: str) -> str:
    """That somebody opened the case of that uuid. Empty, or what to tell because it could not be noted as it should."""
    from storage.accesses import Act  # noqa: PLC0415 (see above)

    return _note(_access(viewer, database, case, Act.VIEWED))


def note_figures(viewer: Viewer, database: str, *, deidentified: bool = False) -> str:
    """That somebody looked at figures over all courses, for which every chart was read: one row for all cases. Words as ``note_view``."""
    from storage.accesses import Act  # noqa: PLC0415 (see above)

    access = _access(viewer, database, "", Act.VIEWED)
    return _note(replace(access, format=FIGURES, hidden=DEIDENTIFIED if deidentified else ""))


def note_export(viewer: Viewer, database: str, case: str, leaving: Leaving) -> str:
    """That something of a case was written, where it is done all at once. Empty, or what to tell."""
    from storage.accesses import Act  # noqa: PLC0415 (see above)

    return _note(_export(viewer, database, case, leaving, Act.EXPORTED))


@contextmanager
def noted_export(viewer: Viewer, database: str, case: str, leaving: Leaving, tell: Callable[[str], None]) -> Iterator[None]:
    """Notes that an export begins, and how it ends. ``tell`` hears of what could not be noted, once."""
    from storage.accesses import Act  # noqa: PLC0415 (see above)

    begun = _export(viewer, database, case, leaving, Act.BEGUN)
    why = _note(begun)
    if why:
        tell(why)
    end = Act.NOT_FINISHED
    try:
        yield
        end = Act.EXPORTED
    finally:
        ended = _note(replace(begun, act=end, at_utc_ns=room_now().utc_ns))
        if ended and not why:
            tell(ended)


def _export(viewer: Viewer, database: str, case: str, leaving: Leaving, act: Act) -> Access:
    hidden = DEIDENTIFIED if leaving.deidentified else ""
    return replace(_access(viewer, database, case, act), format=leaving.format, hidden=hidden, target=leaving.target)


def _access(viewer: Viewer, database: str, case: str, act: Act) -> Access:
    from storage.accesses import Access  # noqa: PLC0415 (see above)

    return Access(at_utc_ns=room_now().utc_ns, act=act, case=case, database=_name_of(database), by=viewer.by, way=viewer.way)


def _name_of(database: str) -> str:
    """A file without its folder; a server without the password."""
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (see above)
    from storage.errors import place_of  # noqa: PLC0415 (see above)

    url = parse_url(database)
    path = sqlite_file(url)
    return place_of(url) if path is None else path.name


def _note(access: Access) -> str:
    from storage.accesses import add  # noqa: PLC0415 (see above)
    from storage.errors import StoreError  # noqa: PLC0415 (see above)

    try:
        fault = add(access_log(), access, kept_key(SEAL))
    except (StoreError, KeptKeyError, OSError) as error:
        return f"This could not be noted in the list of views and exports ({access.act.value}): {error}"
    return f"The list of views and exports is not as it was written ({fault})" if fault else ""
