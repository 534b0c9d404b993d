"""How colours look without one kind of cone, and how far apart two of them are. Measures nothing of the program.

Simulation: Machado, Oliveira, Fernandes, "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009:
their matrices for severity 1.0, applied to linear sRGB. Distance: CIE 1976 L*a*b*, D65.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float64]

NORMAL = "normal"
SIMULATIONS = MappingProxyType(
    {
        NORMAL: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
        "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
        "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    }
)
_TO_XYZ = np.array(((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041)))
_WHITE = _TO_XYZ.sum(axis=1)


def rgb(hex_colour: str) -> Colours:
    """``#RRGGBB`` as sRGB from 0 to 1, shape (3,)."""
    return np.array([int(hex_colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255


def linear(srgb: Colours) -> Colours:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def as_seen(srgb: Colours, simulation: str) -> Colours:
    """The same colours, shape (..., 3), as somebody sees them who lacks one kind of cone. Raises KeyError."""
    seen = np.clip(linear(srgb) @ np.array(SIMULATIONS[simulation]).T, 0, 1)
    return np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)


def lab(srgb: Colours) -> Colours:
    """CIE L*a*b*, shape (..., 3)."""
    share = (linear(srgb) @ _TO_XYZ.T) / _WHITE
    f = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack((116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])), axis=-1)


def distance(one: str, other: str, simulation: str = NORMAL) -> float:
    """ΔE*ab between two colours as they are seen."""
    return float(np.linalg.norm(lab(as_seen(rgb(one), simulation)) - lab(as_seen(rgb(other), simulation))))


def arc_minutes(size_mm: float, from_m: float) -> float:
    """The angle under which a size is seen."""
    return float(np.degrees(np.arctan(size_mm / 1000 / from_m)) * 60)
