"""Bytes ↔ messages of a MEDIBUS line, with their check sums. Knows no meaning of a code, no dialogue and no clock.

A command is ``ESC code argument check CR``, a response ``SOH code data check CR``; the check is the sum of all bytes before
it, modulo 256, in two upper-case hexadecimal digits. Whole commands may stand inside a response; bytes from 80h on are
realtime data and may stand anywhere; both are outside of the check sum of what they interrupt. The flow characters are the
reverse of XON/XOFF: DC1 suspends, DC3 resumes, so a port must never be opened with that handshake.

Source: Dräger "RS 232 MEDIBUS Protocol Definition" 90 28 258, rev. 4.03.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

ESC, SOH, CR = 0x1B, 0x01, 0x0D
ABORT = 0x18
NAK = 0x15
"""Code of the response to a command whose check sum was wrong."""
LONGEST_COMMAND = 2 + 251 + 2
LONGEST_RESPONSE = 2 + 3845 + 2

_RUNS = re.compile(rb"[\x80-\xff]+|[\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Command:
    code: int
    argument: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    code: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Realtime:
    """A run of bytes from 80h on."""

    data: bytes


class Flow(Enum):
    SUSPEND = 0x11
    RESUME = 0x13


Item = Command | Response | Realtime | Flow

_FLOW = {flow.value: flow for flow in Flow}


def checked(body: bytes) -> bytes:
    """A message around its first bytes: with check sum and end."""
    return body + b"%02X\r" % (sum(body) & 0xFF)


def command(code: int, argument: bytes = b"") -> bytes:
    return checked(bytes((ESC, code)) + argument)


def response(code: int, data: bytes = b"") -> bytes:
    return checked(bytes((SOH, code)) + data)


class Reader:
    """Cuts a line into items.

    Attributes:
        bad: messages that were damaged, cut short or too long, and stretches of stray characters.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._response: bytearray | None = None
        self._command: bytearray | None = None
        self._straying = False

    def feed(self, data: bytes) -> list[Item]:
        found: list[Item] = []
        for run in _RUNS.findall(data):
            if run[0] >= 0x80:
                found.append(Realtime(run))
            else:
                found += [item for item in map(self._take, run) if item is not None]
        return found

    def _take(self, byte: int) -> Item | None:
        if byte == CR:
            return self._end()
        if byte in _FLOW:
            return _FLOW[byte]
        if byte == SOH:
            self._drop_command()
            self._drop_response()
            self._response, self._straying = bytearray((byte,)), False
        elif byte == ESC:
            self._drop_command()
            self._command, self._straying = bytearray((byte,)), False
        elif byte == ABORT:
            self._abort()
        else:
            self._append(byte)
        return None

    def _drop_command(self) -> None:
        self.bad += self._command is not None
        self._command = None

    def _drop_response(self) -> None:
        self.bad += self._response is not None
        self._response = None

    def _abort(self) -> None:
        """The other side takes back what it was saying: no damage."""
        if self._command is not None:
            self._command = None
        else:
            self._response = None

    def _append(self, byte: int) -> None:
        if self._command is not None:
            self._command.append(byte)
            if len(self._command) > LONGEST_COMMAND:
                self._drop_command()
        elif self._response is not None:
            self._response.append(byte)
            if len(self._response) > LONGEST_RESPONSE:
                self._drop_response()
        elif not self._straying:
            self._straying = True
            self.bad += 1

    def _end(self) -> Item | None:
        """What was innermost is whole; a response around a command goes on."""
        if self._command is not None:
            body, self._command = _body(self._command), None
            item: Item | None = None if body is None else Command(body[1], body[2:])
        elif self._response is not None:
            body, self._response = _body(self._response), None
            item = None if body is None else Response(body[1], body[2:])
        else:
            return None
        self.bad += item is None
        return item


def _body(message: bytearray) -> bytes | None:
    """Start, code and text of a message without its CR; None if it is too short or its check sum is wrong."""
    body = bytes(message[:-2])
    return body if len(body) >= 2 and checked(body)[-3:-1] == message[-2:] else None
