"""A site's broken file stops a demonstration with its name, instead of being passed over for the shipped one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.plan import Demonstration
from app.settings import Settings
from app.setups import demonstration_setup
from app.site_data import SiteData, SiteDataError
from clinical.instant import Instant
from devices.patient.scenarios import load

START = Instant(0, 1_772_352_000_000_000_000)


def test_a_broken_preset_of_the_site_is_told(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets/adult-ketamine.toml").write_text("name = ")
    with pytest.raises(SiteDataError, match="adult-ketamine"):
        demonstration_setup(Demonstration(scenario="quiet-day"), load("quiet-day"), SiteData(tmp_path), Settings(), START)


def test_the_same_words_give_the_same_case() -> None:
    made = [
        demonstration_setup(Demonstration(scenario="quiet-day"), load("quiet-day"), SiteData(None), Settings(), START) for _ in range(2)
    ]
    assert made[0] == made[1]
