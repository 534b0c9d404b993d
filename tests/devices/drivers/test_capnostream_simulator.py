"""Capnostream: its simulator against its protocol."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PULSE_RATE, SPO2
from clinical.observations import Numeric, Priority, Validity, WaveformBlock
from devices.drivers.capnostream import DRIVER
from devices.drivers.capnostream.frames import Reader
from devices.drivers.capnostream.protocol import CapnostreamProtocol
from devices.drivers.capnostream.requests import ENABLE, START_REAL_TIME
from tests.devices.drivers.capnostream_line import WIRE, alerts, values
from tests.devices.fake_bedside import QUIET, START, FakeBedside
from tests.devices.fake_rack import Bench, only


def bench():
    bedside = FakeBedside()
    return bedside, Bench(bedside, DRIVER.simulator(bedside, ""), DRIVER.protocol(""))


@pytest.mark.parametrize("metric", [ETCO2, FICO2, CO2_RESP_RATE, SPO2, PULSE_RATE], ids=lambda metric: metric.id)
def test_the_simulator_s_numbers_arrive_each_second(metric):
    _, line = bench()
    found = [one for one in only(Numeric, line.run(10.1)) if one.metric is metric]
    assert len(found) == 10
    assert {(one.value, one.validity) for one in found} == {(QUIET[metric, ""], Validity.VALID)}
    assert line.protocol.bad_frames == 0


def test_the_simulator_s_wave_is_whole_even_and_true():
    bedside, line = bench()
    blocks = only(WaveformBlock, line.run(20.01))
    assert sum(len(block.steps) for block in blocks) == 400
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(blocks))
    for block in blocks:
        sample = bedside.samples(CO2, block.at, len(block.steps), block.rate_hz)
        assert np.abs(block.values() - sample).max() <= 1 / 256


def test_the_simulator_s_filterline_comes_off():
    bedside, line = bench()
    line.run(3)
    bedside.off |= {CO2, ETCO2, FICO2, CO2_RESP_RATE}
    found = line.run(3)
    assert values(found)[ETCO2] == (None, Validity.INVALID, "FilterLine not connected")
    assert only(WaveformBlock, found)[-1].validity is Validity.INVALID
    assert [row[0] for row in alerts(found)] == ["fast:40"]


@pytest.mark.parametrize(
    ("metric", "value", "code"),
    [(CO2_RESP_RATE, 4.0, "co2:10"), (ETCO2, 61.0, "co2:02"), (SPO2, 84.0, "spo2:04"), (PULSE_RATE, 130.0, "spo2:08")],
)
def test_the_simulator_s_limits(metric, value, code):
    bedside, line = bench()
    bedside.values[metric, ""] = value
    assert [row[0] for row in alerts(line.run(3))] == [code]


def test_the_simulator_s_apnoea_and_sensor():
    bedside, line = bench()
    bedside.values[CO2_RESP_RATE, ""] = 0.0
    bedside.off |= {SPO2, PULSE_RATE}
    found = line.run(3)
    assert {row[0] for row in alerts(found)} == {"co2:01", "co2:10", "spo2:20"}
    assert values(found)[CO2_RESP_RATE] == (0, Validity.VALID, "")
    assert values(found)[SPO2] == (None, Validity.INVALID, "SpO₂ sensor off")


def test_the_simulator_is_silent_until_asked_and_stops_when_told():
    bedside = FakeBedside()
    device = DRIVER.simulator(bedside, "")
    assert device.due is None
    device.receive(START_REAL_TIME, START)
    assert device.due is None  # not before it was enabled
    device.receive(ENABLE + START_REAL_TIME, START)
    bedside.now = START.plus(1)
    assert [frame.code for frame in Reader().feed(device.outgoing(bedside.now))] == [4, *[0] * 20, 1]
    device.receive(WIRE["stop_real_time"], bedside.now)
    assert device.due is None


def test_the_simulator_announces_a_host_that_does_not_keep_the_line():
    bedside = FakeBedside()
    device, protocol = DRIVER.simulator(bedside, ""), CapnostreamProtocol()
    device.receive(ENABLE + START_REAL_TIME, START)
    found = []
    for step in range(1, 61):
        bedside.now = START.plus(step / 4)
        found += alerts(protocol.receive(device.outgoing(bedside.now), bedside.now))
    assert found == [("slow:10", "low-priority alarm at the monitor", Priority.LOW, True)]


def test_the_simulator_catches_up_after_a_pause_without_a_flood():
    bedside, line = bench()
    line.run(2)
    bedside.now = bedside.now.plus(60)
    assert len(line.simulator.outgoing(bedside.now)) < 2000
