"""Displayed values: the 278-byte subrecords of one record → numerics with their worth. Knows the rules, not the places (mapping.py)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt, doubted
from devices.drivers.dri.alerts import flag_set
from devices.drivers.dri.cuff import CuffClock
from devices.drivers.dri.frames import Subrecord
from devices.drivers.dri.groups import ACTIVE, BASIC, EXISTS, GROUP_HEADER_BYTES, UNION_BYTES, Group, Reading
from devices.drivers.dri.mapping import AMBIENT_PLACE, CO2_AT, GROUPS, INVALID_CODE, NIBP, NO_DATA_FROM, SPECIAL_VALUES
from devices.drivers.dri.requests import INTERVAL_S

SUBRECORD_BYTES = 278
STANDARD_AMBIENT_MMHG = 760.0
_UNION_AT = 4
_CLASS_WORD_AT = 276
_HEADER = struct.Struct("<IH")
_NUMBER = struct.Struct("<h")
_CUFF = struct.Struct("<4h")
_ASSUMED_AMBIENT = Doubt(Validity.QUESTIONABLE, "ambient pressure assumed 760 mmHg")
_NO_MODULE = Doubt(Validity.NOT_AVAILABLE, "no such module")
_NOT_MEASURING = Doubt(Validity.NOT_AVAILABLE, "not measuring")


def union_of(part: Subrecord) -> tuple[int, bytes] | None:
    """(class, its 270 bytes) of a subrecord; None if it is too short. The class stands in the last word, never in the order."""
    if len(part.body) < SUBRECORD_BYTES:
        return None
    word = int.from_bytes(part.body[_CLASS_WORD_AT:SUBRECORD_BYTES], "little")
    return word >> 8 & 0xF, part.body[_UNION_AT : _UNION_AT + UNION_BYTES]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A group as it stands in one record."""

    group: Group
    union: bytes
    status: int
    label: int

    def number(self, place: int) -> int:
        at = self.group.at + GROUP_HEADER_BYTES + _NUMBER.size * place
        value: int = _NUMBER.unpack_from(self.union, at)[0]
        return value

    @property
    def there(self) -> Doubt | None:
        if not self.status >> EXISTS & 1:
            return _NO_MODULE
        return None if self.status >> ACTIVE & 1 else _NOT_MEASURING


def _seen(group: Group, union: bytes) -> _Seen:
    status, label = _HEADER.unpack_from(union, group.at)
    return _Seen(group, union, status, label)


