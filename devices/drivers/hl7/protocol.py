"""The receiver's side: which message goes to which reader, what is repeated, what is answered. No codes and no grammar.

Nothing is asked of the sender. ``variant`` "vitals" reads no pumps, "pump" nothing else.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority, PumpState, PumpStatus
from devices.drivers.hl7 import infusion
from devices.drivers.hl7.acknowledge import Verdict, answer, is_wanted
from devices.drivers.hl7.alerts import TwoWays, told_in
from devices.drivers.hl7.bed import SEVERAL, Bed
from devices.drivers.hl7.frames import Deframer
from devices.drivers.hl7.mapping import MODES
from devices.drivers.hl7.message import Message, parse
from devices.drivers.hl7.rows import Group, Row, groups_of
from devices.drivers.hl7.stamps import SenderClock, stamp_of
from devices.drivers.hl7.vitals import TOO_OLD_S, Cadence, Context, Vitals

OBSERVATIONS, ALARM = "ORU^R01", "ORU^R40"
READ = frozenset({OBSERVATIONS, ALARM})
VARIANTS: Mapping[str, frozenset[str]] = {
    "": frozenset({"vitals", "pump"}),
    "vitals": frozenset({"vitals"}),
    "pump": frozenset({"pump"}),
}
REMEMBERED = 64
"""Messages by which a repetition is known, and answers that wait to be sent."""
MIXED_CODE = "mixed-beds"


class Hl7Protocol:
    """The host's side of HL7 v2 over MLLP. Raises ValueError for a variant that is not there."""

    def __init__(self, variant: str = "") -> None:
        if variant not in VARIANTS:
            raise ValueError(f"HL7 has no variant {variant!r}")
        self._wanted = VARIANTS[variant]
        self._deframer = Deframer()
        self._vitals = Vitals()
        self._alerts = TwoWays()
        self._bed = Bed()
        self._clock = SenderClock()
        self._pumps: dict[str, Cadence] = {}
        self._seen: deque[bytes] = deque(maxlen=REMEMBERED)
        self._answers: deque[bytes] = deque(maxlen=REMEMBERED)
        self._answered = 0
        self._malformed = 0
        self._sender = ""
        self._models: dict[str, str] = {}

    @property
    def bad_frames(self) -> int:
        return self._deframer.bad_frames + self._vitals.refused + self._malformed

    @property
    def identity(self) -> str:
        """Who sends, and the pumps it speaks for; nothing of the patient."""
        pumps = ", ".join(f"{model} {channel}".strip() for channel, model in self._models.items())
        return "; ".join(part for part in (self._sender, pumps) if part)

    @property
    def due(self) -> None:
        """Nothing is ever sent but answers."""
        return

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [told for message in self._deframer.push(data) for told in self._take(message, now)]

    def outgoing(self, now: Instant) -> Sequence[bytes]:  # noqa: ARG002  answers are made when their message comes
        answers = list(self._answers)
        self._answers.clear()
        return answers

    def _take(self, raw: bytes, now: Instant) -> list[Observation]:
        message = parse(raw)
        if message is None:
            self._malformed += 1
            return []
        verdict = Verdict.ACCEPTED if message.kind in READ else Verdict.REJECTED
        self._answer(message, verdict, now)
        if verdict is Verdict.REJECTED or self._is_repeated(message, raw):
            return []
        self._note_sender(message)
        return self._read(message, now)

    def _answer(self, message: Message, verdict: Verdict, now: Instant) -> None:
        if not is_wanted(message, verdict):
            return
        made = answer(message, verdict, self._answered, now)
        if made is not None:
            self._answered += 1
            self._answers.append(made)

    def _is_repeated(self, message: Message, raw: bytes) -> bool:
        """The same to the byte, with a time and a number of its own: its answer was lost. It is answered again, not told again."""
        if not (message.header.field(7) and message.header.field(10)):
            return False
        mark = hashlib.blake2b(raw, digest_size=16).digest()
        known = mark in self._seen
        if not known:
            self._seen.append(mark)
        return known

    def _note_sender(self, message: Message) -> None:
        header = message.header
        name = next((part for part in (header.component(3, 1), header.component(4, 1)) if part), "sender without a name")
        self._sender = f"{name[:64]} (HL7 {header.component(12, 1)[:8] or '2'})"

    def _read(self, message: Message, now: Instant) -> list[Observation]:
        groups = groups_of(message)
        parts = [(group, *infusion.split(group)) for group in groups]
        vitals = message.kind == OBSERVATIONS and any(rows for _, _, rows in parts)
        if self._bed.take(message, vitals=vitals):
            return self._withdraw(now)
        if self._bed.is_mixed:
            return []
        context = self._context(message, now)
        if message.kind == ALARM:
            return [alert for group in groups for alert in self._read_alarm(group, context)]
        return [told for group, pumps, rows in parts for told in self._read_group(group, pumps, rows, context)]

    def _context(self, message: Message, now: Instant) -> Context:
        sent, settings = stamp_of(message.header.component(7, 1)), self._clock.settings
        delay_s, overtaken = self._clock.take(sent, now)
        if self._clock.settings > settings:
            self._vitals.forget_times()
        return Context(sent=sent, delay_s=delay_s, overtaken=overtaken, mode=message.header.component(11, 1).upper(), now=now)

    def _read_group(self, group: Group, pumps: Mapping[str, tuple[Row, ...]], rows: tuple[Row, ...], context: Context) -> list[Observation]:
        told: list[Observation] = []
        if "vitals" in self._wanted:
            told += self._vitals.read(group, rows, context)
        is_present = not context.overtaken and (context.age_s(group.time) or 0.0) <= TOO_OLD_S
        if "pump" in self._wanted and is_present and context.mode not in MODES:
            for place, of_pump in pumps.items():
                told += self._read_pump(place, of_pump, context.now)
        return told

    def _read_pump(self, place: str, rows: tuple[Row, ...], now: Instant) -> list[Observation]:
        """A pump's status and the conditions on it. Beyond what one bed can have, pumps are refused."""
        told = infusion.read(place, rows, now, infusion.INTERVAL_S)
        self._malformed += told.refused
        if told.channel not in self._pumps and len(self._pumps) >= infusion.MOST_PUMPS:
            self._malformed += 1
            return []
        interval_s = self._pumps.setdefault(told.channel, Cadence()).interval_s(now)
        self._models[told.channel] = told.model or self._models.get(told.channel, "")
        return [replace(told.status, interval_s=interval_s), *self._alerts.take_list(told.channel, told.conditions, now)]

    def _read_alarm(self, group: Group, context: Context) -> list[DeviceAlert]:
        told = told_in(group)
        if told is None:
            self._malformed += 1
            return []
        if context.mode in MODES:
            return []
        key, standing, stands = told
        return self._alerts.take_report(key, standing, context.now, stands=stands)

    def _withdraw(self, now: Instant) -> list[Observation]:
        """What was told may have been of two patients: none of it stands."""
        return [
            *self._vitals.withdraw(now, SEVERAL),
            *(PumpStatus(at=now, channel=channel, state=PumpState.UNKNOWN) for channel in self._pumps),
            DeviceAlert(
                at=now,
                code=MIXED_CODE,
                text=f"{SEVERAL}: nothing of it is shown; let each bed have a connection of its own",
                priority=Priority.MEDIUM,
                technical=True,
            ),
        ]
