"""What an alarm is about, for the melody that it sounds with. Chooses no priority."""

from __future__ import annotations

from types import MappingProxyType

from clinical import metrics
from clinical.alarm_model import Alarm
from clinical.alarms.bursts import Category

OF_METRIC = MappingProxyType(
    {
        metrics.SPO2: Category.OXYGEN,
        metrics.PERFUSION_INDEX: Category.OXYGEN,
        metrics.RESP_RATE: Category.VENTILATION,
        metrics.CO2_RESP_RATE: Category.VENTILATION,
        metrics.IMPEDANCE_RESP_RATE: Category.VENTILATION,
        metrics.ETCO2: Category.VENTILATION,
        metrics.FICO2: Category.VENTILATION,
        metrics.TCCO2: Category.VENTILATION,
        metrics.HEART_RATE: Category.CARDIOVASCULAR,
        metrics.PULSE_RATE: Category.CARDIOVASCULAR,
        metrics.NIBP_SYS: Category.CARDIOVASCULAR,
        metrics.NIBP_DIA: Category.CARDIOVASCULAR,
        metrics.NIBP_MEAN: Category.CARDIOVASCULAR,
        metrics.ART_SYS: Category.CARDIOVASCULAR,
        metrics.ART_DIA: Category.CARDIOVASCULAR,
        metrics.ART_MEAN: Category.CARDIOVASCULAR,
        metrics.TEMPERATURE: Category.TEMPERATURE,
        metrics.SKIN_TEMPERATURE: Category.TEMPERATURE,
    }
)
_OF_ID = (
    (("pump:", "dose:", "device:pump"), Category.DRUG_DELIVERY),
    (("link:", "self:", "sensor:", "nodata:", "source:", "clock:"), Category.EQUIPMENT),
)
"""Beginnings of the stable ids of conditions; these go before the metric, since a sensor that is off is no failing lung."""


def category_of(alarm: Alarm) -> Category:
    """The category of one alarm; general where none fits."""
    named = next((category for begins, category in _OF_ID if alarm.condition.startswith(begins)), None)
    return named or (Category.GENERAL if alarm.metric is None else OF_METRIC.get(alarm.metric, Category.GENERAL))


def category_heard(alarms: tuple[Alarm, ...]) -> Category:
    """Of what sounds: the first of all that stand, highest first, whose sound nobody has taken away."""
    heard = (alarm for alarm in alarms if alarm.presence.value != "acknowledged" and alarm.silenced_until is None)
    return next((category_of(alarm) for alarm in heard), Category.GENERAL)
