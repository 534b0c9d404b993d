"""Puts the seconds of waveforms together to minutes and keeps their overviews, after the commits that wrote the seconds.

The first row of a minute takes all of it and the others are deleted, so the order of ids stays the order of time. No sample is
changed. A minute that cannot be read is left as it is. What stands for good is given back as rows to be sealed (``seals.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.engine import Connection

from clinical.instant import NS_PER_S
from storage.overview import FOLD, LEVELS, Overview, bucket_ns, fold_all, of_segments, pack_overview, unpack_overview
from storage.rows import Row
from storage.schema import WAVEFORM_OVERVIEWS, WAVEFORMS
from storage.waveform_blob import BlobError, merged, packed_minute, unpack

MINUTE_NS = 60 * NS_PER_S
BEHIND_NS = 3 * MINUTE_NS
MOST_ROWS = 300
"""Of one minute: more come only from a clock that stood still."""
MOST_MINUTES = 10
"""At one time, where many wait: what an end of the program left behind is made up for little by little."""

Second: TypeAlias = tuple[int, int, int, bytes]
"""A row of ``waveforms``: UTC ns and monotonic ns of its beginning, monotonic ns of its end, blob."""

_MINE = WAVEFORMS.c.case_id + 0 == bindparam("case")
# "+ 0" so that the newest rows are found by their ids, not by the case's index, which holds all of it
_REST = WAVEFORMS.c.id > bindparam("after")
_WAVES = WAVEFORMS.c
_IDS = select(_WAVES.id).where(_MINE, _REST).order_by(_WAVES.id).limit(bindparam("count"))
_SECONDS = (
    select(_WAVES.at_utc_ns, _WAVES.at_mono_ns, _WAVES.until_mono_ns, _WAVES.blob)
    .where(_MINE, _REST)
    .order_by(_WAVES.id)
    .limit(bindparam("count"))
)
_TAKE_ALL = (
    update(WAVEFORMS)
    .where(_WAVES.id == bindparam("first"))
    .values(blob=bindparam("new_blob"), at_mono_ns=bindparam("new_at"), until_mono_ns=bindparam("new_until"))
)
_GIVE_UP = delete(WAVEFORMS).where(_MINE, _WAVES.id > bindparam("first"), _WAVES.id <= bindparam("last"))
_BELOW = (
    select(WAVEFORM_OVERVIEWS)
    .where(
        WAVEFORM_OVERVIEWS.c.case_id + 0 == bindparam("case"),
        WAVEFORM_OVERVIEWS.c.level == bindparam("below"),
        WAVEFORM_OVERVIEWS.c.id > bindparam("after"),
    )
    .order_by(WAVEFORM_OVERVIEWS.c.id)
    .limit(FOLD)
)


@dataclass(frozen=True, slots=True)
class _Minute:
    """Seconds and what they become: one blob and its overview; nothing where they cannot be read."""

    seconds: Sequence[Second]
    blob: bytes | None
    overview: Overview


Brought: TypeAlias = dict[str, list[Row]]
"""Rows to be sealed by the name of their table."""


class Compactor:
    """Of one case. A minute is made a little at a time, one channel at each call, so that nothing waits long for it."""

    def __init__(self, case_id: int, periods_ns: Callable[[], Mapping[int, float]], *, fresh: bool) -> None:
        """``periods_ns`` gives the distance of two samples by channel; ``fresh``: the database holds no waveforms of the case yet."""
        self._case_id = case_id
        self._periods_ns = periods_ns
        self.forget()
        self._whole = fresh

    def forget(self) -> None:
        """After a transaction that failed: what it thought was written was not."""
        self._seconds: list[Second] = []
        self._whole = False
        self._work: Generator[None, None, _Minute] | None = None
        self._ready: _Minute | None = None

    def add(self, seconds: Iterable[Row]) -> None:
        """Rows of ``waveforms`` that the database has taken."""
        if self._whole:
            self._seconds += seconds  # type: ignore[arg-type]  # a Row says less than a Second

    @property
    def needs_rows(self) -> bool:
        """Whether it must look what is in the database (``look``) before it can go on."""
        return not self._whole and len(self._seconds) <= MOST_ROWS

    def look(self, connection: Connection) -> None:
        """Takes the oldest rows that are in no minute yet; all of them if they are few."""
        asked = {"case": self._case_id, "after": upto(connection, self._case_id, 0), "count": MOST_ROWS + 1}
        self._seconds = [tuple(row) for row in connection.execute(_SECONDS, asked)]
        self._whole = len(self._seconds) <= MOST_ROWS

    def is_behind(self, by_ns: int = MINUTE_NS) -> bool:
        """Whether at least so much waits."""
        return bool(self._seconds) and (self._seconds[-1][1] - self._seconds[0][1] >= by_ns or len(self._seconds) > MOST_ROWS)

    def prepare(self, *, wholly: bool = False) -> bool:
        """A little of the work that needs no database, or all of it; whether a minute is ready to be written."""
        while self._ready is None:
            self._work = self._work or self._make(self._due())
            try:
                next(self._work)
            except StopIteration as done:
                self._work, self._ready = None, done.value
            if not wholly:
                break
        return self._ready is not None

    def write(self, connection: Connection) -> Brought:
        """Writes the minute that is ready, and the overviews above it that have become whole."""
        assert self._ready is not None  # noqa: S101 - for the type checker; the caller prepared it
        minute, self._ready = self._ready, None
        brought: Brought = {WAVEFORMS.name: [], WAVEFORM_OVERVIEWS.name: []}
        upto_id = self._write_rows(connection, minute, brought[WAVEFORMS.name])
        spans = [(at_ns, until_ns) for _utc, at_ns, until_ns, _blob in minute.seconds]
        overviews = brought[WAVEFORM_OVERVIEWS.name]
        overviews.append(self._keep(connection, 0, minute.overview, spans, upto_id))
        for level in range(LEVELS - 1):
            overviews += self._fold(connection, level, least=FOLD)
        del self._seconds[: len(minute.seconds)]
        return brought

    def finish(self, connection: Connection) -> Brought:
        """All that is left, so that the whole of a case that has ended is read from few rows."""
        brought: Brought = {WAVEFORMS.name: [], WAVEFORM_OVERVIEWS.name: []}
        while True:
            if self.needs_rows:
                self.look(connection)
            if not self._seconds and self._ready is None:
                break
            self.prepare(wholly=True)
            for table, rows in self.write(connection).items():
                brought[table] += rows
        for level in range(LEVELS - 1):
            brought[WAVEFORM_OVERVIEWS.name] += self._fold(connection, level, least=1)
        return brought

    def _due(self) -> Sequence[Second]:
        first_ns = self._seconds[0][1]
        late = (place for place, row in enumerate(self._seconds[:MOST_ROWS]) if row[1] - first_ns >= MINUTE_NS)
        return self._seconds[: next(late, min(len(self._seconds), MOST_ROWS))]

    def _make(self, seconds: Sequence[Second]) -> Generator[None, None, _Minute]:
        periods_ns = self._periods_ns()
        try:
            parts = [segment for second in seconds for segment in unpack(second[3])]
            yield
            segments = merged(parts, periods_ns)
            blob = yield from packed_minute(segments, periods_ns)
            yield
            return _Minute(seconds, blob, of_segments(segments, periods_ns))
        except (BlobError, KeyError):
            return _Minute(seconds, None, {})

    def _write_rows(self, connection: Connection, minute: _Minute, brought: list[Row]) -> int:
        """The rows as they stand for good; gives the id of the last."""
        asked = {"case": self._case_id, "after": upto(connection, self._case_id, 0), "count": len(minute.seconds)}
        ids = connection.execute(_IDS, asked).scalars().all()
        if minute.blob is None:
            brought += [(*second[:3], sha256(second[3]).digest()) for second in minute.seconds]
            return int(ids[-1])
        at_ns, until_ns = min(second[1] for second in minute.seconds), max(second[2] for second in minute.seconds)
        connection.execute(_TAKE_ALL, {"first": ids[0], "new_blob": minute.blob, "new_at": at_ns, "new_until": until_ns})
        connection.execute(_GIVE_UP, {"case": self._case_id, "first": ids[0], "last": ids[-1]})
        brought.append((minute.seconds[0][0], at_ns, until_ns, sha256(minute.blob).digest()))
        return int(ids[0])

    def _fold(self, connection: Connection, level: int, *, least: int) -> Iterable[Row]:
        """Rows of a level that no row above holds, into one above, once there are enough."""
        asked = {"case": self._case_id, "below": level, "after": upto(connection, self._case_id, level + 1)}
        rows = connection.execute(_BELOW, asked).all()
        if len(rows) < least:
            return
        try:
            overview = fold_all(unpack_overview(row.blob) for row in rows)
        except BlobError:
            overview = {}
        yield self._keep(connection, level + 1, overview, [(row.at_mono_ns, row.until_mono_ns) for row in rows], rows[-1].id)

    def _keep(self, connection: Connection, level: int, overview: Overview, spans: Sequence[tuple[int, int]], upto_id: int) -> Row:
        wide = bucket_ns(level)
        at_ns = min([at_ns for at_ns, _ in spans] + [part.first * wide for part in overview.values()])
        until_ns = max([until_ns for _, until_ns in spans] + [part.until * wide for part in overview.values()])
        blob = pack_overview(overview)
        row = {"case_id": self._case_id, "level": level, "at_mono_ns": at_ns, "until_mono_ns": until_ns, "upto_id": upto_id}
        connection.execute(WAVEFORM_OVERVIEWS.insert(), row | {"blob": blob})
        return level, at_ns, until_ns, sha256(blob).digest()


_LEVELS = WAVEFORM_OVERVIEWS.c
_UPTO = select(func.max(_LEVELS.upto_id)).where(_LEVELS.case_id == bindparam("case"), _LEVELS.level == bindparam("of_level"))
_UPTO_EACH = select(
    *(
        select(func.max(_LEVELS.upto_id)).where(_LEVELS.case_id == bindparam("case"), _LEVELS.level == level).scalar_subquery()
        for level in range(LEVELS)
    )
)


def upto(connection: Connection, case_id: int, level: int) -> int:
    """The last row of the level below (of waveforms, for level 0) that a level holds; 0 where it holds none."""
    return int(connection.execute(_UPTO, {"case": case_id, "of_level": level}).scalar() or 0)


def upto_each(connection: Connection, case_id: int) -> list[int]:
    """The same of every level, by its number."""
    return [int(upto_id or 0) for upto_id in connection.execute(_UPTO_EACH, {"case": case_id}).one()]
