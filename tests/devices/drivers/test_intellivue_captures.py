"""The captures of the simulated monitor (see tests/captures/intellivue/README.md): what is read of them stays the same."""

from __future__ import annotations

from collections import Counter

import pytest

from clinical.metrics import CO2, ECG_II, HEART_RATE, IMPEDANCE, NIBP_SYS, PLETH, SPO2
from clinical.observations import Numeric, Validity, WaveformBlock
from devices.drivers.intellivue.protocol import IntellivueProtocol
from devices.transports.capture import Mark, read_chunks
from tests.devices.drivers.intellivue_line import START, Line, alerts
from tests.devices.drivers.intellivue_messages import CAPTURES

FILES = {"": "simulated_serial.capture", "lan": "simulated_lan.capture"}
BOTH = pytest.mark.parametrize("variant", FILES)


def chunks(variant):
    return [chunk for chunk in read_chunks(CAPTURES / FILES[variant], raw_baud=115_200) if chunk.mark is Mark.RECEIVED]


def told(variant):
    protocol = IntellivueProtocol(variant)
    found = [one for chunk in chunks(variant) for one in protocol.receive(chunk.data, chunk.at)]
    assert protocol.bad_frames == 0
    return found


@BOTH
def test_what_is_read_of_a_capture(variant):
    found = told(variant)
    numbers = [one for one in found if isinstance(one, Numeric)]
    assert {one.value for one in numbers if one.metric is HEART_RATE} == {72}
    assert Counter(one.validity for one in numbers if one.metric is SPO2) == {Validity.VALID: 7, Validity.INVALID: 4}
    assert {(one.value, round(one.measured_at.since(START))) for one in numbers if one.metric is NIBP_SYS} == {(121, -300)}
    assert Counter(one.metric for one in found if isinstance(one, WaveformBlock)) == dict.fromkeys((ECG_II, PLETH, CO2, IMPEDANCE), 46)
    assert alerts(found) == [("SpO₂: sensor disconnected", True), ("SpO₂: sensor disconnected", False)]


def test_both_lines_tell_the_same_numbers():
    both = [[one for one in told(variant) if isinstance(one, Numeric)] for variant in FILES]
    assert both[0] == both[1]


@BOTH
def test_the_simulator_still_speaks_the_bytes_of_its_capture(variant):
    line = Line(variant)
    line.run(3)
    recorded = b"".join(chunk.data for chunk in chunks(variant) if chunk.at.since(START) < 0.9)
    heard = b"".join(data for now, data in line.heard if now.since(START) < 0.9)
    assert heard == recorded
