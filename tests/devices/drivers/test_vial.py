"""Vial: the handshake, what each letter means, and that no mode is changed and no alarm silenced."""

from __future__ import annotations

import pytest

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.drivers.vial import DRIVER
from devices.drivers.vial.alerts import ROWS, refusal_row, word_row
from devices.drivers.vial.frames import ACK, DC4, ENQ, NAK, Control, Frame, FrameReader, LinkError, Refused, check_of, encode
from devices.drivers.vial.protocol import VialProtocol
from devices.drivers.vial.requests import MESSAGES
from devices.drivers.vial.simulator import VialSimulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only

CONTROL = ("MO;2", "MO;1", "PR;1F40", "PO", "PB", "PF", "PV", "RV", "PP", "PS", "RZ", "OF", "SI", "EP", "AP", "EN")


def benched(variant="", simulator=VialSimulator, **line):
    bedside = FakeBedside()
    return Bench(bedside, simulator(bedside, variant), VialProtocol(variant), **line)


def told(protocol, address, message, after_s=0.0):
    return list(protocol.receive(encode(address, message), START.plus(after_s)))


def test_the_maker_s_worked_checksum() -> None:
    assert check_of(b"PR;1F40") == b"47"
    assert FrameReader().feed(bytes.fromhex("0250523b31463430343703")) == [Frame("", "PR;1F40")]


@pytest.mark.parametrize(
    ("wire", "address", "message"),
    [
        ("02304443343803", "0", "DC"),
        ("02314443343703", "1", "DC"),
        ("02304c453b62413103", "0", "LE;b"),
        ("0230433b6235424103", "0", "C;b5"),
        ("0231433b643033433b7233303334434603", "1", "C;d03C;r3034"),
        ("0231453b7233303335313103", "1", "E;r3035"),
        ("0231493b3145443403", "1", "I;1E"),
    ],
)
def test_frames(wire: str, address: str, message: str) -> None:
    assert FrameReader().feed(bytes.fromhex(wire)) == [Frame(address, message)]
    assert encode(address, message).hex() == wire


def test_enq_is_heard_inside_a_frame_and_answered_at_once() -> None:
    protocol = VialProtocol()
    protocol.outgoing(START)
    wire = encode("1", "C;d03C;r3034")
    assert FrameReader().feed(wire[:5] + bytes((ENQ,)) + wire[5:]) == [Control(ENQ), Frame("1", "C;d03C;r3034")]
    assert list(protocol.receive(wire[:5] + bytes((ENQ,)), START)) == []
    assert protocol.outgoing(START) == [bytes((DC4,))]


@pytest.mark.parametrize(
    ("wire", "error"),
    [
        (b"\x020C;b5BB\x03", LinkError.CHECKSUM),
        (b"\x020C\x11;b5BA\x03", LinkError.CONTROL_CODE),
        (b"\x02" + b"x" * 100, LinkError.LENGTH),
        (b"\x020C;b5\x020C", LinkError.RECEPTION),
    ],
)
def test_a_damaged_frame_is_counted_and_complained_of_with_its_digit(wire: bytes, error: LinkError) -> None:
    protocol = VialProtocol()
    protocol.outgoing(START)
    protocol.receive(wire, START)
    assert protocol.bad_frames == 1
    assert protocol.outgoing(START) == [bytes((NAK,)) + error.value.encode()]


@pytest.mark.parametrize("noise", [b"noise", b"\x02", b"\x02abc", b"\x15", b"\x02" + b"z" * 500, b"\xff" * 90, b"\x15\x02"])
def test_in_step_within_one_good_frame_after_noise(noise: bytes) -> None:
    assert FrameReader().feed(noise + encode("1", "C;d003C"))[-1] == Frame("1", "C;d003C")


def test_nak_and_its_digit() -> None:
    assert FrameReader().feed(b"\x156\x15x") == [Refused(LinkError.NOT_READY), Refused(None)]


def test_the_session_is_opened_in_order_and_the_base_left_alone_for_a_second() -> None:
    bench = benched()
    bench.run(3.0)
    questions = [(at.since(START), message) for at, message in bench.sent if message not in {b"\x06", b"\x14"}]
    assert [message for _, message in questions[:5]] == [
        encode("0", "DC"),
        encode("0", "LE;b"),
        encode("1", "DC"),
        encode("1", "LE;drae"),
        encode("1", "LE;drae"),
    ]
    assert questions[1][0] >= 1.0
    assert bench.protocol.identity == "Fresenius Vial base: module 1"


def test_every_frame_is_acknowledged_and_every_enq_answered() -> None:
    bench = benched()
    bench.run(30.0)
    said = b"".join(said for _, said in bench.heard)
    sent = [message for _, message in bench.sent]
    assert sent.count(bytes((ACK,))) == said.count(b"\x03")
    assert sent.count(bytes((DC4,))) == said.count(bytes((ENQ,))) >= 5


def test_rate_and_volume_have_their_scales_and_only_a_rise_is_motion() -> None:
    protocol = VialProtocol()
    first = only(PumpStatus, told(protocol, "1", "C;d03C;r3034"))[0]
    assert (first.channel, first.rate_ml_per_h, first.infused_ml, first.state) == ("module 1", 6.0, 12.34, PumpState.UNKNOWN)
    assert only(PumpStatus, told(protocol, "1", "E;r3035"))[0].state is PumpState.INFUSING
    assert only(PumpStatus, told(protocol, "1", "C;d03C;r3035", 20))[0].state is PumpState.UNKNOWN
    assert only(PumpStatus, told(protocol, "1", "C;d000;r3035", 20))[0].state is PumpState.STOPPED
    assert only(PumpStatus, told(protocol, "1", "C;d03C;r0000", 20))[0].state is PumpState.UNKNOWN
    unsaid = only(PumpStatus, told(VialProtocol(), "1", "C;d03C"))[0]
    assert (unsaid.infused_ml, unsaid.pressure_percent, unsaid.drug, unsaid.time_left_s) == (None, None, None, None)


