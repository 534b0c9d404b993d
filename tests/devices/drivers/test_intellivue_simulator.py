"""Simulator and protocol on one virtual line: what the bedside is, the protocol tells, by serial line and by network."""

from __future__ import annotations

import random
from itertools import pairwise

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
    IMPEDANCE,
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
from clinical.observations import Numeric, Validity
from devices.driver import CuffReading
from devices.drivers.intellivue import DRIVER
from devices.drivers.intellivue import requests as ask
from devices.drivers.intellivue.frames import framed
from devices.drivers.intellivue.protocol import IntellivueProtocol
from devices.drivers.intellivue.simulator import ABORTED, REFUSED
from tests.devices.drivers.intellivue_line import START, Line, alerts, blocks, comparable, last

BOTH = pytest.mark.parametrize("variant", ["", "lan"])
SHOWN = {
    (HEART_RATE, ""): 72,
    (IMPEDANCE_RESP_RATE, ""): 15,
    (SPO2, ""): 97,
    (PULSE_RATE, ""): 71,
    (ETCO2, ""): 38,
    (FICO2, ""): 0,
    (CO2_RESP_RATE, ""): 14,
    (TEMPERATURE, "core"): 36.8,
    (SKIN_TEMPERATURE, ""): 31.2,
}


@BOTH
def test_every_number_arrives(variant):
    told = Line(variant).run(3)
    for (metric, channel), value in SHOWN.items():
        found = last(told, metric, channel)
        assert (found.value, found.validity) == (pytest.approx(value, abs=0.01), Validity.VALID), metric


@BOTH
def test_numerics_come_each_1024_milliseconds(variant):
    line = Line(variant)
    moments = [o.at for o in line.run(60) if isinstance(o, Numeric) and o.metric is HEART_RATE]
    assert len(moments) == 58
    assert {round(after.since(before), 3) for before, after in pairwise(moments)} == {1.024}


@BOTH
@pytest.mark.parametrize(
    ("metric", "rate", "step"), [(ECG_II, 250.0, 0.005), (PLETH, 125.0, 0.001), (CO2, 62.5, 0.04), (IMPEDANCE, 62.5, 0.002)]
)
def test_waves_are_whole_even_and_true(variant, metric, rate, step):
    line = Line(variant)
    found = blocks(line.run(15), metric)
    assert all(abs(after.at.since(before.end)) < 1e-6 for before, after in pairwise(found))
    values = np.concatenate([block.values() for block in found])
    sent = line.bedside.samples(metric, found[0].at, len(values), rate)
    assert len(values) > 14 * rate
    assert np.abs(values - sent).max() <= step / 2 + 1e-9


@pytest.mark.parametrize("metric", [HEART_RATE, SPO2, PULSE_RATE, ETCO2, FICO2, CO2_RESP_RATE, IMPEDANCE_RESP_RATE])
def test_a_sensor_that_is_off_gives_no_number(metric):
    line = Line()
    line.run(2)
    line.bedside.off.add(metric)
    found = last(line.run(2), metric)
    assert (found.value, found.validity) == (None, Validity.INVALID)


def test_a_probe_that_is_off_says_so_in_number_wave_and_alert():
    line = Line()
    line.run(3)
    line.bedside.off |= {SPO2, PLETH}
    told = line.run(4)
    assert last(told, SPO2).validity is Validity.INVALID
    assert blocks(told, PLETH)[-1].validity is Validity.INVALID
    assert alerts(told) == [("SpO₂: sensor disconnected", True)]
    line.bedside.off.clear()
    told = line.run(4)
    assert alerts(told) == [("SpO₂: sensor disconnected", False)]
    assert blocks(told, PLETH)[-1].validity is Validity.VALID


def test_apnoea_and_asystole_are_zero_and_an_alert():
    line = Line()
    line.run(3)
    line.bedside.values[HEART_RATE, ""] = line.bedside.values[CO2_RESP_RATE, ""] = 0.0
    told = line.run(4)
    assert (last(told, HEART_RATE).value, last(told, CO2_RESP_RATE).value) == (0, 0)
    assert alerts(told) == [("HR: asystole", True), ("awRR: apnoea", True)]


def test_a_cuff_measurement_from_inflation_to_old_age():
    line = Line()
    assert last(line.run(3), NIBP_SYS).validity is Validity.NOT_AVAILABLE
    line.bedside.cuff_inflating = True
    assert last(line.run(3), NIBP_SYS).validity is Validity.ONGOING
    measured = line.bedside.now
    line.bedside.cuff = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=measured)
    line.bedside.cuff_inflating = False
    told = line.run(3)
    assert [last(told, m).value for m in (NIBP_SYS, NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE)] == [121, 79, 93, 70]
    later = last(line.run(120, step=0.5), NIBP_SYS)
    assert later.validity is Validity.VALID
    assert later.measured_at.since(measured) == pytest.approx(0, abs=1.0)


def test_a_reading_from_before_the_line_gets_its_age_from_the_monitor():
    line = Line()
    line.bedside.cuff = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=START.plus(-1234))
    found = last(line.run(3), NIBP_SYS)
    assert (found.value, found.measured_at.since(START)) == (121, pytest.approx(-1234, abs=1.0))


@BOTH
def test_a_new_host_on_the_same_line_is_heard_at_once_and_associated_within_seconds(variant):
    line = Line(variant)
    line.run(5)
    line.begin()
    assert last(line.run(1.5), HEART_RATE).value == 72
    line.run(4)
    assert line.protocol.identity == "Philips M8000, bed SIM 1"


