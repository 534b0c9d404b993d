"""What a case that is taken up has shown so far, on the present clock: for screens, which would else begin empty. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from clinical.alarm_model import AlarmTransition
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import CATALOGUE
from clinical.observations import Numeric, Validity
from storage.damage import told_as_damage
from storage.history import CaseHistory
from storage.resumption import shift_ns_for
from storage.rows import instant_or_none
from storage.schema import CASES, NUMERICS


class Past:
    """The past of one case. Raises StoreError."""

    def __init__(self, history: CaseHistory, now: Instant, *, boot_id: str) -> None:
        """``boot_id`` as given to the recorder."""
        self._history = history
        with history.reading() as connection:
            case = connection.execute(select(CASES).where(CASES.c.id == history.case_id)).one()
            self._shift_ns = shift_ns_for(connection, case, now, boot_id)

    def last(self) -> Instant:
        """The latest moment anything was kept."""
        return self._here(self._history.last())

    def numerics(self, every_s: float) -> Iterator[Numeric]:
        """Numerics that were shown, thinned: of each metric and channel the first in each ``every_s``."""
        table = NUMERICS.c
        moments = table.at_utc_ns, table.at_mono_ns, table.measured_utc_ns, table.measured_mono_ns
        query = select(*moments, table.metric, table.channel, table.value, table.validity, table.interval_s)
        query = query.where(table.case_id == self._history.case_id, table.shown).order_by(table.id)
        every_ns = round(every_s * NS_PER_S)
        due: dict[tuple[str, str], int] = {}
        with told_as_damage(self._history):
            for utc_ns, mono_ns, *moment, metric, channel, value, validity, interval_s in self._history.driver_rows(query):
                if mono_ns < due.get((metric, channel), mono_ns):
                    continue
                due[metric, channel] = mono_ns + every_ns
                at = self._here(Instant(mono_ns, utc_ns))
                measured = instant_or_none(*moment)
                yield Numeric(
                    at=at,
                    metric=CATALOGUE[metric],
                    channel=channel,
                    value=value,
                    validity=Validity(validity),
                    interval_s=interval_s,
                    measured_at=None if measured is None else self._here(measured),
                )

    def transitions(self) -> Iterator[AlarmTransition]:
        """The alarm log."""
        for kept in self._history.transitions():
            yield replace(kept, at=self._here(kept.at), alarm=replace(kept.alarm, since=self._here(kept.alarm.since)))

    def _here(self, moment: Instant) -> Instant:
        return Instant(moment.monotonic_ns - self._shift_ns, moment.utc_ns)
