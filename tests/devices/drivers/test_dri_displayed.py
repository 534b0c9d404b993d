"""Displayed values: what each number is worth under each status bit, special value and zero."""

from __future__ import annotations

import struct

import pytest

from clinical.metrics import (
    CO2_RESP_RATE,
    CVP_MEAN,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE_RESP_RATE,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from clinical.observations import Numeric, Validity
from devices.drivers.dri.protocol import DriProtocol
from tests.devices.drivers.dri_records import CO2, ECG, INVALID, ON, P1, QUIET, T1, changed, displayed, numeric, record, union
from tests.devices.drivers.dri_records import SPO2 as SPO2_AT
from tests.devices.fake_bedside import START


def told(groups, ext1=None, **fields):
    return list(DriProtocol().receive(displayed(groups, ext1, **fields), START))


def verdict(groups, metric, channel="", **fields):
    found = numeric(told(groups, **fields), metric, channel)
    return found.value, found.validity, found.reason


@pytest.mark.parametrize(
    ("metric", "value"),
    [(HEART_RATE, 72), (IMPEDANCE_RESP_RATE, 15), (SPO2, 97), (PULSE_RATE, 71), (ETCO2, 38), (FICO2, 0), (CO2_RESP_RATE, 14)],
)
def test_quiet_values(metric, value):
    assert verdict(QUIET, metric) == (pytest.approx(value), Validity.VALID, "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (-32767, "no reading"),
        (-32766, "not updated"),
        (-32765, "no reading"),
        (-32764, "under range"),
        (-32763, "over range"),
        (-32762, "not calibrated"),
        (-32001, "no reading"),
    ],
)
def test_special_values_never_become_numbers(code, reason):
    groups = changed(SPO2_AT, values=(code, code, INVALID, INVALID))
    assert verdict(groups, SPO2) == verdict(groups, PULSE_RATE) == (None, Validity.INVALID, reason)


def test_a_module_that_is_not_there_and_one_that_does_not_measure():
    assert verdict(changed(SPO2_AT, status=0), SPO2) == (None, Validity.NOT_AVAILABLE, "no such module")
    assert verdict(changed(SPO2_AT, status=1), SPO2) == (None, Validity.NOT_AVAILABLE, "not measuring")


def test_zero_without_a_bit_that_vouches_for_it_is_no_reading():
    assert verdict(changed(SPO2_AT, values=(0, 0, 0, 0)), SPO2)[0] is None
    assert verdict(changed(SPO2_AT, values=(0, 0, 0, 0)), PULSE_RATE)[0] is None
    assert verdict(changed(ECG, values=(0, 0, 0, 0, 0)), HEART_RATE) == (None, Validity.INVALID, "no reading")
    assert verdict(changed(ECG, values=(0, 0, 0, 0, 0)), IMPEDANCE_RESP_RATE)[0] is None
    assert verdict(changed(CO2, values=(0, 0, 0, 7600)), CO2_RESP_RATE)[0] is None


def test_zero_with_its_bit_is_zero():
    assert verdict(changed(ECG, status=ON | 1 << 2, values=(0, 0, 0, 0, 15)), HEART_RATE) == (0, Validity.VALID, "")
    apnea = changed(CO2, status=ON | 1 << 2, values=(0, 0, 0, 7600))
    assert verdict(apnea, CO2_RESP_RATE) == verdict(apnea, ETCO2) == (0, Validity.VALID, "")
    by_impedance = {**changed(CO2, status=ON | 1 << 7), ECG: (ON, 0x0200, (72, 0, 0, 0, 0))}
    assert verdict(by_impedance, IMPEDANCE_RESP_RATE) == (0, Validity.VALID, "")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (1 << 7, "noise"),
        (1 << 8, "artifact"),
        (1 << 9, "learning"),
        (6 << 3, "counted from SpO₂"),
        (2 << 3, "counted from P1"),
    ],
)
def test_a_doubtful_heart_rate_stays_but_says_why(status, reason):
    assert verdict(changed(ECG, status=ON | status), HEART_RATE) == (72, Validity.QUESTIONABLE, reason)


@pytest.mark.parametrize("source", [1, 9])
def test_a_heart_rate_from_the_ecg_is_not_doubted(source):
    assert verdict(changed(ECG, status=ON | source << 3), HEART_RATE)[1] is Validity.VALID


@pytest.mark.parametrize(
    ("status", "label", "validity"),
    [
        (1 << 11, 0x0200, Validity.INVALID),
        (1 << 11, 0x0000, Validity.INVALID),
        (0b111 << 11, 0x0275, Validity.INVALID),
        (1 << 11, 0x0275, Validity.VALID),
        (1 << 12, 0x0200, Validity.VALID),
    ],
)
def test_lead_off_when_every_channel_that_has_a_lead_is_off(status, label, validity):
    found = verdict(changed(ECG, status=ON | 1 << 3 | status, label=label), HEART_RATE)
    assert found[1] is validity
    assert validity is Validity.VALID or found == (None, Validity.INVALID, "lead off")


