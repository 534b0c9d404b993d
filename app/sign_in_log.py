"""Who signed in, who could not, and every glass that was broken: one line for each in a file that only grows; and the wait after many
wrong ones, which no restart shortens.

The file is in the user's data folder. What was done in a case stands in the case's own record besides.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from clinical.instant import NS_PER_S, iso_utc

TRIES = 10
FIRST_WAIT_S, LONGEST_WAIT_S = 60.0, 900.0
"""After ten wrong ones, and doubled with each further one. Proposals, to be confirmed by your site."""
LOOKED_BACK_BYTES = 256_000


class Happening(Enum):
    IN = "signed in"
    OUT = "signed out"
    LOCKED = "signed out after idling"
    LOST = "signed out with a screen that was started anew"
    WRONG = "wrong"
    BREAK_GLASS = "break glass"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLine:
    utc_ns: int
    what: Happening
    name: str
    reason: str = ""


_ENDS = frozenset({Happening.OUT, Happening.LOCKED, Happening.LOST})


class SignInLog:
    """One file. Raises OSError where it cannot be written; reading what is not there or broken gives nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, line: SignInLine) -> None:
        """Durable when it returns."""
        told = asdict(line) | {"what": line.what.value, "utc": iso_utc(line.utc_ns)}
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (json.dumps(told, ensure_ascii=False) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def lines(self) -> list[SignInLine]:
        """The latest, the oldest first."""
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, self._path.stat().st_size - LOOKED_BACK_BYTES))
                content = file.read().decode("utf-8", "replace")
        except OSError:
            return []
        return [line for row in content.splitlines() if (line := _line(row)) is not None]

    def left_open(self) -> SignInLine | None:
        """Who signed in last, or broke the glass, and was never signed out: a display that was killed could not say so."""
        lines = (line for line in reversed(self.lines()) if line.what is not Happening.WRONG)
        last = next(lines, None)
        return None if last is None or last.what in _ENDS else last

    def wait_s(self, name: str, now_ns: int) -> float:
        """How long this name must still wait before another try counts."""
        wrong = 0
        last_ns = 0
        for line in self.lines():
            if line.name == name and line.what in {Happening.IN, Happening.WRONG}:
                wrong = wrong + 1 if line.what is Happening.WRONG else 0
                last_ns = line.utc_ns
        return max(0.0, backoff_s(wrong) - max(0, now_ns - last_ns) / NS_PER_S)


def backoff_s(wrong: int) -> float:
    """Seconds to wait after so many wrong tries in a row."""
    return 0.0 if wrong < TRIES else min(FIRST_WAIT_S * 2.0 ** min(wrong - TRIES, 10), LONGEST_WAIT_S)


def _line(row: str) -> SignInLine | None:
    try:
        told = json.loads(row)
        return SignInLine(
            utc_ns=int(told["utc_ns"]), what=Happening(told["what"]), name=str(told["name"]), reason=str(told.get("reason", ""))
        )
    except (ValueError, KeyError, TypeError):
        return None
