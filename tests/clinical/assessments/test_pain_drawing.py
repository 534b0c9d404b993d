"""Pain drawn on the body map: area, side and limb, and how one day's drawing compares with another's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.assessments.body_map import PARTS, Polygon, View, limb_of
from clinical.assessments.limbs import Limb, Side
from clinical.assessments.pain_drawing import DrawingError, PainDrawing, Region, compared

RIGHT_HAND, LEFT_HAND, RIGHT_FOREARM = (PARTS[View.FRONT][name] for name in ("right hand", "left hand", "right forearm"))


def drawn(*polygons: Polygon, view: View = View.FRONT) -> PainDrawing:
    return PainDrawing(regions=tuple(Region(view=view, points=polygon) for polygon in polygons))


def shoelace(polygon: Polygon) -> float:
    following = (*polygon[1:], polygon[0])
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, following, strict=True))) / 2


def test_parts_of_the_figure_do_not_overlap_and_are_mirrored() -> None:
    for view in View:
        whole = sum(shoelace(polygon) for polygon in PARTS[view].values())
        everything = PainDrawing(regions=tuple(Region(view=view, points=polygon) for polygon in PARTS[view].values()))
        assert everything.area_percent() == pytest.approx(50, abs=1e-9)
        one = drawn(PARTS[view]["head"], view=view).area_percent()
        assert one == pytest.approx(50 * shoelace(PARTS[view]["head"]) / whole, rel=0.02)


def test_a_hand_is_a_hand_of_its_side() -> None:
    hand = drawn(RIGHT_HAND)
    assert hand.parts() == (("front: right hand", 1.0),)
    assert (hand.limbs(), hand.sides()) == ((Limb.RIGHT_ARM,), (Side.RIGHT,))
    assert drawn(PARTS[View.BACK]["left foot"], view=View.BACK).limbs() == (Limb.LEFT_LEG,)


def test_the_trunk_is_no_limb() -> None:
    assert limb_of("chest") is None
    assert limb_of("lower back") is None
    assert limb_of("left lower leg") is Limb.LEFT_LEG
    assert drawn(PARTS[View.FRONT]["chest"]).sides() == (Side.RIGHT, Side.LEFT)


def test_what_is_drawn_twice_or_beside_the_figure_counts_once_or_not() -> None:
    assert drawn(RIGHT_HAND, RIGHT_HAND).area_percent() == drawn(RIGHT_HAND).area_percent()
    assert drawn(((0.3, 0.0), (0.45, 0.0), (0.45, 0.2), (0.3, 0.2))).area_percent() == 0
    assert PainDrawing().area_percent() == 0


def test_the_same_drawing_has_not_moved() -> None:
    same = compared(drawn(RIGHT_HAND), drawn(RIGHT_HAND))
    assert (same.area_change_percent, same.overlap, same.moved_by, same.moved) == (0.0, 1.0, 0.0, False)


def test_pain_that_shrinks_in_place_has_not_moved() -> None:
    small = tuple((x * 0.4 - 0.115, y * 0.4 + 0.29) for x, y in RIGHT_HAND)
    later = compared(drawn(RIGHT_HAND), drawn(small))
    assert later.area_change_percent is not None
    assert later.area_change_percent == pytest.approx(-84, abs=3)
    assert not later.moved


def test_pain_that_spreads_to_the_other_side_has_moved() -> None:
    spread = compared(drawn(RIGHT_HAND), drawn(RIGHT_HAND, LEFT_HAND))
    assert (spread.new_sides, spread.left_sides, spread.new_limbs) == ((Side.LEFT,), (), (Limb.LEFT_ARM,))
    assert spread.area_change_percent == pytest.approx(100, abs=2)
    assert spread.moved


def test_pain_that_goes_up_the_arm_has_moved() -> None:
    up = compared(drawn(RIGHT_HAND), drawn(RIGHT_FOREARM))
    assert up.overlap == 0
    assert up.moved_by == pytest.approx(0.11, abs=0.02)
    assert up.moved
    assert up.new_limbs == ()


def test_pain_that_went_and_pain_that_came() -> None:
    gone = compared(drawn(RIGHT_HAND), PainDrawing())
    assert (gone.area_change_percent, gone.overlap, gone.moved_by, gone.left_sides) == (-100.0, 0.0, None, (Side.RIGHT,))
    assert compared(PainDrawing(), drawn(RIGHT_HAND)).area_change_percent is None
    assert compared(PainDrawing(), PainDrawing()).overlap is None


@pytest.mark.parametrize(
    "points", [((0.0, 0.0), (0.1, 0.1)), ((0.0, 0.0), (0.1, 0.1), (0.0, 0.0)), ((0.0, 0.0), (0.1, float("nan")), (0.1, 0.0))]
)
def test_a_line_is_no_region(points) -> None:
    with pytest.raises(DrawingError):
        Region(view=View.FRONT, points=points)


POINTS = st.tuples(st.floats(-0.5, 0.5), st.floats(0, 1))


@settings(max_examples=25, deadline=None)
@given(st.lists(POINTS, min_size=3, max_size=8, unique=True), st.lists(POINTS, min_size=3, max_size=8, unique=True))
def test_area_never_shrinks_by_drawing_more_and_comparison_is_symmetrical(one, other) -> None:
    first, both = drawn(tuple(one)), drawn(tuple(one), tuple(other))
    assert 0 <= first.area_percent() <= both.area_percent() <= 50
    assert compared(first, both).overlap == compared(both, first).overlap
