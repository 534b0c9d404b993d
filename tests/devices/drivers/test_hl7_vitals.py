"""Vital signs: the dialects in hand, worth, age, units, channels, repetitions, late messages, and two beds on one line."""

from __future__ import annotations

import json

import pytest

from clinical.metrics import ETCO2, HEART_RATE, NIBP_DIA, NIBP_MEAN, NIBP_SYS, PERFUSION_INDEX, PULSE_RATE, SPO2, TEMPERATURE
from clinical.observations import DeviceAlert, Numeric, PumpState, PumpStatus, Validity
from tests.devices.drivers.hl7_messages import HR_ROW, SHARED, SPO2_ROW, Receiver, cuff, message, pump_rows, row
from tests.devices.fake_bedside import START

needs_vectors = pytest.mark.skipif(not SHARED.is_dir(), reason="the published messages have no licence and are not part of the project")


def vector(name):
    receiver = Receiver()
    told = receiver.numerics((SHARED / name).read_bytes())
    assert receiver.protocol.bad_frames == 0
    return {(numeric.metric, numeric.channel): numeric for numeric in told}


@needs_vectors
def test_a_mindray_with_the_cuff_s_own_time():
    told = vector("mindray_vs900_a.mllp")
    expected = json.loads((SHARED / "expected.json").read_text())["messages"][0]["expect"]
    assert [told[m, ""].value for m in (NIBP_SYS, NIBP_DIA, NIBP_MEAN)] == expected["NIBP"]
    assert [told[m, ""].value for m in (SPO2, PULSE_RATE, PERFUSION_INDEX)] == [expected["SpO2"], expected["PR"], expected["PI"]]
    assert told[TEMPERATURE, "axilla"].value == expected["temp_axil_C"]
    assert told[NIBP_SYS, ""].measured_at.since(told[NIBP_SYS, ""].at) == -(24 * 60 + 36)
    assert told[SPO2, ""].measured_at is None


@needs_vectors
def test_a_comen_without_msh_3_and_with_an_offset():
    told = vector("comen_nc5_spot_captured.mllp")
    assert [told[m, ""].value for m in (NIBP_SYS, NIBP_DIA, NIBP_MEAN, SPO2, PULSE_RATE, TEMPERATURE)] == [120, 80, 90, 98, 60, 39]
    assert -1.2 < told[NIBP_SYS, ""].measured_at.since(told[NIBP_SYS, ""].at) < -1.0


@needs_vectors
def test_sentinels_without_obx_11_are_no_readings():
    told = vector("xh80x_sentinels.mllp")
    assert {key[0] for key in told} == {NIBP_SYS, SPO2, HEART_RATE, TEMPERATURE}
    assert {(n.value, n.validity, n.reason) for n in told.values()} == {(None, Validity.INVALID, "no reading")}


@pytest.mark.parametrize("value", ["", "-999", "-99.9", "-100", "-1", "8388607", "---", "12 34", "1e5", "nan", "٣"])
def test_what_stands_in_the_place_of_a_number(value):
    found = Receiver().one(row(value=value))
    assert (found.value, found.validity, found.reason) == (None, Validity.INVALID, "no reading")


@pytest.mark.parametrize(
    ("flag", "validity", "reason"),
    [
        ("DEMO", Validity.INVALID, "demonstration data"),
        ("H~DEMO", Validity.INVALID, "demonstration data"),
        ("INV", Validity.INVALID, "marked invalid"),
        ("demo^INV", Validity.INVALID, "demonstration data"),
        ("QUES", Validity.QUESTIONABLE, "marked questionable"),
        ("BUSY", Validity.ONGOING, "measuring"),
        ("H", Validity.VALID, ""),
        ("LL~ALACT", Validity.VALID, ""),
    ],
)
def test_flags(flag, validity, reason):
    found = Receiver().one(row(flag=flag))
    assert (found.validity, found.reason) == (validity, reason)
    assert (found.value is None) == (validity not in {Validity.VALID, Validity.QUESTIONABLE})


@pytest.mark.parametrize(
    ("status", "validity"),
    [
        ("R", Validity.VALID),
        ("F", Validity.VALID),
        ("", Validity.VALID),
        ("X", Validity.INVALID),
        ("P", Validity.QUESTIONABLE),
        ("Z", Validity.QUESTIONABLE),
        ("W", Validity.INVALID),
    ],
)
def test_statuses(status, validity):
    assert Receiver().one(row(status=status)).validity is validity


@pytest.mark.parametrize(("mode", "reason"), [("T", "training data"), ("D", "debugging data")])
def test_a_message_that_is_no_patient_s(mode, reason):
    assert Receiver().one(SPO2_ROW, mode=mode).reason == reason
    assert Receiver().pumps(message(*pump_rows(), mode=mode)) == []