@pytest.mark.parametrize(
    ("bit", "validity", "reason"),
    [
        (3, Validity.INVALID, "calibrating"),
        (4, Validity.INVALID, "zeroing"),
        (5, Validity.INVALID, "occlusion"),
        (6, Validity.QUESTIONABLE, "air leak"),
    ],
)
def test_a_capnometer_in_trouble(bit, validity, reason):
    groups = changed(CO2, status=ON | 1 << bit)
    for metric in (ETCO2, FICO2, CO2_RESP_RATE):
        assert verdict(groups, metric)[1:] == (validity, reason)


def test_carbon_dioxide_follows_the_ambient_pressure():
    assert verdict(changed(CO2, values=(500, 10, 14, 7000)), ETCO2)[0] == pytest.approx(35.0)
    assert verdict(changed(CO2, values=(500, 10, 14, 7000)), FICO2)[0] == pytest.approx(0.7)


def test_without_an_ambient_pressure_760_is_assumed_and_said_and_the_last_one_known_is_kept():
    unknown = changed(CO2, values=(500, 0, 14, INVALID))
    assert verdict(unknown, ETCO2) == (pytest.approx(38), Validity.QUESTIONABLE, "ambient pressure assumed 760 mmHg")
    protocol = DriProtocol()
    protocol.receive(displayed(changed(CO2, values=(500, 0, 14, 7000))), START)
    later = numeric(list(protocol.receive(displayed(unknown), START.plus(5))), ETCO2)
    assert (later.value, later.validity) == (pytest.approx(35), Validity.VALID)


def test_the_rate_of_an_old_monitor_may_be_of_impedance():
    groups = changed(CO2, label=2)
    assert verdict(groups, CO2_RESP_RATE, level=7) == (None, Validity.NOT_AVAILABLE, "counted from impedance")
    assert verdict(groups, CO2_RESP_RATE, level=8)[0] == 14


def test_what_cannot_be_a_reading_is_none():
    assert verdict(changed(SPO2_AT, values=(12000, 71, 0, 0)), SPO2) == (None, Validity.INVALID, "120 cannot be a reading")


@pytest.mark.parametrize(("label", "metric"), [(7, SKIN_TEMPERATURE), (1, TEMPERATURE), (11, TEMPERATURE), (15, TEMPERATURE)])
def test_temperatures_by_their_site(label, metric):
    assert verdict({T1: (ON, label, (3125,))}, metric, "T1") == (31.25, Validity.VALID, "")


@pytest.mark.parametrize("label", [8, 9])
def test_the_room_is_not_the_patient(label):
    assert not [o for o in told({T1: (ON, label, (2100,))}) if isinstance(o, Numeric) and o.channel == "T1"]


def test_a_temperature_probe_that_was_never_there_is_not_told_of_and_one_pulled_out_is():
    protocol = DriProtocol()
    before = protocol.receive(displayed({T1: (0, 0, (INVALID,))}), START)
    assert not [o for o in before if isinstance(o, Numeric) and o.channel == "T1"]
    protocol.receive(displayed({T1: (ON, 7, (3125,))}), START.plus(5))
    after = numeric(list(protocol.receive(displayed({T1: (1, 0, (INVALID,))}), START.plus(10))), SKIN_TEMPERATURE, "T1")
    assert (after.value, after.validity, after.reason) == (None, Validity.NOT_AVAILABLE, "not measuring")


def test_venous_pressure():
    zeroed = {P1: (ON | 1 << 3, 2, (800, 200, 500, INVALID))}
    assert verdict(zeroed, CVP_MEAN, "P1") == (5.0, Validity.VALID, "")
    assert verdict({P1: (ON, 2, (800, 200, 500, 0))}, CVP_MEAN, "P1") == (5.0, Validity.QUESTIONABLE, "not zeroed")
    assert verdict({P1: (ON | 0b1100, 2, (800, 200, 0, 0))}, CVP_MEAN, "P1") == (None, Validity.INVALID, "zeroing")


def test_extended_class_1_brings_the_second_oximeter_and_two_temperatures():
    ext1 = union({106: (ON, 0, (9500, 70, 0, 0)), 120: (ON, 7, (3000,)), 128: (ON, 15, (3700,))})
    observations = told(QUIET, ext1)
    assert numeric(observations, SPO2, "2").value == 95
    assert numeric(observations, SKIN_TEMPERATURE, "T5").value == 30
    assert numeric(observations, TEMPERATURE, "T6").value == 37


def test_a_subrecord_cut_short_is_counted():
    protocol = DriProtocol()
    whole = displayed(QUIET)
    assert protocol.receive(whole, START)
    assert list(protocol.receive(record(0, [(1, bytes(277))]), START)) == []
    assert protocol.bad_frames == 1


def test_trends_are_not_displayed_values():
    body = bytes(4) + union(QUIET) + struct.pack("<BBH", 0, 0, 0x81)
    assert list(DriProtocol().receive(record(0, [(2, body), (3, body)]), START)) == []
