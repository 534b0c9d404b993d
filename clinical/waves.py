"""Waveforms as they come: the holes between their blocks, their silence, and which of two sources is shown. Looks into no sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinical.gaps import LINK_LOST, NO_DATA, SENSOR_OFF, Gaps, Key
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import Metric
from clinical.observations import Validity, WaveformBlock
from clinical.sources import Source, leader_of

HOLE_S = 0.5
"""Between two blocks less than this is jitter of the line, more is a hole."""

PATIENCE_BLOCKS = 3
LEAST_PATIENCE_S = 1.5
"""A waveform is silent after so many missing blocks, but never sooner than this."""


@dataclass(slots=True, eq=False)
class _Wave:
    """One waveform from one device.

    Attributes:
        end: of its last block.
        due_ns: monotonic; silent beyond this.
        place: of its device in the order of sources.
        appeared: its number among those of its metric.
    """

    key: Key
    place: int
    appeared: int
    end: Instant
    due_ns: int = 0
    valid: bool = True
    silent: bool = False

    def good(self, at: Instant) -> bool:
        return self.valid and at.monotonic_ns <= self.due_ns


class Waves:
    """Every waveform that has come.

    Args:
        gaps: told of holes and silences.
        shown_source: of the metric that leads a waveform, which source is shown: the waveform follows it.
    """

    def __init__(self, gaps: Gaps, shown_source: Callable[[Metric], Source | None]) -> None:
        self._gaps = gaps
        self._shown_source = shown_source
        self._waves: dict[Key, _Wave] = {}
        self._by_metric: dict[Metric, list[_Wave]] = {}
        self._order: tuple[str, ...] = ()

    def use_order(self, source_order: tuple[str, ...]) -> None:
        """As for numerics: the earlier is shown; devices not named come after, as they first appeared."""
        self._order = source_order
        for wave in self._waves.values():
            wave.place = self._place(wave.key[0])

    def take(self, device: str, block: WaveformBlock) -> bool:
        """Notes a block; gives whether it is shown: no better source of its metric is there now.

        The best source is the one whose numbers are shown, so that a number and its waveform come from one sensor.
        """
        key = (device, block.metric.id, block.channel)
        wave = self._waves.get(key) or self._begin(key, block)
        since_end_ns = block.at.monotonic_ns - wave.end.monotonic_ns
        if since_end_ns > HOLE_S * NS_PER_S and not self._gaps.is_open(key):
            self._gaps.begin(key, NO_DATA, wave.end, block.at)
        wave.valid = block.validity is not Validity.INVALID
        if wave.valid:
            self._gaps.end(key, block.at)
        else:
            self._gaps.begin(key, SENSOR_OFF, block.at, block.at)
        self._expect(wave, block)
        return self._shown(wave, block)

    def tick(self, at: Instant, down: frozenset[str]) -> None:
        """Opens the gaps of waveforms that have fallen silent; ``down``: devices whose line is."""
        now_ns = at.monotonic_ns
        for wave in self._waves.values():
            if now_ns > wave.due_ns and not wave.silent:
                wave.silent = True
                self._gaps.begin(wave.key, LINK_LOST if wave.key[0] in down else NO_DATA, wave.end, at)

    def _begin(self, key: Key, block: WaveformBlock) -> _Wave:
        wave = self._waves[key] = _Wave(
            key=key, place=self._place(key[0]), appeared=len(self._by_metric.get(block.metric, ())), end=block.at
        )
        self._by_metric.setdefault(block.metric, []).append(wave)
        return wave

    def _expect(self, wave: _Wave, block: WaveformBlock) -> None:
        wave.end = block.end
        length_ns = wave.end.monotonic_ns - block.at.monotonic_ns
        wave.due_ns = wave.end.monotonic_ns + max(PATIENCE_BLOCKS * length_ns, int(LEAST_PATIENCE_S * NS_PER_S))
        wave.silent = False

    def _shown(self, wave: _Wave, block: WaveformBlock) -> bool:
        rivals = self._by_metric[block.metric]
        if len(rivals) == 1:
            return True
        others = [other for other in rivals if other is not wave and other.good(block.at)]
        if not wave.valid:
            return not others
        leads = self._shown_source(leader_of(block.metric))
        own = self._rank(wave, leads)
        return all(own < self._rank(other, leads) for other in others)

    @staticmethod
    def _rank(wave: _Wave, leads: Source | None) -> tuple[bool, bool, int, int]:
        device, _, channel = wave.key
        led = leads is not None and device == leads.device
        return (not led, leads is None or not led or channel != leads.channel, wave.place, wave.appeared)

    def _place(self, device: str) -> int:
        return self._order.index(device) if device in self._order else len(self._order)
