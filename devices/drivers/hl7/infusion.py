"""Pumps in PCD-01 messages: the rows below a pump's own row → its status and the conditions that stand on it.

Matched by number: the names of the codes differ between editions of one gateway. Sources: messages of a B. Braun gateway for
Space and SpacePlus as described in public; what they do not show (other modes, reasons and states) is UNKNOWN, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from clinical.units import Unit
from devices.alert_book import Key, Standing
from devices.drivers.hl7.alerts import CONDITION, condition_of
from devices.drivers.hl7.mapping import NUMBER, metric_of
from devices.drivers.hl7.rows import Group, Row

PUMPS = frozenset({69986, 70049, 70050, 70053, 70054})
"""A pump, or its part that holds the rest: volumetric, syringe, generic."""

FLOW, DELIVERED, TO_BE_INFUSED, TO_BE_INFUSED_REMAIN = 158014, 157993, 157884, 157872
SYRINGE_ACTUAL, TIME_REMAIN, CONCENTRATION, DRUG = 157984, 157916, 157760, 184514
BATTERY_TIME, INFUSING_STATUS, DELIVERY_STATUS, REASON, MODEL = 67976, 184519, 158005, 158006, 67880

INFUSING: Mapping[str, bool] = {"pump-status-infusing": True, "pump-status-not-infusing": False}
DELIVERING: Mapping[str, bool] = {"pump-delivery-status-delivering": True, "pump-delivery-status-not-delivering": False}
REASONS: Mapping[str, PumpState] = {"pump-stopped-powered-off": PumpState.OFF}

ML_PER_H, ML, MG_PER_ML, MINUTE, SECOND = (
    Unit("mL/h", "mL/h"),
    Unit("mL", "mL"),
    Unit("mg/mL", "mg/mL"),
    Unit("min", "min"),
    Unit("s", "s"),
)
UNITS: Mapping[str, tuple[Unit, float]] = {
    "265266": (ML_PER_H, 1.0),
    "ml/h": (ML_PER_H, 1.0),
    "263762": (ML, 1.0),
    "ml": (ML, 1.0),
    "264306": (MG_PER_ML, 1.0),
    "mg/ml": (MG_PER_ML, 1.0),
    "ug/ml": (MG_PER_ML, 0.001),
    "264320": (SECOND, 1.0),
    "s": (SECOND, 1.0),
    "min": (SECOND, 60.0),
    "h": (SECOND, 3600.0),
}
"""Any component of OBX-6, lower case → the unit it is reckoned in, and the factor to it."""

INTERVAL_S = 30.0
"""Gateways send in batches; one was seen 34 s behind."""
MOST_PUMPS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpTold:
    """One pump of one message.

    Attributes:
        channel: its serial number, or its place in the message.
        refused: rows whose unit is unknown.
    """

    channel: str
    model: str
    status: PumpStatus
    conditions: Mapping[Key, Standing]
    refused: int


def split(group: Group) -> tuple[dict[str, tuple[Row, ...]], tuple[Row, ...]]:
    """The rows of each pump, by the first number of their place; and the vital signs, which a pump with a sensor may have too."""
    places = dict.fromkeys(row.place[0] for row in group.rows if row.place and row.mdc in PUMPS)
    pumps = {place: tuple(row for row in group.rows if row.place and row.place[0] == place) for place in places}
    return pumps, tuple(row for row in group.rows if metric_of(row) is not None)


def read(place: str, rows: tuple[Row, ...], now: Instant, interval_s: float) -> PumpTold:
    """What these rows say of their pump; None in its status for each that does not stand there."""
    pump = _Rows(rows)
    channel = next((row.device for row in rows if row.device), place)
    status = PumpStatus(
        at=now,
        channel=channel,
        state=_state(pump),
        rate_ml_per_h=pump.number(FLOW, ML_PER_H),
        infused_ml=pump.number(DELIVERED, ML),
        to_infuse_ml=pump.number(TO_BE_INFUSED, ML),
        remaining_ml=_first(pump.number(SYRINGE_ACTUAL, ML), pump.number(TO_BE_INFUSED_REMAIN, ML)),
        time_left_s=pump.number(TIME_REMAIN, SECOND),
        drug=pump.text(DRUG) or None,
        concentration_mg_per_ml=pump.number(CONCENTRATION, MG_PER_ML),
        battery_min=_minutes(pump.number(BATTERY_TIME, SECOND)),
        interval_s=interval_s,
    )
    values = (value for row in rows if row.mdc == CONDITION for value in row.values)
    conditions = dict(told for value in values if (told := condition_of(value, channel)) is not None)
    return PumpTold(channel=channel, model=pump.text(MODEL), status=status, conditions=conditions, refused=pump.refused)


class _Rows:
    """The rows of one pump by code. The first of each counts: it is the primary source's."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.refused = 0
        self._rows: dict[int, Row] = {}
        for row in rows:
            if row.mdc is not None and row.status != "X":
                self._rows.setdefault(row.mdc, row)

    def text(self, code: int) -> str:
        return self._rows[code].value if code in self._rows else ""

    def number(self, code: int, unit: Unit) -> float | None:
        """In ``unit``; None if it is not told, is no number that can be, or has another unit (which is counted)."""
        row = self._rows.get(code)
        if row is None or NUMBER.fullmatch(row.value) is None or float(row.value) < 0:
            return None
        told = next((UNITS[name.lower()] for name in row.units if name.lower() in UNITS), None)
        if told is None or told[0] is not unit:
            self.refused += 1
            return None
        return float(row.value) * told[1]


def _state(pump: _Rows) -> PumpState:
    """Infusing only where nothing contradicts it."""
    infusing = INFUSING.get(pump.text(INFUSING_STATUS).lower())
    delivering = DELIVERING.get(pump.text(DELIVERY_STATUS).lower())
    told = {word for word in (infusing, delivering) if word is not None}
    if len(told) != 1:
        return PumpState.UNKNOWN
    return PumpState.INFUSING if True in told else REASONS.get(pump.text(REASON).lower(), PumpState.STOPPED)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
