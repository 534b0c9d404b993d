"""Dianet-Star: the check and the stuffing, each segment's places, and no segment from 10h on ever sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.drivers.dianet import DRIVER
from devices.drivers.dianet.alerts import ROWS, refusal_row, rows_of
from devices.drivers.dianet.frames import Frame, FrameReader, check_of, encode
from devices.drivers.dianet.mapping import unit_of
from devices.drivers.dianet.protocol import DianetProtocol
from devices.drivers.dianet.requests import MESSAGES, READS
from devices.drivers.dianet.simulator import DianetSimulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only

IDENT = (1020 << 18 | 40864).to_bytes(4, "big") + b"\x00\x01PFM0120   \x00\x00\x00\x00"


def reply(segment: int, data: bytes, result: int = 0x06) -> bytes:
    return encode(Frame(0, segment, bytes((result,)) + data))


def status_data(alarm=0, state=1 << 7, rate=500, left=400, minutes=480):
    sizes = ((0, 1), (alarm, 4), (state, 4), (rate, 4), (left, 4), (minutes, 2))
    return b"".join(value.to_bytes(size, "big") for value, size in sizes)


ACTUAL = b"\x23" + (125).to_bytes(4, "big") + b"\x00\x0a\xff\xff\x00\xf0\xff\xff\x00\x32" + b"\xff" * 6
SETTINGS = (500).to_bytes(4, "big") + (500).to_bytes(4, "big") + b"\xff" * 8 + b"\x05\x00\x00" + b"Ketamin".ljust(20, b"\xff")
DOSE = b"\x1b\x58" + (10_000).to_bytes(4, "big") + b"\x28" + (714).to_bytes(4, "big") + b"\x33" + bytes(9)


def told(*wire: bytes, protocol=None):
    protocol = protocol or DianetProtocol()
    return [o for piece in wire for o in protocol.receive(piece, START)]


def status(**bits: int) -> PumpStatus:
    return only(PumpStatus, told(reply(2, status_data(**bits))))[0]


@pytest.mark.parametrize(
    ("wire", "frame"), [("7e00011d0e7e", Frame(0, 1)), ("7e41025c0d7e", Frame(0x41, 2)), ("7e41075c087e", Frame(0x41, 7))]
)
def test_the_check_as_two_readers_of_one_source_understand_it(wire: str, frame: Frame) -> None:
    assert encode(frame).hex() == wire
    assert FrameReader().feed(bytes.fromhex(wire)) == [frame]


def test_the_check_is_not_the_usual_one() -> None:
    import binascii

    assert int.from_bytes(check_of(b"123456789"), "big") not in {binascii.crc_hqx(b"123456789", start) for start in (0, 0xFFFF)}


@given(st.binary(max_size=60))
def test_stuffing_hides_every_flag_and_comes_back(data: bytes) -> None:
    frame = Frame(0, 2, data)
    inside = encode(frame)[1:-1]
    assert 0x7E not in inside
    assert 0x80 not in inside
    assert FrameReader().feed(encode(frame)) == [frame]


def test_flags_may_be_shared_and_monitor_bytes_stand_for_nothing() -> None:
    first, second = encode(Frame(0, 1)), encode(Frame(0, 2))
    reader = FrameReader()
    assert reader.feed(first[:-1] + second) == [Frame(0, 1), Frame(0, 2)]
    assert reader.feed(first[:3] + b"\x80" + first[3:]) == [Frame(0, 1)]
    assert reader.bad == 0


@pytest.mark.parametrize("noise", [b"noise\x7e", b"\x7e\x00\x7e", b"\x7e" + b"x" * 900, b"\xff\x7d\x7e", encode(Frame(0, 9))[:-2] + b"!"])
def test_in_step_within_one_good_frame_after_noise(noise: bytes) -> None:
    reader = FrameReader()
    assert reader.feed(noise + encode(Frame(0, 3)))[-1] == Frame(0, 3)
    assert reader.bad == 1


def test_all_segments_together() -> None:
    protocol = DianetProtocol()
    wire = (reply(1, IDENT), reply(4, SETTINGS), reply(7, DOSE), reply(3, ACTUAL), reply(2, status_data(state=1 << 7 | 1 << 4)))
    assert told(*wire, protocol=protocol) == [
        PumpStatus(
            at=START,
            channel="40864",
            state=PumpState.INFUSING,
            rate_ml_per_h=5.0,
            infused_ml=12.5,
            to_infuse_ml=50.0,
            time_left_s=28_800.0,
            pressure_percent=35.0,
            drug="Ketamin",
            concentration_mg_per_ml=10.0,
            dose_rate=0.714,
            dose_unit="mg/kg/h",
            battery_min=240.0,
            on_mains=True,
            interval_s=2.0,
        )
    ]
    assert protocol.identity == "Perfusor fm 40864"


@pytest.mark.parametrize(
    ("state", "alarm", "expected", "rate"),
    [
        (1 << 7, 0, PumpState.INFUSING, 5.0),
        (1 << 7, 1 << 7, PumpState.INFUSING, 5.0),
        (1 << 7 | 1 << 10, 0, PumpState.BOLUS, 5.0),
        (1 << 9, 0, PumpState.BOLUS, 5.0),
        (1 << 7 | 1 << 13, 0, PumpState.KVO, 5.0),
        (1 << 6, 0, PumpState.STOPPED, 0.0),
        (1 << 5, 0, PumpState.STANDBY, 0.0),
        (1 << 6, 1 << 3, PumpState.ALARM, 0.0),
        (1 << 6, 1 << 10, PumpState.STOPPED, 0.0),
    ],
)
def test_states_and_the_rate_that_flows(state: int, alarm: int, expected: PumpState, rate: float) -> None:
    found = status(state=state, alarm=alarm)
    assert (found.state, found.rate_ml_per_h) == (expected, rate)


def test_all_ones_are_not_set() -> None:
    unset = only(PumpStatus, told(reply(3, b"\xff" * 21), reply(2, status_data(rate=0xFFFFFFFF, minutes=0xFFFF))))[0]
    assert (unset.rate_ml_per_h, unset.time_left_s, unset.infused_ml, unset.pressure_percent, unset.battery_min) == (None,) * 5
    assert (unset.drug, unset.concentration_mg_per_ml, unset.dose_rate, unset.remaining_ml) == (None,) * 4


def test_actual_values_of_an_earlier_round_do_not_stand_beside_a_new_status() -> None:
    protocol = DianetProtocol()
    protocol.receive(reply(1, IDENT) + reply(3, ACTUAL), START)
    for second in range(1, 20):
        protocol.outgoing(START.plus(2.0 * second))
    assert only(PumpStatus, told(reply(2, status_data()), protocol=protocol))[0].infused_ml is None


@pytest.mark.parametrize(
    ("byte", "unit"), [(0x28, "mg/mL"), (0x33, "mg/kg/h"), (0x52, "ug/kg/min"), (0x23, "mg/h"), (0x64, "[iU]/d"), (0xF8, None)]
)
def test_units(byte: int, unit: str | None) -> None:
    assert unit_of(byte) == unit


def test_every_bit_of_the_facts_has_a_row_and_others_come_out_unknown() -> None:
    assert {f"ALARM:{bit}" for bit in range(21)} <= set(ROWS)
    assert {f"NAK:{reason}" for reason in range(1, 10)} <= set(ROWS)
    assert [row.text for row in rows_of(1 << 25, 0)] == ["unknown code 0x02000000 in the alarms"]
    assert refusal_row(0x0B).text == "the pump refuses a question: unknown code 0x0B"
    assert [row.code for row in rows_of(0, 1 << 2 | 1 << 3)] == ["STATE:2", "STATE:3"]


def test_alarms_come_and_go() -> None:
    protocol = DianetProtocol(priorities={"ALARM:7": Priority.HIGH})
    first = only(DeviceAlert, told(reply(2, status_data(alarm=1 << 7 | 1 << 3)), protocol=protocol))
    assert [(alert.code, alert.priority) for alert in first] == [("ALARM:3", Priority.HIGH), ("ALARM:7", Priority.HIGH)]
    then = only(DeviceAlert, told(reply(1, IDENT), reply(2, status_data(alarm=1 << 7)), protocol=protocol))
    assert [(alert.code, alert.active, alert.channel) for alert in then] == [("ALARM:3", False, "")]


def test_a_refusal_and_an_answer_too_short() -> None:
    protocol = DianetProtocol()
    assert [alert.code for alert in only(DeviceAlert, told(reply(3, b"\x09", result=0x15), protocol=protocol))] == ["NAK:9"]
    assert [alert.active for alert in only(DeviceAlert, told(reply(3, ACTUAL), protocol=protocol))] == [False]
    assert told(reply(2, status_data()[:-1]), reply(0x0E, b"xxx"), protocol=protocol) == []
    assert protocol.bad_frames == 2


def test_the_order_of_questions() -> None:
    bedside = FakeBedside()
    bench = Bench(bedside, DianetSimulator(bedside), DianetProtocol())
    bench.run(5.0)
    assert [message[2] for _, message in bench.sent[:5]] == [1, 3, 2, 4, 7]


@pytest.mark.parametrize("segment", range(0x10, 0x16))
def test_hazard_segments_10h_to_15h_command_and_are_never_sent(segment: int) -> None:
    for data in (b"", b"\x01", b"\x00" * 8):
        message = encode(Frame(0, segment, data))
        assert not DRIVER.may_send(message)
        simulator = DianetSimulator(FakeBedside())
        simulator.receive(message, START)
        assert FrameReader().feed(simulator.outgoing(START.plus(1))) == [Frame(0, segment, b"\x15\x09")]


def test_only_whole_exact_questions_may_leave() -> None:
    assert {encode(Frame(0, segment)) for segment in (1, 2, 3, 4, 7)} == MESSAGES
    assert len(READS) == 5
    for message in MESSAGES:
        assert not any(DRIVER.may_send(other) for other in (message[:-1], message + b"\x7e", b"\x7e" + message))
    assert not any(DRIVER.may_send(encode(Frame(address, 2))) for address in range(1, 256))
    assert not any(DRIVER.may_send(encode(Frame(0, segment))) for segment in range(256) if segment not in READS)
