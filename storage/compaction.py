"""Puts the seconds of waveforms together to minutes and keeps their overviews, within the writer's own transactions.

The first row of a minute takes all of it and the others are deleted, so the order of ids stays the order of time. No sample is
changed. A minute that cannot be read is left as it is.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection

from clinical.instant import NS_PER_S
from storage.overview import FOLD, LEVELS, Overview, bucket_ns, fold_all, of_segments, pack_overview, unpack_overview
from storage.schema import WAVEFORM_CHANNELS, WAVEFORM_OVERVIEWS, WAVEFORMS
from storage.waveform_blob import BlobError, merged, packed_minute, unpack

MINUTE_NS = 60 * NS_PER_S
BEHIND_NS = 3 * MINUTE_NS
MOST_ROWS = 300
"""Of one minute: more come only from a clock that stood still."""
MOST_MINUTES = 10
"""In one commit, where many wait: what an end of the program left behind is made up for little by little."""


class Compactor:
    """Of one case. A minute is put together a little at a time, one channel at each commit, so that no commit takes long."""

    def __init__(self, case_id: int) -> None:
        self._case_id = case_id
        self.forget()
        self._period_ns: dict[int, float] = {}

    def forget(self) -> None:
        """After a transaction that failed: what it thought was written was not."""
        self._since_ns: int | None = None
        self._work: Generator[None, None, int | None] | None = None

    def run(self, connection: Connection, newest_ns: int | None, *, ended: bool = False) -> None:
        """A little of what is due, now that the case's rows are written. ``newest_ns``: of the latest row of waveforms; None: none came.

        ``ended``: all of it, so that the whole case is read from few rows.
        """
        if self._since_ns is None and (newest_ns is not None or ended):
            begun = self._rest(connection).with_only_columns(func.min(WAVEFORMS.c.at_mono_ns)).order_by(None)
            self._since_ns = connection.execute(begun).scalar()
        if ended:
            self._run_to_the_end(connection)
        elif self._work is not None or self._is_behind(newest_ns, MINUTE_NS):
            self._work = self._work or self._compact(connection)
            self._step()
            self._catch_up(connection, newest_ns)

    def _is_behind(self, newest_ns: int | None, by_ns: int) -> bool:
        return self._since_ns is not None and newest_ns is not None and newest_ns - self._since_ns >= by_ns

    def _catch_up(self, connection: Connection, newest_ns: int | None) -> None:
        """Whole minutes at once where commits are rarer than seconds, as they are when a case runs faster than time."""
        for _ in range(MOST_MINUTES):
            if not self._is_behind(newest_ns, BEHIND_NS):
                break
            self._run_one(connection)

    def _step(self) -> None:
        assert self._work is not None  # noqa: S101 - for the type checker; the callers looked
        try:
            next(self._work)
        except StopIteration as done:
            self._work, self._since_ns = None, done.value

    def _run_one(self, connection: Connection) -> None:
        self._work = self._work or self._compact(connection)
        while self._work is not None:
            self._step()

    def _run_to_the_end(self, connection: Connection) -> None:
        for _ in range(MOST_MINUTES):
            if self._since_ns is not None:
                self._run_one(connection)
        for level in range(LEVELS - 1):
            self._fold(connection, level, least=1)

    def _rest(self, connection: Connection) -> Any:
        """The rows that are not in a minute yet."""
        table = WAVEFORMS.c
        query = select(table.id, table.at_mono_ns, table.until_mono_ns, table.blob)
        # "+ 0" so that the newest rows are found by their ids, not by the case's index, which holds all of it
        return query.where(table.case_id + 0 == self._case_id, table.id > upto(connection, self._case_id, 0)).order_by(table.id)

    def _compact(self, connection: Connection) -> Generator[None, None, int | None]:
        """One minute; gives the beginning of the next, None where nothing is left."""
        rows = connection.execute(self._rest(connection).limit(MOST_ROWS + 1)).all()
        if not rows:
            return None
        late = (place for place, row in enumerate(rows[:MOST_ROWS]) if row.at_mono_ns - rows[0].at_mono_ns >= MINUTE_NS)
        minute = rows[: next(late, min(len(rows), MOST_ROWS))]
        try:
            overview = yield from self._put_together(connection, minute)
            upto_id = minute[0].id
        except (BlobError, KeyError):
            overview, upto_id = {}, minute[-1].id
        self._keep(connection, 0, overview, minute, upto_id)
        for level in range(LEVELS - 1):
            self._fold(connection, level, least=FOLD)
        return int(rows[len(minute)].at_mono_ns) if len(rows) > len(minute) else None

    def _put_together(self, connection: Connection, minute: Sequence[Any]) -> Generator[None, None, Overview]:
        parts = [segment for row in minute for segment in unpack(row.blob)]
        periods = self._periods(connection, {segment.channel for segment in parts})
        yield
        segments = merged(parts, periods)
        blob = yield from packed_minute(segments, periods)
        yield
        overview = of_segments(segments, periods)
        yield
        table = WAVEFORMS.c
        first, last = minute[0].id, minute[-1].id
        until_ns = max(row.until_mono_ns for row in minute)
        at_ns = min(row.at_mono_ns for row in minute)
        changed = update(WAVEFORMS).where(table.id == first).values(blob=blob, at_mono_ns=at_ns, until_mono_ns=until_ns)
        connection.execute(changed)
        connection.execute(delete(WAVEFORMS).where(table.case_id + 0 == self._case_id, table.id > first, table.id <= last))
        return overview

    def _periods(self, connection: Connection, channels: set[int]) -> Mapping[int, float]:
        if not channels <= self._period_ns.keys():
            table = WAVEFORM_CHANNELS.c
            rows = connection.execute(select(table.number, table.rate_hz).where(table.case_id == self._case_id))
            self._period_ns = {row.number: NS_PER_S / row.rate_hz for row in rows}
        return self._period_ns

    def _fold(self, connection: Connection, level: int, *, least: int) -> None:
        """Rows of a level that no row above holds, into one above, once there are enough."""
        table = WAVEFORM_OVERVIEWS.c
        query = select(WAVEFORM_OVERVIEWS).where(table.case_id + 0 == self._case_id, table.level == level)
        rows = connection.execute(query.where(table.id > upto(connection, self._case_id, level + 1)).order_by(table.id).limit(FOLD)).all()
        if len(rows) < least:
            return
        try:
            overview = fold_all(unpack_overview(row.blob) for row in rows)
        except BlobError:
            overview = {}
        self._keep(connection, level + 1, overview, rows, rows[-1].id)

    def _keep(self, connection: Connection, level: int, overview: Overview, rows: Sequence[Any], upto_id: int) -> None:
        wide = bucket_ns(level)
        at_ns = min([row.at_mono_ns for row in rows] + [part.first * wide for part in overview.values()])
        until_ns = max([row.until_mono_ns for row in rows] + [part.until * wide for part in overview.values()])
        row = {"case_id": self._case_id, "level": level, "at_mono_ns": at_ns, "until_mono_ns": until_ns, "upto_id": upto_id}
        connection.execute(WAVEFORM_OVERVIEWS.insert().values(**row, blob=pack_overview(overview)))


def upto(connection: Connection, case_id: int, level: int) -> int:
    """The last row of the level below (of waveforms, for level 0) that a level holds; 0 where it holds none."""
    table = WAVEFORM_OVERVIEWS.c
    found = connection.execute(select(func.max(table.upto_id)).where(table.case_id == case_id, table.level == level)).scalar()
    return int(found or 0)
