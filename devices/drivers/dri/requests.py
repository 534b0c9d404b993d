"""What a host may ask of the monitor, as exact bytes, and how the monitor's side reads them. Asking changes nothing in the monitor.

Source: GE M1017617, chapters on the request records and Appendix A (its examples are reproduced byte for byte).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from devices.drivers.dri.frames import ALARM, PHDB, WAVE, Record, Subrecord, framed, record_bytes

INTERVAL_S = 5
"""The shortest interval of displayed values that the monitor grants."""

EXT1 = 2
"""Class bit of extended class 1 (arrhythmia, T5 and T6, second SpO2); the basic class comes without a bit."""

EXT2 = 4
"""Class bit of extended class 2 (EEG, BIS, entropy, pleth index)."""

ONCE = -1
REQUEST = 0
"""Subrecord type of a request, whatever the main type."""

_PHDB = struct.Struct("<BhIh")
_WAVE = struct.Struct("<hh8s16shh")
_ALARM = struct.Struct("<6h")
_END_OF_WAVES = 0xFF


class ValueKind(IntEnum):
    """What a request of main type PHDB is for."""

    DISPLAYED = 1
    TREND_10_S = 2
    TREND_60_S = 3
    AUX_INFO = 4


class AlarmCommand(IntEnum):
    STATUS = 0
    FOLLOW = 2
    STOP = 3


@dataclass(frozen=True, slots=True)
class ValuesAsked:
    """Values of one kind each ``interval_s``; ONCE for a single reply, 0 for no more."""

    kind: int
    interval_s: int
    classes: int


@dataclass(frozen=True, slots=True)
class WavesAsked:
    """These waveforms, by their numbers; none: no more."""

    waves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AlarmsAsked:
    command: int


Asked = ValuesAsked | WavesAsked | AlarmsAsked


def _request(main_type: int, body: bytes) -> bytes:
    return framed(record_bytes(Record(main_type=main_type, subrecords=(Subrecord(REQUEST, body),))))


def values_request(kind: ValueKind, interval_s: int, classes: int = 0) -> bytes:
    """A frame that asks for values each ``interval_s`` seconds."""
    return _request(PHDB, _PHDB.pack(kind, interval_s, classes, 0))


def waves_request(waves: Sequence[int]) -> bytes:
    """A frame that starts sending these waveforms; empty: stops it. At most eight numbers."""
    listed = bytes(waves) + (bytes((_END_OF_WAVES,)) if len(waves) < 8 else b"")
    return _request(WAVE, _WAVE.pack(not waves, 0, listed, b"", 0, 0))


def alarms_request(command: AlarmCommand) -> bytes:
    """A frame about alarm records, which monitors of interface level 10 and later send."""
    return _request(ALARM, _ALARM.pack(command, 0, 0, 0, 0, 0))


DISPLAYED_VALUES = values_request(ValueKind.DISPLAYED, INTERVAL_S, EXT1 | EXT2)
TRENDS = {
    "trend-10s": (ValueKind.TREND_10_S, 10, values_request(ValueKind.TREND_10_S, 10, EXT1 | EXT2)),
    "trend-60s": (ValueKind.TREND_60_S, 60, values_request(ValueKind.TREND_60_S, 60, EXT1 | EXT2)),
}
"""By variant: what kind of values, their interval in seconds, the request."""
AUX_INFO = values_request(ValueKind.AUX_INFO, ONCE)
FOLLOW_ALARMS = alarms_request(AlarmCommand.FOLLOW)


def asked(record: Record) -> Asked | None:
    """What a request record asks for; None if it is no request that can be read."""
    if len(record.subrecords) != 1 or record.subrecords[0].type != REQUEST:
        return None
    body = record.subrecords[0].body
    if record.main_type == PHDB and len(body) == _PHDB.size:
        kind, interval_s, classes, _ = _PHDB.unpack(body)
        return ValuesAsked(kind, interval_s, classes)
    if record.main_type == WAVE and len(body) == _WAVE.size:
        stop, _, listed, *_ = _WAVE.unpack(body)
        return WavesAsked(() if stop else tuple(listed.split(bytes((_END_OF_WAVES,)))[0]))
    if record.main_type == ALARM and len(body) == _ALARM.size:
        return AlarmsAsked(_ALARM.unpack(body)[0])
    return None
