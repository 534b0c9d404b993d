"""What holds of every driver that is installed, whoever made it: each is found by the registry, none is named here."""

from __future__ import annotations

import math
import random
import re
import time
from functools import partial
from importlib.metadata import entry_points
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz_protocols import Mutator, fuzz
from clinical.metrics import CATALOGUE
from clinical.observations import DeviceAlert, Numeric, PumpState, PumpStatus, Validity, WaveformBlock
from devices.driver import DeviceKind
from devices.registry import drivers
from tests.devices.drivers.conformance import (
    START,
    VALUES,
    Heard,
    Session,
    alerts,
    driver_named,
    every_line,
    gist,
    longest_gap_s,
    moments,
    pumps,
    quiet,
    readings,
    replay,
    with_pump,
)

DOCS = Path(__file__).parents[3] / "docs" / "devices"
NAMES = sorted({name for name, _ in every_line()})
USABLE = {Validity.VALID, Validity.QUESTIONABLE}
SETTLING_S = 20.0
"""Displays hold their last number for up to this long after the sensor has gone."""
SAMPLE_FRAMES = 600
FLOOD_BYTES = 1 << 14
TOO_SHORT_S = 1e-4
"""Less time than this says nothing of a cost for each byte."""
LONGEST_IN_PIECES = 24_000
"""Bytes fed one by one at most: more of the same proves no more."""

each_driver = pytest.mark.parametrize("name", NAMES)
each_line = pytest.mark.parametrize(("name", "variant"), every_line(), ids=lambda part: part or "-")


def shortened(session: Session) -> Session:
    """The same session, of which only the first bytes were heard."""
    length, heard = 0, []
    for one in session.heard:
        length += len(one.data)
        if length > LONGEST_IN_PIECES and heard:
            break
        heard.append(one)
    return Session(session.driver, session.variant, heard=heard)


def cut_at_random(chance: random.Random, data: bytes) -> list[bytes]:
    edges = sorted({0, len(data), *(chance.randrange(len(data) + 1) for _ in range(chance.randrange(6)))})
    return [data[start:end] for start, end in pairwise(edges)]


def test_all_that_are_installed_can_be_loaded() -> None:
    assert {row.name: row.error for row in drivers() if row.driver is None} == {}


@each_driver
def test_it_says_what_it_is_and_how_well_it_is_proven(name: str) -> None:
    driver = driver_named(name)
    assert driver.name == name
    assert driver.title.strip()
    assert len(driver.standing.split()) >= 3
    assert driver.silent_after_s > 0
    assert len(set(driver.variants)) == len(driver.variants)
    assert all(CATALOGUE[metric.id] is metric for metric in driver.metrics)
    assert driver.serial not in driver.other_settings


@each_driver
def test_it_has_a_page(name: str) -> None:
    (point,) = [point for point in entry_points(group="bedside.drivers") if point.name == name]
    if point.dist is None or point.dist.name != "bedside":
        pytest.skip("another package's driver has its page there")
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    for word in ("cable|network", "read", "prove", "unknown|not known"):
        assert re.search(word, page, re.IGNORECASE), f"docs/devices/{name}.md does not say: {word}"


@each_line
def test_simulator_and_protocol_understand_each_other(name: str, variant: str) -> None:
    session = quiet(name, variant)
    told = {one.metric for one in session.told if isinstance(one, Numeric | WaveformBlock)}
    assert told <= set(session.driver.metrics), "tells what it does not claim"
    assert session.bad[-1] == 0, "its own simulator's frames are counted as bad"
    if session.driver.kind is DeviceKind.PUMP:
        assert pumps(session.told)
    else:
        valid = {one.metric for one in session.told if isinstance(one, Numeric) and one.validity in USABLE}
        assert valid or pumps(session.told), "no valid number of a patient who is well"


@each_line
def test_the_numbers_are_those_of_the_bedside(name: str, variant: str) -> None:
    session = quiet(name, variant)
    last = {one.metric: one for one in session.told if isinstance(one, Numeric) and one.validity in USABLE}
    for metric in session.bedside.asked & last.keys() & VALUES.keys():
        assert last[metric].value == pytest.approx(VALUES[metric], abs=1.0, rel=0.02), metric


@each_line
def test_it_claims_what_it_measures(name: str, variant: str) -> None:
    """What its simulator took from the patient comes out again, in one format of the device at least."""
    session = quiet(name, variant)
    told = {one.metric for other in ("", *session.driver.variants) for one in quiet(name, other).told if isinstance(one, Numeric)}
    claimed = set(session.driver.metrics) & session.bedside.asked & VALUES.keys()
    assert claimed <= told


@each_line
def test_every_observation_is_well_formed(name: str, variant: str) -> None:
    for one in quiet(name, variant).told:
        if isinstance(one, Numeric):
            assert not one.metric.waveform
            assert one.interval_s > 0
            if one.validity in USABLE:
                assert one.value is not None
                assert one.metric.low <= one.value <= one.metric.high
            else:
                assert one.value is None
                assert one.reason
        elif isinstance(one, WaveformBlock):
            assert one.metric.waveform
            assert one.rate_hz > 0
            assert one.unit_per_step != 0
            assert not one.steps.flags.writeable
        elif isinstance(one, PumpStatus):
            assert one.channel
        elif isinstance(one, DeviceAlert):
            assert one.code
            assert one.text


