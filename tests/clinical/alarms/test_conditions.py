"""The table of conditions, row by row: sources, sensors, trends, lines, devices and the program itself; and that every row is tested."""

from __future__ import annotations

import pytest

from clinical.alarm_model import AlarmLimit, AlarmPreset, SlopeRule
from clinical.alarms.conditions import CONDITIONS
from clinical.metrics import NIBP_SYS, RESP_RATE, SPO2
from clinical.observations import LinkState, Priority, Validity
from tests.clinical.alarms.condition_row import Row, appears_and_ends, infusing, obeys_the_preset
from tests.clinical.alarms.test_case_conditions import ROWS as CASE_ROWS
from tests.clinical.alarms.test_pump_conditions import ROWS as PUMP_ROWS
from tests.clinical.bed import Bed, preset

MEDIUM, LOW, HIGH = Priority.MEDIUM, Priority.LOW, Priority.HIGH


def _sensor_off(bed: Bed) -> None:
    bed.hold(SPO2, 97, 1)
    bed.hold(SPO2, None, 8)


def _sensor_on(bed: Bed) -> None:
    bed.numeric(SPO2, 97)


def _first_choice_off(bed: Bed) -> None:
    bed.numeric(SPO2, 96, device="oximeter", interval_s=4000)
    bed.hold(SPO2, 97, 2)
    bed.hold(SPO2, None, 8, reason="finger out")


def _first_choice_back(bed: Bed) -> None:
    bed.hold(SPO2, 97, 11)


def _silent(bed: Bed) -> None:
    bed.numeric(SPO2, 97)
    bed.each_second(4)


def _link(state: LinkState, device: str):
    return lambda bed: bed.link(state, device, "unplugged")


def _live(device: str):
    return lambda bed: bed.link(LinkState.LIVE, device)


def _due_while_the_cuff_inflates(bed: Bed) -> None:
    """On the probe's arm: the saturation falls with the pulse under the cuff."""
    bed.end()
    bed.start(preset=preset((AlarmLimit(metric=SPO2, low=90, high=None, priority=HIGH, delay_s=3, hysteresis=0, cuff_wait_s=60),)))
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING)
    bed.hold(SPO2, 84, 5)


def _off_while_the_cuff_inflates(bed: Bed) -> None:
    _due_while_the_cuff_inflates(bed)
    bed.hold(SPO2, None, 22)


def _with_trends(bed: Bed) -> None:
    bed.end()
    slope = SlopeRule(metric=SPO2, by=-4, within_s=60, priority=LOW)
    bed.start(preset=AlarmPreset(name="t", source="tests", limits=(), slopes=(slope,), fused=("breathing and saturation fall",)))


def _breathing(bed: Bed, rate: float, spo2: float, seconds: float) -> None:
    bed.each_second(seconds, lambda: (bed.numeric(RESP_RATE, rate), bed.numeric(SPO2, spo2)))


