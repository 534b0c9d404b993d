"""Seconds become minutes without the change of a sample, and any stretch is read from overviews as from the samples themselves."""

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pcodec import ChunkConfig, standalone

from clinical.metrics import ECG_II
from clinical.observations import Validity
from storage.cases import open_case
from storage.envelopes import Envelopes
from storage.errors import StoreDamagedError
from storage.overview import FINEST_NS, Extremes, folded, of_segment, pack_overview, unpack_overview
from storage.recorder import Recorder
from storage.step_code import CODEC, CodeError, decode, encode
from storage.waveform_blob import BlobError, Segment, merged, pack_minute, unpack
from tests.storage.made_case import START, address_of, end, minute, record, start, wave_steps, waves

DEFLATED = {
    1: bytes.fromhex(
        "637072b0b130d29013e362e01697d73434b7b577fcca6865aaaf2a2bcccec427a1a4656265e7e0e4646763a6a72623c4c6cc2ba9ac6d6c69ebe8686f6f69aaad"
        "cc8005fc67f88f4514bb1000"
    ),
    2: bytes.fromhex(
        "8dc1b10180300c03b0a469eadae9494c3cc471bcc60e1cc08064bb4724896215884cf7f3da8ea1a9a5254d8dde9a85274016590432c29a8dae691fee97fdf400"
    ),
}
"""What earlier versions wrote of the 64 steps of ``test_runs_that_were_deflated``, by the order of differences."""
STEPS = arrays(np.int16, st.integers(0, 5000), elements=st.integers(-32768, 32767))


def smooth(size, seed=1):
    return np.cumsum(np.random.default_rng(seed).normal(0, 3, size)).astype(np.int16)


@given(STEPS)
def test_any_run_comes_back(steps):
    order, coded = encode(steps)
    assert np.array_equal(decode(order, coded, len(steps)), steps)


@pytest.mark.parametrize("make", [smooth, lambda size: wave_steps(1, size), lambda size: np.full(size, -32768, np.int16)])
def test_long_runs_come_back_and_smooth_ones_are_small(make):
    steps = make(30_000)
    order, coded = encode(steps)
    assert np.array_equal(decode(order, coded, len(steps)), steps)
    assert len(coded) <= 2 * len(steps)
    if make is smooth:
        assert len(coded) < 0.75 * len(steps)


def test_lies_about_a_run_are_refused():
    code, coded = encode(smooth(5000))
    for lie in (4999, 5001, 4864, 5120, 1 << 27):
        with pytest.raises(CodeError):
            decode(code, coded, lie)
    with pytest.raises(CodeError):
        decode(4, coded, 5000)
    with pytest.raises(CodeError):
        decode(code, coded[:-1], 5000)


def test_a_run_of_other_numbers_is_refused():
    for kind in (np.uint16, np.int32, np.float64):
        coded = standalone.simple_compress(np.arange(50).astype(kind), ChunkConfig())
        with pytest.raises(CodeError):
            decode(CODEC, coded, 50)


@pytest.mark.parametrize(("code", "coded"), DEFLATED.items())
def test_runs_that_were_deflated_are_read_and_their_lies_refused(code, coded):
    wanted = (200 * np.sin(np.arange(64) / 6)).astype(np.int16)
    wanted[20:22] = -32768, 32767
    assert np.array_equal(decode(code, coded, 64), wanted)
    for lie in (63, 65, 1 << 27):
        with pytest.raises(CodeError):
            decode(code, coded, lie)
    with pytest.raises(CodeError):
        decode(code, coded[:-1], 64)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 400))
def test_a_changed_run_is_refused_or_read_as_numbers(changes, length):
    """What else may come of it (a crash, a hang, much memory) would end this test; that numbers were changed is found by their seal."""
    code, coded = encode(smooth(300))
    changed = bytearray(coded)
    for place, value in changes:
        changed[place % len(coded)] = value
    for what in (bytes(changed), bytes(changed[:length])):
        try:
            assert decode(code, what, 300).shape == (300,)
        except CodeError:
            continue


def segment(channel, at_s, steps):
    at = START.plus(at_s)
    return Segment(channel=channel, validity=Validity.VALID, at_mono_ns=at.monotonic_ns, at_utc_ns=at.utc_ns, steps=steps)


