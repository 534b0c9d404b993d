"""The latest value of every metric from every device: its worth, its age, and which source of two is shown. Raises no alarms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity

STALE_AFTER_INTERVALS = 3.0
LEAST_PATIENCE_S = 1.0
"""A value is stale after three missing intervals, but never sooner than this."""

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


def reading_of(numeric: Numeric) -> Numeric:
    """The numeric, or the same marked INVALID where its number cannot be a reading (out of range, a probe-off zero)."""
    value = numeric.value
    if value is None:
        return numeric
    metric = numeric.metric
    if metric.low < value <= metric.high or (value == metric.low and (metric.zero_is_a_reading or value != 0)):
        return numeric
    return replace(numeric, value=None, validity=Validity.INVALID, reason=f"{value:g} is no reading")


@dataclass(slots=True, eq=False)
class Track:
    """One metric from one channel of one device.

    Attributes:
        latest: the last that came.
        last_good: the last that was a reading.
        good: the last word on its worth was that it is a reading (a cuff inflating says nothing on that).
        run: readings in a row.
        due_ns: monotonic; silent beyond this it is stale.
        stale: it is.
        awaited: its line has returned, and nothing has come on it yet.
    """

    device: str
    latest: Numeric
    last_good: Numeric | None = None
    good: bool = False
    run: int = 0
    due_ns: int = 0
    stale: bool = False
    awaited: bool = False

    @property
    def metric(self) -> Metric:
        return self.latest.metric

    def take(self, numeric: Numeric) -> None:
        """Notes a new value."""
        self.latest = numeric
        self.awaited = False
        self._expect(numeric.at)
        if numeric.validity is Validity.ONGOING:
            return
        self.good = numeric.value is not None
        if self.good:
            self.last_good = numeric
            self.run += 1
        else:
            self.run = 0

    def await_from(self, at: Instant) -> None:
        """Its line has returned: what was known is not believed, and a new value is waited for as long as ever."""
        self.good, self.run, self.awaited = False, 0, True
        self._expect(at)

    def _expect(self, at: Instant) -> None:
        self.stale = False
        patience_s = max(STALE_AFTER_INTERVALS * self.latest.interval_s, LEAST_PATIENCE_S)
        self.due_ns = at.monotonic_ns + int(patience_s * NS_PER_S)


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
