"""Every message that is ever sent to a monitor, built from its fields, and the allow-list made of them. Nothing here sets anything
on the monitor: the one Set names the waveforms that this association is sent, and is gone with the association.

The values are those which open programs use on real monitors.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence

from devices.drivers.intellivue.attributes import attribute_bytes, counted
from devices.drivers.intellivue.frames import SerialDeframer, framed
from devices.drivers.intellivue.messages import (
    ALERTS,
    CONFIRMED_ACTION,
    CONFIRMED_EVENT,
    CONFIRMED_SET,
    ENUMERATIONS,
    EXTENDED_POLL,
    INVOKE,
    MDS,
    MDS_CREATED,
    NUMERICS,
    RESULT,
    SINGLE_POLL,
    WAVES,
    operation_bytes,
)

MIN_POLL_PERIOD_TICKS = 4000
MTU = 1456
NUMERICS_EACH_SECOND, WAVES_GRANTED, ENUMERATIONS_GRANTED, PRIORITY_LIST = 0x80000000, 0x08000000, 0x04000000, 0x02000000
POLL_OPTIONS = NUMERICS_EACH_SECOND | WAVES_GRANTED | ENUMERATIONS_GRANTED | PRIORITY_LIST
EXTENDED_POLL_S = 600.0
"""How long a monitor is asked to go on sending."""

WAVE_PRIORITIES = 0xF23A
POLL_PERIOD = 0xF13E
POLL_PROFILE = 0x0001
OBJECT_SUPPORT = 0x0102
POLL_EXTENSION = 0xF001
_OBJECTS = ((MDS, 1), (NUMERICS, 201), (WAVES, 60), (ENUMERATIONS, 16), (0x2A, 1), (ALERTS, 1))
"""Classes and how many of each are taken at most; 2A is demographics, named as others name it and never polled."""

_SESSION_DATA = bytes.fromhex("0508130100160102800014020002")
_PRESENTATION = bytes.fromhex(
    "3180a0808001010000a280a003000001a480308002010106045201000130800602510100"
    "0000003080020102060c2a8648ce14020100000001013080060c2a8648ce14020100000002"
    "0100000000000061803080020101a0806080a180060c2a8648ce14020100000003010000"
    "be802880060c2a8648ce1402010000000101020102"
)
"""The shell of the association request, fixed by the protocol, up to its user data."""

_TRAILER = bytes(16)
_MDS_OBJECT = struct.pack(">HHH", MDS, 0, 0)


def _ber_length(length: int) -> bytes:
    return bytes((length,)) if length < 0x80 else b"\x82" + struct.pack(">H", length)


def _si_length(length: int) -> bytes:
    return bytes((length,)) if length < 0xFF else b"\xff" + struct.pack(">H", length)


def _poll_profile() -> bytes:
    fields = struct.pack(">IIIIII", 0x80000000, MIN_POLL_PERIOD_TICKS, MTU, MTU, 0xFFFFFFFF, 0x60000000)
    return fields + attribute_bytes([(POLL_EXTENSION, struct.pack(">II", POLL_OPTIONS, 0))])


def _user_info() -> bytes:
    head = struct.pack(">IIIII", 0x80000000, 0x40000000, 0, 0x80000000, 0x20000000)
    support = counted([struct.pack(">HHI", 1, object_class, most) for object_class, most in _OBJECTS])
    return head + attribute_bytes([]) + attribute_bytes([(POLL_PROFILE, _poll_profile()), (OBJECT_SUPPORT, support)])


def _association_request() -> bytes:
    info = _user_info()
    presentation = _PRESENTATION + b"\x81" + _ber_length(len(info)) + info + _TRAILER
    body = _SESSION_DATA + b"\xc1" + _si_length(len(presentation)) + presentation
    return b"\x0d" + _si_length(len(body)) + body


def action_bytes(action: int, argument: bytes) -> bytes:
    """A confirmed action on the monitor as a whole."""
    return _MDS_OBJECT + struct.pack(">IHH", 0, action, len(argument)) + argument


def _single_poll(invoke_id: int, number: int, object_class: int, group: int = 0) -> bytes:
    argument = struct.pack(">HHHH", number, 1, object_class, group)
    return operation_bytes(INVOKE, invoke_id, CONFIRMED_ACTION, action_bytes(SINGLE_POLL, argument))


def _extended_poll(invoke_id: int, number: int, object_class: int) -> bytes:
    period = attribute_bytes([(POLL_PERIOD, struct.pack(">I", round(EXTENDED_POLL_S * 8000)))])
    argument = struct.pack(">HHHH", number, 1, object_class, 0) + period
    return operation_bytes(INVOKE, invoke_id, CONFIRMED_ACTION, action_bytes(EXTENDED_POLL, argument))


def wave_choice(labels: Sequence[int]) -> bytes:
    """The Set of the waveforms this association is sent, by their labels; 0 is the operator "replace"."""
    modification = struct.pack(">H", 0) + struct.pack(">H", WAVE_PRIORITIES)
    chosen = counted([struct.pack(">I", label) for label in labels])
    body = _MDS_OBJECT + struct.pack(">I", 0) + counted([modification + struct.pack(">H", len(chosen)) + chosen])
    return operation_bytes(INVOKE, INVOKE_WAVE_CHOICE, CONFIRMED_SET, body)


INVOKE_SINGLE_NUMERICS, INVOKE_WAVE_CHOICE, INVOKE_NUMERICS, INVOKE_WAVES, INVOKE_ALERTS, INVOKE_ENUMERATIONS = 0, 2, 3, 4, 8, 9
ALERT_GROUP = 0x0801
WANTED_WAVES = (0x00020100, 0x00020102, 0x00024BB4, 0x000250AC, 0x00025000, 0x00024A10, 0x00024A14, 0x00024A44)
"""ECG, ECG II, pleth, CO2, breathing, two arterial pressures, central venous pressure."""

ASSOCIATE = _association_request()
RELEASE = bytes.fromhex("0918c11661803080020101a08062808001000000000000000000")
RELEASED = bytes.fromhex("0a18c11661803080020101a08063808001000000000000000000")
POLL_NUMERICS_ONCE = _single_poll(INVOKE_SINGLE_NUMERICS, 1, NUMERICS)
POLL_NUMERICS = _extended_poll(INVOKE_NUMERICS, 2, NUMERICS)
POLL_WAVES = _extended_poll(INVOKE_WAVES, 3, WAVES)
POLL_ALERTS = _single_poll(INVOKE_ALERTS, 7, ALERTS, ALERT_GROUP)
POLL_ENUMERATIONS = _single_poll(INVOKE_ENUMERATIONS, 8, ENUMERATIONS)
CHOOSE_WAVES = wave_choice(WANTED_WAVES)

FIXED = frozenset(
    {ASSOCIATE, RELEASE, RELEASED, POLL_NUMERICS_ONCE, POLL_NUMERICS, POLL_WAVES, POLL_ALERTS, POLL_ENUMERATIONS, CHOOSE_WAVES}
)
"""Everything that is ever sent but the answer to the MDS create event."""


def mds_created_result(invoke_id: int, ticks: int) -> bytes:
    """The answer to the MDS create event, with its own invoke id and time."""
    body = _MDS_OBJECT + struct.pack(">IHH", ticks, MDS_CREATED, 0)
    return operation_bytes(RESULT, invoke_id, CONFIRMED_EVENT, body)


_START, _END = mds_created_result(0, 0)[:8], mds_created_result(0, 0)[10:20]
_MDS_CREATED_RESULT = re.compile(
    re.escape(_START) + rb".." + re.escape(_END) + rb"...." + re.escape(mds_created_result(0, 0)[24:]), re.DOTALL
)


def _may_send_payload(payload: bytes) -> bool:
    return payload in FIXED or _MDS_CREATED_RESULT.fullmatch(payload) is not None


def may_send(message: bytes) -> bool:
    """Whether these exact bytes, framed for the serial line or bare for the network, are one of the messages above."""
    if _may_send_payload(message):
        return True
    payloads = SerialDeframer().push(message)
    return len(payloads) == 1 and framed(payloads[0]) == message and _may_send_payload(payloads[0])
