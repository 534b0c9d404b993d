"""The table of conditions, row by row: what pump, dose and order tell."""

from __future__ import annotations

import pytest

from clinical.alarms.conditions import CONDITIONS
from clinical.observations import Priority, PumpState, PumpStatus
from tests.clinical.alarms.condition_row import Row, appears_and_ends, infusing, obeys_the_preset
from tests.clinical.bed import Bed

MEDIUM, LOW, HIGH = Priority.MEDIUM, Priority.LOW, Priority.HIGH


def _paused(bed: Bed) -> None:
    infusing(bed)
    bed.each_second(125, lambda: bed.pump(PumpState.PAUSED, rate_ml_per_h=0.0))


def _flat(bed: Bed) -> None:
    bed.each_second(190, lambda: infusing(bed, infused_ml=3.0))


def _rate(rate_ml_per_h: float):
    def tell(bed: Bed) -> None:
        infusing(bed)
        bed.each_second(65, lambda: bed.pump(rate_ml_per_h=rate_ml_per_h))

    return tell


def _past(bed: Bed) -> None:
    infusing(bed)
    bed.now = bed.now.plus(240 * 60)
    bed.each_second(125, lambda: bed.pump(rate_ml_per_h=12.5))


def _jumped_back(bed: Bed) -> None:
    infusing(bed)
    bed.tell(PumpStatus(at=bed.now.plus(-30), channel="", state=PumpState.INFUSING, rate_ml_per_h=5.0), "pump")


def _counting(bed: Bed, seconds: int, ml_per_s: float, **fields: object) -> None:
    begun = bed.dose.pump.infused_ml if bed.dose and bed.dose.pump and bed.dose.pump.infused_ml else 0.0
    for second in range(1, seconds + 1):
        bed.each_second(1)
        infusing(bed, infused_ml=begun + second * ml_per_s, **fields)


def _two_pumps(bed: Bed) -> None:
    def both() -> None:
        infusing(bed, drug="Ketamine")
        infusing(bed, device="rack", drug="Ketamin")

    bed.each_second(12, both)


def _rest_falls_faster(bed: Bed) -> None:
    for second in range(300):
        bed.each_second(1)
        infusing(bed, infused_ml=second * 5 / 3600, remaining_ml=50 - second * 20 / 3600)


ROWS = [
    Row(
        "pump in alarm",
        "pump:pump:alarm",
        lambda bed: bed.each_second(3, lambda: bed.pump(PumpState.ALARM)),
        infusing,
        MEDIUM,
        "PUMP: in alarm",
    ),
    Row("pump not infusing", "pump:pump:not-infusing", _paused, infusing, MEDIUM, "Pump paused", "the order still runs"),
    Row(
        "volume not rising",
        "pump:pump:not-rising",
        _flat,
        lambda bed: infusing(bed, infused_ml=3.1),
        MEDIUM,
        "Pump says infusing, volume not rising",
        "5 mL/h",
    ),
    Row(
        "concentration differs",
        "dose:pump:concentration",
        lambda bed: infusing(bed, concentration_mg_per_ml=20.0),
        lambda bed: infusing(bed, concentration_mg_per_ml=2.0),
        MEDIUM,
        "Concentration at the pump differs",
        "20 mg/mL at the pump, 2 mg/mL in the case",
    ),
    Row(
        "drug differs",
        "dose:pump:drug",
        lambda bed: infusing(bed, drug="S-Ketamin"),
        lambda bed: infusing(bed, drug="Ketamin"),
        MEDIUM,
        "Drug at the pump differs",
        "S-Ketamin at the pump, ketamine in the order",
    ),
    Row(
        "weight differs",
        "dose:pump:weight",
        lambda bed: infusing(bed, dose_rate=0.1, dose_unit="mg/kg/h"),
        lambda bed: infusing(bed, dose_rate=0.143, dose_unit="mg/kg/h"),
        LOW,
        "Weight at the pump differs",
        "the pump reckons with 100 kg, the case with 70 kg",
    ),
    Row("rate above the order", "dose:rate:above", _rate(7.5), infusing, MEDIUM, "Rate 15 > 10 mg/h ordered"),
    Row("rate below the order", "dose:rate:below", _rate(4.0), infusing, LOW, "Rate 8 < 10 mg/h ordered"),
    Row(
        "infusing past the end",
        "dose:past-the-end",
        _past,
        lambda bed: bed.pump(PumpState.STOPPED),
        MEDIUM,
        "Infusing past the ordered end",
        "240 min",
    ),
    Row(
        "rate cannot be",
        "pump:pump:rate-absurd",
        lambda bed: bed.pump(rate_ml_per_h=-5.0),
        infusing,
        MEDIUM,
        "Pump reports a rate that cannot be",
        "-5 mL/h; possible is 0 to 2000: taken as not known",
    ),
    Row(
        "pump's time backward",
        "pump:pump:time",
        _jumped_back,
        lambda bed: bed.each_second(70, lambda: infusing(bed)),
        LOW,
        "Pump jumped back in time",
        "30 s older than the last came after it: left out",
    ),
    Row(
        "free flow",
        "pump:pump:free-flow",
        lambda bed: _counting(bed, 20, 0.05),
        lambda bed: _counting(bed, 250, 5 / 3600),
        HIGH,
        "More was given than the rate explains",
        "look for free flow",
    ),
    Row(
        "counter reset",
        "pump:pump:counter",
        lambda bed: (infusing(bed, infused_ml=10.0), infusing(bed, infused_ml=1.0)),
        lambda bed: bed.each_second(65, lambda: infusing(bed, infused_ml=1.0)),
        LOW,
        "Pump's volume counter fell",
        "from 10 to 1 mL: counted anew, nothing is taken back",
    ),
    Row(
        "counter wrapped",
        "pump:pump:wrap",
        lambda bed: (infusing(bed, infused_ml=999.95), bed.each_second(30), infusing(bed, infused_ml=0.0)),
        lambda bed: bed.each_second(65, lambda: infusing(bed, infused_ml=0.0)),
        LOW,
        "Pump's volume counter began at 0 again",
        "went over 1000 mL, from 999.95 to 0: counted on, nothing is lost",
    ),
    Row(
        "dose differs",
        "dose:pump:dose",
        lambda bed: infusing(bed, dose_rate=25.0, dose_unit="mg/h"),
        lambda bed: infusing(bed, dose_rate=10.0, dose_unit="mg/h"),
        MEDIUM,
        "Dose at the pump differs",
        "the pump shows 25 mg/h; its rate gives 10 mg/h",
    ),
    Row(
        "dose unit unknown",
        "dose:pump:unit",
        lambda bed: infusing(bed, dose_rate=25.0, dose_unit="mU/h"),
        infusing,
        LOW,
        "Pump shows its dose in another unit",
        "mU/h",
    ),
    Row(
        "two pumps of one drug",
        "dose:two-pumps",
        _two_pumps,
        lambda bed: bed.pump(PumpState.STOPPED, device="rack", drug="Ketamin"),
        LOW,
        "Two pumps infuse ketamine",
        "pump and rack infuse ketamine at once: rates and doses are added",
    ),
    Row(
        "sources disagree",
        "dose:pump:sources",
        _rest_falls_faster,
        lambda bed: bed.end(),
        MEDIUM,
        "Sources of the given dose disagree",
        "by its rest: 1.56 to 1.76 mL",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row):
    appears_and_ends(row)


@pytest.mark.parametrize("row", [row for row in ROWS if CONDITIONS[row.name].delay_s], ids=lambda row: row.name)
def test_a_preset_may_change_priority_and_delay(row):
    obeys_the_preset(row)
