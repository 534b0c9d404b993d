"""The dose report as it leaves the monitor."""

from __future__ import annotations

import pytest

from clinical.messages import Tick
from clinical.observations import LinkState, PumpState
from clinical.pharmacokinetics.prediction import Predictor
from tests.clinical.bed import T0, Bed


def infusing(bed: Bed, seconds: float, rate_ml_per_h: float = 5.0) -> None:
    volume = 0.0 if bed.dose is None or bed.dose.pump is None else bed.dose.pump.infused_ml or 0.0
    begin = bed.now
    bed.each_second(seconds, lambda: bed.pump(rate_ml_per_h=rate_ml_per_h, infused_ml=volume + rate_ml_per_h * bed.now.since(begin) / 3600))


def test_the_infusion_as_it_stands():
    bed = Bed()
    bed.start()
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0, remaining_ml=40.0)
    infusing(bed, 600)
    dose = bed.dose
    assert dose is not None
    assert dose.started_at == T0
    alone = Predictor(70.0)
    alone.rate(T0, 10.0)
    level = alone.now(bed.now)
    assert (dose.rate_mg_per_h, dose.rate_mg_per_kg_h) == (10.0, pytest.approx(10 / 70))
    assert dose.given_mg == pytest.approx(10 / 6)
    assert dose.given_at_most_mg == pytest.approx(dose.given_mg)
    assert (dose.planned_mg_per_h, dose.step_number, dose.step_count) == (10.0, 1, 4)
    assert (dose.next_step_mg_per_h, dose.next_step_in_s) == (15.0, pytest.approx(1200))
    assert dose.predicted_ng_per_ml == (pytest.approx(level.low_ng_per_ml, rel=0.01), pytest.approx(level.high_ng_per_ml, rel=0.01))
    assert (dose.pump_device, dose.stale) == ("pump", False)


def test_time_to_empty_is_remaining_by_rate_or_the_pumps_own():
    bed = Bed()
    bed.start()
    bed.pump(rate_ml_per_h=5.0, remaining_ml=40.0, time_left_s=1.0)
    assert bed.dose is not None
    assert bed.dose.empty_in_s == 8 * 3600
    bed.pump(rate_ml_per_h=5.0, time_left_s=90.0)
    assert bed.dose.empty_in_s == 90.0
    bed.pump(PumpState.PAUSED, rate_ml_per_h=5.0, remaining_ml=40.0)
    assert bed.dose.empty_in_s is None
    assert bed.dose.rate_mg_per_h == 0.0


@pytest.mark.parametrize("how", ["silence", "link"])
def test_a_silent_pump_is_stale_and_bounded(how):
    bed = Bed()
    bed.start()
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    if how == "link":
        bed.link(LinkState.LOST, "pump")
    else:
        bed.each_second(16)
    assert bed.dose is not None
    assert bed.dose.stale
    assert bed.dose.rate_mg_per_h is None
    bed.now = bed.now.plus(3600 - bed.now.since(T0))
    bed.each_second(1)
    assert (bed.dose.given_mg, bed.dose.given_at_most_mg) == (0.0, pytest.approx(10.0, abs=0.01))


def test_reckoned_at_each_report_and_each_full_second():
    bed = Bed()
    bed.start()
    bed.step(Tick(T0))
    doses = [bed.step(Tick(T0.plus(quarter / 4))).dose is not None for quarter in range(1, 13)]
    assert sum(doses) == 3
    assert bed.pump(rate_ml_per_h=5.0).dose is not None


def test_what_was_given_before_the_case_is_not_counted():
    bed = Bed()
    bed.pump(rate_ml_per_h=5.0, infused_ml=10.0)
    bed.now = bed.now.plus(5)
    bed.start()
    assert bed.dose is not None
    assert bed.dose.started_at == bed.now
    bed.pump(rate_ml_per_h=5.0, infused_ml=10.5)
    assert bed.dose.given_mg == pytest.approx(1.0)


def test_of_two_pumps_the_one_that_names_ketamine_is_followed():
    bed = Bed()
    bed.start()
    bed.pump(device="rack", channel="1", drug="NaCl 0.9 %", rate_ml_per_h=50.0, infused_ml=100.0)
    bed.pump(device="rack", channel="2", drug="S-Ketamin", rate_ml_per_h=5.0, infused_ml=1.0)
    outcome = bed.pump(device="rack", channel="1", drug="NaCl 0.9 %", rate_ml_per_h=50.0, infused_ml=110.0)
    assert outcome.dose is None
    assert bed.dose is not None
    assert bed.dose.pump is not None
    assert (bed.dose.pump.channel, bed.dose.rate_mg_per_h, bed.dose.given_mg) == ("2", 10.0, 0.0)


def test_what_another_drugs_pump_did_starts_no_ladder_and_no_level():
    bed = Bed()
    bed.start()
    saline = {"device": "rack", "channel": "1", "drug": "NaCl 0.9 %", "rate_ml_per_h": 50.0}
    bed.each_second(1200, lambda: bed.pump(**saline, infused_ml=bed.now.since(T0) * 50 / 3600))
    bed.pump(PumpState.PAUSED, device="rack", channel="2", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=0.0)
    assert bed.dose is not None
    assert (bed.dose.started_at, bed.dose.step_number, bed.dose.predicted_ng_per_ml, bed.dose.given_mg) == (None, None, None, 0.0)
    begun = bed.now = bed.now.plus(60)
    bed.pump(device="rack", channel="2", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=0.0)
    assert (bed.dose.started_at, bed.dose.step_number) == (begun, 1)
    assert bed.monitor._watch._infusion.steps == [bed.monitor._watch._infusion.started_at]


