"""A module's numbers ↔ the catalogue: layout of a data packet, scales, what each number is worth. Knows no dialogue.

Source: the UN600 library (MIT). Numbers are taken to be in mmHg, as delivered; another host may have set another unit, which
a reading host is not told. The host is also to set ambient pressure and gas compensation after power-up; this one sets
nothing, and which sense the module's flag about it has is not certain: so CO₂ numbers are questionable at best.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant
from clinical.metrics import CO2_RESP_RATE, ETCO2, FICO2, Metric
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt, doubted
from devices.drivers.capnostat.alerts import STATUS_BYTES, Status, rows_in

DATA = 0x80
"""Command of a data packet."""
INTERVAL_S = 5.0
"""How often a number comes is not documented; in slow breathing it is not more often than this."""
STEPS_PER_MMHG = 100
_ZERO_COUNT = 1000
_SAMPLE_BYTES = 3
STATUS, BREATH, HARDWARE = 1, 5, 7


@dataclass(frozen=True, slots=True)
class Scale:
    metric: Metric
    per_unit: float


NUMBERS = {2: Scale(ETCO2, 10.0), 3: Scale(CO2_RESP_RATE, 1.0), 4: Scale(FICO2, 10.0)}
METRICS = tuple(scale.metric for scale in NUMBERS.values())


@dataclass(frozen=True, slots=True)
class Content:
    """A data packet: its counter, the sample in 1/100 mmHg, and what it carries besides, by its index (0: nothing)."""

    number: int
    sample: int
    index: int = 0
    rest: bytes = b""


def content_of(data: bytes) -> Content | None:
    """None where the packet is too short for what it says it is."""
    if len(data) < _SAMPLE_BYTES:
        return None
    number, high, low, *rest = data
    index, parts = (rest[0], bytes(rest[1:])) if rest else (0, b"")
    if len(parts) < _least(index):
        return None
    return Content(number, high << 7 | low, index, parts)


def _least(index: int) -> int:
    return STATUS_BYTES if index == STATUS else 2 if index in NUMBERS else 0


def status_with(status: Status, told: Content) -> Status:
    """The status after a packet that tells of it."""
    if told.index == STATUS:
        first, second, third, fourth, fifth = told.rest[:STATUS_BYTES]
        return Status((first, second, third, fourth, fifth), status.hardware)
    return Status(status.words, int.from_bytes(told.rest, "big"))


def sample_step(told: Content) -> int:
    """In 1/100 mmHg from zero; fits 16 signed bits."""
    return told.sample - _ZERO_COUNT


_UNCOMPENSATED = Doubt(Validity.QUESTIONABLE, "ambient pressure and gas compensation not known")
_HELD = Doubt(Validity.INVALID, "no breath")
_IMPOSSIBLE = Doubt(Validity.INVALID, "impossible number")


def fault(status: Status) -> Doubt | None:
    """Why there is nothing to measure; None where there is."""
    return next((Doubt(Validity.INVALID, row.text) for _, row in rows_in(status) if row.effect is Validity.INVALID), None)


def numeric(told: Content, status: Status, now: Instant) -> Numeric:
    """The number a packet carries, with its worth."""
    scale = NUMBERS[told.index]
    value = (told.rest[0] << 7 | told.rest[1]) / scale.per_unit
    return doubted(scale.metric, value, _worst(scale.metric, value, status), now, interval_s=INTERVAL_S)


def unusable(doubt: Doubt, now: Instant) -> list[Numeric]:
    """All numbers, while there is nothing to measure."""
    return [doubted(metric, 0.0, doubt, now, interval_s=INTERVAL_S) for metric in METRICS]


def _worst(metric: Metric, value: float, status: Status) -> Doubt | None:
    """A number above zero beside "no breath" is held from the breath before."""
    if (found := fault(status)) is not None:
        return found
    if not metric.low <= value <= metric.high:
        return _IMPOSSIBLE
    if status.no_breath and value:
        return _HELD
    if metric is CO2_RESP_RATE:
        return None
    return next((Doubt(row.effect, row.text) for _, row in rows_in(status) if row.effect), _UNCOMPENSATED)
