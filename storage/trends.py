"""All numerics of a case that were shown, in one reading: for whoever draws them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE, Metric
from storage.damage import told_as_damage
from storage.history import CaseHistory
from storage.schema import NUMERICS

SAME_READING_S = 30.0
"""The same cuff reading so soon after itself is one inflation, dated anew: a cuff takes about so long."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """One metric and channel: float64 arrays of shape (n,), seconds since the start of the case and values, NaN where there was none."""

    metric: Metric
    channel: str
    seconds: NDArray[np.float64]
    values: NDArray[np.float64]


def trends_of(history: CaseHistory) -> list[Trend]:
    """In the catalogue's order. A value that was measured before it came stands where it was measured. Raises StoreError."""
    table = NUMERICS.c
    query = select(table.metric, table.channel, table.at_mono_ns, table.measured_mono_ns, table.value)
    query = query.where(table.case_id == history.case_id, table.shown).order_by(table.id)
    found: dict[tuple[str, str], tuple[list[int], list[float | None]]] = {}
    with told_as_damage(history):
        for metric, channel, at_ns, measured_ns, value in history.driver_rows(query):
            moments, values = found.setdefault((metric, channel), ([], []))
            told_again = (
                measured_ns is not None and moments and value == values[-1] and abs(measured_ns - moments[-1]) < SAME_READING_S * NS_PER_S
            )
            moments.append(moments[-1] if told_again else at_ns if measured_ns is None else measured_ns)
            values.append(value)
        order = list(CATALOGUE)
        return [_trend(history, *key, *found[key]) for key in sorted(found, key=lambda key: (order.index(key[0]), key[1]))]


def _trend(history: CaseHistory, metric: str, channel: str, moments: list[int], values: list[float | None]) -> Trend:
    seconds = (np.array(moments, np.int64) - history.started.monotonic_ns) / NS_PER_S
    moments_once, places = np.unique(seconds, return_index=True)  # a cuff's number is told again and again, with its one moment
    return Trend(metric=CATALOGUE[metric], channel=channel, seconds=moments_once, values=np.array(values, np.float64)[places])
