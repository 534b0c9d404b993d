"""Files of presets and ladders: shipped, a site's own, and broken."""

from __future__ import annotations

import pytest

from app.site_data import SiteData, SiteDataError
from clinical.metrics import HEART_RATE, NIBP_SYS, RESP_RATE, SPO2

SHIPPED_LADDERS = (
    "goldberg",
    "goldberg-inpatient",
    "rema-day-1",
    "rema-day-2",
    "rema-day-3",
    "schwartzman",
    "sigtermans-like",
    "stepped-25",
)
FOUR_HOURS = 240


def test_the_shipped_names():
    site = SiteData()
    assert site.ladder_names() == SHIPPED_LADDERS
    assert site.preset_names() == ("adult-ketamine",)


@pytest.mark.parametrize(
    ("name", "rates", "ceiling", "length_min"),
    [
        ("schwartzman", [24.5], 25, FOUR_HOURS),
        ("stepped-25", [10, 15, 20, 25], 25, FOUR_HOURS),
        ("rema-day-1", [14], 14, FOUR_HOURS),
        ("rema-day-2", [28], 28, FOUR_HOURS),
        ("rema-day-3", [42], 42, FOUR_HOURS),
        ("goldberg", [10], 20, FOUR_HOURS),
        ("goldberg-inpatient", [10, 20, 30, 40], 40, 5 * 24 * 60),
        ("sigtermans-like", [0.06 * 70 * (1.2 + 0.6 * n) for n in range(11)], 7.2 * 0.06 * 70, 100 * 60),
    ],
)
def test_shipped_ladders(name, rates, ceiling, length_min):
    loaded = SiteData().load_order(name, 70)
    assert loaded.error == ""
    assert [step.rate_mg_per_h for step in loaded.value.steps] == pytest.approx(rates)
    assert loaded.value.ceiling_mg_per_h == pytest.approx(ceiling)
    assert loaded.value.length_min == length_min
    assert loaded.value.drug == ("S-ketamine" if name == "sigtermans-like" else "ketamine")
    assert "to be confirmed by your clinicians" in loaded.value.source


def test_schwartzman_is_never_above_its_ceiling():
    assert SiteData().load_order("schwartzman", 120).value.steps[0].rate_mg_per_h == 25


def test_the_shipped_preset():
    loaded = SiteData().load_preset("adult-ketamine")
    limits = {limit.metric: limit for limit in loaded.value.limits}
    delays = {metric: limits[metric].delay_s for metric in (HEART_RATE, RESP_RATE, SPO2, NIBP_SYS)}
    assert delays == {HEART_RATE: 12, RESP_RATE: 12, SPO2: 3, NIBP_SYS: 0}
    assert {metric: limits[metric].smoothing_s for metric in delays} == {HEART_RATE: 9, RESP_RATE: 9, SPO2: 9, NIBP_SYS: 0}
    assert {metric: limits[metric].extreme_low for metric in delays} == {HEART_RATE: 40, RESP_RATE: 4, SPO2: 80, NIBP_SYS: None}
    assert "to be confirmed by your clinicians" in loaded.value.source


def put(folder, kind, name, text):
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.toml").write_text(text, encoding="utf-8")
    return SiteData(folder)


LADDER = """name = "ours"
drug = "ketamine"
unit = "mg/h"
length_min = 60
ceiling_mg_per_h = 12
source = "us"

[[step]]
at_min = 0
rate = 12

[[step]]
at_min = 30
rate = {rate}
"""


def test_a_sites_own_file_takes_the_shipped_ones_place(tmp_path):
    site = put(tmp_path, "ladders", "stepped-25", LADDER.format(rate=11))
    loaded = site.load_order("stepped-25", 70)
    assert (loaded.value.name, loaded.error) == ("ours", "")
    assert put(tmp_path, "ladders", "extra", LADDER.format(rate=11)).ladder_names() == tuple(sorted((*SHIPPED_LADDERS, "extra")))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LADDER.format(rate=120), "stepped-25.toml, line 14: step 2, rate: is 120 mg/h; allowed is up to the ceiling of 12 mg/h"),
        (LADDER.format(rate="= 3"), "(at line 14, column 8)"),
        (LADDER.format(rate=11).replace("length_min = 60\n", ""), "stepped-25.toml, line 1: length_min: missing"),
        (LADDER.format(rate=11).replace("at_min = 30\n", ""), "stepped-25.toml, line 12: step 2, at_min: missing"),
        (LADDER.format(rate=11).replace('"mg/h"', '"ml"'), "stepped-25.toml, line 3: unit: is 'ml'"),
    ],
)
def test_a_broken_file_of_the_site_is_told_and_the_shipped_one_used(tmp_path, text, told):
    loaded = put(tmp_path, "ladders", "stepped-25", text).load_order("stepped-25", 70)
    assert loaded.value.name == "Stepped to 25 mg/h"
    assert told in loaded.error
    assert loaded.error.endswith("the shipped stepped-25 is used instead")


def test_a_broken_file_without_a_shipped_one_is_an_error(tmp_path):
    site = put(tmp_path, "presets", "night", "name =\n")
    with pytest.raises(SiteDataError, match=r"night\.toml: Invalid value \(at line 1"):
        site.load_preset("night")
    (tmp_path / "presets" / "night.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SiteDataError, match="cannot be read"):
        site.load_preset("night")


@pytest.mark.parametrize("name", ["nothing", "../presets/adult-ketamine", "", "stepped-25.toml"])
def test_an_unknown_name_says_what_there_is(name):
    with pytest.raises(SiteDataError, match="there are goldberg, goldberg-inpatient, rema-day-1"):
        SiteData().load_order(name, 70)


@pytest.mark.parametrize("weight_kg", [40, 70, 140])
def test_every_shipped_file_can_be_loaded(weight_kg):
    site = SiteData()
    assert all(site.load_order(name, weight_kg).error == "" for name in site.ladder_names())
    assert all(site.load_preset(name).error == "" for name in site.preset_names())
