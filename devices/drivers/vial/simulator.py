"""The base's side of a Vial line, with the simulated pump as module 1; or that pump alone. Nothing it hears changes the pump.

It is as strict as is known: no reading without a session, one question at a time, ENQ every few seconds, and a session that
ends when ENQ stays unanswered. Commands that control are refused. The bits in its alarm word are invented: nobody knows them.
"""

from __future__ import annotations

from collections import deque

from clinical.instant import Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.vial.frames import ACK, DC4, ENQ, NAK, Control, Damaged, Frame, FrameReader, Item, LinkError, encode

ACKS_AFTER_S = 0.01
ANSWERS_AFTER_S = 0.05
ENQ_EVERY_S = 5.0
DC4_WITHIN_S = 1.0
TELLS_EVERY_S = 1.0
BASE, MODULE, ALONE = "0", "1", ""
ALARM_BITS = {"occlusion": 0x0004, "syringe empty": 0x0002, "near empty": 0x0100, "battery low": 0x0200, "paused too long": 0x0400}
READING = frozenset({"DC", "FC", "LE", "LF", "LN", "LP", "LM", "DE", "AE", "DM", "AM"})
CONTROLLING = frozenset({"MO", "PR", "PO", "PB", "PF", "PV", "RV", "PP", "PS", "RZ", "OF", "SI", "EP", "AP", "EN"})


def _letters(pump: PumpMechanics) -> dict[str, int]:
    return {
        "d": round(pump.rate_ml_per_h * 10),
        "r": round(pump.infused_ml * 1000),
        "a": sum(bit for name, bit in ALARM_BITS.items() if name in pump.alarms),
        "e": 0,
        "m": 1,
    }


class VialSimulator:
    """A base with one module. Raises ValueError for an unknown variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant not in {"", "standalone"}:
            raise ValueError(f"vial: there is no variant {variant!r}; there is 'standalone'")
        self._bedside = bedside
        self._pump_address = ALONE if variant else MODULE
        self._reader = FrameReader()
        self._queue: deque[tuple[Instant, bytes]] = deque()
        self._open: set[str] = set()
        self._last = b""
        self._enq_at: Instant | None = None
        self._dc4_until: Instant | None = None
        self._tells = ""
        self._told: dict[str, int] = {}
        self._tell_at: Instant | None = None

    @property
    def due(self) -> Instant | None:
        moments = (self._queue[0][0] if self._queue else None, self._enq_at, self._dc4_until, self._tell_at)
        return min((moment for moment in moments if moment is not None), default=None)

    def receive(self, data: bytes, now: Instant) -> None:
        self._note_dc4(data)
        for item in self._reader.feed(data.replace(bytes((DC4,)), b"")):
            self._take(item, now)

    def outgoing(self, now: Instant) -> bytes:
        self._watch_session(now)
        self._tell(now)
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            said += self._queue.popleft()[1]
        return bytes(said)

    def _note_dc4(self, data: bytes) -> None:
        if DC4 in data:
            self._dc4_until = None

    def _watch_session(self, now: Instant) -> None:
        if self._dc4_until is not None and now >= self._dc4_until:
            self._dc4_until = None
            self._open.clear()
            self._enq_at = self._tell_at = None
        if self._enq_at is not None and now >= self._enq_at:
            self._queue.appendleft((now, bytes((ENQ,))))
            self._enq_at = now.plus(ENQ_EVERY_S)
            self._dc4_until = now.plus(DC4_WITHIN_S)

    def _tell(self, now: Instant) -> None:
        """What was asked to be told unasked, if it changed."""
        if self._tell_at is None or now < self._tell_at:
            return
        self._tell_at = now.plus(TELLS_EVERY_S)
        values = {letter: value for letter, value in _letters(self._bedside.pump).items() if letter in self._tells}
        changed = {letter: value for letter, value in values.items() if self._told.get(letter) != value}
        self._told = values
        if changed and not self._queue:
            self._put(f"E;{_written(changed)}", self._pump_address, now)

    def _take(self, item: Item, now: Instant) -> None:
        if self._bedside.pump.state is PumpState.OFF:
            return
        if isinstance(item, Damaged):
            self._refuse(item.error, now)
        elif isinstance(item, Frame) and item.message not in {"E", "M"}:
            self._command(item, now)
        elif not isinstance(item, Frame | Control) and self._last:  # a NAK: the same again
            self._queue.append((now.plus(ANSWERS_AFTER_S), self._last))

    def _command(self, frame: Frame, now: Instant) -> None:
        if self._queue:
            self._refuse(LinkError.NOT_READY, now)
            return
        self._queue.append((now.plus(ACKS_AFTER_S), bytes((ACK,))))
        self._put(self._reply(frame, now), frame.address, now)

    def _refuse(self, error: LinkError, now: Instant) -> None:
        self._queue.append((now.plus(ACKS_AFTER_S), bytes((NAK,)) + error.value.encode("ascii")))

    def _put(self, message: str, address: str, now: Instant) -> None:
        self._last = encode(address, message)
        self._queue.append((now.plus(ANSWERS_AFTER_S), self._last))

    def _reply(self, frame: Frame, now: Instant) -> str:
        command, _, wanted = frame.message.partition(";")
        if command in CONTROLLING:
            return "I;05" if command == "MO" else "I;02"
        if command not in READING:
            return "I;01"
        if frame.address not in {BASE, self._pump_address} or (frame.address == BASE and self._pump_address == ALONE):
            return "I;0E"
        if command == "DC":
            self._open.add(frame.address)
            self._enq_at = self._enq_at or now.plus(ENQ_EVERY_S)
            return "C"
        if BASE not in self._open and self._pump_address != ALONE:
            return "I;0D"
        return self._session(frame.address, command, wanted, now) if frame.address in self._open else "I;1E"

    def _session(self, address: str, command: str, wanted: str, now: Instant) -> str:
        values = {"b": 1, "i": 1} if address == BASE else _letters(self._bedside.pump)
        if command == "LE":
            if not wanted or set(wanted) - set(values):
                return "I;0B"
            return f"C;{_written({letter: values[letter] for letter in wanted})}"
        if command == "FC":
            self._open.discard(address)
        elif command in {"DE", "AE"} and address != BASE:
            self._tells = wanted if command == "DE" else ""
            self._told = {}
            self._tell_at = now.plus(TELLS_EVERY_S) if self._tells else None
        elif command in {"LP", "LM", "LN", "DM", "AM"}:
            return "I;01"  # the base does not read the drug's name; the other replies are not known
        return "C;bPrimea" if command == "LF" else "C"


def _written(values: dict[str, int]) -> str:
    return ";".join(f"{letter}{value:04X}" for letter, value in values.items())
