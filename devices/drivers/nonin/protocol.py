"""The host's side of a Nonin line: finds the data format, listens, sends nothing. Knows no bit and no slot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import Observation
from devices.drivers.nonin.detection import Detector
from devices.drivers.nonin.frames import PLETH_LAYOUTS, SLOW_LENGTHS, DataFormat
from devices.drivers.nonin.readers import PlethReader, SlowReader, SpotReader
from devices.drivers.nonin.streams import PlethStream, SlowStream, SpotStream


@dataclass(frozen=True, slots=True)
class _Ear:
    """What hears one data format; ``hear`` gives what the bytes told."""

    reader: PlethReader | SlowReader | SpotReader
    stream: PlethStream | SlowStream | SpotStream
    hear: Callable[[bytes, Instant], list[Observation]]


def _ear(form: DataFormat, *, persistent: bool) -> _Ear:
    """A reader and a stream for one format."""
    if form in PLETH_LAYOUTS:
        pleth, waves = PlethReader(PLETH_LAYOUTS[form], persistent=persistent), PlethStream(PLETH_LAYOUTS[form])
        return _Ear(pleth, waves, lambda data, now: waves.take(pleth.feed(data), now))
    if form in SLOW_LENGTHS:
        slow, values = SlowReader(SLOW_LENGTHS[form], persistent=persistent), SlowStream(form)
        return _Ear(slow, values, lambda data, now: values.take(slow.feed(data), now))
    spot, readings = SpotReader(persistent=persistent), SpotStream()
    return _Ear(spot, readings, lambda data, now: readings.take(spot.feed(data), now))


class NoninProtocol:
    """Listens. A variant ("df2", "df8", …) fixes the format; without one it is found, and sought anew if it proves wrong.

    Raises ValueError for a variant that is none of the formats.
    """

    due: Instant | None = None
    """There is never anything to say."""

    def __init__(self, variant: str = "") -> None:
        self._fixed = DataFormat(variant) if variant else None
        self._form = self._fixed
        self._ear = _ear(self._fixed, persistent=True) if self._fixed else None
        self._detector = Detector()
        self._bad_before = 0

    @property
    def bad_frames(self) -> int:
        return self._bad_before + self._detector.bad + (self._ear.reader.bad if self._ear else 0)

    @property
    def identity(self) -> str:
        """Format and firmware revision: all that a Nonin tells of itself."""
        if self._form is None or self._ear is None:
            return ""
        revision = self._ear.stream.revision
        firmware = "" if revision is None else f", firmware {revision}"
        return f"Nonin (data format {self._form.value.removeprefix('df')}{firmware})"

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told: list[Observation] = []
        rest: bytes | None = data
        while rest is not None:
            rest = self._hear(rest, told, now) if self._ear else self._detect(rest)
        return told

    def outgoing(self, now: Instant) -> Sequence[bytes]:  # noqa: ARG002  the contract's argument; nothing is ever sent
        return ()

    def _detect(self, data: bytes) -> bytes | None:
        """The bytes to begin listening with, once a format has shown itself."""
        found = self._detector.feed(data)
        if found is None:
            return None
        self._form, begun = found
        self._ear = _ear(self._form, persistent=False)
        return begun

    def _hear(self, data: bytes, told: list[Observation], now: Instant) -> bytes | None:
        """Listens in the present format; the bytes it could not use, if it was the wrong one."""
        ear = self._ear
        if ear is None:
            return data
        told += ear.hear(data, now)
        if not ear.reader.gave_up:
            return None
        self._bad_before += ear.reader.bad
        self._ear = self._form = None
        return ear.reader.rest()
