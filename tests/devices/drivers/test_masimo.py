"""Masimo lines: the printed and the captured ones give the printed numbers, held numbers are no readings, every bit has its words."""

from __future__ import annotations

import json

import pytest

from clinical.metrics import PERFUSION_INDEX, PULSE_RATE, SPO2
from clinical.observations import DeviceAlert, Numeric, Validity
from devices.drivers.masimo.frames import LIVE_NEEDS, parse
from devices.drivers.masimo.mapping import ALARMS, DOUBTFUL, EXCEPTIONS, INVALIDATING
from devices.drivers.masimo.protocol import MasimoProtocol
from devices.drivers.masimo.simulator import MasimoSimulator
from tests.devices.drivers.oximeter_lines import CAPTURES, Finger, numbers, vectors
from tests.devices.fake_rack import START, Bench, only

DOCUMENTED = json.loads((CAPTURES / "masimo" / "documented.json").read_text(encoding="utf-8"))
LIVE = "02/03/26 08:00:00 SN=0000012345 SPO2={spo2}% BPM={pulse} PI={pi}% ALARM={alarm} EXC={exc}"


def line(spo2="098", pulse="072", pi="02.00", alarm="0000", exc="000800"):
    return LIVE.format(spo2=spo2, pulse=pulse, pi=pi, alarm=alarm, exc=exc)


def hear(*lines, variant="", end="\r\n"):
    protocol = MasimoProtocol(variant)
    return protocol, list(protocol.receive("".join(text + end for text in lines).encode(), START))


def latest(told):
    return {metric: (value, validity, reason) for metric, value, validity, reason in numbers(Numeric, told)}


def alerts(told):
    return [(alert.code, alert.active) for alert in only(DeviceAlert, told)]


@pytest.mark.parametrize("case", DOCUMENTED["live"], ids=lambda case: case["origin"])
def test_the_printed_lines(case):
    record = parse(case["line"])
    assert {name: getattr(record, name) for name in ("spo2", "pulse", "perfusion", "alarm", "exceptions")} == {
        name: case[name] for name in ("spo2", "pulse", "perfusion", "alarm", "exceptions")
    }


def test_the_captured_lines():
    rows = json.loads(vectors("masimo", "masimo_lines.json").read_text(encoding="utf-8"))["ascii1"]
    protocol = MasimoProtocol()
    for row in rows:
        told = protocol.receive(row["line"].encode() + b"\n\r", START)
        record = parse(row["line"])
        assert (record.spo2, record.pulse) == (row["expect"]["spo2"], row["expect"]["pr"])
        if "pi" in row["expect"]:
            assert record.perfusion == row["expect"]["pi"]
        values = {metric: (value, validity) for metric, value, validity, _ in numbers(Numeric, told)}
        if "sensor off" in row["expect"].get("exc", ()) or record.spo2 is None:
            assert values[SPO2] == (None, Validity.INVALID)
        else:
            assert values[SPO2][0] == record.spo2
    assert protocol.bad_frames == 0


@pytest.mark.parametrize("case", DOCUMENTED["trend"], ids=lambda case: case["reason"])
def test_the_printed_trend_lines_tell_of_their_own_time(case):
    protocol, told = hear(case["line"], variant="trend")
    expected = {None: Validity.INVALID, 96: Validity.QUESTIONABLE}[case["spo2"]]
    assert latest(told)[SPO2] == (case["spo2"], expected, case["reason"])
    assert latest(told)[PULSE_RATE][0] == case["pulse"]
    assert {seen.measured_at.iso() for seen in only(Numeric, told)} == {f"2004-07-21T09:56:{case['second']:02d}.000Z"}
    assert {seen.at for seen in only(Numeric, told)} == {START}
    assert protocol.bad_frames == 0


def test_a_trend_download_on_a_line_that_is_watched_gives_no_number_and_says_why():
    trend = [case["line"] for case in DOCUMENTED["trend"]]
    protocol, told = hear(*trend)
    assert set(latest(told).values()) == {(None, Validity.NOT_AVAILABLE, "sends its memory")}
    assert alerts(told) == [("TREND", True)]
    assert protocol.bad_frames == 0
    told = protocol.receive(line().encode() + b"\r\n", START)
    assert alerts(told) == [("TREND", False)]
    assert latest(told)[SPO2][0] == 98.0


def test_a_trend_line_with_an_impossible_date_is_damage():
    protocol, told = hear(
        "", "07/21/04 09:56:10 SpO2=096 PR=074 PI=02.28 EXC=800:SET", "13/41/04 09:56:12 SpO2=096 PR=074 PI=02.28 EXC=800:SET"
    )
    assert (protocol.bad_frames, alerts(told)) == (1, [("TREND", True)])


def test_numbers_held_with_the_sensor_off_are_no_readings():
    _, told = hear(line(spo2="098", pulse="101", pi="--.--", alarm="0010", exc="000824"))
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE, PERFUSION_INDEX), (None, Validity.INVALID, "sensor off"))
    assert ("ALARM-technical", True) in alerts(told)


@pytest.mark.parametrize("bit", INVALIDATING)
def test_what_the_device_cannot_measure_by_is_no_reading(bit):
    _, told = hear(line(exc=f"{bit | 0x800:06X}"))
    value, validity, reason = latest(told)[SPO2]
    assert (value, validity) == (None, Validity.INVALID)
    assert INVALIDATING[bit].text.endswith(reason)


