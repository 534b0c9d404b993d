"""`bedside check`: the self-test. Each row of ``CHECKS`` looks at one part, says how it is and, where it is ill, what to do."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.cli.errors import NOTHING_FOUND
from app.settings import database_url

EARLIEST, LATEST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2080, 1, 1, tzinfo=UTC)
"""A clock outside of these was never set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look gave. ``remedy`` is empty where nothing is to be done."""

    ok: bool
    text: str
    remedy: str = ""


Check = Callable[[str], Finding]
"""Looks at one part; told the database's address."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "The exit status is 1 if anything is ill."
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")


def run(args: argparse.Namespace) -> int:
    """Never raises for a part that is ill: that is the answer."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (SQLAlchemy: only when something is run)

    address = database_url(args.database)
    with told_in_one_line():
        _parse(address)  # an address that is none is a wrong argument, not an ill database
    found = {name: look(address) for name, look in CHECKS.items()}
    well = all(finding.ok for finding in found.values())
    if args.json:
        rows = [{"name": name, **asdict(finding)} for name, finding in found.items()]
        print(json.dumps({"ok": well, "checks": rows}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_line(name, finding) for name, finding in found.items()))
    return 0 if well else NOTHING_FOUND


def _line(name: str, finding: Finding) -> str:
    words = f"{'ok' if finding.ok else 'NOT OK':8}{name:14}{finding.text}"
    return f"{words}. {finding.remedy}" if finding.remedy else words


def _parse(address: str) -> None:
    from storage.engine import parse_url  # noqa: PLC0415 (as above)

    parse_url(address)


def _sound(_address: str) -> Finding:
    try:
        from app.display.loudspeaker import loudspeaker  # noqa: PLC0415 (Qt: only when something is run)
    except ImportError as error:
        return Finding(ok=False, text=f"NO AUDIO: Qt cannot be loaded ({error})", remedy="Install what ./run names")
    name, why = loudspeaker()
    if name:
        return Finding(ok=True, text=f"the window sounds on {name}")
    return Finding(ok=False, text=f"NO AUDIO: {why}", remedy="Connect a loudspeaker or start the sound server; until then stay at the bed")


def _sound_of_core(_address: str) -> Finding:
    from app.core.own_sound import PLAYERS  # noqa: PLC0415 (as above)

    found = "winsound" if sys.platform == "win32" else next((path for words in PLAYERS if (path := shutil.which(words[0]))), "")
    if found:
        return Finding(ok=True, text=f"while no window lives the core sounds through {found}")
    names = ", ".join(words[0] for words in PLAYERS)
    return Finding(ok=False, text=f"NO AUDIO while no window lives: none of {names}", remedy="Install pulseaudio-utils or alsa-utils")


def _disk(address: str) -> Finding:
    from storage.disk import REFUSE_BELOW_BYTES, WARN_BELOW_BYTES, free_bytes  # noqa: PLC0415 (as above)

    free = free_bytes(address)
    if free is None:
        return Finding(ok=True, text="the record is kept on a server, which looks after its own disk")
    text = f"{free:,} bytes ({free / 1e9:.1f} GB) free where the record is kept"
    if free < REFUSE_BELOW_BYTES:
        return Finding(ok=False, text=text, remedy=f"Free some: a case needs {REFUSE_BELOW_BYTES / 1e9:g} GB")
    return Finding(ok=True, text=text, remedy="Free some before a long case" if free < WARN_BELOW_BYTES else "")


def _clock(_address: str) -> Finding:
    from app.clock import room_now, suspended_s  # noqa: PLC0415 (as above)

    now = datetime.fromtimestamp(room_now().utc_ns / 1e9, tz=UTC)
    if not EARLIEST < now < LATEST:
        return Finding(ok=False, text=f"it is {now:%Y-%m-%d} by this computer", remedy="Set its date and time before any case")
    slept_s = suspended_s()
    if slept_s is None:
        return Finding(ok=True, text=f"{now:%Y-%m-%d %H:%M} UTC; no clock here counts on while the computer sleeps", remedy="Keep it awake")
    if slept_s < -0.001:
        return Finding(ok=False, text="the clock that counts on in sleep is behind the one that does not", remedy="Restart the computer")
    return Finding(ok=True, text=f"{now:%Y-%m-%d %H:%M} UTC; this computer has slept {max(0.0, slept_s):.0f} s since it was started")


def _database(address: str) -> Finding:
    from storage.cases import damage_of, list_cases  # noqa: PLC0415 (as above)
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (as above)
    from storage.errors import StoreError, place_of  # noqa: PLC0415 (as above)

    path = sqlite_file(parse_url(address))
    if path is not None and not path.exists():
        return _place(path)
    try:
        faults, count = damage_of(address), len(list_cases(address))
    except StoreError as error:
        return Finding(ok=False, text=str(error))
    if faults:
        return Finding(ok=False, text=f"damaged: {faults[0]}", remedy="Move it away or restore a copy, and start with a new one")
    return Finding(ok=True, text=f"{place_of(parse_url(address))} opens and is whole; cases in it: {count}")


def _place(path: Path) -> Finding:
    """Of a database that is not there yet: whether it could be made."""
    place = path.absolute().parent
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return Finding(ok=False, text=f"{path} cannot be made in {place}", remedy="Choose another folder or check its permissions")
    return Finding(ok=True, text=f"{path} is not there yet; the first case makes it")


def _audit(address: str) -> Finding:
    from storage.cases import alterations_of  # noqa: PLC0415 (as above)
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (as above)
    from storage.errors import StoreError  # noqa: PLC0415 (as above)

    path = sqlite_file(parse_url(address))
    if path is not None and not path.exists():
        return Finding(ok=True, text="no case is stored yet")
    try:
        faults = alterations_of(address)
    except StoreError as error:
        return Finding(ok=False, text=f"cannot be read: {error}")
    if faults:
        return Finding(ok=False, text="; ".join(faults), remedy="The record was changed outside of Bedside: compare it with a copy")
    return Finding(ok=True, text="every case's chain is whole")


def _accesses(_address: str) -> Finding:
    from app.access_log import access_log, log_fault  # noqa: PLC0415 (as above)

    if fault := log_fault():
        return Finding(ok=False, text=fault, remedy="Keep that file, look into who changed it, and move it away: a new one is begun")
    return Finding(ok=True, text="who opened and exported cases is as it was noted" if access_log().exists() else "nothing is noted yet")


CHECKS: dict[str, Check] = {
    "sound": _sound,
    "core's sound": _sound_of_core,
    "disk": _disk,
    "clock": _clock,
    "database": _database,
    "audit chain": _audit,
    "accesses": _accesses,
}
