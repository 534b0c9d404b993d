"""Numerics of a case as a report draws them: in buckets of seconds, reckoned by the database itself; and each reading of the cuff once.

A case of a hundred hours has two million numbers: they are never all in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
from sqlalchemy import func, select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE, NIBP_DIA, NIBP_MEAN, NIBP_SYS
from clinical.observations import Validity
from clinical.report.told import BUCKET_S, CuffReading, Trend
from storage.export.sheet import Source
from storage.schema import NUMERICS

SAME_READING_S = 30.0
"""The same three numbers so soon after one another are one inflation. A cuff takes about so long."""
_CUFF = {NIBP_SYS.id: "sys", NIBP_DIA.id: "dia", NIBP_MEAN.id: "mean"}
CUFF_IDS = tuple(_CUFF)
_Row = tuple[str, str, int, str, float, float, float]
"""Metric, channel, bucket, validity, lowest, highest, mean."""


def trends_of(source: Source) -> tuple[Trend, ...]:
    """Every numeric that was shown but the cuff's, in the catalogue's order. Raises StoreError."""
    places = {name: place for place, name in enumerate(CATALOGUE)}
    rows = sorted(_buckets(source), key=lambda row: (places[row[0]], row[1], row[2], row[3]))
    return tuple(_trend(source, metric, channel, list(part)) for (metric, channel), part in groupby(rows, key=lambda row: (row[0], row[1])))


def _buckets(source: Source) -> Iterator[_Row]:
    table, history = NUMERICS.c, source.history
    begin_ns = history.started.monotonic_ns
    bucket = (table.at_mono_ns - begin_ns) // (BUCKET_S * NS_PER_S)
    columns = (table.metric, table.channel, bucket, table.validity, func.min(table.value), func.max(table.value), func.avg(table.value))
    # Rows lie by time, so sorting them by time first is quickest.
    query = select(*columns).group_by(bucket, table.metric, table.channel, table.validity)
    query = query.where(table.case_id == history.case_id, table.shown, table.value.is_not(None), table.metric.not_in(CUFF_IDS))
    yield from history.driver_rows(query.where(table.at_mono_ns >= begin_ns))


def _trend(source: Source, metric: str, channel: str, rows: list[_Row]) -> Trend:
    """Of a bucket with doubted and sure values the sure ones stand."""
    best: dict[int, _Row] = {}
    for row in rows:
        if row[2] not in best or row[3] == Validity.VALID.value:
            best[row[2]] = row
    kept = list(best.values())
    return Trend(
        metric=CATALOGUE[metric],
        channel=source.veil.channel(channel),
        places=np.array([row[2] for row in kept], np.int64),
        lows=np.array([row[4] for row in kept], np.float64),
        highs=np.array([row[5] for row in kept], np.float64),
        means=np.array([row[6] for row in kept], np.float64),
        doubtful=np.array([row[3] != Validity.VALID.value for row in kept], np.bool_),
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
