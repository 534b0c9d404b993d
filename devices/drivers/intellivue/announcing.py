"""Connect indications: how a monitor announces itself on the network, read and made. Opens no socket.

A datagram to port 24005, broadcast or to a multicast group, every few seconds. Source: two recorded indications.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from devices.driver import Announced
from devices.drivers.intellivue.attributes import MalformedError, attribute_bytes, attributes_at, counted, model_bytes, model_of
from devices.drivers.intellivue.mapping import MODEL

PORT = 24005
GROUP = "224.0.23.63"
DATA_PORT = 24105
_NOMENCLATURE = b"\x00\x00\x01\x00"
_CONNECT_INDICATION = 0x0D17
_NETWORK, _PROTOCOLS, _BED = 0xF100, 0xF101, 0xF135
_DATA_EXPORT, _UDP = 5, 1
_BED_CHARACTERS = 17
_HEAD = struct.Struct(">HHHHH6xIHH")
_SERVICE = struct.Struct(">HHHH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """What a monitor announces.

    Attributes:
        model: as it names itself ("Philips M8007A"); empty if it does not.
        bed: its bed label; empty if none is set.
        host: its IPv4 address.
        mac: of its network interface, "00:09:fb:…".
        data_port: UDP port of data export; None if it offers none.
    """

    model: str
    bed: str
    host: str
    mac: str
    data_port: int | None


def indication(data: bytes) -> Indication | None:
    """The indication in a datagram; None for any other datagram. Never raises."""
    if not data.startswith(_NOMENCLATURE):
        return None
    try:
        return _indication(data)
    except (MalformedError, struct.error):
        return None


def _indication(data: bytes) -> Indication | None:
    kind, _, _, command, _, _, event, _ = _HEAD.unpack_from(data, len(_NOMENCLATURE))
    if (kind, command, event) != (1, 0, _CONNECT_INDICATION):
        return None
    attributes, _ = attributes_at(data, len(_NOMENCLATURE) + _HEAD.size)
    network = attributes.get(_NETWORK, b"")
    if len(network) < 10:
        return None
    return Indication(
        model=model_of(attributes.get(MODEL, b"")),
        bed=attributes.get(_BED, b"").decode("utf-16-be", "replace").split("\0")[0].strip(),
        host=str(IPv4Address(network[6:10])),
        mac=network[:6].hex(":"),
        data_port=_data_port(attributes.get(_PROTOCOLS, bytes(4))),
    )


def _data_port(raw: bytes) -> int | None:
    count, _ = struct.unpack_from(">HH", raw)
    rows = [_SERVICE.unpack_from(raw, 4 + place * _SERVICE.size) for place in range(count)]
    return next((port for service, transport, port, _ in rows if (service, transport) == (_DATA_EXPORT, _UDP)), None)


def announced(data: bytes, host: str) -> Announced | None:
    """Where the monitor that sent this datagram can be read, and what it is; None if it is no indication of data export.

    The sender's own address is believed before the one it writes: a monitor behind a router knows only its own network.
    """
    found = indication(data)
    if found is None or found.data_port is None:
        return None
    identity = ", ".join(part for part in (found.model or "Philips IntelliVue", f"bed {found.bed}" if found.bed else "", found.mac) if part)
    return Announced(address=f"udp:{host or found.host}:{found.data_port}", identity=identity)


def connect_indication(*, host: str, bed: str, model: str = "M8000", mac: str = "00:09:fb:00:00:01", ticks: int = 0) -> bytes:
    """The datagram of a monitor at ``host``; what the simulated monitor would broadcast."""
    network = bytes.fromhex(mac.replace(":", "")) + IPv4Address(host).packed + IPv4Address("255.255.255.0").packed
    label = bed[: _BED_CHARACTERS - 1].encode("utf-16-be").ljust(2 * _BED_CHARACTERS, b"\0")
    attributes = attribute_bytes(
        [
            (_BED, label),
            (_NETWORK, network),
            (_PROTOCOLS, counted([_SERVICE.pack(1, _UDP, DATA_PORT, 0), _SERVICE.pack(_DATA_EXPORT, _UDP, DATA_PORT, 0)])),
            (MODEL, model_bytes("Philips", model)),
        ]
    )
    event = struct.pack(">HHHIHH", 0x23, 0, 0, ticks, _CONNECT_INDICATION, len(attributes)) + attributes
    inner = struct.pack(">HHH", 0, 0, len(event)) + event
    return _NOMENCLATURE + struct.pack(">HH", 1, len(inner)) + inner
