"""Two records of a real monitor (see tests/captures/dri/README.md): every value that others read in them, and any split."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.metrics import (
    ART,
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    BIS_QUALITY,
    CO2_RESP_RATE,
    CVP,
    CVP_MEAN,
    ECG_II,
    ETCO2,
    ETO2,
    FICO2,
    FIO2,
    HEART_RATE,
    IMPEDANCE_RESP_RATE,
    NIBP_SYS,
    PAP,
    PLETH,
    PRESSURE,
    SPO2,
    TEMPERATURE,
)
from clinical.observations import DeviceAlert, Validity, WaveformBlock
from devices.drivers.dri.frames import framed, parse_record
from devices.drivers.dri.protocol import DriProtocol
from tests.devices.drivers.dri_records import CAPTURES, numeric
from tests.devices.fake_bedside import START

TRENDS = (CAPTURES / "lnhealth_trends.bin").read_bytes()
WAVES = (CAPTURES / "lnhealth_waveforms.bin").read_bytes()
WIRE = framed(TRENDS) + framed(WAVES)


def told(data: bytes):
    return list(DriProtocol().receive(framed(data), START))


def comparable(observation):
    if isinstance(observation, WaveformBlock):
        return (observation.at, observation.metric, observation.steps.tolist(), observation.unit_per_step, observation.validity)
    return observation


def test_the_header():
    record = parse_record(TRENDS)
    assert record is not None
    assert (record.number, record.level, record.plug_id, record.time_s, record.main_type) == (17, 8, 35588, 1251973827, 0)
    assert [part.type for part in record.subrecords] == [1, 1, 1, 1]
    waves = parse_record(WAVES)
    assert waves is not None
    assert [part.type for part in waves.subrecords] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_monitor_is_named():
    protocol = DriProtocol()
    assert not protocol.identity
    protocol.receive(framed(TRENDS), START)
    assert protocol.identity == "DRI interface level 8, monitor 35588"


@pytest.mark.parametrize(
    ("metric", "channel", "value"),
    [
        (ART_SYS, "P1", 9.0),
        (ART_DIA, "P1", 0.9),
        (ART_MEAN, "P1", 4.86),
        (CVP_MEAN, "P2", 2.21),
        (TEMPERATURE, "T1", 18.0),
        (TEMPERATURE, "T2", 27.07),
        (TEMPERATURE, "T3", 16.85),
        (ETCO2, "", 0.0),
        (FICO2, "", 0.0),
        (CO2_RESP_RATE, "", 0.0),
    ],
)
def test_valid_values(metric, channel, value):
    found = numeric(told(TRENDS), metric, channel)
    assert (found.value, found.validity, found.interval_s) == (value, Validity.VALID, 5)


def test_a_heart_rate_of_zero_is_a_reading_because_the_asystole_bit_stands_and_the_detector_still_learns():
    found = numeric(told(TRENDS), HEART_RATE)
    assert (found.value, found.validity, found.reason) == (0, Validity.QUESTIONABLE, "learning")


@pytest.mark.parametrize(
    ("metric", "channel", "reason"),
    [(SPO2, "", "no reading"), (NIBP_SYS, "", "no reading"), (IMPEDANCE_RESP_RATE, "", "no reading"), (TEMPERATURE, "T4", "under range")],
)
def test_special_values(metric, channel, reason):
    found = numeric(told(TRENDS), metric, channel)
    assert (found.value, found.validity, found.reason) == (None, Validity.INVALID, reason)


def test_alerts_of_the_record():
    alerts = [(alert.code, alert.active) for alert in told(TRENDS) if isinstance(alert, DeviceAlert)]
    assert alerts == [("asystole", True), ("apnea", True)]


def test_the_class_is_read_from_its_word_and_not_from_the_order():
    reordered = TRENDS[:40] + TRENDS[40 + 278 : 40 + 556] + TRENDS[40 : 40 + 278] + TRENDS[40 + 556 :]
    assert told(reordered) == told(TRENDS)


def test_oxygen_as_others_read_it_and_the_channels_that_measure_nothing():
    found = numeric(told(TRENDS), FIO2)
    assert (found.value, found.validity) == (29.43, Validity.VALID)
    assert numeric(told(TRENDS), ETO2).value == 29.43


def test_depth_of_sleep_of_the_record():
    assert numeric(told(TRENDS), BIS_QUALITY).value == 92


def test_waves():
    blocks = told(WAVES)
    ecg, pleth = blocks[0], blocks[-1]
    assert [block.metric for block in blocks] == [ECG_II, ECG_II, ECG_II, ART, CVP, PRESSURE, PAP, PLETH]
    assert [block.validity is Validity.VALID for block in blocks] == [True, False, False, False, False, False, False, True]
    assert isinstance(ecg, WaveformBlock)
    assert isinstance(pleth, WaveformBlock)
    assert (ecg.metric, ecg.rate_hz, len(ecg.steps), ecg.channel) == (ECG_II, 300, 60, "")
    assert ecg.values()[:3] == pytest.approx([-0.177, -0.174, -0.168])
    assert ecg.steps[-3:].tolist() == [-173, -186, -196]
    assert (pleth.metric, pleth.rate_hz, len(pleth.steps)) == (PLETH, 100, 20)
    assert pleth.values()[:3] == pytest.approx([-0.0360, -0.0376, -0.0400])
    assert pleth.validity is ecg.validity is Validity.VALID
    assert ecg.steps.dtype == np.int16
    assert not ecg.steps.flags.writeable
    assert ecg.end == START


def test_byte_by_byte():
    whole = [comparable(o) for o in DriProtocol().receive(WIRE, START)]
    protocol = DriProtocol()
    assert [comparable(o) for byte in WIRE for o in protocol.receive(bytes((byte,)), START)] == whole
    assert protocol.bad_frames == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(WIRE)), max_size=12))
def test_any_split(cuts):
    edges = [0, *sorted(cuts), len(WIRE)]
    protocol = DriProtocol()
    pieces = [WIRE[start:end] for start, end in pairwise(edges)]
    split = [comparable(o) for piece in pieces for o in protocol.receive(piece, START)]
    assert split == [comparable(o) for o in DriProtocol().receive(WIRE, START)]
