"""Limbs and their sides. The side is the patient's own."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    RIGHT = "right"
    LEFT = "left"

    @property
    def other(self) -> Side:
        return Side.LEFT if self is Side.RIGHT else Side.RIGHT


class Limb(StrEnum):
    RIGHT_ARM = "right arm"
    LEFT_ARM = "left arm"
    RIGHT_LEG = "right leg"
    LEFT_LEG = "left leg"

    @property
    def side(self) -> Side:
        return Side(self.value.split()[0])

    @property
    def opposite(self) -> Limb:
        """The same limb of the other side, with which it is compared."""
        return Limb(f"{self.side.other.value} {self.value.split()[1]}")