def test_a_minute_holds_what_its_seconds_held():
    seconds = [segment(channel, at, smooth(100, at)) for at in (0, 1, 2, 5, 6) for channel in (4, 2)]
    blob = pack_minute(seconds, {2: 1e7, 4: 1e7})
    back = list(unpack(blob))
    assert [(one.channel, len(one.steps)) for one in back] == [(4, 300), (2, 300), (4, 200), (2, 200)]
    for got, wanted in zip(back, merged(seconds, {2: 1e7, 4: 1e7}), strict=True):
        assert np.array_equal(got.steps, wanted.steps)
        assert (got.at_mono_ns, got.at_utc_ns, got.validity) == (wanted.at_mono_ns, wanted.at_utc_ns, wanted.validity)
    assert {one.channel for one in unpack(blob, {2})} == {2}


@given(st.integers(0, 400), st.binary(max_size=4))
def test_cut_minutes_are_refused(length, more):
    blob = pack_minute([segment(0, 0, smooth(200)), segment(3, 0, smooth(50))], {0: 1e7, 3: 1e7})
    changed = blob[:length] + more
    if changed == blob[: len(changed)] and len(changed) == len(blob):
        return
    with pytest.raises(BlobError):
        list(unpack(changed))


def recorded(path, seconds, **more):
    def outcomes():
        yield start()
        for number in range(seconds):
            yield from waves(number)
        if more.get("ended", True):
            yield end(seconds)

    return record(path, outcomes())


def rows_of(path):
    connection = sqlite3.connect(path)
    found = (
        connection.execute("SELECT count(*) FROM waveforms").fetchone()[0],
        dict(connection.execute("SELECT level, count(*) FROM waveform_overviews GROUP BY level")),
    )
    connection.close()
    return found


def samples_of(address):
    parts = {}
    with open_case(address, 1) as history:
        for one in history.segments():
            parts.setdefault(one.channel, []).append(one.steps)
    return {channel: np.concatenate(found) for channel, found in parts.items()}


@pytest.fixture(scope="module")
def long_cases(tmp_path_factory):
    """A case of 200 s that has ended, and one that was killed."""
    folder = tmp_path_factory.mktemp("long")
    return {ended: recorded(folder / f"{ended}.sqlite", 200, ended=ended) for ended in (True, False)}


def test_a_case_is_compacted_while_it_runs_and_wholly_when_it_ends(long_cases):
    paths = {ended: address.removeprefix("sqlite:///") for ended, address in long_cases.items()}
    rows, levels = rows_of(paths[False])
    assert levels == {0: 3}
    assert 3 + 20 <= rows <= 3 + 2 * 20
    assert rows_of(paths[True]) == (4, {0: 4, 1: 1, 2: 1, 3: 1, 4: 1})
    for address in long_cases.values():
        got = samples_of(address)
        for channel, (rate, seed) in {0: (300, 0), 1: (100, 1)}.items():
            assert np.array_equal(got[channel], np.concatenate([wave_steps(number, rate, seed) for number in range(200)]))


def test_what_an_earlier_run_left_is_made_up_for(tmp_path):
    path = tmp_path / "a.sqlite"
    recorded(path, 150, ended=False)
    recorder = Recorder(address_of(path), boot_id="boot-a")
    recorder.open()
    recorder.resume(1, START.plus(150))
    for number in range(150, 200):
        for outcome in waves(number):
            recorder.keep(outcome)
        recorder.commit()
        recorder.put_together()
    recorder.close()
    assert rows_of(path)[1] == {0: 3}
    assert len(samples_of(address_of(path))[0]) == 200 * 300


def test_a_minute_that_cannot_be_read_is_left_and_recording_goes_on(tmp_path):
    path = tmp_path / "a.sqlite"
    recorded(path, 50, ended=False)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE waveforms SET blob = x'0011' WHERE id = 7")
    connection.commit()
    connection.close()
    recorder = Recorder(address_of(path), boot_id="boot-a")
    recorder.open()
    recorder.resume(1, START.plus(50))
    for number in range(50, 200):
        for outcome in waves(number):
            recorder.keep(outcome)
        recorder.commit()
        recorder.put_together()
    recorder.close()
    rows, levels = rows_of(path)
    assert levels == {0: 3}
    assert rows > 60
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT blob FROM waveforms WHERE id = 7").fetchone() == (b"\x00\x11",)
    connection.close()


