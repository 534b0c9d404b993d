"""Waveform records: units, placing in time, gaps, missing samples, leads."""

from __future__ import annotations

import struct

import pytest

from clinical.metrics import CO2, ECG_II, PLETH
from clinical.observations import MISSING_SAMPLE, Validity
from devices.drivers.dri.protocol import DriProtocol
from tests.devices.drivers.dri_records import CO2 as CO2_AT
from tests.devices.drivers.dri_records import changed, displayed, record
from tests.devices.fake_bedside import START


def wave(number, samples, status=0x2C90, label=2, count=None):
    head = struct.pack("<hHH", len(samples) if count is None else count, status, label)
    return (number, head + struct.pack(f"<{len(samples)}h", *samples))


def blocks(protocol, *parts, second=0.0):
    return list(protocol.receive(record(1, list(parts)), START.plus(second)))


@pytest.mark.parametrize(
    ("number", "metric", "rate", "value"), [(1, ECG_II, 300, 1.5), (8, PLETH, 100, 0.15), (9, CO2, 25, pytest.approx(114.0))]
)
def test_units(number, metric, rate, value):
    (block,) = blocks(DriProtocol(), wave(number, [0, 1500]))
    assert (block.metric, block.rate_hz, block.unit_at_zero) == (metric, rate, 0)
    assert block.values()[1] == value


def test_the_capnogram_follows_the_ambient_pressure():
    protocol = DriProtocol()
    protocol.receive(displayed(changed(CO2_AT, values=(500, 0, 14, 7000))), START)
    (block,) = blocks(protocol, wave(9, [500]), second=1)
    assert block.values()[0] == pytest.approx(35.0)


def test_packets_that_arrive_unevenly_join_evenly():
    protocol = DriProtocol()
    (first,) = blocks(protocol, wave(1, [0] * 75), second=0.25)
    (second,) = blocks(protocol, wave(1, [0] * 75), second=0.9)
    assert first.at == START
    assert second.at.since(first.end) == pytest.approx(0, abs=1e-6)


def test_a_gap_starts_the_clock_anew():
    protocol = DriProtocol()
    blocks(protocol, wave(1, [0] * 75), second=0.25)
    (after,) = blocks(protocol, wave(1, [0] * 75, status=1), second=0.9)
    assert after.at.since(START) == pytest.approx(0.65)


def test_codes_become_missing_samples_and_lead_off_becomes_invalid():
    (block,) = blocks(DriProtocol(), wave(1, [5, -32767, -32000, -31999]))
    assert block.steps.tolist() == [5, MISSING_SAMPLE, MISSING_SAMPLE, -31999]
    assert block.validity is Validity.VALID
    (off,) = blocks(DriProtocol(), wave(1, [5, 6], status=0x2C9A))
    (empty,) = blocks(DriProtocol(), wave(8, [-32767, -32766]))
    assert off.validity is empty.validity is Validity.INVALID


def test_a_pacer_spike_and_undefined_bits_change_nothing():
    (block,) = blocks(DriProtocol(), wave(1, [5], status=0xFFF6))
    assert block.validity is Validity.VALID


@pytest.mark.parametrize(("label", "channel"), [(2, ""), (0, ""), (1, "I"), (7, "V")])
def test_another_lead_is_never_taken_for_lead_two(label, channel):
    (block,) = blocks(DriProtocol(), wave(1, [5], label=label))
    assert block.channel == channel


def test_waves_that_cannot_be_read_and_empty_ones_are_passed_over():
    protocol = DriProtocol()
    assert blocks(protocol, wave(22, [1, 2]), wave(1, []), (8, b"\0\0")) == []
    assert protocol.bad_frames == 0


@pytest.mark.parametrize("count", [3, -1, 32767])
def test_a_count_that_does_not_fit_is_counted(count):
    protocol = DriProtocol()
    assert blocks(protocol, wave(1, [1, 2], count=count)) == []
    assert protocol.bad_frames == 1
