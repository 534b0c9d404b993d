"""The MEDIBUS dialogue: who opens, what is asked and answered, what is never sent, and what replies and alarms mean."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PLETH, PULSE_RATE, RESP_RATE, SPO2
from clinical.observations import DeviceAlert, Numeric, Priority, Validity, WaveformBlock
from devices.drivers.medibus import DRIVER
from devices.drivers.medibus.alerts import PAGE_1, ROWS, Source
from devices.drivers.medibus.frames import NAK, command, response
from devices.drivers.medibus.protocol import MedibusProtocol
from devices.drivers.medibus.realtime import Stream, enable, record
from devices.drivers.medibus.requests import ALLOWED, IDENTITY
from tests.devices.fake_bedside import START
from tests.devices.fake_rack import only

CAPNOSAT = response(0x52, b"8300'Capnosat'01.00:04.03")
STREAM = Stream(code=0x06, interval_us=16000, low=-20, high=100, bins=0x460)
PLETH_STREAM = Stream(code=0x02, interval_us=16000, low=0, high=100, bins=1000)
OFFER = response(0x53, STREAM.entry() + PLETH_STREAM.entry())
DATA = response(0x24, b"E6  38E5   0D5  14EB  97E1  71")
OPENED = response(0x51) + CAPNOSAT + response(0x28) + OFFER + response(0x54)
ICC, NOP, WHO, DATE, WAVES = (command(code) for code in (0x51, 0x30, 0x52, 0x28, 0x53))
ALARMS_1, ALARMS_2, VALUES = (command(code) for code in (0x27, 0x2E, 0x24))


def alarm(code, level=31, phrase="PHRASE"):
    return bytes((0x30 + level,)) + f"{code:02X}{phrase:12}".encode("ascii")


def opened():
    protocol = MedibusProtocol()
    protocol.outgoing(START)
    for part in (response(0x51), CAPNOSAT, response(0x28), OFFER, response(0x54)):
        protocol.receive(part, START)
        protocol.outgoing(START)
    return protocol


def numerics(told):
    return {one.metric: (one.value, one.validity, one.reason) for one in only(Numeric, told)}


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


def test_the_numbers_of_a_capnosat():
    told = numerics(opened().receive(DATA, START))
    good = (Validity.VALID, "")
    assert told == {ETCO2: (38, *good), FICO2: (0, *good), CO2_RESP_RATE: (14, *good), SPO2: (97, *good), PULSE_RATE: (71, *good)}


def test_a_missing_value_is_invalid_and_a_standing_alarm_says_why():
    protocol = opened()
    told = protocol.receive(response(0x27, alarm(0x35, 10)) + response(0x24, b"E6  38"), START)
    invalid = Validity.INVALID
    assert numerics(told) == {
        ETCO2: (38, Validity.VALID, ""),
        FICO2: (None, invalid, "device tells no value"),
        CO2_RESP_RATE: (None, invalid, "device tells no value"),
        SPO2: (None, invalid, "oximeter sensor disconnected or faulty"),
        PULSE_RATE: (None, invalid, "oximeter sensor disconnected or faulty"),
    }


def test_a_number_that_stands_beside_its_fault_is_no_reading():
    protocol = opened()
    told = numerics(protocol.receive(response(0x27, alarm(0x3D, 7)) + DATA, START))
    assert told[ETCO2] == (None, Validity.INVALID, "CO₂ sampling line blocked")
    assert told[SPO2] == (97, Validity.VALID, "")
    told = numerics(protocol.receive(response(0x27, alarm(0x63, 1)) + DATA, START))
    assert told[ETCO2] == (38, Validity.QUESTIONABLE, "CO₂ measurement warming up, less accurate")


def test_apnoea_with_a_rate_of_zero_is_a_reading():
    told = numerics(opened().receive(response(0x27, alarm(0x0D)) + response(0x24, b"D5   0"), START))
    assert told[CO2_RESP_RATE] == (0, Validity.VALID, "")
    assert told[ETCO2] == (None, Validity.INVALID, "apnoea (CO₂)")


@pytest.mark.parametrize(
    ("data", "value", "validity"),
    [
        (b"E3 5.1", 38.25, Validity.VALID),
        (b"DB 5.0", 38.0, Validity.QUESTIONABLE),
        (b"DB 5.06B 900", 33.75, Validity.VALID),
        (b"E6  38E3 9.9", 38.0, Validity.VALID),
        (b"E6 999", None, Validity.INVALID),
        (b"E6 -5 ", None, Validity.INVALID),
        (b"E6----", None, Validity.INVALID),
    ],
)
def test_end_tidal_co2_in_its_units(data, value, validity):
    found = numerics(opened().receive(response(0x24, data), START))[ETCO2]
    assert found[0] == (None if value is None else pytest.approx(value, abs=0.02))
    assert found[1] is validity


def test_a_ventilator_s_numbers_are_missed_only_once_they_were_there():
    protocol = MedibusProtocol()
    assert protocol.receive(response(0x24), START) == []
    assert numerics(protocol.receive(response(0x24, b"D6  12F0  40"), START)) == {RESP_RATE: (12, Validity.VALID, "")}
    assert numerics(protocol.receive(response(0x24), START)) == {RESP_RATE: (None, Validity.INVALID, "device tells no value")}


def test_alarms_come_and_go_once():
    protocol = opened()
    told = [
        [(one.code, one.priority, one.active, one.technical) for one in only(DeviceAlert, protocol.receive(data, START))]
        for data in (
            response(0x27, alarm(0x0D) + alarm(0x28, 18)),
            response(0x27, alarm(0x0D) + alarm(0x28, 18)),
            response(0x2E, alarm(0x8D, 25)),
            response(0x27, alarm(0x0D)),
            response(0x27),
        )
    ]
    assert told == [
        [("1:0D", Priority.HIGH, True, False), ("1:28", Priority.MEDIUM, True, False)],
        [],
        [("2:8D", Priority.HIGH, True, False)],
        [("1:28", Priority.MEDIUM, False, False)],
        [("1:0D", Priority.HIGH, False, False)],
    ]


@pytest.mark.parametrize("code", [0x56, 0x57, 0x5B])
def test_alarms_switched_off_at_the_device_are_shown(code):
    (told,) = only(DeviceAlert, opened().receive(response(0x27, alarm(code, 8)), START))
    assert "switched off" in told.text
    assert (told.priority, told.technical) == (Priority.MEDIUM, True)


def test_an_unknown_code_is_told_with_the_device_s_phrase():
    (told,) = only(DeviceAlert, opened().receive(response(0x27, alarm(0xFE, 20, "ETWAS NEUES")), START))
    assert (told.code, told.text, told.priority) == ("1:FE", "unknown code 0xFE, page 1: ETWAS NEUES", Priority.MEDIUM)


def test_an_unknown_level_is_never_low():
    (told,) = only(DeviceAlert, opened().receive(response(0x27, b"~0DAPNEA       "), START))
    assert told.priority is Priority.MEDIUM


def test_every_row_is_told_under_its_own_code_and_text():
    for (page, code), row in ROWS.items():
        data = response({1: 0x27, 2: 0x2E}[page], alarm(code, row.level or 12))
        (told,) = only(DeviceAlert, opened().receive(data, START))
        assert (told.code, told.text, told.technical) == (f"{page}:{code:02X}", row.text, row.technical)
        assert row.source is not Source.NOWHERE


def test_the_maker_s_own_priorities():
    levels = {code: row.level for code, row in PAGE_1.items() if row.level is not None}
    assert levels == {
        0x0D: 31, 0x02: 31, 0x07: 31, 0x1E: 21, 0x22: 21, 0x27: 18, 0x28: 18, 0x35: 10, 0x56: 8, 0x3D: 7, 0x3C: 2, 0x68: 1, 0x6A: 1,
    }  # fmt: skip


def test_damaged_entries_are_counted_and_the_rest_is_read():
    protocol = opened()
    told = protocol.receive(response(0x27, alarm(0x0D) + b"short") + response(0x24, b"E6  38E"), START)
    assert [one.code for one in only(DeviceAlert, told)] == ["1:0D"]
    assert numerics(told)[ETCO2][0] == 38
    assert protocol.bad_frames == 2


def test_waves_in_the_maker_s_steps():
    protocol = opened()
    told = protocol.receive(b"".join(record({0: n, 1: 10 * n}) for n in range(100)), START.plus(1.6))
    co2, pleth = only(WaveformBlock, told)
    assert (co2.metric, pleth.metric) == (CO2, PLETH)
    assert co2.rate_hz == 62.5
    assert co2.at == START
    assert co2.values()[[0, 99]] == pytest.approx([-20, -20 + 99 * 120 / 0x460])
    assert pleth.values()[[0, 99]] == pytest.approx([0, 0.99])


def test_a_fault_spoils_its_waveform():
    protocol = opened()
    protocol.receive(response(0x27, alarm(0x6A, 1)), START)
    co2, pleth = only(WaveformBlock, protocol.receive(record({0: 1, 1: 2}), START))
    assert (co2.validity, pleth.validity) == (Validity.INVALID, Validity.VALID)


def test_realtime_bytes_before_they_were_configured_are_nothing():
    protocol = MedibusProtocol()
    assert protocol.receive(record({0: 1, 1: 2}), START) == []
    protocol = opened()
    protocol.receive(ICC, START)
    assert protocol.receive(record({0: 1, 1: 2}), START) == []


REFUSED = [
    command(0x4A, b"$EB"),
    command(0x55),
    command(0x25),
    command(0x6A, b"x"),
    command(0x54, b"0001"),
    command(0x54, b"0610"),
    command(0x54),
    response(0x15),
    response(0x52, b"8300'Capnosat'01.00:04.03"),
    ICC + ICC,
    ICC[:-1],
    b"\x1bQ6D\r",
    enable(3),
    enable(4),
    b"",
    b"\x11",
    b"\x13",
]


def test_nothing_but_the_list_may_leave():
    assert all(DRIVER.may_send(message) for message in ALLOWED)
    assert not any(DRIVER.may_send(message) for message in REFUSED)
    assert not any(message.startswith(b"\x1b") and message[1] not in b"0QR($'.ST" for message in ALLOWED)


PIECES = [
    ICC, NOP, WHO, CAPNOSAT, OFFER, DATA, OPENED, response(0x51), response(0x54), response(0x53), response(NAK), command(0x55),
    command(0x56), command(0x49), b"\x11", b"\x13", b"\x18", response(0x27, alarm(0x0D)), response(0x2E), record({0: 1, 1: 2}), b"\x01$",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.binary(max_size=60), st.sampled_from(PIECES)), st.floats(0, 15)), max_size=40))
def test_whatever_comes_and_whenever_nothing_else_is_sent(steps):
    protocol, now = MedibusProtocol(), START
    for data, seconds in steps:
        now = now.plus(seconds)
        protocol.receive(data, now)
        assert all(message in ALLOWED for message in protocol.outgoing(now))
        if protocol.due is not None:
            assert all(message in ALLOWED for message in protocol.outgoing(max(protocol.due, now)))


def test_mutations_break_nothing_and_the_next_good_reply_is_read():
    chance = random.Random(20260301)
    protocol, before = opened(), 0
    for n in range(3000):
        wire = bytearray(chance.choice(PIECES) + DATA)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(wire))
            wire[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
        protocol.receive(bytes(wire), START.plus(n / 10))
        protocol.outgoing(START.plus(n / 10))
        assert protocol.bad_frames >= before
        before = protocol.bad_frames
        if n % 50 == 0:
            protocol.receive(response(0x27), START.plus(n / 10))
            assert numerics(protocol.receive(DATA, START.plus(n / 10)))[SPO2] == (97, Validity.VALID, "")
    assert before > 1000


def test_the_port_is_never_opened_with_xon_xoff():
    settings_met = [DRIVER.serial, *DRIVER.other_settings]
    assert (DRIVER.serial.baud, DRIVER.serial.parity) == (9600, "E")
    assert not any(one.xon_xoff for one in settings_met)
