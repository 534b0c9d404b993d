"""The numerics that were shown, on a grid of one second: for formats that only know evenly spaced samples. Knows no format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE, Metric
from clinical.observations import MISSING_SAMPLE
from storage.export.sheet import Source
from storage.history import CaseHistory
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
    history = source.history
    found: dict[tuple[str, str], int] = {}
    at, tracks, values = (np.concatenate(parts) for parts in zip(_NOTHING, *_shown(history, found), strict=True))
    second = (at - history.started.monotonic_ns) // NS_PER_S
    length = max(0, 1 + int(second.max(initial=-1)))
    places = {name: place for place, name in enumerate(CATALOGUE)}
    made = []
    for (name, channel), number in sorted(found.items(), key=lambda one: (places[one[0][0]], one[0][1])):
        mine = (tracks == number) & (second >= 0)
        steps = _steps(CATALOGUE[name], second[mine], values[mine], length)
        made.append(SecondTrack(metric=CATALOGUE[name], channel=source.veil.channel(channel), steps=steps))
    return made


_NOTHING = np.empty(0, np.int64), np.empty(0, np.int16), np.empty(0, np.float64)


def _shown(history: CaseHistory, found: dict[tuple[str, str], int]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Moments, numbers of tracks and values, thousands at a time, as they came; ``found`` gets the number of each metric and channel."""
    table = NUMERICS.c
    query = select(table.at_mono_ns, table.metric, table.channel, table.value)
    query = query.where(table.case_id == history.case_id, table.shown, table.value.is_not(None)).order_by(table.id)
    for at, metrics, channels, values in history.driver_columns(query):
        numbers = [found.setdefault(key, len(found)) for key in zip(metrics, channels, strict=True)]
        yield np.array(at, np.int64), np.array(numbers, np.int16), np.array(values, np.float64)


def _steps(metric: Metric, seconds: NDArray[np.int64], values: NDArray[np.float64], length: int) -> NDArray[np.int16]:
    """Of several values in one second the last stands: what is put later on a place is what stays."""
    steps = np.full(length, MISSING_SAMPLE, np.int16)
    wanted = np.rint(values * 10**metric.decimals)
    steps[seconds] = np.clip(wanted, MISSING_SAMPLE + 1, -MISSING_SAMPLE - 1).astype(np.int16)
    return steps
