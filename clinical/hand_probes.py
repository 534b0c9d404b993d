"""Where a patient's two temperature probes lie: the hand in pain is watched against the other one. Knows no device."""

from __future__ import annotations

from dataclasses import replace

from clinical.messages import FromDevice
from clinical.metrics import SKIN_TEMPERATURE, TEMPERATURE
from clinical.observations import Numeric

RIGHT_HAND, LEFT_HAND = "T1", "T2"
"""The channels whose probes are taped to the hands."""


def as_placed(message: FromDevice) -> FromDevice:
    """A temperature of one of these channels as what it is of, for a monitor that names a probe by its socket alone."""
    told = message.observation
    if not isinstance(told, Numeric) or told.metric is not TEMPERATURE or told.channel not in {RIGHT_HAND, LEFT_HAND}:
        return message
    return FromDevice(message.device, replace(told, metric=SKIN_TEMPERATURE))