@pytest.mark.parametrize(
    ("code", "value", "unit", "metric", "expected"),
    [
        ("150344", "98.6", "268160^MDC_DIM_FAHR^MDC", TEMPERATURE, 37.0),
        ("150344", "37", "X^degC", TEMPERATURE, 37.0),
        ("151708", "5.1", "kPa", ETCO2, 38.25),
        ("151708", "38", "^^^^mm[Hg]^UCUM", ETCO2, 38.0),
        ("150456", "97", "%", SPO2, 97.0),
    ],
)
def test_units_by_table(code, value, unit, metric, expected):
    found = Receiver().one(row(code, value, unit))
    assert (found.metric, found.value) == (metric, pytest.approx(expected, abs=0.01))


@pytest.mark.parametrize(
    ("code", "unit"), [("150456", ""), ("150456", "999999^FURLONG"), ("151708", "262688^%"), ("150456", "266016^mmHg")]
)
def test_an_unknown_unit_is_refused_for_that_row_and_counted(code, unit):
    receiver = Receiver()
    assert [n.metric for n in receiver.numerics(message(row(code, "50", unit), HR_ROW))] == [HEART_RATE]
    assert receiver.protocol.bad_frames == 1


def test_a_code_that_contradicts_itself_is_refused_and_counted():
    receiver = Receiver()
    assert receiver.numerics(message(cuff(code="150301", place="1.1.9.150302"))) == []
    assert receiver.protocol.bad_frames == 1


def test_codes_nobody_knows_are_passed_over_in_silence():
    receiver = Receiver()
    assert receiver.take(message(row("2279", system="99COMEN"), row("999999"), row("150456", system="99X"))) == []
    assert receiver.protocol.bad_frames == 0


@pytest.mark.parametrize(
    ("system", "code", "unit", "metric"),
    [
        ("LN", "59408-5", "%", SPO2),
        ("LN", "8867-4", "/min", HEART_RATE),
        ("EHC", "327680", "%", SPO2),
        ("EHC", "131072", "bpm", HEART_RATE),
        ("MDIL", "0002-4bb8", "0004-0220^%^MDIL", SPO2),
        ("MDIL", "0002-4BB8", "0004-0220^%^MDIL", SPO2),
        ("", "150456", "%", SPO2),
    ],
)
def test_other_coding_systems(system, code, unit, metric):
    assert Receiver().one(row(code, "80", unit, system=system, place="1.1.1")).metric is metric


def test_impossible_numbers_are_no_readings():
    assert Receiver().one(row("150344", "384.5", "268192^C")).reason == "384.5 cannot be a reading"
    assert Receiver().one(row(value="0")).validity is Validity.INVALID


# times


def test_a_cuff_reading_keeps_its_time_however_often_it_is_told():
    receiver = Receiver()
    first = receiver.one(cuff(time="20260301074500+0000"), number="1")
    assert first.measured_at == START.plus(1 - 900)
    later = receiver.numerics(message(cuff(time="20260301074500+0000"), number="2", sent="20260301080007+0000"), after_s=7.4)[0]
    assert later.measured_at == first.measured_at
    assert later.validity is Validity.VALID
    assert later.interval_s > 60


def test_a_cuff_reading_without_a_time_of_its_own_says_so():
    found = Receiver().one(cuff(), observed="20260301080000+0000")
    assert (found.value, found.validity, found.measured_at) == (120, Validity.QUESTIONABLE, None)
    assert found.reason == "time of measurement not told"


def test_a_cuff_reading_from_the_future_is_not_believed():
    found = Receiver().one(cuff(time="20260301090000+0000"))
    assert (found.value, found.reason) == (None, "reading of unknown age")


def test_the_age_is_the_sender_s_difference_whatever_its_clock_says():
    found = Receiver().one(cuff(time="20110101000000"), sent="20110101001000")
    assert found.measured_at == START.plus(1 - 600)


def test_a_batch_tells_its_age_by_the_group_and_an_old_one_is_no_present_value():
    assert Receiver().one(SPO2_ROW, observed="20260301075926+0000").measured_at == START.plus(1 - 34)
    old = Receiver().one(SPO2_ROW, observed="20260301075000+0000")
    assert (old.value, old.reason) == (None, "measured too long ago")


def test_how_often_it_comes_is_learnt():
    receiver = Receiver()
    intervals = []
    for second in range(0, 50, 5):
        sent = f"202603010800{second:02d}+0000"
        intervals += [n.interval_s for n in receiver.numerics(message(SPO2_ROW, sent=sent), after_s=5)]
    assert intervals[0] == 10
    assert intervals[1:] == [5.0] * 9


def test_a_repeated_message_is_answered_again_and_not_told_again():
    receiver = Receiver()
    assert len(receiver.take(message(SPO2_ROW, number="7"))) == 1
    assert receiver.take(message(SPO2_ROW, number="7")) == []
    assert [b"MSA|AA|7\r" in sent for sent in receiver.protocol.outgoing(receiver.now)] == [True, True]
    assert len(receiver.take(message(SPO2_ROW, number="7", sent="20260301080002+0000"))) == 1


