"""The pumps of a rack as they are known: which is where, which alarms stand, which is gone. Knows no bytes and no dialogue.

A slot is only a position: what is said of a pump is bound to its serial number, where it tells one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority, PumpState, PumpStatus
from devices.drivers.bcc.alerts import GONE, NO_PUMP, AlertRow, rack_row, standing_in
from devices.drivers.bcc.mapping import Values, model_of, serial_of, status_of
from devices.drivers.bcc.quads import Place, Report

MISSED_ROUNDS = 2
"""The device tells only once that a pump is gone, and that may be lost: so a pump missing from two whole rounds is gone too."""
PUMP_GONE = "39"
NO_MORE = "11"


@dataclass(slots=True)
class _Pump:
    channel: str
    standing: dict[str, dict[str, AlertRow]] = field(default_factory=dict)
    missed: int = 0
    gone: bool = False


class Rack:
    """Takes what frames report, gives what is news.

    Attributes:
        models: make and channel of each pump seen, in order of appearance.
    """

    def __init__(self, priorities: Mapping[str, Priority]) -> None:
        self.models: dict[str, str] = {}
        self._priorities = priorities
        self._at: dict[Place, str] = {}
        self._pumps: dict[str, _Pump] = {}
        self._seen: set[str] = set()
        self._errors: dict[str, AlertRow] = {}
        self._standing_errors: dict[str, AlertRow] = {}

    def take(self, report: Report, now: Instant, interval_s: float) -> list[Observation]:
        """Observations of one frame's report, ``interval_s`` before the next."""
        told: list[Observation] = []
        for place, values in report.pumps.items():
            told += self._pump_told(place, values, now, interval_s)
        for where, error in report.errors:
            told += self._error_told(where, error, now)
        return told

    def end(self, now: Instant, *, whole_round: bool) -> list[Observation]:
        """The last block has come. After a whole round of all pumps, whoever was not in it may be gone."""
        told = self._miss(now) if whole_round else []
        if not self._seen and NO_MORE in self._errors:
            self._errors[NO_MORE] = NO_PUMP
        else:
            self._errors.pop(NO_MORE, None)
        told += self._changed(self._standing_errors, self._errors, "", now)
        self._standing_errors = self._errors
        self._errors = {}
        self._seen = set()
        return told

    def _miss(self, now: Instant) -> list[Observation]:
        told: list[Observation] = []
        for pump in self._pumps.values():
            pump.missed = 0 if pump.channel in self._seen else pump.missed + 1
            if pump.missed >= MISSED_ROUNDS:
                told += self._leave(pump, now)
        return told

    def _pump_told(self, place: Place, values: Values, now: Instant, interval_s: float) -> list[Observation]:
        if not values:
            return []
        told, pump = self._known(place, values, now)
        self._seen.add(pump.channel)
        if pump.gone:
            pump.gone = False
            told.append(self._alert(GONE, pump.channel, now, active=False))
        told.append(status_of(values, pump.channel, now, interval_s))
        for key, rows in standing_in(values).items():
            told += self._changed(pump.standing.get(key, {}), rows, pump.channel, now)
            pump.standing[key] = rows
        return told

    def _known(self, place: Place, values: Values, now: Instant) -> tuple[list[Observation], _Pump]:
        """The pump that speaks from this place; a number told only now replaces the place's own name."""
        told: list[Observation] = []
        before = self._at.get(place)
        is_new = "GNNEW" in values
        channel = serial_of(values) or (before if before and not is_new else place.label)
        if before == place.label != channel:
            told += self._forget(self._pumps.pop(before), now)
            self.models.pop(before, None)
        self._at[place] = channel
        self.models[channel] = model_of(values) or self.models.get(channel, "")
        return told, self._pumps.setdefault(channel, _Pump(channel))

    def _error_told(self, where: Place | None, error: str, now: Instant) -> list[Observation]:
        if error != PUMP_GONE:
            self._errors[error] = rack_row(error)
            return []
        channel = (self._at.get(where) or where.label) if where else ""
        return self._leave(self._pumps.setdefault(channel, _Pump(channel)), now) if channel else [self._alert(GONE, "", now, active=True)]

    def _leave(self, pump: _Pump, now: Instant) -> list[Observation]:
        """A pump is gone: nothing it said stands any longer, and that is an alert of its own."""
        if pump.gone:
            return []
        pump.gone = True
        return [
            *self._forget(pump, now),
            PumpStatus(at=now, channel=pump.channel, state=PumpState.UNKNOWN),
            self._alert(GONE, pump.channel, now, active=True),
        ]

    def _forget(self, pump: _Pump, now: Instant) -> list[Observation]:
        ended = [self._changed(rows, {}, pump.channel, now) for rows in pump.standing.values()]
        pump.standing.clear()
        return [alert for alerts in ended for alert in alerts]

    def _changed(self, before: Mapping[str, AlertRow], after: Mapping[str, AlertRow], channel: str, now: Instant) -> list[Observation]:
        """Alerts that ended and alerts that began."""
        ended: Iterable[AlertRow] = (row for code, row in before.items() if code not in after)
        begun: Iterable[AlertRow] = (row for code, row in after.items() if code not in before)
        return [
            *(self._alert(row, channel, now, active=False) for row in ended),
            *(self._alert(row, channel, now, active=True) for row in begun),
        ]

    def _alert(self, row: AlertRow, channel: str, now: Instant, *, active: bool) -> DeviceAlert:
        row = replace(row, priority=self._priorities.get(row.code, row.priority))
        return DeviceAlert(at=now, code=row.code, text=row.text, priority=row.priority, active=active, technical=True, channel=channel)
