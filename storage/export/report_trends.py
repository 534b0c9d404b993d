"""Numerics of a case as a report draws them: in buckets of seconds, reckoned by the database itself; and each reading of the cuff once.

A case of a hundred hours has two million numbers: they are never all in memory.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE, NIBP_DIA, NIBP_MEAN, NIBP_SYS
from clinical.observations import Validity
from clinical.report.told import BUCKET_S, CuffReading, Trend
from storage.export.sheet import Source
from storage.schema import NUMERICS
from storage.trends import SAME_READING_S

_CUFF = {NIBP_SYS.id: "sys", NIBP_DIA.id: "dia", NIBP_MEAN.id: "mean"}
CUFF_IDS = tuple(_CUFF)
_SURE = Validity.VALID.value
_Key = tuple[str, str, str]
"""Metric, channel, validity."""
_Buckets = dict[_Key, NDArray[np.float64]]
"""Shape (4, n) each: number of the bucket, lowest, highest, mean."""


def trends_of(source: Source) -> tuple[Trend, ...]:
    """Every numeric that was shown but the cuff's, in the catalogue's order. Raises StoreError."""
    places = {name: place for place, name in enumerate(CATALOGUE)}
    buckets = _buckets(source)
    ordered = sorted({(metric, channel) for metric, channel, _ in buckets}, key=lambda part: (places[part[0]], part[1]))
    return tuple(_trend(source, metric, channel, buckets) for metric, channel in ordered)


def _buckets(source: Source) -> _Buckets:
    table, history = NUMERICS.c, source.history
    begin_ns = history.started.monotonic_ns
    bucket = (table.at_mono_ns - begin_ns) // (BUCKET_S * NS_PER_S)
    columns = (table.metric, table.channel, table.validity, bucket, func.min(table.value), func.max(table.value), func.avg(table.value))
    # Rows lie by time, so sorting them by time first is quickest.
    query = select(*columns).group_by(bucket, table.metric, table.channel, table.validity)
    query = query.where(table.case_id == history.case_id, table.shown, table.value.is_not(None), table.metric.not_in(CUFF_IDS))
    numbers: dict[_Key, int] = {}
    parts = []
    for metrics, channels, words, *told in history.driver_columns(query.where(table.at_mono_ns >= begin_ns)):
        keys = [numbers.setdefault(key, len(numbers)) for key in zip(metrics, channels, words, strict=True)]
        parts.append(np.array((keys, *told), np.float64))
    if not parts:
        return {}
    every = np.concatenate(parts, axis=1)
    return {key: every[1:, every[0] == number] for key, number in numbers.items()}


def _trend(source: Source, metric: str, channel: str, buckets: _Buckets) -> Trend:
    """Of a bucket with doubted and sure values the sure ones stand."""
    words = sorted((word for of, at, word in buckets if (of, at) == (metric, channel)), key=lambda word: (word != _SURE, word))
    rows = np.concatenate([buckets[metric, channel, word] for word in words], axis=1)
    doubtful = np.concatenate([np.full(buckets[metric, channel, word].shape[1], word != _SURE) for word in words])
    places, firsts = np.unique(rows[0], return_index=True)
    _, lows, highs, means = rows[:, firsts]
    return Trend(
        metric=CATALOGUE[metric],
        channel=source.veil.channel(channel),
        places=places.astype(np.int64),
        lows=lows,
        highs=highs,
        means=means,
        doubtful=doubtful[firsts],
    )


def cuffs_of(source: Source) -> tuple[CuffReading, ...]:
    """Each inflation once, at the moment it was measured where the device tells it. Raises StoreError."""
    table, history = NUMERICS.c, source.history
    measured = func.coalesce(table.measured_mono_ns, table.at_mono_ns)
    query = select(measured, table.metric, func.max(table.value)).where(table.case_id == history.case_id, table.metric.in_(CUFF_IDS))
    query = query.where(table.shown, table.value.is_not(None)).group_by(measured, table.metric).order_by(measured)
    begin_ns = history.started.monotonic_ns
    found: dict[int, dict[str, float]] = {}
    for moment_ns, metric, value in history.driver_rows(query):
        found.setdefault(moment_ns, {})[_CUFF[metric]] = value
    readings = [CuffReading(at_s=(moment_ns - begin_ns) / NS_PER_S, **parts) for moment_ns, parts in found.items() if moment_ns >= begin_ns]
    return tuple(one for before, one in zip([None, *readings], readings, strict=False) if not _told_again(before, one))


def _told_again(before: CuffReading | None, one: CuffReading) -> bool:
    """Some monitors date a reading anew while they repeat it."""
    return before is not None and one.at_s - before.at_s < SAME_READING_S and one == replace(before, at_s=one.at_s)