def test_a_sender_without_times_is_not_taken_for_one_that_repeats_itself():
    receiver = Receiver()
    assert [len(receiver.take(message(SPO2_ROW, sent=""))) for _ in range(3)] == [1, 1, 1]


def test_a_message_that_comes_late_replaces_nothing():
    receiver = Receiver()
    receiver.take(message(SPO2_ROW, number="1", sent="20260301080030+0000"))
    assert receiver.take(message(row(value="80"), number="2", sent="20260301080000+0000")) == []
    late_pump = receiver.take(message(*pump_rows(), number="3", sent="20260301080001+0000"))
    assert late_pump == []
    assert len(receiver.take(message(row(value="96"), number="4", sent="20260301080033+0000"))) == 1


def test_a_reading_older_than_the_one_told_replaces_nothing():
    receiver = Receiver()
    assert receiver.one(cuff("120", time="20260301075500+0000"), number="1").value == 120
    assert receiver.take(message(cuff("99", time="20260301075000+0000"), number="2", sent="20260301080001+0000")) == []


def test_a_cuff_that_found_nothing_does_not_make_the_next_reading_old():
    receiver = Receiver()
    receiver.take(message(cuff("-999", time="20260301080000+0000"), number="1"))
    assert receiver.one(cuff("118", time="20260301075950+0000"), number="2", sent="20260301080005+0000").value == 118


def test_a_clock_that_was_set_back_costs_ten_seconds_and_no_more():
    receiver = Receiver()
    receiver.take(message(SPO2_ROW, sent="20260301090000+0000"))
    told = []
    for second in range(0, 30, 2):
        sent = f"202603010800{second:02d}+0000"
        told += [second for _ in receiver.numerics(message(SPO2_ROW, sent=sent), after_s=2)]
    assert told == list(range(10, 30, 2))


# channels and beds


def test_two_probes_of_one_metric_are_two_channels_that_stay():
    receiver = Receiver()
    first, second = row("150344", "36.5", "268192^C", place="1.2.1.150344"), row("150344", "31.0", "268192^C", place="1.2.2.150344")
    assert [(n.value, n.channel) for n in receiver.numerics(message(first, second))] == [(36.5, ""), (31.0, "1.2.2.150344")]
    alone = receiver.numerics(message(second, sent="20260301080001+0000"))
    assert [n.channel for n in alone] == ["1.2.2.150344"]


@pytest.mark.parametrize(
    "other",
    [
        {"bed": "ICU^^2"},
        {"patient": "P2"},
        {"sender": "MON^0099^EUI-64"},
    ],
)
def test_a_second_bed_patient_or_monitor_ends_belief_in_both(other):
    receiver = Receiver()
    ours = {"bed": "ICU^^1", "patient": "P1"}
    receiver.take(message(SPO2_ROW, *pump_rows(), **ours))
    told = receiver.take(message(row(value="80"), **{**ours, **other}))
    assert [(o.metric, o.value, o.validity) for o in told if isinstance(o, Numeric)] == [(SPO2, None, Validity.INVALID)]
    assert [o.state for o in told if isinstance(o, PumpStatus)] == [PumpState.UNKNOWN]
    (alert,) = [o for o in told if isinstance(o, DeviceAlert)]
    assert (alert.active, alert.technical) == (True, True)
    assert "P2" not in alert.text
    assert receiver.take(message(SPO2_ROW, **ours, sent="20260301080009+0000")) == []


def test_what_is_left_out_agrees_with_everything():
    receiver = Receiver()
    for number, head in enumerate(({}, {"bed": "ICU^^1"}, {"patient": "P1"}, {"bed": "^^&"}, {"patient": "^^^Hospital^PI"}, {"bed": '""'})):
        assert len(receiver.numerics(message(SPO2_ROW, number=str(number), **head))) == 1


def test_a_pump_gateway_beside_the_monitor_is_no_second_bed():
    receiver = Receiver()
    receiver.take(message(SPO2_ROW, patient="P1"))
    unknown = message(*pump_rows(), sender="GATEWAY^01^EUI-64", patient="Unknown Patient" + "|" * 28 + "Y")
    assert len(receiver.pumps(unknown)) == 1


def test_no_name_or_number_of_a_patient_is_told():
    receiver = Receiver()
    told = receiver.take(message(SPO2_ROW, *pump_rows(), patient="MRN12345^^^H||DOE^JANE", bed="ICU^^7"))
    text = repr(told) + receiver.protocol.identity + repr(receiver.protocol.outgoing(receiver.now))
    assert not any(word in text for word in ("MRN12345", "DOE", "ICU"))
