"""What alarms are worth, measured on a recording: events from the signal itself, and what a rule made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.alarm_rules import Alarms, Key, Standing, sides
from bench.recorded_patients import RecordedPatient
from bench.report import percentile
from clinical.metrics import SPO2

WINDOW_S = 15.0
SHORT_S, LONG_S = 20.0, 60.0
"""An event is a stretch in which the centred running median of 15 s is beyond the limit: short for 20–59 s, long from 60 s on."""

SHORT_ALARM_S = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    begin: int
    end: int
    seconds: float


def events(values: NDArray[np.float64], limit: float, sign: int, step_s: float) -> Iterator[Event]:
    """Every event of 20 s or more. A median needs values in more than half of its window."""
    half = int(WINDOW_S / step_s) // 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, half, constant_values=np.nan), 2 * half + 1)
    enough = np.isfinite(around).sum(axis=1) > half
    medians = np.full(len(values), np.nan)
    medians[enough] = np.nanmedian(around[enough], axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (medians - limit) * sign > 0, [0]))))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if (end - begin) * step_s >= SHORT_S:
            yield Event(begin, end, (end - begin) * step_s)


@dataclass(slots=True)
class Tally:
    """What one rule did over many patients."""

    hours: float = 0.0
    new: int = 0
    returned: int = 0
    worsened: int = 0
    in_alarm_s: float = 0.0
    lengths_s: list[float] = field(default_factory=list)
    short: list[bool] = field(default_factory=list)
    long: list[bool] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    spo2_latencies_s: list[float] = field(default_factory=list)

    def add(self, patient: RecordedPatient, alarms: Alarms) -> None:
        """Counts one patient. Time in alarm counts only where there is a value: what is missing is the sensor's alarm, not the limit's."""
        self.hours += patient.hours
        for key, values, limit in sides(patient):
            stood = alarms[key]
            self._count(patient, values, stood)
            for event in events(values, limit, key[1], patient.step_s):
                self._meet(patient, key, event, stood)

    def _count(self, patient: RecordedPatient, values: NDArray[np.float64], stood: list[Standing]) -> None:
        for one in stood:
            self.new += not one.returned
            self.returned += one.returned
            self.worsened += one.worsened
            self.lengths_s.append((one.end - one.begin) * patient.step_s)
            self.in_alarm_s += float(np.isfinite(values[int(one.begin) : int(one.end)]).sum()) * patient.step_s

    def _meet(self, patient: RecordedPatient, key: Key, event: Event, stood: list[Standing]) -> None:
        met = next((one for one in stood if one.begin < event.end and one.end > event.begin), None)
        (self.long if event.seconds >= LONG_S else self.short).append(met is not None)
        if met is None:
            return
        latency_s = max(0, met.begin - event.begin) * patient.step_s
        self.latencies_s.append(latency_s)
        if key[0] is SPO2:
            self.spo2_latencies_s.append(latency_s)

    def as_row(self, *, beside: Tally) -> dict[str, object]:
        """The row of a table. ``beside``: thresholds without delay, over the same patients."""
        return {
            "hours": round(self.hours, 1),
            "new_per_hour": round(self.new / self.hours, 2),
            "returns_per_hour": round(self.returned / self.hours, 2),
            "worsened_per_hour": round(self.worsened / self.hours, 2),
            "median_length_s": round(float(np.median(self.lengths_s)), 1) if self.lengths_s else None,
            "under_15_s_percent": _percent(sum(length < SHORT_ALARM_S for length in self.lengths_s), len(self.lengths_s)),
            "in_alarm_s_per_hour": round(self.in_alarm_s / self.hours),
            "in_alarm_of_no_delay": round(self.in_alarm_s / beside.in_alarm_s, 3) if beside.in_alarm_s else None,
            "short_events": len(self.short),
            "short_caught_percent": _percent(sum(self.short), len(self.short)),
            "long_events": len(self.long),
            "long_caught_percent": _percent(sum(self.long), len(self.long)),
            "latency_s_p95": _p95(self.latencies_s),
            "spo2_latency_s_p95": _p95(self.spo2_latencies_s),
        }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _p95(seconds: list[float]) -> float | None:
    return round(percentile(seconds, 95), 1) if seconds else None
