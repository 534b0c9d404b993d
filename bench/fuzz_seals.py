"""What stands inside the frames of drivers that check them, and how such a frame is closed again, for wrong contents with a right check.

A check keeps nearly every mutated frame from the code behind it; a device with a fault of its own sends wrong contents with a right check.
Lines without a check (HL7, Masimo, Nellcor, IntelliVue by network, Contec) need nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.drivers.alaris import frames as alaris
from devices.drivers.ap4000 import frames as ap4000
from devices.drivers.bcc import frames as bcc
from devices.drivers.capnostat import frames as capnostat
from devices.drivers.capnostream import frames as capnostream
from devices.drivers.dianet import frames as dianet
from devices.drivers.dri import frames as dri
from devices.drivers.intellivue import frames as intellivue
from devices.drivers.medibus import frames as medibus
from devices.drivers.sdc import frames as sdc
from devices.drivers.terumo import frames as terumo
from devices.drivers.vial import frames as vial


@dataclass(frozen=True, slots=True)
class Seal:
    """``contents`` of a whole stream, and ``close``: a good frame around contents. It may raise ValueError: none can hold these."""

    contents: Callable[[bytes], list[bytes]]
    close: Callable[[bytes], bytes]


def _bcc_contents(stream: bytes) -> list[bytes]:
    found = bcc.FrameReader().feed(stream)
    return [f"{frame.bed_id}\0".encode() + frame.information for frame in found if isinstance(frame, bcc.Frame)]


def _bcc_close(contents: bytes) -> bytes:
    bed_id, _, information = contents.partition(b"\0")
    return bcc.encode(bed_id.decode("ascii"), information)


def _terumo_close(contents: bytes) -> bytes:
    return terumo.encode(terumo.Packet(kind="REP", device_id="000000000000000000012345", command=contents))


def _medibus_contents(stream: bytes) -> list[bytes]:
    found = medibus.Reader().feed(stream)
    responses = [bytes((medibus.SOH, item.code)) + item.data for item in found if isinstance(item, medibus.Response)]
    return responses + [bytes((medibus.ESC, item.code)) + item.argument for item in found if isinstance(item, medibus.Command)]


def _vial_contents(stream: bytes) -> list[bytes]:
    return [(item.address + item.message).encode("ascii") for item in vial.FrameReader().feed(stream) if isinstance(item, vial.Frame)]


SEALS = {
    "alaris": Seal(
        lambda stream: ["^".join((one.name, *one.fields)).encode("latin-1") for one in alaris.FrameReader().feed(stream)],
        lambda contents: alaris.encode(*contents.decode("latin-1").split("^")),
    ),
    "ap4000": Seal(
        lambda stream: ["^".join(one.fields).encode("latin-1") for one in ap4000.FrameReader().feed(stream)],
        lambda contents: ap4000.encode(*contents.decode("latin-1").split("^")),
    ),
    "bcc": Seal(_bcc_contents, _bcc_close),
    "capnostat": Seal(
        lambda stream: [bytes((one.command,)) + one.data for one in capnostat.Reader().feed(stream)],
        lambda contents: capnostat.packed(contents[0] | 0x80, bytes(byte & 0x7F for byte in contents[1:])),
    ),
    "capnostream": Seal(
        lambda stream: [bytes((one.code,)) + one.payload for one in capnostream.Reader().feed(stream)],
        lambda contents: capnostream.framed(contents[0], contents[1:]),
    ),
    "dianet": Seal(
        lambda stream: [bytes((one.address, one.segment)) + one.data for one in dianet.FrameReader().feed(stream)],
        lambda contents: dianet.encode(dianet.Frame(contents[0], contents[1], contents[2:])),
    ),
    "dri": Seal(lambda stream: [dri.record_bytes(one) for one in dri.Deframer().push(stream)], dri.framed),
    "intellivue": Seal(lambda stream: intellivue.SerialDeframer().push(stream), intellivue.framed),
    "medibus": Seal(_medibus_contents, medibus.checked),
    "sdc": Seal(lambda stream: sdc.Deframer().push(stream), sdc.framed),
    "terumo": Seal(lambda stream: [one.command for one in terumo.PacketReader().feed(stream) if one.command is not None], _terumo_close),
    "vial": Seal(_vial_contents, lambda contents: vial.encode("", contents.decode("latin-1"))),
}
"""By driver; for its network variant too, if that has frames of the same kind."""
