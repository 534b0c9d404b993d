"""The monitor's account of the drug: three sources, the ladder with its reasons, a corrected weight, the ledger, the outlook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.commands import CorrectDose, EventKind, LedgerAct, RecordAssessment, RecordEvent, SignLedger
from clinical.metrics import NIBP_SYS
from clinical.observations import LinkState, PumpState
from clinical.orders import BolusRule, Rule, RuleAction
from tests.clinical.bed import ORDER, Bed

HOLD = Rule(action=RuleAction.HOLD, subject=NIBP_SYS.id, label="SBP", above=122, of_baseline=True)
CALM = Rule(action=RuleAction.NO_STEP_UP, subject="RASS", label="RASS", below=-2)
RULED = replace(ORDER, rules=(HOLD, CALM), boluses=(BolusRule(dose_mg=5, over_min=1, least_min_between=30, most_in_case=2),))


class Infusing(Bed):
    """A bed whose pump counts what it gives; a report each ten seconds."""

    def __init__(self, **changes: object) -> None:
        super().__init__()
        self.infused_ml, self.left_ml = 0.0, 50.0
        self.start(**changes)
        self.report_pump(0.0)

    def report_pump(self, ml_per_h: float, **fields: object) -> None:
        told = {"rate_ml_per_h": ml_per_h, "infused_ml": self.infused_ml, "remaining_ml": self.left_ml, "drug": "Ketamine"} | fields
        self.pump(PumpState.INFUSING if ml_per_h else PumpState.STOPPED, interval_s=10.0, **told)

    def infuse(self, ml_per_h: float, seconds: int, *, silent: bool = False) -> None:
        self.report_pump(ml_per_h)
        for _ in range(seconds // 10):
            self.now = self.now.plus(10)
            self.infused_ml += ml_per_h * 10 / 3600
            self.left_ml -= ml_per_h * 10 / 3600
            if not silent:
                self.report_pump(ml_per_h)

    def told(self):
        return self.monitor._watch.dose(self.now)


def test_three_sources_stand_side_by_side_and_agree():
    bed = Infusing()
    bed.infuse(5.0, 1800)
    given = bed.told().given
    assert [one.source for one in given.sources] == ["rate", "counter", "rest"]
    assert all(one.low_mg - 1e-6 <= 5.0 <= one.high_mg + 1e-6 for one in given.sources)
    assert given.best_mg == pytest.approx(5.0)
    assert given.best_mg_per_kg == pytest.approx(5.0 / 70)
    assert (given.certainty, given.disagreement) == ("known", "")


def test_a_silence_opens_the_bounds_and_the_counter_closes_them():
    bed = Infusing()
    bed.infuse(5.0, 600)
    bed.infuse(5.0, 600, silent=True)
    silent = bed.told().given
    assert silent.low_mg <= 10 / 3 <= silent.high_mg
    assert silent.high_mg - silent.low_mg > 10
    bed.report_pump(5.0)
    heard = bed.told().given
    assert heard.best_mg == pytest.approx(20 / 6, rel=1e-3)
    assert heard.high_mg - heard.low_mg <= 0.4 + 1e-9  # two steps of a counter
    assert heard.silent_s == 600


def test_the_ladder_says_why_not_yet_with_live_values():
    bed = Infusing(order=RULED)
    bed.infuse(5.0, 30 * 60)
    bed.numeric(NIBP_SYS, 168, interval_s=900)
    bed.do(RecordAssessment(event_at=bed.now, scores=(("RASS", -1),)))
    ladder = bed.told().ladder
    assert (ladder.step_number, ladder.next_number, ladder.next_mg_per_h) == (1, 2, 15.0)
    assert ladder.waits == ("SBP 168 > 156.2: hold",)
    assert (ladder.asked, ladder.may_step) == ("hold", False)
    assert [rule.standing for rule in ladder.rules] == ["broken", "kept"]
    bed.numeric(NIBP_SYS, 140, interval_s=900)
    assert bed.told().ladder.may_step


def test_a_step_that_is_kept_longer_is_not_off_the_order():
    bed = Infusing(order=RULED)
    bed.infuse(5.0, 120 * 60)
    bed.each_second(65)
    assert bed.told().ladder.step_number == 1
    assert "dose:rate:below" not in bed.alarms


def test_a_rate_between_two_steps_is_below_the_order_once_the_higher_may_run():
    bed = Infusing(order=RULED)
    bed.infuse(5.0, 31 * 60)
    bed.infuse(6.0, 180)
    bed.each_second(65)
    assert bed.alarms["dose:rate:below"].title == "Rate 12 < 15 mg/h ordered"


def test_a_rate_that_is_no_step_is_said():
    bed = Infusing(order=RULED)
    bed.infuse(5.0, 60)
    bed.infuse(6.5, 60)
    ladder = bed.told().ladder
    assert ladder.off_order == "13 mg/h is no step; nearest is step 2, 15 mg/h"
    assert [taken.step_number for taken in ladder.taken] == [1, None]


def test_a_bolus_recorded_is_counted_against_its_rule():
    bed = Infusing(order=RULED)
    bed.infuse(5.0, 60)
    assert bed.told().ladder.bolus_waits == (("5 mg bolus", ()),)
    bed.do(RecordEvent(kind=EventKind.BOLUS, event_at=bed.now, text="Bolus 5 mg"))
    assert bed.told().ladder.bolus_waits == (("5 mg bolus", ("in 30 min",)),)


def test_the_course_ceiling_speaks_against_a_step():
    bed = Infusing(order=replace(ORDER, ceiling_mg_per_course=100, ceiling_mg_per_case=90), course_before_mg=99.0)
    bed.infuse(5.0, 3600)
    assert bed.told().course_mg == pytest.approx(109.0)
    assert any("in this course; its ceiling is 100 mg" in wait for wait in bed.told().ladder.waits)


def test_a_weight_corrected_at_hour_two_changes_all_that_was_given():
    bed = Infusing()
    bed.infuse(5.0, 2 * 3600)
    before = bed.told()
    assert not bed.do(CorrectDose(weight_kg=82.0, reason="read from the wrong chart", by="N")).refused
    after = bed.told()
    assert (before.weight_kg, after.weight_kg) == (70.0, 82.0)
    assert after.rate_mg_per_kg_h == pytest.approx(10 / 82)
    assert after.given.best_mg == before.given.best_mg
    assert after.given.best_mg_per_kg == pytest.approx(20 / 82)
    assert after.correction == "weight 70 → 82 kg: given so far 20 mg, 0.286 → 0.244 mg/kg"
    fresh = Infusing(weight_kg=82.0)
    fresh.infuse(5.0, 2 * 3600)
    assert after.predicted_ng_per_ml == pytest.approx(fresh.told().predicted_ng_per_ml, rel=1e-3)
    assert after.predicted_ng_per_ml != before.predicted_ng_per_ml


def test_a_concentration_corrected_moves_dose_and_step():
    bed = Infusing()
    bed.infuse(5.0, 600)
    bed.do(CorrectDose(concentration_mg_per_ml=4.0, by="N"))
    told = bed.told()
    assert told.rate_mg_per_h == pytest.approx(20.0)
    assert told.ladder.off_order
    assert told.given.best_mg == pytest.approx(10 / 3, rel=1e-3)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (CorrectDose(weight_kg=0.0), "a weight of 0 kg cannot be"),
        (CorrectDose(concentration_mg_per_ml=float("nan")), "a concentration of nan mg/mL cannot be"),
        (CorrectDose(weight_kg=70.0), "nothing to correct"),
        (SignLedger(act=LedgerAct.WASTED, mg=5, by="A"), "waste needs a witness"),
        (SignLedger(act=LedgerAct.ADDED, mg=5, by="A"), "the ledger is not open"),
    ],
)
def test_what_cannot_be_is_refused(command, why):
    bed = Infusing()
    assert why in bed.do(command).refused


def test_what_the_pump_gives_after_a_line_was_signed_is_told_until_it_is_signed_too():
    bed = Infusing()
    bed.do(SignLedger(act=LedgerAct.OPENED, mg=100.0, by="A", witness="B"))
    bed.infuse(5.0, 3600)
    bed.do(SignLedger(act=LedgerAct.GIVEN, mg=10.0, by="A"))
    assert bed.told().ledger.given_mg is None
    bed.infuse(5.0, 1800)
    more = bed.told().ledger
    assert (more.given_mg, more.left_mg) == (pytest.approx(5.0), pytest.approx(85.0))
    bed.do(SignLedger(act=LedgerAct.GIVEN, mg=5.0, by="A"))
    bed.do(SignLedger(act=LedgerAct.WASTED, mg=85.0, by="A", witness="B"))
    told = bed.told().ledger
    assert (told.given_mg, told.verdict, told.closes) == (None, "closes to zero", True)


def test_the_ledger_closes_to_zero_or_says_by_how_much_not():
    bed = Infusing()
    bed.do(SignLedger(act=LedgerAct.OPENED, mg=100.0, by="A", witness="B"))
    bed.infuse(5.0, 3600)
    running = bed.told().ledger
    assert running.given_mg == pytest.approx(10.0)
    assert (running.left_mg, running.closes) == (pytest.approx(90.0), False)
    bed.do(SignLedger(act=LedgerAct.GIVEN, mg=10.0, by="A"))
    bed.do(SignLedger(act=LedgerAct.WASTED, mg=85.0, by="A", witness="B"))
    assert bed.told().ledger.verdict == "5 mg not accounted for"
    bed.do(SignLedger(act=LedgerAct.WASTED, mg=90.0, by="A", witness="B", corrects=3))
    told = bed.told().ledger
    assert (told.verdict, told.closes, told.lines[2].replaced, told.lines[3].corrects) == ("closes to zero", True, True, 3)


def test_the_outlook_has_its_curves_and_when_the_level_is_low():
    bed = Infusing()
    bed.infuse(5.0, 3600)
    ahead = bed.told().ahead
    assert [curve.name for curve in ahead.curves] == ["if stepped now", "if held", "if stopped"]
    assert ahead.curves[0].estimate[-1] > ahead.curves[1].estimate[-1] > ahead.curves[2].estimate[-1]
    assert [below.level_ng_per_ml for below in ahead.below] == [70, 100]
    assert "Predicted, not measured" in ahead.assumption
    assert bed.told().ahead is ahead


def test_a_negative_rate_and_a_step_back_in_time_stop_nothing():
    bed = Infusing()
    bed.infuse(5.0, 60)
    bed.report_pump(-5.0)
    assert bed.told().rate_mg_per_h is None
    assert "pump:pump:rate-absurd" in bed.alarms
    later, bed.now = bed.now, bed.now.plus(-30)
    bed.report_pump(5.0)
    bed.now = later
    assert bed.told().pump.at == later
    assert "pump:pump:time" in bed.alarms


def test_a_lost_line_leaves_the_last_step_standing():
    bed = Infusing()
    bed.infuse(5.0, 60)
    bed.link(LinkState.LOST, "pump")
    assert bed.told().stale
    assert bed.told().ladder.step_number == 1


def test_a_weight_corrected_at_hour_two_is_told_with_both_values_and_everything_is_reckoned_anew():
    bed = Bed()
    bed.start()
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0, interval_s=60.0)
    for minute in range(1, 121):
        bed.now = bed.now.plus(60)
        bed.pump(rate_ml_per_h=5.0, infused_ml=minute / 12, interval_s=60.0)
    before = bed.dose
    bed.do(CorrectDose(weight_kg=82.0, reason="scales", by="A", witness="B"))
    after = bed.dose
    assert after.correction == "weight 70 → 82 kg: given so far 20 mg, 0.286 → 0.244 mg/kg"
    assert (after.weight_kg, after.rate_mg_per_kg_h) == (82.0, pytest.approx(10 / 82))
    assert after.given.best_mg_per_kg == pytest.approx(before.given.best_mg_per_kg * 70 / 82)
    assert after.predicted_ng_per_ml[1] == pytest.approx(before.predicted_ng_per_ml[1] * 70 / 82, rel=0.01), "all rows scale with weight"
    assert after.ahead.curves[0].estimate != before.ahead.curves[0].estimate