def test_a_host_that_says_nothing_more_loses_the_association():
    line = Line()
    line.run(5)
    heard = b""
    for quarter in range(60):
        line.bedside.now = START.plus(5 + quarter / 4)
        heard += line.simulator.outgoing(line.bedside.now)
    assert heard.endswith(framed(ABORTED))
    assert line.simulator.due is None


def test_polls_are_renewed_without_a_gap():
    line = Line()
    moments = [o.at for o in line.run(640, step=1.024) if isinstance(o, Numeric) and o.metric is HEART_RATE]
    assert {round(after.since(before), 3) for before, after in pairwise(moments)} <= {1.024, 2.048}
    assert sum(framed(ask.POLL_NUMERICS) == message for message in line.sent) == 2


def test_a_late_caller_gets_a_gap_and_not_a_flood():
    line = Line()
    line.run(5)
    line.bedside.now = line.bedside.now.plus(8)
    assert len(line.simulator.outgoing(line.bedside.now)) < 3000


def test_it_is_silent_until_asked_and_refuses_a_second_association():
    line = Line()
    simulator = DRIVER.simulator(line.bedside, "")
    assert simulator.due is None
    simulator.receive(framed(ask.POLL_NUMERICS) + framed(ask.RELEASE), START)
    assert simulator.outgoing(START) == b""
    simulator.receive(framed(ask.ASSOCIATE), START)
    assert simulator.outgoing(START)
    simulator.receive(framed(ask.POLL_NUMERICS) + framed(ask.ASSOCIATE), START)  # no poll before it has told of itself
    assert simulator.outgoing(START) == framed(REFUSED)
    simulator.receive(framed(ask.RELEASE), START)
    assert simulator.outgoing(START) == framed(ask.RELEASED)


def test_the_network_form_is_one_message_a_datagram():
    line = Line("lan")
    line.run(5)
    lengths = [len(data) for _, data in line.heard]
    assert max(lengths) <= 1456
    for now, data in line.heard[:20]:
        fresh = DRIVER.protocol("lan")
        fresh.receive(data, now)
        assert fresh.bad_frames == 0
        assert not fresh._deframer._waiting


def test_the_line_carries_it_at_115200_baud():
    line = Line()
    line.run(60)
    assert sum(len(data) for _, data in line.heard) * 10 / 60 < 0.5 * 115_200


def test_the_same_bedside_gives_the_same_bytes():
    def wire():
        line = Line()
        line.run(5)
        return line.heard

    assert wire() == wire()


def test_an_unknown_variant_is_refused():
    for make in (DRIVER.protocol, lambda variant: DRIVER.simulator(Line().bedside, variant)):
        with pytest.raises(ValueError, match="intellivue:lan"):
            make("wifi")


def recorded(variant):
    line = Line(variant)
    line.run(4)
    return b"".join(data for _, data in line.heard)


STREAMS = {variant: recorded(variant) for variant in ("", "lan")}


def heard(variant, pieces):
    protocol = IntellivueProtocol(variant)
    protocol.outgoing(START)
    return [comparable(o) for piece in pieces for o in protocol.receive(piece, START)], protocol.bad_frames


@BOTH
def test_byte_by_byte(variant):
    stream = STREAMS[variant]
    whole = heard(variant, [stream])
    assert whole[0]
    assert heard(variant, [stream[at : at + 1] for at in range(len(stream))]) == whole


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["", "lan"]), st.lists(st.integers(0, 10_000), max_size=20))
def test_any_split(variant, cuts):
    stream = STREAMS[variant]
    edges = [0, *sorted(cut % len(stream) for cut in cuts), len(stream)]
    assert heard(variant, [stream[start:end] for start, end in pairwise(edges)]) == heard(variant, [stream])


def mutated(stream, seed):
    chance = random.Random(seed)
    out = bytearray()
    for byte in stream:
        draw = chance.random()
        if draw < 0.002:
            continue
        if draw < 0.004:
            out.append(chance.randrange(256))
        out.append(byte ^ (1 << chance.randrange(8)) if draw > 0.998 else byte)
    return bytes(out)


@BOTH
@pytest.mark.parametrize("seed", range(25))
def test_mutated_frames_never_raise_and_splits_still_change_nothing(variant, seed):
    stream = mutated(STREAMS[variant], seed)
    edges = sorted({0, len(stream), *(random.Random(seed).randrange(len(stream)) for _ in range(30))})
    assert heard(variant, [stream]) == heard(variant, [stream[start:end] for start, end in pairwise(edges)])


@pytest.mark.parametrize("seed", range(300))
def test_mutated_contents_in_good_frames_never_raise(seed):
    """Behind a correct check sum everything may be wrong as well."""
    chance = random.Random(seed)
    protocol = IntellivueProtocol("lan")
    for payload in CONTENTS:
        broken = bytearray(payload)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(16, len(broken))] = chance.choice([0, 0xFF, 0x7F, 0x80, chance.randrange(256)])
        for told in protocol.receive(bytes(broken), START):
            if isinstance(told, Numeric) and told.validity in {Validity.VALID, Validity.QUESTIONABLE}:
                assert told.value is not None
                assert np.isfinite(told.value)
            elif isinstance(told, Numeric):
                assert told.value is None


def contents():
    line = Line("lan")
    line.bedside.cuff = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=START.plus(-60))
    line.bedside.off.add(SPO2)
    line.run(4)
    return [data for _, data in line.heard if len(data) > 40]


CONTENTS = contents()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "lan"]))
def test_noise_is_never_raised(noise, variant):
    heard(variant, [noise[:200], noise[200:]])
