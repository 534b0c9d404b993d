"""The host's side of a Masimo line: listens, sends nothing. Knows no bit and no form of a field."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import NS_PER_S, Instant, utc_ns_of
from clinical.observations import Observation
from devices.alert_book import AlertBook, by_code
from devices.drivers.masimo.frames import LONGEST_LINE, Record, parse
from devices.drivers.masimo.mapping import TREND, absent, alerts, numerics
from devices.text_lines import TextRecords

TREND_VARIANT = "trend"
VARIANTS = (TREND_VARIANT,)


class MasimoProtocol:
    """Live lines become numbers of now. Trend lines tell of the past: only the variant "trend" gives their numbers, with
    their own time; without it they are announced and every number is not available, because a watch would take it for one of now.

    Raises ValueError for any other variant.
    """

    due: Instant | None = None
    """There is never anything to say."""

    def __init__(self, variant: str = "") -> None:
        if variant not in {"", *VARIANTS}:
            raise ValueError(f"a Masimo line has no variant {variant}")
        self._gives_trends = variant == TREND_VARIANT
        self._records = TextRecords(parse, LONGEST_LINE)
        self._alerts = AlertBook()
        self._download = AlertBook()
        self._heard = False
        self._serial = ""

    @property
    def bad_frames(self) -> int:
        return self._records.bad

    @property
    def identity(self) -> str:
        """The serial number is all that a Masimo tells of itself, and some models keep it to themselves."""
        number = f", serial number {self._serial}" if self._serial else ""
        return f"Masimo (ASCII 1{number})" if self._heard else ""

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told: list[Observation] = []
        for record in self._records.feed(data):
            self._heard = True
            told += self._live(record, now) if record.taken is None else self._trend(record, now)
        return told

    def outgoing(self, now: Instant) -> Sequence[bytes]:  # noqa: ARG002  the contract's argument; nothing is ever sent
        return ()

    def _live(self, record: Record, now: Instant) -> list[Observation]:
        self._serial = record.serial
        return [*numerics(record, now), *self._download.update({}, now), *self._alerts.update(by_code(alerts(record)), now)]

    def _trend(self, record: Record, now: Instant) -> list[Observation]:
        """Exceptions of the past stand in the reasons of its numbers; they are no alerts of now."""
        if not self._gives_trends:
            return [*absent(now), *self._download.update(by_code((TREND,)), now)]
        return [] if record.taken is None else [*numerics(record, now, measured_at=_moment(record, now))]


def _moment(record: Record, now: Instant) -> Instant | None:
    return None if record.taken is None else now.plus((utc_ns_of(record.taken) - now.utc_ns) / NS_PER_S)
