"""Which numbers and waveforms arrive, and how often: by what they say of themselves, not by counting. For the forecast of the record."""

from __future__ import annotations

from clinical.observations import Numeric, Observation, WaveformBlock
from storage.forecast import Streams

Key = tuple[str, str, str]
"""Device, metric, channel."""


class StreamsHeard:
    """All that was heard so far; what has fallen silent since is counted on, for it may come back."""

    def __init__(self) -> None:
        self._samples: dict[Key, float] = {}
        self._numbers: dict[Key, float] = {}

    def hear(self, device: str, observation: Observation) -> None:
        match observation:
            case Numeric(metric=metric, channel=channel, interval_s=interval_s) if interval_s > 0:
                self._numbers[device, metric.id, channel] = 1 / interval_s
            case WaveformBlock(metric=metric, channel=channel, rate_hz=rate_hz):
                self._samples[device, metric.id, channel] = rate_hz
            case _:
                pass

    @property
    def streams(self) -> Streams:
        return Streams(samples_a_second=sum(self._samples.values()), numbers_a_second=sum(self._numbers.values()))
