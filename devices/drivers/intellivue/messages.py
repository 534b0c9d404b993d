"""Payloads ↔ messages: the session, remote operations, poll results. Knows structures, no metric and no dialogue."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from devices.drivers.intellivue.attributes import TICKS_PER_S, MalformedError, attributes_at, counted
from devices.drivers.intellivue.frames import DATA_EXPORT

EVENT, CONFIRMED_EVENT, GET, CONFIRMED_SET, CONFIRMED_ACTION = 0, 1, 3, 5, 7
"""Commands of a remote operation."""

INVOKE, RESULT, FAILURE, LINKED = 1, 2, 3, 5
MDS_CREATED = 0x0D06
SINGLE_POLL, EXTENDED_POLL = 0x0C16, 0xF13B
MDS, NUMERICS, WAVES, ENUMERATIONS, ALERTS = 0x21, 0x06, 0x09, 0x05, 0x36
"""Object classes."""

_HEAD = struct.Struct(">HH")
_OPERATION = struct.Struct(">HHH")
_POLL_TAIL = struct.Struct(">I8xHHH")
_CONTEXT = struct.Struct(">HHH")


class Session(Enum):
    """A message of the association that carries nothing to be read; the value is its first byte."""

    ASKED = 0x0D
    REFUSED = 0x0C
    RELEASE_ASKED = 0x09
    RELEASED = 0x0A
    ABORTED = 0x19


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The association stands.

    Attributes:
        min_poll_period_s: polls may not come closer; the association ends when none comes for a multiple of it.
        poll_options: what may be polled continuously.
    """

    min_poll_period_s: float
    poll_options: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One side asks or tells."""

    invoke_id: int
    command: int
    body: bytes


class Part(Enum):
    """Where in a chain of linked results a result stands."""

    ALONE = 0
    FIRST = 1
    MIDDLE = 2
    LAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An answer. A chain is linked results with rising ``count``, then one that is ALONE."""

    invoke_id: int
    command: int
    body: bytes
    part: Part = Part.ALONE
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What was asked cannot be had."""

    invoke_id: int
    error: int


Message = Accepted | Session | Invocation | Result | Failure
UNTOLD = Accepted(min_poll_period_s=1.0, poll_options=0)
"""What is assumed of an acceptance whose inside cannot be read: the least."""


def message_of(payload: bytes) -> Message:
    """Raises MalformedError or struct.error for what is none."""
    if payload.startswith(DATA_EXPORT):
        return _operation(payload)
    if payload[:1] == b"\x0e":
        return _accepted(payload)
    try:
        return Session(payload[0])
    except (ValueError, IndexError):
        raise MalformedError("session") from None


def _operation(payload: bytes) -> Message:
    kind, length = _HEAD.unpack_from(payload, 4)
    if 8 + length != len(payload):
        raise MalformedError("length")
    at = 10 if kind == LINKED else 8
    invoke_id, command, size = _OPERATION.unpack_from(payload, at)
    body = payload[at + 6 :]
    if size != len(body):
        raise MalformedError("length")
    if kind == INVOKE:
        return Invocation(invoke_id=invoke_id, command=command, body=body)
    if kind == FAILURE:
        return Failure(invoke_id=invoke_id, error=command)
    if kind not in {RESULT, LINKED} or (kind == LINKED and payload[8] not in {1, 2, 3}):
        raise MalformedError("kind of operation")
    part, count = (Part(payload[8]), payload[9]) if kind == LINKED else (Part.ALONE, 0)
    return Result(invoke_id=invoke_id, command=command, body=body, part=part, count=count)


_USER_DATA, _USER_INFO = b"\xbe\x80\x28\x80", b"\x02\x01\x02\x81"
_POLL_PROFILE, _EXTENSION = 1, 0xF001


def _accepted(payload: bytes) -> Accepted:
    """Finds the poll profile in an acceptance, whose outer shell differs between makers' versions."""
    start = payload.find(_USER_INFO, payload.find(_USER_DATA) + 1)
    if _USER_DATA not in payload or start < 0:
        return UNTOLD
    at = start + len(_USER_INFO)
    (size,) = struct.unpack_from("B", payload, at)
    at += 1 if size < 0x80 else 1 + (size & 0x7F)
    _, at = attributes_at(payload, at + 20)
    profiles, _ = attributes_at(payload, at)
    if _POLL_PROFILE not in profiles:
        return UNTOLD
    profile = profiles[_POLL_PROFILE]
    (ticks,) = struct.unpack_from(">I", profile, 4)
    packages, _ = attributes_at(profile, 24)
    (options,) = struct.unpack_from(">I", packages.get(_EXTENSION, bytes(4)))
    return Accepted(min_poll_period_s=ticks / TICKS_PER_S, poll_options=options)


@dataclass(frozen=True, slots=True)
class PolledObject:
    """One object of a poll: its context and handle name it, its attributes tell of it."""

    context: int
    handle: int
    attributes: dict[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What a poll told.

    Attributes:
        number: of the request, repeated.
        ticks: the monitor's RelativeTime.
        object_class: NUMERICS, WAVES, ENUMERATIONS or ALERTS.
    """

    number: int
    ticks: int
    object_class: int
    objects: list[PolledObject] = field(default_factory=list)


def poll_of(body: bytes) -> Poll | None:
    """The poll in the body of a confirmed action's result; None for another action. Raises as all readers do."""
    action, length = _HEAD.unpack_from(body, 6)
    if 10 + length != len(body):
        raise MalformedError("length")
    if action not in {SINGLE_POLL, EXTENDED_POLL}:
        return None
    (number,) = struct.unpack_from(">H", body, 10)
    at = 12 if action == SINGLE_POLL else 14
    ticks, _, object_class, _ = _POLL_TAIL.unpack_from(body, at)
    return Poll(number=number, ticks=ticks, object_class=object_class, objects=_objects(body, at + _POLL_TAIL.size))


def _objects(data: bytes, at: int) -> list[PolledObject]:
    contexts, length = _HEAD.unpack_from(data, at)
    at += 4
    if at + length != len(data):
        raise MalformedError("poll")
    objects: list[PolledObject] = []
    for _ in range(contexts):
        context, count, _ = _CONTEXT.unpack_from(data, at)
        at += _CONTEXT.size
        for _ in range(count):
            (handle,) = struct.unpack_from(">H", data, at)
            found, at = attributes_at(data, at + 2)
            objects.append(PolledObject(context, handle, found))
    if at != len(data):
        raise MalformedError("poll")
    return objects


def operation_bytes(kind: int, invoke_id: int, command: int, body: bytes) -> bytes:
    """An invocation, a result or a failure as sent."""
    inner = _OPERATION.pack(invoke_id, command, len(body)) + body
    return DATA_EXPORT + _HEAD.pack(kind, len(inner)) + inner


def linked_bytes(invoke_id: int, command: int, body: bytes, part: Part, count: int) -> bytes:
    """A linked result as sent."""
    inner = bytes((part.value, count)) + _OPERATION.pack(invoke_id, command, len(body)) + body
    return DATA_EXPORT + _HEAD.pack(LINKED, len(inner)) + inner


def object_bytes(handle: int, attributes: bytes) -> bytes:
    """An object of a poll as sent."""
    return struct.pack(">H", handle) + attributes


def contexts_bytes(contexts: Sequence[tuple[int, Sequence[bytes]]]) -> bytes:
    """The list of contexts with their objects as sent."""
    return counted([struct.pack(">H", context) + counted(objects) for context, objects in contexts])
