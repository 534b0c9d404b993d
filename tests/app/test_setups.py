"""A site's broken preset is told in the case, on the manufacturer's limits; a broken order stops it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from app.plan import Demonstration
from app.settings import Settings
from app.setups import demonstration_setup
from app.site_data import SiteData, SiteDataError
from clinical.alarm_model import PresetLevel
from clinical.commands import StartCase
from clinical.instant import Instant
from clinical.messages import FromOperator
from clinical.monitor import Monitor
from devices.patient.scenarios import load

START = Instant(0, 1_772_352_000_000_000_000)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("adult-ketamine", "name = ", r"adult-ketamine\.toml: Invalid value .*the shipped adult-ketamine is used instead"),
        ("ward", 'name = "Ward"\nsource = "us"\n[[limit]]\nmetric = "no"', r"ward\.toml, line 4: .*the shipped adult-ketamine is used"),
        ("gone", None, "no preset is called 'gone'"),
    ],
)
def test_a_preset_that_cannot_be_used_is_told_in_the_case_and_the_manufacturers_takes_its_place(tmp_path, name, text, why) -> None:
    (tmp_path / "presets").mkdir()
    if text is not None:
        (tmp_path / f"presets/{name}.toml").write_text(text)
    demonstration, settings = Demonstration(scenario="quiet-day"), Settings(preset=name)
    setup = demonstration_setup(demonstration, load("quiet-day"), SiteData(tmp_path), settings, START)
    assert re.search(why, setup.preset.refused)
    assert setup.preset.level is PresetLevel.MANUFACTURER
    assert setup.preset.limits == SiteData().load_preset("adult-ketamine").value.limits
    outcome = Monitor().step(FromOperator(START, StartCase(setup=setup)))
    assert [(alarm.title, alarm.detail) for alarm in outcome.alarms or ()] == [("Site's alarm preset NOT used", setup.preset.refused)]


def test_a_preset_of_the_site_says_so(tmp_path: Path) -> None:
    shipped = Path(str(files("resources") / "presets" / "adult-ketamine.toml"))
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets/adult-ketamine.toml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    preset = SiteData(tmp_path).preset_for_case("adult-ketamine")
    assert (preset.level, preset.refused) == (PresetLevel.SITE, "")


def test_a_broken_order_of_the_site_is_no_other_dose(tmp_path: Path) -> None:
    scenario = load("quiet-day")
    (tmp_path / "ladders").mkdir()
    (tmp_path / f"ladders/{scenario.order}.toml").write_text("name = ")
    with pytest.raises(SiteDataError, match=scenario.order):
        demonstration_setup(Demonstration(scenario="quiet-day"), scenario, SiteData(tmp_path), Settings(), START)


def test_the_same_words_give_the_same_case() -> None:
    made = [
        demonstration_setup(Demonstration(scenario="quiet-day"), load("quiet-day"), SiteData(None), Settings(), START) for _ in range(2)
    ]
    assert made[0] == made[1]