def test_an_alarm_word_is_shown_as_the_number_it_is() -> None:
    protocol = VialProtocol(priorities={"a": Priority.MEDIUM})
    alerts = only(DeviceAlert, told(protocol, "1", "C;d000;r3034;a0004;e0000"))
    assert [(alert.code, alert.text, alert.priority, alert.channel) for alert in alerts] == [
        ("a:0004", "unknown code 0x0004 in the pump's alarm word: look at the pump", Priority.MEDIUM, "module 1")
    ]
    assert [alert.active for alert in only(DeviceAlert, told(protocol, "1", "C;d000;a0006"))] == [False, True]
    assert [alert.active for alert in only(DeviceAlert, told(protocol, "1", "C;d000;a0000"))] == [False]
    assert word_row("e", 0) is None


def test_every_error_of_the_facts_has_a_row_and_others_come_out_unknown() -> None:
    errors = "01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 12 14 15 16 1A 1E 1F 20 22 24 25"
    assert {f"I:{error}" for error in errors.split(" ")} | {f"NAK:{digit}" for digit in "1245678"} == set(ROWS)
    assert refusal_row("7F").text == "the pump answers: unknown code 0x7F"
    protocol = VialProtocol()
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told(protocol, "1", "I;12"))] == [("I:12", True)]
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told(protocol, "1", "C;d000"))] == [("I:12", False)]


def test_each_module_of_the_base_is_connected_and_read_by_its_own_address() -> None:
    protocol = VialProtocol()
    sent = []
    replies = {"DC": "C", "LE;b": "C;b05", "LE;drae": "C;d0032;r0001;a0000;e0000"}
    now, statuses = START, []
    for _ in range(40):
        for message in protocol.outgoing(now):
            for question in FrameReader().feed(message):
                if isinstance(question, Frame):
                    sent.append((question.address, question.message))
                    statuses += protocol.receive(b"\x06" + encode(question.address, replies[question.message]), now)
        now = max(protocol.due or now, now)
    assert sent[:6] == [("0", "DC"), ("0", "LE;b"), ("1", "DC"), ("3", "DC"), ("1", "LE;drae"), ("3", "LE;drae")]
    assert {status.channel for status in statuses} == {"module 1", "module 3"}
    assert protocol.identity == "Fresenius Vial base: module 1, module 3"


def test_a_lost_session_is_opened_anew() -> None:
    bench = benched()
    bench.run(5.0)
    bench.simulator._open.clear()
    assert only(PumpStatus, bench.run(6.0))
    assert bench.simulator._open == {"0", "1"}


def test_an_unanswered_enq_ends_the_session_and_the_driver_never_lets_that_happen() -> None:
    deaf = benched(to_device=lambda message: message.replace(bytes((DC4,)), b""))
    deaf.run(6.5)
    assert encode("1", "I;1E") in b"".join(said for _, said in deaf.heard) or encode("1", "I;0D") in b"".join(s for _, s in deaf.heard)
    bench = benched()
    bench.run(60.0)
    assert b"I;" not in b"".join(said for _, said in bench.heard)


def test_a_pump_that_does_not_know_the_words_is_asked_for_rate_and_volume_alone() -> None:
    class Plain(VialSimulator):
        def _reply(self, frame, now):
            return "I;0A" if frame.message == "LE;drae" else super()._reply(frame, now)

    assert only(PumpStatus, benched(simulator=Plain).run(6.0))[-1].rate_ml_per_h == 5.0


def test_damage_on_the_line_costs_a_repeat_and_no_more() -> None:
    count = iter(range(1_000_000))
    bench = benched(on_line=lambda said: said.replace(b"C;d", b"C;e") if b"C;d" in said and next(count) % 7 == 3 else said)
    statuses = only(PumpStatus, bench.run(60.0))
    assert len(statuses) >= 40
    assert {status.rate_ml_per_h for status in statuses} == {5.0}
    assert bench.protocol.bad_frames > 3


def test_a_pump_alone() -> None:
    bench = benched("standalone")
    statuses = only(PumpStatus, bench.run(5.0))
    assert {status.channel for status in statuses} == {"pump"}
    assert statuses[-1].rate_ml_per_h == 5.0
    assert bench.protocol.identity == "Fresenius Vial pump"
    assert encode("", "LE;drae") in {message for _, message in bench.sent}


@pytest.mark.parametrize("address", ["", "0", "1", "5"])
@pytest.mark.parametrize("command", CONTROL)
def test_hazard_no_mode_is_changed_nothing_set_and_no_alarm_silenced(address: str, command: str) -> None:
    assert not DRIVER.may_send(encode(address, command))
    simulator = VialSimulator(FakeBedside())
    simulator.receive(encode(address, command), START)
    assert b"I;0" in simulator.outgoing(START.plus(1))


def test_only_whole_exact_messages_may_leave() -> None:
    assert len(MESSAGES) == 1 + 1 + 7 + 4 + 6 * 5
    for message in MESSAGES:
        assert not DRIVER.may_send(message + b"\x03")
        assert not DRIVER.may_send(message[:-1] or b"\x00")
    assert not DRIVER.may_send(encode("6", "DC"))
    assert not DRIVER.may_send(encode("1", "LE;m"))
