"""Alaris: published frames, what each reply means, and above all that remote control is never switched on."""

from __future__ import annotations

import pytest

from clinical.observations import DeviceAlert, Priority, PumpState, PumpStatus
from devices.drivers.alaris import DRIVER
from devices.drivers.alaris.alerts import ROWS, Source, alert_row
from devices.drivers.alaris.frames import Frame, FrameReader, encode
from devices.drivers.alaris.protocol import AlarisProtocol
from devices.drivers.alaris.requests import MESSAGES, READS
from devices.drivers.alaris.simulator import AlarisSimulator
from tests.devices.fake_rack import START, Bench, FakeBedside, only

PUBLISHED = (
    "INF|4961",
    "COMMS_PROTOCOL|E8DA",
    "REMOTE_CTRL^ENABLED^3CC1|B1F1",
    "INF_VTBI^ACTIV^11.000^ml^STOP|4433",
    "INST_SERIALNO^8002-51733|ACFF",
    "COMMS_PROTOCOL^Asena Rev 2.1.5|661A",
    "SYRINGE_STATUS^BD PERFUSOR^ 50^CONF|4567",
    "ALARM|50B2",
    "ALARM^AL_NOALM^ ^ |C73B",
    "INF^8002-51733^A^HLD^0.00^ml/h^^0.969^ml^530.15^mmHg^00:04:09^EVENT^214725|DB9D",
)
"""Of the implementations mdpnp and MDDT (see tests/captures/alaris/README.md)."""
CONTROL = (
    encode("REMOTE_CTRL", "ENABLED", "9535"),
    encode("REMOTE_CTRL", "ENABLED", "3CC1"),
    encode("REMOTE_CTRL", "DISABLED"),
    encode("REMOTE_CFG", "ENABLED", "9535"),
    encode("INF_RATE", "3.50", "ml/h"),
    encode("INF_START"),
    encode("INF_STOP"),
    encode("INF_VI_CLEAR"),
    encode("INF_VTBI", "ACTIV", "11.000", "ml", "STOP"),
    encode("INF_VTBI", "^DEACT"),
    encode("INF_BOLUS", "1.0", "ml"),
    encode("REMQUERY", "DEACT"),
)


def inf(infused="12.340", *, flag="-", mode="SET", rate="6.00", left="24+", serial="8002-51733", pressure="17.91"):
    fields = (serial, flag, mode, rate, "ml/h", "KETAMINE", infused, "ml", pressure, "mmHg", left, "EVENT", "127904")
    return encode("INF", *fields)


def status_after(*replies: bytes, step_s=2.0) -> PumpStatus:
    protocol, now = AlarisProtocol(), START
    seen = []
    for reply in replies:
        seen += only(PumpStatus, protocol.receive(reply, now))
        now = now.plus(step_s)
    return seen[-1]


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_frames_have_the_check_computed_here(text: str) -> None:
    name, *fields = text.rsplit("|", 1)[0].split("^")
    reader = FrameReader()
    assert reader.feed(f"!{text}\r".encode()) == [Frame(name, tuple(fields))]
    assert reader.bad == 0
    assert encode(name, *fields) == f"!{text}\r".encode()


@pytest.mark.parametrize("text", ["!REMQUERY^DEACT^^^|E5C9\r", "!INF|4962\r", "!ALARM^AL_NOALM^ ^|C73B\r"])
def test_frames_that_do_not_fit_are_refused(text: str) -> None:
    reader = FrameReader()
    assert reader.feed(text.encode()) == []
    assert reader.bad == 1


def test_escape_gives_up_a_frame_without_blame() -> None:
    reader = FrameReader()
    assert reader.feed(b"!INF\x1b!ALARM|50B2\r") == [Frame("ALARM")]
    assert reader.bad == 0


@pytest.mark.parametrize("noise", [b"noise", b"!", b"!INF^8002", b"\x00!!|!", b"!" * 600, b"!INF|0000\r", b"\xff" * 2000])
def test_in_step_within_one_good_frame_after_noise(noise: bytes) -> None:
    reader = FrameReader()
    assert reader.feed(noise + encode("ALARM", "AL_NOALM", " ", " "))[-1:] == [Frame("ALARM", ("AL_NOALM", " ", " "))]
    assert reader.bad >= 1


