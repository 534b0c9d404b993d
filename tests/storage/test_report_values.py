"""A stored case as a report tells it: what was recorded comes back, and only what may be told."""

from __future__ import annotations

import pytest

from app.site_data import SiteData
from clinical.metrics import HEART_RATE, NIBP_SYS, RESP_RATE, SPO2
from clinical.observations import Priority
from storage.cases import open_case
from storage.export.case_folder import Terms, source_of
from storage.export.handover_values import handover_of
from storage.export.report_values import report_of
from tests.storage.made_case import record, start
from tests.storage.report_case import outcomes

RULES = SiteData().load_recovery("discharge").value


def report(address, **terms):
    with open_case(address, 1) as history:
        return report_of(source_of(history, Terms(program_version="9", **terms)), "9", RULES)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return record(tmp_path_factory.mktemp("case") / "case.sqlite", outcomes(75, alarms_per_hour=12), every=2000)


@pytest.fixture(scope="module")
def told(address):
    return report(address)


def test_trends_keep_every_extreme_and_no_value_where_there_was_none(told):
    trends = {trend.metric: trend for trend in told.trends}
    heart = trends[HEART_RATE]
    assert (heart.lows.min(), heart.highs.max()) == (72, 122)
    assert not [place for place in heart.places if 1500 <= place * 10 < 1860]
    assert len(heart.places) == 75 * 6 - 36
    assert trends[RESP_RATE].doubtful.sum() == 2 * 9  # from 605 to 695 s of each hour; seconds shared with a sure value count as sure
    assert trends[SPO2].lows.min() == 84


def test_each_inflation_of_the_cuff_stands_once(told):
    assert [(one.at_s, one.sys - one.dia) for one in told.cuffs] == [(0, 52), (900, 52), (2700, 52), (3600, 52)]
    assert NIBP_SYS not in {trend.metric for trend in told.trends}


def test_the_drug_from_three_sources_and_as_signed(told):
    assert {one.source for one in told.given.sources} >= {"rate", "counter"}
    expected_mg = 2 * (5.0 * 1800 + 7.5 * (75 * 60 - 1860 - 300)) / 3600
    assert told.given.best_mg == pytest.approx(expected_mg, abs=0.2)
    assert [(one.what, one.mg, one.witness) for one in told.ledger.lines] == [("opened", 100, "B")]
    assert told.ledger.left_mg == pytest.approx(100 - expected_mg, abs=0.2)
    assert (told.basis_at_first.weight_kg, told.basis.weight_kg) == (68.5, 70)
    assert [(one.at_s, one.rate_mg_per_h, one.number) for one in told.steps] == [(60, 10, 1), (1860, 15, 2), (3000, 0, None), (3300, 15, 2)]
    (rest,) = told.stops
    assert (rest.at_s, rest.until_s, rest.why) == (3000, 3300, "hold: patient asked for a rest")


def test_entries_are_in_words_and_know_what_replaced_them(told):
    wrong, right = (one for one in told.entries if one.kind == "medication")
    assert (wrong.text, wrong.replaced_by, right.text, right.corrects) == ("ondansetron 8 mg IV", 3, "ondansetron 4 mg IV", 2)
    assert [one.text for one in told.entries if one.kind == "limit"] == ["SpO₂ low 90 → 88 %: usual for this patient"]
    assert [one.text for one in told.entries if one.kind == "dose corrected"] == ["weight 70 kg: weighed again"]
    late = next(one for one in told.entries if one.kind == "note")
    assert (late.at_s, late.entered_s) == (2000, 3500)
    sides = [(one.since_s, one.until_s, one.value) for one in told.limits if one.metric is SPO2 and one.side == "low"]
    assert sides == [(0, 900, 90), (900, 4500, 88)]


def test_assessments_and_their_corrections(told):
    first = [one for one in told.scores if one.at_s == 40]
    assert [(one.number, one.replaced_by, one.reason) for one in first] == [(1, 3, ""), (3, None, "misheard")]
    assert dict(first[0].vitals) == {HEART_RATE: 74, SPO2: 97}


def test_alarms_with_how_long_they_stood_and_who_answered(told):
    assert len(told.alarms) == 15
    first = told.alarms[0]
    assert (first.at_s, first.until_s, first.answered_s, first.by, first.priority) == (30, 50, 8, "Nurse A", Priority.HIGH)
    assert told.burden.new == 15
    assert [(gap.since_s, gap.until_s, gap.device, gap.of_line) for gap in told.gaps] == [(1500, 1860, "monitor", True)]


def test_readiness_to_go_home_has_every_line_of_the_site(told):
    assert [line.met.value for line in told.recovery] == ["not known", "met", "not known", "not known", "not known"]


def test_hidden_words_leave_numbers_and_times_of_day(address, told):
    hidden = report(address, secret=b"s" * 32)
    assert (hidden.heading.patient, hidden.heading.bed, hidden.who, hidden.preset, hidden.seal_head) == ("", "", "", "", "")
    assert {one.by for one in hidden.entries} == {"operator 1", "operator 2"}
    assert {one.text for one in hidden.entries} == {"", "SpO₂ low 90 → 88 %", "weight 70 kg"}
    assert hidden.alarms[0].text == "SpO₂ 84, limit 90"
    assert hidden.heading.started.utc_ns % 86_400_000_000_000 == told.heading.started.utc_ns % 86_400_000_000_000
    assert hidden.heading.started != told.heading.started
    assert hidden.given == told.given


def test_a_hand_over_note_of_a_case_that_runs(tmp_path):
    running = record(tmp_path / "case.sqlite", outcomes(28, closed=False, gaps=False), every=2000)
    with open_case(running, 1) as history:
        note = handover_of(source_of(history, Terms(program_version="9")), "9")
    assert not note.ended
    assert (note.running.state, note.running.rate_mg_per_h, note.running.stale) == ("infusing", 10, False)
    assert (note.ahead.step, note.ahead.steps, note.ahead.next_mg_per_h) == (1, 2, 15)
    assert (note.ahead.may_step_s, note.ahead.ends_s) == (60 + 1800, 60 + 240 * 60)
    assert note.round_due_s == 940 + 900
    assert next((one.item, one.score, one.before) for one in note.scores) == ("pain at rest", 7, 9)
    assert [one.text for one in note.entries] == ["ondansetron 4 mg IV", "nausea, mild"]
    spo2 = next(one for one in note.values if one.metric is SPO2)
    assert (spo2.low, spo2.high) == (88, None)
    assert note.given.best_mg == pytest.approx(10 * (28 * 60 - 60) / 3600, abs=0.1)
    assert note.ledger.left_mg == pytest.approx(100 - note.given.best_mg, abs=0.01)


def test_a_case_without_anything_has_a_report(tmp_path):
    empty = report(record(tmp_path / "case.sqlite", iter([start()])))
    assert (empty.given, empty.trends, empty.steps, empty.ended) == (None, (), (), False)
