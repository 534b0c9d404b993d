"""How much room a case will take, from what its devices send. Knows no disk and no device."""

from __future__ import annotations

from dataclasses import dataclass

BYTES_A_SAMPLE = 1.8
"""With its share of the overviews; measured 1.3 on simulated waveforms, and noise is kept worse."""
BYTES_A_NUMBER = 110
"""A row of ``numerics`` with its share of the index, of the seals and of the arrivals; measured 99."""
BYTES_A_SECOND = 220
"""Everything else: pump and dose reports, alarms, entries, seals."""
USUAL_HOURS = 8.0
"""Of a case whose order names no end."""
SPARE_BYTES = 600_000_000
"""Left over for the log, a backup under way and the refusal of new cases (``disk.py``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """What arrives in a second: samples of all waveforms, and numbers of all sources."""

    samples_a_second: float
    numbers_a_second: float

    def bytes_in(self, seconds: float) -> int:
        """About what is kept of so long a stretch, rather more than less."""
        a_second = self.samples_a_second * BYTES_A_SAMPLE + self.numbers_a_second * BYTES_A_NUMBER + BYTES_A_SECOND
        return round(a_second * max(0.0, seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A case's need beside what there is; ``free_bytes`` is None where a server looks after its own disk."""

    hours: float
    needed_bytes: int
    free_bytes: int | None

    @property
    def suffices(self) -> bool:
        return self.free_bytes is None or self.free_bytes - SPARE_BYTES >= self.needed_bytes

    @property
    def told(self) -> str:
        need = f"The record needs about {_size(self.needed_bytes)} for {self.hours:.1f} h"
        if self.free_bytes is None:
            return f"{need}; it is kept on a server."
        if self.suffices:
            return f"{need}; {_size(self.free_bytes)} are free."
        spare = f"{_size(SPARE_BYTES)} of it must stay free"
        return f"{need}, and only {_size(self.free_bytes)} are free ({spare}). Free some space."


def budget(streams: Streams, hours: float | None, free_bytes: int | None, *, elapsed_s: float = 0.0) -> Budget:
    """Of the time that is left of a case planned for so many hours; None: of the usual length."""
    left_s = max(0.0, (hours or USUAL_HOURS) * 3600 - elapsed_s)
    return Budget(hours=left_s / 3600, needed_bytes=streams.bytes_in(left_s), free_bytes=free_bytes)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(count / 1e6, 1):.0f} MB"
