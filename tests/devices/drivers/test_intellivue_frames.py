"""Frames of the serial line and messages of the network: check, escapes, damage, any split."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.drivers.intellivue.frames import LONGEST_MESSAGE, DatagramDeframer, SerialDeframer, frame_check, framed
from devices.drivers.intellivue.requests import ASSOCIATE, POLL_ALERTS, RELEASE
from tests.devices.drivers.intellivue_messages import NAN, created, numeric, numerics, operation

MESSAGES = [ASSOCIATE, created(), numerics(numeric(0x4182, 72)), RELEASE, operation(3, 4, 9, b""), numerics(), POLL_ALERTS]
GOOD = numerics(numeric(0x4182, 72))
LINES = [(SerialDeframer, framed), (DatagramDeframer, bytes)]


@pytest.mark.parametrize(
    ("data", "sent"), [(b"123456789", "6e90"), (bytes.fromhex("3a71"), "9b26"), (bytes.fromhex("3a91"), "95c1"), (b"", "0000")]
)
def test_the_check_of_published_examples(data, sent):
    assert frame_check(data).hex() == sent


def test_start_end_and_escape_are_escaped():
    payload = bytes.fromhex("c0c17d00")
    assert framed(payload).startswith(bytes.fromhex("c0110100047de07de17d5d00"))
    assert framed(payload).count(b"\xc0") == framed(payload).count(b"\xc1") == 1
    assert SerialDeframer().push(framed(payload)) == [payload]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_payload_comes_through(payload):
    deframer = SerialDeframer()
    assert deframer.push(b"\x11\x7d" + framed(payload) + b"\x00\xc1") == [payload]
    assert deframer.bad_frames == 0


@pytest.mark.parametrize(("kind", "wire"), LINES)
@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(0, 2000), max_size=20))
def test_any_split(kind, wire, cuts):
    stream = b"".join(map(wire, MESSAGES)) + b"\x55" * 20 + b"".join(map(wire, MESSAGES))
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    deframer = kind()
    assert [payload for start, end in pairwise(edges) for payload in deframer.push(stream[start:end])] == MESSAGES * 2
    assert deframer.bad_frames == (1 if kind is DatagramDeframer else 0)


def test_a_frame_given_up_is_dropped():
    deframer = SerialDeframer()
    assert deframer.push(framed(GOOD)[:20] + b"\x7d\xc1" + framed(GOOD)) == [GOOD]
    assert deframer.bad_frames == 1


@pytest.mark.parametrize("at", range(1, len(framed(GOOD)) - 1))
def test_every_flipped_byte_is_noticed_and_the_next_frame_is_good(at):
    broken = bytearray(framed(GOOD))
    broken[at] ^= 0x04
    deframer = SerialDeframer()
    assert deframer.push(bytes(broken) + framed(GOOD)) == [GOOD]
    assert deframer.bad_frames >= 1


@pytest.mark.parametrize("at", range(len(framed(GOOD))))
def test_a_frame_cut_short_costs_only_itself(at):
    deframer = SerialDeframer()
    assert deframer.push(framed(GOOD)[:at] + framed(GOOD)) == [GOOD]


def test_another_protocol_id_is_no_frame():
    body = bytes.fromhex("1201") + len(GOOD).to_bytes(2, "big") + GOOD
    deframer = SerialDeframer()
    assert deframer.push(b"\xc0" + body + frame_check(body) + b"\xc1") == []
    assert deframer.bad_frames == 1


@pytest.mark.parametrize("kind", [SerialDeframer, DatagramDeframer])
def test_nothing_grows_without_end(kind):
    deframer = kind()
    for _ in range(100):
        deframer.push(b"\xc0" + b"\x20" * 1000)
        deframer.push(b"\x0d\xff\xff\xff\xc1" + b"\x20" * 1000)
    held = deframer._partial if kind is SerialDeframer else deframer._waiting
    assert len(held) <= 2 * LONGEST_MESSAGE + 2000
    assert deframer.bad_frames > 0


@pytest.mark.parametrize(
    "noise", [b"\xe1\x00\x00\x02\x00\x09", b"\xe1\x00\x00\x02\x00\x02\x00\x08\x00\x01\x00\x07\x00\x09", b"\x0d\x05\x77", b"\xe1\xe1"]
)
def test_the_network_form_is_back_in_step_within_one_message(noise):
    deframer = DatagramDeframer()
    assert deframer.push(noise + GOOD + GOOD)[-1] == GOOD
    assert deframer.bad_frames == 1


def test_a_value_without_a_number_survives_both_lines():
    payload = numerics(numeric(0x4182, NAN))
    for kind, wire in LINES:
        assert kind().push(wire(payload)) == [payload]
