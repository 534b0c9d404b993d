"""What the tests of the Capnostream put on its line: the constructed frames, and those made from them. Tests nothing."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from clinical.observations import DeviceAlert, Numeric
from devices.drivers.capnostream.alerts import Word
from devices.drivers.capnostream.frames import Reader, framed
from devices.drivers.capnostream.protocol import CapnostreamProtocol
from tests.devices.fake_bedside import START
from tests.devices.fake_rack import only

VECTORS = json.loads((Path(__file__).parents[2] / "captures" / "capnostream" / "vectors.json").read_text(encoding="utf-8"))
WIRE = {name: bytes.fromhex(text) for name, text in VECTORS["constructed"].items()}
IDENTITY = framed(4, VECTORS["upstream"]["device_id"].encode("ascii"))
GOOD = Reader().feed(WIRE["numerics"])[0].payload
OFFSETS = {Word.SLOW: 9, Word.CO2: 13, Word.SPO2: 14, Word.EXTENDED: 26}


def numerics(**changes):
    """The good numerics frame with some of its bytes changed: ``at4=60``."""
    payload = bytearray(GOOD)
    for name, byte in changes.items():
        payload[int(name[2:])] = byte
    return framed(1, bytes(payload))


def wave(number, count=0x2680, status=0):
    return framed(0, bytes((number & 0xFF, count >> 8, count & 0xFF, status)))


def told(data, protocol=None, now=START):
    return list((protocol or CapnostreamProtocol()).receive(data, now))


def values(observations):
    return {one.metric: (one.value, one.validity, one.reason) for one in only(Numeric, observations)}


def frames(data, cuts=()):
    reader, found = Reader(), []
    for start, end in pairwise([0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]):
        found += reader.feed(data[start:end])
    return found, reader.bad


def alerts(observations):
    return [(one.code, one.text, one.priority, one.active) for one in only(DeviceAlert, observations)]
