"""How time lies on a lane's columns: round and round behind an erase bar (sweep), or running to the left (scroll). No Qt drawing.

``u`` is the length of paper since the panel's beginning, in device pixels; x is a column of the image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from math import ceil, floor

from PySide6.QtCore import QRect


class Mode(Enum):
    SWEEP = "sweep"
    SCROLL = "scroll"


@dataclass(slots=True)
class Paper:
    """Attributes:
    area: where the trace may be drawn, in device pixels.
    px_per_s: columns a second.
    bar: width of the erase bar ahead of the trace.
    front: paper is clean up to here.
    """

    area: QRect
    px_per_s: float
    epoch_ns: float
    mode: Mode
    bar: int
    front: int = 0
    left: int = field(init=False)
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.width = self.area.left(), self.area.width()

    @property
    def right(self) -> int:
        """The first column beside the paper."""
        return self.left + self.width

    @property
    def window_s(self) -> float:
        """How much time is seen at once."""
        return (self.width - self.bar) / self.px_per_s

    def u(self, monotonic_ns: float) -> float:
        return (monotonic_ns - self.epoch_ns) * 1e-9 * self.px_per_s

    def front_for(self, u: float) -> int:
        """Where clean paper must reach when the trace stands at ``u``."""
        return ceil(u) + (self.bar if self.mode is Mode.SWEEP else 3)

    def columns(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """The columns that a stretch of paper takes now, in pieces without a wrap."""
        left, width = self.left, self.width
        if self.mode is Mode.SCROLL:
            shift = self.front - width
            if stop > shift:
                yield left + max(start - shift, 0), left + min(stop - shift, width)
        elif stop - start >= width:
            yield left, left + width
        elif stop > start:
            first = start % width
            yield left + first, left + min(first + stop - start, width)
            if first + stop - start > width:
                yield left, left + first + stop - start - width

    def offsets(self, first_u: float, last_u: float) -> list[float]:
        """What to add to ``u`` for a column, once for each lap that a line touches."""
        left = self.left
        if self.mode is Mode.SCROLL:
            return [left - (self.front - self.width)]
        return [left - lap * self.width for lap in range(floor(first_u / self.width), floor(last_u / self.width) + 1)]
