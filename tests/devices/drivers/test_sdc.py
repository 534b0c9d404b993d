"""SDC reports: strict reading, worth and age, waveforms, alerts, what is never sent, and the simulated device end to end."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_SYS,
    PLETH,
    PULSE_RATE,
    SPO2,
    TEMPERATURE,
)
from clinical.observations import DeviceAlert, LinkStatus, Numeric, Priority, Validity, WaveformBlock
from devices.driver import CuffReading, Proof
from devices.drivers.sdc import DRIVER
from devices.drivers.sdc.documents import DocumentError, parse, seconds_of
from devices.drivers.sdc.frames import HEAD, LONGEST, MARK, Deframer, framed
from devices.drivers.sdc.simulated_documents import NAMESPACES, SEQUENCE, description, metric_state, report
from devices.transports.capture import Mark, read_chunks
from tests.devices.fake_bedside import START, FakeBedside

CAPTURE = Path(__file__).parents[2] / "captures" / "sdc" / "simulated.capture"
MS = START.utc_ns // 1_000_000


class Wire:
    def __init__(self):
        self.bedside = FakeBedside()
        self.protocol = DRIVER.protocol("")
        self.simulator = DRIVER.simulator(self.bedside, "")

    def run(self, seconds, step=0.25):
        end, told = self.bedside.now.plus(seconds), []
        while self.bedside.now < end:
            told += self.protocol.receive(self.simulator.outgoing(self.bedside.now), self.bedside.now)
            assert self.protocol.outgoing(self.bedside.now) == ()
            self.bedside.now = self.bedside.now.plus(step)
        return told


def last(told, metric):
    return [o for o in told if isinstance(o, Numeric) and o.metric is metric][-1]


def blocks(told, metric):
    return [o for o in told if isinstance(o, WaveformBlock) and o.metric is metric]


# frames and documents


def recorded(seconds=3.0):
    bedside = FakeBedside()
    simulator = DRIVER.simulator(bedside, "")
    said = b""
    for _ in range(int(seconds * 4)):
        said += simulator.outgoing(bedside.now)
        bedside.now = bedside.now.plus(0.25)
    return said


STREAM = b"noise" + recorded() + b"SDC" + recorded(0.5)


def heard(data, cuts=()):
    protocol = DRIVER.protocol("")
    told = []
    for start, end in pairwise([0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]):
        told += protocol.receive(data[start:end], START)
    shown = [
        (o.metric, o.value, o.validity) if isinstance(o, Numeric) else tuple(getattr(o, "steps", ()))
        for o in told
        if not isinstance(o, LinkStatus)
    ]
    return shown, protocol.bad_frames, protocol.identity


def test_one_byte_at_a_time():
    assert heard(STREAM, range(len(STREAM))) == heard(STREAM)
    assert heard(STREAM)[1:] == (2, "Bedside simulated SDC monitor")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 100_000), max_size=30))
def test_any_split_gives_the_same(cuts):
    assert heard(STREAM, cuts) == heard(STREAM)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_never_raised_and_after_it_the_next_document_is_read(noise):
    deframer = Deframer()
    deframer.push(noise)
    assert deframer.push(framed(b"<a/>")) == [b"<a/>"]


@pytest.mark.parametrize("seed", range(3))
def test_damaged_documents_are_counted_and_never_raised(seed):
    chance = random.Random(seed)
    protocol = DRIVER.protocol("")
    document = description(metric_state("spo2", 97, 0, MS))
    for _ in range(150):
        broken = bytearray(document)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.choice(b'<>"/= &xP0.9\xff')
        protocol.receive(framed(bytes(broken)), START)
    assert protocol.bad_frames > 50


def test_a_length_that_cannot_be_is_noise():
    deframer = Deframer()
    assert deframer.push(HEAD.pack(MARK, LONGEST + 1, (LONGEST + 1) ^ 0xFFFFFFFF, 0) + framed(b"<a/>")) == [b"<a/>"]
    assert deframer.bad_frames == 1


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<a",
        b"<a></b>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><a/>',
        b"<a><!-- comment --></a>",
        b"<a>&undeclared;</a>",
        "<a/>".encode("utf-16"),
        b"<a>\xff</a>",
        b'<a MdibVersion="x"/>',
    ],
)
def test_what_is_no_document(document):
    with pytest.raises(DocumentError):
        parse(document)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT1S", 1), ("PT0.005S", 0.005), ("PT1M30S", 90), ("PT2H", 7200), ("P1D", None), ("PT", None), ("PT0S", None), ("", None)],
)
def test_durations(text, seconds):
    assert seconds_of(text) == seconds


# worth and age


def told_of(*states, described=()):
    protocol = DRIVER.protocol("")
    protocol.receive(framed(description("".join(described))), START)
    return protocol, protocol.receive(framed(report("EpisodicMetricReport", 1, "".join(states))), START)


@pytest.mark.parametrize(
    ("quality", "validity", "reason"),
    [
        ('Validity="Vld"', Validity.VALID, ""),
        ('Validity="Qst"', Validity.QUESTIONABLE, "marked questionable"),
        ('Validity="Calib"', Validity.INVALID, "calibrating"),
        ('Validity="Oflw"', Validity.INVALID, "above the range"),
        ('Validity="NA"', Validity.NOT_AVAILABLE, "no value"),
        ('Validity="Ong"', Validity.ONGOING, "measuring"),
        ('Validity="New"', Validity.INVALID, "validity not told"),
        ('Validity="Vld" Mode="Demo"', Validity.INVALID, "demonstration data"),
        ('Validity="Vld" Mode="Test"', Validity.INVALID, "test data"),
    ],
)
def test_quality_and_mode(quality, validity, reason):
    state = metric_state("spo2", 97, 0, MS).replace('Validity="Vld"', quality)
    (found,) = told_of(state)[1]
    assert (found.validity, found.reason) == (validity, reason)
    assert (found.value is None) == (validity not in {Validity.VALID, Validity.QUESTIONABLE})


@pytest.mark.parametrize(
    ("activation", "validity"), [("Off", Validity.NOT_AVAILABLE), ("Fail", Validity.INVALID), ("Odd", Validity.QUESTIONABLE)]
)
def test_a_sensor_that_is_not_on(activation, validity):
    (found,) = told_of(metric_state("spo2", 97, 0, MS).replace('ActivationState="On"', f'ActivationState="{activation}"'))[1]
    assert found.validity is validity


def test_a_setting_is_no_reading_and_an_unknown_unit_is_counted():
    protocol = DRIVER.protocol("")
    text = description(metric_state("spo2", 97, 0, MS) + metric_state("hr", 72, 0, MS)).decode()
    set_value = text.replace('Handle="spo2" MetricCategory="Msrmt"', 'Handle="spo2" MetricCategory="Set"')
    assert [o.metric for o in protocol.receive(framed(set_value.encode()), START)] == [HEART_RATE]
    strange = text.replace('<pm:Unit Code="262688"/>', '<pm:Unit Code="1"/>', 1)
    assert [o.metric for o in protocol.receive(framed(strange.encode()), START)] == [HEART_RATE]
    assert protocol.bad_frames == 1


def test_units_are_converted():
    protocol = DRIVER.protocol("")
    head, mark, tail = description(metric_state("etco2", 5, 1, MS)).decode().partition(' Handle="etco2"')
    (found,) = protocol.receive(framed((head + mark + tail.replace("266016", "265987", 1)).encode()), START)
    assert (found.metric, found.value) == (ETCO2, pytest.approx(37.5, abs=0.01))


def test_the_cuff_s_age_is_against_the_newest_value_of_the_device():
    states = (metric_state("nibp-sys", 120, 0, MS - 900_000), metric_state("spo2", 97, 0, MS))
    cuff, spo2 = told_of(*states)[1]
    assert (cuff.value, cuff.measured_at) == (120, START.plus(-900))
    assert (spo2.value, spo2.measured_at) == (97, None)


def test_a_cuff_alone_has_no_known_age():
    (cuff,) = told_of(metric_state("nibp-sys", 120, 0, MS))[1]
    assert (cuff.validity, cuff.measured_at) == (Validity.QUESTIONABLE, None)


def test_an_old_continuous_value_is_no_present_one():
    old, _ = told_of(metric_state("hr", 72, 0, MS - 600_000), metric_state("spo2", 97, 0, MS))[1]
    assert (old.value, old.reason) == (None, "measured too long ago")


def test_reports_from_before_the_description_or_of_another_life_are_passed_over():
    protocol = DRIVER.protocol("")
    late = description("").replace(b'MdibVersion="0"', b'MdibVersion="7"')
    protocol.receive(framed(late), START)
    state = metric_state("spo2", 97, 0, MS)
    assert protocol.receive(framed(report("EpisodicMetricReport", 7, state)), START) == []
    other = report("EpisodicMetricReport", 8, state).replace(SEQUENCE.encode(), b"urn:uuid:other")
    assert protocol.receive(framed(other), START) == []
    assert len(protocol.receive(framed(report("EpisodicMetricReport", 8, state)), START)) == 1


def test_impossible_numbers_are_no_readings():
    (found,) = told_of(metric_state("spo2", 140, 0, MS))[1]
    assert (found.value, found.reason) == (None, "140 cannot be a reading")


def test_samples_too_great_for_the_device_s_own_step_keep_their_values():
    protocol = DRIVER.protocol("")
    protocol.receive(framed(description("")), START)
    value = '<pm:MetricValue Samples="30000 -15000 x 7"><pm:MetricQuality Validity="Vld"/></pm:MetricValue>'
    state = f'<msg:State DescriptorHandle="pleth">{value}</msg:State>'
    wave = f'<msg:WaveformStream {NAMESPACES} SequenceId="{SEQUENCE}" MdibVersion="1">{state}</msg:WaveformStream>'
    (block,) = protocol.receive(framed(wave.encode()), START)
    values = block.values()
    assert values[[0, 1, 3]] == pytest.approx([30000, -15000, 7], abs=1)
    assert np.isnan(values[2])


# the simulated device


def test_every_number_arrives_each_second():
    told = Wire().run(10)
    expected = {HEART_RATE: 72, SPO2: 97, PULSE_RATE: 71, ETCO2: 38, FICO2: 0, CO2_RESP_RATE: 14, TEMPERATURE: 36.8}
    assert {metric: last(told, metric).value for metric in expected} == expected
    moments = [o.at.since(START) for o in told if isinstance(o, Numeric) and o.metric is HEART_RATE]
    assert moments == list(range(10))


def test_a_cuff_measurement_from_nothing_to_old_age():
    wire = Wire()
    assert last(wire.run(1), NIBP_SYS).validity is Validity.NOT_AVAILABLE
    wire.bedside.cuff_inflating = True
    assert last(wire.run(2), NIBP_SYS).validity is Validity.ONGOING
    measured = wire.bedside.now
    wire.bedside.cuff, wire.bedside.cuff_inflating = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=measured), False
    told = wire.run(60, step=1)
    assert [last(told, m).value for m in (NIBP_SYS, NIBP_DIA, NIBP_MEAN)] == [121, 79, 93]
    assert last(told, NIBP_SYS).measured_at.since(measured) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("metric", "rate", "step"), [(ECG_II, 200, 0.001), (PLETH, 100, 0.0001), (CO2, 40, 0.01)])
def test_waves_are_whole_even_and_true(metric, rate, step):
    wire = Wire()
    found = blocks(wire.run(10), metric)
    assert sum(len(block.steps) for block in found) == pytest.approx(10 * rate, abs=rate / 4)
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(found))
    sent = wire.bedside.samples(metric, found[0].at, len(found[0].steps), float(rate))
    assert np.abs(found[0].values() - sent).max() <= step


def test_a_sensor_off_is_an_invalid_number_and_an_alert_that_goes():
    wire = Wire()
    wire.run(1)
    wire.bedside.off.add(SPO2)
    told = wire.run(2)
    assert (last(told, SPO2).value, last(told, SPO2).validity) == (None, Validity.INVALID)
    assert [(o.code, o.text, o.priority, o.active, o.technical) for o in told if isinstance(o, DeviceAlert)] == [
        ("MDC:0@probe-off", "SpO2 sensor off", Priority.MEDIUM, True, True)
    ]
    wire.bedside.off.clear()
    assert [(o.code, o.active) for o in wire.run(2) if isinstance(o, DeviceAlert)] == [("MDC:0@probe-off", False)]


def test_an_alarm_of_the_patient_is_physiological():
    wire = Wire()
    wire.bedside.values[CO2_RESP_RATE, ""] = 0.0
    (alert,) = [o for o in wire.run(3) if isinstance(o, DeviceAlert)]
    assert (alert.text, alert.priority, alert.technical) == ("Apnoea", Priority.HIGH, False)


def test_a_late_caller_gets_no_flood():
    wire = Wire()
    wire.run(2)
    wire.bedside.now = wire.bedside.now.plus(3600)
    assert len(wire.simulator.outgoing(wire.bedside.now)) < 400_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_nothing_may_be_sent(message):
    assert not DRIVER.may_send(message)


def test_it_says_what_its_library_s_makers_say():
    assert DRIVER.proof is Proof.UNVERIFIED
    assert "not intended for use in medical products, clinical trials, clinical studies, or in clinical routine" in DRIVER.standing


def test_the_capture_is_read_whole():
    protocol, told = DRIVER.protocol(""), []
    for chunk in read_chunks(CAPTURE, raw_baud=115_200):
        if chunk.mark is Mark.RECEIVED:
            told += protocol.receive(chunk.data, chunk.at)
    assert protocol.bad_frames == 0
    assert last(told, HEART_RATE).validity is Validity.VALID
    assert last(told, NIBP_SYS).value is not None or last(told, NIBP_SYS).validity is Validity.ONGOING
    assert sum(len(block.steps) for block in blocks(told, PLETH)) > 900
