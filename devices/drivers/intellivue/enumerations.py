"""Enumerations: states that have a word instead of a number (the ECG's rhythm). Counted, and kept in words where known.

The contract has no observation for a word; what is read stands here for whoever asks. Layout and codes as open programs
list them; no recorded bytes prove them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from devices.drivers.intellivue.attributes import MalformedError
from devices.drivers.intellivue.mapping import ENUMERATION, RHYTHM, RHYTHM_VALUES
from devices.drivers.intellivue.messages import PolledObject
from devices.drivers.intellivue.numerics import doubt_of

_VALUE = struct.Struct(">HHHH")
_BY_CODE, _BY_CODE_AND_NUMBER = 1, 4


class EnumerationReader:
    """Reads the enumerations of one association.

    Attributes:
        words: name of the state → its present word, "unknown code 0x…" where it has none here.
        read_count: how many came.
        unmapped: how often each id came that has no name here.
    """

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.unmapped: dict[int, int] = {}
        self.read_count = 0

    def read(self, objects: Sequence[PolledObject]) -> None:
        """Takes the objects of a poll. Raises MalformedError or struct.error."""
        for item in objects:
            if ENUMERATION in item.attributes:
                self._read_one(item.attributes[ENUMERATION])

    def _read_one(self, raw: bytes) -> None:
        physio, state, choice, length = _VALUE.unpack_from(raw)
        if _VALUE.size + length > len(raw):
            raise MalformedError("enumeration")
        self.read_count += 1
        if physio not in RHYTHM:
            self.unmapped[physio] = self.unmapped.get(physio, 0) + 1
        elif choice in {_BY_CODE, _BY_CODE_AND_NUMBER}:
            (code,) = struct.unpack_from(">H", raw, _VALUE.size)
            doubt = doubt_of(state)
            self.words[RHYTHM[physio]] = doubt.reason if doubt else RHYTHM_VALUES.get(code, f"unknown code 0x{code:04X}")
