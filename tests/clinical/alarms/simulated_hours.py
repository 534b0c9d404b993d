"""Many hours of a bed, tick by tick, beside the independent model of states: every transition and every second must agree.

    python -m tests.clinical.alarms.simulated_hours [HOURS] [--seed N]

One tick a second; alerts, ends, silences, pauses and acknowledgements at random moments, some in bursts and some minutes
apart. Stops at the first difference and names its moment.
"""

from __future__ import annotations

import argparse
import random
from time import perf_counter

from clinical.alarm_model import Alarm, AudioState
from clinical.commands import Acknowledge, Command, PauseAudio, ResumeAudio, SilenceAlarm
from clinical.messages import FromDevice, FromOperator, Message, Tick
from clinical.observations import DeviceAlert, Priority, PumpState
from tests.clinical.alarms.reference_states import Model
from tests.clinical.alarms.test_states_machine import PUMP_ALERTS_LATCH
from tests.clinical.bed import Bed

NAMES = tuple((device, code) for device in ("monitor", "pump") for code in ("one", "two", "three"))
BUSY_S, QUIET_S = 8.0, 120.0
SECONDS = (0.25, 3.0, 60.0, 120.0, 9999.0)


class Differ(Exception):  # noqa: N818 (not an error of the program that calls, but what was looked for)
    """Program and model say different things; the words say when and what."""


class Pair:
    """The monitor and the model, given the same history.

    Attributes:
        happenings, ticks: how many of each there were.
    """

    def __init__(self, seed: int) -> None:
        bed = Bed()
        bed.pump(PumpState.STANDBY)
        bed.start(preset=PUMP_ALERTS_LATCH, order=None)
        self._dice = random.Random(seed)
        self._monitor, self._model, self._now = bed.monitor, Model(), bed.now
        self._begun = bed.now
        self._alarms: dict[str, Alarm] = dict(bed.alarms)
        self._audio: AudioState = bed.audio
        self.happenings = self.ticks = 0

    def go_on(self, seconds: float) -> None:
        """Lets time pass, with what happens in it."""
        end = self._now.plus(seconds)
        due = self._now
        while self._now < end:
            if self._now >= due:
                self._happen()
                due = self._now.plus(self._dice.expovariate(1 / self._dice.choice((BUSY_S, QUIET_S))))
            self._now = self._now.plus(1.0)
            self._step(Tick(self._now))
            self._model.pass_time(self._now.monotonic_ns)
            self.ticks += 1
            self._compare()

    def _happen(self) -> None:
        self.happenings += 1
        now, (device, code), dice = self._now.monotonic_ns, self._dice.choice(NAMES), self._dice
        name, seconds = f"device:{device}:{code}", dice.choice(SECONDS)
        match dice.choice(("alert", "alert", "alert", "over", "over", "silence", "pause", "resume", "acknowledge")):
            case "alert":
                priority = dice.choice(tuple(Priority))
                self._tell(device, code, priority, active=True)
                self._model.alert(now, name, priority.rank)
            case "over":
                self._tell(device, code, Priority.LOW, active=False)
                self._model.over(now, name, latches=device == "pump")
            case "silence":
                self._do(SilenceAlarm(condition=name, seconds=seconds))
                self._model.silence(now, name, seconds)
            case "pause":
                self._do(PauseAudio(seconds=seconds))
                self._model.pause_sound(now, seconds)
            case "resume":
                self._do(ResumeAudio())
                self._model.resume(now)
            case _:
                self._do(Acknowledge(by="A"))
                self._model.acknowledge(now)
        self._compare()

    def _tell(self, device: str, code: str, priority: Priority, *, active: bool) -> None:
        self._step(FromDevice(device, DeviceAlert(at=self._now, code=code, text=code.capitalize(), priority=priority, active=active)))

    def _do(self, command: Command) -> None:
        self._step(FromOperator(self._now, command))

    def _step(self, message: Message) -> None:
        outcome = self._monitor.step(message)
        if outcome.alarms is not None:
            self._alarms = {alarm.condition: alarm for alarm in outcome.alarms}
        self._audio = outcome.audio or self._audio

    def _compare(self) -> None:
        said = {
            name: (alarm.priority.rank, alarm.presence.value, alarm.silenced_until and alarm.silenced_until.monotonic_ns)
            for name, alarm in self._alarms.items()
        }
        audio, model = self._audio, self._model
        heard = (
            -1 if audio.sounding is None else audio.sounding.rank,
            audio.paused_until and audio.paused_until.monotonic_ns,
            audio.generation,
            audio.reminders,
        )
        expected = {name: (had.rank, had.state, had.silent_until) for name, had in model.standing.items()}
        sound = (model.sounding, model.pause and model.pause[0], model.generation, model.reminders)
        if (said, heard) != (expected, sound):
            at_s = self._now.since(self._begun)
            raise Differ(f"after {at_s:.2f} s: the program says {said} {heard}, the model {expected} {sound}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hours", type=float, nargs="?", default=1000.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    pair, begun = Pair(asked.seed), perf_counter()
    pair.go_on(asked.hours * 3600)
    words = f"{asked.hours:g} h, {pair.ticks} ticks, {pair.happenings} happenings: no difference"
    print(f"{words} (seed {asked.seed}, {perf_counter() - begun:.0f} s)")


if __name__ == "__main__":
    main()
