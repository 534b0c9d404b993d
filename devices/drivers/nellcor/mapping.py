"""Nellcor's codes and numbers ↔ the catalogue, as tables. Knows no line and no dialogue.

Sources: the makers' manuals; codes that occur in a log of a real N-560 mean what they say there; LM, LP and AO after OpenICE's
driver. What a code makes of a number, and every priority, are proposals: to be confirmed by your clinicians.
"""

from __future__ import annotations

from clinical.instant import Instant
from clinical.metrics import PULSE_AMPLITUDE, PULSE_RATE, SPO2, Metric
from clinical.observations import Numeric, Priority, Validity
from devices.alert_book import AlertRow, unknown_row
from devices.drivers.nellcor.frames import Row

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
MANUAL, LOG, OPENICE, OURS = "manual", "manual and N-560 log", "OpenICE driver", "ours"
INTERVAL_S = 2.0


def _row(code: str, text: str, priority: Priority, source: str, *, technical: bool = True) -> tuple[str, AlertRow]:
    return code, AlertRow(code=code, text=f"Oximeter: {text}", priority=priority, source=source, technical=technical)


INVALIDATING: dict[str, AlertRow] = dict(
    (
        _row("SD", "sensor disconnected", LOW, LOG),
        _row("SO", "sensor off", LOW, LOG),
        _row("LP", "loss of pulse", HIGH, OPENICE, technical=False),
        _row("LM", "loss of pulse with motion", MEDIUM, OPENICE, technical=False),
        _row("PS", "pulse search", LOW, LOG),
    )
)
"""Rows with these hold dashes, zeros, or numbers from before: no reading. In the order in which they are named as the reason."""
DOUBTFUL: dict[str, AlertRow] = dict((_row("MO", "motion or interference", LOW, LOG),))
HARMLESS: dict[str, AlertRow] = dict(
    (
        _row("SL", "SpO₂ below its limit", HIGH, LOG, technical=False),
        _row("SH", "SpO₂ above its limit", MEDIUM, MANUAL, technical=False),
        _row("PL", "pulse rate below its limit", HIGH, MANUAL, technical=False),
        _row("PH", "pulse rate above its limit", MEDIUM, MANUAL, technical=False),
        _row("AS", "alarm silenced", LOW, LOG),
        _row("AO", "alarms off", LOW, OPENICE),
        _row("LB", "battery low", MEDIUM, MANUAL),
    )
)
CODES = {**INVALIDATING, **DOUBTFUL, **HARMLESS}
STARS: dict[str, tuple[frozenset[str], AlertRow]] = {
    column: (frozenset(codes), _row(f"{column}*", f"{what} outside its alarm limit", MEDIUM, OURS, technical=False)[1])
    for column, codes, what in (
        ("SpO2", ("SL", "SH"), "SpO₂"),
        ("BPM", ("PL", "PH"), "pulse rate"),
        ("PA", (), "pulse amplitude"),
    )
}
"""A starred column: told by itself only where none of the codes stands that say the same and more."""


def alerts(row: Row) -> list[AlertRow]:
    """All that stands by a row. A code is known by its two letters; an unknown one is told as the number of both."""
    found = [
        CODES.get(code) or unknown_row("Oximeter", f"status {code}", int.from_bytes(code.encode("ascii"), "big")) for code in row.codes
    ]
    return found + [alert for column, (codes, alert) in STARS.items() if column in row.beyond and not codes.intersection(row.codes)]


def numerics(row: Row, now: Instant) -> list[Numeric]:
    """Saturation, pulse rate and pulse amplitude, each with what the codes leave of its worth."""
    made = []
    for metric, count in ((SPO2, row.spo2), (PULSE_RATE, row.pulse), (PULSE_AMPLITUDE, row.amplitude)):
        value, validity, reason = judged(metric, count, row.codes)
        made.append(Numeric(at=now, metric=metric, value=value, validity=validity, reason=reason, interval_s=INTERVAL_S))
    return made


def judged(metric: Metric, count: int | None, codes: tuple[str, ...]) -> tuple[float | None, Validity, str]:
    """A number's value, validity and the reason."""
    stopping = [row for code, row in INVALIDATING.items() if code in codes]
    if stopping:
        return None, Validity.INVALID, _reason(stopping[0])
    if not count:
        return None, Validity.INVALID, "no reading"
    if not metric.low <= count <= metric.high:
        return None, Validity.INVALID, "impossible number"
    doubts = [_reason(row) for code, row in DOUBTFUL.items() if code in codes]
    # Nobody can say of a code that nobody knows that it leaves the number good.
    doubts += [f"unknown code {code}" for code in codes if code not in CODES]
    return float(count), Validity.QUESTIONABLE if doubts else Validity.VALID, ", ".join(doubts)


def _reason(row: AlertRow) -> str:
    return row.text.removeprefix("Oximeter: ")