def test_a_ketamine_pump_that_takes_over_from_one_that_is_gone_is_followed_and_added():
    bed = Bed()
    bed.start()

    def first(infused_ml: float, rate_ml_per_h: float = 5.0) -> None:
        bed.pump(device="one", drug="Ketamin", rate_ml_per_h=rate_ml_per_h, infused_ml=infused_ml)

    def second(infused_ml: float, state: PumpState = PumpState.INFUSING) -> None:
        bed.pump(state, device="two", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=infused_ml)

    first(0.0)
    bed.each_second(720, lambda: first(bed.now.since(T0) * 5 / 3600))
    second(7.0)
    assert bed.dose is not None
    assert bed.dose.pump_device == "one", "the first is still heard"
    bed.each_second(20, lambda: second(7.0, PumpState.PAUSED))
    assert bed.dose.pump_device == "one", "the second gives nothing"
    begin = bed.now
    bed.each_second(720, lambda: second(7.0 + bed.now.since(begin) * 5 / 3600))
    assert (bed.dose.pump_device, bed.dose.stale, bed.dose.rate_mg_per_h) == ("two", False, 10.0)
    assert bed.dose.given_mg == pytest.approx(4.0, abs=0.01)
    assert bed.dose.started_at == T0
    assert len(bed.monitor._watch._infusion.steps) == 2, "the start, and the second pump beside the first"
    first(1.0)
    assert bed.dose.pump_device == "two", "nor back while the second is heard"
    bed.each_second(20)
    first(1.0)
    assert bed.dose.pump_device == "one"
    assert bed.dose.given_mg == pytest.approx(4.0, abs=0.05)


def test_two_pumps_of_ketamine_at_once_are_added():
    bed = Bed()
    bed.start()

    def both(bolus: PumpState = PumpState.INFUSING) -> None:
        hours = bed.now.since(T0) / 3600
        bed.pump(device="one", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=5 * hours)
        bed.pump(bolus, device="two", drug="S-Ketamin", rate_ml_per_h=2.5, infused_ml=40 + 2.5 * hours)

    bed.each_second(3600, both)
    dose = bed.dose
    assert dose is not None
    assert (dose.pump_device, dose.rate_mg_per_h) == ("one", 15.0)
    assert dose.rate_mg_per_kg_h == pytest.approx(15 / 70)
    assert dose.given_mg == pytest.approx(15.0, abs=0.02)
    assert [(share.name, share.rate_mg_per_h) for share in dose.shares] == [("one", 10.0), ("two", 5.0)]
    assert "dose:rate:above" not in bed.alarms, "the second step of the order is 15 mg/h, from wherever"
    bed.pump(PumpState.STOPPED, device="two", drug="S-Ketamin", rate_ml_per_h=0.0)
    assert bed.dose.rate_mg_per_h == 10.0


def test_the_order_is_for_all_pumps_together():
    bed = Bed()
    bed.start()
    bed.each_second(
        70,
        lambda: bed.pump(device="one", drug="Ketamin", rate_ml_per_h=5.0),
        lambda: bed.pump(device="two", drug="Ketamin", rate_ml_per_h=5.0),
    )
    assert bed.alarms["dose:rate:above"].title == "Rate 20 > 10 mg/h ordered"
    bed.each_second(
        5,
        lambda: bed.pump(PumpState.STOPPED, device="one", drug="Ketamin"),
        lambda: bed.pump(device="two", drug="Ketamin", rate_ml_per_h=5.0),
    )
    assert "dose:rate:above" not in bed.alarms


def test_a_second_pump_that_is_silent_is_told_and_its_dose_bounded():
    bed = Bed()
    bed.start()
    bed.pump(device="two", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=0.0)
    bed.each_second(720, lambda: bed.pump(device="one", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=bed.now.since(T0) * 5 / 3600))
    dose = bed.dose
    assert [(share.name, share.rate_mg_per_h) for share in dose.shares] == [("two", None), ("one", 10.0)]
    assert dose.given_mg == pytest.approx(2.0, abs=0.01)
    assert dose.given_at_most_mg == pytest.approx(4.0, abs=0.02)


def test_a_second_ketamine_pump_is_held_against_itself():
    bed = Bed()
    bed.start()
    bed.pump(device="one", drug="Ketamin", rate_ml_per_h=2.5)
    bed.pump(device="two", drug="Ketamin", rate_ml_per_h=2.5, concentration_mg_per_ml=10.0)
    assert [name for name in bed.alarms if "concentration" in name] == ["dose:two:concentration"]


def test_what_a_pump_gave_under_another_name_is_not_counted():
    bed = Bed()
    bed.start()
    bed.pump(device="one", drug="Ketamin", rate_ml_per_h=0.0, infused_ml=0.0)
    bed.pump(device="two", drug="NaCl", rate_ml_per_h=50.0, infused_ml=0.0)
    bed.pump(device="two", drug="NaCl", rate_ml_per_h=50.0, infused_ml=30.0)
    bed.pump(device="two", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=30.0)
    bed.now = bed.now.plus(720)
    bed.pump(device="two", drug="Ketamin", rate_ml_per_h=5.0, infused_ml=31.0)
    assert bed.dose.given_mg == pytest.approx(2.0)


def test_a_second_case_counts_anew():
    bed = Bed()
    bed.start()
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    bed.pump(rate_ml_per_h=5.0, infused_ml=1.0)
    bed.end()
    bed.start()
    assert bed.dose is not None
    assert bed.dose.given_mg == 0.0
