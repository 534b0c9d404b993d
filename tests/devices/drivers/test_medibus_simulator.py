"""The simulated Capnosat and the driver on one line: what the bedside is, the driver tells; and the manners of the wire."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PLETH, PULSE_RATE, SPO2
from clinical.observations import DeviceAlert, Numeric, Validity, WaveformBlock
from devices.drivers.medibus import DRIVER
from devices.drivers.medibus.frames import NAK, Command, Reader, Response, command, response
from devices.drivers.medibus.realtime import enable
from tests.devices.fake_bedside import QUIET, START, FakeBedside
from tests.devices.fake_rack import Bench, only


def bench():
    bedside = FakeBedside()
    return bedside, Bench(bedside, DRIVER.simulator(bedside, ""), DRIVER.protocol(""))


def last(told, metric):
    return [one for one in only(Numeric, told) if one.metric is metric][-1]


def active(told):
    return [(one.code, one.active) for one in only(DeviceAlert, told)]


@pytest.mark.parametrize("metric", [ETCO2, FICO2, CO2_RESP_RATE, SPO2, PULSE_RATE], ids=lambda metric: metric.id)
def test_every_number_arrives_each_second(metric):
    _, line = bench()
    told = [one for one in only(Numeric, line.run(20)) if one.metric is metric]
    assert {(one.value, one.validity) for one in told} == {(QUIET[metric, ""], Validity.VALID)}
    assert all(after.at.since(before.at) <= 1.2 for before, after in pairwise(told))
    assert line.protocol.bad_frames == 0


@pytest.mark.parametrize(("metric", "step"), [(CO2, 120 / 0x460), (PLETH, 0.001)])
def test_waves_are_whole_even_and_true(metric, step):
    bedside, line = bench()
    bedside.values[ETCO2, ""] = 37.0
    line.run(2)
    blocks = [block for block in only(WaveformBlock, line.run(10)) if block.metric is metric]
    assert sum(len(block.steps) for block in blocks) == pytest.approx(625, abs=8)
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(blocks))
    for block in blocks:
        true = np.clip(bedside.samples(metric, block.at, len(block.steps), block.rate_hz), -20 if metric is CO2 else 0, 100)
        assert np.abs(block.values() - true).max() <= step / 2 + 1e-9


def test_the_clip_comes_off():
    bedside, line = bench()
    line.run(3)
    bedside.off |= {SPO2, PULSE_RATE, PLETH}
    told = line.run(3)
    assert last(told, SPO2).reason == "oximeter sensor disconnected or faulty"
    assert active(told) == [("1:35", True)]
    bedside.off.clear()
    assert active(line.run(3)) == [("1:35", False)]


def test_apnoea_is_a_rate_of_zero_and_an_alarm():
    bedside, line = bench()
    line.run(3)
    bedside.values[CO2_RESP_RATE, ""] = 0.0
    told = line.run(3)
    assert last(told, CO2_RESP_RATE).value == 0
    assert active(told) == [("1:0D", True)]


@pytest.mark.parametrize(
    ("metric", "value", "code"), [(SPO2, 80.0, "1:07"), (ETCO2, 70.0, "1:28"), (ETCO2, 9.0, "1:27"), (PULSE_RATE, 140.0, "1:1E")]
)
def test_limits_alarm(metric, value, code):
    bedside, line = bench()
    bedside.values[metric, ""] = value
    assert active(line.run(3)) == [(code, True)]


def simulator():
    bedside = FakeBedside()
    return bedside, DRIVER.simulator(bedside, "")


def heard(device, bedside, seconds):
    """Every message it says in so many seconds, and when."""
    reader, found, end = Reader(), [], bedside.now.plus(seconds)
    while (due := max(device.due, bedside.now)) < end:
        bedside.now = due
        found += [(due.since(START), item) for item in reader.feed(device.outgoing(due))]
    bedside.now = end
    return found


def test_it_knocks_each_three_seconds():
    bedside, device = simulator()
    assert heard(device, bedside, 7) == [(0.0, Command(0x51)), (3.0, Command(0x51)), (6.0, Command(0x51))]


def test_it_refuses_what_is_damaged_and_echoes_what_it_does_not_know():
    bedside, device = simulator()
    device.receive(response(0x51), START)
    heard(device, bedside, 0.1)
    device.receive(b"\x1b$00\r" + command(0x6A), bedside.now)
    assert [item for _, item in heard(device, bedside, 0.1)] == [Response(0x6A), Response(NAK)]


def test_it_gives_up_a_host_that_is_silent():
    bedside, device = simulator()
    device.receive(response(0x51), START)
    said = heard(device, bedside, 5)
    assert [at for at, item in said if item == Command(0x51)] == [3.0]
    assert [at for at, item in said if item == Command(0x30)] == [2.0]


def test_it_stops_when_told_to():
    bedside, device = simulator()
    device.receive(response(0x51) + command(0x55), START)
    assert [item for _, item in heard(device, bedside, 2.9)] == [Command(0x52), Response(0x55)]


def test_a_response_is_interrupted_by_realtime_bytes():
    bedside, device = simulator()
    device.receive(command(0x51) + command(0x54, b"0601") + enable(1), START)
    bedside.now = START.plus(1.0)
    device.outgoing(bedside.now)
    device.receive(command(0x24), bedside.now)
    bedside.now = START.plus(1.2)
    said = device.outgoing(bedside.now)
    assert max(said[said.index(b"\x01") : said.index(b"\r")]) >= 0x80


def test_a_late_caller_gets_a_gap_and_not_a_flood():
    bedside, line = bench()
    line.run(5)
    bedside.now = bedside.now.plus(60)
    assert len(line.simulator.outgoing(bedside.now)) < 200


def test_it_fits_a_line_of_9600_baud():
    _, line = bench()
    line.run(60)
    assert sum(len(data) for _, data in line.heard) * 11 / 60 < 0.9 * 9600
