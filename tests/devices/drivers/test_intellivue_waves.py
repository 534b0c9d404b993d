"""Waveforms: how samples are to be read, marks that are no amplitude, states, and their place in time."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from clinical.metrics import ART, CO2, ECG_II, PLETH
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock
from devices.drivers.intellivue.frames import framed
from tests.devices.drivers.intellivue_messages import KPA, MILLIVOLT, MMHG, NONE, ava, established, listed, poll, thing
from tests.devices.fake_bedside import START

NO_SCALE = (0x007FFFFF, 0x007FFFFF)
ECG_SCALE = (0xFEFFF000, 0xFD009FFB)
"""-40.96 mV and 40.955 mV."""


def reading(*, bits=16, significant=14, scale=ECG_SCALE, limits=(0, 16383), period=32, unit=MILLIVOLT, marks=()):
    return [
        ava(0x096D, struct.pack(">HBBH", 64, bits, significant, 0x3000)),
        ava(0x098D, struct.pack(">I", period)),
        ava(0x0996, struct.pack(">H", unit)),
        ava(0x096F, struct.pack(">IIHH", *scale, *limits)),
        ava(0x0A16, listed([struct.pack(">HH", *mark) for mark in marks])),
    ]


def run(physio, samples, state=0, kind=">u2"):
    raw = np.array(samples).astype(kind).tobytes()
    return struct.pack(">HHH", physio, state, len(raw)) + raw


def simple(physio, samples, **fields):
    return ava(0x096E, run(physio, samples, **fields))


def blocks(protocol, *things, ticks=8000, seconds=0.0):
    told = protocol.receive(framed(poll(0x09, *things, ticks=ticks)), START.plus(seconds))
    return [one for one in told if isinstance(one, WaveformBlock)]


def one_block(*attributes):
    (block,) = blocks(established(), thing(0x2CA, *attributes))
    return block


def test_an_ecg_in_millivolt():
    block = one_block(*reading(), simple(0x0102, [0, 8192, 16383]))
    assert (block.metric, block.rate_hz, block.channel, block.validity) == (ECG_II, 250.0, "", Validity.VALID)
    assert block.values() == pytest.approx([-40.96, 0.0, 40.955])
    assert block.end == START
    assert not block.steps.flags.writeable


def test_flags_beyond_the_significant_bits_are_no_amplitude():
    assert one_block(*reading(), simple(0x0102, [0x2000, 0xE000])).values() == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("mark", [1, 2, 3, 4, 5])
def test_a_mark_is_a_missing_sample(mark):
    block = one_block(*reading(marks=[(mark, 0x8008)]), simple(0x0102, [8192, 0x8008, 8192]))
    assert block.steps.tolist() == [8192, MISSING_SAMPLE, 8192]
    assert np.isnan(block.values()[1])


def test_a_wave_without_a_scale_is_a_fraction_of_its_range():
    block = one_block(*reading(significant=12, scale=NO_SCALE, limits=(0, 4095), period=64, unit=NONE), simple(0x4BB4, [0, 4095]))
    assert (block.metric, block.rate_hz) == (PLETH, 125.0)
    assert block.values() == pytest.approx([0.0, 1.0])


def test_samples_of_eight_and_of_sixteen_bits():
    eight = one_block(*reading(bits=8, significant=8, limits=(0, 255)), simple(0x0102, [0, 255], kind=">u1"))
    assert eight.values() == pytest.approx([-40.96, 40.955])
    full = one_block(*reading(significant=16, limits=(0, 65535)), simple(0x0102, [1, 32768, 65535]))
    assert full.values() == pytest.approx([-40.96, 0.0, 40.955], abs=0.002)
    assert MISSING_SAMPLE not in full.steps


def test_kilopascal_becomes_millimetres_of_mercury():
    block = one_block(*reading(scale=(0, 10), limits=(0, 1000), unit=KPA, period=128), simple(0x50AC, [0, 1000]))
    assert block.metric is CO2
    assert block.values() == pytest.approx([0.0, 75.00617])


def test_a_compound_wave_names_its_leads():
    compound = ava(0x0967, listed([run(0x0102, [8192]), run(0x0143, [8192]), run(0x013E, [8192], state=0x8000)]))
    found = blocks(established(), thing(0x2CA, *reading(), compound))
    assert [(block.metric, block.channel) for block in found] == [(ECG_II, ""), (ECG_II, "V"), (ECG_II, "aVR")]
    assert [block.validity for block in found] == [Validity.VALID, Validity.VALID, Validity.INVALID]


@pytest.mark.parametrize(
    ("state", "validity"),
    [(0x8000, Validity.INVALID), (0x0400, Validity.INVALID), (0x2000, Validity.NOT_AVAILABLE), (0x4000, Validity.QUESTIONABLE)],
)
def test_states(state, validity):
    assert one_block(*reading(), simple(0x0102, [8192], state=state)).validity is validity


def test_what_was_told_once_holds_and_nothing_is_drawn_before():
    protocol = established()
    assert blocks(protocol, thing(0x2CA, simple(0x0102, [8192]))) == []
    assert protocol.waves.unreadable == 1
    assert len(blocks(protocol, thing(0x2CA, *reading(), simple(0x0102, [8192])))) == 1
    assert len(blocks(protocol, thing(0x2CA, simple(0x0102, [8192])))) == 1
    assert blocks(protocol, thing(0x2CB, simple(0x0102, [8192]))) == []


@pytest.mark.parametrize("wrong", [{"scale": NO_SCALE}, {"unit": MMHG}, {"unit": 0x1234}])
def test_an_ecg_that_cannot_be_read_in_millivolt_is_not_drawn(wrong):
    protocol = established()
    assert blocks(protocol, thing(0x2CA, *reading(**wrong), simple(0x0102, [8192]))) == []
    assert protocol.waves.unreadable == 1


@pytest.mark.parametrize("wrong", [{"bits": 12}, {"significant": 0}, {"significant": 17}, {"limits": (5, 5)}, {"period": 0}, {"period": 1}])
def test_what_no_monitor_sends_is_counted_as_damage(wrong):
    protocol = established()
    assert blocks(protocol, thing(0x2CA, *reading(**wrong), simple(0x0102, [8192]))) == []
    assert protocol.bad_frames == 1


def test_blocks_stand_end_to_end_though_they_arrive_unevenly():
    protocol = established()
    spans, late = [0.0, 0.256, 0.512, 0.768], [0.0, 0.05, 0.2, 0.01]
    found = [
        blocks(protocol, thing(0x2CA, *reading(), simple(0x0102, [8192] * 64)), ticks=round(8000 * span), seconds=span + more)[0]
        for span, more in zip(spans, late, strict=True)
    ]
    assert [block.at.since(found[0].at) for block in found] == pytest.approx(spans)


def test_a_lost_packet_is_a_gap_and_no_shift():
    protocol = established()
    send = lambda span: blocks(protocol, thing(0x2CA, *reading(), simple(0x0102, [8192] * 64)), ticks=round(8000 * span), seconds=span)[0]  # noqa: E731
    first, after = send(0.0), send(0.512)
    assert after.at.since(first.end) == pytest.approx(0.256)


def test_pressures_are_told_apart_and_unknown_waves_counted():
    protocol = established()
    pressure = reading(scale=(0, 300), limits=(0, 4095), significant=12, unit=MMHG, period=64)
    found = blocks(
        protocol, thing(1, *pressure, simple(0x4A10, [0])), thing(2, *pressure, simple(0x4A14, [0])), thing(3, simple(0x9999, [0]))
    )
    assert [(block.metric, block.channel) for block in found] == [(ART, "ART"), (ART, "ABP")]
    assert protocol.waves.unmapped == {0x9999: 1}
