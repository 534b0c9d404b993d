"""The pump as it reports itself: live, silent, lost. An old number must never stand as a live one."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from clinical.dose_told import GivenTold
from clinical.messages import PumpShare
from clinical.observations import LinkState, PumpState
from widgets import gallery_case as case
from widgets.infusion_panel import InfusionPanel, shares_told
from widgets.rate_block import STATE_WORDS
from widgets.shapes import PUMP_SHAPES
from widgets.theme import DAY, Look


@pytest.fixture
def panel(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(380, 568)
    panel = InfusionPanel()
    panel.setParent(window)
    panel.setGeometry(0, 0, 380, 568)
    panel.set_look(Look())
    panel.set_setup(case.SETUP)
    window.show()
    panel.kept_window = window
    return panel


def _texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def test_live_the_dose_stands_in_three_units(panel):
    panel.set_dose(case.dose_report())
    texts = _texts(panel)
    for text in (
        "Ketamine",
        "infusing",
        "25",
        "mg/h",
        "0.357",
        "mg/kg/h",
        "12.5",
        "mL/h",
        "reported 3 s ago",
        "38.2",
        "31.2",
        "2:30",
        "118–164",
    ):
        assert text in texts
    assert "Step 4 of 6" in texts
    assert "next 27.5 mg/h  14:20" in texts
    assert not any("last word" in text for text in texts)


def test_the_age_of_the_report_grows_with_the_clock(panel):
    panel.set_dose(case.dose_report())
    panel.advance(case.NOW.plus(4))
    assert "reported 7 s ago" in _texts(panel)


@pytest.mark.parametrize("how", ["report", "clock", "link"])
def test_without_a_word_no_rate_is_shown(panel, how):
    word_at = case.NOW.plus(-41)
    if how == "report":
        panel.set_dose(case.dose_report(word_at=word_at, stale=True))
    elif how == "clock":
        panel.set_dose(case.dose_report(word_at.plus(1), word_at=word_at))
        panel.advance(case.NOW)
    else:
        panel.set_link(LinkState.LOST)
        panel.set_dose(case.dose_report(word_at=word_at))
    texts = _texts(panel)
    assert "no word for 41 s" in texts
    assert "last word 14:04:19: infusing 25 mg/h" in texts
    assert "Look at the pump itself" in texts
    assert "It may be infusing. This screen cannot see it." in texts
    assert not {"25", "0.357", "12.5", "infusing"} & set(_texts(panel.rate))
    assert texts.count("---") >= 3
    assert panel.rate.grab().toImage().pixelColor(190, 4).name() == DAY.medium.lower()


def test_what_was_given_is_told_in_mg_and_for_each_kg_beside_its_title(panel):
    given = GivenTold(sources=(), best_mg=38.21, best_mg_per_kg=0.546, low_mg=38.2, high_mg=38.22, certainty="known", silent_s=0.0)
    panel.set_dose(replace(case.dose_report(), given=given))
    assert {"Given today, 0.55 mg/kg", "38.2"} <= set(_texts(panel))
    panel.set_dose(replace(case.dose_report(), given=replace(given, best_mg=0.1, best_mg_per_kg=0.001)))
    assert {"Given today", "0.1"} <= set(_texts(panel))


def test_a_line_that_is_lost_moves_no_row(panel):
    panel.set_dose(case.dose_report())
    panel.layout().activate()
    before = panel._titles["planned"].geometry()
    panel.set_link(LinkState.LOST)
    panel.advance(case.NOW.plus(41))
    panel.layout().activate()
    assert "Line lost" in _texts(panel)
    assert panel._titles["planned"].geometry() == before


def test_doses_are_bounds_while_the_pump_is_silent(panel):
    panel.set_dose(case.dose_report(word_at=case.NOW.plus(-41), stale=True))
    texts = _texts(panel)
    assert "38.2 to 38.5" in texts
    assert "31.1 to 31.2" in texts  # 0.3 mg more is 0.15 mL less
    assert "2:30 or more" in texts


def test_it_is_live_again_when_the_pump_speaks(panel):
    panel.set_dose(case.dose_report(word_at=case.NOW.plus(-41), stale=True))
    panel.set_dose(case.dose_report(case.NOW.plus(5)))
    assert "25" in _texts(panel)
    assert not any("no word" in text for text in _texts(panel))
    assert not any("Look at the pump" in text for text in _texts(panel))


def test_before_any_pump_spoke_nothing_is_claimed(panel):
    report = case.dose_report()
    panel.set_dose(replace(report, pump=None, rate_mg_per_h=None, rate_mg_per_kg_h=None, step_number=None, started_at=None))
    assert "no pump yet" in _texts(panel)
    assert "Not started" in _texts(panel)


@pytest.mark.parametrize("state", list(PumpState))
def test_every_state_has_a_word_and_a_shape(panel, state):
    report = case.dose_report()
    panel.set_dose(replace(report, pump=case.pump_status(case.NOW, state=state)))
    assert STATE_WORDS[state] in _texts(panel)
    assert state in PUMP_SHAPES


def test_an_alarm_stands_in_its_own_fill_until_it_goes(panel):
    panel.set_dose(case.dose_report())
    panel.set_alarm(case.SBP_ALARM)
    assert case.SBP_ALARM.title in _texts(panel)
    panel.set_alarm(None)
    assert case.SBP_ALARM.title not in _texts(panel)


def test_what_is_unknown_is_never_zero(panel):
    report = case.dose_report()
    silent = replace(case.pump_status(case.NOW), remaining_ml=None, pressure_percent=None, rate_ml_per_h=None)
    panel.set_dose(replace(report, pump=silent, empty_in_s=None, predicted_ng_per_ml=None, rate_mg_per_h=None, rate_mg_per_kg_h=None))
    assert "0" not in _texts(panel)
    assert _texts(panel).count("---") == 7


def test_of_several_pumps_every_rate_is_the_sum(panel):
    shares = (PumpShare(device="pump", channel="", rate_mg_per_h=20.0), PumpShare(device="two", channel="", rate_mg_per_h=10.0))
    panel.set_dose(replace(case.dose_report(), rate_mg_per_h=30.0, shares=shares))
    told = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    assert {"30", "15", "2 ketamine pumps, rates and dose added. pump: 20 mg/h, two: 10 mg/h"} <= set(told)
    panel.set_dose(case.dose_report())
    assert not any("ketamine pumps" in label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel))


def test_several_pumps_of_the_drug_are_named_with_their_rates():
    assert shares_told(()) == ""
    shares = (
        PumpShare(device="pump", channel="", rate_mg_per_h=10.0),
        PumpShare(device="rack", channel="2", rate_mg_per_h=5.0),
        PumpShare(device="third", channel="", rate_mg_per_h=None),
    )
    assert shares_told(shares) == "3 ketamine pumps, rates and dose added. pump: 10 mg/h, rack 2: 5 mg/h, third: not heard"
