"""The recordings of the oximeters' simulators: what was recorded is what is said today, and reads back as what was told."""

from __future__ import annotations

import pytest

from clinical.metrics import PULSE_RATE, SPO2
from clinical.observations import Numeric, Validity
from devices.registry import find
from devices.transports.capture import Mark, read_chunks
from tests.devices.drivers.oximeter_captures import RECORDED, path_of, recorded
from tests.devices.drivers.oximeter_lines import frozen
from tests.devices.fake_rack import only, pleth_of


@pytest.mark.parametrize(("name", "variant"), RECORDED)
def test_a_capture_is_what_the_simulator_says_and_reads_back_as_what_was_told(name, variant):
    kept = list(read_chunks(path_of(name, variant), raw_baud=9600))
    chunks, told = recorded(name, variant)
    assert kept == chunks
    protocol = RECORDED[name, variant][0].protocol(variant)
    again = [seen for chunk in kept if chunk.mark is Mark.RECEIVED for seen in protocol.receive(chunk.data, chunk.at)]
    assert pleth_of(again) == pleth_of(told)
    plain = [frozen(seen) for seen in told if not hasattr(seen, "steps")]
    assert [frozen(seen) for seen in again if not hasattr(seen, "steps")] == plain
    assert protocol.bad_frames == 0


@pytest.mark.parametrize(("name", "variant"), RECORDED)
def test_the_course_of_the_finger_is_in_it(name, variant):
    told = only(Numeric, recorded(name, variant)[1])
    assert {84.0, 95.0, 97.0} <= {seen.value for seen in told if seen.metric is SPO2}
    assert {45.0, 72.0, 151.0} <= {seen.value for seen in told if seen.metric is PULSE_RATE}
    assert any(seen.validity is Validity.INVALID and seen.value is None for seen in told)


@pytest.mark.parametrize(("name", "variant"), RECORDED)
def test_the_driver_is_found_by_name(name, variant):
    driver, said = find(f"{name}:{variant}" if variant else name)
    assert (driver, said) == (RECORDED[name, variant][0], variant)
