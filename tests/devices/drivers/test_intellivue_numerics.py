"""Numerics: FLOAT, units, measurement states, and the cuff's own time."""

from __future__ import annotations

import math

import pytest

from clinical.metrics import ETCO2, HEART_RATE, NIBP_PULSE_RATE, NIBP_SYS, PERFUSION_INDEX, PULSE_RATE, SPO2, TEMPERATURE
from clinical.observations import DeviceAlert, Numeric, Priority, Validity
from devices.drivers.intellivue.attributes import NRES, date_of, float_of, float_word
from devices.drivers.intellivue.frames import framed
from devices.drivers.intellivue.protocol import IntellivueProtocol
from tests.devices.drivers.intellivue_messages import (
    BPM,
    CELSIUS,
    FAHRENHEIT,
    KPA,
    MMHG,
    NAN,
    NONE,
    PERCENT,
    cuff,
    established,
    numeric,
    numerics,
    stamp,
    told,
)
from tests.devices.fake_bedside import START


def the(observations, metric):
    return [seen for seen in observations if isinstance(seen, Numeric) and seen.metric is metric][-1]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        (0xFD007D00, 32.0),
        (0xFF000140, 32.0),
        (0x01000140, 3200.0),
        (0x02000020, 3200.0),
        (0xFF00000F, 1.5),
        (0x00FFFFFF, -1.0),
        (0xFEFE7960, -1000.0),
        (0x007FFFFE, math.inf),
        (0x00800002, -math.inf),
    ],
)
def test_float_of_the_makers_examples(word, number):
    assert float_of(word) == number


def test_float_that_is_no_number():
    assert math.isnan(float_of(NAN))
    assert float_of(0x00800000) is NRES


@pytest.mark.parametrize(("value", "decimals"), [(36.6, 1), (-40.96, 3), (0, 0), (120, 0), (8_388_605, 0), (-8_388_605, 0)])
def test_float_there_and_back(value, decimals):
    assert float_of(float_word(value, decimals)) == pytest.approx(value)


def test_a_number_too_great_for_a_float_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        float_word(9_000_000)


@pytest.mark.parametrize("raw", ["ff" * 8, "0" * 16, "2026130108000000", "20260301080000", "2026030a08000000", "2026023008000000"])
def test_times_that_are_none(raw):
    assert date_of(bytes.fromhex(raw)) is None


def test_a_plain_value():
    seen = the(told(numerics(numeric(0x4182, 60))), HEART_RATE)
    assert (seen.value, seen.validity, seen.interval_s, seen.measured_at, seen.channel, seen.reason) == (
        60,
        Validity.VALID,
        1.024,
        None,
        "",
        "",
    )


@pytest.mark.parametrize("state", [0x0080, 0x0002, 0x0001, 0x0083])
def test_states_that_lower_nothing(state):
    assert the(told(numerics(numeric(0x4182, 60, state=state))), HEART_RATE).value == 60


@pytest.mark.parametrize(
    ("state", "validity", "reason"),
    [
        (0x8000, Validity.INVALID, "invalid: sensor off?"),
        (0x8001, Validity.INVALID, "invalid: sensor off?"),
        (0x2000, Validity.NOT_AVAILABLE, "not available"),
        (0x1000, Validity.INVALID, "calibrating"),
        (0x0800, Validity.INVALID, "test data"),
        (0x0400, Validity.INVALID, "DEMO data"),
        (0x0020, Validity.ONGOING, "measuring"),
        (0x8400, Validity.INVALID, "DEMO data"),
        (0x4400, Validity.INVALID, "DEMO data"),
    ],
)
def test_a_number_that_is_shown_but_is_no_reading(state, validity, reason):
    seen = the(told(numerics(numeric(0x4182, 60, state=state))), HEART_RATE)
    assert (seen.value, seen.validity, seen.reason) == (None, validity, reason)


@pytest.mark.parametrize(("state", "reason"), [(0x4000, "questionable"), (0x0040, "early indication")])
def test_a_number_of_lesser_worth_keeps_its_value(state, reason):
    seen = the(told(numerics(numeric(0x4182, 60, state=state))), HEART_RATE)
    assert (seen.value, seen.validity, seen.reason) == (60, Validity.QUESTIONABLE, reason)


@pytest.mark.parametrize(
    ("word", "reason"),
    [(NAN, "no reading"), (0x00800000, "not at this resolution"), (0x007FFFFE, "over range"), (0x00800002, "under range")],
)
def test_special_numbers_without_a_state(word, reason):
    seen = the(told(numerics(numeric(0x4BB8, word, unit=PERCENT))), SPO2)
    assert (seen.value, seen.validity, seen.reason) == (None, Validity.INVALID, reason)


@pytest.mark.parametrize(
    ("physio", "word", "unit", "metric", "value"),
    [
        (0x50B0, 38, MMHG, ETCO2, 38.0),
        (0x50B0, 0xFF000033, KPA, ETCO2, 38.253),
        (0x4B48, 0xFF00016E, CELSIUS, TEMPERATURE, 36.6),
        (0x4B48, 0xFF0003DA, FAHRENHEIT, TEMPERATURE, 37.0),
    ],
)
def test_units_are_converted(physio, word, unit, metric, value):
    assert the(told(numerics(numeric(physio, word, unit=unit))), metric).value == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize(("physio", "unit", "metric"), [(0x50B0, PERCENT, ETCO2), (0x4182, 0x1234, HEART_RATE), (0x4BB8, BPM, SPO2)])
