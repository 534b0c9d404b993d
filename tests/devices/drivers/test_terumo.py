"""Terumo TE-SS: the manual's four printed frames, each field of the record, and one question that reads."""

from __future__ import annotations

import pytest

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.drivers.terumo import DRIVER
from devices.drivers.terumo.alerts import ROWS, alarm_row, result_row
from devices.drivers.terumo.frames import REPLY, REQUEST, Packet, PacketReader, encode
from devices.drivers.terumo.mapping import record_of
from devices.drivers.terumo.protocol import TerumoProtocol
from devices.drivers.terumo.requests import ASK_ID, ask_status
from devices.drivers.terumo.simulator import TerumoSimulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only

ID = "000100700000001201000001"
PROLOG = '<?xml version="1.0"?>'
RECORD = "AAEAAAAEAwAQAAAAAFUABgAAAAAAAO7u7gAAAAgCvAAD6BOZmQAAhgAAAAAAAAAAAAALAAIBAgAo////AZASAHj6AEL3AAAAAAAAAAAAAAAARQApAAAT"
PRINTED = (
    f"{PROLOG}<REQ><DEVID></DEVID></REQ>8411",
    f"{PROLOG}<REP><DEVID>{ID}</DEVID></REP>D38C",
    f"{PROLOG}<REQ><DEVID>{ID}</DEVID><CMD>AQEAAA==</CMD></REQ>A9A4",
    f"{PROLOG}<REP><DEVID>{ID}</DEVID><CMD>{RECORD}</CMD></REP>901D",
)


def wire(text: str) -> bytes:
    return b"\x02" + text.encode() + b"\x03"


ANSWER = PacketReader().feed(wire(PRINTED[3]))[0].command
assert ANSWER is not None


def changed(**places: int) -> bytes:
    """The printed record with bytes replaced: ``_7=0x10``."""
    answer = bytearray(ANSWER)
    for place, byte in places.items():
        answer[int(place[1:])] = byte
    return bytes(answer)


def told(answer: bytes, protocol=None):
    protocol = protocol or TerumoProtocol()
    return list(protocol.receive(encode(Packet(kind=REPLY, device_id=ID, command=answer)), START))


def status(**places: int) -> PumpStatus:
    return only(PumpStatus, told(changed(**places)))[0]


@pytest.mark.parametrize("text", PRINTED)
def test_the_manual_s_frames(text: str) -> None:
    reader = PacketReader()
    packet = reader.feed(wire(text))[0]
    assert encode(packet) == wire(text)
    assert reader.bad == 0


def test_the_two_printed_requests_are_the_two_that_are_sent() -> None:
    assert wire(PRINTED[0]) == ASK_ID
    assert ask_status(ID) == wire(PRINTED[2])


def test_the_printed_record() -> None:
    protocol = TerumoProtocol()
    assert told(ANSWER, protocol) == [
        PumpStatus(
            at=START,
            channel=ID,
            state=PumpState.STOPPED,
            rate_ml_per_h=0.0,
            infused_ml=0.0,
            pressure_percent=0.0,
            dose_rate=0.0,
            dose_unit="mg/kg/h",
            on_mains=True,
            interval_s=2.0,
        )
    ]
    assert protocol.identity == f"Terufusion {ID}, software 0403"
    record = record_of(ANSWER)
    assert record is not None
    assert (record.weight_kg, record.dilution, record.battery_level, record.sub_battery_bad) == (70.0, 10.0, 5, False)


@pytest.mark.parametrize(
    ("code", "state", "rate"),
    [
        (0x00, PumpState.STOPPED, 0.0),
        (0x10, PumpState.INFUSING, 5.25),
        (0x20, PumpState.STANDBY, 0.0),
        (0x30, PumpState.PURGING, 0.0),
        (0x40, PumpState.BOLUS, 5.25),
        (0x50, PumpState.BOLUS, 5.25),
        (0x60, PumpState.UNKNOWN, 5.25),
    ],
)
def test_states_and_the_rate_that_flows(code: int, state: PumpState, rate: float) -> None:
    found = status(_7=code, _17=2, _18=0x0D)
    assert (found.state, found.rate_ml_per_h) == (state, rate)


def test_numbers_are_big_endian_and_scaled() -> None:
    found = status(_7=0x10, _19=1, _20=0, _21=1, _22=0, _23=1, _24=0xF4, _27=0x19, _14=2, _13=0x05)
    assert (found.infused_ml, found.to_infuse_ml, found.dose_rate, found.pressure_percent, found.on_mains) == (
        655.37,
        50.0,
        0.25,
        50.0,
        False,
    )


def test_what_the_pump_marks_as_not_used_or_nobody_knows_is_none() -> None:
    found = status(_22=0xFF, _23=0xFF, _24=0xFF, _28=0x05, _13=0x35)
    assert (found.to_infuse_ml, found.dose_rate, found.dose_unit, found.on_mains) == (None, None, None, None)
    assert (found.concentration_mg_per_ml, found.drug, found.remaining_ml, found.time_left_s, found.battery_min) == (None,) * 5


