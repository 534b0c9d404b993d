"""Capnostream: what may never leave for it, whatever comes from it."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import SPO2
from devices.drivers.capnostream import DRIVER
from devices.drivers.capnostream.frames import framed
from devices.drivers.capnostream.protocol import CapnostreamProtocol
from devices.drivers.capnostream.requests import ALLOWED, ENABLE
from tests.devices.drivers.capnostream_line import IDENTITY, WIRE, numerics, values, wave
from tests.devices.fake_bedside import START

REFUSED = [WIRE[name] for name in ("disable", "stop_real_time", "host_id_ICE", "etco2_low_15")] + [
    framed(60, b"\x01\x01"),
    framed(60, b"\x02\x00"),
    framed(61, b"patient".ljust(20)),
    framed(62, bytes(40)),
    framed(10, b"\x01\x01"),
    framed(9),
    framed(3, b"\x01"),
    ENABLE + ENABLE,
    ENABLE[:-1],
    b"",
]


def test_nothing_that_sets_anything_may_leave():
    assert all(DRIVER.may_send(message) for message in ALLOWED)
    assert not any(DRIVER.may_send(message) for message in REFUSED)


PIECES = [
    IDENTITY,
    WIRE["numerics"],
    wave(1),
    wave(2, status=0x40),
    numerics(at13=1),
    framed(60, b"\x01\x01"),
    framed(57, b"x"),
    *REFUSED[:4],
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.binary(max_size=60), st.sampled_from(PIECES)), st.floats(0, 20)), max_size=40))
def test_whatever_comes_and_whenever_nothing_else_is_sent(steps):
    protocol, now = CapnostreamProtocol(), START
    for data, seconds in steps:
        now = now.plus(seconds)
        protocol.receive(data, now)
        assert all(message in ALLOWED for message in protocol.outgoing(now))
        assert all(message in ALLOWED for message in protocol.outgoing(max(protocol.due, now)))


def test_mutations_break_nothing_and_the_next_good_frame_is_read():
    chance = random.Random(20260301)
    protocol, before = CapnostreamProtocol(), 0
    for n in range(3000):
        wire = bytearray(chance.choice(PIECES))
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(wire) + 1)
            wire[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(1, 2))
        protocol.receive(bytes(wire), START.plus(n))
        assert protocol.bad_frames >= before
        before = protocol.bad_frames
        if n % 50 == 0:
            assert values(protocol.receive(wave(n) + WIRE["numerics"], START.plus(n)))[SPO2][0] == 97
    assert before > 1000
