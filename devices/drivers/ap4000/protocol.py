"""The host's side of an AP-4000 line: who is it, then how does it stand, every three seconds. Knows no byte layout and no table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority
from devices.alert_book import AlertBook, Key, Standing
from devices.drivers.ap4000.alerts import Alarm, standing_of
from devices.drivers.ap4000.frames import Frame, FrameReader
from devices.drivers.ap4000.mapping import LEAST_FIELDS, VOLUME_STEP_ML, alarms_of, channels_of, state_of, status_of
from devices.drivers.ap4000.requests import ASK_IDENTITY, CONNECT, STATUS, ask_status, is_system_id
from devices.plunger_motion import PlungerMotion

ASK_EVERY_S = 3.0
FIRST_STATUS_AFTER_S = 0.2
TRIES = 3


class Ap4000Protocol:
    """Polls one system of two pumps. ``priorities`` overrules, by alert code, what the pump and ``alerts.py`` say."""

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] | None = None) -> None:
        if variant:
            raise ValueError(f"ap4000: there is no variant {variant!r}")
        self._reader = FrameReader()
        self._alerts = AlertBook(priorities or {})
        self._motions: dict[str, PlungerMotion] = {}
        self._system_id = ""
        self._version = ""
        self._unanswered = 0
        self._ask_at: Instant | None = None
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        """System number and protocol: "AP-4000 032-19-50-014 (protocol 0.1)"."""
        return f"AP-4000 {self._system_id} (protocol {self._version})" if self._system_id else ""

    @property
    def due(self) -> Instant | None:
        return self._ask_at

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self._ask_at is not None and now < self._ask_at:
            return ()
        self._ask_at = now.plus(ASK_EVERY_S)
        self._unanswered += 1
        if not self._system_id or self._unanswered > TRIES:
            return (ASK_IDENTITY,)
        return (ask_status(self._system_id),)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [observation for frame in self._reader.feed(data) for observation in self._frame(frame, now)]

    def _frame(self, frame: Frame, now: Instant) -> Sequence[Observation]:
        if frame.name == CONNECT and len(frame.fields) > 1:
            self._connected(frame.fields, now)
        elif frame.name == STATUS and len(frame.fields) >= LEAST_FIELDS:
            self._unanswered = 0
            return self._status(frame.fields, now)
        elif frame.name == STATUS and len(frame.fields) > 2:  # name and system alone: our own question, echoed
            self._malformed += 1
        return ()

    def _connected(self, fields: tuple[str, ...], now: Instant) -> None:
        system_id = fields[2].strip() if len(fields) > 2 else ""
        if not is_system_id(system_id):
            self._malformed += 1
            return
        self._system_id, self._version = system_id, fields[1].strip()
        self._unanswered = 0
        self._ask_at = now.plus(FIRST_STATUS_AFTER_S)

    def _status(self, fields: tuple[str, ...], now: Instant) -> list[Observation]:
        told: list[Observation] = []
        channels = channels_of(fields)
        for channel in channels.values():
            motion = self._motions.setdefault(channel.serial, PlungerMotion(VOLUME_STEP_ML))
            motion.note(channel.infused_ml, now)
            told.append(status_of(channel, state_of(channel.rate_ml_per_h, motion, now), now, ASK_EVERY_S))
        names = {name: channel.serial for name, channel in channels.items()}
        return [*told, *self._alarms(alarms_of(fields), names, now)]

    def _alarms(self, alarms: Iterable[Alarm], names: Mapping[str, str], now: Instant) -> list[DeviceAlert]:
        """These stand now, and no others. ``names`` says what the pumps that they name are called."""
        standing: dict[str, dict[Key, Standing]] = {pump: {} for pump in self._alerts.tellers}
        for alarm in alarms:
            standing.setdefault(alarm.pump, {})[alarm.code, ""] = standing_of(alarm)
        told = (self._alerts.update(on, now, teller=pump, channel=names.get(pump, "")) for pump, on in standing.items())
        return [alert for alerts in told for alert in alerts]
