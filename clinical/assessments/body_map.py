"""The figure that pain is drawn on: its parts as polygons, from the front and from the back. Draws nothing.

Coordinates of the figure: y from 0 (crown) to 1 (soles), x from −0.5 to 0.5 with the patient's own left above 0 in both views; who shows
the front puts x to the right, who shows the back to the left. The figure is schematic: areas are shares of it, not of skin.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from clinical.assessments.limbs import Limb, Side

Point = tuple[float, float]
Polygon = tuple[Point, ...]


class View(StrEnum):
    FRONT = "front"
    BACK = "back"


_MIDDLE: dict[str, Polygon] = {
    "head": (
        (-0.025, 0.0),
        (0.025, 0.0),
        (0.05, 0.025),
        (0.055, 0.06),
        (0.045, 0.095),
        (0.02, 0.12),
        (-0.02, 0.12),
        (-0.045, 0.095),
        (-0.055, 0.06),
        (-0.05, 0.025),
    ),
    "neck": ((-0.02, 0.12), (0.02, 0.12), (0.035, 0.155), (-0.035, 0.155)),
    "chest": ((-0.11, 0.155), (0.11, 0.155), (0.1, 0.33), (-0.1, 0.33)),
    "belly": ((-0.1, 0.33), (0.1, 0.33), (0.105, 0.48), (-0.105, 0.48)),
}
_OF_LEFT_SIDE: dict[str, Polygon] = {
    "upper arm": ((0.11, 0.155), (0.15, 0.18), (0.175, 0.32), (0.13, 0.325), (0.11, 0.24)),
    "forearm": ((0.13, 0.325), (0.175, 0.32), (0.2, 0.45), (0.165, 0.455)),
    "hand": ((0.165, 0.455), (0.2, 0.45), (0.225, 0.52), (0.195, 0.545), (0.165, 0.51)),
    "thigh": ((0.0, 0.48), (0.105, 0.48), (0.095, 0.7), (0.02, 0.7)),
    "lower leg": ((0.02, 0.7), (0.095, 0.7), (0.075, 0.93), (0.025, 0.93)),
    "foot": ((0.025, 0.93), (0.075, 0.93), (0.11, 0.99), (0.03, 1.0)),
}
_BACK_NAMES = {"chest": "upper back", "belly": "lower back"}


def _mirrored(polygon: Polygon) -> Polygon:
    return tuple((-x, y) for x, y in polygon)


def _parts(view: View) -> dict[str, Polygon]:
    middle = {(_BACK_NAMES.get(name, name) if view is View.BACK else name): polygon for name, polygon in _MIDDLE.items()}
    right = {f"{Side.RIGHT} {name}": _mirrored(polygon) for name, polygon in _OF_LEFT_SIDE.items()}
    left = {f"{Side.LEFT} {name}": polygon for name, polygon in _OF_LEFT_SIDE.items()}
    return middle | right | left


PARTS = MappingProxyType({view: MappingProxyType(_parts(view)) for view in View})
"""Name to polygon, in each view."""

_LIMB_PARTS = {"upper arm": "arm", "forearm": "arm", "hand": "arm", "thigh": "leg", "lower leg": "leg", "foot": "leg"}


def limb_of(part: str) -> Limb | None:
    """The limb that a part belongs to; None for head and trunk."""
    side, _, rest = part.partition(" ")
    return Limb(f"{side} {_LIMB_PARTS[rest]}") if rest in _LIMB_PARTS else None
