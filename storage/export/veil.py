"""What of people, places and dates goes into an export: all, or with a secret none. Knows no format and keeps no key.

Dates are moved back by whole days that follow from the secret and the patient's label: one patient's cases keep the days between
them, and who has the secret can undo it. Names become numbers in the order they appear. Free text goes, whoever wrote it: what a
device says may hold a name that somebody typed into it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from itertools import zip_longest
from uuid import UUID

from clinical.commands import CaseSetup
from clinical.metrics import CATALOGUE
from clinical.people import NOBODY, UNPROVEN
from storage.export.cells import text_cell

FEWEST_DAYS, MOST_DAYS = 366, 3652
HIDDEN = (
    "patient's label, age, sex and diagnosis, bed, free text of people, devices and alarms, serial numbers, names of operators, "
    "orders, presets and recordings; the case's id is another; dates are moved by a secret number of whole days"
)
_ROLES = frozenset({"monitor", "pump", "oximeter", "capnograph", "ventilator", "recording", "recorder"})
"""Names that the program itself gives to devices."""
_PLAIN_CHANNEL = re.compile(r"[A-Za-z]{0,3}[0-9]{0,2}")
"""Such as T1, II or 3. Anything longer may be a serial number."""

_PARTS = {
    "limit": ("metric", "code", "channel"),
    "sensor": ("metric",),
    "nodata": ("metric",),
    "link": ("device", "code"),
    "device": ("device", "channel", "code"),
    "pump": ("device", "channel", "code"),
    "dose": ("device", "channel", "code"),
}
"""What stands between the colons of a condition's id, after its kind (``clinical/alarms/conditions.py``)."""
_WORDS = frozenset(
    {"low", "high", "alarm", "not-infusing", "not-rising", "concentration", "drug", "weight"}
    | {"disk", "display", "recorder", "sound", "fault", "lost", "silent", "garbled"}
)


class Veil:
    """Gives each word as it may be written; without a secret, as it is."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret
        self._numbered: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    @property
    def hides(self) -> bool:
        return self._secret is not None

    def moved_days(self, setup: CaseSetup) -> int:
        """By how many days the dates of a case are moved back."""
        if self._secret is None:
            return 0
        return FEWEST_DAYS + int.from_bytes(self._digest("days", setup.patient.label)[:8], "big") % (MOST_DAYS - FEWEST_DAYS + 1)

    def uuid(self, uuid: str) -> str:
        """The case's id, or another that only the secret leads to."""
        return uuid if self._secret is None else str(UUID(bytes=self._digest("case", uuid)[:16], version=4))

    def text(self, text: str) -> str:
        """Free text as a cell; empty where it is hidden."""
        return "" if self.hides else text_cell(text)

    def words(self, text: str) -> str:
        """Free text as it is; empty where it is hidden."""
        return "" if self.hides else text

    def by(self, name: str) -> str:
        return text_cell(self._operator(name))

    def name(self, name: str) -> str:
        """Who did something, as it is or numbered: for files that are no sheets."""
        return self._operator(name)

    def _operator(self, name: str) -> str:
        """A number says still whether the name was proved by a PIN; nobody is no person and has none."""
        if not self.hides or name == NOBODY:
            return name
        return self._number("operator", name) + (UNPROVEN if name.endswith(UNPROVEN) else "")

    def device(self, name: str) -> str:
        return name if name in _ROLES else self._number("device", name)

    def channel(self, name: str) -> str:
        return name if _PLAIN_CHANNEL.fullmatch(name) else self._number("channel", name)

    def condition(self, condition: str) -> str:
        """The stable id of an alarm condition, with its devices, channels and makers' codes as they may be written."""
        if not self.hides:
            return condition
        kind, *parts = condition.split(":")
        names = _PARTS.get(kind, ())
        return ":".join((kind, *(self._part(part, name) for part, name in zip_longest(parts, names[: len(parts)], fillvalue="code"))))

    def _part(self, part: str, name: str) -> str:
        shown = {"metric": self._metric, "device": self.device, "channel": self.channel, "code": self._code}
        return shown[name](part)

    def _metric(self, part: str) -> str:
        return part if part in CATALOGUE else self._number("metric", part)

    def _code(self, part: str) -> str:
        return part if part in _WORDS else self.channel(part)

    def _number(self, kind: str, name: str) -> str:
        if not self.hides or not name:
            return name
        key = (kind, name)
        if key not in self._numbered:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._numbered[key] = f"{kind} {self._counts[kind]}"
        return self._numbered[key]

    def _digest(self, what: str, text: str) -> bytes:
        return hmac.new(self._secret or b"", f"{what}\0{text}".encode(), hashlib.sha256).digest()
