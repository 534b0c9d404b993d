"""What a device tells: numerics, waveform blocks, pump states, alerts, and the state of its line. Frozen; no behaviour.

A number is never just a float: it carries its validity and the moments by which its age is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import Metric

MISSING_SAMPLE = -32768
"""In ``WaveformBlock.steps``: the device sent no usable sample here."""


class Validity(Enum):
    """What a value is worth, after ISO/IEEE 11073 measurement validity."""

    VALID = "valid"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"
    ONGOING = "ongoing"
    NOT_AVAILABLE = "not available"

    def __hash__(self) -> int:  # Enum's own hash goes through Python code twice; this is on the hot path
        return id(self)


class Priority(Enum):
    """Alarm priority, after IEC 60601-1-8."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """2 for high, 1 for medium, 0 for low."""
        return {"high": 2, "medium": 1, "low": 0}[self.value]


class PumpState(Enum):
    INFUSING = "infusing"
    PAUSED = "paused"
    STOPPED = "stopped"
    STANDBY = "standby"
    BOLUS = "bolus"
    KVO = "kvo"
    PURGING = "purging"
    ALARM = "alarm"
    OFF = "off"
    UNKNOWN = "unknown"

    def __hash__(self) -> int:  # as of Validity: a long case's reports are reckoned anew by the hundred thousand
        return id(self)


class LinkState(Enum):
    """The state of a line. Only LIVE means that numbers may be believed as they arrive."""

    CONNECTING = "connecting"
    LIVE = "live"
    SILENT = "silent"  # open, but nothing comes
    GARBLED = "garbled"  # bytes come, no good frame among them
    LOST = "lost"  # unplugged or refused; being tried again
    CLOSED = "closed"  # ended on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric:
    """One value of one metric.

    Attributes:
        at: when its bytes arrived.
        metric: what it is.
        value: in the metric's unit; None unless validity is VALID or QUESTIONABLE.
        validity: what it is worth. "Sensor off" is INVALID, "no such module" NOT_AVAILABLE, a cuff inflating ONGOING.
        interval_s: the device sends the next one this many seconds later; three of them missing make it stale.
        measured_at: when it was measured, where the device says that this was not just now (a cuff reading).
        channel: tells apart two sources of one metric on one device ("T1", "T2"); empty where there is one.
        reason: why it is not valid, in a few words; empty where it is.
    """

    at: Instant
    metric: Metric
    value: float | None
    validity: Validity = Validity.VALID
    interval_s: float = 1.0
    measured_at: Instant | None = None
    channel: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveformBlock:
    """A run of equally spaced samples, kept in the device's own steps so that nothing is lost by rounding.

    Attributes:
        at: moment of the first sample.
        metric: what it is; ``metric.waveform`` holds.
        rate_hz: samples a second.
        steps: int16, shape (n,), read-only; MISSING_SAMPLE where there is none.
        unit_per_step, unit_at_zero: value = unit_at_zero + unit_per_step × step, in the metric's unit.
        validity: INVALID when the sensor is off: drawn as a gap.
        channel: as in ``Numeric``.
    """

    at: Instant
    metric: Metric
    rate_hz: float
    steps: NDArray[np.int16]
    unit_per_step: float
    unit_at_zero: float = 0.0
    validity: Validity = Validity.VALID
    channel: str = ""

    def values(self) -> NDArray[np.float64]:
        """Samples in the metric's unit, shape (n,); NaN where missing."""
        values = self.steps.astype(np.float64) * self.unit_per_step + self.unit_at_zero
        values[self.steps == MISSING_SAMPLE] = np.nan
        return values

    @property
    def end(self) -> Instant:
        """The moment at which the next block's first sample is due."""
        return self.at.plus(len(self.steps) / self.rate_hz)


def read_only_steps(steps: NDArray[np.int16]) -> NDArray[np.int16]:
    """The same array, made unwritable: what crosses a thread is frozen."""
    steps.flags.writeable = False
    return steps


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpStatus:
    """What a pump says of itself. None: the pump did not say (never 0).

    Attributes:
        at: when its bytes arrived.
        channel: serial number of the pump, or its place in the rack where it has no number.
        state: one small vocabulary for every make.
        rate_ml_per_h: rate being delivered.
        infused_ml: counter of the pump; a fall is a reset, so what was given is summed from its rises.
        to_infuse_ml: the whole volume set to be infused.
        remaining_ml: left in syringe or bag.
        time_left_s: to the end, by the pump's own reckoning.
        pressure_percent: of the occlusion limit.
        drug: name as the pump shows it.
        concentration_mg_per_ml: as programmed at the pump.
        dose_rate, dose_unit: as the pump displays it, UCUM.
        battery_min: minutes left.
        on_mains: None if not told.
        interval_s: as in ``Numeric``.
        pressure_mmhg: in the line, from pumps that tell it so; may be negative.
    """

    at: Instant
    channel: str
    state: PumpState
    rate_ml_per_h: float | None = None
    infused_ml: float | None = None
    to_infuse_ml: float | None = None
    remaining_ml: float | None = None
    time_left_s: float | None = None
    pressure_percent: float | None = None
    drug: str | None = None
    concentration_mg_per_ml: float | None = None
    dose_rate: float | None = None
    dose_unit: str | None = None
    battery_min: float | None = None
    on_mains: bool | None = None
    interval_s: float = 5.0
    pressure_mmhg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAlert:
    """An alarm or message of the device itself: sent when it appears and again, ``active=False``, when it goes."""

    at: Instant
    code: str
    text: str
    priority: Priority
    active: bool = True
    technical: bool = False
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """The state of a line, sent at each change.

    Attributes:
        detail: what happened, for people ("unplugged", "ttyUSB0 is in use by process 412").
        bad_frames: frames dropped since the line was opened.
    """

    at: Instant
    state: LinkState
    detail: str = ""
    bad_frames: int = 0


Observation = Numeric | WaveformBlock | PumpStatus | DeviceAlert | LinkStatus
