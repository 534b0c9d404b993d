"""Format by format: the published frames give the published numbers, and damage costs only what it makes uncertain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clinical.metrics import PLETH, PULSE_RATE, SPO2
from clinical.observations import MISSING_SAMPLE, DeviceAlert, Numeric, Validity, WaveformBlock
from devices.drivers.nonin import DRIVER
from devices.drivers.nonin.frames import PACKET, PLETH_LAYOUTS, DataFormat, PlethFrame
from devices.drivers.nonin.mapping import heart_rate
from devices.drivers.nonin.protocol import NoninProtocol
from tests.devices.fake_rack import START, only, pleth_of

VECTORS = json.loads((Path(__file__).parents[2] / "captures" / "nonin" / "frames.json").read_text(encoding="utf-8"))
DF7 = PLETH_LAYOUTS[DataFormat.DF7]


def hear(hex_or_bytes, variant="", times=1):
    data = bytes.fromhex(hex_or_bytes) if isinstance(hex_or_bytes, str) else hex_or_bytes
    protocol = NoninProtocol(variant)
    return protocol, list(protocol.receive(data * times, START))


def latest(observations):
    return {seen.metric: (seen.value, seen.validity, seen.reason) for seen in only(Numeric, observations)}


def packet(slots, status=0x80, pleth=30000, changes=None):
    """25 frames of format 7; ``changes`` replaces the status of single places."""
    frames = []
    for place in range(1, PACKET + 1):
        bits = (changes or {}).get(place, status) | (1 if place == 1 else 0)
        frames.append(DF7.pack(PlethFrame(bits, pleth, slots.get(place, 0xAA))))
    return b"".join(frames)


NORMAL = {1: 0, 2: 72, 3: 97, 4: 48, 8: 0}


@pytest.mark.parametrize("variant", ["", "df2"])
def test_the_published_format_2_packet(variant):
    protocol, told = hear(VECTORS["df2_packet"], variant)
    assert latest(told) == {SPO2: (97.0, Validity.VALID, ""), PULSE_RATE: (72.0, Validity.VALID, "")}
    assert pleth_of(told) == [1] * 25
    assert protocol.identity == "Nonin (data format 2, firmware 48)"
    assert protocol.bad_frames == 0


@pytest.mark.parametrize("variant", ["", "df7"])
def test_a_pulse_above_127_keeps_its_upper_bits(variant):
    _, told = hear(VECTORS["df7_hr_150"], variant)
    assert latest(told) == {SPO2: (93.0, Validity.VALID, ""), PULSE_RATE: (150.0, Validity.VALID, "")}
    block = only(WaveformBlock, told)[0]
    assert block.metric is PLETH
    assert block.rate_hz == 75.0
    assert block.values() == pytest.approx([4660 / 65535] * 25)


def test_nine_bits_of_pulse():
    assert [heart_rate(0x00, 0x48), heart_rate(0x81, 0x16), heart_rate(0x03, 0x7F), heart_rate(0x02, 0x2C)] == [72, 150, 511, 300]


def test_missing_values_are_no_zeros_but_invalid_with_their_reason():
    _, told = hear(VECTORS["df7_missing"])
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE), (None, Validity.INVALID, "sensor off"))
    assert set(pleth_of(told)) == {MISSING_SAMPLE}
    assert only(WaveformBlock, told)[0].validity is Validity.INVALID


def test_511_and_127_without_a_sensor_bit_are_missing_too():
    _, told = hear(packet({**NORMAL, 1: 3, 2: 127, 3: 127}))
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE), (None, Validity.INVALID, "no reading"))


def test_a_zero_on_the_wire_is_no_reading():
    _, told = hear(packet({**NORMAL, 2: 0, 3: 0}))
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE), (None, Validity.INVALID, "no reading"))


@pytest.mark.parametrize("count", [0, 1, 127, 128, 255, 256, 32766, 32767, 32768, 65534, 65535])
def test_every_sixteen_bit_count_fits_and_none_reads_as_missing(count):
    _, told = hear(packet(NORMAL, pleth=count))
    block = only(WaveformBlock, told)[0]
    assert MISSING_SAMPLE not in block.steps
    assert block.values() == pytest.approx([min(count, 65534) / 65535] * 25, abs=1e-9)


def test_format_8_frames():
    _, told = hear(VECTORS["df8"][0], "df8")
    assert latest(told) == {SPO2: (97.0, Validity.VALID, ""), PULSE_RATE: (72.0, Validity.VALID, "")}
    assert latest(hear(VECTORS["df8"][1], "df8")[1])[PULSE_RATE][0] == 150.0
    _, told = hear(VECTORS["df8"][2], "df8")
    assert latest(told)[SPO2] == (97.0, Validity.QUESTIONABLE, "no steady pulse signal")
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [("OOT", True), ("LBAT", True)]


def test_format_8_values_held_after_removal_are_invalid():
    _, told = hear(bytes.fromhex("80486108"), "df8")
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE), (None, Validity.INVALID, "sensor off"))


def test_format_1_frames():
    assert latest(hear(VECTORS["df1"][0], "df1")[1])[SPO2] == (97.0, Validity.VALID, "")
    assert latest(hear(VECTORS["df1"][1], "df1")[1])[SPO2] == (None, Validity.INVALID, "sensor disconnected")


@pytest.mark.parametrize("variant", ["", "df13"])
def test_a_spot_check_says_when_it_was_measured_and_promises_no_next(variant):
    _, told = hear(VECTORS["df13"], variant)
    assert latest(told) == {SPO2: (97.0, Validity.VALID, ""), PULSE_RATE: (72.0, Validity.VALID, "")}
    assert {(seen.measured_at, seen.interval_s) for seen in only(Numeric, told)} == {(START, 600.0)}


def spot(**places):
    body = bytearray(bytes.fromhex(VECTORS["df13"])[6:-2])
    for place, byte in places.items():
        body[int(place[1:])] = byte
    return b"\x00\x02\x00\x0d\x00\x0e" + bytes(body) + bytes((sum(body) & 0xFF, 3))


def test_a_spot_check_from_memory_bears_the_device_s_own_date():
    _, told = hear(spot(_9=0x10))
    assert {seen.measured_at.iso() for seen in only(Numeric, told)} == {"2025-06-17T14:30:15.000Z"}


def test_a_spot_check_from_memory_with_an_impossible_date_has_none():
    _, told = hear(spot(_9=0x10, _2=0x99))
    assert {seen.measured_at for seen in only(Numeric, told)} == {None}


def test_format_13_splits_the_pulse_elsewhere_than_format_2():
    assert latest(hear(spot(_10=1, _11=0x2C))[1])[PULSE_RATE][0] == 300.0


def test_a_spot_check_without_its_quality_mark_is_questionable():
    assert latest(hear(spot(_8=0))[1])[SPO2] == (97.0, Validity.QUESTIONABLE, "not a SmartPoint reading")


def test_artifact_is_questionable_and_gone_a_second_later():
    _, told = hear(packet(NORMAL, changes={2: 0xA0}) + packet(NORMAL) * 3)
    assert [(seen.validity, seen.reason) for seen in only(Numeric, told) if seen.metric is SPO2] == [
        (Validity.QUESTIONABLE, "artifact"),
        (Validity.VALID, ""),
    ]


def test_numbers_come_once_a_second():
    _, told = hear(packet(NORMAL), times=30)
    assert len([seen for seen in only(Numeric, told) if seen.metric is SPO2]) == 10


def test_numbers_vanish_with_the_first_frame_that_says_sensor_off():
    protocol, _ = hear(packet(NORMAL))
    told = protocol.receive(packet(NORMAL)[:25] + packet(NORMAL, status=0x88)[25:35], START)
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE), (None, Validity.INVALID, "sensor off"))


def test_numbers_return_with_the_first_packet_that_has_them():
    protocol, _ = hear(packet(NORMAL) + packet({**NORMAL, 1: 3, 2: 127, 3: 127}, status=0x88))
    assert latest(protocol.receive(packet(NORMAL)[:15], START))[SPO2] == (97.0, Validity.VALID, "")


@pytest.mark.parametrize(("bits", "code"), [(0x84, "RPRF"), (0x86, "YPRF")])
def test_perfusion_alerts_come_and_go(bits, code):
    protocol, told = hear(packet(NORMAL, changes={2: bits}))
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [(code, True)]
    told = protocol.receive(packet(NORMAL, changes={2: 0x82}) * 6, START)
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [(code, False)]


def test_low_battery_is_told_once():
    _, told = hear(packet({**NORMAL, 8: 1}), times=6)
    assert [(alert.code, alert.active, alert.technical) for alert in only(DeviceAlert, told)] == [("LBAT", True, True)]


def damaged(stream, frame, byte, value=0x55):
    stream = bytearray(stream)
    stream[frame * 5 + byte] ^= value
    return bytes(stream)


def test_a_damaged_frame_costs_its_sample_and_its_slot_only():
    stream = damaged(packet(NORMAL) * 4, 30, 2)
    protocol, told = hear(stream)
    samples = pleth_of(told)
    assert len(samples) == 100
    assert [place for place, sample in enumerate(samples) if sample == MISSING_SAMPLE] == [30]
    assert protocol.bad_frames == 1
    assert [seen.value for seen in only(Numeric, told) if seen.metric is SPO2] == [97.0, 97.0]


@pytest.mark.parametrize("slot", [0, 1, 2])
def test_a_packet_that_lost_a_number_s_slot_gives_no_number_and_the_next_one_does(slot):
    stream = packet({**NORMAL, 2: 72}) * 3 + damaged(packet({**NORMAL, 2: 80}), slot, 3) + packet({**NORMAL, 2: 88}) * 2
    _, told = hear(stream)
    assert [seen.value for seen in only(Numeric, told) if seen.metric is PULSE_RATE] == [72.0, 88.0]


@pytest.mark.parametrize("at", range(125, 250, 7))
@pytest.mark.parametrize("insert", [b"", b"\x91"])
def test_a_lost_or_extra_byte_never_moves_a_slot(at, insert):
    """Every slot but 1 to 3 holds a number that would be believed if it stood in a wrong place."""
    slots = {**dict.fromkeys(range(1, 26), 90), 1: 0, 2: 72, 3: 97}
    stream = packet(slots) * 8
    protocol, told = hear(stream[:at] + insert + stream[at + (not insert) :])
    values = {(seen.metric.label, seen.value) for seen in only(Numeric, told)}
    assert values == {("SpO₂", 97.0), ("Pulse", 72.0)}
    assert protocol.bad_frames == 1
    assert len(pleth_of(told)) == 200


def test_nothing_may_be_sent():
    assert not any(DRIVER.may_send(bytes.fromhex(command)) for command in VECTORS["commands"].values())
    assert not DRIVER.may_send(b"")
    assert not DRIVER.may_send(b"\x06")
    protocol, _ = hear(VECTORS["df2_packet"])
    assert list(protocol.outgoing(START)) == []
    assert protocol.due is None
