"""What may be sent to a monitor: exact bytes, and nothing else, whatever is heard."""

from __future__ import annotations

import json
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.drivers.intellivue import DRIVER
from devices.drivers.intellivue import requests as ask
from devices.drivers.intellivue.frames import framed
from devices.drivers.intellivue.simulator import ABORTED, REFUSED, acceptance
from tests.devices.drivers.intellivue_messages import SHARED, alerts, ava, created, entry, listed, numeric, numerics, operation, poll
from tests.devices.fake_bedside import START

MDS = bytes.fromhex("002100000000")


def needs_requests():
    if not SHARED.exists():
        pytest.skip("the requests of other programs are kept outside of the project")
    rows = json.loads((SHARED / "requests.json").read_text(encoding="utf-8"))["messages"]
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("aarq_msg_wave_ext_poll2", ask.ASSOCIATE),
        ("ext_poll_request_msg4", ask.POLL_NUMERICS),
        ("ext_poll_request_wave_msg", ask.POLL_WAVES),
        ("poll_request_msg", ask.POLL_NUMERICS_ONCE),
        ("rlrq_msg", ask.RELEASE),
        ("rlrq_resp_msg", ask.RELEASED),
        ("mds_create_resp_msg", ask.mds_created_result(1, 0x000ABD00)),
    ],
)
def test_requests_are_those_that_real_monitors_answer(name, ours):
    row = needs_requests()[name]
    assert ours.hex() == row["payload_hex"]
    assert framed(ours).hex() == row["serial_frame_hex"]


def test_requests_that_differ_only_in_what_they_ask_for():
    rows = needs_requests()
    keep_alive = bytes.fromhex(rows["keep_alive_msg2"]["payload_hex"])
    assert keep_alive[:-2] + bytes.fromhex("0801") == ask.POLL_ALERTS
    one_wave = bytes.fromhex(rows["set_rtsa_prio_msg"]["payload_hex"])
    ours = ask.wave_choice([0x00020102])
    assert ours[:8] + one_wave[8:10] + ours[10:] == one_wave  # but for the invoke id


def test_all_that_is_asked_for_is_allowed_on_both_lines():
    for payload in [*ask.FIXED, ask.mds_created_result(0xFFFF, 0xC1C0C17D)]:
        assert DRIVER.may_send(payload)
        assert DRIVER.may_send(framed(payload))


def one_set(attribute: int, content: bytes, command: int = 5) -> bytes:
    body = MDS + bytes(4) + listed([struct.pack(">HHH", 0, attribute, len(content)) + content])
    return operation(1, 2, command, body)


FORBIDDEN = {
    "set of another attribute": one_set(0x0987, bytes.fromhex("2026030108000000")),
    "set of other waveforms": ask.wave_choice([0x00020102]),
    "unconfirmed set": one_set(0xF23A, listed([]), command=4),
    "set of the numerics' priority list": one_set(0xF239, listed([])),
    "another action": operation(1, 3, 7, MDS + bytes(4) + struct.pack(">HH", 0x0C17, 0)),
    "demographics": operation(1, 3, 7, ask.action_bytes(0x0C16, bytes.fromhex("00050001002a0807"))),
    "poll for longer": ask.POLL_NUMERICS[:-4] + b"\xff\xff\xff\xff",
    "get": operation(1, 0, 3, MDS + bytes(4) + bytes.fromhex("00010002f23a")),
    "create": operation(1, 0, 8, MDS),
    "delete": operation(1, 0, 9, MDS),
    "abort": ABORTED,
    "acceptance": acceptance(),
    "event": created(),
    "nothing": b"",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_refused(name):
    assert not DRIVER.may_send(FORBIDDEN[name])
    assert not DRIVER.may_send(framed(FORBIDDEN[name]))


def test_nothing_may_hang_on_what_is_allowed():
    for payload in ask.FIXED:
        for message in (framed(payload) * 2, framed(payload) + b"\0", b"\0" + framed(payload), payload + b"\0", framed(payload)[:-1]):
            assert not DRIVER.may_send(message)


HEARD = [
    acceptance(),
    acceptance(poll_options=0),
    acceptance(min_poll_period_ticks=80_000),
    REFUSED,
    ABORTED,
    ask.RELEASE,
    ask.RELEASED,
    ask.ASSOCIATE,
    created(),
    created(invoke=0xC0C1),
    operation(3, 3, 9, b""),
    operation(3, 4, 9, b""),
    operation(1, 9, 1, MDS + struct.pack(">IHH", 1, 0x0D17, 0)),
    operation(1, 9, 5, MDS),
    numerics(numeric(0x4182, 72)),
    poll(0x09),
    alerts([entry(0x4182, 3076, 0x400)], []),
    operation(2, 2, 5, MDS + listed([ava(0xF23A, listed([]))])),
]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["", "lan"]),
    st.lists(st.tuples(st.sampled_from(HEARD) | st.binary(max_size=40), st.sampled_from([0.0, 0.3, 2.0, 6.0, 30.0, 600.0])), max_size=25),
    st.integers(0, 2**32),
)
def test_no_sequence_of_messages_and_pauses_makes_it_send_anything_else(variant, steps, seed):
    protocol, now, chance = DRIVER.protocol(variant), START, random.Random(seed)
    for payload, pause_s in steps:
        now = now.plus(pause_s)
        data = payload if variant else framed(payload)
        if data and chance.random() < 0.2:
            place = chance.randrange(len(data))
            data = data[:place] + bytes((chance.randrange(256),)) + data[place + 1 :]
        sent = [*protocol.outgoing(now), *(protocol.receive(data, now) and ()), *protocol.outgoing(now)]
        assert all(DRIVER.may_send(message) for message in sent)