def test_a_unit_that_cannot_be_converted_gives_no_number(physio, unit, metric):
    seen = the(told(numerics(numeric(physio, 60, unit=unit))), metric)
    assert (seen.value, seen.validity) == (None, Validity.INVALID)
    assert f"code {unit:04x}" in seen.reason


def test_perfusion_without_a_unit_is_questionable():
    seen = the(told(numerics(numeric(0x4BB0, 0xFF000019, unit=NONE))), PERFUSION_INDEX)
    assert (seen.value, seen.validity) == (2.5, Validity.QUESTIONABLE)


def test_what_has_no_place_is_counted():
    protocol = established()
    assert protocol.receive(framed(numerics(numeric(0x4261, 0), numeric(0x4261, 0))), START) == []
    assert protocol.numerics.unmapped == {0x4261: 2}
    assert protocol.bad_frames == 0


def test_two_objects_of_one_metric_are_told_apart():
    payload = numerics(numeric(0x4822, 70, handle=0x8406), numeric(0x4822, 99, handle=0x9406))
    protocol = established()
    for _ in range(2):
        seen = [one for one in protocol.receive(framed(payload), START) if one.metric is PULSE_RATE]
        assert [(one.channel, one.value) for one in seen] == [("", 70), ("1.9406", 99)]


def test_demonstration_data_raises_an_alert_until_it_is_over():
    protocol = established()
    demo, real = framed(numerics(numeric(0x4182, 60, state=0x0400))), framed(numerics(numeric(0x4182, 60)))
    (alert,) = [one for one in protocol.receive(demo, START) if isinstance(one, DeviceAlert)]
    assert (alert.code, alert.active, alert.technical, alert.priority) == ("demo-data", True, True, Priority.HIGH)
    assert not [one for one in protocol.receive(demo + real, START.plus(1)) if isinstance(one, DeviceAlert)]
    (over,) = [one for one in protocol.receive(real, START.plus(7)) if isinstance(one, DeviceAlert)]
    assert not over.active


def nibp(protocol: IntellivueProtocol, payload: bytes, seconds: float):
    return the(protocol.receive(framed(numerics(payload)), START.plus(seconds)), NIBP_SYS)


def test_the_cuff_reading_is_dated_by_the_monitors_own_clock():
    protocol = established(date="2019052312000000")  # a monitor that is set years wrong
    seen = nibp(protocol, cuff(121, 79, 93, stamp("2019052311440000")), 60)
    assert (seen.value, seen.validity) == (121, Validity.VALID)
    assert seen.measured_at.since(START) == pytest.approx(-16 * 60)


def test_the_cuffs_pulse_is_as_old_as_its_pressures():
    payload = numerics(cuff(121, 79, 93, stamp("2026030107500000")), numeric(0xF0E5, 70, handle=0x8275))
    seen = the(established().receive(framed(payload), START), NIBP_PULSE_RATE)
    assert (seen.value, seen.measured_at) == (70, START.plus(-600))


@pytest.mark.parametrize("wrong", [(), (stamp("ff" * 8),), (stamp("2026030109000000"),), (stamp("2020030109000000"),)])
def test_a_reading_whose_time_is_not_told_is_no_reading_until_it_changes(wrong):
    protocol = established()
    for second in range(3):
        seen = nibp(protocol, cuff(121, 79, 93, *wrong), second)
        assert (seen.value, seen.validity, seen.reason) == (None, Validity.INVALID, "reading of unknown age")
    assert nibp(protocol, cuff(118, 77, 90, *wrong), 3).measured_at == START.plus(3)
    assert nibp(protocol, cuff(118, 77, 90, *wrong), 9).measured_at == START.plus(3)


def test_a_change_across_a_silence_has_no_known_time():
    protocol = established()
    nibp(protocol, cuff(121, 79, 93), 0)
    assert nibp(protocol, cuff(118, 77, 90), 30).reason == "reading of unknown age"


def test_the_same_numbers_measured_again_are_new():
    protocol = established()
    nibp(protocol, cuff(121, 79, 93), 0)
    assert nibp(protocol, cuff(121, 79, 93, state=0x0020), 1).validity is Validity.ONGOING
    assert nibp(protocol, cuff(121, 79, 93), 2).measured_at == START.plus(2)


def test_without_the_monitors_time_a_stamp_dates_nothing():
    protocol = IntellivueProtocol()
    seen = nibp(protocol, cuff(121, 79, 93, stamp("2026030108000000")), 0)
    assert seen.reason == "reading of unknown age"


def test_a_cuff_that_never_measured():
    seen = nibp(established(), cuff(NAN, NAN, NAN, stamp("2026030108000000"), state=0x2000), 0)
    assert (seen.value, seen.validity, seen.measured_at) == (None, Validity.NOT_AVAILABLE, None)
