"""Capnostat: packets, the one message that is sent, numbers and states, the waveform and its rate, and the simulated module."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2
from clinical.observations import MISSING_SAMPLE, DeviceAlert, Numeric, Priority, Validity, WaveformBlock
from devices.drivers.capnostat import DRIVER
from devices.drivers.capnostat.alerts import BITS, NO_ALERTS, STATES
from devices.drivers.capnostat.frames import Packet, Reader, packed
from devices.drivers.capnostat.protocol import CapnostatProtocol
from devices.drivers.capnostat.requests import ALLOWED, START_WAVEFORM
from tests.devices.fake_bedside import QUIET, START, FakeBedside
from tests.devices.fake_rack import Bench, only

VECTORS = json.loads((Path(__file__).parents[2] / "captures" / "capnostat" / "vectors.json").read_text(encoding="utf-8"))
COMMANDS = {name: bytes.fromhex(text) for name, text in VECTORS["commands"].items()}
DATA = {name: bytes.fromhex(text) for name, text in VECTORS["data"].items()}
UNCOMPENSATED = (Validity.QUESTIONABLE, "ambient pressure and gas compensation not known")


def data(number, sample=4800, carried=b""):
    return packed(0x80, bytes((number & 0x7F, sample >> 7, sample & 0x7F)) + carried)


def status(number, **words):
    """A status packet with some of its five bytes set: ``db1=0x40``."""
    return data(number, carried=bytes((1, *(words.get(f"db{byte}", 0) for byte in range(1, 6)))))


def etco2(number, tenths=375):
    return data(number, carried=bytes((2, tenths >> 7, tenths & 0x7F)))


def rate(number, per_minute):
    return data(number, carried=bytes((3, per_minute >> 7, per_minute & 0x7F)))


def told(wire, protocol=None, now=START):
    return list((protocol or CapnostatProtocol()).receive(wire, now))


def values(observations):
    return {one.metric: (one.value, one.validity, one.reason) for one in only(Numeric, observations)}


def alerts(observations):
    return [(one.code, one.text, one.priority, one.active) for one in only(DeviceAlert, observations)]


def packets(wire, cuts=()):
    reader, found = Reader(), []
    for start, end in pairwise([0, *sorted({cut % (len(wire) + 1) for cut in cuts}), len(wire)]):
        found += reader.feed(wire[start:end])
    return found, reader.bad


def test_packets_as_written_down():
    assert COMMANDS["start"] == START_WAVEFORM
    assert packed(0xC9) == COMMANDS["stop"]
    assert packed(0x84, bytes((1, 760 // 128, 760 % 128))) == COMMANDS["set_pressure_760"]
    assert data(5) == DATA["wave_38"]
    assert etco2(6) == DATA["wave_etco2_37_5"]
    assert packets(DATA["wave_38"]) == ([Packet(0x80, bytes((5, 37, 64)))], 0)
    assert packets(DATA["bad_check"]) == ([], 1)


@pytest.mark.parametrize(("command", "body"), [(0x00, b""), (0x80, b"\x80"), (0x80, bytes(127))])
def test_what_cannot_stand_in_a_packet_is_refused(command, body):
    with pytest.raises(ValueError, match="no packet"):
        packed(command, body)


@pytest.mark.parametrize(
    "noise", [b"rubbish", b"\x80", b"\x80\x04\x05", b"\x80\x00", b"\x80\x7f1234", DATA["bad_check"], b"\x80\x01\x00xyz"]
)
def test_after_noise_the_first_good_packet_is_read(noise):
    assert packets(noise + DATA["wave_38"]) == ([Packet(0x80, bytes((5, 37, 64)))], 1)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.lists(st.integers(0, 300), max_size=30))
def test_any_split_gives_the_same_packets(noise, cuts):
    wire = noise + b"".join(DATA.values()) + noise + b"".join(COMMANDS.values())
    assert packets(wire, cuts) == packets(wire)
    assert packets(wire, range(len(wire))) == packets(wire)


def test_the_waveform_is_asked_for_and_again_after_silence():
    protocol = CapnostatProtocol()
    asked = [second for second in range(60) if protocol.outgoing(START.plus(second)) == (START_WAVEFORM,)]
    assert asked == [0, 2, 6, 14, 30, 46]
    protocol.receive(data(0), START.plus(60))
    assert protocol.outgoing(START.plus(61.9)) == ()
    assert protocol.outgoing(START.plus(62)) == (START_WAVEFORM,)


def test_numbers_as_constructed():
    assert values(told(DATA["wave_etco2_37_5"])) == {ETCO2: (37.5, *UNCOMPENSATED)}
    assert values(told(DATA["wave_rr_12"])) == {CO2_RESP_RATE: (12, Validity.VALID, "")}
    assert values(told(data(1, carried=b"\x04\x00\x0a"))) == {FICO2: (1.0, *UNCOMPENSATED)}
    assert values(told(etco2(1, 1501))) == {ETCO2: (None, Validity.INVALID, "impossible number")}


def test_no_breath_is_an_alarm_and_what_stands_beside_it_is_held():
    protocol = CapnostatProtocol()
    assert alerts(told(DATA["no_breath"], protocol)) == [("1:40", "no breath", Priority.HIGH, True)]
    assert values(told(etco2(10), protocol)) == {ETCO2: (None, Validity.INVALID, "no breath")}
    assert values(told(rate(11, 12), protocol)) == {CO2_RESP_RATE: (None, Validity.INVALID, "no breath")}
    assert values(told(rate(12, 0), protocol)) == {CO2_RESP_RATE: (0, Validity.VALID, "")}
    assert alerts(told(status(13), protocol)) == [("1:40", "no breath", Priority.HIGH, False)]
    assert values(told(rate(14, 12), protocol)) == {CO2_RESP_RATE: (12, Validity.VALID, "")}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"db1": 0x02}, "check the airway adapter or the sampling tube"),
        ({"db4": 0x01}, "sampling tube disconnected"),
        ({"db4": 0x04}, "sampling tube occluded"),
        ({"db4": 0x08}, "sampling pump off"),
        ({"db2": 0x04}, "zeroing in progress"),
    ],
)
def test_nothing_to_measure_is_told_at_once_for_every_number_and_the_wave(words, reason):
    protocol = CapnostatProtocol()
    found = told(status(1, **words), protocol)
    assert values(found) == dict.fromkeys((ETCO2, CO2_RESP_RATE, FICO2), (None, Validity.INVALID, reason))
    assert only(WaveformBlock, found)[0].validity is Validity.INVALID
    assert values(told(rate(2, 12), protocol))[CO2_RESP_RATE] == (None, Validity.INVALID, reason)
    assert values(told(status(3, **words), protocol, START.plus(0.5))) == {}
    assert len(values(told(status(4, **words), protocol, START.plus(1.0)))) == 3
    assert values(told(status(5) + rate(6, 12), protocol, START.plus(1.1))) == {CO2_RESP_RATE: (12, Validity.VALID, "")}


@pytest.mark.parametrize("words", [{"db1": 0x01}, {"db1": 0x04}, {"db1": 0x08}, {"db2": 0x01}, {"db2": 0x02}, {"db2": 0x03}, {"db2": 0x0C}])
def test_a_doubt_about_co2_leaves_the_rate_alone(words):
    protocol = CapnostatProtocol()
    (alert,) = alerts(told(status(1, **words), protocol))
    assert values(told(etco2(2), protocol)) == {ETCO2: (37.5, Validity.QUESTIONABLE, alert[1])}
    assert values(told(rate(3, 12), protocol))[CO2_RESP_RATE][1] is Validity.VALID


@pytest.mark.parametrize(("byte", "bit"), BITS)
def test_every_bit_is_told(byte, bit):
    row = BITS[byte, bit]
    assert alerts(told(status(1, **{f"db{byte}": bit}))) == [(f"{byte}:{bit:02X}", row.text, row.priority, True)]


@pytest.mark.parametrize(("byte", "mask", "value"), STATES)
def test_every_state_is_told(byte, mask, value):
    row = STATES[byte, mask, value]
    assert alerts(told(status(1, **{f"db{byte}": value}))) == [(f"{byte}:{value:02X}", row.text, row.priority, True)]


KNOWN = {*BITS, *NO_ALERTS, *((2, bit) for bit in (1, 2, 4, 8))}


@pytest.mark.parametrize(("byte", "bit"), [(byte, 1 << n) for byte in range(1, 5) for n in range(7) if (byte, 1 << n) not in KNOWN])
def test_a_bit_that_nobody_documents_is_told_as_unknown(byte, bit):
    text = f"unknown code 0x{bit:02X} (status byte {byte})"
    assert alerts(told(status(1, **{f"db{byte}": bit}))) == [(f"{byte}:{bit:02X}", text, Priority.MEDIUM, True)]


def test_the_most_urgent_condition_and_the_hardware_status_have_no_public_meaning():
    protocol = CapnostatProtocol()
    assert alerts(told(status(1, db5=0x0A), protocol)) == [("5:0A", "unknown code 0x0A (most urgent condition)", Priority.LOW, True)]
    ((code, text, _, active),) = alerts(told(data(2, carried=b"\x07\x01\x02"), protocol))
    assert (code, text, active) == ("hardware", "CO₂ module: hardware error, unknown code 0x0102", True)
    assert values(told(rate(3, 12), protocol))[CO2_RESP_RATE][1] is Validity.INVALID
    assert alerts(told(data(4, carried=b"\x07\x00\x00"), protocol))[0][3] is False


def test_packets_too_short_for_what_they_say_are_counted():
    protocol = CapnostatProtocol()
    assert told(packed(0x80, b"\x01\x02") + data(1, carried=b"\x02\x01") + data(1, carried=b"\x01\x00\x00"), protocol) == []
    assert protocol.bad_frames == 3


def test_unknown_parts_and_other_commands_are_passed_over():
    protocol = CapnostatProtocol()
    found = told(packed(0xC8, b"\x01") + data(1, carried=b"\x0b\x01") + data(2, carried=b"\x05\x01"), protocol)
    assert [type(one) for one in found] == [WaveformBlock]
    assert protocol.bad_frames == 0


def steps(wire):
    return [int(step) for block in only(WaveformBlock, told(wire)) for step in block.steps]


def test_wave_samples():
    (block,) = only(WaveformBlock, told(data(0, 0) + data(1, 1000) + data(2, 4800) + data(3, 0x3FFF)))
    assert block.values() == pytest.approx([-10, 0, 38, 153.83])
    assert (block.metric, block.rate_hz) == (CO2, 100)
    assert steps(data(126, 1001) + data(0, 1002)) == [1, MISSING_SAMPLE, 2]
    assert steps(data(5, 1001) + data(5, 1001) + data(6, 1002)) == [1, 2]
    assert steps(data(5, 1001) + data(105, 1002)) == [1, 2]


def rates(per_second, seconds):
    """Rates of the blocks of a module that sends so many samples a second."""
    protocol, found, sent = CapnostatProtocol(), [], 0
    for step in range(1, int(seconds * 10) + 1):
        upto = int(step * per_second / 10)
        wire = b"".join(data(number) for number in range(sent, upto))
        sent = upto
        found += only(WaveformBlock, protocol.receive(wire, START.plus(step / 10)))
    return found


@pytest.mark.parametrize("per_second", [20, 31.25, 50, 125])
def test_another_rate_is_found_out_by_counting(per_second):
    found = rates(per_second, 20)
    assert {block.rate_hz for block in found if block.at.since(START) > 11} == {per_second}
    later = [block for block in found if block.rate_hz == per_second][1:]
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(later))


@pytest.mark.parametrize("per_second", [98, 100, 103, 320, 3])
def test_a_rate_that_is_near_or_none_of_the_usual_changes_nothing(per_second):
    assert {block.rate_hz for block in rates(per_second, 20)} == {100}


def test_only_the_start_may_leave():
    assert frozenset({COMMANDS["start"]}) == ALLOWED
    assert DRIVER.may_send(COMMANDS["start"])
    refused = [wire for name, wire in COMMANDS.items() if name != "start"]
    refused += [packed(0xCA, b"\x00"), packed(0xCC), packed(0x84, b"\x07\x00"), START_WAVEFORM * 2, START_WAVEFORM[:-1], b""]
    assert not any(DRIVER.may_send(wire) for wire in refused)


PIECES = [*DATA.values(), *COMMANDS.values(), status(1, db4=1), rate(3, 12), packed(0xC8)]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.binary(max_size=60), st.sampled_from(PIECES)), st.floats(0, 20)), max_size=40))
def test_whatever_comes_and_whenever_nothing_else_is_sent(happened):
    protocol, now = CapnostatProtocol(), START
    for wire, seconds in happened:
        now = now.plus(seconds)
        protocol.receive(wire, now)
        assert all(message in ALLOWED for message in protocol.outgoing(now))
        assert all(message in ALLOWED for message in protocol.outgoing(max(protocol.due, now)))


def test_mutations_break_nothing_and_the_next_good_packet_is_read():
    chance = random.Random(20260301)
    protocol, before = CapnostatProtocol(), 0
    for n in range(3000):
        wire = bytearray(chance.choice(PIECES))
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(wire) + 1)
            wire[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(1, 2))
        protocol.receive(bytes(wire), START.plus(n))
        assert protocol.bad_frames >= before
        before = protocol.bad_frames
        if n % 50 == 0:
            protocol.receive(data(50) + status(51) + data(52, carried=b"\x07\x00\x00"), START.plus(n))
            assert values(protocol.receive(rate(53, 12), START.plus(n))) == {CO2_RESP_RATE: (12, Validity.VALID, "")}
    assert before > 1000


def bench():
    bedside = FakeBedside()
    return bedside, Bench(bedside, DRIVER.simulator(bedside, ""), DRIVER.protocol(""))


@pytest.mark.parametrize("metric", [ETCO2, FICO2, CO2_RESP_RATE], ids=lambda metric: metric.id)
def test_the_simulator_s_numbers_arrive_each_second(metric):
    _, line = bench()
    found = [one for one in only(Numeric, line.run(10.04)) if one.metric is metric]
    assert len(found) == 10
    assert {one.value for one in found} == {QUIET[metric, ""]}
    assert line.protocol.bad_frames == 0
    assert len(line.sent) == 1


def test_the_simulator_s_wave_is_whole_even_and_true():
    bedside, line = bench()
    blocks = only(WaveformBlock, line.run(20.01))
    assert sum(len(block.steps) for block in blocks) == 2000
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(blocks))
    for block in blocks:
        sample = bedside.samples(CO2, block.at, len(block.steps), block.rate_hz)
        assert np.abs(block.values() - sample).max() <= 0.0051


def test_the_simulator_s_apnoea_and_tube():
    bedside, line = bench()
    line.run(2)
    bedside.values[CO2_RESP_RATE, ""] = bedside.values[ETCO2, ""] = 0.0
    found = line.run(2)
    assert [row[:1] for row in alerts(found)] == [("1:40",)]
    assert values(found)[CO2_RESP_RATE] == (0, Validity.VALID, "")
    bedside.off |= {CO2, CO2_RESP_RATE, ETCO2, FICO2}
    found = line.run(2)
    assert {row[0] for row in alerts(found) if row[3]} == {"1:02", "4:01"}
    assert values(found)[CO2_RESP_RATE][1] is Validity.INVALID
    assert only(WaveformBlock, found)[-1].validity is Validity.INVALID


def test_the_simulator_is_silent_until_started_and_after_a_stop():
    bedside = FakeBedside()
    device = DRIVER.simulator(bedside, "")
    assert (device.due, device.outgoing(START)) == (None, b"")
    device.receive(COMMANDS["zero"], START)
    assert device.due is None
    device.receive(COMMANDS["start"], START)
    bedside.now = START.plus(60)
    assert len(device.outgoing(bedside.now)) < 5000
    device.receive(COMMANDS["stop"], bedside.now)
    assert device.due is None


def test_it_fits_a_line_of_19200_baud():
    _, line = bench()
    line.run(20)
    assert sum(len(wire) for _, wire in line.heard) * 10 / 20 < 0.9 * 19200
