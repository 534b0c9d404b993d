"""States → numerics and waveform blocks with their worth and age. Knows the rules; codes are in mapping.py, XML in documents.py."""

from __future__ import annotations

import numpy as np

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import MISSING_SAMPLE, Numeric, Validity, WaveformBlock, read_only_steps
from devices.doubt import Doubt, doubted, is_usable
from devices.drivers.sdc.documents import MOST_SAMPLES, Descriptor, State, number_of, seconds_of
from devices.drivers.sdc.mapping import (
    ACTIVATIONS,
    CODES,
    CUFF,
    HELD,
    MEASURED,
    MODES,
    NO_VALUE,
    QUALITIES,
    UNKNOWN_ACTIVATION,
    UNKNOWN_QUALITY,
    conversion,
)
from devices.sample_clock import SampleClock

INTERVAL_S, HELD_INTERVAL_S = 10.0, 600.0
"""Where the device does not say how often it measures; of a cuff, how long a reading may be the last."""
SLACK_S, TOO_OLD_S = 5.0, 120.0
"""Later than this behind the device's newest value a time is told; a continuous value beyond the second is no present one."""
HIGHEST_STEP = 32_000

_TIME_NOT_TOLD = Doubt(Validity.QUESTIONABLE, "time of measurement not told")
_TOO_OLD = Doubt(Validity.INVALID, "measured too long ago")


class Track:
    """One metric of the device: what it is, how its numbers become the catalogue's, and where its samples stand in time."""

    def __init__(self, descriptor: Descriptor, metric: Metric, channel: str) -> None:
        attributes = descriptor.attributes
        self.metric = metric
        self.channel = channel
        self.scale = conversion(descriptor.unit, metric)
        self.interval_s = self._interval_s(attributes.get("DeterminationPeriod", ""), attributes.get("MetricAvailability", ""))
        self.period_s = seconds_of(attributes.get("SamplePeriod", ""))
        self.resolution = number_of(attributes.get("Resolution", ""))
        self._clock = None if self.period_s is None else SampleClock(1 / self.period_s)

    def _interval_s(self, period: str, availability: str) -> float:
        if self.metric in CUFF or availability == "Intr":
            return HELD_INTERVAL_S
        return seconds_of(period) or INTERVAL_S

    def begins(self, count: int, now: Instant) -> Instant:
        """When the first of ``count`` samples that arrive now was taken."""
        return now if self._clock is None else self._clock.place(count, now)


def track_of(descriptor: Descriptor, taken: set[tuple[Metric, str]]) -> Track | None:
    """The track of a descriptor; None for what is not measured or not in the tables. Of two of one metric the second has its handle."""
    metric = CODES.get(descriptor.code)
    is_wave = descriptor.kind == "RealTimeSampleArrayMetricDescriptor"
    if metric is None or metric.waveform is not is_wave or descriptor.attributes.get("MetricCategory") not in MEASURED:
        return None
    if not is_wave and descriptor.kind != "NumericMetricDescriptor":
        return None
    channel = descriptor.handle[:32] if (metric, "") in taken else ""
    taken.add((metric, channel))
    return Track(descriptor, metric, channel)


def doubt_of(state: State) -> Doubt | None:
    """What lowers the worth of a state, the worst first."""
    activation = ACTIVATIONS.get(state.attributes.get("ActivationState", "On"), UNKNOWN_ACTIVATION)
    if activation is not None and activation.validity is not Validity.QUESTIONABLE:
        return activation
    if state.value is None:
        return NO_VALUE
    mode = MODES.get(state.quality.get("Mode", "Real"))
    return mode or QUALITIES.get(state.quality.get("Validity", ""), UNKNOWN_QUALITY) or activation


class DeviceClock:
    """The device's clock against ours, by the newest continuous value it ever sent."""

    def __init__(self) -> None:
        self._lead_ms: int | None = None

    def note(self, time_ms: int | None, now: Instant) -> None:
        """A continuous value with this time has come."""
        if time_ms is not None:
            lead_ms = time_ms - now.monotonic_ns // 1_000_000
            self._lead_ms = lead_ms if self._lead_ms is None else max(self._lead_ms, lead_ms)

    def age_s(self, time_ms: int | None, now: Instant) -> float | None:
        """How old a value of this time is; None while that cannot be told."""
        if time_ms is None or self._lead_ms is None:
            return None
        return max(0.0, (self._lead_ms - time_ms + now.monotonic_ns // 1_000_000) / 1000)


def time_of(state: State) -> int | None:
    """DeterminationTime, milliseconds since 1970 by the device's clock."""
    text = (state.value or {}).get("DeterminationTime", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def numeric_of(track: Track, state: State, clock: DeviceClock, now: Instant) -> Numeric:
    """A numeric state as an observation. The unit of the track must be known."""
    doubt, value = doubt_of(state), None
    measured_at: Instant | None = None
    if is_usable(doubt):
        value, implausible = _value(track, (state.value or {}).get("Value", ""))
        measured_at, aged = _age(track.metric, clock.age_s(time_of(state), now), now)
        doubt = implausible or (aged if aged is not None and aged.validity is Validity.INVALID else doubt or aged)
    return doubted(track.metric, value, doubt, now, interval_s=track.interval_s, channel=track.channel, measured_at=measured_at)


def _value(track: Track, text: str) -> tuple[float | None, Doubt | None]:
    number, metric = number_of(text), track.metric
    if number is None or track.scale is None:
        return None, NO_VALUE
    value = number * track.scale[0] + track.scale[1]
    if not metric.low <= value <= metric.high or (value == 0 and not metric.zero_is_a_reading):
        return None, Doubt(Validity.INVALID, f"{value:g} cannot be a reading")
    return value, None


def _age(metric: Metric, age_s: float | None, now: Instant) -> tuple[Instant | None, Doubt | None]:
    if age_s is None:
        return None, _TIME_NOT_TOLD if metric in CUFF else None
    at = now.plus(-age_s)
    if metric in CUFF:
        return at, None
    return (at if age_s > SLACK_S else None), (_TOO_OLD if age_s > TOO_OLD_S and metric not in HELD else None)


def block_of(track: Track, state: State, now: Instant) -> WaveformBlock | None:
    """A run of samples as an observation; None where there are none, or too many to be one run."""
    texts = (state.value or {}).get("Samples", "").split()
    if not texts or len(texts) > MOST_SAMPLES or track.period_s is None or track.scale is None:
        return None
    numbers = np.array([np.nan if (number := number_of(text)) is None else number for text in texts], dtype=np.float64)
    doubt = doubt_of(state)
    lost = not is_usable(doubt)
    step = _step(numbers, track.resolution)
    steps = np.where(np.isnan(numbers) | lost, MISSING_SAMPLE, np.nan_to_num(np.rint(numbers / step))).astype(np.int16)
    return WaveformBlock(
        at=track.begins(len(texts), now),
        metric=track.metric,
        rate_hz=1 / track.period_s,
        steps=read_only_steps(steps),
        unit_per_step=step * track.scale[0],
        unit_at_zero=track.scale[1],
        validity=Validity.VALID if doubt is None else doubt.validity,
        channel=track.channel,
    )


def _step(numbers: np.ndarray[tuple[int], np.dtype[np.float64]], resolution: float | None) -> float:
    """The device's own step where its numbers fit into 16 bits by it; else the smallest that lets them."""
    greatest = float(np.nanmax(np.abs(numbers), initial=0.0))
    least = max(greatest / HIGHEST_STEP, 1e-12)
    return resolution if resolution is not None and resolution >= least else least
