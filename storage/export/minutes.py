"""One value a minute of each numeric that was shown, and each cuff reading once: for formats whose every value is a message or a resource.

Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE, NIBP_DIA, NIBP_MEAN, NIBP_SYS, Metric
from storage.export.sheet import Source
from storage.schema import NUMERICS

HELD = "numerics are the last usable value shown in each minute, and each cuff reading once; the rest of them is not held"
CUFF = (NIBP_SYS, NIBP_DIA, NIBP_MEAN)
_MINUTE_NS = 60 * NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A value with the moment it was measured, where the device tells it, else the moment it arrived."""

    minute: int
    utc_ns: int
    metric: Metric
    device: str
    channel: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffReading:
    """What one inflation gave: ``values`` by metric, at least one."""

    minute: int
    utc_ns: int
    device: str
    channel: str
    values: dict[Metric, float]


def samples_of(source: Source) -> list[Sample]:
    """All but the cuff's, by minute, then in the catalogue's order."""
    latest = {(one.minute, one.metric.id, one.channel): one for one in _rows(source) if one.metric not in CUFF}
    places = {name: place for place, name in enumerate(CATALOGUE)}
    return [latest[key] for key in sorted(latest, key=lambda key: (key[0], places[key[1]], key[2]))]


def cuff_readings(source: Source) -> list[CuffReading]:
    """Each inflation of the cuff once, however often the device repeated it."""
    found: dict[tuple[int, str, str], CuffReading] = {}
    for one in _rows(source):
        if one.metric in CUFF:
            key = (one.utc_ns, one.device, one.channel)
            blank = CuffReading(minute=one.minute, utc_ns=one.utc_ns, device=one.device, channel=one.channel, values={})
            found.setdefault(key, blank).values[one.metric] = one.value
    return [found[key] for key in sorted(found)]


def _rows(source: Source) -> Iterator[Sample]:
    table, history, veil = NUMERICS.c, source.history, source.veil
    columns = (table.at_mono_ns, table.at_utc_ns, table.measured_utc_ns, table.metric, table.device, table.channel, table.value)
    query = select(*columns).where(table.case_id == history.case_id, table.shown, table.value.is_not(None)).order_by(table.id)
    begin_ns = history.started.monotonic_ns
    for mono_ns, utc_ns, measured_ns, metric, device, channel, value in history.driver_rows(query):
        yield Sample(
            minute=(mono_ns - begin_ns) // _MINUTE_NS,
            utc_ns=utc_ns if measured_ns is None else measured_ns,
            metric=CATALOGUE[metric],
            device=veil.device(device),
            channel=veil.channel(channel),
            value=value,
        )
