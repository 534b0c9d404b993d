"""How one cell of a CSV file is written: RFC 4180, decimal point, empty where there is nothing. Knows no table and no file.

Free text that a spreadsheet would run as a formula gets an apostrophe in front.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from clinical.instant import NS_PER_S, Instant, iso_utc

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """Free text, quoted where it must be and never a formula."""
    if text.startswith(_FORMULA):
        text = "'" + text
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def number_cell(value: float | None, decimals: int) -> str:
    """A number with fixed decimals; empty where there is none. Never ``-0``."""
    return "" if value is None else f"{value:z.{decimals}f}"


class CaseClock:
    """Writes moments of one case: UTC, the bed's local time, and seconds from its start.

    With ``moved_days`` all dates are moved back by so many whole days; times of day stay.

    Attributes:
        moved_ns: by how much dates are moved back.
    """

    def __init__(self, started: Instant, utc_offset_min: int, *, moved_days: int = 0) -> None:
        self._started = started
        self._zone = timezone(timedelta(minutes=utc_offset_min))
        self.moved_ns = moved_days * 86_400 * NS_PER_S
        self._second = -1
        self._head = ("", "", "")

    def utc(self, at: Instant | None) -> str:
        return "" if at is None else iso_utc(at.utc_ns - self.moved_ns)

    def local_datetime(self, at: Instant) -> datetime:
        """The bed's date and time, to the millisecond."""
        seconds, rest_ns = divmod(at.utc_ns - self.moved_ns, NS_PER_S)
        return datetime.fromtimestamp(seconds, tz=self._zone).replace(microsecond=rest_ns // 1_000_000 * 1000)

    def local(self, at: Instant | None) -> str:
        return "" if at is None else self.local_datetime(at).isoformat(timespec="milliseconds")

    def elapsed(self, at: Instant | None) -> str:
        """Seconds since the start by the monotonic clock."""
        return "" if at is None else number_cell(at.since(self._started), 3)

    def cells(self, at: Instant) -> str:
        """``utc,local,elapsed_s`` in one string."""
        return self.cells_ns(at.utc_ns, at.monotonic_ns)

    def cells_ns(self, utc_ns: int, mono_ns: int) -> str:
        """The same from bare nanoseconds; the words of one second are made once, for there are many rows in it."""
        second, rest_ns = divmod(utc_ns - self.moved_ns, NS_PER_S)
        if second != self._second:
            self._second = second
            self._head = self._words(second)
        utc, local, offset = self._head
        millis = f"{rest_ns // 1_000_000:03d}"
        return f"{utc}.{millis}Z,{local}.{millis}{offset},{(mono_ns - self._started.monotonic_ns) / NS_PER_S:z.3f}"

    def _words(self, second: int) -> tuple[str, str, str]:
        local = datetime.fromtimestamp(second, tz=self._zone).isoformat()
        return datetime.fromtimestamp(second, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S"), local[:19], local[19:]
