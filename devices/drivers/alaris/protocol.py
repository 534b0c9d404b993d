"""The host's side of an Alaris line: joins frames, dialogue, mapping and alerts. Knows no byte layout and no table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority, PumpState, PumpStatus
from devices.alert_book import AlertBook, AlertRow, by_code
from devices.drivers.alaris.alerts import ALARM_FLAG, PROPOSED_PRIORITIES, REFUSES, alert_row, mode_row
from devices.drivers.alaris.dialogue import REFUSED_ROUND_S, ROUND_EVERY_S, Dialogue
from devices.drivers.alaris.frames import Frame, FrameReader, encode
from devices.drivers.alaris.mapping import KNOWN_MODES, VOLUME_STEP_ML, Infusion, infusion_of, state_of, status_of, to_infuse_of
from devices.drivers.alaris.requests import ALARM, INFUSION, PROTOCOL, SERIAL, VTBI
from devices.plunger_motion import PlungerMotion

FLAG = "INF's alarm flag"


class AlarisProtocol:
    """Polls INF and ALARM. ``priorities`` replaces, by alert code, what ``alerts.py`` proposes."""

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] = PROPOSED_PRIORITIES) -> None:
        if variant:
            raise ValueError(f"alaris: there is no variant {variant!r}")
        self._reader = FrameReader()
        self._dialogue = Dialogue()
        self._alerts = AlertBook(priorities)
        self._motion = PlungerMotion(VOLUME_STEP_ML)
        self._serial = ""
        self._version = ""
        self._to_infuse_ml: float | None = None
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        """Serial number and protocol: "Alaris 8002-51733 (Asena Rev 2.1.5)"."""
        version = f" ({self._version})" if self._version else ""
        return f"Alaris {self._serial}{version}" if self._serial or version else ""

    @property
    def due(self) -> Instant | None:
        return self._dialogue.due

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        question = self._dialogue.outgoing(now)
        return [] if question is None else [encode(question)]

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [observation for frame in self._reader.feed(data) for observation in self._reply(frame, now)]

    def _reply(self, frame: Frame, now: Instant) -> list[Observation]:
        if not frame.fields:  # a question, echoed by the line
            return []
        told = self._read(frame, now)
        if told is None:
            self._malformed += 1
            return []
        self._dialogue.heard(frame.name, now)
        return told

    def _read(self, frame: Frame, now: Instant) -> list[Observation] | None:
        """What a reply says, or None if it is not of the known form."""
        if frame.name == INFUSION:
            infusion = infusion_of(frame.fields)
            return None if infusion is None else self._infusion(infusion, now)
        if frame.name == ALARM:
            return self._alarm(alert_row(frame.fields[0]), now)
        if frame.name == SERIAL:
            self._serial = frame.fields[0].strip()
            return self._refusal(now) if self._dialogue.refused else []
        if frame.name == PROTOCOL:
            self._version = frame.fields[0].strip()
        elif frame.name == VTBI:
            self._to_infuse_ml = to_infuse_of(frame.fields)
        return []

    def _told(self, teller: str, row: AlertRow | None, now: Instant) -> list[DeviceAlert]:
        return self._alerts.update(by_code([row]), now, teller=teller, channel=self._serial)

    def _alarm(self, row: AlertRow | None, now: Instant) -> list[Observation]:
        unnamed = self._told(FLAG, None, now) if row is not None else []
        return [*unnamed, *self._told(ALARM, row, now)]

    def _refusal(self, now: Instant) -> list[Observation]:
        unknown = PumpStatus(at=now, channel=self._serial, state=PumpState.UNKNOWN, interval_s=REFUSED_ROUND_S)
        return [unknown, *self._told(INFUSION, REFUSES, now)]

    def _infusion(self, infusion: Infusion, now: Instant) -> list[Observation]:
        self._serial = infusion.serial or self._serial
        self._motion.note(infusion.infused_ml, now)
        state = state_of(infusion, self._motion, now)
        unnamed = infusion.alarm and ALARM not in self._alerts.tellers
        odd_mode = mode_row(infusion.mode) if infusion.mode not in KNOWN_MODES else None
        return [
            status_of(infusion, state, self._to_infuse_ml, now, ROUND_EVERY_S),
            *self._told(INFUSION, None, now),
            *self._told(FLAG, ALARM_FLAG if unnamed else None, now),
            *self._told("mode", odd_mode, now),
        ]
