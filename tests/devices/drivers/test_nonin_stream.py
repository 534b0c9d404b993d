"""Whole streams: the format is found, splits change nothing, damage passes, and the simulator's wire carries the bedside through."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import PLETH, PULSE_RATE, SPO2
from clinical.observations import MISSING_SAMPLE, DeviceAlert, Numeric, Validity, WaveformBlock
from devices.drivers.nonin import DRIVER
from devices.drivers.nonin.protocol import NoninProtocol
from devices.drivers.nonin.simulator import NoninSimulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only, pleth_of

VECTORS = json.loads((Path(__file__).parents[2] / "captures" / "nonin" / "frames.json").read_text(encoding="utf-8"))
LIVE = ("df2", "df7", "df8")
CONTINUOUS = ("df1", *LIVE)


def recorded(variant, seconds=6.0):
    """What a simulated oximeter says, the finger leaving in the middle."""
    bedside = FakeBedside()
    simulator = NoninSimulator(bedside, variant)
    said = bytearray()
    for step in range(int(seconds * 15)):
        bedside.now = START.plus((step + 1) / 15)
        if step == int(seconds * 10):
            bedside.finger_off()
        said += simulator.outgoing(bedside.now)
    return bytes(said)


LENGTHS_S = {"df1": 12.0, "df2": 6.0, "df7": 6.0, "df8": 12.0, "df13": 190.0}
STREAMS = {variant: recorded(variant, seconds) for variant, seconds in LENGTHS_S.items()}


def heard(data, cuts=(), variant=""):
    """Everything told, with the pleth as one row, whatever pieces the bytes came in."""
    protocol = NoninProtocol(variant)
    told = []
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    for start, end in pairwise(edges):
        told += protocol.receive(data[start:end], START)
    numbers = [(seen.metric.id, seen.value, seen.validity, seen.reason) for seen in only(Numeric, told)]
    alerts = [(seen.code, seen.active) for seen in only(DeviceAlert, told)]
    return numbers, alerts, pleth_of(told), protocol.bad_frames, protocol.identity


@pytest.mark.parametrize("variant", [*CONTINUOUS, "df13"])
def test_the_format_is_found(variant):
    found = heard(STREAMS[variant])
    assert found[4].startswith(f"Nonin (data format {variant[2:]}")
    assert found[3] == 0
    assert found[0]


@pytest.mark.parametrize("variant", [*CONTINUOUS, "df13"])
@pytest.mark.parametrize("skip", range(1, 9))
def test_the_format_is_found_from_the_middle_of_a_stream(variant, skip):
    found = heard(STREAMS[variant][skip:])
    assert found[4].startswith(f"Nonin (data format {variant[2:]}")
    assert found[3] == 0


def test_formats_1_and_8_are_not_confused():
    assert heard(bytes.fromhex("804861" * 4))[4] == "Nonin (data format 1)"
    assert heard(bytes.fromhex("80486100" * 4))[4] == "Nonin (data format 8)"
    assert heard(bytes.fromhex("804861" * 3))[4] == ""  # a fourth byte with bit 7 clear could still come


@pytest.mark.parametrize("variant", [*CONTINUOUS, "df13"])
def test_one_byte_at_a_time(variant):
    stream = STREAMS[variant]
    assert heard(stream, range(len(stream))) == heard(stream)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([*CONTINUOUS, "df13"]), st.booleans(), st.lists(st.integers(0, 5000), max_size=40))
def test_any_split_gives_the_same(variant, fixed, cuts):
    stream = STREAMS[variant]
    name = variant if fixed else ""
    assert heard(stream, cuts, name) == heard(stream, (), name)


def mutated(stream, seed):
    """A stream with some bytes flipped, dropped and put in."""
    chance = random.Random(seed)
    out = bytearray()
    for byte in stream:
        draw = chance.random()
        if draw < 0.01:
            continue
        if draw < 0.02:
            out.append(chance.randrange(256))
        out.append(byte ^ (1 << chance.randrange(8)) if draw > 0.99 else byte)
    return bytes(out)


@pytest.mark.parametrize("variant", ["df2", "df7", "df8", "df1", "df13"])
@pytest.mark.parametrize("seed", range(3))
def test_damage_never_raises_and_splits_still_change_nothing(variant, seed):
    stream = mutated(STREAMS[variant], seed)
    cuts = [random.Random(seed).randrange(5000) for _ in range(60)]
    assert heard(stream) == heard(stream, cuts)
    assert heard(stream, (), variant) == heard(stream, cuts, variant)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["", *CONTINUOUS, "df13"]))
def test_noise_is_never_raised(noise, variant):
    heard(noise, range(0, len(noise), 7), variant)


@pytest.mark.parametrize("variant", ["df2", "df7"])
def test_a_flipped_bit_costs_no_more_than_its_frame(variant):
    stream = STREAMS[variant][: 75 * 5 * 3]
    clean = heard(stream)[2]
    for at in range(200, 260):
        broken = bytearray(stream)
        broken[at] ^= 0x40
        pleth = heard(bytes(broken))[2]
        differing = [place for place, pair in enumerate(zip(clean, pleth, strict=True)) if pair[0] != pair[1]]
        assert differing == [at // 5]
        assert pleth[at // 5] == MISSING_SAMPLE


@pytest.mark.parametrize(("first", "then"), [("df7", "df2"), ("df2", "df8"), ("df8", "df7"), ("df13", "df7")])
def test_another_format_on_the_same_line_is_found(first, then):
    stream = STREAMS[first] + STREAMS[then] * 3
    assert heard(stream)[4].startswith(f"Nonin (data format {then[2:]}")


def test_a_fixed_format_is_kept_through_any_noise():
    protocol = NoninProtocol("df8")
    protocol.receive(STREAMS["df7"], START)
    told = protocol.receive(bytes.fromhex("80486100" * 2), START)
    assert only(Numeric, told)[-1].value == 72.0


def test_an_unknown_variant_is_refused():
    with pytest.raises(ValueError, match="df9"):
        NoninProtocol("df9")
    assert DRIVER.variants == ("df1", "df2", "df7", "df8", "df13")


def bench(variant, listen=""):
    bedside = FakeBedside()
    return bedside, Bench(bedside, NoninSimulator(bedside, variant), NoninProtocol(listen))


@pytest.mark.parametrize("variant", CONTINUOUS)
def test_the_bedside_s_numbers_arrive(variant):
    bedside, line = bench(variant)
    line.run(5.0)
    bedside.values.update({SPO2: 88.0, PULSE_RATE: 151.0})
    told = only(Numeric, line.run(3.0))
    assert {(seen.metric, seen.value, seen.validity) for seen in told[-2:]} == {
        (SPO2, 88.0, Validity.VALID),
        (PULSE_RATE, 151.0, Validity.VALID),
    }
    assert line.protocol.bad_frames == 0


@pytest.mark.parametrize("variant", LIVE)
def test_numbers_come_each_second(variant):
    _, line = bench(variant)
    line.run(5.0)
    told = [seen for seen in only(Numeric, line.run(10.0)) if seen.metric is SPO2]
    assert len(told) == 10
    assert [after.at.since(before.at) for before, after in pairwise(told)] == pytest.approx([1.0] * 9, abs=1e-6)


@pytest.mark.parametrize(("variant", "step"), [("df2", 1 / 255), ("df7", 1 / 65535)])
def test_the_pleth_arrives_in_time_and_true_to_one_step(variant, step):
    bedside, line = bench(variant)
    blocks = only(WaveformBlock, line.run(4.0))[2:]
    assert {len(block.steps) for block in blocks} == {5}
    assert all(block.metric is PLETH for block in blocks)
    for block in blocks:
        assert block.values() == pytest.approx(bedside.samples(PLETH, block.at, 5, 75.0), abs=0.51 * step)
    gaps = [after.at.since(before.end) for before, after in pairwise(blocks)]
    assert gaps == pytest.approx([0.0] * len(gaps), abs=1e-6)


@pytest.mark.parametrize("variant", LIVE)
def test_probe_off_is_told_within_a_second_and_never_as_an_old_number(variant):
    bedside, line = bench(variant)
    line.run(5.0)
    bedside.finger_off()
    told = only(Numeric, line.run(8.0))
    assert {(seen.value, seen.validity, seen.reason) for seen in told} == {(None, Validity.INVALID, "sensor off")}
    assert told[0].at.since(START) <= 6.0
    assert all(block.validity is Validity.INVALID for block in only(WaveformBlock, line.observations) if block.at.since(START) > 5.2)


def test_a_display_value_held_by_the_device_is_really_on_the_wire():
    """So that the test above shows what it claims: format 8 goes on sending 97 for 10 s."""
    bedside, line = bench("df8")
    line.run(5.0)
    bedside.finger_off()
    line.run(15.0)
    sent = [data for at, data in line.heard if at.since(START) > 5.0]
    assert [frame[2] for frame in sent[:8]] == [97] * 8
    assert sent[-1][2] == 127
    assert all(frame[3] & 0x08 for frame in sent)


def test_spot_checks_come_singly():
    bedside, line = bench("df13")
    told = only(Numeric, line.run(130.0))
    assert len(told) == 6
    assert all(seen.measured_at == seen.at and seen.interval_s == 600.0 for seen in told)
    bedside.finger_off()
    assert line.run(130.0) == []


def test_the_simulator_hears_nothing_and_catches_up_after_a_pause():
    bedside = FakeBedside()
    simulator = NoninSimulator(bedside)
    simulator.receive(bytes.fromhex(VECTORS["commands"]["df8"]), START)
    bedside.now = START.plus(60.0)
    said = simulator.outgoing(bedside.now)
    assert 8.5 * 375 <= len(said) <= 9.5 * 375
    assert simulator.due > bedside.now
    assert simulator.outgoing(bedside.now) == b""


def test_the_same_bedside_gives_the_same_bytes():
    assert recorded("df7", 2.0) == recorded("df7", 2.0)
