"""Scenario files: those that come with the program are whole, and a wrong one says where and what is allowed."""

import re

import pytest

from devices.patient.events import EVENT_KINDS
from devices.patient.scenarios import Scenario, ScenarioError, load, parse
from devices.patient.shipped import names

GOOD = """
title = "A test"
description = "Nothing happens."
order = "stepped-25"
length_min = 240
[patient]
label = "DEMO"
[pump]
drug = "Ketamine"
concentration_mg_per_ml = 5
syringe_ml = 50
"""

LADDERS = {"schwartzman", "stepped-25", "rema-day-1", "rema-day-2", "rema-day-3", "goldberg"}


def test_the_scenarios_that_come_with_the_program():
    assert names() == (
        "ladder-held",
        "line-unplugged",
        "midazolam-desaturation",
        "occlusion",
        "off-the-order",
        "paused-forgotten",
        "pressure-rise",
        "probe-off-cuff",
        "quiet-day",
        "stepped-day",
    )
    for name in names():
        scenario = load(name)
        assert scenario.name == name
        assert scenario.order in LADDERS
        assert scenario.patient.label == "DEMO"
        assert scenario.weight_kg == 70
        assert [e.at_s for e in scenario.events] == sorted(e.at_s for e in scenario.events)
        assert any(e.at_s <= 20 * 60 for e in scenario.events)
        assert scenario.nurse


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load(str(path)).name == "mine"
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(str(tmp_path / "none.toml"))
    with pytest.raises(ScenarioError, match="no scenario is called 'sunny'; there are: ladder-held, "):
        load("sunny")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("[[event]]\nat_min = 1\nkind = 'explode'", "test.toml: event 1.kind: 'explode' is not allowed; allowed: pump start, "),
        ("[[event]]\nat_min = 1\nkind = 'pump start'", "event 1 (pump start).rate_mg_per_h: missing; it is required"),
        ("[[event]]\nat_min = -1\nkind = 'pump stop'", "event 1.at_min: -1 is not allowed; allowed is a number from 0 to 1440"),
        ("[[event]]\nat_min = true\nkind = 'pump stop'", "event 1.at_min: True is not allowed; allowed is a number"),
        ("[[event]]\nkind = 'pump stop'", "event 1.at_min: missing; allowed is a number from 0 to 1440"),
        ("[[event]]\nat_min = 1\nkind = 'pump stop'\nhow = 2", "event 1 (pump stop).how: unknown; allowed: nothing"),
        (
            "[[event]]\nat_min = 1\nkind = 'pump rate'\nrate_mg_per_h = 9000",
            "rate_mg_per_h: 9000 is not allowed; allowed is a number from 0.1 to 500",
        ),
        ("[[event]]\nat_min = 1\nkind = 'sensor off'\nsensor = 'hat'", "sensor: 'hat' is not allowed; allowed: probe, leads, cannula"),
        ("[baseline]\nweight_kg = 5", "baseline.weight_kg: 5 is not allowed; allowed is a number from 20 to 250"),
        ("[baseline]\nweight_kg = nan", "baseline.weight_kg: nan is not allowed"),
        ("[baseline]\nwieght_kg = 70", "baseline.wieght_kg: unknown; allowed: weight_kg, "),
        ("[cuff]\nsame_arm = 'yes'", "cuff.same_arm: allowed is true or false, not 'yes'"),
        ("[[nurse]]\nat_min = 1\nkind = 'assessment'", "nurse 1.scores: missing"),
        ("[[nurse]]\nat_min = 1\nkind = 'note'", "nurse 1.text: missing or empty"),
        ("[[nurse]]\nat_min = 1\nkind = 'assessment'\nscores = { RASS = 0.5 }", "nurse 1.scores: allowed is a table"),
        ("event = 3", "pump.event: unknown"),
        ("[weather]", "test.toml: weather: unknown; allowed: title, "),
        ("[[", "test.toml: not valid TOML"),
    ],
)
def test_a_wrong_file_says_where_and_what_is_allowed(more, says):
    with pytest.raises(ScenarioError, match=re.escape(says)):
        parse(GOOD + more, file="test.toml", name="test")


@pytest.mark.parametrize("key", ["title", "description", "order", "length_min"])
def test_what_must_be_there(key):
    without = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{key} ="))
    with pytest.raises(ScenarioError, match=f"test.toml: {key}: missing"):
        parse(without, file="test.toml", name="test")


def test_every_kind_of_event_can_be_written():
    values = {"rate_mg_per_h": 10, "dose_mg": 2, "drug": "'midazolam'", "litres_per_min": 2, "lost_fraction": 0.5, "sbp_mmhg": 10}
    values |= {"heart_rate_per_min": 5, "agitation": 1, "sensor": "'probe'", "line": "'pump'"}
    rows = [
        "\n".join([f"[[event]]\nat_min = 1\nkind = '{kind}'", *(f"{name} = {values[name]}" for name in cls.__dataclass_fields__)])
        for kind, cls in EVENT_KINDS.items()
    ]
    scenario = parse("\n".join([GOOD, *rows]), file="test.toml", name="test")
    assert isinstance(scenario, Scenario)
    assert [type(e.event) for e in scenario.events] == list(EVENT_KINDS.values())
