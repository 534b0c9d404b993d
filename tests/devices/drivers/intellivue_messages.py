"""Messages of a monitor for tests, built byte by byte apart from the simulator's own way of building them."""

from __future__ import annotations

import struct
from pathlib import Path

from clinical.instant import Instant
from devices.drivers.intellivue.frames import framed
from devices.drivers.intellivue.protocol import IntellivueProtocol
from devices.drivers.intellivue.simulator import acceptance
from tests.devices.fake_bedside import START

SHARED = Path(__file__).parents[3].parent / "shared" / "vectors" / "philips"
CAPTURES = Path(__file__).parents[2] / "captures" / "intellivue"
NAN = 0x007FFFFF
BPM, PERCENT, MMHG, KPA, CELSIUS, FAHRENHEIT, NONE, MILLIVOLT = 0x0AA0, 0x0220, 0x0F20, 0x0F03, 0x17A0, 0x1140, 0x0200, 0x10B2


def ava(name: int, value: bytes) -> bytes:
    return struct.pack(">HH", name, len(value)) + value


def listed(items: list[bytes]) -> bytes:
    body = b"".join(items)
    return struct.pack(">HH", len(items), len(body)) + body


def thing(handle: int, *attributes: bytes) -> bytes:
    """An object with its attributes."""
    return struct.pack(">H", handle) + listed(list(attributes))


def value(physio: int, word: int, *, state: int = 0, unit: int = BPM) -> bytes:
    return struct.pack(">HHHI", physio, state, unit, word)


def numeric(physio: int, word: int, *, state: int = 0, unit: int = BPM, handle: int = 0x8001) -> bytes:
    return thing(handle, ava(0x0950, value(physio, word, state=state, unit=unit)))


def stamp(text: str) -> bytes:
    """The time stamp of an object: "2026030108000000"."""
    return ava(0x0990, bytes.fromhex(text))


def cuff(sys: int, dia: int, mean: int, *extra: bytes, state: int = 0) -> bytes:
    rows = [value(physio, word, state=state, unit=MMHG) for physio, word in ((0x4A05, sys), (0x4A06, dia), (0x4A07, mean))]
    return thing(0x8272, *extra, ava(0x094B, listed(rows)))


def operation(kind: int, invoke: int, command: int, body: bytes, link: bytes = b"") -> bytes:
    inner = link + struct.pack(">HHH", invoke, command, len(body)) + body
    return bytes.fromhex("e1000002") + struct.pack(">HH", kind, len(inner)) + inner


def poll(object_class: int, *things: bytes, action: int = 0xF13B, ticks: int = 8000, link: bytes = b"", invoke: int = 3) -> bytes:
    """The payload of a poll's answer; ``link``: state and count of a linked result."""
    number = struct.pack(">H", 2) + (struct.pack(">H", 0) if action == 0xF13B else b"")
    contexts = listed([struct.pack(">H", 1) + listed(list(things))] if things else [])
    result = number + struct.pack(">I", ticks) + b"\xff" * 8 + struct.pack(">HHH", 1, object_class, 0) + contexts
    body = struct.pack(">HHHHH", 0x21, 0, 0, action, len(result)) + result
    return operation(5 if link else 2, invoke, 7, body, link)


def numerics(*things: bytes) -> bytes:
    return poll(0x06, *things)


def alerts(patient: list[bytes] | None = None, technical: list[bytes] | None = None, link: bytes = b"") -> bytes:
    """The answer of the alert monitor; a list that is None is not sent."""
    rows = [ava(name, listed(entries)) for name, entries in ((0x0902, patient), (0x0904, technical)) if entries is not None]
    return poll(0x36, thing(1, *rows), action=0x0C16, link=link, invoke=8)


def entry(source: int, code: int, kind: int, text: str = "", state: int = 0) -> bytes:
    info = struct.pack(">HIHH", 1, 0x00020001, 0, 0)
    if text:
        string = text.encode("utf-16-be") + b"\0\0"
        info += struct.pack(">H", len(string)) + string
    return struct.pack(">HHHHHHHHH", source, code, kind, state, 6, 1, 0x82CF, 516 if text else 513, len(info)) + info


def created(date: str = "2026030108000000", invoke: int = 7) -> bytes:
    """The MDS create event."""
    attributes = listed([ava(0x0928, bytes.fromhex("00085068696c6970730000064d3830303000")), ava(0x0987, bytes.fromhex(date))])
    body = struct.pack(">HHH", 0x21, 0, 0) + attributes
    return operation(1, invoke, 1, struct.pack(">HHHIHH", 0x21, 0, 0, 123_456, 0x0D06, len(body)) + body)


def established(at: Instant = START, date: str = "2026030108000000") -> IntellivueProtocol:
    """A protocol that has been told of the monitor and its time, and has sent what it has to say."""
    protocol = IntellivueProtocol()
    protocol.outgoing(at)
    protocol.receive(framed(acceptance()) + framed(created(date)), at)
    protocol.outgoing(at)
    return protocol


def told(*payloads: bytes, at: Instant = START) -> list:
    """What a fresh, established protocol tells of these."""
    protocol = established(at)
    return [seen for payload in payloads for seen in protocol.receive(framed(payload), at)]
