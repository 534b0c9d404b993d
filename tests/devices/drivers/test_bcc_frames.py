"""BCC frames: the maker's printed ones, stuffing, damage, and what may be sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers.bcc.frames import ACK, NAK, Answer, Damaged, Frame, FrameReader, decode, encode, stuff, unstuff
from devices.drivers.bcc.requests import may_send

PRINTED = json.loads((Path(__file__).parents[2] / "captures" / "bcc" / "frames.json").read_text())


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row["id"])
def test_the_printed_frames_both_ways(row) -> None:
    message = bytes.fromhex(row["hex"])
    frame = decode(message)
    assert frame is not None
    assert (frame.bed_id, frame.information.decode(), frame.last) == (row["bed_id"], row["information"], True)
    assert encode(row["bed_id"], row["information"].encode()) == message


def test_stuffing_is_undone_from_left_to_right() -> None:
    assert stuff(b"DEde") == b"EXEEexee"
    assert unstuff(b"EEX") == b"EX"
    assert unstuff(b"EXeexE") is None, "an escape without its second half"
    assert unstuff(b"plain D") is None, "a stuffed message holds no D"


@given(st.binary(max_size=60))
def test_any_message_survives_stuffing(message: bytes) -> None:
    assert unstuff(stuff(message)) == message


@given(st.binary(max_size=40).filter(lambda data: not set(data) & {1, 3, 4, 23}), st.booleans())
def test_a_frame_says_by_itself_whether_it_is_stuffed(information: bytes, stuffed: bool) -> None:
    (frame,) = FrameReader().feed(encode("Bay", information, stuffed=stuffed))
    assert isinstance(frame, Frame)
    assert frame.information == information
    assert frame.stuffed in {stuffed, None}


@pytest.mark.parametrize("place", range(31))
def test_one_changed_byte_is_noticed(place: int) -> None:
    message = bytearray.fromhex(PRINTED[0]["hex"])
    message[place] ^= 0x02
    reader = FrameReader()
    assert not [item for item in reader.feed(bytes(message) + b"\x04") if isinstance(item, Frame)]
    assert reader.bad >= 1


def test_after_a_torn_frame_the_next_is_read() -> None:
    message = bytes.fromhex(PRINTED[0]["hex"])
    found = FrameReader().feed(message[:12] + message)
    assert [type(item) for item in found] == [Damaged, Frame]


def test_bare_answers() -> None:
    assert FrameReader().feed(ACK + NAK) == [Answer(True), Answer(False)]


ALLOWED = ("ADMIN:ALIVE", "ADMIN:VERSION", "MEM:GET", "MEM:GETSLOT#11", "MEM:GETSLOT#3O")
REFUSED = (
    "MEM:SET",
    "MEM:GETSLOT#41",
    "MEM:GETSLOT#1P",
    "MEM:GETSLOT#1",
    "MEM:GET ",
    "mem:get",
    "ADMIN:ALIVE\x1eMEM:SET",
    "ADMIN:RESET",
    "MEM:GET,INBOCNT",
    "",
)


@pytest.mark.parametrize("information", ALLOWED)
def test_requests_that_read_are_allowed(information: str) -> None:
    for stuffed in (False, True):
        assert may_send(encode("SpaceCOM", information.encode(), stuffed=stuffed))
    assert not may_send(encode("SpaceCOM", information.encode(), last=False)) or information == ""


@pytest.mark.parametrize("information", REFUSED)
def test_all_else_is_refused(information: str) -> None:
    assert not may_send(encode("SpaceCOM", information.encode()))


def test_nothing_is_hidden_beside_an_allowed_request() -> None:
    good = encode("1", b"ADMIN:ALIVE")
    for message in (good + good, good + ACK, ACK + NAK, b"\0" + good, good[:-1], b"MEM:GET"):
        assert not may_send(message)
    assert may_send(ACK)
    assert may_send(NAK)
