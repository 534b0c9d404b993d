"""An alarm as it is seen: told apart without one kind of cone, its priority from 4 m, its cause from 1 m.

Angles on a 24″ screen of 1920×1080 (3.61 px/mm). The bounds, 16′ for characters to be read and 22′ for what is to be told at a glance, are
those of ISO 9241-3 and NUREG-0700 as public pages quote them; that a priority is to be perceived at 4 m and a cause read at 1 m is
recalled from IEC 60601-1-8. To be confirmed against the standards.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest

from bench.colour_vision import NORMAL, SIMULATIONS, arc_minutes, as_seen, distance, lab, rgb
from clinical.alarm_model import Kind
from clinical.observations import Priority
from widgets import gallery_case as case
from widgets.alarm_bar import AlarmBar
from widgets.alarm_slots import slot_faces
from widgets.flash import FLASH_HZ
from widgets.sheet import Fill, Text, cap_height
from widgets.symbols import priority_marks
from widgets.theme import DAY, NIGHT, PAPER, Look

PX_PER_MM = 3.61
LEAST_APART, LEAST_FROM_GROUND = 40.0, 30.0
"""ΔE*ab; about 2.3 is just noticed side by side. Proposals."""

FILLS = {priority: getattr(DAY, priority.value) for priority in Priority}


@pytest.mark.parametrize("simulation", SIMULATIONS)
def test_priorities_are_told_apart_by_their_fill(simulation):
    for one, other in combinations(FILLS.values(), 2):
        assert distance(one, other, simulation) >= LEAST_APART


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("simulation", SIMULATIONS)
def test_a_fill_stands_out_from_what_is_under_it(simulation, theme):
    for fill in FILLS.values():
        for ground in (theme.background, theme.panel, theme.bar):
            assert distance(fill, ground, simulation) >= LEAST_FROM_GROUND


def test_without_colour_at_all_marks_and_rhythm_still_say_it():
    for kind in Kind:
        widths = [priority_marks(kind, priority).boundingRect().width() for priority in (Priority.LOW, Priority.MEDIUM, Priority.HIGH)]
        assert all(after > 1.3 * before for before, after in pairwise(widths))
    rates = [FLASH_HZ.get(priority, 0.0) for priority in (Priority.LOW, Priority.MEDIUM, Priority.HIGH)]
    assert rates == sorted(set(rates))


def test_the_simulation_itself():
    white, grey = rgb("#FFFFFF"), rgb("#808080")
    for simulation in SIMULATIONS:
        assert as_seen(white, simulation) == pytest.approx(white, abs=2e-3), "what has no colour is seen as it is"
        assert as_seen(grey, simulation) == pytest.approx(grey, abs=2e-3)
    assert lab(white) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(rgb("#FF0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # of sRGB red, D65
    apart = {simulation: distance("#D00000", "#3A7A00", simulation) for simulation in SIMULATIONS}
    assert apart["deutan"] < 0.4 * apart[NORMAL] < apart["tritan"], "red and green are those that are mistaken"
    assert PAPER.high == DAY.high


@pytest.fixture
def bar(fonts, qtbot):
    shown = AlarmBar()
    qtbot.addWidget(shown)
    shown.set_look(Look(DAY, 1.0))
    shown.resize(1920, 92)
    shown.set_case(case.SETUP)
    return shown


@pytest.mark.parametrize("priority", Priority, ids=lambda priority: priority.value)
def test_the_priority_at_four_metres_and_the_cause_at_one(bar, priority):
    alarm = replace(case.SPO2_ALARM, priority=priority)
    bar.set_alarms((alarm,), case.NOW)
    box = bar.boxes()["first"]
    fills = [item for item in bar.items() if isinstance(item, Fill) and item.box == box]
    assert [fill.colour.name().upper() for fill in fills] == [FILLS[priority]]
    area_mm2 = box.width() * box.height() / PX_PER_MM**2
    assert arc_minutes(float(np.sqrt(area_mm2)), 4.0) >= 22, "the fill, as a square of its area"
    assert arc_minutes(box.height() / PX_PER_MM, 4.0) >= 8, "its smaller side"
    (title,) = (item for item in bar.items() if isinstance(item, Text) and item.text == alarm.title)
    assert arc_minutes(cap_height(title.font) / PX_PER_MM, 1.0) >= 16
    assert slot_faces((alarm,), case.NOW, steady=False)[0].alarm is alarm
