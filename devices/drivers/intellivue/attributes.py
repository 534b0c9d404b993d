"""The data types of IntelliVue Data Export, big-endian: FLOAT, times, strings, attribute lists, observed values. No meaning.

Every reader raises ``struct.error`` or ``MalformedError`` where bytes are missing; the protocol counts such messages.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

TICKS_PER_S = 8000
"""RelativeTime counts eighths of a millisecond."""

_U16 = struct.Struct(">H")
_PAIR = struct.Struct(">HH")
_OBSERVED = struct.Struct(">HHHI")
_NAN, _NRES, _POSITIVE, _NEGATIVE = 0x7FFFFF, 0x800000, 0x7FFFFE, 0x800002


class MalformedError(ValueError):
    """A message contradicts itself."""


class NotAtThisResolution(float):
    """The FLOAT "NRes" as a number: not a number either, but for another reason."""


NRES = NotAtThisResolution("nan")
_SPECIAL = {_NAN: math.nan, _NRES: NRES, _POSITIVE: math.inf, _NEGATIVE: -math.inf}


def float_of(word: int) -> float:
    """A FLOAT: signed 8-bit exponent of ten, signed 24-bit mantissa; NaN, NRES and the infinities as such."""
    mantissa = word & 0xFFFFFF
    if mantissa in _SPECIAL:
        return _SPECIAL[mantissa]
    exponent = (word >> 24 ^ 0x80) - 0x80
    signed = (mantissa ^ 0x800000) - 0x800000
    return float(signed * 10.0**exponent) if exponent >= 0 else float(signed / 10.0**-exponent)


def float_word(value: float | None, decimals: int = 0) -> int:
    """A number as FLOAT with so many decimals; None as NaN. Raises ValueError where 24 bits do not hold it."""
    if value is None or math.isnan(value):
        return _NAN
    mantissa = round(value * 10.0**decimals)
    if not -_POSITIVE < mantissa < _POSITIVE:
        raise ValueError(f"{value:g} with {decimals} decimals does not fit a FLOAT")
    return (-decimals & 0xFF) << 24 | mantissa & 0xFFFFFF


def _bcd(byte: int) -> int:
    return (byte >> 4) * 10 + (byte & 0xF)


def date_of(raw: bytes) -> datetime | None:
    """An AbsoluteTime (8 bytes, BCD) by the monitor's own clock, which names no zone; None where it is not given or no date."""
    if len(raw) != 8 or any(byte >> 4 > 9 or byte & 0xF > 9 for byte in raw):
        return None
    century, year, month, day, hour, minute, second, hundredth = map(_bcd, raw)
    try:
        return datetime(century * 100 + year, month, day, hour, minute, second, hundredth * 10_000)  # noqa: DTZ001  the monitor tells no zone
    except ValueError:
        return None


def date_bytes(moment: datetime) -> bytes:
    """A date as AbsoluteTime."""
    return bytes.fromhex(moment.strftime("%Y%m%d%H%M%S") + f"{moment.microsecond // 10_000:02d}")


@dataclass(frozen=True, slots=True)
class Observed:
    """A NuObsValue: what, its measurement state, unit and FLOAT."""

    physio: int
    state: int
    unit: int
    word: int


def observed_of(raw: bytes) -> Observed:
    return Observed(*_OBSERVED.unpack_from(raw))


def observed_list(raw: bytes) -> list[Observed]:
    """A compound numeric: count, length, values."""
    count, length = _PAIR.unpack_from(raw)
    if length != count * _OBSERVED.size or length + 4 > len(raw):
        raise MalformedError("compound numeric")
    return [Observed(*fields) for fields in _OBSERVED.iter_unpack(raw[4 : 4 + length])]


def observed_bytes(value: Observed) -> bytes:
    return _OBSERVED.pack(value.physio, value.state, value.unit, value.word)


def attributes_at(data: bytes, at: int) -> tuple[dict[int, bytes], int]:
    """An attribute list and the place after it."""
    count, length = _PAIR.unpack_from(data, at)
    at, end = at + 4, at + 4 + length
    if end > len(data):
        raise MalformedError("attribute list")
    found: dict[int, bytes] = {}
    for _ in range(count):
        name, size = _PAIR.unpack_from(data, at)
        at += 4 + size
        if at > end:
            raise MalformedError("attribute")
        found[name] = data[at - size : at]
    if at != end:
        raise MalformedError("attribute list")
    return found, end


def attribute_bytes(rows: Sequence[tuple[int, bytes]]) -> bytes:
    """An attribute list as sent."""
    body = b"".join(_PAIR.pack(name, len(value)) + value for name, value in rows)
    return _PAIR.pack(len(rows), len(body)) + body


def counted(items: Sequence[bytes]) -> bytes:
    """A list as sent: count, length, items."""
    body = b"".join(items)
    return _PAIR.pack(len(items), len(body)) + body


def items_of(raw: bytes, size: int) -> Iterator[bytes]:
    """The items, ``size`` bytes each, of a list with its count and length."""
    count, length = _PAIR.unpack_from(raw)
    if length != count * size or 4 + length > len(raw):
        raise MalformedError("list")
    return (raw[at : at + size] for at in range(4, 4 + length, size))


def text_of(raw: bytes) -> str:
    """A string of 16-bit characters after its length in bytes; ends at the first zero."""
    (length,) = _U16.unpack_from(raw)
    if 2 + length > len(raw):
        raise MalformedError("string")
    return raw[2 : 2 + length].decode("utf-16-be", "replace").split("\0")[0].strip()


def text_bytes(text: str) -> bytes:
    """A string as sent, ended by a zero character."""
    body = (text + "\0").encode("utf-16-be")
    return _U16.pack(len(body)) + body


def model_of(raw: bytes) -> str:
    """Maker and model, two strings of 8-bit characters, each after its length."""
    words, at = [], 0
    while at + 2 <= len(raw):
        (length,) = _U16.unpack_from(raw, at)
        words.append(raw[at + 2 : at + 2 + length].split(b"\0")[0].decode("latin-1").strip())
        at += 2 + length
    return " ".join(word for word in words if word)


def model_bytes(*words: str) -> bytes:
    """Such strings as sent, each filled to an even length."""
    rows = [word.encode("latin-1") + bytes(2 - len(word) % 2) for word in words]
    return b"".join(_U16.pack(len(row)) + row for row in rows)
