"""Held by every oximeter that speaks by line: splits change nothing, damage passes, nothing but the allowed is sent."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import SPO2
from clinical.observations import Numeric, Validity
from devices.drivers import contec, masimo, nellcor
from tests.devices.drivers.oximeter_lines import Finger, chunks_of, heard, mutated
from tests.devices.fake_rack import START, Bench, only

DRIVERS = {driver.name: driver for driver in (masimo.DRIVER, nellcor.DRIVER, contec.DRIVER)}
SPOKEN = {"masimo": "", "masimo:trend": "trend", "nellcor": "", "contec:v7": "v7", "contec:old": "old"}
SECONDS = {"masimo": 40.0, "masimo:trend": 120.0, "nellcor": 80.0, "contec:v7": 6.0, "contec:old": 6.0}
ALLOWED = {
    "masimo": set(),
    "nellcor": {b"\x11"},
    "contec": {bytes.fromhex("7d81a1808080808080"), bytes.fromhex("7d81af808080808080")},
}
DRIVER_OF = {name: DRIVERS[name.partition(":")[0]] for name in SPOKEN}
STREAMS = {name: b"".join(chunks_of(DRIVER_OF[name], variant, SECONDS[name])) for name, variant in SPOKEN.items()}


def fresh(name, variant=None):
    return DRIVER_OF[name].protocol(SPOKEN[name] if variant is None else variant)


@pytest.mark.parametrize("name", SPOKEN)
def test_the_whole_stream_reads_and_nothing_in_it_is_bad(name):
    rest, _, bad, identity = heard(fresh(name), STREAMS[name])
    assert bad == 0
    assert rest
    assert identity.startswith(name.partition(":")[0].capitalize())


@pytest.mark.parametrize("name", SPOKEN)
def test_one_byte_at_a_time(name):
    stream = STREAMS[name]
    assert heard(fresh(name), stream, range(len(stream))) == heard(fresh(name), stream)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(SPOKEN)), st.booleans(), st.lists(st.integers(0, 9000), max_size=40))
def test_any_split_gives_the_same(name, fixed, cuts):
    variant = None if fixed else ""
    assert heard(fresh(name, variant), STREAMS[name], cuts) == heard(fresh(name, variant), STREAMS[name])


@pytest.mark.parametrize("name", SPOKEN)
@pytest.mark.parametrize("seed", range(4))
def test_damage_is_counted_and_never_raised_and_splits_still_change_nothing(name, seed):
    stream = mutated(STREAMS[name], seed, rate=0.003)
    cuts = [random.Random(seed).randrange(9000) for _ in range(60)]
    whole = heard(fresh(name), stream)
    assert heard(fresh(name), stream, cuts) == whole
    assert whole[2] > 0


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=700), st.sampled_from(sorted(SPOKEN)), st.booleans())
def test_noise_is_never_raised_and_splits_change_nothing(noise, name, fixed):
    variant = None if fixed else ""
    assert heard(fresh(name, variant), noise, range(0, len(noise), 7)) == heard(fresh(name, variant), noise)


@pytest.mark.parametrize("name", ["masimo", "nellcor"])
@settings(max_examples=40, deadline=None)
@given(noise=st.binary(min_size=1, max_size=900))
def test_after_noise_a_line_that_is_whole_is_read(name, noise):
    """What ends the noise may take the next line with it; the one after is read."""
    protocol = fresh(name)
    protocol.receive(STREAMS[name] + noise, START)
    line = STREAMS[name].splitlines(keepends=True)[5]
    assert [seen.value for seen in only(Numeric, protocol.receive(line + line, START)) if seen.metric is SPO2][-1] == 97.0


@pytest.mark.parametrize(("name", "length"), [("contec:v7", 9), ("contec:old", 5)])
@settings(max_examples=40, deadline=None)
@given(noise=st.binary(min_size=1, max_size=90))
def test_after_noise_a_packet_that_is_whole_is_read(name, length, noise):
    protocol = fresh(name)
    protocol.receive(STREAMS[name][: 60 * length], START)
    pleth = heard(protocol, noise + STREAMS[name][: 4 * length])[1]
    clean = heard(fresh(name), STREAMS[name][: 4 * length])[1]
    assert pleth[-3:] == clean[-3:]


@pytest.mark.parametrize("name", SPOKEN)
def test_nothing_grows_on_endless_noise(name):
    for filler in (b"\x00", b"\xff", b"A", b"\x80\x01"):
        protocol = fresh(name)
        for _ in range(30):
            protocol.receive(filler * 1000, START)
        kept = protocol._deframer._buffer if "contec" in name else (protocol._lines if name == "nellcor" else protocol._records)._rest
        assert len(kept) <= 600
        assert protocol.bad_frames >= 1


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*sorted(SPOKEN), "contec"]),
    st.lists(st.tuples(st.one_of(st.binary(max_size=80), st.integers(0, 8000)), st.floats(0, 30)), max_size=30),
)
def test_whatever_arrives_and_whenever_it_is_asked_nothing_but_the_allowed_is_sent(name, happenings):
    base, _, variant = name.partition(":")
    stream = STREAMS[name] if name in STREAMS else STREAMS["contec:v7"]
    protocol = DRIVERS[base].protocol(variant)
    now, sent = START, set(protocol.outgoing(START))
    for happening, pause_s in happenings:
        now = now.plus(pause_s)
        protocol.receive(happening if isinstance(happening, bytes) else stream[happening : happening + 200], now)
        sent.update(protocol.outgoing(now))
    assert sent <= ALLOWED[base]


@pytest.mark.parametrize("name", DRIVERS)
def test_the_list_allows_exactly_what_is_listed(name):
    driver = DRIVERS[name]
    assert all(driver.may_send(message) for message in ALLOWED[name])
    chance = random.Random(1)
    others = [bytes((byte,)) for byte in range(256)] + [chance.randbytes(chance.randrange(12)) for _ in range(500)]
    others += [message[:-1] for message in ALLOWED[name]] + [message + b"\x80" for message in ALLOWED[name]]
    assert not [other for other in others if other not in ALLOWED[name] and driver.may_send(other)]


@pytest.mark.parametrize("name", SPOKEN)
def test_the_simulator_catches_up_after_a_pause(name):
    finger = Finger()
    simulator = DRIVER_OF[name].simulator(finger, SPOKEN[name])
    simulator.receive(bytes.fromhex("7d81a1808080808080"), START)
    finger.now = START.plus(3600.0)
    simulator.outgoing(finger.now)
    assert simulator.due is None or simulator.due > finger.now
    assert simulator.outgoing(finger.now) == b""


@pytest.mark.parametrize("name", SPOKEN)
def test_the_same_finger_gives_the_same_bytes(name):
    assert b"".join(chunks_of(DRIVER_OF[name], SPOKEN[name], SECONDS[name])) == STREAMS[name]


@pytest.mark.parametrize("name", [name for name in SPOKEN if name != "masimo:trend"])
def test_with_the_finger_off_or_its_pulse_lost_no_number_is_told(name):
    finger = Finger()
    line = Bench(finger, DRIVER_OF[name].simulator(finger, SPOKEN[name]), fresh(name))
    line.run(10.0)
    for befall in (finger.off, finger.read, finger.search):
        line.run(10.0)
        befall()
        told = [seen for seen in only(Numeric, line.run(20.0)) if seen.metric is SPO2]
        expected = Validity.VALID if befall == finger.read else Validity.INVALID
        assert {seen.validity for seen in told[1:]} == {expected}
        assert {seen.value for seen in told[1:]} == ({97.0} if befall == finger.read else {None})
        assert len(told) >= 9


@pytest.mark.parametrize("name", DRIVERS)
def test_an_unknown_variant_is_refused(name):
    with pytest.raises(ValueError, match="df9"):
        DRIVERS[name].protocol("df9")
    with pytest.raises(ValueError, match="df9"):
        DRIVERS[name].simulator(Finger(), "df9")
