"""The dialogue with the monitor: what is asked and asked again, and which reader gets what comes. No places, codes or bits.

The variants "trend-10s" and "trend-60s" tell the monitor's own averages in place of the displayed values. It sends them only while a
patient case is open in it, and only to who has asked for displayed values too.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation
from devices.alert_book import AlertBook
from devices.drivers.dri.alerts import standing_by_record, standing_in
from devices.drivers.dri.displayed import DisplayedValues, union_of
from devices.drivers.dri.frames import ALARM, PHDB, WAVE, Deframer, Record
from devices.drivers.dri.mapping import WAVES_ASKED
from devices.drivers.dri.requests import AUX_INFO, DISPLAYED_VALUES, FOLLOW_ALARMS, INTERVAL_S, TRENDS, ValueKind, waves_request
from devices.drivers.dri.waves import WaveReader

WAVES_WANTED = waves_request(WAVES_ASKED)
REQUESTS = frozenset({DISPLAYED_VALUES, AUX_INFO, WAVES_WANTED, FOLLOW_ALARMS, *(request for *_, request in TRENDS.values())})
"""Everything that is ever sent."""

FIRST_LEVEL_WITH_ALARMS = 10
_ALARM_STATUS = 1
_AUX_TRIES = 3
_AUX_SPACING_S = 6.0
"""Single replies are refused closer than 5 s."""
_AUX_BYTES = 114


class StandingRequest:
    """A request that is answered until further notice, made again when the answers stay away.

    The monitor forgets it when switched off, and stops waveforms by itself when the line blocks it for over 2 s.
    Unanswered, the wait doubles up to ``longest_s``, so that a monitor which has nothing to send is not pestered.

    Attributes:
        repeated: it was made again and nothing was heard since.
    """

    def __init__(self, message: bytes, patience_s: float, longest_s: float) -> None:
        self._message = message
        self._patience_s = self._wait_s = patience_s
        self._longest_s = longest_s
        self._next: Instant | None = None
        self.repeated = False

    @property
    def due(self) -> Instant | None:
        """When it should be made again; None before it was first made."""
        return self._next

    def heard(self, now: Instant) -> None:
        """An answer came."""
        self.repeated = False
        self._wait_s = self._patience_s
        self._next = now.plus(self._patience_s)

    def hurry(self, now: Instant) -> None:
        """There is new reason to expect an answer: no long wait any more."""
        self._wait_s = self._patience_s
        if self._next is not None:
            self._next = min(self._next, now)

    def outgoing(self, now: Instant) -> list[bytes]:
        """The message, if it is time."""
        if self._next is not None and now < self._next:
            return []
        if self._next is not None:
            self.repeated = True
            self._wait_s = min(2 * self._wait_s, self._longest_s)
        self._next = now.plus(self._wait_s)
        return [self._message]


class DriProtocol:
    """The host's side of the S/5 Computer Interface. Raises KeyError for an unknown variant."""

    def __init__(self, variant: str = "") -> None:
        self._kind, interval_s, trend = TRENDS[variant] if variant else (ValueKind.DISPLAYED, INTERVAL_S, None)
        self._deframer = Deframer()
        self._values = DisplayedValues(interval_s)
        self._waves = WaveReader()
        self._status_alerts, self._record_alerts = AlertBook(), AlertBook()
        self._unions: dict[int, bytes] = {}
        self._displayed_request = StandingRequest(DISPLAYED_VALUES, patience_s=8.0, longest_s=8.0)
        self._trend_request = None if trend is None else StandingRequest(trend, patience_s=2.5 * interval_s, longest_s=300.0)
        self._waves_request = StandingRequest(WAVES_WANTED, patience_s=4.0, longest_s=60.0)
        self._aux_tries_left = _AUX_TRIES
        self._aux_at: Instant | None = None
        self._follows_alarms = False
        self._identity = ""
        self._level = 0
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._deframer.bad_frames + self._waves.malformed + self._malformed

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def due(self) -> Instant | None:
        trend = self._trend_request.due if self._trend_request else None
        wanted = (self._displayed_request.due, trend, self._waves_request.due, self._aux_due)
        return min((moment for moment in wanted if moment is not None), default=None)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        """Numerics, alerts and blocks of every record that became whole."""
        return [observation for record in self._deframer.push(data) for observation in self._read(record, now)]

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        displayed = self._displayed_request.outgoing(now)
        if displayed:
            self._follows_alarms = False  # a monitor that was switched off has forgotten
            self._aux_tries_left = _AUX_TRIES
        trend = self._trend_request.outgoing(now) if self._trend_request else []
        return [*displayed, *trend, *self._waves_request.outgoing(now), *self._outgoing_aux(now), *self._outgoing_alarms()]

    @property
    def _aux_due(self) -> Instant | None:
        """Only while a cuff reading is shown whose time has not been told, and the monitor has not ignored the question."""
        return self._aux_at if self._values.cuff.time_wanted and self._aux_tries_left else None

    def _outgoing_aux(self, now: Instant) -> list[bytes]:
        if self._aux_due is None or now < self._aux_due:
            return []
        self._aux_tries_left -= 1
        self._aux_at = now.plus(_AUX_SPACING_S)
        return [AUX_INFO]

    def _outgoing_alarms(self) -> list[bytes]:
        if self._follows_alarms or self._level < FIRST_LEVEL_WITH_ALARMS:
            return []
        self._follows_alarms = True
        return [FOLLOW_ALARMS]

    def _read(self, record: Record, now: Instant) -> Sequence[Observation]:
        if record.main_type == PHDB:
            return self._read_values(record, now)
        if record.main_type == WAVE:
            return self._read_waves(record, now)
        if record.main_type == ALARM:
            return self._read_alarms(record, now)
        return ()

    def _read_values(self, record: Record, now: Instant) -> Sequence[Observation]:
        for part in record.subrecords:
            if part.type == ValueKind.AUX_INFO:
                self._read_cuff_time(part.body, record, now)
        displayed = self._unions_of(record, ValueKind.DISPLAYED)
        told = list(self._tell_displayed(displayed, record, now)) if displayed else []
        trend = {} if self._trend_request is None else self._unions_of(record, self._kind)
        if trend and self._trend_request is not None:
            self._trend_request.heard(now)
        return told + list(self._values.numerics(trend, record.level, now)) if trend else told

    def _unions_of(self, record: Record, kind: ValueKind) -> dict[int, bytes]:
        """By class, what a record holds of one kind of values."""
        found = [union_of(part) for part in record.subrecords if part.type == kind]
        self._malformed += found.count(None)
        return dict(pair for pair in found if pair is not None)

    def _tell_displayed(self, unions: dict[int, bytes], record: Record, now: Instant) -> Sequence[Observation]:
        if self._displayed_request.repeated:
            self._waves_request.hurry(now)
        self._displayed_request.heard(now)
        self._level = record.level
        self._identity = f"DRI interface level {record.level}, monitor {record.plug_id}"
        self._unions.update(unions)
        numerics = self._values.numerics(unions, record.level, now) if self._trend_request is None else ()
        if self._values.cuff.time_wanted and self._aux_at is None:
            self._aux_at = now
        return [*numerics, *self._status_alerts.update(standing_in(self._unions), now)]

    def _read_cuff_time(self, body: bytes, record: Record, now: Instant) -> None:
        """Unix seconds of the latest cuff reading by the monitor's clock, 0 if it does not know."""
        measured_s = int.from_bytes(body[:4], "little")
        if len(body) < _AUX_BYTES:
            self._malformed += 1
        elif measured_s:
            self._aux_tries_left = _AUX_TRIES
            self._values.cuff.told(record.time_s - measured_s, now)

    def _read_waves(self, record: Record, now: Instant) -> Sequence[Observation]:
        blocks = [self._waves.block(part, self._values.ambient_mmhg, now) for part in record.subrecords]
        found = [block for block in blocks if block is not None]
        if found:
            self._waves_request.heard(now)
        return found

    def _read_alarms(self, record: Record, now: Instant) -> Sequence[DeviceAlert]:
        alerts: list[DeviceAlert] = []
        for part in record.subrecords:
            standing = standing_by_record(part.body) if part.type == _ALARM_STATUS else {}
            self._malformed += standing is None
            if part.type == _ALARM_STATUS and standing is not None:
                alerts.extend(self._record_alerts.update(standing, now))
        return alerts
