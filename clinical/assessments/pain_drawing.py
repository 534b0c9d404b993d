"""Where it hurts, as regions drawn on the body map; how much, on which side, and how that compares with another day.

Regions may overlap and may leave the figure: what counts is what they cover of it, on a grid of small cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from clinical.assessments.body_map import PARTS, Polygon, View, limb_of
from clinical.assessments.limbs import Limb, Side

CELLS = 400
"""Cells along the figure's height, and as many along its width."""
MOVED_BEYOND = 0.05
"""Pain has moved if its middle lies this part of the body's height away. A proposal, to be confirmed by your clinicians."""
TOUCHED_FROM = 0.02
"""A part of the body is in pain from this share of it on: less is a slip of the pen. A proposal."""

Cover = NDArray[np.bool_]


class DrawingError(ValueError):
    """A region that encloses nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A closed outline, in coordinates of the figure. Raises DrawingError below three points, or for one that is no number."""

    view: View
    points: Polygon

    def __post_init__(self) -> None:
        if len(set(self.points)) < 3:
            raise DrawingError("a region needs three points")
        if not all(math.isfinite(value) for point in self.points for value in point):
            raise DrawingError("a region's points must be numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingCompared:
    """Later against earlier.

    Attributes:
        area_change_percent: of the earlier area; None where there was none.
        overlap: area in both, of the area in either: 1 the same, 0 apart; None where neither has any.
        moved_by: distance of the two middles in heights of the body, in the view both have; None where they share none.
        new_sides, left_sides: sides that came and that went.
        new_limbs: limbs that came.
    """

    area_change_percent: float | None
    overlap: float | None
    moved_by: float | None
    new_sides: tuple[Side, ...]
    left_sides: tuple[Side, ...]
    new_limbs: tuple[Limb, ...]

    @property
    def moved(self) -> bool:
        return bool(self.new_sides or self.new_limbs) or (self.moved_by is not None and self.moved_by > MOVED_BEYOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class PainDrawing:
    """All regions of one day. None at all is an answer: no pain anywhere."""

    regions: tuple[Region, ...] = ()

    def area_percent(self) -> float:
        """What is covered, of the whole figure, front and back."""
        body = sum(int(_figure(view).sum()) for view in View)
        return 100.0 * sum(int(_cover(self, view).sum()) for view in View) / body

    def parts(self) -> tuple[tuple[str, float], ...]:
        """Parts of the body in pain (``"front: right hand"``) with the share of each that is covered, 0 to 1, in the map's order."""
        shares = []
        for view in View:
            cover = _cover(self, view)
            if cover.any():
                shares += [(f"{view}: {name}", float((cover & part).sum() / part.sum())) for name, part in _part_grids(view).items()]
        return tuple((name, share) for name, share in shares if share >= TOUCHED_FROM)

    def limbs(self) -> tuple[Limb, ...]:
        """Limbs in pain."""
        found = (limb_of(name.split(": ")[1]) for name, _ in self.parts())
        return tuple(dict.fromkeys(limb for limb in found if limb is not None))

    def sides(self) -> tuple[Side, ...]:
        """Sides of the body in pain, each with at least ``TOUCHED_FROM`` of what is covered."""
        x = _axis()
        covers = [_cover(self, view) for view in View]
        whole = sum(int(cover.sum()) for cover in covers)
        counts = {
            Side.RIGHT: sum(int(cover[:, x < 0].sum()) for cover in covers),
            Side.LEFT: sum(int(cover[:, x > 0].sum()) for cover in covers),
        }
        return tuple(side for side, count in counts.items() if count and count >= TOUCHED_FROM * whole)


def compared(earlier: PainDrawing, later: PainDrawing) -> DrawingCompared:
    """How the later drawing differs."""
    pairs = [(_cover(earlier, view), _cover(later, view)) for view in View]
    before, after = sum(int(old.sum()) for old, _ in pairs), sum(int(new.sum()) for _, new in pairs)
    both, either = sum(int((old & new).sum()) for old, new in pairs), sum(int((old | new).sum()) for old, new in pairs)
    shifts = [math.dist(_middle(old), _middle(new)) for old, new in pairs if old.any() and new.any()]
    old_sides, new_sides = earlier.sides(), later.sides()
    old_limbs = earlier.limbs()
    return DrawingCompared(
        area_change_percent=100.0 * (after - before) / before if before else None,
        overlap=both / either if either else None,
        moved_by=max(shifts, default=None),
        new_sides=tuple(side for side in new_sides if before and side not in old_sides),
        left_sides=tuple(side for side in old_sides if side not in new_sides),
        new_limbs=tuple(limb for limb in later.limbs() if before and limb not in old_limbs),
    )


@cache
def _axis() -> NDArray[np.float64]:
    """Middles of the cells across, from −0.5 to 0.5."""
    return (np.arange(CELLS) + 0.5) / CELLS - 0.5


@cache
def _part_grids(view: View) -> dict[str, Cover]:
    return {name: _filled(polygon) for name, polygon in PARTS[view].items()}


@cache
def _figure(view: View) -> Cover:
    whole = np.zeros((CELLS, CELLS), np.bool_)
    for part in _part_grids(view).values():
        whole |= part
    return whole


def _cover(drawing: PainDrawing, view: View) -> Cover:
    """Cells of the figure that any region of the view covers, shape (CELLS down, CELLS across)."""
    cover = np.zeros((CELLS, CELLS), np.bool_)
    for region in drawing.regions:
        if region.view is view:
            cover |= _filled(region.points)
    return cover & _figure(view)


def _filled(polygon: Polygon) -> Cover:
    """Cells whose middle lies inside, by the even–odd rule."""
    x, y = _axis()[None, :], (_axis() + 0.5)[:, None]
    inside = np.zeros((CELLS, CELLS), np.bool_)
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if y0 != y1:
            crossed = np.flatnonzero((y0 <= y[:, 0]) != (y1 <= y[:, 0]))  # there the part of the edge is between 0 and 1
            inside[crossed] ^= x < x0 + (y[crossed] - y0) / (y1 - y0) * (x1 - x0)
    return inside


def _middle(cover: Cover) -> tuple[float, float]:
    rows, columns = np.nonzero(cover)
    return float(columns.mean() / CELLS), float(rows.mean() / CELLS)