def brute(steps, rate, since_s, span_s, columns):
    times = np.arange(len(steps)) / rate
    place = np.floor((times - since_s) / (span_s / columns) + 1e-9)
    return [
        (steps[place == column].min() * 0.002 + 0.001, steps[place == column].max() * 0.002 + 0.001)
        if (place == column).any()
        else (np.nan, np.nan)
        for column in range(columns)
    ]


@pytest.mark.parametrize(
    ("since_s", "span_s", "columns"), [(-8, 256, 8), (0, 64, 64), (0, 200, 25), (100, 8, 16), (130, 2, 40), (8, 64, 8)]
)
@pytest.mark.parametrize("ended", [True, False])
def test_columns_are_those_of_the_samples(long_cases, since_s, span_s, columns, ended):
    """Whatever level they come from: columns here begin where buckets do, so nothing is shared between two."""
    whole = np.concatenate([wave_steps(number, 300) for number in range(200)]).astype(float)
    aligned = (START.monotonic_ns // (64 * 8 * FINEST_NS)) * 64 * 8 * FINEST_NS
    zero = START.plus((aligned - START.monotonic_ns) / 1e9 + 64)  # some way into the case, at a bucket of 64 s
    begin = zero.plus(since_s)
    with open_case(long_cases[ended], 1) as history:
        found = Envelopes(history).read(begin, begin.plus(span_s), columns)
    assert found[0].channel.metric is ECG_II
    wanted = brute(whole, 300, begin.since(START), span_s, columns)
    for side, got in ((0, found[0].lows), (1, found[0].highs)):
        np.testing.assert_allclose(got, [edge[side] for edge in wanted], atol=2e-3, err_msg=str(begin.since(START)))


def test_gaps_stay_gaps_at_every_level(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(60))
    with open_case(address, 1) as history:
        for columns in (60, 480, 6000):
            found = Envelopes(history).read(START, START.plus(60), columns)[0]
            seconds = (np.arange(columns) + 0.5) * 60 / columns
            wide = 1.6 * 60 / columns  # a bucket goes to the column it begins in
            inside = (seconds > 24 + wide) & (seconds < 27 - wide)
            assert np.isnan(found.lows[inside]).all()
            assert not np.isnan(found.lows[(seconds < 24 - wide) | ((seconds > 27 + wide) & (seconds < 60 - wide))]).any()


def test_sparse_samples_are_joined_by_lines(tmp_path):
    address = record(tmp_path / "a.sqlite", minute(10))
    with open_case(address, 1) as history:
        pleth = Envelopes(history).read(START.plus(1), START.plus(2), 1000)[1]
    assert not np.isnan(pleth.lows).any()
    assert pleth.highs.max() == pytest.approx(wave_steps(1, 100, 1).max() * 0.002 + 0.001, rel=1e-5)


def test_a_damaged_overview_is_told(tmp_path):
    address = recorded(tmp_path / "a.sqlite", 70)
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("UPDATE waveform_overviews SET blob = x'42574f310100'")
    connection.commit()
    connection.close()
    with open_case(address, 1) as history, pytest.raises(StoreDamagedError, match="overview"):
        Envelopes(history).read(START, START.plus(70), 70)


@given(st.integers(-100, 100), arrays(np.int16, st.integers(1, 100)))
def test_overviews_come_back_and_fold(first, lows):
    extremes = Extremes(first=first, lows=lows, highs=lows)
    back = unpack_overview(pack_overview({3: extremes}))[3]
    assert back.first == first
    assert np.array_equal(back.lows, lows)
    coarse = folded(extremes)
    assert coarse.first == first // 8
    assert coarse.lows.min() == lows.min()
    assert coarse.highs.max() == lows.max()


def test_a_missing_sample_is_no_low_value():
    steps = np.array([5, -32768, 7, -32768], np.int16)
    found = of_segment(segment(0, 0, steps), 1e6, 4e6, START.monotonic_ns)
    assert found is not None
    assert (found.lows.tolist(), found.highs.tolist()) == ([5], [7])
