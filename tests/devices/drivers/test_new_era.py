"""New Era: the manual's forms, alarms that reading acknowledges and that therefore stand here, and no argument ever sent."""

from __future__ import annotations

import pytest

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.driver import Proof
from devices.drivers.new_era import DRIVER
from devices.drivers.new_era.alerts import ROWS, alert_row
from devices.drivers.new_era.frames import Reply, ReplyReader, basic_packet, safe_packet
from devices.drivers.new_era.protocol import NewEraProtocol
from devices.drivers.new_era.requests import MESSAGES
from devices.drivers.new_era.simulator import NewEraSimulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only

SAF0 = bytes.fromhex("020853414630554303")
CONTROL = (
    *(b"SAF0\r", b"SAF10\r", b"0SAF255\r", b"RUN\r", b"0RUN\r", b"0RUN1\r", b"0STP\r", b"0PUR\r", b"0CLDINF\r", b"0RAT5.0MH\r"),
    *(b"0RAT0\r", b"0VOL10\r", b"0DIA26.59\r", b"0DIRINF\r", b"0DIRREV\r", b"5\r", b"0\r", b"\r", b"*RUN\r", b"0PHN1\r", b"0FUNRAT\r"),
    *(SAF0, safe_packet(b"SAF10"), safe_packet(b"RUN"), safe_packet(b"DIS")),
)


def said(*texts, protocol=None):
    """What came of these replies to a pump's questions."""
    protocol = protocol or NewEraProtocol()
    return [o for text in texts for o in protocol.receive(basic_packet(text.encode()), START)]


def last(*texts) -> PumpStatus:
    return only(PumpStatus, said(*texts))[-1]


def test_the_manual_s_safe_mode_packet() -> None:
    assert safe_packet(b"SAF0") == SAF0


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        ("0230305303", Reply(0, "S", "")),
        ("023030534e453130303056332e39323303", Reply(0, "S", "NE1000V3.923")),
        ("02303049362e3030304d4803", Reply(0, "I", "6.000MH")),
        ("0230304949312e32333457302e3030304d4c03", Reply(0, "I", "I1.234W0.000ML")),
        ("023030413f5303", Reply(0, "A", "?S")),
        ("023030533f4f4f5203", Reply(0, "S", "?OOR")),
        ("0207303053aaa603", Reply(0, "S", "", safe=True)),
        ("020e303049362e3030304d48ecbd03", Reply(0, "I", "6.000MH", safe=True)),
    ],
)
def test_replies(wire: str, reply: Reply) -> None:
    reader = ReplyReader()
    assert reader.feed(bytes.fromhex(wire)) == [reply]
    assert reader.bad == 0


@pytest.mark.parametrize(
    "noise", [b"noise", b"\x02", b"\x0200", b"\x020x", b"\x02" * 5, b"\x02\x20garbage", b"\xff" * 300, b"\x02\x0700Sxx\x03"]
)
def test_in_step_within_one_good_frame_after_noise(noise: bytes) -> None:
    reader = ReplyReader()
    good = basic_packet(b"00I6.000MH")
    assert reader.feed(noise + good + good)[-1] == Reply(0, "I", "6.000MH")
    assert reader.feed(good) == [Reply(0, "I", "6.000MH")]
    assert reader.bad >= 1


def test_the_state_is_the_letter_after_the_address_and_not_the_answer_s_own() -> None:
    assert last("00SI0.000W0.000ML").state is PumpState.STOPPED
    assert last("00II1.234W0.000ML").state is PumpState.INFUSING


@pytest.mark.parametrize(
    ("letter", "state", "rate"),
    [
        ("I", PumpState.INFUSING, 6.0),
        ("W", PumpState.UNKNOWN, None),
        ("S", PumpState.STOPPED, 0.0),
        ("P", PumpState.PAUSED, 0.0),
        ("T", PumpState.PAUSED, 0.0),
        ("U", PumpState.STANDBY, 0.0),
        ("X", PumpState.PURGING, 0.0),
    ],
)
def test_states_and_the_rate_that_flows(letter: str, state: PumpState, rate: float | None) -> None:
    status = last(f"00{letter}6.000MH", f"00{letter}I1.0W0.ML")
    assert (status.state, status.rate_ml_per_h, status.infused_ml) == (state, rate, 1.0)


@pytest.mark.parametrize(("answer", "ml_per_h"), [("6.000MH", 6.0), ("100.0UM", 6.0), ("0.100MM", 6.0), ("6000.UH", 6.0)])
def test_units_of_rate(answer: str, ml_per_h: float) -> None:
    assert last(f"00I{answer}", "00II1.0W0.0ML").rate_ml_per_h == pytest.approx(ml_per_h)


