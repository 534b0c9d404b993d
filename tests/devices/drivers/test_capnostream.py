"""Capnostream: frames and their stuffing, the opening and keeping of its line, numbers and waveform."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PULSE_RATE, SPO2
from clinical.observations import MISSING_SAMPLE, DeviceAlert, Numeric, Validity, WaveformBlock
from devices.drivers.capnostream.frames import Frame, framed
from devices.drivers.capnostream.mapping import numbers_in
from devices.drivers.capnostream.protocol import CapnostreamProtocol
from devices.drivers.capnostream.requests import ENABLE, LINK_IS_ACTIVE, START_REAL_TIME
from tests.devices.drivers.capnostream_line import GOOD, IDENTITY, VECTORS, WIRE, frames, numerics, told, values, wave
from tests.devices.fake_bedside import START
from tests.devices.fake_rack import only


def test_frames_as_constructed():
    assert (WIRE["enable"], WIRE["start_real_time"], WIRE["link_active"]) == (ENABLE, START_REAL_TIME, LINK_IS_ACTIVE)
    assert framed(7, b"ICE".ljust(17)) == WIRE["host_id_ICE"]
    assert wave(7, 0x2680, 8) == WIRE["wave_38_5_number_7_end_of_breath"]
    assert frames(WIRE["wave_number_133_5_5mmHg"]) == ([Frame(0, bytes((133, 5, 0x80, 0)))], 0)


def test_stuffing_is_that_of_the_independent_implementation():
    raw, wire = (bytes.fromhex(VECTORS["upstream"]["stuffing"][key]) for key in ("raw", "wire"))
    assert wire in framed(1, raw)
    assert frames(framed(1, raw)) == ([Frame(1, raw)], 0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 255), st.binary(max_size=254))
def test_any_payload_goes_through_and_the_start_stands_nowhere_else(code, payload):
    wire = framed(code, payload)
    assert wire.count(b"\x85") == 1
    assert frames(wire) == ([Frame(code, payload)], 0)


def test_a_payload_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="254"):
        framed(1, bytes(255))


@pytest.mark.parametrize(
    "noise", [b"rubbish", WIRE["numerics"][:9], b"\x85\x01\x01\x01", b"\x85\x05\x80\x07ab", b"\x85\x00\x00", b"\x85\xff1234", b"\x80\x05"]
)
def test_after_noise_the_first_good_frame_is_read(noise):
    found, bad = frames(noise + WIRE["numerics"])
    assert found == [Frame(1, GOOD)]
    assert bad == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.lists(st.integers(0, 300), max_size=30))
def test_any_split_gives_the_same_frames(noise, cuts):
    wire = noise + WIRE["numerics"] + WIRE["wave_number_133_5_5mmHg"] + noise + IDENTITY
    assert frames(wire, cuts) == frames(wire)
    assert frames(wire, range(len(wire))) == frames(wire)


def test_the_line_is_opened_started_and_kept():
    protocol = CapnostreamProtocol()
    assert protocol.outgoing(START) == [ENABLE, LINK_IS_ACTIVE]
    protocol.receive(IDENTITY, START)
    assert protocol.outgoing(START) == [START_REAL_TIME]
    assert protocol.identity == "Capnostream B355987654, software 45.67, Masimo oximeter"
    sent = []
    for step in range(1, 201):
        now = START.plus(step / 10)
        protocol.receive(wave(step), now)
        sent += [(step / 10, message) for message in protocol.outgoing(now)]
    assert sent == [(at, LINK_IS_ACTIVE) for at in (4.0, 8.0, 12.0, 16.0, 20.0)]


def test_a_monitor_that_is_silent_is_opened_again_ever_more_patiently():
    protocol = CapnostreamProtocol()
    sent = [second for second in range(60) if ENABLE in protocol.outgoing(START.plus(second))]
    assert sent == [0, 2, 6, 14, 30, 46]
    protocol.receive(wave(0), START.plus(60))
    assert protocol.due <= START.plus(62)


def test_a_monitor_that_streams_already_is_not_started_again():
    protocol = CapnostreamProtocol()
    protocol.outgoing(START)
    protocol.receive(wave(0) + IDENTITY, START)
    assert protocol.outgoing(START) == []


def test_after_a_silence_it_is_started_anew():
    protocol = CapnostreamProtocol()
    protocol.outgoing(START)
    protocol.receive(IDENTITY + wave(0), START)
    protocol.outgoing(START)
    assert ENABLE in protocol.outgoing(START.plus(2))
    protocol.receive(IDENTITY, START.plus(2))
    assert protocol.outgoing(START.plus(2)) == [START_REAL_TIME]


def test_the_numbers_of_the_constructed_frame():
    good = (Validity.VALID, "")
    found = told(WIRE["numerics"])
    assert values(found) == {ETCO2: (38, *good), FICO2: (0, *good), CO2_RESP_RATE: (12, *good), SPO2: (97, *good), PULSE_RATE: (72, *good)}
    assert only(DeviceAlert, found) == []


@pytest.mark.parametrize(
    ("changes", "metric", "expected"),
    [
        ({"at4": 0xFF}, ETCO2, (None, Validity.INVALID, "device tells no value")),
        ({"at6": 0}, CO2_RESP_RATE, (0, Validity.VALID, "")),
        ({"at7": 0}, SPO2, (None, Validity.INVALID, "device tells no value")),
        ({"at7": 101}, SPO2, (None, Validity.INVALID, "impossible number")),
        ({"at14": 0x20}, SPO2, (None, Validity.INVALID, "SpO₂ sensor off")),
        ({"at14": 0x60}, PULSE_RATE, (None, Validity.INVALID, "SpO₂ sensor disconnected")),
        ({"at14": 0x01}, SPO2, (None, Validity.INVALID, "pulse not found")),
        ({"at14": 0x20}, ETCO2, (38, Validity.VALID, "")),
        ({"at26": 0x04}, ETCO2, (None, Validity.INVALID, "CO₂ sampling pump off")),
        ({"at26": 0x01}, FICO2, (0, Validity.QUESTIONABLE, "check the CO₂ calibration")),
        ({"at26": 0x01}, SPO2, (97, Validity.VALID, "")),
        ({"at25": 2, "at4": 51}, ETCO2, (pytest.approx(38.25, abs=0.01), Validity.VALID, "")),
        ({"at25": 2, "at4": 0xFF}, ETCO2, (None, Validity.INVALID, "device tells no value")),
        ({"at25": 3, "at4": 50}, ETCO2, (pytest.approx(38.0), Validity.QUESTIONABLE, "ambient pressure assumed 760 mmHg")),
        ({"at25": 3}, CO2_RESP_RATE, (12, Validity.VALID, "")),
    ],
)
def test_what_a_number_is_worth(changes, metric, expected):
    assert values(told(numerics(**changes)))[metric] == expected


@pytest.mark.parametrize(
    ("status", "validity", "reason"),
    [
        (0x40, Validity.INVALID, "FilterLine not connected"),
        (0x41, Validity.INVALID, "FilterLine not connected"),
        (0x04, Validity.INVALID, "CO₂ sampling line occluded"),
        (0x02, Validity.INVALID, "CO₂ measurement starting"),
        (0x20, Validity.QUESTIONABLE, "CO₂ sampling line being purged"),
        (0x08, Validity.VALID, ""),
    ],
)
def test_the_fast_status_judges_the_numbers(status, validity, reason):
    found = values(told(wave(1, status=status) + WIRE["numerics"]))
    assert (found[ETCO2][1:], found[SPO2][1]) == ((validity, reason), Validity.VALID)


def test_a_frame_that_slipped_by_a_byte_is_dropped_and_counted():
    protocol = CapnostreamProtocol()
    assert told(framed(1, GOOD[:5] + b"\x00" + GOOD[5:]), protocol) == []
    assert told(framed(1, GOOD[:26]) + framed(0, b"\x01"), protocol) == []
    assert protocol.bad_frames == 3
    assert numbers_in(GOOD + b"later models may say more") == numbers_in(GOOD)


def test_a_rate_that_equals_the_saturation_is_not_dropped():
    assert values(told(numerics(at6=97)))[SPO2][0] == 97


def test_the_device_s_own_time_shows_what_was_held_up():
    protocol = CapnostreamProtocol()

    def measured(device_s, now_s):
        payload = (1_600_000_000 + device_s).to_bytes(4, "big") + GOOD[4:]
        numeric = only(Numeric, told(framed(1, payload), protocol, START.plus(now_s)))[0]
        return None if numeric.measured_at is None else numeric.measured_at.since(START)

    assert [measured(n, n + 0.3) for n in range(3)] == [None] * 3
    assert [measured(n, 12.3) for n in (3, 5, 11)] == [pytest.approx(3.3, abs=0.1), pytest.approx(5.3, abs=0.1), None]
    assert measured(3613, 13.3) is None  # its clock was put forward an hour
    assert measured(3614, 14.3) is None
    assert measured(15, 15.3) is None  # and back
    assert measured(7200, 7200.3 + 2.5) is None  # a slow crystal is no delay


def test_wave_samples_are_true_to_a_step_and_fit_at_both_ends():
    found = only(WaveformBlock, told(b"".join(wave(n, count) for n, count in enumerate([0, 1, 0x2680, 0xFFFE, 0xFFFF]))))
    assert [block.metric for block in found] == [CO2]
    assert found[0].values() == pytest.approx([0, 1 / 256, 38.5, 0xFFFE / 256, 0xFFFE / 256])
    assert found[0].rate_hz == 20


def test_lost_repeated_and_blanked_samples():
    def steps(data):
        return [int(step) for block in only(WaveformBlock, told(data)) for step in block.steps]

    one = 0x2680 - 0x7FFF
    assert steps(wave(254) + wave(1)) == [one, MISSING_SAMPLE, MISSING_SAMPLE, one]
    assert steps(wave(5) + wave(5) + wave(6)) == [one, one]
    assert steps(wave(5) + wave(105)) == [one, one]
    assert steps(wave(5) + wave(6, status=0x40) + wave(7, status=0x08)) == [one, MISSING_SAMPLE, one]
    blank = only(WaveformBlock, told(wave(5, status=0x01)))[0]
    assert blank.validity is Validity.INVALID


def test_a_wave_in_another_unit_is_not_shown_as_mmhg():
    protocol = CapnostreamProtocol()
    told(numerics(at25=2), protocol)
    assert only(WaveformBlock, told(wave(1), protocol))[0].validity is Validity.INVALID
