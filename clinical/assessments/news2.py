"""NEWS2, the National Early Warning Score (Royal College of Physicians, 2017), as a table of bands.

It is shown and charted. It is no alarm, and nothing here tells anybody to act: the thresholds and their names are its authors'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from clinical.assessments.scales import ScoreError

SOURCE = "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, chart 1"
DISSOCIATION_NOTE = (
    "Expected dissociation may read as new confusion, which scores 3. The score is shown as its authors define it; "
    "what it means under ketamine is for the physician."
)


class Acvpu(StrEnum):
    """Consciousness."""

    ALERT = "A"
    NEW_CONFUSION = "C"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


class SaturationScale(StrEnum):
    """Scale 2 is for patients whose physician has set a target of 88–92 %."""

    ONE = "1"
    TWO = "2"


class Risk(StrEnum):
    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class News2Vitals:
    """What the score needs; None where it is not known.

    Attributes:
        on_oxygen: any supplemental oxygen.
        temperature_c: of the body, not of the skin.
    """

    resp_rate_per_min: float | None
    spo2_percent: float | None
    on_oxygen: bool | None
    sbp_mmhg: float | None
    pulse_per_min: float | None
    consciousness: Acvpu | None
    temperature_c: float | None
    scale: SaturationScale = SaturationScale.ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class News2:
    """The score.

    Attributes:
        points: (parameter, points) in the chart's order; their sum is ``total``, 0 to 20.
    """

    points: tuple[tuple[str, int], ...]
    total: int
    risk: Risk
    source: str = SOURCE
    note: str = DISSOCIATION_NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A parameter: each band ends at a value (inclusive); the last reaches to ``high``. ``step`` is the chart's finest division."""

    name: str
    unit: str
    bands: tuple[tuple[float, int], ...]
    low: float
    high: float
    step: float = 1.0

    def points(self, value: float) -> int:
        """Raises ScoreError for what cannot be a reading."""
        if not self.low <= value <= self.high:
            raise ScoreError(f"{self.name}: {value:g} {self.unit} cannot be; allowed is {self.low:g} to {self.high:g} {self.unit}")
        charted = math.floor(value / self.step + 0.5)
        return next(points for until, points in self.bands if charted <= round(until / self.step))


_RESP = _Row(name="respiration rate", unit="/min", bands=((8, 3), (11, 1), (20, 0), (24, 2), (200, 3)), low=0, high=200)
_SATURATION_1 = _Row(name="SpO₂, scale 1", unit="%", bands=((91, 3), (93, 2), (95, 1), (100, 0)), low=0, high=100)
_SATURATION_2_AIR = _Row(name="SpO₂, scale 2", unit="%", bands=((83, 3), (85, 2), (87, 1), (100, 0)), low=0, high=100)
_SATURATION_2_OXYGEN = _Row(
    name="SpO₂, scale 2", unit="%", bands=((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (100, 3)), low=0, high=100
)
_SYSTOLIC = _Row(name="systolic pressure", unit="mmHg", bands=((90, 3), (100, 2), (110, 1), (219, 0), (320, 3)), low=0, high=320)
_PULSE = _Row(name="pulse", unit="/min", bands=((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (350, 3)), low=0, high=350)
_TEMPERATURE = _Row(name="temperature", unit="°C", bands=((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (50.0, 2)), low=10, high=50, step=0.1)
_ON_OXYGEN, _NOT_ALERT = 2, 3


def _saturation(on_oxygen: bool, scale: SaturationScale) -> _Row:  # noqa: FBT001 - a parameter of the score
    if scale is SaturationScale.ONE:
        return _SATURATION_1
    return _SATURATION_2_OXYGEN if on_oxygen else _SATURATION_2_AIR


def missing(vitals: News2Vitals) -> tuple[str, ...]:
    """What is not known; the score needs all of it."""
    needed = (
        (_RESP.name, vitals.resp_rate_per_min),
        ("SpO₂", vitals.spo2_percent),
        ("air or oxygen", vitals.on_oxygen),
        (_SYSTOLIC.name, vitals.sbp_mmhg),
        (_PULSE.name, vitals.pulse_per_min),
        ("consciousness", vitals.consciousness),
        (_TEMPERATURE.name, vitals.temperature_c),
    )
    return tuple(name for name, value in needed if value is None)


def news2(vitals: News2Vitals) -> News2:
    """The score of a complete set. Raises ScoreError where something is missing or cannot be."""
    resp, spo2, oxygen, sbp = vitals.resp_rate_per_min, vitals.spo2_percent, vitals.on_oxygen, vitals.sbp_mmhg
    pulse, consciousness, temperature = vitals.pulse_per_min, vitals.consciousness, vitals.temperature_c
    if resp is None or spo2 is None or oxygen is None or sbp is None or pulse is None or consciousness is None or temperature is None:
        raise ScoreError(f"NEWS2 needs {' and '.join(missing(vitals))}")
    saturation = _saturation(oxygen, vitals.scale)
    points = (
        (_RESP.name, _RESP.points(resp)),
        (saturation.name, saturation.points(spo2)),
        ("air or oxygen", _ON_OXYGEN if oxygen else 0),
        (_SYSTOLIC.name, _SYSTOLIC.points(sbp)),
        (_PULSE.name, _PULSE.points(pulse)),
        ("consciousness", 0 if consciousness is Acvpu.ALERT else _NOT_ALERT),
        (_TEMPERATURE.name, _TEMPERATURE.points(temperature)),
    )
    return News2(points=points, total=sum(each for _, each in points), risk=_risk([each for _, each in points]))


def _risk(points: list[int]) -> Risk:
    total = sum(points)
    if total >= 7:
        return Risk.HIGH
    if total >= 5:
        return Risk.MEDIUM
    return Risk.LOW_MEDIUM if 3 in points else Risk.LOW
