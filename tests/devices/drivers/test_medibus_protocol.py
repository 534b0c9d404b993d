"""The MEDIBUS dialogue: who opens, what is asked and answered, how it is kept up and taken up again."""

from __future__ import annotations

import pytest

from devices.drivers.medibus.frames import NAK, command, response
from devices.drivers.medibus.protocol import MedibusProtocol
from devices.drivers.medibus.realtime import enable
from devices.drivers.medibus.requests import IDENTITY
from tests.devices.drivers.medibus_session import (
    ALARMS_1,
    ALARMS_2,
    CAPNOSAT,
    DATA,
    DATE,
    ICC,
    NOP,
    OFFER,
    VALUES,
    WAVES,
    WHO,
    opened,
)
from tests.devices.fake_bedside import START


def test_a_session_from_the_first_byte():
    protocol = MedibusProtocol()
    assert protocol.outgoing(START) == [ICC]
    asked = []
    for answer in (response(0x51), CAPNOSAT, response(0x28, b"11:11:1911-NOV-93"), OFFER, response(0x54)):
        protocol.receive(answer, START)
        asked.append(list(protocol.outgoing(START)))
    assert asked == [[WHO], [DATE], [WAVES], [command(0x54, b"06010201")], [ALARMS_1, enable(2)]]
    assert protocol.identity == "Dräger Capnosat (8300) 01.00:04.03"
    assert protocol.device_time[1].isoformat() == "1993-11-11T11:11:19+00:00"
    assert protocol.due == START.plus(2.0)


def test_it_knocks_each_three_seconds_until_it_is_let_in():
    protocol = MedibusProtocol()
    sent = [second for second in range(12) for message in protocol.outgoing(START.plus(second)) if message == ICC]
    assert sent == [0, 3, 6, 9]


def test_a_device_that_opens_is_answered_and_asked():
    protocol = MedibusProtocol()
    protocol.outgoing(START)
    protocol.receive(ICC, START)
    assert protocol.outgoing(START) == [response(0x51), WHO]


def test_who_we_are_is_told_in_full_and_then_it_is_quiet_for_a_fifth_of_a_second():
    protocol = opened()
    protocol.receive(response(0x27) + WHO, START)
    assert protocol.outgoing(START) == [response(0x52, IDENTITY)]
    assert protocol.due == START.plus(0.2)
    assert protocol.outgoing(START.plus(0.2)) == [ALARMS_2]


@pytest.mark.parametrize("code", [0x24, 0x30, 0x49, 0x4A, 0x56, 0x6A, 0x7E])
def test_every_command_of_the_device_is_answered(code):
    protocol = opened()
    protocol.receive(command(code, b"whatever"), START)
    assert protocol.outgoing(START)[0] == response(code)


def test_a_round_is_alarms_then_data_each_second():
    protocol = opened()
    sent = []
    for _ in range(3):
        for answer in (response(0x27), response(0x2E), DATA):
            now = START.plus(len(sent) / 10)
            protocol.receive(answer, now)
            sent += protocol.outgoing(now)
    assert sent == [ALARMS_2, VALUES]
    assert protocol.outgoing(START.plus(1.0)) == [ALARMS_1]


def test_the_line_is_kept_alive_while_an_answer_takes_long():
    protocol = opened()
    assert protocol.outgoing(START.plus(1.9)) == []
    assert protocol.outgoing(START.plus(2.0)) == [NOP]
    protocol.receive(NOP, START.plus(2.5))
    assert protocol.outgoing(START.plus(2.5)) == [response(0x30)]


def test_a_silent_device_is_knocked_at_again_and_asked_anew():
    protocol = opened()
    assert protocol.outgoing(START.plus(3.0)) == [ICC]
    protocol.receive(response(0x51), START.plus(3.1))
    assert protocol.outgoing(START.plus(3.1)) == [WHO]


def test_what_a_device_does_not_answer_in_ten_seconds_is_not_asked_again():
    protocol = opened()
    protocol.receive(response(0x27), START)
    assert protocol.outgoing(START) == [ALARMS_2]
    sent = []
    for second in range(1, 31):
        now = START.plus(second)
        protocol.receive(NOP, now)
        sent += protocol.outgoing(now)
        for request, answer in ((ALARMS_1, response(0x27)), (VALUES, DATA)):
            if request in sent[-3:]:
                protocol.receive(answer, now)
                sent += protocol.outgoing(now)
    assert ALARMS_2 not in sent
    assert sent.count(VALUES) > 15


def test_without_an_answer_to_what_is_needed_the_dialogue_begins_anew():
    protocol = opened()
    for second in range(1, 10):
        protocol.receive(NOP, START.plus(second))
        protocol.outgoing(START.plus(second))
    protocol.receive(NOP, START.plus(10))
    assert ICC in protocol.outgoing(START.plus(10))


def test_a_command_the_device_found_damaged_is_said_again_three_times_at_most():
    protocol = opened()
    said = []
    for _ in range(5):
        protocol.receive(response(NAK), START)
        said += protocol.outgoing(START)
    assert said == [ALARMS_1, ALARMS_1, ICC]


def test_a_device_that_suspends_is_not_spoken_to_until_it_resumes():
    protocol = opened()
    protocol.receive(b"\x11" + NOP, START)
    assert protocol.outgoing(START) == []
    assert protocol.due == START.plus(3.0)
    protocol.receive(b"\x13", START.plus(1))
    assert response(0x30) in protocol.outgoing(START.plus(1))


def test_noise_that_looks_like_dc1_does_not_silence_us_for_good():
    protocol = opened()
    protocol.receive(b"\x11", START)
    assert protocol.outgoing(START.plus(2.9)) == []
    assert protocol.outgoing(START.plus(3.0)) == [ICC]


def test_a_stop_is_answered_and_the_device_left_in_peace_for_a_while():
    protocol = opened()
    protocol.receive(command(0x55), START)
    assert protocol.outgoing(START) == [response(0x55)]
    assert protocol.outgoing(START.plus(3.0)) == [ICC]


def test_an_echoing_line_is_no_device():
    protocol, now = MedibusProtocol(), START
    sent = list(protocol.outgoing(START))
    for step in range(100):
        now = START.plus(step / 10)
        assert protocol.receive(b"".join(sent), now) == []
        sent = list(protocol.outgoing(now))
    assert protocol.identity == ""


def test_changed_realtime_data_are_asked_for_anew():
    protocol = opened()
    protocol.receive(response(0x27) + command(0x56), START)
    assert protocol.outgoing(START) == [response(0x56), ALARMS_2]
    protocol.receive(response(0x2E) + DATA, START)
    protocol.outgoing(START)
    protocol.receive(DATA, START)
    assert protocol.outgoing(START) == [WAVES]
    protocol.receive(response(0x53), START)
    assert protocol.outgoing(START.plus(0.5)) == []  # nothing offered: nothing chosen, nothing enabled
