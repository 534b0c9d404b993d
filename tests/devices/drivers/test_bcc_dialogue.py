"""The talk with a SpaceCom: start, polling, acknowledgements, cyclic mode, damage, silence; and that it only ever reads."""

from __future__ import annotations

from itertools import pairwise

import pytest

from clinical.observations import DeviceAlert, PumpState, PumpStatus
from devices.drivers.bcc import DRIVER
from devices.drivers.bcc.frames import ACK, NAK, decode
from devices.drivers.bcc.protocol import BccProtocol
from devices.drivers.bcc.simulator import BccSimulator
from tests.devices.fake_rack import Bench, FakeBedside, only


def bench(variant: str = "", host_variant: str | None = None, **more) -> Bench:
    bedside = FakeBedside()
    return Bench(bedside, BccSimulator(bedside, variant), BccProtocol(variant if host_variant is None else host_variant), **more)


def said(line: Bench) -> list[str]:
    told = []
    for _, message in line.sent:
        frame = decode(message)
        told.append("ACK" if message == ACK else "NAK" if message == NAK else frame.information.decode() if frame else "?")
    return told


def test_it_begins_with_a_greeting_and_then_only_asks_for_values() -> None:
    line = bench()
    line.run(15)
    assert said(line)[:7] == ["ADMIN:ALIVE", "ACK", "ADMIN:VERSION", "ACK", "MEM:GET", "ACK", "MEM:GET"]
    assert set(said(line)[4:]) == {"ACK", "MEM:GET"}, "the greeting is no keep-alive"
    assert line.protocol.identity == "BCC V3.30: Perfusor Space 40864"


def test_it_keeps_the_pauses_that_the_device_asks_for() -> None:
    line = bench()
    line.run(30)
    heard = [at for at, _ in line.heard]
    for at, message in line.sent:
        before = [moment for moment in heard if moment < at]
        if message == ACK:
            assert at.since(before[-1]) >= 0.1 - 1e-6
    gets = [at for at, message in line.sent if message not in {ACK, NAK}]
    assert all(after.since(before) >= 0.2 - 1e-6 for before, after in pairwise(gets))


@pytest.mark.parametrize("variant", ["", "stuffed", "single-bits"])
@pytest.mark.parametrize("told", [True, False])
def test_how_the_device_writes_is_found_or_told(variant: str, told: bool) -> None:
    line = bench(variant, variant if told else "")
    line.run(25)
    assert only(PumpStatus, line.observations)[-1].state is PumpState.INFUSING


def test_single_bits_tell_the_same_as_words() -> None:
    by_words, by_bits = bench(), bench("single-bits")
    for line in (by_words, by_bits):
        line.run(8)
        line.bedside.set_pump(state=PumpState.ALARM, rate_ml_per_h=0.0, alarms=frozenset({"occlusion", "battery low"}))
        line.run(8)
    assert [only(PumpStatus, line.observations)[-1].state for line in (by_words, by_bits)] == [PumpState.ALARM] * 2
    assert {alert.code for alert in only(DeviceAlert, by_words.observations)} == {"ALARM1:10", "PREALARM:4"}
    assert {alert.code for alert in only(DeviceAlert, by_bits.observations)} == {"INA3", "INA11"}


def test_in_cyclic_mode_it_acknowledges_and_no_longer_asks() -> None:
    line = bench("cyclic")
    line.run(60)
    assert len(only(PumpStatus, line.observations)) >= 10
    pushed_at = [status.at for status in only(PumpStatus, line.observations)]
    assert max(after.since(before) for before, after in pairwise(pushed_at)) < 6.0
    late = [message for at, message in line.sent if at.since(pushed_at[1]) > 0]
    assert set(late) == {ACK}
    assert only(PumpStatus, line.observations)[-1].interval_s == 5.0


def test_in_cyclic_mode_an_alarm_comes_at_once() -> None:
    line = bench("cyclic")
    line.run(22)
    line.bedside.set_pump(state=PumpState.ALARM, alarms=frozenset({"occlusion"}))
    told = line.run(2.0)
    assert ("ALARM1:10", True) in [(alert.code, alert.active) for alert in only(DeviceAlert, told)]


def test_in_cyclic_mode_the_device_waits_for_its_ack() -> None:
    line = bench("cyclic", to_device=lambda message: b"" if message == ACK else message)
    line.run(12)
    assert len(only(PumpStatus, line.observations)) == 1


def test_a_damaged_block_is_asked_for_again() -> None:
    damaged: list[bytes] = []

    def on_line(data: bytes) -> bytes:
        if b"INRT" in data and not damaged:
            damaged.append(data)
            return data.replace(b"INRT", b"INRU")
        return data

    line = bench(on_line=on_line)
    line.run(6)
    assert "NAK" in said(line)
    assert line.protocol.bad_frames == 1
    assert only(PumpStatus, line.observations)


def test_after_silence_it_greets_again() -> None:
    cut: list[bool] = []
    line = bench(on_line=lambda data: b"" if cut else data)
    line.run(8)
    before = len(line.sent)
    cut.append(True)
    line.run(12)
    assert "ADMIN:ALIVE" in said(line)[before:]
    cut.clear()
    assert only(PumpStatus, line.run(12))


@pytest.mark.parametrize("silence_s", [5, 12, 60])
@pytest.mark.parametrize("variant", ["", "stuffed"])
def test_a_refusal_after_silence_does_not_unlearn_how_the_device_writes(variant: str, silence_s: int) -> None:
    cut: list[bool] = []
    line = bench(variant, "", on_line=lambda data: b"" if cut else data)
    line.run(15)
    cut.append(True)
    line.run(silence_s)
    cut.clear()
    assert only(PumpStatus, line.run(15))


def test_counters_that_reading_resets_are_never_asked_for_by_name_nor_used() -> None:
    """INBOCNT is set to zero at the device by any reading; no request of ours names it, and nothing is made of it."""
    line = bench()
    line.run(20)
    assert not [message for _, message in line.sent if b"INBOCNT" in message or b"BOCNT" in message]
    assert b"INBOCNT" in b"".join(data for _, data in line.heard), "the simulated device sends it all the same"


@pytest.mark.parametrize("variant", ["", *DRIVER.variants])
def test_nothing_is_ever_sent_but_what_may_be(variant: str) -> None:
    line = bench(variant)
    line.run(20)
    line.bedside.set_pump(state=PumpState.ALARM, alarms=frozenset({"syringe empty", "near empty"}))
    line.run(20)
    assert line.sent
    assert all(DRIVER.may_send(message) for _, message in line.sent)


def test_an_unknown_variant_is_refused() -> None:
    for make in (BccProtocol, lambda variant: BccSimulator(FakeBedside(), variant)):
        with pytest.raises(ValueError, match="there is no variant 'nope'; there are stuffed, cyclic, single-bits"):
            make("nope")
