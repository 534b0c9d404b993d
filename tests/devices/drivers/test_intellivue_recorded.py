"""A recorded monitor, where it is at hand. The recording has no licence and stands outside of the project."""

from __future__ import annotations

import json

import numpy as np
import pytest

from clinical.metrics import ECG_II, HEART_RATE, NIBP_SYS, PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from clinical.observations import Numeric, Validity, WaveformBlock
from devices.driver import Announced
from devices.drivers.intellivue.announcing import Indication, announced, connect_indication, indication
from devices.drivers.intellivue.frames import DatagramDeframer, SerialDeframer
from devices.drivers.intellivue.messages import Accepted, Result, message_of, poll_of
from devices.drivers.intellivue.protocol import IntellivueProtocol
from tests.devices.drivers.intellivue_line import comparable
from tests.devices.drivers.intellivue_messages import SHARED
from tests.devices.fake_bedside import START

NAME = "jvscapture_first40frames"


@pytest.fixture(scope="module")
def raw() -> bytes:
    path = SHARED / f"{NAME}.raw"
    if not path.exists():
        pytest.skip("the recording has no licence and is kept outside of the project")
    return path.read_bytes()


@pytest.fixture(scope="module")
def expected(raw):
    return json.loads((SHARED / f"{NAME}.expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def told(raw):
    return IntellivueProtocol().receive(raw, START)


def numbers(told, metric):
    return [one for one in told if isinstance(one, Numeric) and one.metric is metric]


def test_every_frame_is_opened_and_understood(raw, expected):
    deframer = SerialDeframer()
    payloads = deframer.push(raw)
    assert [len(payload) for payload in payloads] == [frame["payload_len"] for frame in expected]
    assert deframer.bad_frames == 0
    assert DatagramDeframer().push(b"".join(payloads)) == payloads
    for payload, frame in zip(payloads, expected, strict=True):
        message = message_of(payload)
        if "poll_no" in frame:
            assert isinstance(message, Result)
            poll = poll_of(message.body)
            assert (poll.number, poll.ticks, poll.object_class) == (frame["poll_no"], frame["rel"], frame["code"])
            assert [hex(item.handle) for item in poll.objects] == [row["handle"] for row in frame["objects"]]
    assert message_of(payloads[0]) == Accepted(min_poll_period_s=0.5, poll_options=0x8E000000)


def test_the_monitor_is_named(raw):
    protocol = IntellivueProtocol()
    protocol.receive(raw, START)
    assert protocol.identity == "Philips M8000"
    assert protocol.bad_frames == 0
    assert set(protocol.numerics.unmapped) == {0x4261, 0x301, 0x302, 0x33D, 0x33E, 0x33F, 0x340, 0x343, 0x34B}
    assert (protocol.waves.unmapped, protocol.waves.unreadable) == ({}, 0)


def test_numbers_and_what_is_none(told):
    assert {(one.value, one.validity) for one in numbers(told, HEART_RATE)} == {(60, Validity.VALID)}
    assert len(numbers(told, HEART_RATE)) == 5
    for metric in (SPO2, PULSE_RATE, PERFUSION_INDEX):
        assert {(one.value, one.validity) for one in numbers(told, metric)} == {(None, Validity.INVALID)}
    assert {(one.value, one.validity) for one in numbers(told, NIBP_SYS)} == {(None, Validity.NOT_AVAILABLE)}


def test_waves(told, expected):
    waves = [one for one in told if isinstance(one, WaveformBlock)]
    leads = [[wave for wave in waves if wave.metric is ECG_II and wave.channel == channel] for channel in ("", "V", "aVR")]
    runs = [item["waves"] for frame in expected for item in frame.get("objects", []) if "waves" in item]
    for place, lead in enumerate(leads):
        assert {(wave.rate_hz, len(wave.steps)) for wave in lead} == {(250.0, 64)}
        sent = [np.array(run[place]["first_samples_u16be"]) * 0.005 - 40.96 for run in runs]
        assert [wave.values()[:4].tolist() for wave in lead] == [pytest.approx(row.tolist()) for row in sent]
    pleth = [wave for wave in waves if wave.metric is PLETH]
    assert {(wave.rate_hz, len(wave.steps), round(float(wave.values()[0]), 3)) for wave in pleth} == {(125.0, 32, 0.5)}


def test_byte_by_byte(raw, told):
    protocol = IntellivueProtocol()
    pieces = [one for byte in raw for one in protocol.receive(bytes((byte,)), START)]
    assert [comparable(one) for one in pieces] == [comparable(one) for one in told]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("m8003a", Indication(model="Philips 866062", bed="", host="192.168.247.101", mac="00:09:fb:88:c1:bd", data_port=24105)),
        ("m8007a", Indication(model="Philips M8007A", bed="ECC MON RM15", host="10.13.37.2", mac="00:09:fb:09:77:bd", data_port=24105)),
    ],
)
def test_recorded_announcements(name, found):
    path = SHARED / f"connect_indication_{name}.bin"
    if not path.exists():
        pytest.skip("the recorded announcements have no licence and are kept outside of the project")
    assert indication(path.read_bytes()) == found


OURS = connect_indication(host="10.0.0.5", bed="Bed 7")


def test_an_announcement_there_and_back():
    assert indication(OURS) == Indication(model="Philips M8000", bed="Bed 7", host="10.0.0.5", mac="00:09:fb:00:00:01", data_port=24105)


def test_where_an_announced_monitor_is_read():
    assert announced(OURS, "10.9.9.9") == Announced(address="udp:10.9.9.9:24105", identity="Philips M8000, bed Bed 7, 00:09:fb:00:00:01")
    assert announced(OURS, "").address == "udp:10.0.0.5:24105"


def test_other_datagrams_announce_nothing():
    assert announced(b"", "1.2.3.4") is None
    assert announced(OURS.replace(b"\x0d\x17", b"\x0d\x06"), "1.2.3.4") is None
    assert announced(OURS.replace(bytes.fromhex("00050001"), bytes.fromhex("00060001")), "1.2.3.4") is None


@pytest.mark.parametrize("length", range(len(OURS)))
def test_an_announcement_cut_anywhere_announces_nothing(length):
    assert indication(OURS[:length]) is None
