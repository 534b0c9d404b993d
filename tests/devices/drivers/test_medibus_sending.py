"""MEDIBUS: what may never leave, whatever comes."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import SPO2
from clinical.observations import Validity
from devices.drivers.medibus import DRIVER
from devices.drivers.medibus.frames import NAK, command, response
from devices.drivers.medibus.protocol import MedibusProtocol
from devices.drivers.medibus.realtime import enable, record
from devices.drivers.medibus.requests import ALLOWED
from tests.devices.drivers.medibus_session import (
    CAPNOSAT,
    DATA,
    ICC,
    NOP,
    OFFER,
    OPENED,
    WHO,
    alarm,
    numerics,
    opened,
)
from tests.devices.fake_bedside import START

REFUSED = [
    command(0x4A, b"$EB"),
    command(0x55),
    command(0x25),
    command(0x6A, b"x"),
    command(0x54, b"0001"),
    command(0x54, b"0610"),
    command(0x54),
    response(0x15),
    response(0x52, b"8300'Capnosat'01.00:04.03"),
    ICC + ICC,
    ICC[:-1],
    b"\x1bQ6D\r",
    enable(3),
    enable(4),
    b"",
    b"\x11",
    b"\x13",
]


def test_nothing_but_the_list_may_leave():
    assert all(DRIVER.may_send(message) for message in ALLOWED)
    assert not any(DRIVER.may_send(message) for message in REFUSED)
    assert not any(message.startswith(b"\x1b") and message[1] not in b"0QR($'.ST" for message in ALLOWED)


PIECES = [
    ICC, NOP, WHO, CAPNOSAT, OFFER, DATA, OPENED, response(0x51), response(0x54), response(0x53), response(NAK), command(0x55),
    command(0x56), command(0x49), b"\x11", b"\x13", b"\x18", response(0x27, alarm(0x0D)), response(0x2E), record({0: 1, 1: 2}), b"\x01$",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.one_of(st.binary(max_size=60), st.sampled_from(PIECES)), st.floats(0, 15)), max_size=40))
def test_whatever_comes_and_whenever_nothing_else_is_sent(steps):
    protocol, now = MedibusProtocol(), START
    for data, seconds in steps:
        now = now.plus(seconds)
        protocol.receive(data, now)
        assert all(message in ALLOWED for message in protocol.outgoing(now))
        if protocol.due is not None:
            assert all(message in ALLOWED for message in protocol.outgoing(max(protocol.due, now)))


def test_mutations_break_nothing_and_the_next_good_reply_is_read():
    chance = random.Random(20260301)
    protocol, before = opened(), 0
    for n in range(3000):
        wire = bytearray(chance.choice(PIECES) + DATA)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(wire))
            wire[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
        protocol.receive(bytes(wire), START.plus(n / 10))
        protocol.outgoing(START.plus(n / 10))
        assert protocol.bad_frames >= before
        before = protocol.bad_frames
        if n % 50 == 0:
            protocol.receive(response(0x27), START.plus(n / 10))
            assert numerics(protocol.receive(DATA, START.plus(n / 10)))[SPO2] == (97, Validity.VALID, "")
    assert before > 1000


def test_the_port_is_never_opened_with_xon_xoff():
    settings_met = [DRIVER.serial, *DRIVER.other_settings]
    assert (DRIVER.serial.baud, DRIVER.serial.parity) == (9600, "E")
    assert not any(one.xon_xoff for one in settings_met)