ROWS = [
    Row(
        "other source shown",
        "source:MDC_PULS_OXIM_SAT_O2",
        _first_choice_off,
        _first_choice_back,
        LOW,
        "SpO₂ from oximeter, not monitor",
        "monitor: finger out · shown again after 10 s of good readings",
    ),
    Row("sensor off", "sensor:MDC_PULS_OXIM_SAT_O2", _sensor_off, _sensor_on, MEDIUM, "SpO₂ sensor off", "its limits cannot be judged"),
    Row(
        "waits for the cuff",
        "wait:MDC_PULS_OXIM_SAT_O2",
        _due_while_the_cuff_inflates,
        _sensor_on,
        LOW,
        "SpO₂ alarm waits: cuff inflating",
        "SpO₂ 84 < 90 · waits at most 60 s",
    ),
    Row(
        "sensor waits for the cuff",
        "wait:sensor:MDC_PULS_OXIM_SAT_O2",
        _off_while_the_cuff_inflates,
        _sensor_on,
        LOW,
        "SpO₂ sensor alarm waits: cuff inflating",
        "waits at most 60 s",
    ),
    Row(
        "slope",
        "slope:MDC_PULS_OXIM_SAT_O2",
        lambda bed: (_with_trends(bed), bed.hold(SPO2, 97, 20), bed.hold(SPO2, 92, 6)),
        lambda bed: bed.hold(SPO2, 97, 6),
        LOW,
        "SpO₂ fell 5 % in 2 s",
        "SpO₂ 97 → 92 in 2 s",
    ),
    Row(
        "fused",
        "fused:breathing and saturation fall",
        lambda bed: (_with_trends(bed), _breathing(bed, 14, 97, 20), _breathing(bed, 6, 92, 6)),
        lambda bed: _breathing(bed, 14, 97, 6),
        MEDIUM,
        "Breathing and SpO₂ both fall",
        "RR 14 → 6 in 2 s · SpO₂ 97 → 92 in 2 s",
    ),
    Row("no data", "nodata:MDC_PULS_OXIM_SAT_O2", _silent, _sensor_on, MEDIUM, "SpO₂ no data"),
    Row(
        "monitor line lost", "link:monitor:lost", _link(LinkState.LOST, "monitor"), _live("monitor"), HIGH, "Monitor line lost", "unplugged"
    ),
    Row("monitor line silent", "link:monitor:silent", _link(LinkState.SILENT, "monitor"), _live("monitor"), HIGH, "Monitor line silent"),
    Row(
        "monitor line garbled", "link:monitor:garbled", _link(LinkState.GARBLED, "monitor"), _live("monitor"), HIGH, "Monitor line garbled"
    ),
    Row(
        "pump line lost",
        "link:pump:lost",
        _link(LinkState.LOST, "pump"),
        _live("pump"),
        MEDIUM,
        "Pump line lost",
        "look at the pump itself",
    ),
    Row("pump line silent", "link:pump:silent", _link(LinkState.SILENT, "pump"), _live("pump"), MEDIUM, "Pump line silent"),
    Row("pump line garbled", "link:pump:garbled", _link(LinkState.GARBLED, "pump"), _live("pump"), MEDIUM, "Pump line garbled"),
    Row(
        "device alarm",
        "device:monitor:apnea",
        lambda bed: bed.alert("apnea", HIGH, device="monitor"),
        lambda bed: bed.alert("apnea", HIGH, active=False, device="monitor"),
        HIGH,
        "MONITOR: Apnea",
    ),
    Row(
        "device message",
        "device:pump:occlusion",
        lambda bed: (infusing(bed), bed.alert("occlusion")),
        lambda bed: bed.alert("occlusion", active=False),
        MEDIUM,
        "PUMP: Occlusion",
    ),
    *(
        Row(
            part,
            f"self:{part}",
            lambda bed, part=part: bed.report(part, text="what to do"),
            lambda bed, part=part: bed.report(part, ok=True),
            priority,
            title,
            "what to do",
        )
        for part, priority, title in (
            ("recorder", HIGH, "NOT RECORDING"),
            ("disk", MEDIUM, "Disk nearly full"),
            ("display", HIGH, "Screen does not answer"),
            ("sound", HIGH, "CANNOT SOUND"),
            ("watch", HIGH, "ALARMS MAY BE MISSING"),
            ("late", HIGH, "ALARMS COME LATE"),
            ("drafts", LOW, "Forms under way not kept"),
            ("fault", MEDIUM, "Fault in the program"),
            ("power", LOW, "Watch was interrupted"),
            ("disk budget", LOW, "Disk may not last for this case"),
            ("database", MEDIUM, "Stored record damaged"),
            ("server", LOW, "Server away, recorded here"),
            ("bed", LOW, "Bed not shown at the station"),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row):
    appears_and_ends(row)


@pytest.mark.parametrize("row", [row for row in ROWS if CONDITIONS[row.name].delay_s], ids=lambda row: row.name)
def test_a_preset_may_change_priority_and_delay(row):
    obeys_the_preset(row)


def test_every_row_of_the_table_has_a_row_here():
    assert {row.name for row in (*ROWS, *PUMP_ROWS)} | {row.name for row in CASE_ROWS} | {"limit low", "limit high"} == set(CONDITIONS)
