"""Any history of a bed: what must hold of alarms and sound after every single message."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, Presence
from clinical.commands import Acknowledge, ChooseSource, PauseAudio, ResumeAudio, SetLimit
from clinical.messages import FromDevice, FromOperator, Outcome
from clinical.metrics import HEART_RATE, NIBP_SYS, SPO2
from clinical.monitor import Monitor
from clinical.observations import LinkState, Priority, PumpState, Validity
from tests.clinical.bed import LIMITS, Bed, preset

DEVICES = st.sampled_from(["monitor", "oximeter"])
METRICS = st.sampled_from([SPO2, HEART_RATE])
VALUES = st.one_of(st.none(), st.sampled_from([0.0, 30.0, 84.0, 89.9, 90.0, 91.0, 92.0, 97.0, 125.0, 400.0]))

SENSE = tuple(
    replace(limit, smoothing_s=3, return_s=2, rejoin_s=30, worse_by=2, extreme_low=extreme, extreme_delay_s=1, cuff_wait_s=20)
    for limit, extreme in zip(LIMITS, (80, 35, None, None), strict=True)
)
"""The same limits, judged with all the sense there is."""


class AnyHistory(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.bed = Bed()
        self.seen = 0
        self.presence: dict[str, Presence] = {}

    @initialize(limits=st.sampled_from([LIMITS, SENSE]))
    def begin(self, limits):
        self.bed.start(preset=preset(limits))

    @rule(metric=METRICS, value=VALUES, device=DEVICES, doubtful=st.booleans())
    def numeric(self, metric, value, device, doubtful):
        worth = Validity.QUESTIONABLE if doubtful and value is not None else None
        self.bed.numeric(metric, value, device=device, validity=worth)

    @rule(value=st.sampled_from([70.0, 120.0, 157.0]), age_s=st.sampled_from([0.0, 30.0, 600.0]))
    def cuff(self, value, age_s):
        self.bed.numeric(NIBP_SYS, value, measured_at=self.bed.now.plus(-age_s), interval_s=5)

    @rule(metric=METRICS, device=st.sampled_from(["monitor", "oximeter", "", "absent"]))
    def choose(self, metric, device):
        self.bed.do(ChooseSource(metric=metric, device=device, by="A"))

    @rule()
    def cuff_inflates(self):
        self.bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING, interval_s=5)

    @rule(state=st.sampled_from(LinkState), device=st.sampled_from(["monitor", "oximeter", "pump"]))
    def link(self, state, device):
        self.bed.link(state, device)

    @rule(state=st.sampled_from(PumpState), rate=st.sampled_from([0.0, 5.0, 50.0]), volume=st.floats(0, 5))
    def pump(self, state, rate, volume):
        self.bed.pump(state, rate_ml_per_h=rate, infused_ml=volume)

    @rule(code=st.sampled_from(["occlusion", "battery"]), priority=st.sampled_from(Priority), active=st.booleans())
    def alert(self, code, priority, active):
        self.bed.alert(code, priority, active=active)

    @rule(part=st.sampled_from(["recorder", "fault"]), ok=st.booleans())
    def report(self, part, ok):
        self.bed.report(part, ok=ok)

    @rule(seconds=st.sampled_from([0.25, 1.0, 5.0, 31.0, 125.0]))
    def wait(self, seconds):
        self.bed.each_second(seconds)

    @rule(metric=METRICS, value=VALUES, seconds=st.sampled_from([3.0, 12.0]))
    def last(self, metric, value, seconds):
        self.bed.hold(metric, value, seconds)

    @rule(seconds=st.sampled_from([1.0, 60.0, 120.0, 9999.0]))
    def pause(self, seconds):
        self.bed.do(PauseAudio(seconds=seconds))

    @rule()
    def resume(self):
        self.bed.do(ResumeAudio())

    @rule()
    def acknowledge(self):
        self.bed.do(Acknowledge(by="A"))

    @rule(low=st.sampled_from([80.0, 90.0]))
    def limit(self, low):
        self.bed.do(SetLimit(metric=SPO2, low=low, high=None))

    @invariant()
    def holds_at_every_message(self):
        for outcome in self.bed.outcomes[self.seen :]:
            self.no_transition_but_from_what_was(outcome)
            self.no_loss_is_recovery(outcome)
            self.acknowledging_hides_nothing(outcome)
            self.every_pause_ends(outcome)
        self.seen = len(self.bed.outcomes)

    def no_transition_but_from_what_was(self, outcome: Outcome) -> None:
        """No alarm without an appearance; none vanishes without an end; the list is what the transitions say."""
        for step in outcome.transitions:
            name = step.alarm.condition
            assert step.before is self.presence.get(name, Presence.OFF)
            self.presence[name] = step.alarm.presence
        standing = {name: presence for name, presence in self.presence.items() if presence is not Presence.OFF}
        if outcome.alarms is not None:
            assert standing == {alarm.condition: alarm.presence for alarm in outcome.alarms}
        else:
            assert not outcome.transitions

    def no_loss_is_recovery(self, outcome: Outcome) -> None:
        """A limit alarm ends by a reading of its own metric or by a new limit, by nothing else."""
        for step in outcome.transitions:
            if step.alarm.presence is Presence.OFF and step.alarm.condition.startswith("limit"):
                match outcome.message:
                    case FromDevice(observation=observation):
                        assert outcome.shown is observation
                        assert outcome.shown.metric is step.alarm.metric
                    case FromOperator(command=command):
                        assert isinstance(command, SetLimit)
                    case _:
                        raise AssertionError(outcome)

    def acknowledging_hides_nothing(self, outcome: Outcome) -> None:
        match outcome.message:
            case FromOperator(command=Acknowledge()):
                gone = [step for step in outcome.transitions if step.alarm.presence is Presence.OFF]
                assert all(step.before is Presence.LATCHED for step in gone)

    def every_pause_ends(self, outcome: Outcome) -> None:
        audio = outcome.audio
        if audio is not None and audio.paused_until is not None:
            assert 0 <= audio.paused_until.since(outcome.message.at) <= LONGEST_AUDIO_PAUSE_S

    @invariant()
    def the_loudest_sounds_unless_paused(self):
        audio = self.bed.audio
        heard = [alarm.priority for alarm in self.bed.alarms.values() if alarm.presence is not Presence.ACKNOWLEDGED]
        loudest = max(heard, key=lambda priority: priority.rank, default=None)
        if audio.paused_until is None:
            assert audio.sounding is loudest
        else:
            assert audio.sounding is None
            assert self.bed.now.monotonic_ns < audio.paused_until.monotonic_ns

    @invariant()
    def sorted_by_urgency(self):
        alarms = next((outcome.alarms for outcome in reversed(self.bed.outcomes) if outcome.alarms is not None), ())
        ranks = [alarm.priority.rank for alarm in alarms]
        assert ranks == sorted(ranks, reverse=True)

    def teardown(self):
        """Replay is exact; and a pause ends with nothing but time."""
        monitor = Monitor()
        assert [monitor.step(message) for message in self.bed.messages] == self.bed.outcomes
        self.bed.each_second(LONGEST_AUDIO_PAUSE_S + 1)
        assert self.bed.audio.paused_until is None


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
