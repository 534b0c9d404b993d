"""The dialogue: what is asked, asked again after silence, and never anything else; damage never stops it."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import HEART_RATE
from devices.drivers.dri import DRIVER
from devices.drivers.dri.frames import Deframer, framed, record_bytes
from devices.drivers.dri.protocol import REQUESTS, WAVES_WANTED, DriProtocol
from devices.drivers.dri.requests import AUX_INFO, DISPLAYED_VALUES, FOLLOW_ALARMS, TRENDS
from tests.devices.drivers.dri_records import NIBP, QUIET, changed, displayed, numeric, record
from tests.devices.drivers.test_dri_waves import wave
from tests.devices.fake_bedside import START

CUFF_MEASURING = displayed(changed(NIBP, label=1 << 5), level=10)
WAVES = record(1, [wave(1, [1, 2, 3]), wave(8, [4]), wave(9, [5])])
GOOD = displayed(QUIET, level=10) + WAVES + CUFF_MEASURING + record(0, [(4, b"\1" * 114)]) + record(4, [(1, bytes(510))], level=10)


def test_the_requests_are_these_and_the_driver_lets_nothing_else_out():
    assert {DISPLAYED_VALUES, AUX_INFO, WAVES_WANTED, FOLLOW_ALARMS, *(request for *_, request in TRENDS.values())} == REQUESTS
    assert all(DRIVER.may_send(message) for message in REQUESTS)
    for message in REQUESTS:
        assert not DRIVER.may_send(message[:-1])
        assert not DRIVER.may_send(message + message)
        assert not DRIVER.may_send(message[:20] + b"\x02" + message[21:])
    assert not DRIVER.may_send(b"")


def test_requests_as_bytes():
    displayed_values = "7e31" + "00" * 20 + "ff" + "00" * 18 + "01" + "0500" + "06000000" + "0000" + "3c" + "7e"
    waves_wanted = "7e48" + "00" * 13 + "01" + "00" * 6 + "ff" + "00" * 18 + "00000000" + "0108090f04ff" + "00" * 22 + "6c" + "7e"
    assert (DISPLAYED_VALUES.hex(), WAVES_WANTED.hex()) == (displayed_values, waves_wanted)


def test_values_and_waves_are_asked_for_once_when_answered():
    protocol = DriProtocol()
    assert protocol.due is None
    assert list(protocol.outgoing(START)) == [DISPLAYED_VALUES, WAVES_WANTED]
    sent = []
    for quarter in range(240):
        now = START.plus(quarter / 4)
        protocol.receive(WAVES if quarter % 20 else displayed({}), now)
        sent += protocol.outgoing(now)
    assert sent == []
    assert protocol.due > now


def test_after_silence_everything_is_asked_for_again():
    protocol = DriProtocol()
    protocol.outgoing(START)
    protocol.receive(displayed(QUIET, level=10) + WAVES, START)
    assert list(protocol.outgoing(START)) == [AUX_INFO, FOLLOW_ALARMS]
    assert protocol.due == START.plus(4)
    assert list(protocol.outgoing(START.plus(3.9))) == []
    assert list(protocol.outgoing(START.plus(4))) == [WAVES_WANTED]
    silence = list(protocol.outgoing(START.plus(8)))
    assert silence[0] == DISPLAYED_VALUES
    assert FOLLOW_ALARMS in silence


def test_waves_that_stopped_alone_are_asked_for_again_ever_more_patiently():
    protocol = DriProtocol()
    protocol.outgoing(START)
    asked = []
    for second in range(0, 600, 1):
        now = START.plus(second)
        if second % 5 == 0:
            protocol.receive(displayed({}), now)
        asked += [second] * list(protocol.outgoing(now)).count(WAVES_WANTED)
    assert asked[:5] == [4, 12, 28, 60, 120]
    assert max(after - before for before, after in pairwise(asked)) == 60


def test_a_monitor_switched_on_late_is_heard_and_asked_for_waves_at_once():
    protocol = DriProtocol()
    asked = [second for second in range(300) if DISPLAYED_VALUES in protocol.outgoing(START.plus(second))]
    assert asked == list(range(0, 300, 8))
    now = START.plus(301)
    assert numeric(list(protocol.receive(displayed(QUIET), now)), HEART_RATE).value == 72
    assert WAVES_WANTED in protocol.outgoing(now)


def test_an_own_request_echoed_by_the_line_is_nothing():
    protocol = DriProtocol()
    assert [o for message in sorted(REQUESTS) for o in protocol.receive(message, START)] == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.binary(max_size=200),
                st.sampled_from([GOOD, WAVES, CUFF_MEASURING, displayed(QUIET, level=11), *sorted(REQUESTS), GOOD[:700], GOOD[700:]]),
            ),
            st.floats(0, 100),
        ),
        max_size=30,
    )
)
def test_nothing_but_the_requests_is_ever_sent(steps):
    protocol, now = DriProtocol(), START
    for data, seconds in steps:
        now = now.plus(seconds)
        protocol.receive(data, now)
        assert all(message in REQUESTS for message in protocol.outgoing(now))
        if protocol.due is not None:
            assert all(message in REQUESTS for message in protocol.outgoing(protocol.due))


def test_no_mutation_of_a_good_line_breaks_the_protocol_and_the_next_but_one_frame_is_read():
    chooser = random.Random(20260301)
    protocol, good, before = DriProtocol(), displayed(QUIET), 0
    for n in range(3000):
        wire = bytearray(chooser.choice([GOOD, WAVES, good]))
        for _ in range(chooser.randint(1, 8)):
            place = chooser.randrange(len(wire))
            wire[place : place + chooser.randint(0, 3)] = chooser.randbytes(chooser.randint(0, 3))
        protocol.receive(bytes(wire), START.plus(n))
        protocol.outgoing(START.plus(n))
        assert protocol.bad_frames >= before
        before = protocol.bad_frames
        if n % 50 == 0:
            heard = list(protocol.receive(good + good, START.plus(n)))
            assert [o for o in heard if getattr(o, "metric", None) is HEART_RATE]
    assert before > 1000


def test_mutations_that_keep_the_checksum_are_survived_too():
    chooser = random.Random(7)
    protocol, told = DriProtocol(), 0
    alarms = record(4, [(1, bytes(510))], level=10)
    bodies = [record_bytes(found) for frame in (displayed(QUIET), WAVES, alarms) for found in Deframer().push(frame)]
    for n in range(3000):
        body = bytearray(chooser.choice(bodies))
        for _ in range(chooser.randint(1, 20)):
            body[chooser.randrange(2, len(body))] = chooser.randrange(256)
        told += len(protocol.receive(framed(bytes(body)), START.plus(n)))
        assert all(message in REQUESTS for message in protocol.outgoing(START.plus(n)))
    assert told > 3000
