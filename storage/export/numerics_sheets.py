"""numerics.csv, a row a number; and numerics_wide.csv, a row a second. Made from plain rows: a case has half a million of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import select

from clinical.instant import NS_PER_S, iso_utc
from clinical.metrics import CATALOGUE, Metric
from storage.export.cells import text_cell
from storage.export.sheet import TIME_COLUMNS, ColumnMeaning, Sheet, Source, columns
from storage.history import CaseHistory
from storage.schema import NUMERICS

_TIDY = TIME_COLUMNS + columns(
    ("metric", "", "ISO/IEEE 11073-10101 reference id; BEDSIDE_ where there is no confirmed one"),
    ("value", "in column unit", "empty where the device gave none"),
    ("unit", "", "UCUM"),
    ("validity", "", "valid, questionable, invalid, ongoing, not available"),
    ("device", "", "name of the device it came from"),
    ("channel", "", "tells apart two sources of one metric on one device"),
    ("reason", "", "why it is not valid, as the device says"),
    ("measured_utc", "", "when it was measured, where the device says so (a cuff reading)"),
    ("shown", "", "1: from the source that was shown and alarmed; 0: from another"),
)


def _tidy_lines(source: Source) -> Iterator[str]:
    table = NUMERICS.c
    query = select(
        table.at_utc_ns,
        table.at_mono_ns,
        table.metric,
        table.value,
        table.validity,
        table.device,
        table.channel,
        table.reason,
        table.measured_utc_ns,
        table.shown,
    )
    query = query.where(table.case_id == source.history.case_id).order_by(table.id)
    moved_ns = source.clock.moved_ns
    veil = source.veil

    @lru_cache(maxsize=4096)
    def around_value(metric: str, validity: str, device: str, channel: str, reason: str) -> tuple[str, str, str]:
        """What stands before the value, how it is written, and what stands after it; few different ones in a case."""
        row = CATALOGUE[metric]
        names = text_cell(veil.device(device)), text_cell(veil.channel(channel)), veil.text(reason)
        return f",{row.id},", f"z.{row.decimals}f", ",".join(("", row.unit.ucum, validity, *names, ""))

    latest, time = None, ""
    for utc_ns, mono_ns, metric, value, validity, device, channel, reason, measured_ns, shown in source.history.driver_rows(query):
        if (utc_ns, mono_ns) != latest:
            latest = (utc_ns, mono_ns)
            time = source.clock.cells_ns(utc_ns, mono_ns)
        name, decimals, told = around_value(metric, validity, device, channel, reason)
        number = "" if value is None else format(value, decimals)
        measured = "" if measured_ns is None else iso_utc(measured_ns - moved_ns)
        yield f"{time}{name}{number}{told}{measured},{'1' if shown else '0'}"


def _wide_sources(history: CaseHistory) -> list[tuple[Metric, str]]:
    """Metric and channel of each column, in the catalogue's order."""
    table = NUMERICS.c
    query = select(table.metric, table.channel).where(table.case_id == history.case_id, table.shown).distinct()
    places = {name: place for place, name in enumerate(CATALOGUE)}
    found = sorted(history.driver_rows(query), key=lambda row: (places[row[0]], row[1]))
    return [(CATALOGUE[metric], channel) for metric, channel in found]


def _wide_columns(source: Source) -> tuple[ColumnMeaning, ...]:
    def meant(metric: Metric, shown: str) -> ColumnMeaning:
        channel = source.veil.channel(shown)
        name = text_cell(f"{metric.id}.{channel}" if channel else metric.id)
        return ColumnMeaning(name=name, unit=metric.unit.ucum, meaning=f"{metric.title}: the last usable value shown in this second")

    return TIME_COLUMNS + tuple(meant(metric, channel) for metric, channel in _wide_sources(source.history))


def _wide_lines(source: Source) -> Iterator[str]:
    history, table = source.history, NUMERICS.c
    places = {(metric.id, channel): place for place, (metric, channel) in enumerate(_wide_sources(history))}
    formats = {key: f"z.{CATALOGUE[key[0]].decimals}f" for key in places}
    query = select(table.at_utc_ns, table.at_mono_ns, table.metric, table.channel, table.value)
    query = query.where(table.case_id == history.case_id, table.shown, table.value.is_not(None)).order_by(table.id)
    begin_ns = history.started.monotonic_ns
    seconds: dict[int, tuple[int, list[str]]] = {}
    for utc_ns, mono_ns, metric, channel, value in history.driver_rows(query):
        second = (mono_ns - begin_ns) // NS_PER_S
        if second not in seconds:
            seconds[second] = (utc_ns - (mono_ns - begin_ns) % NS_PER_S, [""] * len(places))
        key = (metric, channel)
        seconds[second][1][places[key]] = format(value, formats[key])
    for second, (utc_ns, cells) in sorted(seconds.items()):
        yield ",".join((source.clock.cells_ns(utc_ns, begin_ns + second * NS_PER_S), *cells))


NUMERICS_SHEET = Sheet(name="numerics.csv", columns=lambda _: _TIDY, lines=_tidy_lines)
WIDE_SHEET = Sheet(name="numerics_wide.csv", columns=_wide_columns, lines=_wide_lines)
