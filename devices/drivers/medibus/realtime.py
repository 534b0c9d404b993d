"""Realtime bytes ↔ samples, and what a device says of its realtime streams. Knows no metric, no dialogue and no clock.

``1101ssss`` begins a record and says which of the four streams are in it; ``1100cccc 1100aaaa`` is a sync command with its
argument; two bytes ``10dddddd`` are a value of twelve bits, low six first. Value = low + raw · (high − low) / bins.

Source: Dräger 90 28 258, rev. 4.03, "Realtime data".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinical.observations import MISSING_SAMPLE

STREAMS = 4
"""Streams a sync byte can announce; further ones are announced by sync commands and not asked for here."""
HIGHEST_RAW = 0xFFF
ENTRY_BYTES = 23

_SYNC, _COMMAND, _VALUE = 0xD0, 0xC0, 0x80
_ENABLE_1_TO_4 = 0xC1
_MORE_STREAMS = frozenset({0xC4, 0xC5})
_CORRUPT = 0xCF
_END = b"\xc0\xc0"
_ENTRY = re.compile(rb"([0-9A-F]{2})([ 0-9]{8})([-. 0-9]{5})([-. 0-9]{5})([0-9A-F]{3})")
_ENABLED = re.compile(rb"\xd0\xc1([\xc0-\xcf])\xc0\xc0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One waveform as the device offers it; ``low`` and ``high`` in its own unit, ``interval_us`` between two samples."""

    code: int
    interval_us: int
    low: float
    high: float
    bins: int

    @property
    def rate_hz(self) -> float:
        return 1e6 / self.interval_us

    @property
    def unit_per_step(self) -> float:
        return (self.high - self.low) / self.bins

    def entry(self) -> bytes:
        """As it stands in the reply to a request for the realtime configuration."""
        return f"{self.code:02X}{self.interval_us:8d}{_signed(self.low)}{_signed(self.high)}{self.bins:03X}".encode("ascii")


def _signed(number: float) -> str:
    """Five characters: the sign first, then the digits to the right."""
    return f"{'-' if number < 0 else ' '}{abs(number):4g}"


def streams_in(data: bytes) -> tuple[list[Stream], int]:
    """The streams a device offers, and how many entries could not be read."""
    found = [_stream(data[at : at + ENTRY_BYTES]) for at in range(0, len(data), ENTRY_BYTES)]
    return [stream for stream in found if stream is not None], found.count(None)


def _stream(entry: bytes) -> Stream | None:
    match = _ENTRY.fullmatch(entry)
    if match is None:
        return None
    code, interval, low, high, bins = match.groups()
    try:
        interval_us = int(interval)
        ends = [float(end.replace(b" ", b"")) for end in (low, high)]
    except ValueError:
        return None
    if interval_us < 1 or ends[0] >= ends[1] or not int(bins, 16):
        return None
    return Stream(code=int(code, 16), interval_us=interval_us, low=ends[0], high=ends[1], bins=int(bins, 16))


def enable(count: int) -> bytes:
    """Asks for the first ``count`` configured streams, one to four. It is not acknowledged."""
    return bytes((_SYNC, _ENABLE_1_TO_4, _COMMAND | (1 << count) - 1)) + _END


def enabled_in(data: bytes) -> int | None:
    """The bits of the streams that a host asks for by the last enabling in its realtime bytes; None if there is none."""
    found = _ENABLED.findall(data)
    return found[-1][0] & 0xF if found else None


def record(values: Mapping[int, int]) -> bytes:
    """A record of raw values by stream, 0 to 3."""
    body = b"".join(bytes((_VALUE | values[stream] & 0x3F, _VALUE | values[stream] >> 6)) for stream in sorted(values))
    return bytes((_SYNC | sum(1 << stream for stream in values),)) + body


class SampleReader:
    """Reads records of the streams that were asked for, in their order.

    Attributes:
        bad: records that were cut short or declared corrupt, and stretches of bytes outside of any.
    """

    def __init__(self, streams: Sequence[Stream] = ()) -> None:
        self.bad = 0
        self._streams = tuple(streams)
        self._samples: list[list[int]] = [[] for _ in self._streams]
        self._wanted: list[int] = []
        self._values: list[int] = []
        self._low: int | None = None
        self._command: int | None = None
        self._lost = True

    def feed(self, data: bytes) -> list[list[int]]:
        """New samples of each stream, as steps; MISSING_SAMPLE for each of a damaged record."""
        for byte in data:
            if byte >= 0xE0:
                self._lose()
            elif byte >= _SYNC:
                self._begin(byte & 0xF)
            elif byte >= _COMMAND:
                self._take_command(byte)
            else:
                self._take_half(byte & 0x3F)
        told, self._samples = self._samples, [[] for _ in self._streams]
        return told

    def _begin(self, present: int) -> None:
        if self._wanted or self._command is not None:
            self._lose()
        self._wanted = [stream for stream in range(STREAMS) if present >> stream & 1]
        self._values, self._low, self._command, self._lost = [], None, None, False

    def _take_command(self, byte: int) -> None:
        if self._command is None:
            self._command = byte
            return
        command, self._command = self._command, None
        if command == _CORRUPT:
            self._lose()
        elif command in _MORE_STREAMS and not self._lost:
            first = STREAMS * (1 + command - min(_MORE_STREAMS))
            self._wanted += [first + stream for stream in range(STREAMS) if byte >> stream & 1]

    def _take_half(self, bits: int) -> None:
        if len(self._values) >= len(self._wanted):
            self._lose()
        elif self._low is None:
            self._low = bits
        else:
            self._values.append(self._low | bits << 6)
            self._low = None
            if len(self._values) == len(self._wanted):
                self._keep(self._values)

    def _lose(self) -> None:
        """What was being read is damaged; said once until the next record begins."""
        if not self._lost:
            self.bad += 1
            if self._wanted:
                self._keep([HIGHEST_RAW + 1] * len(self._wanted))
        self._lost = True

    def _keep(self, values: Sequence[int]) -> None:
        for stream, value in zip(self._wanted, values, strict=True):
            if stream < len(self._streams):
                self._samples[stream].append(value if value <= self._streams[stream].bins else MISSING_SAMPLE)
        self._wanted, self._values = [], []