def test_every_bit_of_the_manual_has_a_row_and_others_come_out_unknown() -> None:
    bits = (*range(9), 13, *range(15, 24))
    assert {f"ALARM:{bit}" for bit in bits} | {f"RESULT:{number}" for number in (11, 12, 13, 14, 15)} == set(ROWS)
    assert alarm_row(3).text == "occlusion"
    assert alarm_row(9).text == "unknown code 0x000200 in the alarms"
    assert result_row(0x42).text == "the pump answers: unknown code 0x42"


def test_alarms_come_and_go() -> None:
    protocol = TerumoProtocol(priorities={"ALARM:19": Priority.HIGH})
    found = told(changed(_10=0x08, _12=0x08), protocol)
    assert only(PumpStatus, found)[0].state is PumpState.ALARM
    assert [(alert.code, alert.active, alert.priority) for alert in only(DeviceAlert, found)] == [
        ("ALARM:3", True, Priority.HIGH),
        ("ALARM:19", True, Priority.HIGH),
    ]
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told(changed(_12=0x08), protocol))] == [("ALARM:19", False)]
    assert only(DeviceAlert, told(changed(_13=0x95)))[0].code == "SUB-BATTERY"
    assert status(_12=0x04).state is PumpState.STOPPED, "completion is an end, not a fault"


def test_a_refused_question_and_a_record_cut_short() -> None:
    protocol = TerumoProtocol()
    assert [alert.code for alert in only(DeviceAlert, told(bytes.fromhex("0001000012"), protocol))] == ["RESULT:12"]
    assert told(ANSWER[:33], protocol) == []
    assert told(b"", protocol) == []
    assert told(bytes.fromhex("0002000000") + bytes(40), protocol) == []
    assert protocol.bad_frames == 3


@pytest.mark.parametrize(
    "noise",
    [
        b"noise",
        b"\x02",
        b"\x02<?xml",
        b"\x02" + b"x" * 5000,
        wire(PRINTED[1])[:-3] + b"99\x03",
        wire(f"{PROLOG}<REP><DEVID>1</DEVID></REP>0000"),
    ],
)
def test_in_step_within_one_good_frame_after_noise(noise: bytes) -> None:
    reader = PacketReader()
    assert reader.feed(noise + wire(PRINTED[1]))[-1] == Packet(kind=REPLY, device_id=ID)
    assert reader.bad == (noise != b"\x02")


def test_the_pump_is_found_lost_and_found_again() -> None:
    bedside = FakeBedside()
    bench = Bench(bedside, TerumoSimulator(bedside), TerumoProtocol())
    assert only(PumpStatus, bench.run(5.0))[-1].dose_unit == "mg/kg/h"
    assert [message for _, message in bench.sent[:2]] == [ASK_ID, ask_status("40864".zfill(24))]
    bedside.set_pump(state=PumpState.OFF)
    bench.run(20.0)
    assert bench.sent[-1][1] == ASK_ID
    bedside.set_pump(state=PumpState.STANDBY)
    assert only(PumpStatus, bench.run(5.0))[-1].state is PumpState.STANDBY


@pytest.mark.parametrize("command", ["02010000", "01020000", "01010001", "0101000000", "010100", "00010000", "01100001"])
def test_hazard_no_command_but_the_one_known_is_ever_sent(command: str) -> None:
    packet = Packet(kind=REQUEST, device_id=ID, command=bytes.fromhex(command))
    assert not DRIVER.may_send(encode(packet))


def test_only_whole_exact_questions_may_leave() -> None:
    assert DRIVER.may_send(ASK_ID)
    assert DRIVER.may_send(ask_status(ID))
    for message in (
        ask_status(""),
        ask_status(ID)[:-1],
        ask_status(ID) + b"\x02",
        b"\x02" + ASK_ID,
        encode(Packet(kind=REPLY, device_id=ID)),
        b"",
    ):
        assert not DRIVER.may_send(message)


def test_the_simulator_knows_one_command() -> None:
    simulator = TerumoSimulator(FakeBedside())
    for command in ("01020000", "0101", "0101000000"):
        simulator.receive(encode(Packet(kind=REQUEST, device_id="", command=bytes.fromhex(command))), START)
    simulator.receive(encode(Packet(kind=REQUEST, device_id=ID, command=bytes.fromhex("01010000"))), START)
    replies = PacketReader().feed(simulator.outgoing(START.plus(1)))
    assert [reply.command[4] for reply in replies if reply.command] == [0x11, 0x13, 0x14]


def test_it_says_that_the_port_s_settings_are_not_known() -> None:
    assert "PORT'S SETTINGS ARE NOT KNOWN" in DRIVER.standing
    assert DRIVER.other_settings
