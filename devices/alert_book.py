"""What a device's alarm code means, and which of its alarms stand, so that each is told once when it comes and once when it goes.

Holds no table of its own: those are in each driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority

Key = tuple[str, str]
"""An alert's code, and its channel where one report names several."""


class Source(StrEnum):
    """Where a row's meaning is mostly from; a row may say it more closely in its own words."""

    VENDOR = "vendor document"
    IMPLEMENTATION = "an independent implementation"
    NOWHERE = "not documented"
    OURS = "said by this program"


class Standing(NamedTuple):
    """One alert as it stands: what ``DeviceAlert`` says of it besides its code, its channel and its moment."""

    text: str
    priority: Priority
    technical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alarm or technical message of a device, as a row of its driver's table.

    Attributes:
        code: the maker's own, as short as it can be named.
        text: in English; it says which kind of device speaks.
        priority: a proposal, to be confirmed by your clinicians: makers do not send one.
        source: where the meaning is from.
        technical: of the device and its sensor, not of the patient.
    """

    code: str
    text: str
    priority: Priority
    source: str
    technical: bool = True


def unknown_row(device: str, where: str, number: int) -> AlertRow:
    """A row for a code that no source explains: told all the same, because it may be the one that matters."""
    named = f"unknown code 0x{number:X}"
    return AlertRow(code=f"{where}-{number:X}", text=f"{device}: {named} ({where})", priority=Priority.LOW, source=Source.NOWHERE)


def by_code(rows: Iterable[AlertRow | None]) -> dict[Key, Standing]:
    """Rows that stand now, for the book; None is none."""
    return {(row.code, ""): Standing(row.text, row.priority, row.technical) for row in rows if row is not None}


@dataclass(slots=True)
class AlertBook:
    """Which alerts stand, by who tells of them, in the order of their telling.

    Attributes:
        priorities: overrule what rows and devices say, by code or by what codes have before their colon.
    """

    priorities: Mapping[str, Priority] = field(default_factory=dict)
    _standing: dict[str, dict[Key, DeviceAlert]] = field(default_factory=dict)

    @property
    def tellers(self) -> tuple[str, ...]:
        """Those by whose word an alert stands."""
        return tuple(self._standing)

    def update(self, standing: Mapping[Key, Standing], at: Instant, *, teller: str = "", channel: str = "") -> list[DeviceAlert]:
        """Alerts that went, then those that came or changed, against what stood before.

        Args:
            teller: the part of the device that says so: what another has told stands on.
            channel: of alerts whose key names none. An alert keeps the channel it began with, so that it also ends there.
        """
        before = self._standing.pop(teller, {})
        stands = {key: self._alert(key, said, at, channel, before.get(key)) for key, said in standing.items()}
        if stands:
            self._standing[teller] = stands
        gone = [replace(alert, at=at, active=False) for key, alert in before.items() if key not in stands]
        return gone + [alert for key, alert in stands.items() if alert is not before.get(key)]

    def _alert(self, key: Key, said: Standing, at: Instant, channel: str, before: DeviceAlert | None) -> DeviceAlert:
        """The alert as told before, if nothing changed."""
        code, own_channel = key
        alert = DeviceAlert(
            at=at if before is None else before.at,
            code=code,
            text=said.text,
            priority=self.priorities.get(code, self.priorities.get(code.partition(":")[0], said.priority)),
            technical=said.technical,
            channel=(own_channel or channel) if before is None else before.channel,
        )
        return before if before == alert else replace(alert, at=at)
