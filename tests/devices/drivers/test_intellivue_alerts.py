"""Alerts and enumerations: structures as open programs read them; no recorded bytes are at hand, so these are constructed."""

from __future__ import annotations

import struct

import pytest

from clinical.observations import DeviceAlert, Priority
from devices.drivers.intellivue.alert_codes import ALERT_CODES
from devices.drivers.intellivue.frames import framed
from tests.devices.drivers.intellivue_messages import alerts, ava, entry, established, poll, thing
from tests.devices.fake_bedside import START

FIRST, MIDDLE, LAST = b"\x01\x01", b"\x02\x02", b"\x03\x03"


def changes(protocol, *payloads):
    return [one for payload in payloads for one in protocol.receive(framed(payload), START) if isinstance(one, DeviceAlert)]


def test_an_alarm_appears_once_and_goes():
    protocol = established()
    (alarm,) = changes(protocol, alerts([entry(0x4182, 3076, 0x0400)], []), alerts([entry(0x4182, 3076, 0x0400)], []))
    assert (alarm.code, alarm.text, alarm.priority) == ("alarm:0x0C04@0x4182", "HR: asystole", Priority.HIGH)
    assert (alarm.active, alarm.technical) == (True, False)
    (gone,) = changes(protocol, alerts([], []))
    assert (gone.code, gone.active) == (alarm.code, False)


@pytest.mark.parametrize(
    ("kind", "priority"),
    [
        (1, Priority.LOW),
        (2, Priority.MEDIUM),
        (4, Priority.HIGH),
        (0x100, Priority.LOW),
        (0x200, Priority.MEDIUM),
        (0x400, Priority.HIGH),
        (9, Priority.MEDIUM),
    ],
)
def test_the_monitor_gives_the_priority(kind, priority):
    (alarm,) = changes(established(), alerts(None, [entry(0x4BB8, 308, kind)]))
    assert (alarm.priority, alarm.technical, alarm.text) == (priority, True, "SpO₂: sensor disconnected")


def test_the_monitors_own_text_is_passed_on():
    (alarm,) = changes(established(), alerts([entry(0x4182, 3122, 0x0400, "**HF 150 > 120")]))
    assert alarm.text == "**HF 150 > 120"


def test_codes_and_sources_nobody_knows_are_told_by_their_numbers():
    (alarm,) = changes(established(), alerts([entry(0x1234, 0xABCD, 0x0200)]))
    assert alarm.text == "source 0x1234: unknown code 0xABCD"
    assert alarm.code == "alarm:0xABCD@0x1234"


@pytest.mark.parametrize("state", [0x8000, 0x4000, 0x2000, 0x1000])
def test_what_is_silenced_or_latched_at_the_monitor_is_told(state):
    assert changes(established(), alerts([entry(0x4182, 3076, 0x0400, state=state)]))


def test_a_higher_priority_of_the_same_alarm_is_told_again():
    protocol = established()
    told = changes(protocol, alerts([entry(0x4182, 40, 0x0200)]), alerts([entry(0x4182, 40, 0x0400)]))
    assert [(one.priority, one.active) for one in told] == [(Priority.MEDIUM, True), (Priority.HIGH, True)]


def test_a_list_that_is_not_sent_changes_nothing():
    protocol = established()
    changes(protocol, alerts([entry(0x4182, 3076, 0x0400)], [entry(0x4BB8, 308, 2)]))
    assert changes(protocol, alerts(None, [entry(0x4BB8, 308, 2)]), poll(0x36, action=0x0C16, invoke=8)) == []


def test_an_answer_in_parts_counts_when_whole():
    protocol = established()
    parts = [
        alerts([entry(0x4182, 3076, 0x0400)], link=FIRST),
        alerts([entry(0x4182, 40, 0x0200)], link=MIDDLE),
        alerts(None, [entry(0x4BB8, 308, 2)], link=LAST),
    ]
    assert changes(protocol, *parts) == []
    assert len(changes(protocol, poll(0x36, action=0x0C16, invoke=8))) == 3
    assert changes(protocol, *parts, poll(0x36, action=0x0C16, invoke=8)) == []


def test_an_answer_of_which_a_part_was_lost_ends_no_alarm():
    protocol = established()
    first, last = alerts([entry(0x4182, 3076, 0x0400)], link=FIRST), alerts([entry(0x4182, 40, 0x0200)], link=LAST)
    middle, end = alerts([], link=MIDDLE), poll(0x36, action=0x0C16, invoke=8)
    assert len(changes(protocol, first, middle, last, end)) == 2
    assert changes(protocol, first, last, end) == []
    assert changes(protocol, middle, last, end) == []


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_list_cut_short_is_counted_and_ends_no_alarm(cut):
    protocol = established()
    changes(protocol, alerts([entry(0x4182, 3076, 0x0400)]))
    body = (struct.pack(">HH", 1, 40) + entry(0x4182, 3076, 0x0400, "text"))[:-cut]
    assert changes(protocol, poll(0x36, thing(1, ava(0x0902, body)), action=0x0C16)) == []
    assert protocol.bad_frames == 1


def test_the_table_of_codes_has_words_for_each():
    assert len(ALERT_CODES) > 150
    assert all(text and text == text.strip() for text in ALERT_CODES.values())
    assert all(0 < code < 2**16 for code in ALERT_CODES)


def enumeration(physio, code, *, state=0, choice=1, extra=b""):
    body = struct.pack(">H", code) + extra
    return thing(0x120, ava(0x099E, struct.pack(">HHHH", physio, state, choice, len(body)) + body))


def test_enumerations_are_counted_and_put_in_words():
    protocol = established()
    pair = enumeration(0xD006, 0x4280, choice=4, extra=bytes.fromhex("000000030aa0"))
    payload = poll(0x05, enumeration(0xD007, 0x4012), pair, enumeration(0xD999, 1), action=0x0C16)
    assert protocol.receive(framed(payload), START) == []
    assert protocol.enumerations.words == {"rhythm status": "sinus rhythm", "ectopic status": "pair of PVCs"}
    assert (protocol.enumerations.read_count, protocol.enumerations.unmapped) == (3, {0xD999: 1})
    protocol.receive(framed(poll(0x05, enumeration(0xD007, 0x7777))), START)
    protocol.receive(framed(poll(0x05, enumeration(0xD006, 0x4280, state=0x8000))), START)
    assert protocol.enumerations.words == {"rhythm status": "unknown code 0x7777", "ectopic status": "invalid: sensor off?"}


def test_an_enumeration_of_another_kind_is_passed_over_and_one_cut_short_counted():
    protocol = established()
    protocol.receive(framed(poll(0x05, enumeration(0xD007, 0x4012, choice=7))), START)
    assert (protocol.enumerations.words, protocol.bad_frames) == ({}, 0)
    protocol.receive(framed(poll(0x05, thing(1, ava(0x099E, bytes.fromhex("d00700000001000840"))))), START)
    assert protocol.bad_frames == 1