def test_units_of_volume_and_what_was_not_said() -> None:
    status = last("00I250.0UL", "00II500.0W0.0UL")
    assert (status.to_infuse_ml, status.infused_ml) == (0.25, 0.5)
    assert (status.rate_ml_per_h, status.drug, status.pressure_percent, status.remaining_ml) == (None, None, None, None)
    assert last("00I0.000ML", "00II500.0W0.0UL").to_infuse_ml is None


def test_hazard_reading_an_alarm_acknowledges_it_so_it_stands_until_the_pump_runs() -> None:
    protocol = NewEraProtocol(priorities={"A?S": Priority.MEDIUM})
    told = said("00A?S", "00SI1.0W0.0ML", "00S6.000MH", "00A?S", "00P", protocol=protocol)
    assert [(alert.code, alert.active, alert.priority) for alert in only(DeviceAlert, told)] == [("A?S", True, Priority.MEDIUM)]
    assert [status.state for status in only(PumpStatus, told)][:2] == [PumpState.ALARM, PumpState.STOPPED]
    told = said("00II1.0W0.0ML", protocol=protocol)
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [("A?S", False)]


def test_the_simulated_pump_tells_an_alarm_once_and_it_stands_all_the_same() -> None:
    bedside = FakeBedside()
    bench = Bench(bedside, NewEraSimulator(bedside), NewEraProtocol())
    bench.run(3.0)
    bedside.set_pump(state=PumpState.ALARM, rate_ml_per_h=0.0, alarms=frozenset({"occlusion"}))
    told = bench.run(60.0)
    assert b"".join(said for _, said in bench.heard).count(b"A?S") == 1
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [("A?S", True)]
    bedside.set_pump(state=PumpState.INFUSING, rate_ml_per_h=5.0, alarms=frozenset())
    assert [alert.active for alert in only(DeviceAlert, bench.run(3.0))] == [False]


def test_hazard_saf_with_a_number_arms_a_watchdog_and_is_never_sent() -> None:
    assert not any(b"SAF" in message for message in MESSAGES)
    assert not any(DRIVER.may_send(message) for message in CONTROL)


def test_a_pump_in_safe_mode_is_not_asked_in_safe_mode() -> None:
    protocol = NewEraProtocol()
    protocol.outgoing(START)
    told = list(protocol.receive(safe_packet(b"00A?T"), START))
    assert {alert.code for alert in only(DeviceAlert, told)} == {"SAFE", "A?T"}
    assert set(protocol.outgoing(START.plus(1))) <= MESSAGES


def test_a_pump_that_does_not_tell_its_version_is_read_all_the_same() -> None:
    class Terse(NewEraSimulator):
        def _data(self, pump, name, argument):
            return "?" if name == "VER" else super()._data(pump, name, argument)

    bedside = FakeBedside()
    bench = Bench(bedside, Terse(bedside), NewEraProtocol())
    assert only(PumpStatus, bench.run(5.0))[-1].rate_ml_per_h == 5.0
    protocol = NewEraProtocol()
    said("00SAL1000V2.51", protocol=protocol)
    assert protocol.identity == "AL-1000 V2.51"


def test_only_whole_exact_questions_may_leave() -> None:
    assert {b"0VER\r", b"0DIS\r", b"0RAT\r", b"0VOL\r"} == MESSAGES
    for message in MESSAGES:
        assert not any(DRIVER.may_send(other) for other in (message[:-1], message + b"\r", message.lower(), message[1:], b" " + message))


def test_every_alarm_and_error_of_the_manual_has_a_row_and_others_come_out_unknown() -> None:
    assert set(ROWS) == {"A?R", "A?S", "A?T", "A?E", "A?O", "?", "?NA", "?OOR", "?COM", "?IGN"}
    assert alert_row("A?Z").text == "unknown code A?Z"
    protocol = NewEraProtocol()
    assert [alert.code for alert in only(DeviceAlert, said("00S?OOR", protocol=protocol))] == ["?OOR"]
    assert [alert.active for alert in only(DeviceAlert, said("00S6.000MH", protocol=protocol))] == [False]


def test_it_is_for_the_bench_and_says_so() -> None:
    assert DRIVER.proof is Proof.BENCH_ONLY
    assert "not for clinical use on humans" in DRIVER.standing


@pytest.mark.parametrize("message", CONTROL)
def test_the_simulator_honours_no_control(message: bytes) -> None:
    simulator = NewEraSimulator(FakeBedside())
    simulator.receive(message, START)
    assert simulator.outgoing(START.plus(1)) in {b"", b"\x0200I?NA\x03", b"\x0200I?\x03", b"\x0200I\x03", b"\x0200II12.50W0.000ML\x03"}
