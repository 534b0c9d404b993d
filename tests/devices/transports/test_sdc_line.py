"""The line to an SDC device against the provider of the library sdc11073, over real sockets on this computer.

The provider is built from the description that our simulated device sends: the library checks it against the standard's schema.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
import uuid
from decimal import Decimal

import pytest

from clinical.metrics import CO2, NIBP_SYS, SPO2
from clinical.observations import DeviceAlert, Numeric, Priority, WaveformBlock
from devices.driver import SerialSettings
from devices.drivers.sdc import DRIVER
from devices.drivers.sdc.simulated_documents import description
from devices.transports import sdc_line
from devices.transports.addresses import is_serial, line_at
from devices.transports.line import LineError
from devices.transports.sdc_line import SdcLine
from tests.devices.fake_bedside import START

needs_library = pytest.mark.skipif(importlib.util.find_spec("sdc11073") is None, reason="the extra package sdc11073 is not installed")


@pytest.fixture(scope="module")
def provider():
    """The library's own provider, with the metrics of our simulated device."""
    pytest.importorskip("sdc11073", reason="the extra package sdc11073 is not installed")
    from sdc11073.mdib import ProviderMdib
    from sdc11073.provider.providerimpl import SdcProvider, provider_components_sync_factory
    from sdc11073.wsdiscovery import WSDiscovery
    from sdc11073.xml_types.dpws_types import ThisDeviceType, ThisModelType

    words = dict.fromkeys(("manufacturer", "manufacturer_url", "model_name", "model_number", "model_url", "presentation_url"), "Simulated")
    device = ThisDeviceType(friendly_name="Simulated", firmware_version="1", serial_number="1")
    try:
        discovery = WSDiscovery("127.0.0.1")
        discovery.start()
    except OSError as error:
        pytest.skip(f"no multicast on this computer: {error}")
    found = SdcProvider(
        discovery,
        ThisModelType(**words),
        device,
        ProviderMdib.from_string(description("")),
        epr=uuid.uuid4(),
        components=provider_components_sync_factory(),  # the other kind leaves an event loop behind that nothing closes
    )
    found.start_all(start_rtsample_loop=False)
    found.publish()
    yield found
    found.stop_all()
    discovery.stop()


@pytest.fixture(scope="module")
def line(provider):
    line = SdcLine(f"sdc:{provider.epr_urn}@127.0.0.1")
    line.open()
    yield line
    line.close()
    line.close()


class Ear:
    def __init__(self, line):
        self.line = line
        self.protocol = DRIVER.protocol("")
        self.told = []

    def until(self, wanted, seconds=4.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.told += self.protocol.receive(self.line.read(0.1), START)
            found = [o for o in self.told if wanted(o)]
            if found:
                return found[-1]
        raise AssertionError(f"not told within {seconds} s")


@pytest.fixture(scope="module")
def ear(line):
    ear = Ear(line)
    ear.until(lambda o: isinstance(o, Numeric) and o.metric is NIBP_SYS)
    return ear


@needs_library
def test_the_device_is_found_and_describes_itself(ear):
    assert ear.protocol.identity == "Bedside simulated SDC monitor"
    assert ear.protocol.bad_frames == 0


@needs_library
def test_a_metric_that_changes(provider, ear):
    with provider.mdib.metric_state_transaction() as change:
        state = change.get_state("spo2")
        state.mk_metric_value()
        state.MetricValue.Value = Decimal(96)
    assert ear.until(lambda o: isinstance(o, Numeric) and o.metric is SPO2 and o.value is not None).value == 96


@needs_library
def test_waveforms(provider, ear):
    with provider.mdib.rt_sample_state_transaction() as change:
        state = change.get_state("co2")
        state.mk_metric_value()
        state.MetricValue.Samples = [Decimal("0.25"), Decimal("38.5")]
        state.MetricValue.DeterminationTime = time.time()
    block = ear.until(lambda o: isinstance(o, WaveformBlock))
    assert (block.metric, block.rate_hz, list(block.values())) == (CO2, 40, [0.25, pytest.approx(38.5)])


@needs_library
def test_an_alert_that_comes_and_goes(provider, ear):
    for presence in (True, False):
        with provider.mdib.alert_state_transaction() as change:
            change.get_state("apnoea").Presence = presence
        alert = ear.until(lambda o: isinstance(o, DeviceAlert) and o.active is presence)  # noqa: B023 - asked at once
        assert (alert.text, alert.priority) == ("Apnoea", Priority.HIGH)


@needs_library
def test_a_change_of_the_description_is_read_anew(provider, line, ear):
    with provider.mdib.descriptor_transaction() as change:
        change.get_descriptor("apnoea").SafetyClassification = None
    deadline = time.monotonic() + 4
    while not line._outdated.is_set() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert b"<msg:GetMdibResponse" in line.read(1.0)


@needs_library
def test_there_is_no_client_that_could_set_anything(line):
    assert {name for name in ("Set", "Context", "SetService", "ContextService") if line._consumer.client(name) is not None} == set()
    assert line._consumer.client("Get") is not None


@needs_library
def test_nothing_is_sent(line):
    with pytest.raises(LineError, match="takes no bytes"):
        line.write(b"x")


@needs_library
def test_nobody_answers(monkeypatch, provider):
    monkeypatch.setattr(sdc_line, "DISCOVERY_S", 1)
    before = threading.active_count()
    line = SdcLine("sdc:urn:uuid:nobody@127.0.0.1")
    with pytest.raises(LineError, match="no SDC device urn:uuid:nobody answers"):
        line.open()
    with pytest.raises(LineError, match="not open"):
        line.read(0)
    assert threading.active_count() <= before + 1


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("sdc11073")] + ["sdc11073"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(LineError, match=r"pip install bedside\[sdc\]"):
        SdcLine("sdc:").open()


def test_addresses():
    assert isinstance(line_at("sdc:", SerialSettings(baud=9600)), SdcLine)
    assert not is_serial("sdc:")
    with pytest.raises(LineError, match="write sdc:"):
        SdcLine("sdc: x")
