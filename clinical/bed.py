"""What is told of one bed to who looks after several: the words, and the view from which they are told. No clock, no wire.

A state is everything a distant screen needs, whole each time: whoever comes late, or missed some, has all of it with the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical import metrics
from clinical.alarm_model import SILENCE, Alarm, AudioState
from clinical.assessments.schedule import next_round
from clinical.commands import CaseSetup, RecordAssessment
from clinical.instant import Instant
from clinical.messages import DoseReport, FromDevice, FromOperator, Outcome
from clinical.metrics import Metric
from clinical.observations import LinkState, LinkStatus, Numeric, Priority, PumpState

TOLD = (
    metrics.HEART_RATE,
    metrics.PULSE_RATE,
    metrics.SPO2,
    metrics.NIBP_SYS,
    metrics.NIBP_DIA,
    metrics.RESP_RATE,
    metrics.CO2_RESP_RATE,
    metrics.IMPEDANCE_RESP_RATE,
    metrics.ETCO2,
)
"""Metrics whose newest number is told."""
MOST_ALARMS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTold:
    """A device's line: how it stands, and when the device last said anything."""

    device: str
    state: LinkState
    heard: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class BedState:
    """One bed as it stood at ``at``; every Instant is of the same clock as that.

    Attributes:
        case: uuid of the case that is watched; empty: none.
        label: of the patient, as on the bed's own screen.
        alarms: the first of those that stand, highest first; ``more_alarms`` stand beside them.
        sounding: what sounds at the bed now; None: nothing, or somebody there paused it.
        generation: rises with each new alarm there.
        rate_mg_per_h: of the drug; None: not known. ``stale``: the pump is silent, and this is its last word.
        step_number, step_count: of the order's ladder.
        round_due, round_why: the next round, once the infusion has begun.
        left: this is a goodbye: the program at the bed was ended on purpose.
    """

    bed: str
    at: Instant
    case: str = ""
    label: str = ""
    simulated: bool = False
    recording: bool = False
    utc_offset_min: int = 0
    numerics: tuple[Numeric, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    more_alarms: int = 0
    sounding: Priority | None = None
    generation: int = 0
    paused_until: Instant | None = None
    pump: PumpState | None = None
    rate_mg_per_h: float | None = None
    stale: bool = False
    step_number: int | None = None
    step_count: int = 0
    round_due: Instant | None = None
    round_why: str = ""
    lines: tuple[LineTold, ...] = ()
    left: bool = False


class BedView:
    """Follows the outcomes of one monitor and tells the bed's state from them. For one thread."""

    def __init__(self, bed: str) -> None:
        """``bed``: its name where no case says it."""
        self._bed = bed
        self._setup: CaseSetup | None = None
        self._audio: AudioState = SILENCE
        self._alarms: tuple[Alarm, ...] = ()
        self._numerics: dict[Metric, tuple[str, Numeric]] = {}
        self._dose: DoseReport | None = None
        self._lines: dict[str, LineTold] = {}
        self._last_round: Instant | None = None
        self._steps: list[Instant] = []

    def follow(self, outcome: Outcome) -> None:
        """Takes what one step gave."""
        if outcome.case is not None:
            self._take_case(None if outcome.ended else outcome.case)
        if outcome.alarms is not None:
            self._alarms = outcome.alarms
        if outcome.audio is not None:
            self._audio = outcome.audio
        if isinstance(outcome.shown, Numeric) and outcome.shown.metric in TOLD and isinstance(outcome.message, FromDevice):
            self._numerics[outcome.shown.metric] = outcome.message.device, outcome.shown
        if outcome.dose is not None:
            self._take_dose(outcome.dose)
        self._take_message(outcome)

    def _take_case(self, setup: CaseSetup | None) -> None:
        self._setup, self._dose, self._last_round = setup, None, None
        self._steps.clear()
        self._numerics.clear()

    def _take_dose(self, dose: DoseReport) -> None:
        before = None if self._dose is None else self._dose.rate_mg_per_h
        if dose.rate_mg_per_h and dose.rate_mg_per_h != before:
            self._steps.append(dose.at)
        self._dose = dose

    def _take_message(self, outcome: Outcome) -> None:
        message = outcome.message
        if isinstance(message, FromDevice):
            said = message.observation
            known = self._lines.get(message.device)
            state = said.state if isinstance(said, LinkStatus) else known.state if known else LinkState.LIVE
            heard = known.heard if isinstance(said, LinkStatus) and known else message.at
            self._lines[message.device] = LineTold(device=message.device, state=state, heard=heard)
            if state is not LinkState.LIVE:
                self._blank(message.device)
        elif isinstance(message, FromOperator) and isinstance(message.command, RecordAssessment) and not outcome.refused:
            self._last_round = max(message.command.event_at, self._last_round or message.command.event_at)

    def _blank(self, device: str) -> None:
        """What came over a line that is down is not told as live any more."""
        for metric in [metric for metric, (source, _) in self._numerics.items() if source == device]:
            del self._numerics[metric]

    def state(self, at: Instant, *, left: bool = False) -> BedState:
        """The bed as it stands now."""
        setup, dose = self._setup, self._dose
        if setup is None:
            return BedState(bed=self._bed, at=at, left=left)
        due, why = self._round()
        return BedState(
            bed=setup.bed or self._bed,
            at=at,
            case=setup.uuid,
            label=setup.patient.label,
            simulated=setup.simulated,
            recording=bool(setup.recording),
            utc_offset_min=setup.utc_offset_min,
            numerics=tuple(self._numerics[metric][1] for metric in TOLD if metric in self._numerics),
            alarms=self._alarms[:MOST_ALARMS],
            more_alarms=max(0, len(self._alarms) - MOST_ALARMS),
            sounding=self._audio.sounding,
            generation=self._audio.generation,
            paused_until=self._audio.paused_until,
            pump=None if dose is None or dose.pump is None else dose.pump.state,
            rate_mg_per_h=None if dose is None else dose.rate_mg_per_h,
            stale=dose is not None and dose.stale,
            step_number=None if dose is None else dose.step_number,
            step_count=0 if dose is None else dose.step_count,
            round_due=due,
            round_why=why,
            lines=tuple(self._lines[name] for name in sorted(self._lines)),
            left=left,
        )

    def _round(self) -> tuple[Instant | None, str]:
        if self._dose is None or self._dose.started_at is None or self._setup is None:
            return None, ""
        order = self._setup.order
        return next_round(self._dose.started_at, self._last_round, self._steps, () if order is None else order.rounds)
