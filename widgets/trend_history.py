"""What the trend remembers of a case: numbers, dose, events, gaps, as seconds from its zero. No Qt, no drawing, bounded memory."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from clinical import metrics
from clinical.alarm_model import AlarmTransition, Presence
from clinical.instant import Instant
from clinical.messages import DoseReport, Gap
from clinical.metrics import Metric
from clinical.observations import Numeric, Priority, Validity
from widgets.trend_store import BucketSeries, CuffSeries, StepSeries

LINES = (metrics.HEART_RATE, metrics.SPO2, metrics.RESP_RATE, metrics.ETCO2)
"""Drawn as lines."""

STANDS_FOR = {
    metrics.PULSE_RATE: metrics.HEART_RATE,
    metrics.CO2_RESP_RATE: metrics.RESP_RATE,
    metrics.IMPEDANCE_RESP_RATE: metrics.RESP_RATE,
}
"""Drawn on another's line while that other is not told."""

STANDS_AFTER_S = 30.0
MOST_EVENTS = 600
MOST_GAPS = 400
BAND_BUCKET_S = 30.0

_SHOWN = (Validity.VALID, Validity.QUESTIONABLE)


@dataclass(frozen=True, slots=True)
class Event:
    """A flag of the chart."""

    at_s: float
    text: str
    is_score: bool


class TrendHistory:
    """Everything since ``zero``; what is older is dropped.

    Attributes:
        lines: by metric of ``LINES``.
        pump_device: whose gaps belong to the dose; empty until a report said so.
        changes: rises with what should be seen at once: a cuff reading, a dose, an event, a gap.
        infusing_since_s: when the pump was first seen infusing, or None.
    """

    def __init__(self, zero: Instant) -> None:
        self.zero = zero
        self.lines = {metric: BucketSeries() for metric in LINES}
        self.cuff = CuffSeries()
        self.dose = StepSeries()
        self.band = BucketSeries(bucket_s=BAND_BUCKET_S)
        self.effect = BucketSeries(bucket_s=BAND_BUCKET_S)
        self.events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self.alarms: deque[tuple[float, Priority]] = deque(maxlen=MOST_EVENTS)
        self.pump_device = ""
        self.changes = 0
        self.infusing_since_s: float | None = None
        self._gaps: dict[tuple[str, str, int], Gap] = {}
        self._told: dict[Metric, float] = {}

    def seconds(self, at: Instant) -> float:
        """From the zero, by the monotonic clock."""
        return at.since(self.zero)

    def add_numeric(self, numeric: Numeric) -> None:
        at_s = self.seconds(numeric.measured_at or numeric.at)
        if numeric.metric in {metrics.NIBP_SYS, metrics.NIBP_DIA}:
            self._add_cuff(numeric, at_s)
            self.changes += 1
            return
        metric = STANDS_FOR.get(numeric.metric, numeric.metric)
        if metric not in self.lines or not self._may_stand(numeric.metric, metric, at_s):
            return
        if numeric.value is None or numeric.validity not in _SHOWN:
            self.lines[metric].break_at(at_s)
        else:
            self._told[numeric.metric] = at_s
            self.lines[metric].add(at_s, numeric.value, numeric.value, numeric.interval_s)

    def _may_stand(self, told: Metric, drawn: Metric, at_s: float) -> bool:
        if told is drawn:
            return True
        others = (metric for metric in (drawn, *STANDS_FOR) if STANDS_FOR.get(metric, metric) is drawn)
        for other in others:
            if other is told:
                return True
            if at_s - self._told.get(other, -math.inf) < STANDS_AFTER_S:
                return False
        return True

    def _add_cuff(self, numeric: Numeric, at_s: float) -> None:
        if numeric.value is None or numeric.validity not in _SHOWN:
            return
        if numeric.metric is metrics.NIBP_SYS:
            self.cuff.add(at_s, sys=numeric.value)
        else:
            self.cuff.add(at_s, dia=numeric.value)

    def add_dose(self, report: DoseReport) -> None:
        """The dose as reported; from the last word of a silent pump on it is not known."""
        self.pump_device = report.pump_device or self.pump_device
        if report.started_at is not None:
            self.infusing_since_s = self.seconds(report.started_at)
        if report.stale or report.rate_mg_per_h is None:
            changed = self.dose.add(self.seconds(report.pump.at if report.pump else report.at), math.nan)
        else:
            changed = self.dose.add(self.seconds(report.at), report.rate_mg_per_h)
        self.changes += changed
        if report.predicted_ng_per_ml is not None:
            self.band.add(self.seconds(report.at), *report.predicted_ng_per_ml, interval_s=60.0)
        if report.effect_ng_per_ml is not None:
            self.effect.add(self.seconds(report.at), report.effect_ng_per_ml, report.effect_ng_per_ml, interval_s=60.0)

    def add_event(self, at: Instant, text: str, *, is_score: bool) -> None:
        """Kept by rising time, wherever it was entered late."""
        event, later = Event(self.seconds(at), text, is_score), []
        while self.events and self.events[-1].at_s > event.at_s:
            later.append(self.events.pop())
        self.events.append(event)
        self.changes += 1
        self.events.extend(reversed(later))

    def set_flags(self, flags: Sequence[tuple[Instant, str, bool]]) -> None:
        """Whatever was flagged before, these are the entries that stand: (when, words, whether it is a score)."""
        self.events.clear()
        self.events.extend(sorted((Event(self.seconds(at), text, is_score) for at, text, is_score in flags), key=lambda event: event.at_s))
        self.changes += 1

    def alarms_apart(self, least_s: float) -> list[tuple[float, Priority]]:
        """When alarms began and their priority, without those that one of the same priority follows sooner: they would lie under it.

        The highest priority comes last: what is drawn last lies on top.
        """
        apart, after_s = [], dict[Priority, float]()
        for at_s, priority in reversed(self.alarms):
            if after_s.get(priority, math.inf) - at_s >= least_s:
                after_s[priority] = at_s
                apart.append((at_s, priority))
        return sorted(apart, key=lambda alarm: (alarm[1].rank, alarm[0]))

    def add_alarm(self, transition: AlarmTransition) -> None:
        """Marks a condition that appeared; other changes of its presence leave no mark."""
        if transition.before is Presence.OFF and transition.alarm.presence is Presence.ON:
            self.changes += 1
            self.alarms.append((self.seconds(transition.at), transition.alarm.priority))

    def add_gap(self, gap: Gap) -> None:
        """A gap that began, or, told again, ended."""
        key = (gap.device, gap.what, gap.since.monotonic_ns)
        if key not in self._gaps and len(self._gaps) >= MOST_GAPS:
            del self._gaps[next(iter(self._gaps))]
        self._gaps[key] = gap
        self.changes += 1
        for metric, line in self.lines.items():
            if gap.what in {"line", metric.id}:
                line.break_at(self.seconds(gap.since))

    def line_gaps(self, now_s: float, *, of_pump: bool) -> list[tuple[float, float]]:
        """Stretches in which a whole device was silent: the pump, or any other."""
        return [
            self._stretch(gap, now_s) for gap in self._gaps.values() if gap.what == "line" and (gap.device == self.pump_device) is of_pump
        ]

    def metric_gaps(self, now_s: float, metric: Metric) -> list[tuple[float, float]]:
        """Stretches in which one metric was missing though its device spoke."""
        return [self._stretch(gap, now_s) for gap in self._gaps.values() if gap.what == metric.id]

    def _stretch(self, gap: Gap, now_s: float) -> tuple[float, float]:
        return self.seconds(gap.since), now_s if gap.until is None else self.seconds(gap.until)
