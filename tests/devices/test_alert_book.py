"""Each alert is told once when it comes, again when it changes, and once when it goes; by whom it is told is kept apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.observations import DeviceAlert, Priority
from devices.alert_book import AlertBook, AlertRow, Key, Source, Standing, by_code, unknown_row
from tests.devices.fake_bedside import START

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
OCCLUSION = AlertRow(code="ALARM:3", text="occlusion", priority=HIGH, source=Source.VENDOR)
BATTERY = AlertRow(code="ALARM:7", text="battery low", priority=MEDIUM, source=Source.VENDOR)
SHORT: Standing = Standing("apnoea", LOW)


def said(alerts: list[DeviceAlert]) -> list[tuple[str, str, bool]]:
    return [(alert.code, alert.channel, alert.active) for alert in alerts]


def test_what_went_is_told_before_what_came() -> None:
    book = AlertBook()
    (alert,) = book.update(by_code([OCCLUSION, None]), START)
    assert alert == DeviceAlert(at=START, code="ALARM:3", text="occlusion", priority=HIGH, technical=True)
    assert book.update(by_code([OCCLUSION]), START.plus(1)) == []
    then = book.update(by_code([BATTERY]), START.plus(2))
    assert said(then) == [("ALARM:3", "", False), ("ALARM:7", "", True)]
    assert {alert.at for alert in then} == {START.plus(2)}


@pytest.mark.parametrize("changed", [Standing("apnoea for 30 s", LOW), Standing("apnoea", HIGH), Standing("apnoea", LOW, technical=True)])
def test_an_alert_that_changed_is_told_again(changed: Standing) -> None:
    book = AlertBook()
    book.update({("no-breath", ""): SHORT}, START)
    (again,) = book.update({("no-breath", ""): changed}, START.plus(1))
    assert (again.text, again.priority, again.technical, again.at, again.active) == (*changed, START.plus(1), True)
    assert [alert.text for alert in book.update({}, START.plus(2))] == [changed.text]


def test_one_code_on_two_channels() -> None:
    book = AlertBook()
    off: dict[Key, Standing] = {("lead-off", name): Standing("lead off", LOW) for name in ("ECG1", "ECG2")}
    assert said(book.update(off, START)) == [("lead-off", "ECG1", True), ("lead-off", "ECG2", True)]
    del off["lead-off", "ECG1"]
    assert said(book.update(off, START, channel="other")) == [("lead-off", "ECG1", False)]


def test_what_one_tells_another_does_not_take_back() -> None:
    book = AlertBook()
    book.update(by_code([OCCLUSION]), START, teller="status")
    assert said(book.update(by_code([BATTERY]), START, teller="power")) == [("ALARM:7", "", True)]
    assert book.tellers == ("status", "power")
    assert said(book.update({}, START, teller="status")) == [("ALARM:3", "", False)]
    assert book.tellers == ("power",)


def test_an_alert_ends_on_the_channel_it_began_on() -> None:
    book = AlertBook()
    book.update(by_code([OCCLUSION]), START)
    assert said(book.update(by_code([OCCLUSION, BATTERY]), START, channel="40864")) == [("ALARM:7", "40864", True)]
    assert said(book.update({}, START, channel="40864")) == [("ALARM:3", "", False), ("ALARM:7", "40864", False)]


def test_a_code_overrules_its_family_and_both_overrule_the_table() -> None:
    book = AlertBook({"ALARM:7": LOW, "ALARM": MEDIUM, "I": HIGH})
    told = book.update(by_code([OCCLUSION, BATTERY, unknown_row("Pump", "a", 16)]), START)
    assert [(alert.code, alert.priority) for alert in told] == [("ALARM:3", MEDIUM), ("ALARM:7", LOW), ("a-10", LOW)]
    assert book.update(by_code([OCCLUSION]), START)[0].priority is LOW


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sets(st.sampled_from("pqr"))), max_size=12))
def test_any_sequence_of_reports_leaves_what_stands(reports: list[tuple[str, set[str]]]) -> None:
    book = AlertBook()
    told: set[tuple[str, str]] = set()
    stands: dict[str, set[str]] = {}
    for teller, codes in reports:
        stands[teller] = codes
        for alert in book.update({(code, teller): SHORT for code in sorted(codes)}, START, teller=teller):
            key = (alert.channel, alert.code)
            assert (key in told) != alert.active
            (told.add if alert.active else told.discard)(key)
    assert told == {(teller, code) for teller, codes in stands.items() for code in codes}
    assert set(book.tellers) == {teller for teller, codes in stands.items() if codes}
