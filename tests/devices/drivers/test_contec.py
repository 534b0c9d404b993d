"""Contec packets of both protocols: real and constructed ones give their numbers, what is asked is asked in time and nothing else."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from clinical.metrics import PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from clinical.observations import MISSING_SAMPLE, DeviceAlert, Numeric, Validity, WaveformBlock
from devices.drivers.contec import DRIVER
from devices.drivers.contec.frames import DISCONNECT, FEEDBACK, LIVE, Deframer, Lost, Speech, command, pack
from devices.drivers.contec.mapping import REFUSALS, Sign, sample
from devices.drivers.contec.protocol import ASK, KEEP, ContecProtocol
from devices.drivers.contec.simulator import ContecSimulator
from tests.devices.drivers.oximeter_lines import CAPTURES, Finger, numbers, vectors
from tests.devices.fake_rack import START, Bench, only, pleth_of

OLD = json.loads((CAPTURES / "contec" / "old_bits.json").read_text(encoding="utf-8"))


def live(*, strength=4, pleth=50, bar=3, pulse=72, spo2=97, index=0xFFFF, bits=0x10):
    return pack(LIVE, (strength, pleth, bar | bits, pulse, spo2, index & 0xFF, index >> 8))


def old(*, first=0x84, pleth=50, third=3, pulse=72, spo2=97):
    return bytes((first, pleth, third | (pulse & 0x80) >> 1, pulse & 0x7F, spo2))


def hear(data, variant=""):
    protocol = ContecProtocol(variant)
    return protocol, list(protocol.receive(data, START))


def latest(told):
    return {metric: (value, validity, reason) for metric, value, validity, reason in numbers(Numeric, told)}


def alerts(told):
    return [(alert.code, alert.active) for alert in only(DeviceAlert, told)]


def test_the_high_bits_of_a_real_packet_are_restored():
    (packet,) = Deframer().feed(bytes.fromhex("01e0849392bce3ffff"))
    assert packet.body[2:] == bytes.fromhex("0413123c63ffff")
    assert sample(packet) == (19, 99, 60, 0xFFFF, frozenset({Sign.NO_PERFUSION}))


@pytest.mark.parametrize("data", [(1, 2, 3), (0x80, 0x7F, 0xFF, 0x00, 0x64, 0xFF, 0xFF)])
def test_packing_and_restoring_are_each_other_s_opposite(data):
    raw = pack(LIVE, (*data, *(0,) * (7 - len(data))))
    assert all(byte >= 0x80 for byte in raw[1:])
    (packet,) = Deframer(Speech.V7).feed(raw)
    assert packet.body[2 : 2 + len(data)] == bytes(data)


def test_102_packets_of_a_real_cms50e():
    data = bytes.fromhex(vectors("contec", "cms50e_v7_live.hex").read_text())
    expected = json.loads(vectors("contec", "cms50e_v7_live.expected.json").read_text())["expected"]
    protocol, told = hear(data)
    assert pleth_of(told) == expected["pleth_sequence"]
    assert latest(told)[SPO2] == (99.0, Validity.VALID, "")
    assert latest(told)[PULSE_RATE] == (60.0, Validity.VALID, "")
    assert latest(told)[PERFUSION_INDEX][:2] == (None, Validity.NOT_AVAILABLE)
    beeps = [place for place, packet in enumerate(Deframer().feed(data)) if Sign.BEEP in sample(packet).signs]
    assert beeps == expected["beep_packets"]
    assert protocol.bad_frames == 0


def test_packets_and_answers_of_another_real_unit():
    other = json.loads(vectors("contec", "contec_other.json").read_text())["v7_other"]
    packets = Deframer(Speech.V7).feed(b"".join(bytes.fromhex(case["hex"]) for case in other["vectors"]))
    for packet, case in zip(packets, other["vectors"], strict=True):
        read = sample(packet)
        assert (read.pleth, read.pulse, read.spo2) == tuple(case["expect"][key] for key in ("pleth", "pr", "spo2"))
    for case in other["responses"]:
        if "reply" in case:
            deframer = Deframer(Speech.V7)
            assert len(deframer.feed(bytes.fromhex(case["reply"]))) == 1
            assert deframer.bad == 0


@pytest.mark.parametrize("case", OLD["bits"], ids=lambda case: case["sign"])
def test_bits_of_the_old_protocol(case):
    (packet,) = Deframer(Speech.OLD).feed(bytes.fromhex(case["hex"]))
    assert sample(packet).signs == {Sign[case["sign"]]}


def test_the_old_protocol_keeps_the_pulse_s_high_bit():
    case = OLD["pulse_above_127"]
    _, told = hear(bytes.fromhex(case["hex"]) * 4, "old")
    assert latest(told) == {SPO2: (case["spo2"], Validity.VALID, ""), PULSE_RATE: (case["pulse"], Validity.VALID, "")}


@pytest.mark.parametrize("frame", OLD["invalid"])
def test_no_frame_of_the_old_protocol(frame):
    deframer = Deframer(Speech.OLD)
    assert not [packet for packet in deframer.feed(bytes.fromhex(frame)) if packet is not Lost.SAMPLE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (live(strength=0x84, pleth=64), "finger out or probe error"),
        (live(strength=0x14), "pulse not found"),
        (live(pleth=0x80 | 50), "pulse search"),
        (live(pulse=0xFF, spo2=0x7F), "no reading"),
        (live(pulse=0, spo2=0), "no reading"),
    ],
)
def test_numbers_of_v7_that_are_none(data, reason):
    _, told = hear(data * 3)
    assert latest(told)[SPO2] == latest(told)[PULSE_RATE] == (None, Validity.INVALID, reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (old(first=0x94), "finger out, or pulse not found"),
        (old(third=0x13), "finger out or probe error"),
        (old(third=0x23), "pulse search"),
        (old(pulse=0, spo2=0), "no reading"),
        (old(pulse=0, spo2=127), "no reading"),
    ],
)
def test_numbers_of_the_old_protocol_that_are_none(data, reason):
    _, told = hear(data * 4)
    assert latest(told)[PULSE_RATE] == (None, Validity.INVALID, reason)
    assert latest(told)[SPO2][:2] == (None, Validity.INVALID)


def test_the_pleth_of_a_finger_that_is_out_is_no_pleth():
    _, told = hear(live(strength=0x84, pleth=64) * 5)
    assert set(pleth_of(told)) == {MISSING_SAMPLE}
    assert only(WaveformBlock, told)[0].validity is Validity.INVALID


def test_perfusion_where_the_model_measures_it():
    assert latest(hear(live(index=312, bits=0) * 2)[1])[PERFUSION_INDEX] == (3.12, Validity.VALID, "")
    assert latest(hear(live(index=312, bits=0x10) * 2)[1])[PERFUSION_INDEX][:2] == (None, Validity.NOT_AVAILABLE)
    assert PERFUSION_INDEX not in latest(hear(old() * 4)[1])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (live(strength=0x24), "SPO2-LOW"),
        (live(strength=0x14), "SEARCH-LONG"),
        (live(strength=0x84), "PROBE"),
        (live(pleth=0xB2), "SEARCH"),
    ],
)
def test_alerts_of_v7_come_and_go(data, code):
    protocol, told = hear(data * 3)
    assert alerts(told) == [(code, True)]
    assert alerts(protocol.receive(live() * 3, START)) == [(code, False)]


def test_a_falling_saturation_of_the_old_protocol_is_told():
    assert alerts(hear(old(first=0xA4) * 5)[1]) == [("SPO2-FALLING", True)]


@pytest.mark.parametrize("bit", [0x20, 0x40, 0x80])
def test_a_bit_that_is_in_no_document_is_told_and_makes_the_number_doubtful(bit):
    _, told = hear(live(bits=0x10 | bit) * 3)
    assert [alert.text for alert in only(DeviceAlert, told)] == [f"Oximeter: unknown code 0x{bit:X} (V7 byte 4)"]
    assert latest(told)[SPO2] == (97.0, Validity.QUESTIONABLE, f"unknown code 0x{bit:X}")


@pytest.mark.parametrize("reason", [*REFUSALS, 0x77])
def test_a_refusal_stands_until_live_data_comes(reason):
    protocol, told = hear(live() * 3 + pack(FEEDBACK, (0xA1, reason)))
    assert alerts(told) == [(f"0B-{reason:02X}" if reason in REFUSALS else "0B-77", True)]
    assert ("unknown code 0x77" in only(DeviceAlert, told)[0].text) == (reason == 0x77)
    assert [active for _, active in alerts(protocol.receive(live() * 3, START))] == [False]


def test_what_was_done_is_no_alert():
    assert alerts(hear(live() * 3 + pack(FEEDBACK, (0xA1, 0)) + live() * 3)[1]) == []


def test_a_refusal_and_a_good_bye_are_heard_before_any_live_data():
    protocol, told = hear(pack(FEEDBACK, (0xA1, 5)))
    assert alerts(told) == [("0B-05", True)]
    assert protocol.identity == "Contec CMS50 (protocol V7)"
    assert "unknown code 0x02" in only(DeviceAlert, hear(pack(DISCONNECT, (2,)))[1])[0].text


@pytest.mark.parametrize(("frame", "variant"), [(live(), "v7"), (old(), "old")])
def test_a_bit_that_fell_over_on_the_line_gives_no_false_number(frame, variant):
    size = len(frame)
    for place in range(size * 8):
        stream = bytearray(frame * 180)
        stream[size * 90 + place // 8] ^= 1 << place % 8
        _, told = hear(bytes(stream), variant)
        assert {seen.value for seen in only(Numeric, told)} == {97.0, 72.0} | ({None} if variant == "v7" else set())
        assert len(pleth_of(told)) == 180


def test_a_lost_packet_keeps_the_pleth_s_time_and_is_counted():
    stream = bytearray(live() * 60)
    stream[9 * 30 + 4] &= 0x7F
    protocol, told = hear(bytes(stream))
    samples = pleth_of(told)
    assert len(samples) == 60
    assert [place for place, step in enumerate(samples) if step == MISSING_SAMPLE] == [30]
    assert protocol.bad_frames == 1


@pytest.mark.parametrize(("frame", "name"), [(live(), "protocol V7"), (old(), "old protocol")])
@pytest.mark.parametrize("skip", range(1, 9))
def test_what_is_spoken_is_found_from_the_middle_of_a_packet(frame, name, skip):
    protocol, told = hear((frame * 10)[skip:])
    assert protocol.identity == f"Contec CMS50 ({name})"
    assert protocol.bad_frames == 0
    assert latest(told)[SPO2][0] == 97.0


def test_another_device_on_the_same_line_is_found():
    protocol, told = hear(old() * 60 + live() * 60)
    assert protocol.identity == "Contec CMS50 (protocol V7)"
    assert hear(live() * 60 + old() * 60)[0].identity == "Contec CMS50 (old protocol)"
    assert latest(told)[PERFUSION_INDEX][1] is Validity.NOT_AVAILABLE


def bench(spoken, listen=""):
    finger = Finger()
    return finger, Bench(finger, ContecSimulator(finger, spoken), ContecProtocol(listen))


@pytest.mark.parametrize("listen", ["", "v7"])
def test_live_data_is_asked_for_once_and_kept_coming(listen):
    _, line = bench("v7", listen)
    line.run(21.5)
    begin = 0.0 if listen else 1.0
    assert [(at.since(START), message) for at, message in line.sent] == [
        (begin, ASK),
        *((begin + 5.0 * count, KEEP) for count in (1, 2, 3, 4)),
    ]
    told = [seen for seen in only(Numeric, line.observations) if seen.metric is SPO2]
    assert len(told) >= 20
    assert line.protocol.bad_frames == 0


@pytest.mark.parametrize("listen", ["", "old"])
def test_a_device_that_speaks_the_old_protocol_is_sent_nothing(listen):
    finger, line = bench("old", listen)
    told = line.run(10.0)
    finger.off()
    told += line.run(10.0)
    assert line.sent == []
    assert line.protocol.identity == "Contec CMS50 (old protocol)"
    assert {97.0, None} == {seen.value for seen in only(Numeric, told) if seen.metric is SPO2}


def test_without_an_answer_it_is_asked_again_each_two_seconds():
    protocol = ContecProtocol("v7")
    sent = [(tenth / 10, message) for tenth in range(80) for message in protocol.outgoing(START.plus(tenth / 10))]
    assert sent == [(0.0, ASK), (2.0, ASK), (4.0, ASK), (6.0, ASK)]


def test_live_data_that_stopped_is_asked_for_again():
    finger, line = bench("v7")
    line.run(3.0)
    line.simulator.receive(command(0xA2), finger.now)
    told = line.run(4.0)
    assert [message for _, message in line.sent] == [ASK, ASK]
    assert only(Numeric, told)[-1].at.since(START) > 5.0


def test_without_keep_alive_the_simulator_stops():
    finger = Finger()
    simulator = ContecSimulator(finger)
    simulator.receive(ASK, START)
    for tenth in range(200):
        finger.now = START.plus(tenth / 10)
        simulator.outgoing(finger.now)
    assert simulator.due is None


def test_the_simulator_answers_what_it_does_not_do():
    simulator = ContecSimulator(Finger())
    for number in (0xAE, 0xB1, 0xB2):
        simulator.receive(command(number), START)
        assert simulator.outgoing(START) == pack(FEEDBACK, (number, 5))


@pytest.mark.parametrize("number", [0xA2, 0xA3, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAE, 0xB0, 0xB1, 0xB2, 0xB6])
def test_the_clock_the_memory_and_all_else_are_refused(number):
    assert not DRIVER.may_send(command(number))


@pytest.mark.parametrize("message", [b"\xf5\xf5", b"\xf6\xf6\xf6", ASK + KEEP, ASK[:8] + b"\x81"])
def test_the_old_download_and_what_only_resembles_are_refused(message):
    assert not DRIVER.may_send(message)


@pytest.mark.parametrize("spoken", ["v7", "old"])
def test_the_pleth_arrives_in_time_and_true_to_one_step(spoken):
    finger, line = bench(spoken, spoken)
    blocks = only(WaveformBlock, line.run(4.0))[2:]
    assert {(len(block.steps), block.metric, block.rate_hz) for block in blocks} == {(4, PLETH, 60.0)}
    for block in blocks:
        assert block.values() == pytest.approx(finger.samples(PLETH, block.at, 4, 60.0), abs=0.51 / 127)
    gaps = [after.at.since(before.end) for before, after in pairwise(blocks)]
    assert gaps == pytest.approx([0.0] * len(gaps), abs=1e-6)


def test_it_says_that_it_is_consumer_grade():
    assert DRIVER.standing.startswith("Consumer grade")
    assert "consumer grade" in DRIVER.title
