"""Every metric from every device: which source of two is shown, and what is known of a metric now. Raises no alarms."""

from __future__ import annotations

from enum import Enum

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity
from clinical.track import Track

TAKE_BACK_AFTER = 2
"""A better source that was away is shown again after so many good readings in a row: a loose contact must not flicker."""


class Standing(Enum):
    """What is known of a metric now."""

    GOOD = "good"
    OFF = "sensor off"
    ABSENT = "absent"  # the device says that it cannot measure this
    SILENT = "no data"
    LINE_DOWN = "link lost"
    AWAITED = "awaited"  # its line has just returned


class Readings:
    """Every track, and of each metric the device that is shown."""

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, Metric, str], Track] = {}
        self._by_metric: dict[Metric, list[Track]] = {}
        self._shown: dict[Metric, str] = {}
        self._order: tuple[str, ...] = ()
        self._down: set[str] = set()

    def use_order(self, source_order: tuple[str, ...]) -> None:
        """Of two devices that deliver one metric the earlier is shown; devices not named come after, as they first appeared."""
        self._order = source_order
        for metric, tracks in self._by_metric.items():
            tracks.sort(key=self._place)
            self._shown.pop(metric, None)
            self._choose(metric)

    def take(self, device: str, numeric: Numeric) -> Track:
        """Notes a numeric that ``reading_of`` has passed; gives its track."""
        key = (device, numeric.metric, numeric.channel)
        track = self._tracks.get(key) or self._begin(key, numeric)
        was_good = track.good and not track.stale
        track.take(numeric)
        if not (was_good and track.good and self._shown.get(numeric.metric) == device):
            self._choose(numeric.metric)
        return track

    def shows(self, track: Track) -> bool:
        """Whether this track's device is the one shown for its metric."""
        return self._shown.get(track.metric) == track.device

    def line(self, at: Instant, device: str, *, down: bool) -> None:
        """A device's line went down (nothing of it counts until it speaks again) or came back."""
        if down == (device in self._down):
            return
        (self._down.add if down else self._down.discard)(device)
        for track in self.tracks_of(device):
            if not down:
                track.await_from(at)
            self._choose(track.metric)

    @property
    def down(self) -> frozenset[str]:
        """Devices whose line is down."""
        return frozenset(self._down)

    def good(self, metric: Metric, channel: str) -> bool:
        """Whether the shown source offers a reading of this channel."""
        return any(self._good(track) for track in self.shown_tracks(metric) if track.latest.channel == channel)

    def tracks_of(self, device: str) -> list[Track]:
        return [track for track in self._tracks.values() if track.device == device]

    def seen(self, metric: Metric) -> Numeric | None:
        """The last reading of this metric from any source, or None if there never was one."""
        seen = [track.last_good for track in self._by_metric.get(metric, ()) if track.last_good is not None]
        return max(seen, key=lambda numeric: numeric.at.monotonic_ns, default=None)

    def tick(self, at: Instant) -> list[Track]:
        """Tracks that have just become stale."""
        now_ns = at.monotonic_ns
        gone = [track for track in self._tracks.values() if now_ns > track.due_ns and not track.stale]
        for track in gone:
            track.stale, track.awaited, track.run = True, False, 0
            self._choose(track.metric)
        return gone

    def shown_tracks(self, metric: Metric) -> list[Track]:
        """The tracks (one a channel) of the device that is shown."""
        device = self._shown.get(metric)
        return [track for track in self._by_metric.get(metric, ()) if track.device == device]

    def standing(self, metric: Metric) -> Standing:
        """The best that any channel of the shown source offers."""
        tracks = self.shown_tracks(metric)
        if any(self._good(track) for track in tracks):
            return Standing.GOOD
        if tracks and tracks[0].device in self._down:
            return Standing.LINE_DOWN
        fresh = [track.latest.validity for track in tracks if not track.stale]
        if any(track.awaited for track in tracks):
            return Standing.AWAITED
        if Validity.INVALID in fresh:
            return Standing.OFF
        return Standing.ABSENT if fresh else Standing.SILENT

    def _begin(self, key: tuple[str, Metric, str], numeric: Numeric) -> Track:
        track = self._tracks[key] = Track(device=key[0], latest=numeric)
        tracks = self._by_metric.setdefault(numeric.metric, [])
        tracks.append(track)
        tracks.sort(key=self._place)
        return track

    def _place(self, track: Track) -> int:
        return self._order.index(track.device) if track.device in self._order else len(self._order)

    def _good(self, track: Track) -> bool:
        return track.good and not track.stale and track.device not in self._down

    def _choose(self, metric: Metric) -> None:
        """Shows the earliest good source; where none is good, the one shown before, so that nothing flickers."""
        tracks = self._by_metric[metric]
        shown = self._shown.get(metric)
        shown_is_good = any(self._good(track) for track in tracks if track.device == shown)
        for track in tracks:
            if track.device == shown and shown_is_good:
                return
            if self._good(track) and (track.run >= TAKE_BACK_AFTER or not shown_is_good):
                self._shown[metric] = track.device
                return
        self._shown.setdefault(metric, tracks[0].device)