class DisplayedValues:
    """Turns records into numerics; remembers what was there, the ambient pressure and the cuff's time."""

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self.cuff = CuffClock()
        self._interval_s = interval_s
        self._ambient_mmhg: float | None = None
        self._known: dict[tuple[int, int], tuple[Reading, ...]] = {}

    @property
    def ambient_mmhg(self) -> float:
        """The last ambient pressure told, 760 mmHg until then."""
        return STANDARD_AMBIENT_MMHG if self._ambient_mmhg is None else self._ambient_mmhg

    def numerics(self, unions: Mapping[int, bytes], level: int, now: Instant) -> Sequence[Numeric]:
        """What the classes of one record tell, in the order of the tables."""
        if BASIC in unions:
            self._note_ambient(unions[BASIC])
        told = [self._tell(group, unions, level, now) for group in GROUPS if group.subclass in unions]
        cuff = self._tell_cuff(unions[BASIC], now) if BASIC in unions else ()
        return [numeric for numerics in told for numeric in numerics] + list(cuff)

    def _note_ambient(self, union: bytes) -> None:
        number = _NUMBER.unpack_from(union, CO2_AT + GROUP_HEADER_BYTES + _NUMBER.size * AMBIENT_PLACE)[0]
        if union[CO2_AT] >> EXISTS & 1 and number > 0:
            self._ambient_mmhg = number / 10

    def _tell(self, group: Group, unions: Mapping[int, bytes], level: int, now: Instant) -> Iterator[Numeric]:
        seen = _seen(group, unions[group.subclass])
        for reading in self._readings(seen):
            if reading.when_told and (seen.there is not None or seen.number(reading.place) < NO_DATA_FROM):
                continue
            doubt = seen.there or self._doubt(reading, seen, unions, level)
            yield self._numeric(reading, seen, doubt, now)

    def _readings(self, seen: _Seen) -> tuple[Reading, ...]:
        """What the group reads now; of a group that has gone, what it read last."""
        group, key = seen.group, (seen.group.subclass, seen.group.at)
        if group.optional and seen.there is not None:
            return self._known.get(key, ())
        readings = group.readings if group.by_label is None else group.by_label.get(seen.label, ())
        self._known[key] = readings
        return readings

    def _doubt(self, reading: Reading, seen: _Seen, unions: Mapping[int, bytes], level: int) -> Doubt | None:
        """The heaviest objection to a number: what makes it no reading, then what makes it questionable."""
        objections = list(_objections(reading, seen, level))
        lost = next((doubt for doubt in objections if doubt.validity is not Validity.QUESTIONABLE), None)
        code = _code(reading, seen.number(reading.place), unions)
        assumed = _ASSUMED_AMBIENT if reading.of_ambient and self._ambient_mmhg is None else None
        return lost or code or self._implausible(reading, seen) or (objections[0] if objections else assumed)

    def _implausible(self, reading: Reading, seen: _Seen) -> Doubt | None:
        value, metric = self._value(reading, seen), reading.metric
        within = metric.low <= value <= metric.high or value == 0
        return None if within else Doubt(Validity.INVALID, f"{value:g} cannot be a reading")

    def _value(self, reading: Reading, seen: _Seen) -> float:
        number = seen.number(reading.place)
        return number * self.ambient_mmhg / 10_000 if reading.of_ambient else number / reading.divisor

    def _numeric(self, reading: Reading, seen: _Seen, doubt: Doubt | None, now: Instant, measured_at: Instant | None = None) -> Numeric:
        channel = reading.channel or seen.group.channel
        value = self._value(reading, seen)
        return doubted(reading.metric, value, doubt, now, interval_s=self._interval_s, channel=channel, measured_at=measured_at)

    def _tell_cuff(self, union: bytes, now: Instant) -> Iterator[Numeric]:
        seen = _seen(NIBP, union)
        if seen.there is None:
            self.cuff.see(_CUFF.unpack_from(union, NIBP.at + GROUP_HEADER_BYTES), seen.label, now)
        aged = self.cuff.doubt()
        for reading in NIBP.readings:
            doubt = seen.there
            if doubt is None and aged is not None and aged.validity is Validity.ONGOING:
                doubt = aged
            doubt = doubt or _code(reading, seen.number(reading.place), {}) or self._implausible(reading, seen) or aged
            yield self._numeric(reading, seen, doubt, now, self.cuff.measured_at)


def _objections(reading: Reading, seen: _Seen, level: int) -> Iterator[Doubt]:
    judged = reading.judge(seen.status, seen.label, level) if reading.judge else None
    if judged is not None:
        yield judged
    for rule in reading.rules:
        if seen.status & rule.mask == rule.pattern:
            yield rule.doubt


def _code(reading: Reading, number: int, unions: Mapping[int, bytes]) -> Doubt | None:
    """Why a number is a code and no reading: a special value, or a 0 that no status bit vouches for."""
    if number < NO_DATA_FROM:
        return Doubt(Validity.INVALID, SPECIAL_VALUES.get(number, SPECIAL_VALUES[INVALID_CODE]))
    if number == 0 and reading.zero_when is not None and not _vouched(reading, unions):
        return Doubt(Validity.INVALID, "no reading")
    return None


def _vouched(reading: Reading, unions: Mapping[int, bytes]) -> bool:
    return any(flag.subclass in unions and flag_set(unions[flag.subclass], flag) for flag in reading.zero_when or ())
