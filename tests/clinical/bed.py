"""A bed for tests: a Monitor, a hand on its clock, and what came out of it."""

from __future__ import annotations

from collections.abc import Callable

from clinical.alarm_model import SILENCE, Alarm, AlarmLimit, AlarmPreset, AlarmTransition, AudioState, ConditionSetting
from clinical.commands import CaseSetup, Command, EndCase, Patient, StartCase
from clinical.instant import Instant
from clinical.messages import DoseReport, FromDevice, FromOperator, Gap, Message, Outcome, SelfReport, Tick
from clinical.metrics import HEART_RATE, NIBP_SYS, SPO2, TEMPERATURE, Metric
from clinical.monitor import Monitor
from clinical.observations import (
    DeviceAlert,
    LinkState,
    LinkStatus,
    Numeric,
    Observation,
    Priority,
    PumpState,
    PumpStatus,
    Validity,
)
from clinical.orders import Order, Step

T0 = Instant(monotonic_ns=10**12, utc_ns=1_772_352_000 * 10**9)  # 2026-03-01T08:00:00Z
TICK_S = 0.25

LIMITS = (
    AlarmLimit(metric=SPO2, low=90, high=None, priority=Priority.HIGH, delay_s=4, low_delay_s=10, hysteresis=2),
    AlarmLimit(metric=HEART_RATE, low=50, high=120, priority=Priority.MEDIUM, delay_s=2, low_delay_s=0, hysteresis=5),
    AlarmLimit(metric=NIBP_SYS, low=90, high=156, priority=Priority.MEDIUM, delay_s=0, hysteresis=0),
    AlarmLimit(metric=TEMPERATURE, low=35, high=38.5, priority=Priority.LOW, delay_s=0, hysteresis=0.2),
)


def preset(limits: tuple[AlarmLimit, ...] = LIMITS, *conditions: ConditionSetting) -> AlarmPreset:
    return AlarmPreset(name="test", limits=limits, source="tests", conditions=conditions)


ORDER = Order(
    name="stepped",
    drug="ketamine",
    steps=tuple(Step(rate_mg_per_h=rate, earliest_min=at) for at, rate in ((0, 10.0), (30, 15.0), (60, 20.0), (90, 25.0))),
    length_min=240,
    ceiling_mg_per_h=25,
)


class Bed:
    """Steps a Monitor and keeps what stands."""

    def __init__(self) -> None:
        self.monitor = Monitor()
        self.now = T0
        self.alarms: dict[str, Alarm] = {}
        self.audio: AudioState = SILENCE
        self.transitions: list[AlarmTransition] = []
        self.gaps: list[Gap] = []
        self.dose: DoseReport | None = None
        self.messages: list[Message] = []
        self.outcomes: list[Outcome] = []

    def step(self, message: Message) -> Outcome:
        outcome = self.monitor.step(message)
        self.messages.append(message)
        self.outcomes.append(outcome)
        if outcome.alarms is not None:
            self.alarms = {alarm.condition: alarm for alarm in outcome.alarms}
        self.audio = outcome.audio or self.audio
        self.dose = outcome.dose or self.dose
        self.transitions += outcome.transitions
        self.gaps += outcome.gaps
        return outcome

    def start(self, **changes: object) -> Outcome:
        setup: dict[str, object] = {
            "uuid": "u",
            "patient": Patient(label="M. K."),
            "bed": "3",
            "weight_kg": 70.0,
            "concentration_mg_per_ml": 2.0,
            "syringe_ml": 50.0,
            "order": ORDER,
            "preset": preset(),
            "source_order": ("monitor", "oximeter"),
            "simulated": False,
            "baseline_sbp_mmhg": 128.0,
        }
        return self.do(StartCase(setup=CaseSetup(**(setup | changes))))  # type: ignore[arg-type]

    def end(self) -> Outcome:
        return self.do(EndCase(reason="done"))

    def do(self, command: Command) -> Outcome:
        return self.step(FromOperator(self.now, command))

    def tell(self, observation: Observation, device: str = "monitor") -> Outcome:
        return self.step(FromDevice(device, observation))

    def numeric(
        self,
        metric: Metric,
        value: float | None,
        *,
        device: str = "monitor",
        validity: Validity | None = None,
        interval_s: float = 1.0,
        measured_at: Instant | None = None,
        channel: str = "",
        reason: str = "",
    ) -> Outcome:
        worth = validity or (Validity.INVALID if value is None else Validity.VALID)
        return self.tell(
            Numeric(
                at=self.now,
                metric=metric,
                value=value,
                validity=worth,
                interval_s=interval_s,
                measured_at=measured_at,
                channel=channel,
                reason=reason,
            ),
            device,
        )

    def each_second(self, seconds: float, *tell: Callable[[], object]) -> None:
        """Lets time pass with four ticks a second, and calls each of ``tell`` at every full second."""
        for number in range(1, round(seconds / TICK_S) + 1):
            self.now = self.now.plus(TICK_S)
            if number % 4 == 0:
                for call in tell:
                    call()
            self.step(Tick(self.now))

    def hold(self, metric: Metric, value: float | None, seconds: float, **kw: object) -> None:
        """A value that comes each second."""
        self.each_second(seconds, lambda: self.numeric(metric, value, **kw))  # type: ignore[arg-type]

    def link(self, state: LinkState, device: str = "monitor", detail: str = "") -> Outcome:
        return self.tell(LinkStatus(at=self.now, state=state, detail=detail), device)

    def alert(self, code: str, priority: Priority = Priority.MEDIUM, *, active: bool = True, device: str = "pump") -> Outcome:
        return self.tell(DeviceAlert(at=self.now, code=code, text=code.capitalize(), priority=priority, active=active), device)

    def pump(self, state: PumpState = PumpState.INFUSING, device: str = "pump", **fields: object) -> Outcome:
        return self.tell(PumpStatus(**({"at": self.now, "channel": "", "state": state} | fields)), device)  # type: ignore[arg-type]

    def report(self, part: str, *, ok: bool = False, text: str = "") -> Outcome:
        return self.step(SelfReport(self.now, part, ok, text))
