"""How a SpaceCom may be set up, as far as its line differs. Only stuffing need be said; the others are met as they come."""

from __future__ import annotations

from enum import Enum


class Variant(Enum):
    PLAIN = ""
    STUFFED = "stuffed"
    CYCLIC = "cyclic"
    SINGLE_BITS = "single-bits"


VARIANTS = tuple(variant.value for variant in Variant if variant.value)
TECHNICAL = (Variant.CYCLIC.value, Variant.SINGLE_BITS.value)
"""Met as they come: they are told apart only for the simulated device."""


def variant_named(name: str) -> Variant:
    """Raises ValueError for a name that is none."""
    try:
        return Variant(name)
    except ValueError as error:
        raise ValueError(f"bcc: there is no variant {name!r}; there are {', '.join(VARIANTS)}") from error
