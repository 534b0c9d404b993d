"""What the tests of Medibus put on its line: replies of a Capnosat, and a session that is open. Tests nothing."""

from __future__ import annotations

from clinical.observations import Numeric
from devices.drivers.medibus.frames import command, response
from devices.drivers.medibus.protocol import MedibusProtocol
from devices.drivers.medibus.realtime import Stream
from tests.devices.fake_bedside import START
from tests.devices.fake_rack import only

CAPNOSAT = response(0x52, b"8300'Capnosat'01.00:04.03")
STREAM = Stream(code=0x06, interval_us=16000, low=-20, high=100, bins=0x460)
PLETH_STREAM = Stream(code=0x02, interval_us=16000, low=0, high=100, bins=1000)
OFFER = response(0x53, STREAM.entry() + PLETH_STREAM.entry())
DATA = response(0x24, b"E6  38E5   0D5  14EB  97E1  71")
OPENED = response(0x51) + CAPNOSAT + response(0x28) + OFFER + response(0x54)
ICC, NOP, WHO, DATE, WAVES = (command(code) for code in (0x51, 0x30, 0x52, 0x28, 0x53))
ALARMS_1, ALARMS_2, VALUES = (command(code) for code in (0x27, 0x2E, 0x24))


def alarm(code, level=31, phrase="PHRASE"):
    return bytes((0x30 + level,)) + f"{code:02X}{phrase:12}".encode("ascii")


def opened():
    protocol = MedibusProtocol()
    protocol.outgoing(START)
    for part in (response(0x51), CAPNOSAT, response(0x28), OFFER, response(0x54)):
        protocol.receive(part, START)
        protocol.outgoing(START)
    return protocol


def numerics(told):
    return {one.metric: (one.value, one.validity, one.reason) for one in only(Numeric, told)}