@pytest.mark.parametrize("bit", DOUBTFUL)
def test_what_makes_a_number_doubtful_leaves_it(bit):
    _, told = hear(line(exc=f"{bit | 0x800:06X}"))
    assert latest(told)[SPO2][:2] == (98.0, Validity.QUESTIONABLE)


@pytest.mark.parametrize(("field", "table", "prefix"), [("alarm", ALARMS, "ALARM"), ("exc", EXCEPTIONS, "EXC")])
def test_every_bit_comes_and_goes_as_an_alert_of_its_own_or_as_unknown(field, table, prefix):
    for place in range(32):
        bit = 1 << place
        if (prefix, bit) == ("EXC", 0x800):
            continue
        protocol, told = hear(line(**{field: f"{bit:08X}"}))
        codes = [code for code, active in alerts(told) if active]
        assert f"{prefix}-{bit:X}" in codes
        row = next(alert for alert in only(DeviceAlert, told) if alert.code == f"{prefix}-{bit:X}")
        assert (f"unknown code 0x{bit:X}" in row.text) == (bit not in table)
        gone = alerts(protocol.receive(line().encode() + b"\r\n", START))
        assert sorted(gone) == sorted((code, False) for code in codes)


def test_an_unknown_exception_makes_the_number_doubtful():
    _, told = hear(line(exc="00000A00"))
    assert latest(told)[SPO2] == (98.0, Validity.QUESTIONABLE, "unknown code 0x200")


def test_the_second_exception_word_is_never_dropped():
    _, told = hear(line() + " EXC1=00000005")
    assert alerts(told) == [("EXC1-1", True), ("EXC1-4", True)]


def test_the_normal_word_is_no_alert():
    assert alerts(hear(line())[1]) == []
    assert latest(hear(line())[1])[SPO2] == (98.0, Validity.VALID, "")


def test_an_active_alarm_is_technical_unless_a_limit_is_crossed():
    assert [code for code, _ in alerts(hear(line(alarm="0010"))[1])] == ["ALARM-10", "ALARM-technical"]
    assert [code for code, _ in alerts(hear(line(alarm="0038"))[1])] == ["ALARM-8", "ALARM-10", "ALARM-20"]


@pytest.mark.parametrize(("spo2", "pulse", "metric"), [("000", "072", SPO2), ("098", "000", PULSE_RATE), ("101", "072", SPO2)])
def test_a_zero_and_an_impossible_number_are_no_readings(spo2, pulse, metric):
    assert latest(hear(line(spo2=spo2, pulse=pulse))[1])[metric][:2] == (None, Validity.INVALID)


@pytest.mark.parametrize("end", ["\r\n", "\n\r", "\n", "\r", "\r\n\r\n\0\0"])
def test_lines_end_in_many_ways_and_blank_ones_are_nothing(end):
    protocol, told = hear(line(), line(), end=end)
    assert len(only(Numeric, told)) == 6
    assert protocol.bad_frames == 0


def test_a_first_line_that_was_joined_in_its_middle_is_no_damage_and_a_garbled_one_is():
    assert hear(line()[40:], line())[0].bad_frames == 0
    assert hear("\xff\xfe" + line()[40:], line())[0].bad_frames == 1
    assert hear(line(), line()[40:], line())[0].bad_frames == 1


@pytest.mark.parametrize("lost", range(len(line())))
def test_a_line_cut_anywhere_before_its_last_word_is_damage(lost):
    """Its last word may itself be cut short and read as another: that is what a line without a check sum cannot show."""
    cut = line()[:lost]
    record = parse(cut)
    assert record is None or cut.rindex("EXC=") + 6 <= lost


@pytest.mark.parametrize("key", sorted(LIVE_NEEDS))
def test_a_field_that_is_missing_twice_or_unreadable_is_damage(key):
    fields = line().split(" ")
    place = next(place for place, field in enumerate(fields) if field.startswith(f"{key}="))
    assert parse(" ".join(fields)) is not None
    assert parse(" ".join(fields[:place] + fields[place + 1 :])) is None
    assert parse(" ".join([*fields, fields[place]])) is None
    assert parse(" ".join([*fields[:place], f"{key}=9x", *fields[place + 1 :]])) is None


def test_identity_is_the_serial_number_where_it_is_told():
    assert hear(line())[0].identity == "Masimo (ASCII 1, serial number 0000012345)"
    assert hear(DOCUMENTED["live"][1]["line"])[0].identity == "Masimo (ASCII 1)"
    assert MasimoProtocol().identity == ""


def test_the_finger_s_numbers_arrive_each_second():
    finger = Finger()
    bench = Bench(finger, MasimoSimulator(finger), MasimoProtocol())
    finger.read(93.4, 151.2, 1.27)
    told = only(Numeric, bench.run(10.5))
    assert numbers(Numeric, told[-3:]) == [
        (SPO2, 93.0, Validity.VALID, ""),
        (PULSE_RATE, 151.0, Validity.VALID, ""),
        (PERFUSION_INDEX, 1.27, Validity.VALID, ""),
    ]
    assert [seen.at.since(START) for seen in told if seen.metric is SPO2] == [float(second) for second in range(1, 11)]


def test_the_simulator_holds_its_numbers_with_the_finger_off():
    """So that what is told of held numbers is tried on the wire."""
    finger = Finger()
    bench = Bench(finger, MasimoSimulator(finger), MasimoProtocol())
    bench.run(3.5)
    finger.off()
    bench.run(20.0)
    said = [parse(data.decode().strip()) for _, data in bench.heard]
    assert [record.spo2 for record in said[3:8]] == [97] * 5
    assert all(record.exceptions & 0x20 for record in said[3:])
    assert said[-1].spo2 is None
