"""Presets out of mappings, and their exact errors."""

from __future__ import annotations

import copy

import pytest

from clinical.alarms.presets import preset_from
from clinical.metrics import HEART_RATE
from clinical.observations import Priority
from clinical.site_values import SiteValueError

GOOD = {
    "name": "Night",
    "source": "tests",
    "limit": [
        {
            "metric": "MDC_ECG_HEART_RATE",
            "low": 50,
            "high": 120.5,
            "priority": "medium",
            "delay_s": 2,
            "low_delay_s": 0,
            "hysteresis": 5,
        },
        {"metric": "MDC_PULS_OXIM_SAT_O2", "low": 90, "priority": "high", "delay_s": 4, "hysteresis": 2},
    ],
    "condition": [{"name": "pump not infusing", "delay_s": 60}],
}


def test_a_preset():
    preset = preset_from(GOOD)
    limit = preset.limit_of(HEART_RATE)
    assert limit is not None
    assert (limit.low, limit.high, limit.delay_s, limit.low_delay_s, limit.hysteresis) == (50, 120.5, 2, 0, 5)
    assert limit.priority is Priority.MEDIUM
    assert (preset.limits[1].high, preset.limits[1].low_delay_s) == (None, None)
    assert (preset.conditions[0].priority, preset.conditions[0].delay_s) == (None, 60)


def test_what_makes_sense_of_values_is_off_unless_given():
    plain, given = preset_from(GOOD).limits[1], {"smoothing_s": 9, "return_s": 15, "rejoin_s": 300, "worse_by": 2, "cuff_wait_s": 60}
    sense = ("smoothing_s", "return_s", "rejoin_s", "worse_by", "cuff_wait_s")
    assert [getattr(plain, name) for name in sense] == [0, 0, 0, 0, 0]
    assert (plain.extreme_low, plain.extreme_high, plain.extreme_delay_s) == (None, None, 0)
    limit = preset_from(GOOD | {"limit": [GOOD["limit"][1] | given | {"extreme_low": 80, "extreme_delay_s": 3}]}).limits[0]
    assert [getattr(limit, name) for name in sense] == [9, 15, 300, 2, 60]
    assert (limit.extreme_low, limit.extreme_high, limit.extreme_delay_s) == (80, None, 3)


def test_a_relative_limit_needs_an_absolute_one_beside_it():
    row = {"metric": "MDC_PRESS_BLD_NONINV_SYS", "low": 90, "priority": "medium", "delay_s": 0, "hysteresis": 0}
    limit = preset_from(GOOD | {"limit": [row | {"high": 156, "high_percent_of_baseline": 130}]}).limits[0]
    assert (limit.low_percent_of_baseline, limit.high_percent_of_baseline) == (None, 130)
    with pytest.raises(SiteValueError, match="limit 1, high_percent_of_baseline: needs high too, for a case without a baseline"):
        preset_from(GOOD | {"limit": [row | {"high_percent_of_baseline": 130}]})


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (("name",), None, "name: missing; needed is a text"),
        (("source",), 3, "source: is 3; needed is a text"),
        (("colour",), "red", "colour: not known; allowed are condition, fused, limit, name, sensor, slope, source"),
        (("limit",), [], "limit: missing; a preset needs at least one [[limit]]"),
        (("limit",), "high", "limit: needed are tables, each begun by [[limit]]"),
        (("limit", 0, "metric"), "HR", "limit 1, metric: is 'HR'; allowed are MDC_"),
        (("limit", 0, "metric"), "MDC_ECG_ELEC_POTL_II", "limit 1, metric: is 'MDC_ECG_ELEC_POTL_II'; allowed are"),
        (("limit", 1, "metric"), "MDC_ECG_HEART_RATE", "limit: MDC_ECG_HEART_RATE stands twice"),
        (("limit", 1, "priority"), "urgent", "limit 2, priority: is 'urgent'; allowed are high, medium, low"),
        (("limit", 1, "low"), 101, "limit 2, low: is 101; allowed is a number from 0 to 100"),
        (("limit", 1, "low"), "90", "limit 2, low: is '90'; allowed is a number from 0 to 100"),
        (("limit", 1, "low"), True, "limit 2, low: is True; allowed is"),
        (("limit", 1, "delay_s"), float("inf"), "limit 2, delay_s: is inf; allowed is a number from 0 to 60"),
        (("limit", 1, "delay_s"), None, "limit 2, delay_s: missing; allowed is a number from 0 to 60"),
        (("limit", 0, "low"), 121, "limit 1, low: is 121; allowed is below high, which is 120.5"),
        (("limit", 0, "smoothing_s"), 31, "limit 1, smoothing_s: is 31; allowed is a number from 0 to 30"),
        (("limit", 0, "return_s"), -1, "limit 1, return_s: is -1; allowed is a number from 0 to 60"),
        (("limit", 0, "rejoin_s"), 601, "limit 1, rejoin_s: is 601; allowed is a number from 0 to 600"),
        (("limit", 0, "worse_by"), "5", "limit 1, worse_by: is '5'; allowed is a number from 0 to 175"),
        (("limit", 0, "extreme_delay_s"), 6, "limit 1, extreme_delay_s: is 6; allowed is a number from 0 to 5"),
        (("limit", 0, "extreme_low"), 51, "limit 1, extreme_low: is 51; allowed is at or below low, which is 50"),
        (("limit", 0, "extreme_high"), 120, "limit 1, extreme_high: is 120; allowed is at or above high, which is 120.5"),
        (("limit", 1, "extreme_high"), 99, "limit 2, extreme_high: is 99, and there is no high limit; give one"),
        (("limit", 1, "cuff_wait_s"), 61, "limit 2, cuff_wait_s: is 61; allowed is a number from 0 to 60"),
        (("limit", 0, "high_percent_of_baseline"), 130, "limit 1, high_percent_of_baseline: MDC_ECG_HEART_RATE has no baseline in a case"),
        (("condition", 0, "name"), "coffee", "condition 1, name: is 'coffee'; allowed are"),
    ],
)
def test_errors_name_key_fault_and_what_is_allowed(path, value, error):
    mapping = copy.deepcopy(GOOD)
    place = mapping
    for part in path[:-1]:
        place = place[part]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(SiteValueError) as caught:
        preset_from(mapping)
    assert str(caught.value).startswith(error)


def test_latching_is_read_and_only_as_true_or_false():
    site = copy.deepcopy(GOOD) | {"condition": [{"name": "limit low", "latching": True}]}
    assert preset_from(site).conditions[0].latching is True
    site["condition"] = [{"name": "limit low", "latching": "yes"}]
    with pytest.raises(SiteValueError, match="condition 1, latching: is 'yes'; allowed are true, false"):
        preset_from(site)