def test_the_reply_that_was_probably_recorded() -> None:
    protocol = AlarisProtocol()
    told = list(protocol.receive(f"!{PUBLISHED[-1]}\r".encode(), START))
    assert only(PumpStatus, told) == [
        PumpStatus(
            at=START,
            channel="8002-51733",
            state=PumpState.ALARM,
            rate_ml_per_h=0.0,
            infused_ml=0.969,
            time_left_s=249.0,
            pressure_mmhg=530.15,
            interval_s=2.0,
        )
    ]
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [("INF:A", True)]


def test_set_is_no_proof_of_motion() -> None:
    assert status_after(inf()).state is PumpState.UNKNOWN
    assert status_after(inf(), inf()).state is PumpState.UNKNOWN
    assert status_after(inf(), inf("12.341")).state is PumpState.INFUSING
    assert status_after(inf(), inf("12.341"), *[inf("12.341")] * 10).state is PumpState.UNKNOWN
    assert status_after(inf("12.341"), inf("12.340")).state is PumpState.UNKNOWN, "a fall is a reset, not motion"


def test_a_slow_rate_is_given_the_time_its_last_digit_takes() -> None:
    slow = [inf("1.001", rate="0.10")] * 15
    assert status_after(inf("1.000", rate="0.10"), *slow).state is PumpState.INFUSING


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (inf(mode="HLD", rate="0.00"), PumpState.PAUSED),
        (inf(mode="HLD", rate="0.00", flag="A"), PumpState.ALARM),
        (inf(rate="0.00"), PumpState.STOPPED),
        (inf(rate="0.00", flag="A"), PumpState.ALARM),
        (inf(rate=""), PumpState.UNKNOWN),
        (inf(mode="XYZ"), PumpState.UNKNOWN),
    ],
)
def test_states(reply: bytes, state: PumpState) -> None:
    assert status_after(reply).state is state


def test_an_alarm_that_does_not_stop_the_pump_hides_no_infusion() -> None:
    assert status_after(inf(flag="A"), inf("12.350", flag="A")).state is PumpState.INFUSING


def test_what_the_pump_did_not_say_is_none() -> None:
    status = status_after(encode("INF", "8002-51733", "-", "SET", "", "ml/h", "", "", "ml", "5", "psi", "24+"))
    said = (status.rate_ml_per_h, status.infused_ml, status.drug, status.time_left_s, status.pressure_mmhg, status.pressure_percent)
    assert said == (None, None, None, None, None, None)
    assert status_after(inf(pressure="-3.20", left="01:02:03")).pressure_mmhg == -3.2
    assert status_after(inf(left="01:02:03")).time_left_s == 3723


def test_a_mode_nobody_documents_is_shown_as_it_came() -> None:
    protocol = AlarisProtocol()
    alerts = only(DeviceAlert, protocol.receive(inf(mode="KVO"), START))
    assert [(alert.code, alert.text) for alert in alerts] == [("MODE:KVO", "infusion mode KVO: not documented")]
    assert [alert.active for alert in only(DeviceAlert, protocol.receive(inf(), START))] == [False]


def test_every_code_of_the_facts_has_a_row_and_others_come_out_unknown() -> None:
    codes = "OCCLU NEOIN EOIST EOIKV VTBIC VTBIK VTBIS LBTAC LWBAT EMBAT ACDIS DRDIS SYRCO COMTO CALLB RHIGH FAULT LDSCN PRDSC TCITG TITCA"
    assert {f"AL_{code}" for code in (*codes.split(), "TITNC")} == set(ROWS)
    assert alert_row("AL DRDIS") == ROWS["AL_DRDIS"]
    assert alert_row("AL_NOALM") is None
    unknown = alert_row("AL_WEIRD")
    assert unknown is not None
    assert (unknown.text, unknown.source) == ("pump alarm: unknown code AL_WEIRD", Source.NOWHERE)


def test_alarms_come_and_go_and_priorities_can_be_replaced() -> None:
    protocol = AlarisProtocol(priorities={"AL_OCCLU": Priority.LOW})
    seen = []
    for code in ("AL_NOALM", "AL_OCCLU", "AL_OCCLU", "AL_EMBAT", "AL_NOALM"):
        seen += only(DeviceAlert, protocol.receive(encode("ALARM", code, " ", " "), START))
    assert [(alert.code, alert.active) for alert in seen] == [
        ("AL_OCCLU", True),
        ("AL_OCCLU", False),
        ("AL_EMBAT", True),
        ("AL_EMBAT", False),
    ]
    assert [alert.priority for alert in seen] == [Priority.LOW, Priority.LOW, Priority.HIGH, Priority.HIGH]


