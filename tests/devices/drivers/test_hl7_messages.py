"""Frames, grammar, times and answers: what may stand on the line, in which pieces, and the only thing that is sent."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.instant import Instant
from clinical.observations import DeviceAlert
from devices.drivers.hl7 import DRIVER
from devices.drivers.hl7.acknowledge import may_send
from devices.drivers.hl7.frames import LONGEST, Deframer, framed
from devices.drivers.hl7.message import parse
from devices.drivers.hl7.stamps import SenderClock, seconds_between, stamp_of
from tests.devices.drivers.hl7_messages import HR_ROW, SPO2_ROW, Receiver, alarm_rows, header, message, pump_rows
from tests.devices.fake_bedside import START

STREAM = b"".join(
    (
        message(SPO2_ROW, HR_ROW, number="1"),
        b"noise\r\n",
        message(*pump_rows(alarms=["197334^NEAR^MDC"]), number="2", sent="20260301080001+0000"),
        message(*alarm_rows(), kind="ORU^R40^ORU_R40", number="3", sent="20260301080002+0000"),
        message(SPO2_ROW, number="4", sent="20260301080003+0000")[:60],
        message(SPO2_ROW, number="5", sent="20260301080004+0000"),
    )
)


def heard(data, cuts=()):
    protocol = DRIVER.protocol("")
    told, sent = [], []
    for start, end in pairwise([0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]):
        told += protocol.receive(data[start:end], START)
        sent += protocol.outgoing(START)
    return told, sent, protocol.bad_frames, protocol.identity


def test_the_stream_is_what_it_seems():
    told, sent, bad, identity = heard(STREAM)
    assert len(told) == 6
    assert len(sent) == 4
    assert bad == 2  # the noise and the message cut short
    assert identity == "MON (HL7 2.6); Test syringe pump P7001"
    assert sum(isinstance(seen, DeviceAlert) for seen in told) == 2


def test_one_byte_at_a_time():
    assert heard(STREAM, range(len(STREAM))) == heard(STREAM)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5000), max_size=40))
def test_any_split_gives_the_same(cuts):
    assert heard(STREAM, cuts) == heard(STREAM)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_never_raised_and_after_it_the_next_message_is_read(noise):
    protocol = DRIVER.protocol("")
    protocol.receive(noise, START)
    assert len(protocol.receive(message(SPO2_ROW), START)) == 1


def mutated(chance, data):
    out = bytearray(data)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(out))
        how = chance.randrange(4)
        if how == 0:
            out[at] = chance.choice(b"|^~\\&\r\n\x0b\x1c0X-.9\xff")
        elif how == 1:
            del out[at : at + chance.randrange(1, 30)]
        elif how == 2:
            out[at:at] = out[at : at + chance.randrange(1, 60)]
        else:
            out[at] ^= 1 << chance.randrange(8)
        if not out:
            return b""
    return bytes(out)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_messages_never_raise_and_whatever_is_sent_is_an_answer(seed):
    chance = random.Random(seed)
    protocol = DRIVER.protocol("")
    originals = [message(SPO2_ROW, HR_ROW), message(*pump_rows(alarms=["197334^N^MDC"])), message(*alarm_rows(), kind="ORU^R40^ORU_R40")]
    for step in range(400):
        now = START.plus(step * 0.1)
        protocol.receive(mutated(chance, chance.choice(originals)), now)
        assert all(may_send(sent) for sent in protocol.outgoing(now))


def test_a_message_without_an_end_does_not_grow():
    deframer = Deframer()
    deframer.push(b"\x0b")
    for _ in range(LONGEST // 1000 + 2):
        assert deframer.push(b"x" * 1000) == []
    assert deframer.bad_frames == 1
    assert deframer._message is None
    assert deframer.push(framed(b"MSH")) == [b"MSH"]
    assert deframer.bad_frames == 1


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_any_line_end(end):
    assert len(Receiver().take(message(SPO2_ROW, HR_ROW, end=end))) == 2


def test_a_message_may_declare_other_separators():
    text = message(SPO2_ROW).decode().replace("|", "#").replace("^", "!")
    assert len(Receiver().take(text.encode())) == 1


@pytest.mark.parametrize("text", ["", "MSH", "MSH|^~\\", "MSH|||||", "MSH|^^~&|", "PID|1", "MSHA^~\\&|"])
def test_what_is_no_message(text):
    assert parse(text.encode()) is None


def test_escapes_and_character_sets():
    text = header(sender="A\\F\\B\\S\\C\\X41\\\\Z\\D", charset="8859/1") + '\rPID|||été^""'
    sent = parse(text.encode("latin-1"))
    assert sent is not None
    assert sent.header.component(3, 1) == "A|B^CA\\Z\\D"
    assert sent.segments[1].component(3, 1) == "été"
    assert sent.segments[1].component(3, 2) == ""
    broken = parse(b"MSH|^~\\&|\xff\xfe")
    assert broken is not None
    assert broken.header.component(3, 1) == "\ufffd\ufffd"


@pytest.mark.parametrize(
    ("text", "local", "offset"),
    [
        ("20260301080000", "2026-03-01T08:00:00.000Z", None),
        ("202603010800", "2026-03-01T08:00:00.000Z", None),
        ("20260301080000.125+0530", "2026-03-01T08:00:00.125Z", 19800),
        ("20260301080000-0800", "2026-03-01T08:00:00.000Z", -28800),
    ],
)
def test_times(text, local, offset):
    stamp = stamp_of(text)
    assert stamp is not None
    assert (Instant(0, stamp.local_ns).iso(), stamp.offset_s) == (local, offset)


@pytest.mark.parametrize("text", ["", "20260301", "20261301080000", "20260301086000", "yesterday", "2026030108000١"])
def test_what_is_no_time(text):
    assert stamp_of(text) is None


def test_differences_by_offset_where_both_have_one_and_by_digits_else():
    assert seconds_between(stamp_of("20260301080000+0000"), stamp_of("20260301100010+0200")) == 10
    assert seconds_between(stamp_of("20260301100000"), stamp_of("20260301100010+0200")) == 10


def test_a_clock_that_was_set_back_is_found_out_and_a_late_message_is_not():
    clock = SenderClock()
    sent = [stamp_of(f"202603010800{second:02d}") for second in range(60)]
    assert clock.take(sent[40], START) == (0, False)
    assert clock.take(sent[10], START.plus(1)) == (31, True)
    assert clock.take(sent[42], START.plus(2)) == (0, False)
    back = [clock.take(sent[second], START.plus(3 + second)) for second in range(0, 20, 2)]
    assert back == [(43, True)] * 5 + [(0, False)] * 5
    assert clock.settings == 1


def test_a_clock_that_stands_still_or_counts_minutes_overtakes_nobody():
    clock = SenderClock()
    minute = stamp_of("202603010800")
    assert [clock.take(minute, START.plus(second))[1] for second in range(0, 300, 30)] == [False] * 10


def answer_to(data):
    protocol = DRIVER.protocol("")
    protocol.receive(data, START)
    return protocol.outgoing(START)


def test_the_answer_to_the_byte():
    assert answer_to(message(SPO2_ROW, number="1914")) == [
        b"\x0bMSH|^~\\&|BEDSIDE||||20260301080000+0000||ACK^R01^ACK|20260301080000000-0|P|2.6\rMSA|AA|1914\r\x1c\r"
    ]


@pytest.mark.parametrize("kind", ["ADT^A01", "QRY^R02", "ORF^R04", "", "ORU"])
def test_what_is_not_read_is_refused_and_never_acted_on(kind):
    (sent,) = answer_to(message(SPO2_ROW, kind=kind))
    assert b"MSA|AR|1|message type not read\r" in sent
    assert may_send(sent)


@pytest.mark.parametrize(
    ("accept", "application", "answers"),
    [("", "", 1), ("AL", "NE", 1), ("NE", "AL", 1), ("NE", "NE", 0), ("ER", "NE", 0), ("SU", "", 1), ("??", "", 1)],
)
def test_an_answer_is_given_where_it_is_asked_for(accept, application, answers):
    assert len(answer_to(message(SPO2_ROW, accept=accept, application=application))) == answers


@pytest.mark.parametrize("number", ["", "a" * 200, "7\x00", "é", "1\x1d2"])
def test_a_number_that_is_no_plain_text_is_not_repeated(number):
    assert answer_to(message(SPO2_ROW, number=number)) == []


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=40), st.text(max_size=12), st.text(max_size=8), st.text(max_size=3), st.sampled_from(["ORU^R01", "ORU^R40", "ADT^A01"])
)
def test_no_sender_can_make_it_send_anything_else(number, sender, version, mode, kind):
    head = f"MSH|^~\\&|{sender}||||20260301080000||{kind}|{number}|{mode}|{version}\r"
    for sent in answer_to(framed(head.encode("utf-8", "replace"))):
        assert may_send(sent)
        assert sent.count(b"\r") == 3
        assert sent.split(b"\r")[1].startswith((b"MSA|AA|", b"MSA|AR|"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"MSA|AA", b"MSA|CA"),
        (b"ACK^R01^ACK", b"ORU^R01^ACK"),
        (b"ACK^R01^ACK", b"QRY^R02"),
        (b"MSA|AA|1\r", b"MSA|AA|1\rQRD|1\r"),
        (b"MSA|AA|1\r", b"MSA|AA|1|text\r"),
        (b"\r\x1c\r", b"\r\x1c\rx"),
        (b"\x0bMSH", b"x\x0bMSH"),
        (b"BEDSIDE", b"OTHER"),
    ],
)
def test_nothing_but_the_exact_form_may_be_sent(old, new):
    (sent,) = answer_to(message(SPO2_ROW))
    assert may_send(sent)
    assert old in sent
    assert not may_send(sent.replace(old, new))
    assert not may_send(sent * 2)


def test_nothing_is_sent_unasked():
    protocol = DRIVER.protocol("")
    assert protocol.outgoing(START) == []
    assert protocol.due is None
    protocol.receive(b"MSH|no frame", START)
    assert protocol.outgoing(START.plus(3600)) == []


def own_time_s(flood: bytes) -> float:
    """The least of three times, in this process's own time."""
    taken = []
    for _ in range(3):
        deframer, began_s = Deframer(), time.process_time()
        deframer.push(flood)
        taken.append(time.process_time() - began_s)
    return min(taken)


@pytest.mark.parametrize("flood", [b"\x0b", b"\x0bMSH", b"\x1c", b"\x0b\x1c\r"])
def test_a_flood_of_marks_costs_no_more_a_byte_however_much_comes_at_once(flood: bytes) -> None:
    short, long = 1 << 15, 1 << 19
    assert own_time_s(flood * (long // len(flood))) < 3 * (long / short) * own_time_s(flood * (short // len(flood)))
