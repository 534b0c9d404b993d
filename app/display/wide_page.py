"""Where everything stands while a page takes the whole width: the bar on top, all numbers in one row under it, then the page."""

from __future__ import annotations

from types import MappingProxyType

_TILES = ("hr", "spo2", "etco2", "rr", "nibp", "skin")
UNDER_THE_NUMBERS = MappingProxyType(
    {
        "bar": (0, 0, 1920, 92, 1.0),
        **{name: (10 + 317 * place, 100, 311, 96, 0.62) for place, name in enumerate(_TILES)},
        "page": (10, 204, 1900, 756, 1.0),
        "keys": (10, 968, 1900, 100, 1.0),
    }
)
"""As the tables of ``main_window.py``: left, top, width, height, and how much smaller than usual the type is."""