@each_line
def test_waveforms_stand_end_to_end_and_not_in_the_future(name: str, variant: str) -> None:
    session = quiet(name, variant)
    blocks: dict[tuple[str, str], WaveformBlock] = {}
    for one in session.told:
        if isinstance(one, WaveformBlock):
            key = (one.metric.id, one.channel)
            if key in blocks:
                assert one.at.since(blocks[key].end) == pytest.approx(0, abs=1.0), "a gap or an overlap of more than a second"
            blocks[key] = one
    for block in blocks.values():
        assert block.end.since(session.bedside.now) < 1.0


@each_line
@pytest.mark.parametrize("seed", ["whole", "byte by byte", 1, 2])
def test_any_pieces_give_the_same_observations(name: str, variant: str, seed: object) -> None:
    session = shortened(quiet(name, variant))
    whole, _ = replay(session, lambda data: [data])
    chance = random.Random(str(seed))
    cuts = {"whole": lambda data: [data], "byte by byte": lambda data: [data[at : at + 1] for at in range(len(data))]}
    pieces, protocol = replay(session, cuts.get(str(seed), partial(cut_at_random, chance)))
    assert gist(pieces) == gist(whole)
    assert protocol.bad_frames == 0
    assert whole


def disturbances(chance: random.Random, good: bytes) -> list[bytes]:
    """Noise, a frame cut short, a frame with a bit changed."""
    place = chance.randrange(len(good))
    changed = good[:place] + bytes((good[place] ^ 1 << chance.randrange(8),)) + good[place + 1 :]
    return [chance.randbytes(chance.randint(8, 120)), good[:place], changed, b"\xff" * 40, b"\0" * 40]


@each_line
@pytest.mark.parametrize("kind", range(5))
def test_after_noise_it_is_in_step_within_one_good_frame(name: str, variant: str, kind: int) -> None:
    calm = quiet(name, variant)
    chance = random.Random(kind)
    place = next(at for at, heard in enumerate(calm.heard) if heard.at >= moments(calm.told)[1])
    struck: list[Heard] = []

    def tamper(heard: Heard) -> bytes:
        if struck or not heard.data or heard.at < calm.heard[place].at:
            return heard.data
        struck.append(heard)
        return disturbances(chance, heard.data)[kind] + heard.data

    session = Session(calm.driver, calm.variant, tamper=tamper)
    session.run_whole()
    patience_s = 2 * longest_gap_s(calm.told) + 1.0
    session.run(patience_s)
    assert struck
    again = struck[0].at.plus(patience_s)
    assert any(struck[0].at < moment <= again for moment in moments(session.told))
    settled = [one for one in session.told if isinstance(one, Numeric) and one.at > again]
    assert readings(settled) <= readings(calm.told)
    assert sorted(session.bad) == session.bad


@each_line
def test_sensors_off_give_no_number(name: str, variant: str) -> None:
    """INVALID or NOT_AVAILABLE with a reason; never a 0, never the number from before."""
    calm = quiet(name, variant)
    session = Session(calm.driver, variant)
    session.run_whole()
    session.bedside.off, went_at = True, session.bedside.now
    session.run(SETTLING_S)
    numbers = [one for one in calm.told if isinstance(one, Numeric)]
    told = session.run(max(10.0, calm.driver.silent_after_s, 2 * longest_gap_s(numbers)))
    measured = session.bedside.asked & {one.metric for one in numbers}
    spoken = [one for one in told if isinstance(one, Numeric) and one.metric in measured]
    past = [one for one in spoken if one.measured_at is not None and one.measured_at <= went_at]  # out of the device's memory
    for one in spoken:
        if one in past:
            continue
        assert one.validity in {Validity.INVALID, Validity.NOT_AVAILABLE}, one
        assert one.value is None
        assert one.reason
    zeros = [one for one in session.told if isinstance(one, Numeric) and one.value == 0 and not one.metric.zero_is_a_reading]
    assert not zeros
    if measured and moments(told):
        assert spoken, "the device still talks and says nothing of its numbers"


@each_line
def test_samples_of_a_sensor_that_is_off_are_no_signal(name: str, variant: str) -> None:
    session = Session(driver_named(name), variant)
    session.bedside.off = True
    session.run(max(4.0, 1.5 * session.driver.silent_after_s))
    for one in session.told:
        if isinstance(one, WaveformBlock):
            assert one.validity is not Validity.VALID or not math.isfinite(float(one.values().max(initial=-math.inf)))


