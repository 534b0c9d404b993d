"""The numerics that were shown, on a grid of one second: for formats that only know evenly spaced samples. Knows no format."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE, Metric
from clinical.observations import MISSING_SAMPLE
from storage.export.sheet import Source
from storage.schema import NUMERICS

HELD = "numerics are the last usable value shown in each second; validity, reason and the other sources are not held"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SecondTrack:
    """Steps of 10^-decimals of a metric's unit, int16, shape (n,): sample n is the last value shown in second n of the case."""

    metric: Metric
    channel: str
    steps: NDArray[np.int16]

    @property
    def steps_per_unit(self) -> int:
        return int(10**self.metric.decimals)


def second_tracks(source: Source) -> list[SecondTrack]:
    """A track for each metric and channel that was shown, in the catalogue's order; all of one length."""
    found: dict[tuple[str, str], dict[int, float]] = {}
    table, history = NUMERICS.c, source.history
    query = select(table.at_mono_ns, table.metric, table.channel, table.value)
    query = query.where(table.case_id == history.case_id, table.shown, table.value.is_not(None)).order_by(table.id)
    begin_ns = history.started.monotonic_ns
    for mono_ns, metric, channel, value in history.driver_rows(query):
        found.setdefault((metric, channel), {})[(mono_ns - begin_ns) // NS_PER_S] = value
    length = 1 + max((second for values in found.values() for second in values), default=-1)
    places = {name: place for place, name in enumerate(CATALOGUE)}
    return [
        _track(source, metric, channel, found[metric, channel], length)
        for metric, channel in sorted(found, key=lambda k: (places[k[0]], k[1]))
    ]


def _track(source: Source, name: str, channel: str, values: dict[int, float], length: int) -> SecondTrack:
    metric = CATALOGUE[name]
    steps = np.full(length, MISSING_SAMPLE, np.int16)
    kept = {second: value for second, value in values.items() if second >= 0}
    wanted = np.rint(np.fromiter(kept.values(), np.float64, len(kept)) * 10**metric.decimals)
    steps[np.fromiter(kept.keys(), np.int64, len(kept))] = np.clip(wanted, MISSING_SAMPLE + 1, -MISSING_SAMPLE - 1).astype(np.int16)
    return SecondTrack(metric=metric, channel=source.veil.channel(channel), steps=steps)
