"""Any stretch of a case's waveforms as so many columns: the lowest and highest value in each. Reads only; writes and draws nothing.

What is read grows with the columns, never with the stretch: it comes from the coarsest level whose buckets are no wider than a column,
and where a level does not reach yet, from the one below it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, select
from sqlalchemy.engine import Connection

from clinical.instant import NS_PER_S, Instant
from storage.compaction import upto_each
from storage.errors import StoreDamagedError
from storage.history import CaseHistory, WaveformChannel
from storage.overview import LEVELS, Extremes, Overview, bucket_ns, folded, joined, of_segment, unpack_overview
from storage.schema import WAVEFORM_OVERVIEWS, WAVEFORMS
from storage.waveform_blob import BlobError, Segment, merged, unpack

HELD_BYTES = 48_000_000
"""Unpacked rows kept for the next look."""
_RAW = -1
_AT_ONCE = 300
_NEAR = 1.5
"""Samples no further apart than this many periods are joined by a line; what is further apart is a gap."""
_WAVES, _LEVELS = WAVEFORMS.c, WAVEFORM_OVERVIEWS.c


def _touching(table: Any) -> Select[Any]:
    """Ids of the rows of a case that touch a stretch, of those after one. Made once: making a statement takes longer than running it."""
    mine = select(table.id).where(table.case_id == bindparam("case"), table.id > bindparam("after"))
    return mine.where(table.until_mono_ns > bindparam("since"), table.at_mono_ns < bindparam("until"))


_MINUTES = _touching(_WAVES).order_by(_WAVES.id)
_MINUTE_BLOBS = select(_WAVES.id, _WAVES.blob).where(_WAVES.id.in_(bindparam("rows", expanding=True)))
_OVERVIEWS = _touching(_LEVELS).where(_LEVELS.level == bindparam("of_level")).order_by(_LEVELS.at_mono_ns)
_OVERVIEW_BLOBS = select(_LEVELS.id, _LEVELS.blob).where(_LEVELS.id.in_(bindparam("rows", expanding=True)))


What = TypeVar("What")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Envelope:
    """One channel: ``lows`` and ``highs``, float32 of shape (columns,), in the metric's unit; NaN where there is no sample."""

    channel: WaveformChannel
    lows: NDArray[np.float32]
    highs: NDArray[np.float32]


class _Held(Generic[What]):
    """The rows looked at last, unpacked, up to a size."""

    def __init__(self, most_bytes: int, blobs: Select[Any], unpacked: Callable[[bytes], tuple[What, int]]) -> None:
        """``blobs`` gives rows by their ids; ``unpacked`` what is in one, and its bytes in memory."""
        self._most_bytes = most_bytes
        self._blobs = blobs
        self._unpacked = unpacked
        self._size = 0
        self._rows: OrderedDict[int, tuple[What, int]] = OrderedDict()

    def read(self, connection: Connection, ids: Sequence[int]) -> list[What]:
        """What is in these rows, in that order; those that are not held are read together."""
        missing = [row_id for row_id in ids if row_id not in self._rows]
        for first in range(0, len(missing), _AT_ONCE):
            for row_id, blob in connection.execute(self._blobs, {"rows": missing[first : first + _AT_ONCE]}):
                self._rows[row_id] = self._unpacked(blob)
                self._size += self._rows[row_id][1]
        for row_id in ids:
            self._rows.move_to_end(row_id)
        found = [self._rows[row_id][0] for row_id in ids]
        while self._size > self._most_bytes and len(self._rows) > 1:
            self._size -= self._rows.popitem(last=False)[1][1]
        return found


