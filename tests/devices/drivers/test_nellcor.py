"""Nellcor lines: a real N-560's log gives its numbers, headings their limits, each code its words; XON is sent into silence alone."""

from __future__ import annotations

import json

import pytest

from clinical.metrics import PULSE_AMPLITUDE, PULSE_RATE, SPO2
from clinical.observations import DeviceAlert, Numeric, Validity
from devices.drivers.nellcor import DRIVER
from devices.drivers.nellcor.frames import Heading, Mode, Row, Title, heading_lines, parse
from devices.drivers.nellcor.mapping import CODES, INVALIDATING
from devices.drivers.nellcor.protocol import NellcorProtocol
from devices.drivers.nellcor.simulator import NellcorSimulator
from tests.devices.drivers.oximeter_lines import CAPTURES, Finger, numbers, vectors
from tests.devices.fake_rack import START, Bench, only

LOG = (CAPTURES / "nellcor" / "n560_log.txt").read_bytes()
NORMAL = "29-Dec-17 07:18:43    99      66      12                     "


def row(spo2="99", pulse="66", amplitude="12", codes=""):
    return f"29-Dec-17 07:18:43    {spo2}      {pulse}      {amplitude}    {codes}"


def hear(*lines):
    protocol = NellcorProtocol()
    return protocol, list(protocol.receive("".join(line + "\r\n" for line in lines).encode(), START))


def latest(told):
    return {metric: (value, validity, reason) for metric, value, validity, reason in numbers(Numeric, told)}


def alerts(told):
    return [(alert.code, alert.active) for alert in only(DeviceAlert, told)]


def test_the_log_of_a_real_n_560():
    protocol = NellcorProtocol()
    told = protocol.receive(LOG, START)
    values = [seen for seen in only(Numeric, told) if seen.metric is SPO2]
    assert len(values) == 76
    assert sum(seen.validity is Validity.INVALID for seen in values) == 38
    assert [seen.value for seen in values[7:13]] == [89.0, 83.0, 79.0, 77.0, 77.0, 77.0]
    assert protocol.heading == Heading(model="N-560", version="1.56.00", crc="XXXX", spo2_limits=(90, 100), pulse_limits=(60, 170))
    assert protocol.mode == Mode(patient="ADULT", sat_seconds=0)
    assert protocol.bad_frames == 1  # the first line is no text of a device
    assert "SpO₂ 90–100 %, pulse 60–170/min, adult, SatSeconds 0" in protocol.identity


def test_the_log_as_others_read_it():
    expected = json.loads(vectors("nellcor", "n560_log.expected.json").read_text(encoding="utf-8"))["expected"]
    rows = [parsed for line in LOG.decode().splitlines() if isinstance(parsed := parse(line.strip()), Row)]
    assert len(rows) == len(expected)
    for mine, theirs in zip(rows, expected, strict=True):
        assert (mine.spo2, mine.pulse, mine.amplitude, list(mine.codes)) == (theirs["spo2"], theirs["pr"], theirs["pa"], theirs["flags"])
        assert ("SpO2" in mine.beyond, "BPM" in mine.beyond) == (theirs["spo2_limit"], theirs["pr_limit"])
        told = latest(hear("", row(mine.spo2 or "---", mine.pulse or "---", codes=" ".join(mine.codes)))[1])
        assert (told[SPO2][0] is not None) == theirs["live"]


def test_the_last_row_holds_numbers_while_the_pulse_is_sought():
    _, told = hear("29-Dec-17 07:21:13    96      63     ---    PS                  ")
    assert latest(told) == dict.fromkeys((SPO2, PULSE_RATE, PULSE_AMPLITUDE), (None, Validity.INVALID, "pulse search"))


@pytest.mark.parametrize("code", INVALIDATING)
@pytest.mark.parametrize("count", ["0", "97", "---"])
def test_no_row_without_a_pulse_gives_a_number(code, count):
    _, told = hear(row(count, count, count, f"{code}          AS"))
    assert {(value, validity) for value, validity, _ in latest(told).values()} == {(None, Validity.INVALID)}


def test_motion_makes_a_number_doubtful():
    assert latest(hear(row(codes="MO"))[1])[SPO2] == (99.0, Validity.QUESTIONABLE, "motion or interference")


@pytest.mark.parametrize("line", ["12-NOV-98 14:00:05 100 120 50", "12-nov-1998 14:00:05 100  120  50"])
def test_the_manual_s_row_in_either_form_of_the_date(line):
    assert {metric: value for metric, (value, _, _) in latest(hear(line)[1]).items()} == {SPO2: 100, PULSE_RATE: 120, PULSE_AMPLITUDE: 50}


def test_a_zero_an_impossible_number_and_dashes_are_no_readings():
    _, told = hear(row("0", "---", "---"))
    assert {(value, validity) for value, validity, _ in latest(told).values()} == {(None, Validity.INVALID)}
    assert latest(hear(row("101"))[1])[SPO2] == (None, Validity.INVALID, "impossible number")


