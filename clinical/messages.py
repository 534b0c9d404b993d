"""What enters the monitor and what leaves it: the two ends of ``monitor.step``. Frozen; no behaviour.

Everything enters by one queue, so everything has one order.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.alarm_model import Alarm, AlarmPreset, AlarmTransition, AudioState
from clinical.commands import CaseSetup, Command
from clinical.dose_told import Ahead, GivenTold, LadderTold, LedgerTold
from clinical.instant import Instant
from clinical.observations import Numeric, Observation, PumpStatus, WaveformBlock
from clinical.sources import SourceStanding


@dataclass(frozen=True, slots=True)
class FromDevice:
    """An observation, and the name of the device ("monitor", "pump", "oximeter") it came from."""

    device: str
    observation: Observation

    @property
    def at(self) -> Instant:
        return self.observation.at


@dataclass(frozen=True, slots=True)
class FromOperator:
    """A command, and when it was given."""

    at: Instant
    command: Command


@dataclass(frozen=True, slots=True)
class SelfReport:
    """The program on its own health: a fault appears or is over ("recorder", "disk", "display", "sound", "fault").

    It becomes a technical alarm; ``text`` says what happened and what to do.
    """

    at: Instant
    part: str
    ok: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed. Delays, pauses and staleness move on ticks alone; four come each second."""

    at: Instant


Message = FromDevice | FromOperator | SelfReport | Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpShare:
    """What one of several pumps gives of the case's drug; ``rate_mg_per_h`` is None where it is silent or does not say."""

    device: str
    channel: str
    rate_mg_per_h: float | None

    @property
    def name(self) -> str:
        return f"{self.device} {self.channel}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseReport:
    """The infusion as it stands; None where it cannot be known.

    Attributes:
        at: when it was reckoned.
        pump: the last word of the pump, with its own Instant.
        pump_device: name of the device it came from.
        stale: the pump has been silent too long for its last word to stand as live.
        rate_mg_per_h, rate_mg_per_kg_h: from the pump's rate with the case's concentration and weight.
        given_mg: from the rises of the pump's volume counter since the start of the case.
        given_at_most_mg: the same if the pump ran on at its last rate through every silence.
        empty_in_s: until syringe or bag is empty at this rate.
        started_at: when the pump was first seen infusing.
        planned_mg_per_h: what the order plans at this time; None before the start and after the end.
        step_number, step_count: the ladder's step that matches now, counted from 1.
        next_step_mg_per_h, next_step_in_s: what comes next by the order.
        predicted_ng_per_ml: low and high edge of the predicted plasma concentration.
        shares: of each pump, where several of the case's drug are connected: the rates above are those that are heard, summed.
        given: from three sources side by side; None where no case runs or no pump was heard in it.
        ladder: followed by what the pump does; None without an order.
        ledger: of the controlled drug; None without an order.
        ahead: curves if the rate is stepped, held or stopped, as they were at ``ahead.at``; None where there is no model.
        weight_kg, concentration_mg_per_ml: in force; None where no case runs.
        correction: of weight or concentration, as it was said; empty if there was none.
        course_mg: given on all days of this course so far.
        effect_ng_per_ml: at an effect site that is assumed (``CaseSetup.half_life_ke0_min``); None where none is.
    """

    at: Instant
    pump: PumpStatus | None = None
    pump_device: str = ""
    stale: bool = False
    rate_mg_per_h: float | None = None
    rate_mg_per_kg_h: float | None = None
    given_mg: float = 0.0
    given_at_most_mg: float = 0.0
    empty_in_s: float | None = None
    started_at: Instant | None = None
    planned_mg_per_h: float | None = None
    step_number: int | None = None
    step_count: int = 0
    next_step_mg_per_h: float | None = None
    next_step_in_s: float | None = None
    predicted_ng_per_ml: tuple[float, float] | None = None
    shares: tuple[PumpShare, ...] = ()
    given: GivenTold | None = None
    ladder: LadderTold | None = None
    ledger: LedgerTold | None = None
    ahead: Ahead | None = None
    weight_kg: float | None = None
    concentration_mg_per_ml: float | None = None
    correction: str = ""
    course_mg: float | None = None
    effect_ng_per_ml: float | None = None

    @property
    def over_since(self) -> Instant | None:
        """Since when nothing is given, once the order's length has passed; None before, and while the pump runs on after it."""
        if self.ladder is None or not self.ladder.taken or (self.planned_mg_per_h, self.next_step_mg_per_h) != (None, None):
            return None
        last = self.ladder.taken[-1]
        return None if last.rate_mg_per_h else last.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch without data: ``until`` is None while it lasts. ``what`` is a metric id, or "line" for a whole device.

    ``channel`` is the numeric's or the waveform's own, empty where there is one source.
    """

    device: str
    what: str
    reason: str
    since: Instant
    until: Instant | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one step gave. Fields that did not change are None or empty, so an ordinary step is a small object.

    Attributes:
        message: what was stepped, for the record.
        shown: what the message brought, if it is from the source that is shown for its metric.
        case: the case's set-up, when it began or ended (``ended``).
        transitions: conditions that changed presence, in order.
        alarms: all that stand, highest first, when any of them changed.
        audio: when what should sound changed.
        limits: when they changed.
        dose: when it was reckoned anew (each pump report, and each second).
        gaps: stretches without data that began or ended.
        refused: why a command was not taken; empty if it was.
        aside: what the message brought, if another source is shown for its metric.
        sources: of metrics that several sources deliver, how these stand, where that changed.
    """

    message: Message
    shown: Numeric | WaveformBlock | None = None
    case: CaseSetup | None = None
    ended: bool = False
    transitions: tuple[AlarmTransition, ...] = ()
    alarms: tuple[Alarm, ...] | None = None
    audio: AudioState | None = None
    limits: AlarmPreset | None = None
    dose: DoseReport | None = None
    gaps: tuple[Gap, ...] = ()
    refused: str = ""
    aside: Numeric | None = None
    sources: tuple[SourceStanding, ...] = ()
