"""A tile of one number (heart rate, saturation, breathing rate, end-tidal CO₂) with its limits and small neighbours.

A new kind of tile is a row of ``TILES``.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.metrics import Metric
from clinical.observations import Numeric
from widgets.reading import Reading, read
from widgets.sheet import BOLD, SEMI, Anchor, Item, Text, cap_height, elided, fitted, width_of
from widgets.tile import Inks, SourceWord, Tile

HUGE_LEFT = 76
"""Where a huge number may begin; left of it stand unit and source."""
SMALL_HUGE = 94
"""Of a huge number on a tile made small, where the source stands over it and its neighbours under it; in the picture's pixels."""
WIDEST = "188"
"""Numbers keep the place of three figures, so that nothing moves when a value grows from 99 to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSpec:
    """What a tile shows.

    Attributes:
        metric: gives title, unit, colour and limits.
        others: metrics that stand for the same number, shown while the first has no live value, in this order.
        beside: small numbers in the lower left corner.
        size: of the number, a name of the type scale.
    """

    metric: Metric
    others: tuple[Metric, ...] = ()
    beside: tuple[Metric, ...] = ()
    size: str = "huge"


HR = TileSpec(metric=metrics.HEART_RATE, others=(metrics.PULSE_RATE,))
SPO2 = TileSpec(metric=metrics.SPO2, beside=(metrics.PULSE_RATE, metrics.PERFUSION_INDEX))
ORIGINS = MappingProxyType({metrics.PULSE_RATE: "SpO₂", metrics.CO2_RESP_RATE: "CO₂", metrics.IMPEDANCE_RESP_RATE: "chest"})
"""What a number that stands for another is counted from."""

RR = TileSpec(metric=metrics.RESP_RATE, others=(metrics.CO2_RESP_RATE, metrics.IMPEDANCE_RESP_RATE), size="large")
ETCO2 = TileSpec(metric=metrics.ETCO2, size="large")
TILES = (HR, SPO2, RR, ETCO2)


class NumericTile(Tile):
    """One number, read from four metres."""

    def __init__(self, spec: TileSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec.metric, spec.metric.label, parent)
        self.spec = spec
        self._numerics: dict[Metric, Numeric] = {}
        self._limits: dict[Metric, AlarmLimit | None] = {}

    @property
    def shows(self) -> tuple[Metric, ...]:
        """The metrics whose numerics this tile wants."""
        return (self.spec.metric, *self.spec.others, *self.spec.beside)

    def clear(self) -> None:
        """Forget every value and the alarm: another case begins."""
        self._numerics.clear()
        self.set_alarm(None)

    @property
    def alarmed_by(self) -> tuple[Metric, ...]:
        """The metrics whose alarms fill this tile: those of its own number, not of what stands beside it."""
        return (self.spec.metric, *self.spec.others)

    def show_numeric(self, numeric: Numeric) -> None:
        """A new value of one of ``shows``; others are let pass."""
        if numeric.metric in self.shows:
            self._numerics[numeric.metric] = numeric
            self.touch()

    def set_limits(self, preset: AlarmPreset) -> None:
        self._limits = {metric: preset.limit_of(metric) for metric in self.alarmed_by}
        super().set_limits(preset)

    def reading(self) -> Reading:
        """The number as it stands at the last ``advance``."""
        return read(self._numerics.get(self.metric_now()), self.now)

    def metric_now(self) -> Metric:
        """The first of the tile's metrics that has a live value; of those that have had one the first; else its own."""
        known = [metric for metric in self.alarmed_by if metric in self._numerics]
        live = (metric for metric in known if read(self._numerics[metric], self.now).live)
        return next(live, known[0] if known else self.spec.metric)

    def limit_now(self) -> AlarmLimit | None:
        return self._limits.get(self.metric_now(), self.limit)

    def heading(self) -> str:
        return self.metric_now().label

    def source_word(self) -> SourceWord:
        """The origin of a number that stands for another, where both are known or are called otherwise; and its source."""
        metric, word = self.metric_now(), super().source_word()
        other = metric is not self.spec.metric
        told = other and (metric.label != self.spec.metric.label or sum(each in self._numerics for each in self.alarmed_by) > 1)
        parts = [ORIGINS.get(metric, "")] if told else []
        return replace(word, text=" · ".join(part for part in (*parts, word.text) if part))

    def source(self, title_base: float, unit_base: float, inks: Inks) -> list[Item]:
        """A huge number reaches up to the title's line: there the words stand under the unit, unless the tile is made small."""
        if self.spec.size != "huge" or self.look.words > 1:
            return super().source(title_base, unit_base, inks)
        px, font = self.look.px, self.look.font("unit", SEMI)
        room, pitch = px(HUGE_LEFT - 2) - px(14), cap_height(font) + px(7)
        words = [word for word in self.source_word().text.split(" · ") if word]
        return [
            Text(px(14), unit_base + line * pitch, elided(word, font, room), font, self.source_ink(inks), room)
            for line, word in enumerate(words, 1)
        ]

    def face(self) -> Hashable:
        return (self.reading(), self._beside(), self.frame_face())

    def _beside(self) -> str:
        parts = [(metric, read(self._numerics[metric], self.now)) for metric in self.spec.beside if metric in self._numerics]
        return "   ".join(f"{metric.label} {reading.text}{'?' if reading.doubtful else ''}" for metric, reading in parts)

    def compose(self) -> list[Item]:
        inks, reading = self.inks(), self.reading()
        note = reading.note or self._beside()
        room = self.width() - self.look.px(14) - self.look.px(90 if self.spec.size == "huge" else 62)
        return [*self.frame(inks), *self._number(reading, inks), *self.limits(inks), *self.note(note, inks, room, brief=reading.brief)]

    def _number(self, reading: Reading, inks: Inks) -> list[Item]:
        px = self.look.px
        size = self.spec.size
        left = px(HUGE_LEFT) if size == "huge" else px(14)
        right = self.width() - (px(84) if size == "huge" else px(58))
        whole = self.look.font_px(SMALL_HUGE, SEMI) if size == "huge" and self.look.words > 1 else self.look.font(size, SEMI)
        font = fitted(WIDEST, whole, right - left)
        high = cap_height(font)
        middle = self.height() / 2 + (0 if size == "huge" else px(8))
        baseline = min(middle + high / 2, self.height() - px(14))
        items: list[Item] = [Text(right, baseline, reading.text, font, inks.number, right - left, Anchor.RIGHT)]
        if reading.doubtful:
            mark = self.look.font_px(34 if size == "huge" else 26, BOLD)
            items.append(Text(right + px(6), baseline - high + cap_height(mark), "?", mark, inks.number, width_of("?", mark)))
        return items
