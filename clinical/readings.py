"""Every metric from every device: which source of two is shown, and what is known of a metric now. Raises no alarms."""

from __future__ import annotations

from enum import Enum

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity
from clinical.sources import LEADER, SIDE_BY_SIDE, Candidate, Source, SourceStanding, choose, leader_of
from clinical.track import Track


class Standing(Enum):
    """What is known of a metric now."""

    GOOD = "good"
    OFF = "sensor off"
    ABSENT = "absent"  # the device says that it cannot measure this
    SILENT = "no data"
    LINE_DOWN = "link lost"
    AWAITED = "awaited"  # its line has just returned


class Readings:
    """Every track, and of each metric the source that is shown."""

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, Metric, str], Track] = {}
        self._by_metric: dict[Metric, dict[Source, list[Track]]] = {}
        self._shown: dict[Metric, Source] = {}
        self._order: tuple[str, ...] = ()
        self._chosen: dict[Metric, tuple[Source, str]] = {}
        self._down: set[str] = set()
        self._touched: dict[Metric, None] = {}
        self._told: dict[Metric, SourceStanding] = {}

    def use_order(self, source_order: tuple[str, ...]) -> None:
        """Of two devices that deliver one metric the earlier is shown; devices not named come after, as they first appeared."""
        self._order = source_order
        self._chosen.clear()
        self._told.clear()
        for metric in self._by_metric:
            self._rank_anew(metric)

    def prefer(self, metric: Metric, source: Source | None, by: str) -> None:
        """The operator puts a source of a metric first, for all that its sensor measures; None: as the case's order has it."""
        leader = leader_of(metric)
        self._chosen.pop(leader, None)
        if source is not None:
            self._chosen[leader] = (source, by)
        for each in (leader, *_FOLLOWERS.get(leader, ())):
            if each in self._by_metric:
                self._rank_anew(each)

    def take(self, device: str, numeric: Numeric) -> Track:
        """Notes a numeric that ``reading_of`` has passed; gives its track."""
        key = (device, numeric.metric, numeric.channel)
        track = self._tracks.get(key) or self._begin(key, numeric)
        was_good = track.good and not track.stale
        track.take(numeric)
        if not (was_good and track.good and self.shows(track)):
            self._choose(numeric.metric)
        return track

    def shows(self, track: Track) -> bool:
        """Whether this track's source is the one shown for its metric."""
        return self._shown.get(track.metric) == track.source

    def shown_source(self, metric: Metric) -> Source | None:
        """The source that is shown; None before any has spoken."""
        return self._shown.get(metric)

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
        """Whether the shown source offers a reading of this place; where channels are rivals, of the metric."""
        return any(
            self._good(track) for track in self.shown_tracks(metric) if metric not in SIDE_BY_SIDE or track.latest.channel == channel
        )

    def tracks_of(self, device: str) -> list[Track]:
        return [track for track in self._tracks.values() if track.device == device]

    def seen(self, metric: Metric) -> Numeric | None:
        """The last reading of this metric from any source, or None if there never was one."""
        seen = [track.last_good for tracks in self._by_metric.get(metric, {}).values() for track in tracks if track.last_good is not None]
        return max(seen, key=lambda numeric: numeric.at.monotonic_ns, default=None)

    def tick(self, at: Instant) -> list[Track]:
        """Tracks that have just become stale."""
        now_ns = at.monotonic_ns
        gone = [track for track in self._tracks.values() if now_ns > track.due_ns and not track.stale]
        for track in gone:
            track.fall_silent()
            self._choose(track.metric)
        return gone

    def shown_tracks(self, metric: Metric) -> list[Track]:
        """The tracks of the source that is shown: one, or one for each place."""
        shown = self._shown.get(metric)
        return [] if shown is None else self._by_metric[metric][shown]

    def standing(self, metric: Metric) -> Standing:
        """The best that the shown source offers."""
        return self._standing_of(self.shown_tracks(metric))

    def standing_of(self, metric: Metric, source: Source) -> Standing:
        """The best that one source of a metric offers. Raises KeyError for a source that has not spoken."""
        return self._standing_of(self._by_metric[metric][source])

    def reason_of(self, metric: Metric, source: Source) -> str:
        """Why the source's latest value is not valid, in the device's words; empty where it is."""
        return next((track.latest.reason for track in self._by_metric[metric][source] if track.latest.reason), "")

    def touched(self) -> tuple[Metric, ...]:
        """Metrics whose sources may stand otherwise than when last asked."""
        if not self._touched:
            return ()
        touched = tuple(self._touched)
        self._touched.clear()
        return touched

    def sources(self, metric: Metric) -> SourceStanding | None:
        """How the sources of a metric stand; None where there are not several."""
        sources = self._by_metric.get(metric, {})
        if len(sources) < 2:
            return None
        chosen, by = self._chosen.get(leader_of(metric), (None, ""))
        ranked = tuple(self._ranked(metric))
        by = by if _distance(ranked[0], chosen) < _OTHER else ""
        return SourceStanding(metric=metric, sources=ranked, shown=self._shown[metric], chosen_by=by)

    def news(self, metric: Metric) -> SourceStanding | None:
        """The same if it stands otherwise than when this was last asked."""
        standing = self.sources(metric)
        if standing is None or self._told.get(metric) == standing:
            return None
        self._told[metric] = standing
        return standing

    def _standing_of(self, tracks: list[Track]) -> Standing:
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
        self._by_metric.setdefault(numeric.metric, {}).setdefault(track.source, []).append(track)
        return track

    def _ranked(self, metric: Metric) -> list[Source]:
        """The first choice first: the operator's, then by the case's order, then as they first appeared."""
        chosen, _ = self._chosen.get(leader_of(metric), (None, ""))
        return sorted(self._by_metric[metric], key=lambda source: (_distance(source, chosen), self._place(source.device)))

    def _place(self, device: str) -> int:
        return self._order.index(device) if device in self._order else len(self._order)

    def _good(self, track: Track) -> bool:
        return track.good and not track.stale and track.device not in self._down

    def _rank_anew(self, metric: Metric) -> None:
        """Another order: the best of it is shown at once."""
        self._shown.pop(metric, None)
        self._choose(metric)

    def _choose(self, metric: Metric) -> None:
        """Settles which source is shown, of this metric and of all that follow it."""
        ranked = self._led(metric) or self._ranked(metric)
        self._shown[metric] = choose([self._candidate(metric, source) for source in ranked], self._shown.get(metric))
        self._touched[metric] = None
        for follower in _FOLLOWERS.get(metric, ()):
            if follower in self._by_metric:
                self._choose(follower)

    def _led(self, metric: Metric) -> list[Source]:
        """Of a metric that follows: the leader's source while that is good, if it measures this too; else none."""
        leader = LEADER.get(metric)
        source = None if leader is None else self._shown.get(leader)
        if leader is None or source is None or self.standing(leader) is not Standing.GOOD:
            return []
        own = [each for each in self._ranked(metric) if each.device == source.device]
        return [each for each in own if each.channel == source.channel] or own

    def _candidate(self, metric: Metric, source: Source) -> Candidate:
        good = [track for track in self._by_metric[metric][source] if self._good(track)]
        return Candidate(source=source, good=bool(good), settled=any(track.settled for track in good))


_FOLLOWERS: dict[Metric, tuple[Metric, ...]] = {
    leader: tuple(follower for follower, led_by in LEADER.items() if led_by is leader) for leader in LEADER.values()
}

_OTHER = 2


def _distance(source: Source, chosen: Source | None) -> int:
    """From what was chosen: 0 for the very source, 1 for one of the chosen device where no channel was named, else ``_OTHER``."""
    if source == chosen:
        return 0
    return 1 if chosen is not None and source.device == chosen.device and not chosen.channel else _OTHER
