"""Each way in which a pump contradicts itself or its case has one finding, and a sound report has none."""

from __future__ import annotations

import pytest

from clinical.dosing.given import Tally
from clinical.dosing.quantities import Drug
from clinical.dosing.reconciliation import CaseDose, FindingKind, disagreement, drug_of, findings_of, refusal_of, two_pumps
from clinical.observations import PumpState, PumpStatus
from tests.clinical.bed import T0

CASE = CaseDose(drug=Drug.KETAMINE, concentration_mg_per_ml=2.0, weight_kg=70.0)


def status(seconds: float = 0.0, **fields: object) -> PumpStatus:
    usual: dict[str, object] = {"at": T0.plus(seconds), "channel": "", "state": PumpState.INFUSING, "rate_ml_per_h": 12.0}
    return PumpStatus(**(usual | fields))  # type: ignore[arg-type]


SOUND = {"drug": "Ketamin 2 mg/ml", "concentration_mg_per_ml": 2.0, "dose_rate": 0.343, "dose_unit": "mg/kg/h"}


def test_a_sound_report_has_no_finding():
    assert findings_of(None, status(**SOUND), CASE) == ()
    assert findings_of(status(infused_ml=1.0), status(300, infused_ml=2.0, **SOUND), CASE) == ()
    micrograms = {"dose_rate": 5.714, "dose_unit": "ug/kg/min"}
    assert findings_of(None, status(**SOUND | micrograms), CASE) == ()
    assert findings_of(None, status(**SOUND | {"dose_rate": 24.0, "dose_unit": "mg/h"}), CASE) == ()
    assert findings_of(status(), status(5), CASE) == ()


def test_what_a_pumps_display_rounds_away_is_no_other_weight():
    assert findings_of(None, status(dose_rate=0.34, dose_unit="mg/kg/h"), CASE) == ()
    assert findings_of(None, status(rate_ml_per_h=2.0, dose_rate=0.06, dose_unit="mg/kg/h"), CASE) == ()  # 0.057 shown as 0.06


@pytest.mark.parametrize(
    ("before", "after", "kind", "words"),
    [
        ({}, {"rate_ml_per_h": -5.0}, FindingKind.RATE_ABSURD, "reports -5 mL/h; possible is 0 to 2000"),
        ({}, {"rate_ml_per_h": 9999.9}, FindingKind.RATE_ABSURD, "reports 9999.9 mL/h"),
        ({}, {"concentration_mg_per_ml": 20.0}, FindingKind.CONCENTRATION_DIFFERS, "20 mg/mL at the pump, 2 mg/mL in the case"),
        ({}, {"dose_rate": 0.24, "dose_unit": "mg/kg/h"}, FindingKind.WEIGHT_DIFFERS, "the pump reckons with 100 kg, the case with 70 kg"),
        ({}, {"dose_rate": 4.0, "dose_unit": "ug/kg/min"}, FindingKind.WEIGHT_DIFFERS, "the pump reckons with 100 kg"),
        ({}, {"dose_rate": 240.0, "dose_unit": "mg/h"}, FindingKind.DOSE_DIFFERS, "the pump shows 240 mg/h; its rate gives 24 mg/h"),
        ({}, {"dose_rate": 1.0, "dose_unit": "[iU]/h"}, FindingKind.UNIT_UNKNOWN, "in [iU]/h; known are mg/h, mg/kg/h, ug/kg/min"),
        ({}, {"drug": "S-Ketamin"}, FindingKind.DRUG_DIFFERS, "S-Ketamin at the pump, ketamine in the order"),
        ({}, {"drug": "Propofol"}, FindingKind.DRUG_DIFFERS, "Propofol at the pump"),
        ({"infused_ml": 8.0}, {"infused_ml": 0.0}, FindingKind.COUNTER_RESET, "fell from 8 to 0 mL: counted anew"),
        ({"infused_ml": 8.0}, {"infused_ml": 8.0}, FindingKind.VOLUME_NOT_RISING, "rose by 0.00 mL where 1.00 were due"),
        ({"infused_ml": 8.0}, {"infused_ml": 12.0}, FindingKind.FREE_FLOW, "rose by 4.00 mL where 1.00 are explained"),
        (
            {"infused_ml": 8.0, "state": PumpState.STOPPED},
            {"infused_ml": 9.0, "state": PumpState.STOPPED},
            FindingKind.FREE_FLOW,
            "rose by 1.00 mL where 0.00 are explained",
        ),
    ],
)
def test_each_contradiction_is_found_and_no_other(before, after, kind, words):
    (found,) = findings_of(status(**before), status(300, **after), CASE)
    assert found.kind is kind
    assert words in found.text
    assert found.at == T0.plus(300)


def test_a_bolus_and_a_purge_explain_any_rise():
    for state in (PumpState.BOLUS, PumpState.PURGING):
        assert findings_of(status(infused_ml=1.0), status(5, infused_ml=6.0, state=state), CASE) == ()


def test_a_report_out_of_the_past_is_left_out():
    refused = refusal_of(status(60), status(30))
    assert refused is not None
    assert (refused.kind, refused.text) == (FindingKind.TIME_BACKWARD, "a report 30 s older than the last came after it: left out")
    assert refusal_of(status(60), status(60)) is None
    assert refusal_of(None, status()) is None
    assert findings_of(status(60, infused_ml=5.0), status(30, infused_ml=4.9), CASE) == ()


def test_two_pumps_of_one_drug():
    rack = {("rack", "1"): status(drug="Ketamin"), ("rack", "2"): status(drug="NaCl"), ("pump", ""): status(drug="Esketamin")}
    found = two_pumps(T0, rack)
    assert found is not None
    assert found.text == "rack 1 and pump infuse ketamine at once: rates and doses are added"
    assert two_pumps(T0, rack | {("pump", ""): status(drug="Esketamin", state=PumpState.PAUSED)}) is None


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("Ketamine 50mg/ml", Drug.KETAMINE),
        ("KETALAR", Drug.KETAMINE),
        ("S-Ketamin", Drug.S_KETAMINE),
        ("S Ketamin", Drug.S_KETAMINE),
        ("Esketamine", Drug.S_KETAMINE),
        ("Ketanest S", Drug.S_KETAMINE),
        ("Propofol 1%", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_pumps_name_of_its_drug_means(name, drug):
    assert drug_of(name) is drug


def test_sources_that_cannot_both_be_right():
    sound, slipped = Tally(), Tally()
    for minute in range(61):
        ml = minute / 60 * 12
        sound.take(status(60 * minute, infused_ml=ml, remaining_ml=50 - ml, interval_s=60))
        slipped.take(status(60 * minute, infused_ml=ml, remaining_ml=50 - 2 * ml if ml < 20 else 0, interval_s=60))
    at = T0.plus(3600)
    assert disagreement(at, sound.given(at)) is None
    found = disagreement(at, slipped.given(at))
    assert found is not None
    assert found.kind is FindingKind.SOURCES_DISAGREE
    assert found.text == "given by its rate: 12.00 to 12.00 mL; by its rest: 23.99 to 24.01 mL"
