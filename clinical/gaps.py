"""Stretches without data: when a metric, a waveform or a line fell silent, why, and when it returned."""

from __future__ import annotations

from dataclasses import replace

from clinical.instant import Instant
from clinical.messages import Gap

NO_DATA, SENSOR_OFF, LINK_LOST = "no data", "sensor off", "link lost"
LINE = "line"

Key = tuple[str, str, str]
"""Device, what, channel: as in ``Gap``."""


class Gaps:
    """Open gaps, and those that changed since they were last asked for."""

    def __init__(self) -> None:
        self._open: dict[Key, Gap] = {}
        self._changed: list[Gap] = []

    def begin(self, key: Key, reason: str, since: Instant, now: Instant) -> None:
        """Opens a gap from ``since`` on. One that is open for another reason ends now, and the new one follows it."""
        standing = self._open.get(key)
        if standing is not None:
            if standing.reason == reason:
                return
            self.end(key, now)
            since = now
        gap = self._open[key] = Gap(device=key[0], what=key[1], channel=key[2], reason=reason, since=since)
        self._changed.append(gap)

    def end(self, key: Key, until: Instant) -> None:
        """Closes the gap if there is one. An end is never before its beginning."""
        if not self._open:
            return
        gap = self._open.pop(key, None)
        if gap is not None:
            self._changed.append(replace(gap, until=max(until, gap.since)))

    def is_open(self, key: Key) -> bool:
        return key in self._open

    def standing(self) -> tuple[Gap, ...]:
        """The gaps that are open."""
        return tuple(self._open.values())

    def drain(self) -> tuple[Gap, ...]:
        """Gaps that began or ended since the last call."""
        if not self._changed:
            return ()
        changed = tuple(self._changed)
        self._changed.clear()
        return changed
