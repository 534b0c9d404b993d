"""In which order everything came: a byte for each message, and the moments of ticks. Knows bytes; knows no database.

The messages themselves lie in the tables of their kind, each in its own order; this joins them to the one order in which the monitor
took them, so that a case can be replayed from its record exactly. A tick is kept here whole: two int64, little-endian, monotonic on the
case's timeline and UTC. Waveform blocks are not noted: nothing that is alarmed comes from their samples or their order.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from types import MappingProxyType

from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, SelfReport, Tick
from clinical.observations import DeviceAlert, LinkStatus, Numeric, PumpStatus

NUMERIC, PUMP, ALERT, LINK, COMMAND, REPORT, TICK, BROKEN = b"NPALCSTX"
"""BROKEN: messages were given up here because they could not be written in time; what follows cannot be replayed exactly."""

_MOMENT = struct.Struct("<qq")
_OF_DEVICE = MappingProxyType({Numeric: NUMERIC, PumpStatus: PUMP, DeviceAlert: ALERT, LinkStatus: LINK})
_OTHERS = MappingProxyType({FromOperator: COMMAND, SelfReport: REPORT})
_KNOWN = frozenset({*_OF_DEVICE.values(), *_OTHERS.values(), BROKEN})


class ArrivalsError(ValueError):
    """The bytes are no order of arrival, or not all of one."""


def note(order: bytearray, message: Message, shift_ns: int) -> None:
    """Adds a message to the order."""
    if isinstance(message, Tick):
        order.append(TICK)
        order += _MOMENT.pack(message.at.monotonic_ns + shift_ns, message.at.utc_ns)
    elif not isinstance(message, FromDevice):
        order.append(_OTHERS[type(message)])
    elif (kind := _OF_DEVICE.get(type(message.observation))) is not None:
        order.append(kind)


def read(order: bytes) -> Iterator[tuple[int, Instant | None]]:
    """Kinds in their order, a tick with its moment on the case's timeline. Raises ArrivalsError."""
    place = 0
    while place < len(order):
        kind = order[place]
        place += 1
        if kind != TICK:
            if kind not in _KNOWN:
                raise ArrivalsError(f"unknown kind {kind} at byte {place - 1}")
            yield kind, None
            continue
        if place + _MOMENT.size > len(order):
            raise ArrivalsError("ends within a tick")
        yield kind, Instant(*_MOMENT.unpack_from(order, place))
        place += _MOMENT.size
