"""AP-4000: quoted frames, the places of the fields, its own priorities, and no control ever asked for."""

from __future__ import annotations

import pytest

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.drivers.ap4000 import DRIVER
from devices.drivers.ap4000.alerts import ROWS, Source, alert_row
from devices.drivers.ap4000.frames import FrameReader, encode
from devices.drivers.ap4000.protocol import Ap4000Protocol
from devices.drivers.ap4000.requests import ASK_IDENTITY, ask_status
from devices.drivers.ap4000.simulator import Ap4000Simulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only

QUOTED = (
    b"!CONNREQ|02B3\r\n",
    b"!CONNREQ^0.1^032-19-50-014^2022-11-04^11:10:36.067|0B8B\r\n",
    b"!CONNREQ^v0.2^066-22-20-003^v0.1.0.8218^v1.0^2022-11-04^11:59:44.217|102C\r\n",
)
SYSTEM = "032-19-50-014"
CONTROL = (
    encode("CNTLREQ", SYSTEM, "CASE1", "A", "B"),
    encode("INFPROG", "KEY", "A", "5", "50", "-1", "-1", "B", "-1", "-1", "-1", "-1"),
    encode("INFPAUS", "KEY", "A", "1", "B", "-1"),
    encode("INFRESM", "KEY", "A", "1", "B", "-1"),
)


def reply(count="-1", alarms=(), **changed: str) -> bytes:
    """A STATREQ reply of both channels; ``_61="5.00"`` sets a field."""
    fields = ["0"] * 100
    fields[:5] = ["STATREQ", "0.1", SYSTEM, "2022-11-04", "11:10:36.067"]
    for start in (0, 33):
        for place, text in {
            34: f"SN{start}",
            37: "Ketamine",
            38: "10",
            39: "mg/mL",
            42: "50.00",
            56: "12.50",
            58: "37.50",
            61: "5.00",
        }.items():
            fields[start + place] = text
    fields[12] = count
    fields[14 : 14 + 4 * len(alarms)] = [text for alarm in alarms for text in alarm]
    for place, text in changed.items():
        fields[int(place[1:])] = text
    return encode(*fields)


def told(*wire: bytes, protocol=None, step_s=3.0):
    protocol = protocol or Ap4000Protocol()
    return [o for n, piece in enumerate(wire) for o in protocol.receive(piece, START.plus(n * step_s))]


@pytest.mark.parametrize("wire", QUOTED)
def test_quoted_frames_have_the_sum_computed_here(wire: bytes) -> None:
    reader = FrameReader()
    (frame,) = reader.feed(wire)
    assert encode(*frame.fields) == wire
    assert reader.bad == 0


@pytest.mark.parametrize(
    ("wire", "identity"), [(QUOTED[1], "AP-4000 032-19-50-014 (protocol 0.1)"), (QUOTED[2], "AP-4000 066-22-20-003 (protocol v0.2)")]
)
def test_both_versions_say_who_they_are(wire: bytes, identity: str) -> None:
    protocol = Ap4000Protocol()
    assert list(protocol.receive(wire, START)) == []
    assert protocol.identity == identity
    assert list(protocol.outgoing(START.plus(1))) == [ask_status(identity.split()[1])]


@pytest.mark.parametrize("noise", [b"noise", b"!", b"!STAT^", b"!!|", b"!" * 5000, b"!CONNREQ|02B4\r\n", b"\xff\n", b"\xff" * 200])
def test_in_step_within_one_good_frame_after_noise(noise: bytes) -> None:
    reader = FrameReader()
    assert reader.feed(noise + QUOTED[0])[-1].fields == ("CONNREQ",)
    assert reader.bad >= 1


def test_two_channels_and_their_places() -> None:
    first, second = only(PumpStatus, told(reply(_67="SN33", _94="2.50", _89="3.25")))
    assert first == PumpStatus(
        at=START,
        channel="SN0",
        state=PumpState.UNKNOWN,
        rate_ml_per_h=5.0,
        infused_ml=12.5,
        to_infuse_ml=50.0,
        drug="Ketamine",
        concentration_mg_per_ml=10.0,
        interval_s=3.0,
    )
    assert (second.channel, second.rate_ml_per_h, second.infused_ml) == ("SN33", 2.5, 3.25)


