"""Readiness to go home: each line from data, and no line met without any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.site_data import SiteData
from clinical.assessments.aldrete import ALDRETE
from clinical.assessments.padss import PADSS
from clinical.assessments.recovery import Met, Recovery, all_met, readiness, rules_from
from clinical.instant import Instant
from clinical.metrics import HEART_RATE, NIBP_SYS
from clinical.site_values import SiteValueError

STOP = Instant(0, 1_772_352_000_000_000_000)
RULES = replace(SiteData().load_recovery("discharge").value, level_below_ng_per_ml=70)
READY = Recovery(
    stopped_at=STOP,
    vitals=((NIBP_SYS, 130.0, 124.0), (HEART_RATE, 70.0, 76.0)),
    aldrete=tuple((item.name, 2) for item in ALDRETE.items),
    padss=tuple((item.name, 2) for item in PADSS.items),
    predicted_ng_per_ml=(30.0, 62.0),
    escort=True,
)


def lines(recovery: Recovery, minutes: float = 60) -> dict[str, tuple[Met, str]]:
    return {line.text: (line.met, line.detail) for line in readiness(STOP.plus(60 * minutes), recovery, RULES)}


def test_all_met_and_why() -> None:
    assert lines(READY) == {
        "60 min since the infusion stopped": (Met.YES, "60 min"),
        "vital signs within 20 % of the baseline": (Met.YES, "SBP 130 of 124 (+5 %), HR 70 of 76 (-8 %)"),
        "modified Aldrete 9 or more": (Met.YES, "10 of 10"),
        "PADSS 9 or more": (Met.YES, "10 of 10"),
        "predicted level below 70 ng/mL": (Met.YES, "30 to 62 ng/mL; an estimate"),
        "escort": (Met.YES, "present"),
    }
    assert all_met(readiness(STOP.plus(3600), READY, RULES))


def test_without_data_no_line_is_met() -> None:
    assert {met for met, _ in lines(Recovery()).values()} == {Met.UNKNOWN}


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        ({"vitals": ((NIBP_SYS, 160.0, 124.0),)}, "vital signs within 20 % of the baseline", (Met.NO, "SBP 160 of 124 (+29 %)")),
        ({"vitals": ((NIBP_SYS, 160.0, 0.0),)}, "vital signs within 20 % of the baseline", (Met.UNKNOWN, "no baseline, or no reading")),
        ({"predicted_ng_per_ml": (40.0, 70.0)}, "predicted level below 70 ng/mL", (Met.NO, "40 to 70 ng/mL; an estimate")),
        ({"escort": False}, "escort", (Met.NO, "not here")),
        (
            {"padss": (("pain", 2),)},
            "PADSS 9 or more",
            (Met.UNKNOWN, "PADSS needs vital signs and ambulation and nausea and vomiting and bleeding"),
        ),
        ({"aldrete": tuple((item.name, 1) for item in ALDRETE.items)}, "modified Aldrete 9 or more", (Met.NO, "5 of 10")),
    ],
)
def test_each_line_by_itself(change, line, told) -> None:
    assert lines(replace(READY, **change))[line] == told


def test_a_minute_too_early_is_too_early() -> None:
    assert lines(READY, 59.9)["60 min since the infusion stopped"] == (Met.NO, "59 min")


def test_the_level_is_looked_at_only_where_the_site_sets_one() -> None:
    shipped = SiteData().load_recovery("discharge").value
    assert shipped.level_below_ng_per_ml is None
    assert shipped.advice == ""
    assert not any("level" in line.text for line in readiness(STOP, READY, shipped))


def test_broken_rules_say_where() -> None:
    with pytest.raises(SiteValueError, match="least_aldrete: is 11; allowed is a whole number from 0 to 10"):
        rules_from({"title": "x", "least_min_since_stop": 60, "vitals_within_percent": 20, "least_aldrete": 11})
