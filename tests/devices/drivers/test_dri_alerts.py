"""The monitor's alarms: told when they appear and when they go, and only then."""

from __future__ import annotations

import struct

import pytest

from clinical.observations import DeviceAlert, Priority
from devices.drivers.dri.protocol import DriProtocol
from devices.drivers.dri.requests import FOLLOW_ALARMS
from tests.devices.drivers.dri_records import CO2, ECG, ON, QUIET, changed, displayed, record, union
from tests.devices.fake_bedside import START


def alerts(protocol, frame, second=0):
    return [o for o in protocol.receive(frame, START.plus(second)) if isinstance(o, DeviceAlert)]


def arrhythmia(bits, status=ON):
    body = bytearray(union({0: (status, 0, (72, 800, 0))}))
    struct.pack_into("<I", body, 12, bits)
    return bytes(body)


def alarm_record(*entries, length=510):
    body = struct.pack("<5h", 0, 1, 0, 0, 0)
    for text, colour in entries:
        body += struct.pack("<80s9h", text.encode("latin-1"), 1, colour, 1, 0, 0, 0, 0, 0, 0)
    return record(4, [(1, body.ljust(510, b"\0")[:length])], level=10)


@pytest.mark.parametrize(
    ("frame", "code", "priority", "technical"),
    [
        (displayed(changed(ECG, status=ON | 1 << 2)), "asystole", Priority.HIGH, False),
        (displayed(changed(CO2, status=ON | 1 << 2)), "apnea", Priority.HIGH, False),
        (displayed(changed(CO2, status=1 << 7)), "impedance-apnea", Priority.HIGH, False),
        (displayed(changed(CO2, status=ON | 1 << 5)), "co2-occlusion", Priority.MEDIUM, True),
        (displayed(changed(CO2, status=ON | 1 << 6)), "co2-air-leak", Priority.MEDIUM, True),
        (displayed(changed(ECG, status=ON | 1 << 11)), "lead-off", Priority.LOW, True),
        (displayed(QUIET, arrhythmia(1 << 0)), "asystole", Priority.HIGH, False),
        (displayed(QUIET, arrhythmia(1 << 1)), "ventricular-fibrillation", Priority.HIGH, False),
        (displayed(QUIET, arrhythmia(1 << 6)), "pvc-run", Priority.MEDIUM, False),
        (displayed(QUIET, arrhythmia(1 << 27)), "bradycardia", Priority.MEDIUM, False),
    ],
)
def test_a_status_bit_appears_once_and_goes_once(frame, code, priority, technical):
    protocol = DriProtocol()
    assert alerts(protocol, displayed(QUIET, arrhythmia(0))) == []
    (came,) = alerts(protocol, frame, 5)
    assert (came.code, came.priority, came.technical, came.active, came.at) == (code, priority, technical, True, START.plus(5))
    assert alerts(protocol, frame, 10) == []
    (went,) = alerts(protocol, displayed(QUIET, arrhythmia(0)), 15)
    assert (went.code, went.active, went.channel) == (code, False, came.channel)


def test_an_asystole_told_twice_is_one_alarm():
    protocol = DriProtocol()
    frame = displayed(changed(ECG, status=ON | 1 << 2), arrhythmia(1))
    assert [alert.code for alert in alerts(protocol, frame)] == ["asystole"]
    assert alerts(protocol, displayed(QUIET, arrhythmia(1)), 5) == []


def test_a_module_that_does_not_measure_has_no_alarm():
    protocol = DriProtocol()
    assert alerts(protocol, displayed(changed(CO2, status=1 | 1 << 2), arrhythmia(0xFFFFFFFF, status=1))) == []


def test_the_second_channel_is_off_only_if_it_has_a_lead():
    assert alerts(DriProtocol(), displayed(changed(ECG, status=ON | 1 << 12, label=0x0200))) == []
    (alert,) = alerts(DriProtocol(), displayed(changed(ECG, status=ON | 1 << 12, label=0x0270)))
    assert (alert.code, alert.channel) == ("lead-off", "ECG2")


def test_unknown_arrhythmia_bits_are_told_as_what_they_are():
    told = alerts(DriProtocol(), displayed(QUIET, arrhythmia(1 << 15 | 1 << 31)))
    assert [alert.text for alert in told] == ["Arrhythmia, unknown code 0x00008000", "Arrhythmia, unknown code 0x80000000"]


def test_alarm_records_pass_the_text_on_as_it_stands():
    protocol = DriProtocol()
    told = alerts(protocol, alarm_record(("Apnée !", 3), ("NIBP: Manschette lose", 2), ("Hinweis", 1), ("", 0)))
    assert [(a.text, a.priority, a.active) for a in told] == [
        ("Apnée !", Priority.HIGH, True),
        ("NIBP: Manschette lose", Priority.MEDIUM, True),
        ("Hinweis", Priority.LOW, True),
    ]
    later = alerts(protocol, alarm_record(("NIBP: Manschette lose", 2)), 2)
    assert [(a.text, a.active) for a in later] == [("Apnée !", False), ("Hinweis", False)]


def test_a_change_of_colour_is_a_change_of_priority():
    protocol = DriProtocol()
    alerts(protocol, alarm_record(("HR high", 2)))
    (changed_alert,) = alerts(protocol, alarm_record(("HR high", 3)), 2)
    assert (changed_alert.code, changed_alert.priority, changed_alert.active) == ("monitor: HR high", Priority.HIGH, True)


def test_a_text_without_colour_is_no_alarm():
    assert alerts(DriProtocol(), alarm_record(("HR high", 0))) == []


def test_an_alarm_record_cut_short_is_counted():
    protocol = DriProtocol()
    assert alerts(protocol, alarm_record(("HR high", 3), length=500)) == []
    assert protocol.bad_frames == 1


@pytest.mark.parametrize(("level", "times"), [(9, 0), (10, 1), (11, 1)])
def test_alarm_records_are_asked_for_once_where_they_exist(level, times):
    protocol = DriProtocol()
    sent = list(protocol.outgoing(START))
    for second in range(0, 60, 5):
        protocol.receive(displayed(QUIET, level=level), START.plus(second))
        sent += protocol.outgoing(START.plus(second))
    assert sent.count(FOLLOW_ALARMS) == times
