"""Records of displayed values for tests, built field by field, apart from the simulator's own way of building them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from clinical.metrics import Metric
from clinical.observations import Numeric, Observation
from devices.drivers.dri.frames import framed

CAPTURES = Path(__file__).parents[2] / "captures" / "dri"
ECG, P1, NIBP, T1, SPO2, CO2 = 0, 16, 72, 86, 118, 132
ON = 0b11
INVALID = -32767
Groups = Mapping[int, tuple[int, int, tuple[int, ...]]]
QUIET: Groups = {
    ECG: (ON | 1 << 3, 0x0200, (72, INVALID, INVALID, INVALID, 15)),
    NIBP: (ON, 0x0008, (12000, 8000, 9300, 70)),
    SPO2: (ON, 0, (9700, 71, INVALID, INVALID)),
    CO2: (ON, 1, (500, 0, 14, 7600)),
}


def union(groups: Groups) -> bytes:
    """270 bytes; ``groups`` maps an offset to (status, label, values)."""
    body = bytearray(270)
    for at, (status, label, values) in groups.items():
        struct.pack_into(f"<IH{len(values)}h", body, at, status, label, *values)
    return bytes(body)


def record(main_type: int, parts: list[tuple[int, bytes]], *, level: int = 8, time_s: int = 1_772_352_000) -> bytes:
    """A whole frame."""
    data, described = b"", b""
    for type_, body in parts:
        described += struct.pack("<hB", len(data), type_)
        data += body
    if len(parts) < 8:
        described += b"\0\0\xff"
    header = struct.pack("<hBBHIBBHh", 40 + len(data), 1, level, 1001, time_s, 0, 0, 0, main_type)
    return framed(header + described.ljust(24, b"\0") + data)


def displayed(groups: Groups, ext1: bytes | None = None, **fields: int) -> bytes:
    """A frame of displayed values: the basic class, and extended class 1 if given."""
    parts = [(1, bytes(4) + union(groups) + b"\0\0\x81\x00")]
    if ext1 is not None:
        parts.append((1, bytes(4) + ext1 + b"\0\0\x81\x01"))
    return record(0, parts, **fields)


def changed(at: int, *, status: int | None = None, label: int | None = None, values: tuple[int, ...] | None = None) -> Groups:
    """The quiet groups with one of them changed."""
    was = QUIET.get(at, (ON, 0, ()))
    now = (was[0] if status is None else status, was[1] if label is None else label, was[2] if values is None else values)
    return {**QUIET, at: now}


def numeric(observations: list[Observation], metric: Metric, channel: str = "") -> Numeric:
    """The only numeric of a metric and channel among the observations."""
    (found,) = [o for o in observations if isinstance(o, Numeric) and o.metric is metric and o.channel == channel]
    return found
