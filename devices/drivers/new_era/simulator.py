"""The pump's side of a New Era line, fed by the simulated pump. Nothing it hears changes that pump.

It is in basic mode and stays there: SAF0, which only leaves safe mode, is taken in either form of packet; whatever would set or
start anything is "not applicable". An alarm is told once, by the first answer after it began, which acknowledges it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from clinical.instant import Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.new_era.frames import LONGEST, STX, basic_packet, safe_data

ANSWERS_AFTER_S = 0.02
CR = 0x0D
MODEL = "NE1000V3.923"
DIAMETER = "26.59"
"""In mm, of the published example; the simulated syringe has no diameter of its own."""
STATUS = {
    PumpState.INFUSING: "I",
    PumpState.BOLUS: "I",
    PumpState.KVO: "I",
    PumpState.PURGING: "X",
    PumpState.PAUSED: "P",
    PumpState.STANDBY: "U",
}
"""Every other state is S, stopped; a pump that is off says nothing."""
STALLS = frozenset({"occlusion", "syringe empty"})
CONTROLLING = frozenset({"RUN", "STP", "PUR", "CLD"})

_COMMAND = re.compile(r"(\d{0,2})([A-Z]{3})?(.*)\Z", re.DOTALL)


def _number(value: float) -> str:
    """At most four digits and three decimals, always with a point."""
    text = f"{min(value, 9999.0):.3f}"[:5]
    return text if "." in text else text[:4] + "."


class NewEraSimulator:
    """One pump at address 0. Raises ValueError for a variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant:
            raise ValueError(f"new-era: there is no variant {variant!r}")
        self._bedside = bedside
        self._buffer = bytearray()
        self._queue: deque[tuple[Instant, bytes]] = deque()
        self._set_rate_ml_per_h = 0.0
        self._stalled = False
        self._alarm_waits = False
        self._answers: dict[str, Callable[[PumpMechanics], str]] = {
            "VER": lambda _: MODEL,
            "RAT": lambda _: f"{_number(self._set_rate_ml_per_h)}MH",
            "VOL": lambda pump: f"{_number(pump.to_infuse_ml)}ML",
            "DIS": lambda pump: f"I{_number(pump.infused_ml)}W0.000ML",
            "DIA": lambda _: DIAMETER,
            "DIR": lambda _: "INF",
            "SAF": lambda _: "0",
        }

    @property
    def due(self) -> Instant | None:
        return self._queue[0][0] if self._queue else None

    def receive(self, data: bytes, now: Instant) -> None:
        for byte in data:
            self._buffer.append(byte)
            command = self._whole()
            if command is not None:
                self._buffer.clear()
                self._command(command, now)

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            said += self._queue.popleft()[1]
        return bytes(said)

    def _whole(self) -> str | None:
        """A command that has become whole, in whichever form of packet; "?COM" for a damaged one."""
        if self._buffer[0] != STX:
            if len(self._buffer) > LONGEST:
                self._buffer.clear()
            return self._buffer.decode("latin-1") if self._buffer[-1:] == bytes((CR,)) else None
        if len(self._buffer) < 2 or len(self._buffer) <= self._buffer[1]:
            return None
        data = safe_data(bytes(self._buffer))
        return "?COM" if data is None else data.decode("latin-1")

    def _command(self, text: str, now: Instant) -> None:
        pump = self._bedside.pump
        self._look_at(pump)
        if pump.state is PumpState.OFF or text.startswith("*"):
            return
        plain = "".join(character for character in text.upper() if "!" <= character <= "~")
        found = _COMMAND.match(plain)
        address, name, argument = found.groups(default="") if found else ("", "", plain)
        if int(address or 0) == 0:
            reply = f"00{self._reply(pump, name, argument)}".encode("ascii")
            self._queue.append((now.plus(ANSWERS_AFTER_S), basic_packet(reply)))

    def _look_at(self, pump: PumpMechanics) -> None:
        """Notes the rate as set, and an alarm that has begun."""
        if pump.state in {PumpState.INFUSING, PumpState.KVO}:
            self._set_rate_ml_per_h = pump.rate_ml_per_h
        stalled = bool(STALLS & pump.alarms)
        self._alarm_waits |= stalled and not self._stalled
        self._stalled = stalled

    def _reply(self, pump: PumpMechanics, name: str, argument: str) -> str:
        if self._alarm_waits:
            self._alarm_waits = False
            return "A?S"
        return STATUS.get(pump.state, "S") + self._data(pump, name, argument)

    def _data(self, pump: PumpMechanics, name: str, argument: str) -> str:
        if not name or (name, argument) == ("SAF", "0"):
            return "?COM" if argument == "?COM" else "?" if argument and not name else ""
        if name in CONTROLLING or (name in self._answers and argument):
            return "?NA"
        answer = self._answers.get(name)
        return "?" if answer is None else answer(pump)
