"""The simulated sender against the receiver, against the ``hl7`` package, and as it was recorded."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import hl7
import pytest

from clinical.metrics import (
    CO2_RESP_RATE,
    ETCO2,
    FICO2,
    HEART_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PULSE_RATE,
    SPO2,
    TEMPERATURE,
)
from clinical.observations import DeviceAlert, Numeric, Priority, PumpState, PumpStatus, Validity
from devices.driver import CuffReading
from devices.drivers.hl7 import DRIVER
from devices.drivers.hl7.frames import Deframer
from devices.transports.capture import Mark, read_chunks
from tests.devices.fake_bedside import START, FakeBedside

CAPTURE = Path(__file__).parents[2] / "captures" / "hl7" / "simulated.capture"
READING = CuffReading(sys=121, dia=79, mean=93, pulse=70, at=START.plus(-100))


class Wire:
    """Both ends and the bedside, moved on together; ``deaf``: the answers are lost."""

    def __init__(self, variant=""):
        self.bedside = FakeBedside()
        self.bedside.cuff = READING
        self.protocol = DRIVER.protocol("")
        self.simulator = DRIVER.simulator(self.bedside, variant)
        self.deaf = False
        self.said = []

    def run(self, seconds, step=0.25):
        end, told = self.bedside.now.plus(seconds), []
        while self.bedside.now < end:
            now = self.bedside.now
            said = self.simulator.outgoing(now)
            self.said += [said] if said else []
            told += self.protocol.receive(said, now)
            sent = self.protocol.outgoing(now)
            assert all(DRIVER.may_send(message) for message in sent)
            if not self.deaf:
                self.simulator.receive(b"".join(sent), now)
            self.bedside.now = now.plus(step)
        return told

    def pump(self, **changes):
        self.bedside.pump = type(self.bedside.pump)(
            **{name: getattr(self.bedside.pump, name) for name in self.bedside.pump.__slots__} | changes
        )


def last(told, metric):
    return [o for o in told if isinstance(o, Numeric) and o.metric is metric][-1]


def test_every_number_arrives():
    told = Wire().run(1)
    values = {metric: last(told, metric).value for metric in (HEART_RATE, SPO2, PULSE_RATE, ETCO2, FICO2, CO2_RESP_RATE, TEMPERATURE)}
    assert list(values.values()) == [72, 97, 71, 38, 0, 14, 36.8]
    assert [last(told, m).value for m in (NIBP_SYS, NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE)] == [121, 79, 93, 70]
    assert last(told, NIBP_SYS).measured_at.since(READING.at) == pytest.approx(0, abs=1)


def test_a_sensor_that_is_off_and_a_cuff_that_inflates():
    wire = Wire()
    wire.run(1)
    wire.bedside.off.add(SPO2)
    wire.bedside.cuff_inflating = True
    told = wire.run(5)
    assert (last(told, SPO2).value, last(told, SPO2).validity) == (None, Validity.INVALID)
    assert last(told, NIBP_SYS).validity is Validity.ONGOING


def test_messages_come_each_five_seconds_one_at_a_time():
    wire = Wire()
    told = wire.run(60)
    moments = [o.at.since(START) for o in told if isinstance(o, Numeric) and o.metric is HEART_RATE]
    assert moments == list(range(0, 60, 5))
    assert [o.at.since(START) for o in told if isinstance(o, PumpStatus)] == list(range(1, 60, 5))
    assert wire.protocol.bad_frames == 0
    assert all(said.count(b"\x0b") == 1 for said in wire.said)


def test_the_pump_and_its_alarms():
    wire = Wire()
    (pump,) = [o for o in wire.run(3) if isinstance(o, PumpStatus)]
    assert (pump.channel, pump.state, pump.rate_ml_per_h, pump.infused_ml, pump.remaining_ml) == ("1", PumpState.INFUSING, 5, 1, 49)
    wire.pump(alarms=frozenset({"occlusion"}), state=PumpState.ALARM, rate_ml_per_h=0.0)
    told = wire.run(10)
    begun = [o for o in told if isinstance(o, DeviceAlert)]
    assert [(o.code, o.active, o.priority, o.text) for o in begun] == [
        ("MDC:0:MDCX_EVT_BEDSIDE_OCCLUSION", True, Priority.HIGH, "occlusion")
    ]
    assert [o.state for o in told if isinstance(o, PumpStatus)][-1] is PumpState.STOPPED
    wire.pump(alarms=frozenset(), state=PumpState.OFF)
    told = wire.run(10)
    assert [(o.code, o.active) for o in told if isinstance(o, DeviceAlert)] == [("MDC:0:MDCX_EVT_BEDSIDE_OCCLUSION", False)]
    assert [o.state for o in told if isinstance(o, PumpStatus)][-1] is PumpState.OFF


def test_without_an_answer_it_says_the_same_three_times_and_goes_on():
    wire = Wire("vitals")
    wire.deaf = True
    told = wire.run(30)
    assert [wire.said.count(said) for said in dict.fromkeys(wire.said)][:-1] == [3] * (len(dict.fromkeys(wire.said)) - 1)
    assert len([o for o in told if isinstance(o, Numeric) and o.metric is HEART_RATE]) == len(dict.fromkeys(wire.said))


@pytest.mark.parametrize(("variant", "kind"), [("vitals", PumpStatus), ("pump", Numeric)])
def test_it_speaks_for_one_of_the_two(variant, kind):
    told = Wire(variant).run(12)
    assert told
    assert not [o for o in told if isinstance(o, kind)]


def test_nothing_sent_to_it_changes_anything():
    plain, pestered = Wire(), Wire()
    pestered.simulator.receive(b"\x0bMSH|^~\\&|X||||||ORU^R01|1|P|2.6\r\x1c\r\xff\x00SET", START)
    plain.run(20)
    pestered.run(20)
    assert plain.said == pestered.said


def test_the_hl7_package_reads_every_message():
    wire = Wire()
    wire.pump(alarms=frozenset({"near empty", "occlusion"}))
    wire.run(20)
    messages = [hl7.parse(raw.decode()) for said in wire.said for raw in Deframer().push(said)]
    assert {str(message["MSH"][0][9]) for message in messages} == {"ORU^R01^ORU_R01", "ORU^R40^ORU_R40"}
    rows = {str(row[3]).split("^")[0]: str(row[5]) for message in messages for row in message["OBX"]}
    assert (rows["147842"], rows["150456"], rows["150301"]) == ("72", "97", "121")


def decoded(pieces):
    protocol, told = DRIVER.protocol(""), []
    for data, at in pieces:
        told += protocol.receive(data, at)
    return told, protocol.bad_frames


def test_the_capture_whole_and_one_byte_at_a_time():
    chunks = [(chunk.data, chunk.at) for chunk in read_chunks(CAPTURE, raw_baud=115_200) if chunk.mark is Mark.RECEIVED]
    told, bad = decoded(chunks)
    assert bad == 0
    assert len([o for o in told if isinstance(o, Numeric)]) > 200
    assert {o.state for o in told if isinstance(o, PumpStatus)} == {PumpState.STOPPED, PumpState.INFUSING}
    assert last(told, NIBP_SYS).measured_at is not None
    single = [(data[at : at + 1], moment) for data, moment in chunks for at in range(len(data))]
    assert decoded(single) == (told, bad)


def test_the_capture_holds_no_answer_that_may_not_be_sent():
    sent = [chunk.data for chunk in read_chunks(CAPTURE, raw_baud=115_200) if chunk.mark is Mark.SENT]
    assert len(sent) > 30
    assert all(DRIVER.may_send(message) for message in sent)


def test_the_same_bedside_gives_the_same_bytes():
    first, second = Wire(), Wire()
    first.run(10)
    second.run(10)
    assert first.said == second.said
    assert all(later.at >= earlier.at for earlier, later in pairwise(first.run(10)))
