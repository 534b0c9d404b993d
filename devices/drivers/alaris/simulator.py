"""The pump's side of an Alaris line, fed by the simulated pump. Nothing it hears changes that pump.

It answers what reads. Remote control it never grants: such a question is answered with the reply that says DISABLED, and
whatever would set or start anything is not answered at all. ``monitoring`` False plays a pump that tells who it is and
answers INF and ALARM only under remote control, which nobody can switch on here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from clinical.instant import Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.alaris.frames import Frame, FrameReader, encode

ANSWERS_AFTER_S = 0.08
OCCLUSION_MMHG = 500.0
FULL_DAY_S = 86_400.0
LOG_ENTRY = "127904"
MOVING = frozenset({PumpState.INFUSING, PumpState.BOLUS, PumpState.KVO, PumpState.PURGING})
ALARMS = {
    "occlusion": ("AL_OCCLU", "OCCLUSION"),
    "syringe empty": ("AL_EOIST", "END OF INFUSION"),
    "battery low": ("AL_LWBAT", "BATTERY LOW"),
    "near empty": ("AL_NEOIN", "NEAR END"),
    "paused too long": ("AL_CALLB", "CALL BACK"),
}
"""In order of precedence: the pump tells one."""
LOCKED = frozenset({"INF", "ALARM", "INF_VTBI", "INF_RATE", "INF_VI"})


def _plain(text: str) -> str:
    return "".join(" " if character in "!|^\r\x1b" else character for character in text)


def _time_left(pump: PumpMechanics) -> str:
    if pump.rate_ml_per_h <= 0:
        return "24+"
    seconds = max(0.0, pump.remaining_ml / pump.rate_ml_per_h * 3600)
    if seconds > FULL_DAY_S:
        return "24+"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"


def _infusion(pump: PumpMechanics) -> tuple[str, ...]:
    return (
        _plain(pump.serial),
        "A" if pump.alarms or pump.state is PumpState.ALARM else "-",
        "SET" if pump.state in MOVING else "HLD",
        f"{pump.rate_ml_per_h:.2f}",
        "ml/h",
        _plain(pump.drug.upper()),
        f"{pump.infused_ml:.3f}",
        "ml",
        f"{pump.pressure_percent / 100 * OCCLUSION_MMHG:.2f}",
        "mmHg",
        _time_left(pump),
        "EVENT",
        LOG_ENTRY,
    )


def _alarm(pump: PumpMechanics) -> tuple[str, ...]:
    return next(((*row, " ") for name, row in ALARMS.items() if name in pump.alarms), ("AL_NOALM", " ", " "))


ANSWERS: dict[str, Callable[[PumpMechanics], tuple[str, ...]]] = {
    "INST_SERIALNO": lambda pump: (_plain(pump.serial),),
    "COMMS_PROTOCOL": lambda _: ("Asena Rev 2.1.5",),
    "COMMS_RESPONSE_MAX": lambda _: ("4000", "ms"),
    "INF": _infusion,
    "ALARM": _alarm,
    "SYRINGE_STATUS": lambda pump: ("BD PERFUSOR", f"{pump.syringe_ml:3.0f}", "CONF"),
    "INF_RATE_MAX_SYRINGE": lambda _: ("1200.00", "ml/h"),
    "INF_RATE": lambda pump: (f"{pump.rate_ml_per_h:.2f}", "ml/h"),
    "INF_VI": lambda pump: (f"{pump.infused_ml:.3f}", "ml"),
    "INF_VTBI": lambda pump: ("ACTIV", f"{pump.to_infuse_ml:.3f}", "ml", "STOP"),
}


class AlarisSimulator:
    """One pump on one line."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "", *, monitoring: bool = True) -> None:
        if variant:
            raise ValueError(f"alaris: there is no variant {variant!r}")
        self._bedside = bedside
        self._monitoring = monitoring
        self._reader = FrameReader()
        self._queue: deque[tuple[Instant, bytes]] = deque()

    @property
    def due(self) -> Instant | None:
        return self._queue[0][0] if self._queue else None

    def receive(self, data: bytes, now: Instant) -> None:
        for frame in self._reader.feed(data):
            answer = self._answer(frame)
            if answer is not None:
                self._queue.append((now.plus(ANSWERS_AFTER_S), answer))

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            said += self._queue.popleft()[1]
        return bytes(said)

    def _answer(self, frame: Frame) -> bytes | None:
        pump = self._bedside.pump
        if pump.state is PumpState.OFF or (frame.name in LOCKED and not self._monitoring):
            return None
        if frame.name == "REMOTE_CTRL":
            return encode("REMOTE_CTRL", "DISABLED", "****", "PERMIT", "0", "ms")
        reply = ANSWERS.get(frame.name)
        return None if reply is None or frame.fields else encode(frame.name, *reply(pump))