def test_an_alarm_has_its_name_before_the_flag_and_lost_replies_end_no_watch() -> None:
    bedside = FakeBedside()
    lost = {"from": 10.0, "to": 40.0}

    def line(said: bytes) -> bytes:
        seconds = bedside.now.since(START)
        return b"" if lost["from"] < seconds < lost["to"] and b"ALARM" in said else said

    bench = Bench(bedside, AlarisSimulator(bedside), AlarisProtocol(), on_line=line)
    bench.run(45.0)
    bedside.set_pump(state=PumpState.ALARM, rate_ml_per_h=0.0, alarms=frozenset({"occlusion"}))
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, bench.run(10.0))] == [("AL_OCCLU", True)]


def test_the_flag_s_own_alert_ends_when_the_alarm_gets_its_name() -> None:
    protocol = AlarisProtocol()
    seen = only(DeviceAlert, protocol.receive(inf(flag="A") + encode("ALARM", "AL_OCCLU", " ", " "), START))
    assert [(alert.code, alert.active) for alert in seen] == [("INF:A", True), ("INF:A", False), ("AL_OCCLU", True)]


def test_hazard_remote_control_is_never_switched_on_and_no_watchdog_armed() -> None:
    assert not any(DRIVER.may_send(message) for message in CONTROL)
    assert not any(b"REMOTE" in message for message in MESSAGES)
    bedside = FakeBedside()
    bench = Bench(bedside, AlarisSimulator(bedside, monitoring=False), AlarisProtocol())
    bench.run(600.0)
    assert {message for _, message in bench.sent} <= {encode(name) for name in ("INST_SERIALNO", "COMMS_PROTOCOL", "INF", "ALARM")}


def test_hazard_inf_rate_with_a_field_sets_and_is_never_sent() -> None:
    assert not DRIVER.may_send(encode("INF_RATE", "3.50", "ml/h"))
    assert not DRIVER.may_send(encode("INF_RATE", "0.1", "ml/h"))
    assert not any(b"^" in message for message in MESSAGES)


def test_only_whole_exact_frames_may_leave() -> None:
    assert {encode(name) for name in READS} == MESSAGES
    for message in MESSAGES:
        assert DRIVER.may_send(message)
        for other in (message[:-1], message + message, message + b"\n", message.lower(), b" " + message, b""):
            assert not DRIVER.may_send(other)


def test_a_pump_that_answers_inf_only_under_remote_control_is_said_to_refuse() -> None:
    bedside = FakeBedside()
    bench = Bench(bedside, AlarisSimulator(bedside, monitoring=False), AlarisProtocol())
    told = bench.run(11.0)
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [("INF:REFUSED", True)]
    assert {status.state for status in only(PumpStatus, told)} == {PumpState.UNKNOWN}
    before = len(bench.sent)
    bench.run(300.0)
    asked = [message for _, message in bench.sent[before:]]
    assert asked.count(encode("INF")) in {4, 5}, "once a minute"
    bench.simulator._monitoring = True
    told = bench.run(70.0)
    assert [(alert.code, alert.active) for alert in only(DeviceAlert, told)] == [("INF:REFUSED", False)]
    assert only(PumpStatus, told)[-1].rate_ml_per_h == 5.0


def test_a_pump_switched_on_late_is_found() -> None:
    bedside = FakeBedside()
    bedside.set_pump(state=PumpState.OFF)
    bench = Bench(bedside, AlarisSimulator(bedside), AlarisProtocol())
    assert bench.run(60.0) == []
    bedside.set_pump(state=PumpState.PAUSED)
    assert only(PumpStatus, bench.run(15.0))
    assert bench.protocol.identity == "Alaris 40864 (Asena Rev 2.1.5)"


def test_the_simulator_honours_no_control() -> None:
    bedside = FakeBedside()
    simulator = AlarisSimulator(bedside)
    for message in CONTROL:
        simulator.receive(message, START)
    said = simulator.outgoing(START.plus(1))
    assert set(FrameReader().feed(said)) == {Frame("REMOTE_CTRL", ("DISABLED", "****", "PERMIT", "0", "ms"))}