class Envelopes:
    """Reads the columns of one case. Belongs to one thread; what it may hold in memory is bounded."""

    def __init__(self, history: CaseHistory, *, held_bytes: int = HELD_BYTES) -> None:
        self._history = history
        self._overviews = _Held(held_bytes // 3, _OVERVIEW_BLOBS, _overview)
        self._minutes = _Held(held_bytes - held_bytes // 3, _MINUTE_BLOBS, _minute)
        self._channels: dict[int, WaveformChannel] = {}
        self._upto: list[int] = []

    def read(self, since: Instant, until: Instant, columns: int) -> list[Envelope]:
        """All channels over [since, until) in so many columns, in the order the channels appeared. Raises StoreError."""
        wide_ns = max(1.0, (until.monotonic_ns - since.monotonic_ns) / max(1, columns))
        level = max((level for level in range(LEVELS) if bucket_ns(level) <= wide_ns), default=_RAW)
        with self._history.reading() as connection:
            self._channels = {channel.number: channel for channel in self._history.waveform_channels()}
            self._upto = upto_each(connection, self._history.case_id)
            span = since.monotonic_ns, until.monotonic_ns
            try:
                found = self._raw(connection, span, wide_ns) if level == _RAW else self._from(connection, level, span, wide_ns)
            except (BlobError, KeyError) as error:
                raise StoreDamagedError(f"the overview of a waveform cannot be read ({error}): restore a copy") from error
        return [self._envelope(channel, found.get(number), columns) for number, channel in self._channels.items()]

    def _from(self, connection: Connection, level: int, span: tuple[int, int], wide_ns: float) -> Overview:
        """Columns out of a level's buckets."""
        bucket = bucket_ns(level)
        wanted = span[0] // bucket, -(-span[1] // bucket)
        parts = self._parts(connection, level, span, 0)
        column = ((np.arange(*wanted) * bucket - span[0]) // wide_ns).astype(np.int64)
        np.maximum(column, 0, out=column)
        starts = np.flatnonzero(np.diff(column, prepend=-1))
        columns: Overview = {}
        for number, found in parts.items():
            whole = joined(found, wanted)
            lows, highs = np.minimum.reduceat(whole.lows, starts), np.maximum.reduceat(whole.highs, starts)
            columns[number] = Extremes(first=0, lows=lows, highs=highs)
        return columns

    def _parts(self, connection: Connection, level: int, span: tuple[int, int], after: int) -> dict[int, list[Extremes]]:
        """Pieces of a level that touch a stretch, those the level does not hold yet made of the level below."""
        if level == _RAW:
            segments = self._segments(connection, span, after=after)
            made = [(one.channel, of_segment(one, self._period_ns(one.channel), bucket_ns(0))) for one in segments]
            return _by_channel([{number: part} for number, part in made if part is not None])
        asked = {"case": self._history.case_id, "of_level": level, "after": after, "since": span[0], "until": span[1]}
        rows = connection.execute(_OVERVIEWS, asked).scalars().all()
        found = _by_channel(self._overviews.read(connection, rows))
        for number, parts in self._parts(connection, level - 1, span, self._upto[level]).items():
            found.setdefault(number, []).extend(part if level == 0 else folded(part) for part in parts)
        return found

    def _segments(self, connection: Connection, span: tuple[int, int], *, after: int = 0) -> list[Segment]:
        """Samples that touch a stretch; minutes are kept for the next look, seconds are not: they will be put together."""
        asked = {"case": self._history.case_id, "after": after, "since": span[0], "until": span[1]}
        ids = connection.execute(_MINUTES, asked).scalars().all()
        compact = [row_id for row_id in ids if row_id <= self._upto[0]]
        found = list(chain.from_iterable(self._minutes.read(connection, compact)))
        return found + self._seconds(connection, ids[len(compact) :])

    def _seconds(self, connection: Connection, ids: Sequence[int]) -> list[Segment]:
        """Rows that are not put together yet, as if they were."""
        table = WAVEFORMS.c
        periods = {number: self._period_ns(number) for number in self._channels}
        segments: list[Segment] = []
        for first in range(0, len(ids), _AT_ONCE):
            query = select(table.blob).where(table.id.in_(ids[first : first + _AT_ONCE])).order_by(table.id)
            segments += merged((one for blob in connection.execute(query).scalars() for one in unpack(blob)), periods)
        return segments

    def _raw(self, connection: Connection, span: tuple[int, int], wide_ns: float) -> Overview:
        """Columns out of the samples themselves; samples further apart than columns are joined by lines."""
        columns = round((span[1] - span[0]) / wide_ns)
        by_channel: dict[int, list[Segment]] = {}
        for segment in self._segments(connection, (span[0] - NS_PER_S, span[1] + NS_PER_S)):
            by_channel.setdefault(segment.channel, []).append(segment)
        found: Overview = {}
        for number, segments in by_channel.items():
            period_ns = self._period_ns(number)
            pieces = [_cut(one, span, period_ns) for one in segments]
            parts = [part for one in pieces if (part := of_segment(one, period_ns, wide_ns, span[0])) is not None]
            if parts:
                aside = int(period_ns / wide_ns) + 2  # columns on either side, for lines that leave the picture
                whole = joined(parts, (-aside, columns + aside))
                whole = _lined(whole, period_ns / wide_ns) if period_ns > wide_ns else whole
                found[number] = Extremes(first=0, lows=whole.lows[aside:-aside], highs=whole.highs[aside:-aside])
        return found

    def _period_ns(self, number: int) -> float:
        return NS_PER_S / self._channels[number].rate_hz

    def _envelope(self, channel: WaveformChannel, found: Extremes | None, columns: int) -> Envelope:
        lows, highs = (np.full(columns, np.nan, np.float32) for _ in range(2))
        if found is not None:
            count = min(columns, len(found.lows))
            there = found.highs[:count] >= found.lows[:count]
            for values, steps in ((lows[:count], found.lows[:count]), (highs[:count], found.highs[:count])):
                values[:] = steps * np.float32(channel.unit_per_step) + np.float32(channel.unit_at_zero)
                values[~there] = np.nan
        if channel.unit_per_step < 0:
            lows, highs = highs, lows
        return Envelope(channel=channel, lows=lows, highs=highs)


def _overview(blob: bytes) -> tuple[Overview, int]:
    overview = unpack_overview(blob)
    return overview, sum(4 * len(part.lows) for part in overview.values())


def _minute(blob: bytes) -> tuple[list[Segment], int]:
    segments = list(unpack(blob))
    return segments, sum(2 * len(one.steps) for one in segments)


def _by_channel(overviews: Iterable[Overview]) -> dict[int, list[Extremes]]:
    parts: dict[int, list[Extremes]] = {}
    for overview in overviews:
        for number, extremes in overview.items():
            parts.setdefault(number, []).append(extremes)
    return parts


def _cut(segment: Segment, span: tuple[int, int], period_ns: float) -> Segment:
    """The samples of a segment in a stretch, and one on either side where there is one, for lines that leave the picture."""
    first = max(0, int((span[0] - segment.at_mono_ns) // period_ns) - 1)
    last = max(first, min(len(segment.steps), int((span[1] - segment.at_mono_ns) // period_ns) + 3))
    begins = segment.at_mono_ns + round(first * period_ns)
    return Segment(
        channel=segment.channel, validity=segment.validity, at_mono_ns=begins, at_utc_ns=segment.at_utc_ns, steps=segment.steps[first:last]
    )


def _lined(whole: Extremes, columns_a_sample: float) -> Extremes:
    """Columns between two samples that follow one another, filled with the line that joins them."""
    filled = np.flatnonzero(whole.highs >= whole.lows)
    if len(filled) < 2:
        return whole
    middles = (whole.lows[filled].astype(np.float32) + whole.highs[filled]) / 2
    place = np.arange(len(whole.lows))
    left, right = np.interp(place - 0.5, filled, middles), np.interp(place + 0.5, filled, middles)
    after = np.clip(np.searchsorted(filled, place, side="left"), 1, len(filled) - 1)
    inside = (place >= filled[0]) & (place <= filled[-1]) & (filled[after] - filled[after - 1] <= _NEAR * columns_a_sample + 1)
    lows, highs = whole.lows.copy(), whole.highs.copy()
    lows[inside] = np.minimum(lows[inside], np.minimum(left, right)[inside])
    highs[inside] = np.maximum(highs[inside], np.maximum(left, right)[inside])
    return Extremes(first=0, lows=lows, highs=highs)
