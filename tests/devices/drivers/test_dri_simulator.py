"""Simulator and protocol on one virtual line: what the bedside is, the protocol tells."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE_RESP_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PLETH,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from clinical.observations import DeviceAlert, Numeric, Validity, WaveformBlock
from devices.driver import CuffReading
from devices.drivers.dri import DRIVER
from devices.drivers.dri.frames import Deframer
from devices.drivers.dri.requests import ValueKind, values_request, waves_request
from tests.devices.fake_bedside import QUIET, START, FakeBedside


class Line:
    """Both ends of the wire and the bedside, moved on together in steps of a quarter of a second."""

    def __init__(self) -> None:
        self.bedside = FakeBedside()
        self.protocol = DRIVER.protocol("")
        self.simulator = DRIVER.simulator(self.bedside, "")
        self.simulator.receive(b"".join(self.protocol.outgoing(START)), START)

    def run(self, seconds, step=0.25):
        end, told = self.bedside.now.plus(seconds), []
        while self.bedside.now < end:
            self.bedside.now = now = self.bedside.now.plus(step)
            told += self.protocol.receive(self.simulator.outgoing(now), now)
            sent = self.protocol.outgoing(now)
            assert all(DRIVER.may_send(message) for message in sent)
            self.simulator.receive(b"".join(sent), now)
        return told


def last(told, metric, channel=""):
    return [o for o in told if isinstance(o, Numeric) and o.metric is metric and o.channel == channel][-1]


def blocks(told, metric):
    return [o for o in told if isinstance(o, WaveformBlock) and o.metric is metric]


CHANNELS = {(SKIN_TEMPERATURE, "T1"): "T1", (SKIN_TEMPERATURE, "T2"): "T2", (TEMPERATURE, ""): "T3"}


@pytest.mark.parametrize("key", QUIET, ids=lambda key: key[0].id + key[1])
def test_every_number_arrives(key):
    found = last(Line().run(1), key[0], CHANNELS.get(key, ""))
    assert (found.value, found.validity) == (pytest.approx(QUIET[key], abs=0.05), Validity.VALID)


def test_values_come_each_five_seconds():
    told = Line().run(60)
    moments = [o.at.since(START) for o in told if isinstance(o, Numeric) and o.metric is HEART_RATE]
    assert moments == [0.25, *range(5, 61, 5)]


@pytest.mark.parametrize("metric", [HEART_RATE, SPO2, PULSE_RATE, ETCO2, FICO2, CO2_RESP_RATE, IMPEDANCE_RESP_RATE])
def test_a_sensor_that_is_off_gives_no_number(metric):
    line = Line()
    line.bedside.off.add(metric)
    found = last(line.run(1), metric)
    assert (found.value, found.validity) == (None, Validity.INVALID)


def test_an_ecg_that_is_off_says_so_in_number_wave_and_alert():
    line = Line()
    line.run(1)
    line.bedside.off |= {HEART_RATE, ECG_II}
    told = line.run(5)
    assert last(told, HEART_RATE).reason == "lead off"
    assert blocks(told, ECG_II)[-1].validity is Validity.INVALID
    assert [(o.code, o.active) for o in told if isinstance(o, DeviceAlert)] == [("lead-off", True)]
    line.bedside.off.clear()
    told = line.run(5)
    assert [(o.code, o.active) for o in told if isinstance(o, DeviceAlert)] == [("lead-off", False)]
    assert blocks(told, ECG_II)[-1].validity is Validity.VALID


def test_a_skin_probe_that_comes_off():
    line = Line()
    line.run(1)
    line.bedside.off.add(SKIN_TEMPERATURE)
    found = last(line.run(5), SKIN_TEMPERATURE, "T2")
    assert (found.value, found.reason) == (None, "not measuring")


def test_apnea_is_a_rate_of_zero_and_an_alert():
    line = Line()
    line.run(1)
    line.bedside.values[CO2_RESP_RATE, ""] = 0.0
    told = line.run(5)
    assert (last(told, CO2_RESP_RATE).value, last(told, CO2_RESP_RATE).validity) == (0, Validity.VALID)
    assert [o.code for o in told if isinstance(o, DeviceAlert) and o.active] == ["apnea"]


def test_asystole_is_a_rate_of_zero_and_one_alert():
    line = Line()
    line.bedside.values[HEART_RATE, ""] = 0.0
    told = line.run(5)
    assert last(told, HEART_RATE).value == 0
    assert [o.code for o in told if isinstance(o, DeviceAlert)] == ["asystole"]


def test_a_cuff_measurement_from_inflation_to_old_age():
    line = Line()
    assert last(line.run(1), NIBP_SYS).validity is Validity.INVALID
    line.bedside.cuff_inflating = True
    assert last(line.run(10), NIBP_SYS).validity is Validity.ONGOING
    measured = line.bedside.now
    line.bedside.cuff = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=measured)
    line.bedside.cuff_inflating = False
    told = line.run(10)
    assert [last(told, m).value for m in (NIBP_SYS, NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE)] == [121, 79, 93, 70]
    later = last(line.run(600), NIBP_SYS)
    assert later.validity is Validity.VALID
    assert later.measured_at.since(measured) == pytest.approx(0, abs=1.0)


def test_a_reading_from_before_the_line_gets_its_age_from_the_monitor():
    line = Line()
    line.bedside.cuff = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=START.plus(-1234))
    found = last(line.run(6), NIBP_SYS)
    assert (found.value, found.validity) == (121, Validity.VALID)
    assert found.measured_at.since(START) == pytest.approx(-1234, abs=1.0)


@pytest.mark.parametrize(("metric", "rate", "step"), [(ECG_II, 300, 0.001), (PLETH, 100, 0.0001), (CO2, 25, 0.076)])
def test_waves_are_whole_even_and_true(metric, rate, step):
    line = Line()
    found = blocks(line.run(20), metric)
    assert sum(len(block.steps) for block in found) == 20 * rate
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(found))
    assert abs(found[0].at.since(START)) <= 1 / rate  # the first packet may close up to a sample before it is sent
    sent = line.bedside.samples(metric, START, 20 * rate, rate)
    got = np.concatenate([block.values() for block in found])
    assert np.abs(got - sent).max() <= step / 2 + 1e-9


def test_a_late_caller_gets_a_gap_and_not_a_flood():
    line = Line()
    line.run(5)
    line.run(30, step=30)
    found = blocks(line.run(1), ECG_II)
    assert sum(len(block.steps) for block in found) == 300
    assert len(line.simulator.outgoing(line.bedside.now.plus(0.25))) < 1000


def test_waves_beyond_the_granted_samples_are_dropped_in_order():
    bedside = FakeBedside()
    simulator = DRIVER.simulator(bedside, "")
    simulator.receive(waves_request([1, 8, 1, 9]), START)
    bedside.now = START.plus(0.25)
    (record,) = Deframer().push(simulator.outgoing(bedside.now))
    assert [part.type for part in record.subrecords] == [1, 8]


def test_stopping_and_single_replies():
    bedside = FakeBedside()
    simulator = DRIVER.simulator(bedside, "")
    assert simulator.due is None
    assert simulator.outgoing(START) == b""
    simulator.receive(values_request(ValueKind.DISPLAYED, -1), START)
    assert simulator.due == START
    assert len(Deframer().push(simulator.outgoing(START))) == 1
    assert simulator.due is None
    for request in (values_request(ValueKind.DISPLAYED, 5), waves_request([1])):
        simulator.receive(request, START)
    assert simulator.due == START
    for request in (values_request(ValueKind.DISPLAYED, 0), waves_request([])):
        simulator.receive(request, START)
    assert simulator.due is None


def test_a_damaged_request_is_not_obeyed():
    simulator = DRIVER.simulator(FakeBedside(), "")
    request = values_request(ValueKind.DISPLAYED, 5)
    simulator.receive(request[:30] + b"\x55" + request[31:], START)
    assert simulator.due is None


def test_the_line_carries_it_at_19200_baud():
    line = Line()
    sent = 0
    for quarter in range(1, 401):
        line.bedside.now = now = START.plus(quarter / 4)
        sent += len(line.simulator.outgoing(now))
    assert sent * 11 / 100 < 0.9 * 19200  # start, eight bits, parity, stop


def test_the_same_bedside_gives_the_same_bytes():
    def wire():
        line = Line()
        return b"".join(line.simulator.outgoing(START.plus(quarter / 4)) for quarter in range(1, 80))

    assert wire() == wire()
