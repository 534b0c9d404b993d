"""Pain drawn by finger: in the figure's own coordinates whatever the screen, on the patient's own side in both views."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from clinical.assessments.body_map import PARTS, View
from clinical.assessments.limbs import Limb, Side
from clinical.assessments.pain_drawing import PainDrawing, Region, compared
from widgets.body_map import BodyMap
from widgets.theme import Look


@pytest.fixture(params=[(420, 440), (824, 700)], ids=["small", "large"])
def body(request, qtbot):
    body = BodyMap()
    qtbot.addWidget(body)
    body.resize(*request.param)
    body.set_look(Look())
    body.show()
    return body


def draw(body, view, part):
    """Goes round a part of the figure with a finger."""
    outline = [body.place(view, point).toPoint() for point in PARTS[view][part]]
    QTest.mousePress(body, Qt.MouseButton.LeftButton, pos=outline[0])
    for point in (*outline[1:], outline[0]):
        QTest.mouseMove(body, point)
    QTest.mouseRelease(body, Qt.MouseButton.LeftButton, pos=outline[0])


@pytest.mark.parametrize(
    ("view", "part", "limb"), [(View.FRONT, "right hand", Limb.RIGHT_ARM), (View.BACK, "left lower leg", Limb.LEFT_LEG)]
)
def test_what_a_finger_goes_round_hurts(body, view, part, limb):
    told = []
    body.changed.connect(told.append)
    draw(body, view, part)
    assert told == [body.drawing]
    shares = dict(body.drawing.parts())
    assert shares[f"{view}: {part}"] > 0.9
    assert body.drawing.limbs() == (limb,)
    whole = PainDrawing(regions=(Region(view=view, points=PARTS[view][part]),))
    assert compared(whole, body.drawing).overlap > 0.85


def test_the_patients_left_is_at_the_right_in_front_and_at_the_left_behind(body):
    front, back = body.place(View.FRONT, (0.2, 0.5)), body.place(View.BACK, (0.2, 0.5))
    assert front.x() > body.place(View.FRONT, (0.0, 0.5)).x()
    assert back.x() < body.place(View.BACK, (0.0, 0.5)).x()
    for view, position in ((View.FRONT, front), (View.BACK, back)):
        assert body.point(position) == (view, pytest.approx((0.2, 0.5)))


def test_a_region_is_taken_back_and_all_are_cleared(body):
    draw(body, View.FRONT, "left hand")
    draw(body, View.FRONT, "left forearm")
    QTest.keyClick(body, Qt.Key.Key_Backspace)
    assert body.drawing.sides() == (Side.LEFT,)
    assert len(body.drawing.regions) == 1
    body.clear()
    body.take_back()
    assert body.drawing == PainDrawing()


def test_a_touch_draws_nothing(body):
    QTest.mouseClick(body, Qt.MouseButton.LeftButton, pos=QPoint(60, 100))
    assert body.drawing == PainDrawing()


def test_a_finger_that_leaves_the_figure_stays_in_its_view(body):
    QTest.mousePress(body, Qt.MouseButton.LeftButton, pos=body.place(View.FRONT, (-0.2, 0.5)).toPoint())
    for place in (QPoint(body.width() - 2, 50), QPoint(body.width() - 2, body.height() + 40), QPoint(4, body.height() - 4)):
        QTest.mouseMove(body, place)
    QTest.mouseRelease(body, Qt.MouseButton.LeftButton)
    (region,) = body.drawing.regions
    assert region.view is View.FRONT
    assert all(-0.5 <= x <= 0.5 and 0 <= y <= 1 for x, y in region.points)


def test_todays_regions_are_seen_and_another_days_do_not_hide_them(body):
    empty = body.grab().toImage()
    draw(body, View.FRONT, "chest")
    drawn = body.grab().toImage()
    middle = body.place(View.FRONT, (0.0, 0.24)).toPoint()
    assert drawn.pixelColor(middle) != empty.pixelColor(middle)
    body.set_earlier(PainDrawing(regions=(Region(view=View.FRONT, points=PARTS[View.FRONT]["chest"]),)))
    assert body.grab().toImage().pixelColor(middle) == drawn.pixelColor(middle)