def test_a_rising_volume_is_the_only_proof_of_motion() -> None:
    states = [
        status.state for status in only(PumpStatus, told(reply(_67="-1"), reply(_67="-1", _56="12.51"), reply(_67="-1", _56="12.51")))
    ]
    assert states == [PumpState.UNKNOWN, PumpState.INFUSING, PumpState.INFUSING]
    flat = [reply(_67="-1", _56="12.51")] * 10
    assert only(PumpStatus, told(reply(_67="-1"), *flat))[-1].state is PumpState.UNKNOWN
    assert only(PumpStatus, told(reply(_67="-1"), reply(_67="-1", _61="0.00")))[-1].state is PumpState.STOPPED
    assert only(PumpStatus, told(reply(_67="-1"), reply(_67="-1", _56="1.00")))[-1].state is PumpState.UNKNOWN


def test_what_the_pump_did_not_say_is_none() -> None:
    status = only(PumpStatus, told(reply(_67="", _37="", _38="0", _42="-1", _56="x", _61="-1")))[0]
    assert (status.drug, status.concentration_mg_per_ml, status.to_infuse_ml, status.infused_ml, status.rate_ml_per_h) == (None,) * 5
    assert only(PumpStatus, told(reply(_39="mmol/mL")))[0].concentration_mg_per_ml is None


def test_alarms_come_and_go_with_the_priority_the_pump_tells() -> None:
    protocol = Ap4000Protocol(priorities={"BA.02": Priority.HIGH})
    alarms = (("PA.07", "PUMP1", "MEDIUM", "x"), ("BA.02", "", "LOW", "x"), ("PE.17", "PUMP2", "", "x"))
    begun = only(DeviceAlert, told(reply("3", alarms), protocol=protocol))
    assert [(alert.code, alert.priority, alert.channel) for alert in begun] == [
        ("PA.07", Priority.MEDIUM, "SN0"),
        ("BA.02", Priority.HIGH, ""),
        ("PE.17", Priority.HIGH, "SN33"),
    ]
    ended = only(DeviceAlert, told(reply("1", alarms[1:2]), protocol=protocol))
    assert [(alert.code, alert.active) for alert in ended] == [("PA.07", False), ("PE.17", False)]


def test_every_code_of_the_facts_has_a_row_and_others_come_out_unknown() -> None:
    assert {f"PA.0{number}" for number in range(1, 10)} | {"BA.01", "BA.02", "BA.03"} == set(ROWS)
    assert alert_row("DAE.03").text == "software error DAE.03"
    assert (alert_row("ZZ.99").text, alert_row("ZZ.99").source) == ("pump alarm: unknown code ZZ.99", Source.NOWHERE)


def test_a_reply_cut_short_is_counted() -> None:
    protocol = Ap4000Protocol()
    assert told(encode("STATREQ", "0.1", SYSTEM, "2022-11-04"), encode("CONNREQ", "0.1", "bad|id"), protocol=protocol) == []
    assert protocol.bad_frames == 2


def test_found_lost_and_found_again() -> None:
    bedside = FakeBedside()
    bench = Bench(bedside, Ap4000Simulator(bedside), Ap4000Protocol())
    assert only(PumpStatus, bench.run(4.0))
    bedside.set_pump(state=PumpState.OFF)
    bench.run(20.0)
    assert bench.sent[-1][1] == ASK_IDENTITY
    bedside.set_pump(state=PumpState.PAUSED)
    assert only(PumpStatus, bench.run(5.0))


@pytest.mark.parametrize("message", CONTROL)
def test_hazard_control_is_never_requested_and_nothing_programmed(message: bytes) -> None:
    assert not DRIVER.may_send(message)
    simulator = Ap4000Simulator(FakeBedside())
    simulator.receive(message, START)
    assert simulator.outgoing(START.plus(1)) == b""


def test_a_system_number_cannot_smuggle_a_command_in() -> None:
    protocol = Ap4000Protocol()
    protocol.receive(encode("CONNREQ", "0.1", "X\r\n!CNTLREQ", "d", "t"), START)
    protocol.receive(encode("CONNREQ", "0.1", "", "d", "t"), START)
    assert protocol.identity == ""
    assert list(protocol.outgoing(START)) == [ASK_IDENTITY]


def test_only_whole_exact_questions_may_leave() -> None:
    assert QUOTED[0] == ASK_IDENTITY
    assert DRIVER.may_send(ASK_IDENTITY)
    good = ask_status(SYSTEM)
    assert DRIVER.may_send(good)
    for message in (
        good[:-1],
        good + good,
        good.replace(b"STATREQ", b"STATREP"),
        encode("STATREQ", SYSTEM, "1"),
        encode("STATREQ", ""),
        b"",
    ):
        assert not DRIVER.may_send(message)