@pytest.mark.parametrize("code", CODES)
def test_every_code_comes_and_goes(code):
    protocol, told = hear(row(codes=code))
    assert alerts(told) == [(code, True)]
    assert alerts(protocol.receive(NORMAL.encode() + b"\n", START)) == [(code, False)]


def test_an_unknown_code_is_told_and_makes_the_number_doubtful():
    _, told = hear(row(codes="ZZ"))
    assert [alert.text for alert in only(DeviceAlert, told)] == ["Oximeter: unknown code 0x5A5A (status ZZ)"]
    assert latest(told)[SPO2] == (99.0, Validity.QUESTIONABLE, "unknown code ZZ")


def test_a_star_is_told_by_itself_only_where_no_code_says_it():
    assert alerts(hear(row("89*", codes="SL"))[1]) == [("SL", True)]
    assert alerts(hear(row("89*"))[1]) == [("SpO2*", True)]
    assert alerts(hear(row(pulse="190*"))[1]) == [("BPM*", True)]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 94-100%    PR Limit: 50-170BPM",
            Heading(model="N-560", version="1.61.00", crc="XXXX", spo2_limits=(94, 100), pulse_limits=(50, 170)),
        ),
        ("ADULT            0SAT-S", Mode(patient="ADULT", sat_seconds=0)),
        ("TIME                 %SpO2   BPM     PA     Status", Title()),
    ],
)
def test_headings(line, read):
    assert parse(line) == read


def test_a_change_of_the_device_s_limits_is_seen_in_its_identity():
    protocol, _ = hear(NORMAL)
    assert protocol.identity == "Nellcor"
    for low in (90, 85):
        heading = Heading(model="N-595", version="2", crc="1A", spo2_limits=(low, 100), pulse_limits=(50, 120))
        protocol.receive(heading_lines(heading, Mode(patient="ADULT", sat_seconds=25)), START)
        assert f"SpO₂ {low}–100 %" in protocol.identity
        assert protocol.identity.endswith("SatSeconds 25")


@pytest.mark.parametrize("lost", range(len(NORMAL.rstrip())))
def test_a_row_cut_before_its_last_number_is_damage(lost):
    """Cut within it or in its codes it is a shorter row: that is what a line without a check sum cannot show."""
    assert parse(NORMAL[:lost].strip()) is None or lost > NORMAL.index("12   ")


def test_a_row_s_month_does_not_hang_on_this_computer():
    finger = Finger()
    simulator = NellcorSimulator(finger)
    finger.now = START.plus(2.0)
    assert b"01-Mar-26 08:00:02" in simulator.outgoing(finger.now)


def bench():
    finger = Finger()
    return finger, Bench(finger, NellcorSimulator(finger), NellcorProtocol())


def test_the_finger_s_numbers_arrive_each_two_seconds_with_headings_each_25_rows():
    _, line = bench()
    told = only(Numeric, line.run(120.5))
    assert numbers(Numeric, told[-3:-1]) == [(SPO2, 97.0, Validity.VALID, ""), (PULSE_RATE, 72.0, Validity.VALID, "")]
    assert [seen.at.since(START) for seen in told if seen.metric is SPO2] == [2.0 * (count + 1) for count in range(60)]
    assert {seen.interval_s for seen in told} == {2.0}
    assert b"".join(data for _, data in line.heard).count(b"VERSION") == 3
    assert line.sent == []


def test_the_simulator_s_limits_are_alarms_of_the_device():
    finger, line = bench()
    finger.read(84.0, 45.0)
    assert {code for code, active in alerts(line.run(4.5)) if active} == {"SL", "PL"}
    finger.read()
    assert {code for code, active in alerts(line.run(4.0)) if not active} == {"SL", "PL"}


def test_the_simulator_holds_numbers_while_it_seeks():
    """So that what is told of held numbers is tried on the wire."""
    finger, line = bench()
    line.run(4.5)
    finger.search()
    line.run(10.0)
    rows = [parse(data.decode().splitlines()[-1].strip()) for _, data in line.heard[2:]]
    assert [found.spo2 for found in rows] == [97, 97, 97, 0, 0]
    assert {found.codes for found in rows} == {("PS",)}


def test_an_output_that_was_stopped_is_released_with_xon():
    finger = Finger()
    simulator = NellcorSimulator(finger)
    simulator.receive(b"\x13", START)
    line = Bench(finger, simulator, NellcorProtocol())
    assert only(Numeric, line.run(6.5)) == []
    assert line.sent == [(START.plus(6.0), b"\x11")]
    assert only(Numeric, line.run(4.0))
    assert len(line.sent) == 1


def test_xon_is_sent_into_silence_no_oftener_than_each_six_seconds():
    protocol = NellcorProtocol()
    sent = [tenth / 10 for tenth in range(300) if protocol.outgoing(START.plus(tenth / 10))]
    assert sent == [6.0, 12.0, 18.0, 24.0]


@pytest.mark.parametrize("message", [b"\x03\x03", b"1\r\n", b"0\r\n", b"\x13", b"\x11\x11", b""])
def test_the_menu_and_all_else_are_refused(message):
    assert not DRIVER.may_send(message)