@each_line
def test_a_pump_is_followed(name: str, variant: str) -> None:
    session = Session(driver_named(name), variant)
    if session.driver.kind is not DeviceKind.PUMP:
        pytest.skip("no pump")
    session.run_whole()
    first = pumps(session.told)[-1]
    assert first.state in {PumpState.INFUSING, PumpState.UNKNOWN}
    assert first.rate_ml_per_h is None or first.rate_ml_per_h == pytest.approx(7.5, abs=0.05)
    assert first.infused_ml is None or first.infused_ml == pytest.approx(3.5, abs=0.05)
    with_pump(session, rate_ml_per_h=12.0, infused_ml=4.0)
    session.run(2 * longest_gap_s(quiet(name, variant).told) + 5.0)
    rate = pumps(session.told)[-1].rate_ml_per_h
    assert rate is None or rate == pytest.approx(12.0, abs=0.05)
    with_pump(session, state=PumpState.ALARM, rate_ml_per_h=0.0, alarms=frozenset({"occlusion"}))
    session.run(2 * longest_gap_s(quiet(name, variant).told) + 5.0)
    assert pumps(session.told)[-1].state is not PumpState.INFUSING
    assert pumps(session.told)[-1].state is PumpState.ALARM or any(alert.active for alert in alerts(session.told))


@each_line
def test_all_that_is_sent_is_allowed(name: str, variant: str) -> None:
    session = quiet(name, variant)
    assert [message for message in session.sent if not session.driver.may_send(message)] == []
    for message in session.sent[:20]:
        for wrong in (message + b"\0", message[:-1], message[:-1] + bytes((message[-1] ^ 0x01,)), b"\0" + message):
            if wrong not in session.sent:
                assert not session.driver.may_send(wrong) or wrong == b"", wrong
    assert not session.driver.may_send(b"")


@each_driver
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_makes_it_raise_or_send_anything_else(name: str, data: st.DataObject) -> None:
    """Any bytes, pieces of its device's talk, any pauses: what it sends is allowed, bad_frames never falls."""
    driver = driver_named(name)
    variant = data.draw(st.sampled_from(["", *driver.variants]))
    known = [heard.data for heard in quiet(name, variant).heard]
    protocol, now, bad = driver.protocol(variant), START, 0
    steps = st.tuples(st.one_of(st.binary(max_size=80), st.sampled_from(known)), st.sampled_from([0.0, 0.05, 1.0, 7.0, 100.0]))
    for piece, pause_s in data.draw(st.lists(steps, max_size=30)):
        now = now.plus(pause_s)
        protocol.receive(piece, now)
        assert all(driver.may_send(message) for message in protocol.outgoing(now))
        assert bad <= protocol.bad_frames
        bad = protocol.bad_frames
        assert isinstance(protocol.identity, str)


@each_line
def test_a_sample_of_mutated_frames(name: str, variant: str) -> None:
    verdict = fuzz(driver_named(name), variant, SAMPLE_FRAMES, seed=7)
    assert verdict.clean, str(verdict)
    assert verdict.bytes


@each_line
def test_a_flood_costs_no_more_a_byte_the_longer_it_is(name: str, variant: str) -> None:
    """A buffer that is searched or copied anew for each frame costs sixteen times what its sixteen pieces cost by themselves."""
    mutator = Mutator([heard.data for heard in quiet(name, variant).heard], seed=5)
    flood = b"".join(mutator.next() for _ in range(FLOOD_BYTES))[:FLOOD_BYTES]
    for of_what, data in (("mutated", flood), ("first byte", mutator.next()[:1] * FLOOD_BYTES), ("halves", _halves(name, variant))):
        pieces = [data[at : at + FLOOD_BYTES // 16] for at in range(0, FLOOD_BYTES, FLOOD_BYTES // 16)]
        ratio = _flooded_s(name, variant, data) / max(16 * TOO_SHORT_S, sum(_flooded_s(name, variant, piece) for piece in pieces))
        assert ratio < 4, f"{of_what}: {ratio:.1f} times the time that its sixteen pieces take"


def _halves(name: str, variant: str) -> bytes:
    """Frames that begin and never end."""
    halves = b"".join(heard.data[: len(heard.data) // 2 + 1] for heard in quiet(name, variant).heard)
    return (halves * (FLOOD_BYTES // len(halves) + 1))[:FLOOD_BYTES]


def _flooded_s(name: str, variant: str, data: bytes) -> float:
    """The lesser of two times for all of it at once, in this process's own time."""
    taken = []
    for _ in range(2):
        protocol, began_s = driver_named(name).protocol(variant), time.process_time()
        protocol.receive(data, START)
        taken.append(time.process_time() - began_s)
    return min(taken)


@each_line
def test_identity_stays_once_it_is_told(name: str, variant: str) -> None:
    identities = quiet(name, variant).identities
    assert identities[0] == "" or len(identities) == 1
    assert "" not in identities[1:]
    assert all(identity.isprintable() for identity in identities)


@each_line
def test_the_same_session_says_the_same_bytes(name: str, variant: str) -> None:
    again = Session(driver_named(name), variant)
    again.run_whole()
    assert [heard.data for heard in again.heard] == [heard.data for heard in quiet(name, variant).heard]
    assert again.sent == quiet(name, variant).sent
