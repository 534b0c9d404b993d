"""MEDIBUS: what replies, alarms and waves mean."""

from __future__ import annotations

import pytest

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PLETH, PULSE_RATE, RESP_RATE, SPO2
from clinical.observations import DeviceAlert, Priority, Validity, WaveformBlock
from devices.drivers.medibus.alerts import PAGE_1, ROWS, Source
from devices.drivers.medibus.frames import response
from devices.drivers.medibus.protocol import MedibusProtocol
from devices.drivers.medibus.realtime import record
from tests.devices.drivers.medibus_session import (
    DATA,
    ICC,
    alarm,
    numerics,
    opened,
)
from tests.devices.fake_bedside import START
from tests.devices.fake_rack import only


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
