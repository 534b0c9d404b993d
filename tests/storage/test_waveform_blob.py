import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.instant import Instant
from clinical.metrics import ECG_II
from clinical.observations import Validity, WaveformBlock, read_only_steps
from storage.waveform_blob import BlobError, pack, unpack

AT = Instant(10_000_000_000, 1_700_000_000_000_000_000)


def block(at=AT, steps=(1, 2, 3), rate_hz=100.0, validity=Validity.VALID):
    made = read_only_steps(np.array(steps, np.int16))
    return WaveformBlock(at=at, metric=ECG_II, rate_hz=rate_hz, steps=made, unit_per_step=1.0, validity=validity)


BLOCKS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.builds(
            block,
            at=st.builds(Instant, st.integers(0, 2**62), st.integers(0, 2**62)),
            steps=st.lists(st.integers(-32768, 32767), max_size=20),
            rate_hz=st.floats(1, 1000),
            validity=st.sampled_from(Validity),
        ),
    ),
    min_size=1,
    max_size=12,
)


@given(BLOCKS, st.integers(-(10**12), 10**12))
def test_every_step_comes_back(blocks, shift_ns):
    segments = list(unpack(pack(blocks, shift_ns).blob))
    for channel in {number for number, _ in blocks}:
        sent = [one for number, one in blocks if number == channel]
        got = [one for one in segments if one.channel == channel]
        assert np.array_equal(np.concatenate([one.steps for one in got]), np.concatenate([one.steps for one in sent]))
        assert (got[0].at_mono_ns, got[0].at_utc_ns) == (sent[0].at.monotonic_ns + shift_ns, sent[0].at.utc_ns)
        assert {one.validity for one in got} == {one.validity for one in sent}


def test_blocks_that_follow_share_a_segment_and_others_do_not():
    follows = block(at=AT.plus(0.03))
    late = block(at=AT.plus(0.0605))
    off = block(at=AT.plus(0.0905), validity=Validity.INVALID)
    packed = pack([(0, block()), (1, block()), (0, follows), (0, late), (0, off)])
    shape = [(one.channel, len(one.steps), one.validity) for one in unpack(packed.blob)]
    assert shape == [(0, 6, Validity.VALID), (1, 3, Validity.VALID), (0, 3, Validity.VALID), (0, 3, Validity.INVALID)]
    assert packed.until_mono_ns == AT.plus(0.1205).monotonic_ns


@given(st.integers(0, 200), st.binary(max_size=4))
def test_cut_blobs_are_refused(length, more):
    blob = pack([(0, block()), (3, block())]).blob
    changed = blob[:length] + more
    if changed.startswith(blob[:64]) and len(changed) == len(blob):
        return
    with pytest.raises(BlobError):
        list(unpack(changed))


def test_bytes_are_as_documented():
    blob = pack([(7, block(steps=(-2, 258)))]).blob
    head = "4257463101000000"
    segment = "070000000200000000e40b540200000000002a36fe9c9717"
    assert blob.hex() == head + segment + "feff0201"
