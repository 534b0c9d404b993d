"""The captures our simulated capnographs made: made again they are the same bytes, and the driver still reads them whole."""

from __future__ import annotations

import pytest

from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, SPO2
from clinical.observations import Numeric, Validity, WaveformBlock
from tests.devices.drivers.own_captures import APNOEA_S, FINGER_OFF_S, LINE_OFF_S, NAMES, decoded, file_of, write
from tests.devices.fake_bedside import START

each = pytest.mark.parametrize("name", NAMES)


@each
def test_made_again_it_is_the_same(name, tmp_path):
    write(name, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == file_of(name).read_bytes()


def at(told, metric, second):
    """The last word on a number before a second of the session."""
    numbers = [one for one in told if isinstance(one, Numeric) and one.metric is metric and one.at.since(START) < second]
    return (numbers[-1].value, numbers[-1].validity) if numbers else None


@each
def test_decoded_it_tells_what_befell_the_bedside(name):
    told, playback = decoded(name)
    assert playback.summary().bad_frames == 0
    assert at(told, ETCO2, FINGER_OFF_S)[0] == 38.0
    if name != "capnostat":
        assert at(told, SPO2, FINGER_OFF_S) == (97.0, Validity.VALID)
        assert at(told, SPO2, APNOEA_S)[1] is Validity.INVALID
    assert at(told, CO2_RESP_RATE, LINE_OFF_S) == (0.0, Validity.VALID)
    assert at(told, CO2_RESP_RATE, 20.0)[1] is Validity.INVALID
    samples = sum(len(one.steps) for one in told if isinstance(one, WaveformBlock) and one.metric is CO2)
    assert samples > 15 * 20
