"""Any history of alerts, silences, pauses and time: board and sound agree with an independent model after every step.

``python -m tests.clinical.alarms.test_states_machine 100000`` takes so many steps.
"""

from __future__ import annotations

import sys
from time import perf_counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, ConditionSetting, Presence
from clinical.commands import Acknowledge, PauseAudio, ResumeAudio, SilenceAlarm
from clinical.messages import Tick
from clinical.observations import Priority, PumpState
from tests.clinical.alarms.reference_states import Model
from tests.clinical.bed import TICK_S, Bed, preset

PUMP_ALERTS_LATCH = preset((), ConditionSetting(name="device message", latching=True))
DEVICES = st.sampled_from(["monitor", "pump"])
CODES = st.sampled_from(["one", "two"])
SECONDS = st.sampled_from([0.25, 3.0, 60.0, 120.0, 9999.0])
STEPS_EACH = 50


class StatesAgree(RuleBasedStateMachine):
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.bed = Bed()
        self.model = Model()

    @initialize()
    def begin(self):
        self.bed.pump(PumpState.STANDBY)
        self.bed.start(preset=PUMP_ALERTS_LATCH)

    @property
    def now(self):
        return self.bed.now.monotonic_ns

    @rule(device=DEVICES, code=CODES, priority=st.sampled_from(Priority))
    def alert(self, device, code, priority):
        self.bed.alert(code, priority, device=device)
        self.model.alert(self.now, f"device:{device}:{code}", priority.rank)

    @rule(device=DEVICES, code=CODES)
    def over(self, device, code):
        self.bed.alert(code, active=False, device=device)
        self.model.over(self.now, f"device:{device}:{code}", latches=device == "pump")

    @rule(device=DEVICES, code=CODES, seconds=SECONDS)
    def silence(self, device, code, seconds):
        name = f"device:{device}:{code}"
        self.bed.do(SilenceAlarm(condition=name, seconds=seconds))
        self.model.silence(self.now, name, seconds)

    @rule(seconds=SECONDS)
    def pause(self, seconds):
        self.bed.do(PauseAudio(seconds=seconds))
        self.model.pause_sound(self.now, seconds)

    @rule()
    def resume(self):
        self.bed.do(ResumeAudio())
        self.model.resume(self.now)

    @rule()
    def acknowledge(self):
        self.bed.do(Acknowledge(by="A"))
        self.model.acknowledge(self.now)

    @rule(ticks=st.sampled_from([1, 1, 5, 41, 125, 485]))
    def wait(self, ticks):
        for _ in range(ticks):
            self.bed.now = self.bed.now.plus(TICK_S)
            self.bed.step(Tick(self.bed.now))
            self.model.pass_time(self.now)

    @invariant()
    def they_agree(self):
        StatesAgree.steps += 1
        said = {
            name: (alarm.priority.rank, alarm.presence.value, alarm.silenced_until and alarm.silenced_until.monotonic_ns)
            for name, alarm in self.bed.alarms.items()
        }
        assert said == {name: (had.rank, had.state, had.silent_until) for name, had in self.model.standing.items()}
        audio, pause = self.bed.audio, self.model.pause
        assert (-1 if audio.sounding is None else audio.sounding.rank) == self.model.sounding
        assert (audio.paused_until and audio.paused_until.monotonic_ns) == (pause and pause[0])
        assert (audio.generation, audio.reminders) == (self.model.generation, self.model.reminders)

    @invariant()
    def nothing_high_is_silent_without_a_visible_reason(self):
        high = [alarm for alarm in self.bed.alarms.values() if alarm.priority is Priority.HIGH]
        paused = self.bed.audio.paused_until
        if high and self.bed.audio.sounding is not Priority.HIGH and paused is None:
            assert all(alarm.presence is Presence.ACKNOWLEDGED or alarm.silenced_until is not None for alarm in high)
        if paused is not None:
            assert 0 < paused.since(self.bed.now) <= LONGEST_AUDIO_PAUSE_S


TestStatesAgree = StatesAgree.TestCase
TestStatesAgree.settings = settings(max_examples=25, stateful_step_count=STEPS_EACH, deadline=None)


def run(steps: int) -> None:
    """Takes at least so many steps, and says how many and how long."""
    StatesAgree.steps = 0
    begun = perf_counter()
    while StatesAgree.steps < steps:
        left = steps - StatesAgree.steps
        chosen = settings(max_examples=max(1, left // STEPS_EACH), stateful_step_count=STEPS_EACH, deadline=None, database=None)
        run_state_machine_as_test(StatesAgree, settings=chosen)  # type: ignore[no-untyped-call]
    print(f"{StatesAgree.steps} steps, no difference, {perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
