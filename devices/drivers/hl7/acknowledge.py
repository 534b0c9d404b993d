r"""The one thing that is ever sent: the answer "received" or "not read" to a message, and its exact form.

    MSH|^~\&|BEDSIDE||||20260301080000+0000||ACK^R01^ACK|20260301080000000-7|P|2.6<CR>
    MSA|AA|1914<CR>

It repeats nothing of the sender's but the message's own number, and that only where it is plain text: no sign in it could
begin a field or a segment. Sources: HL7 v2 chapter 2; a Mindray's header asks for it in MSH-15.
"""

from __future__ import annotations

import re
from enum import Enum

from clinical.instant import NS_PER_S, Instant
from devices.drivers.hl7.frames import framed
from devices.drivers.hl7.message import Message


class Verdict(Enum):
    """What is answered."""

    ACCEPTED = "AA"
    REJECTED = "AR"


REASON = {Verdict.ACCEPTED: "", Verdict.REJECTED: "|message type not read"}

NUMBER = r"[\x20-\x7B\x7D\x7E]{1,199}"
VERSION = r"2(?:\.[0-9]){0,2}"
EVENT = r"[A-Z][0-9]{2}"
ANSWER = re.compile(
    (
        rf"\x0bMSH\|\^~\\&\|BEDSIDE\|\|\|\|[0-9]{{14}}\+0000\|\|ACK(?:\^{EVENT}\^ACK)?\|[0-9]{{17}}-[0-9]{{1,9}}\|[PTD]\|{VERSION}\r"
        rf"MSA\|(?:AA\|{NUMBER}|AR\|{NUMBER}\|message type not read)\r\x1c\r"
    ).encode()
)
"""The allow-list: every message that is sent has this form, and no other form is sent."""

_WANTED = {"": True, "AL": True, "NE": False}


def may_send(message: bytes) -> bool:
    """Whether this is one whole answer and nothing else."""
    return ANSWER.fullmatch(message) is not None


def is_wanted(message: Message, verdict: Verdict) -> bool:
    """By MSH-15 and MSH-16: always where neither says anything; else as one of them says (AL, NE, ER on error, SU on success)."""
    conditions = [message.header.component(number, 1).upper() for number in (15, 16)]
    if not any(conditions):
        return True
    by_outcome = {"ER": verdict is Verdict.REJECTED, "SU": verdict is Verdict.ACCEPTED}
    return any(_WANTED.get(condition, by_outcome.get(condition, True)) for condition in conditions if condition)


def answer(message: Message, verdict: Verdict, serial: int, now: Instant) -> bytes | None:
    """The framed answer, numbered ``serial``; None to a message whose number is missing or is no plain text."""
    header = message.header
    number = header.field(10)
    if re.fullmatch(NUMBER, number) is None:
        return None
    event = header.component(9, 2)
    kind = f"ACK^{event}^ACK" if re.fullmatch(EVENT, event) else "ACK"
    version = header.component(12, 1)
    version = version if re.fullmatch(VERSION, version) else "2.6"
    mode = header.component(11, 1)
    mode = mode if mode in {"P", "T", "D"} else "P"
    stamp = digits(now)
    head = f"MSH|^~\\&|BEDSIDE||||{stamp[:14]}+0000||{kind}|{stamp}-{serial % 10**9}|{mode}|{version}"
    return framed(f"{head}\rMSA|{verdict.value}|{number}{REASON[verdict]}\r".encode())


def digits(at: Instant) -> str:
    """A moment in UTC as YYYYMMDDHHMMSS and milliseconds: 17 digits."""
    return re.sub(r"[^0-9]", "", Instant(0, at.utc_ns % (253_402_300_800 * NS_PER_S)).iso())
