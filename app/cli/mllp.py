"""Sends HL7 messages to a listener by MLLP and waits for each to be accepted. Knows nothing of what stands in them."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from app.cli.errors import CommandError

START, END = b"\x0b", b"\x1c\r"
ANSWER_WITHIN_S = 10.0
LONGEST_ANSWER = 1 << 16
_ACCEPTED = (b"AA", b"CA")


def send(place: str, messages: Iterable[bytes]) -> int:
    """How many messages the listener at ``tcp:HOST:PORT`` accepted: all of them. Raises CommandError at the first it does not."""
    host, port = _address(place)
    count = 0
    try:
        with socket.create_connection((host, port), timeout=ANSWER_WITHIN_S) as line:
            for message in messages:
                line.sendall(START + message + END)
                _require_accepted(place, message, _answer(place, line))
                count += 1
    except OSError as error:
        raise CommandError(
            f"{place} failed after {count} messages ({error.strerror or error}): check the listener and send again"
        ) from error
    return count


def _address(place: str) -> tuple[str, int]:
    kind, _, rest = place.partition(":")
    host, _, port = rest.rpartition(":")
    if kind != "tcp" or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"{place!r} is no place to send to: write tcp:HOST:PORT")
    return host.strip("[]"), int(port)


def _answer(place: str, line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(END):
        part = line.recv(4096)
        if not part:
            raise CommandError(f"{place} closed the line without an answer")
        answer += part
        if len(answer) > LONGEST_ANSWER:
            raise CommandError(f"{place} answers with no end: it is no MLLP listener")
    return answer


def _require_accepted(place: str, message: bytes, answer: bytes) -> None:
    fields = next((part.split(b"|") for part in answer.strip(START + END).split(b"\r") if part.startswith(b"MSA")), [])
    number = message.split(b"|", 10)[9]
    if len(fields) < 3 or fields[1] not in _ACCEPTED or fields[2] != number:
        told = b"|".join(fields)[:120].decode(errors="replace") or "no MSA segment"
        raise CommandError(f"{place} did not accept message {number.decode()}: {told}")
