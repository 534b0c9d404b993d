"""From ventilation to carbon dioxide and saturation, with the body's stores as lag. Knows no drug and no waveform."""

from __future__ import annotations

import math
from dataclasses import dataclass

from devices.patient.constants import constant

AIRLESS_PO2_MMHG = 20.0  # nothing lower is drawn from the lung: stores in blood are then what counts
LEAST_VENTILATION = 0.05


def saturation_percent(po2_mmhg: float) -> float:
    """Haemoglobin saturation at an oxygen tension (Severinghaus, J Appl Physiol 1979;46:599)."""
    po2 = max(po2_mmhg, 1.0)
    return 100.0 / (1.0 + 23400.0 / (po2**3 + 150.0 * po2))


def tension_mmhg(saturation: float) -> float:
    """The oxygen tension of a saturation in per cent, by bisection to 1e-9 mmHg; saturation above 0 and below 99.9."""
    low, high = 1.0, 700.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if saturation_percent(middle) < saturation else (low, middle)
    return low


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathing:
    """How the patient breathes now, relative to quiet at the start: 1 is unchanged.

    Attributes:
        rate, depth: of the chest.
        lost: share of each breath that does not pass the upper airway.
        oxygen_l_per_min: by nasal cannula.
    """

    rate: float
    depth: float
    lost: float
    oxygen_l_per_min: float


class GasExchange:
    """The stores of one patient. Starts at rest, where the saturation and CO2 given are a steady state."""

    def __init__(self, *, spo2_percent: float, etco2_mmhg: float) -> None:
        self._rest_paco2 = etco2_mmhg + constant("arterial_end_tidal")
        self.paco2_mmhg = self._rest_paco2
        rest_alveolar = constant("inspired_dry") * constant("air_o2") - constant("o2_uptake")
        self._gradient = rest_alveolar - tension_mmhg(spo2_percent)
        self._alveolar_o2 = rest_alveolar

    def step(self, seconds: float, breathing: Breathing) -> None:
        """Moves the stores towards what this breathing would hold in the end."""
        ventilation = max(LEAST_VENTILATION, self._ventilation(breathing))
        inspired = constant("inspired_dry") * min(1.0, constant("air_o2") + constant("o2_per_litre") * breathing.oxygen_l_per_min)
        o2_target = max(AIRLESS_PO2_MMHG, inspired - constant("o2_uptake") / ventilation)
        co2_target = min(self._rest_paco2 / ventilation, 2.5 * self._rest_paco2)
        self._alveolar_o2 += (o2_target - self._alveolar_o2) * -math.expm1(-seconds / constant("o2_time"))
        self.paco2_mmhg += (co2_target - self.paco2_mmhg) * -math.expm1(-seconds / constant("co2_time"))

    def depth_gain(self) -> float:
        """How much deeper (above 1) or shallower CO2 makes the next breaths."""
        return max(0.3, 1.0 + constant("co2_response") * (self.paco2_mmhg - self._rest_paco2))

    @staticmethod
    def _ventilation(breathing: Breathing) -> float:
        """Of the alveoli: dead space takes its fixed part of every breath."""
        dead = constant("dead_space")
        return breathing.rate * max(0.0, breathing.depth * (1.0 - breathing.lost) - dead) / (1.0 - dead)

    @property
    def sao2_percent(self) -> float:
        return saturation_percent(self._alveolar_o2 - self._gradient)

    @property
    def etco2_mmhg(self) -> float:
        return self.paco2_mmhg - constant("arterial_end_tidal")
