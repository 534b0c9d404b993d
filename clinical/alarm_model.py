"""The words of the alarm system: limits, conditions as they stand, transitions, the state of the sound. No rules here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Priority

LONGEST_AUDIO_PAUSE_S = 120.0
"""No pause is longer, and none is without an end (IEC 60601-1-8 practice; two makers' manuals: 2 min)."""


REMINDER_EVERY_S = 120.0
"""While a high condition stands whose sound is off, one reminder each so often (a maker's manual: 2 or 3 min). A proposal."""

DE_ESCALATES_AFTER_S = 10.0
"""A standing condition is told with a lower priority once it has been lower for so long; with a higher one at once. A proposal."""


class Kind(Enum):
    PHYSIOLOGICAL = "physiological"
    TECHNICAL = "technical"


class Presence(Enum):
    """Whether a condition stands. Acknowledging changes the signals, never the sight of it."""

    OFF = "off"
    ON = "on"
    LATCHED = "latched"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLimit:
    """The thresholds of one metric; None: that side is off.

    Attributes:
        delay_s: how long the value must stay beyond the limit before the condition is on.
        low_delay_s: the same for the low side where it differs; None: as ``delay_s``.
        hysteresis: how far inside the limit, in the metric's unit, it must come back before the condition is off.
        smoothing_s: the running median of so many seconds is judged; it adds half of them to the delay. 0: each value.
        return_s: how long it must be back inside before the condition is off.
        rejoin_s: an alarm that comes back so soon after its end, and no worse, is the same one returning. 0: each is new.
        worse_by: further beyond the worst so far than this, in the metric's unit, it is worse.
        extreme_low, extreme_high: beyond these neither smoothing nor delay applies, and the priority is high.
        extreme_delay_s: the few seconds that tell an extreme value from a glitch.
        low_percent_of_baseline, high_percent_of_baseline: take the place of ``low`` and ``high`` where the case has a baseline.
        cuff_wait_s: while a cuff inflates (on the probe's arm) the alarm waits at most so long, and says so.
    """

    metric: Metric
    low: float | None
    high: float | None
    priority: Priority
    delay_s: float
    hysteresis: float
    low_delay_s: float | None = None
    smoothing_s: float = 0.0
    return_s: float = 0.0
    rejoin_s: float = 0.0
    worse_by: float = 0.0
    extreme_low: float | None = None
    extreme_high: float | None = None
    extreme_delay_s: float = 0.0
    low_percent_of_baseline: float | None = None
    high_percent_of_baseline: float | None = None
    cuff_wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionSetting:
    """What a preset changes about a row of the table of conditions; None: as in the table.

    Attributes:
        name: the row's name.
        latching: stays after its cause has gone, until it is acknowledged.
    """

    name: str
    priority: Priority | None = None
    delay_s: float | None = None
    latching: bool | None = None


class PresetLevel(Enum):
    """Whose a preset is: shipped with the program, the site's own file, or changed for this case alone. Each stands on the one before."""

    MANUFACTURER = "manufacturer's"
    SITE = "site's"
    CASE = "case's"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeRule:
    """A number that falls or rises fast.

    Attributes:
        by: how far, signed, in the metric's unit: −4 is a fall by 4.
        within_s: in how long.
    """

    metric: Metric
    by: float
    within_s: float
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRule:
    """How a sensor without a reading is announced. Its number is gone at once, whatever stands here.

    Attributes:
        hold_s: readings must be back so long without a break before its alarm ends, and before an absence is over.
        rejoin_s: an alarm that comes back so soon after its end is the same one returning. 0: each is new.
        rises_after_s: until it has lasted so long it is told with low priority. 0: with its full one from the start.
    """

    hold_s: float = 0.0
    rejoin_s: float = 0.0
    rises_after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPreset:
    """A named set of limits with where they come from.

    Attributes:
        slopes: numbers that move fast.
        fused: names of the conditions in alarms/fused.py that are on.
        level: whose it is; only the case's can be changed from the screen.
        refused: why the site's own preset was not used, with file and line; empty if nothing was wrong.
        sensors: how sensors without a reading are announced.
    """

    name: str
    limits: tuple[AlarmLimit, ...]
    source: str
    conditions: tuple[ConditionSetting, ...] = ()
    slopes: tuple[SlopeRule, ...] = ()
    fused: tuple[str, ...] = ()
    level: PresetLevel = PresetLevel.MANUFACTURER
    refused: str = ""
    sensors: SensorRule = SensorRule()

    def limit_of(self, metric: Metric) -> AlarmLimit | None:
        """The limit of a metric, or None where the preset has none."""
        return next((limit for limit in self.limits if limit.metric is metric), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One condition as it stands now: everything a screen, a log or a listener needs to tell it.

    Attributes:
        condition: stable id, e.g. "limit:MDC_PULS_OXIM_SAT_O2:low" or "link:pump:lost".
        title: the cause in a few words: "SpO₂ 84 < 90", "Pump line lost".
        detail: why, and what it means for the watch.
        metric: the number it is about, if it is about one.
        device: the device it is about, if it is about one.
        value, limit: what crossed what, in the metric's unit.
        since: when it appeared (not when it was last looked at).
        returns: how often it has come back, soon after it ended and no worse; 0: it is new.
        silenced_until: its own sound is off until then; None: it is not.
    """

    condition: str
    kind: Kind
    priority: Priority
    presence: Presence
    title: str
    detail: str
    since: Instant
    metric: Metric | None = None
    device: str = ""
    value: float | None = None
    limit: float | None = None
    returns: int = 0
    silenced_until: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTransition:
    """A condition changed presence: one row of the alarm log.

    Attributes:
        at: when.
        before: the presence it left; the one it came to is ``alarm.presence``.
        by: who did it, for an acknowledgement; empty otherwise.
    """

    at: Instant
    before: Presence
    alarm: Alarm
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioState:
    """What should sound.

    Attributes:
        sounding: the priority whose burst is due, or None for silence.
        paused_until: end of an audio pause, or None if not paused.
        generation: rises with each new occurrence, so that a new alarm sounds at once and not at the next repeat.
        repeats: the burst comes again and again; False: all that sounds asks to be heard once.
        reminders: rises when one reminder is due: something high stands, and its sound was acknowledged or silenced away.
    """

    sounding: Priority | None
    paused_until: Instant | None
    generation: int
    repeats: bool = True
    reminders: int = 0


SILENCE = AudioState(sounding=None, paused_until=None, generation=0)
