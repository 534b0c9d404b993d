"""The pumps of a rack as they are known: which is where, which alarms stand, which is gone. Knows no bytes and no dialogue.

A slot is only a position: what is said of a pump is bound to its serial number, where it tells one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority, PumpState, PumpStatus
from devices.alert_book import AlertBook, AlertRow, by_code
from devices.drivers.bcc.alerts import GONE, NO_PUMP, rack_row, standing_in
from devices.drivers.bcc.mapping import Values, model_of, serial_of, status_of
from devices.drivers.bcc.quads import Place, Report

MISSED_ROUNDS = 2
"""The device tells only once that a pump is gone, and that may be lost: so a pump missing from two whole rounds is gone too."""
PUMP_GONE = "39"
NO_MORE = "11"


@dataclass(slots=True)
class _Pump:
    channel: str
    alerts: AlertBook
    missed: int = 0

    def told(self, teller: str, rows: Iterable[AlertRow], now: Instant) -> list[DeviceAlert]:
        return self.alerts.update(by_code(rows), now, teller=teller, channel=self.channel)

    def forget(self, now: Instant) -> list[DeviceAlert]:
        """Nothing it said stands any longer."""
        return [alert for teller in self.alerts.tellers for alert in self.told(teller, (), now)]


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
        self._alerts = AlertBook(priorities)

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
        told += self._alerts.update(by_code(self._errors.values()), now)
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
        told += pump.told(GONE.code, (), now)
        told.append(status_of(values, pump.channel, now, interval_s))
        for key, rows in standing_in(values).items():
            told += pump.told(key, rows.values(), now)
        return told

    def _known(self, place: Place, values: Values, now: Instant) -> tuple[list[Observation], _Pump]:
        """The pump that speaks from this place; a number told only now replaces the place's own name."""
        told: list[Observation] = []
        before = self._at.get(place)
        is_new = "GNNEW" in values
        channel = serial_of(values) or (before if before and not is_new else place.label)
        if before == place.label != channel:
            told += self._pumps.pop(before).forget(now)
            self.models.pop(before, None)
        self._at[place] = channel
        self.models[channel] = model_of(values) or self.models.get(channel, "")
        return told, self._pump(channel)

    def _error_told(self, where: Place | None, error: str, now: Instant) -> list[Observation]:
        if error != PUMP_GONE:
            self._errors[error] = rack_row(error)
            return []
        channel = (self._at.get(where) or where.label) if where else ""
        if channel:
            return self._leave(self._pump(channel), now)
        return [*AlertBook(self._priorities).update(by_code([GONE]), now)]  # of a pump not named, no end will be told

    def _leave(self, pump: _Pump, now: Instant) -> list[Observation]:
        """A pump is gone: nothing it said stands any longer, and that is an alert of its own."""
        if GONE.code in pump.alerts.tellers:
            return []
        return [
            *pump.forget(now),
            PumpStatus(at=now, channel=pump.channel, state=PumpState.UNKNOWN),
            *pump.told(GONE.code, [GONE], now),
        ]

    def _pump(self, channel: str) -> _Pump:
        return self._pumps.setdefault(channel, _Pump(channel, AlertBook(self._priorities)))
