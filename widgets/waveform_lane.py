"""The panel of waveform lanes: one picture behind all of them, of which each step of time draws only what is new.

Samples come by ``append`` and wait; ``advance`` draws. Cost follows the new samples, not the window. True to millimetres.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor
from types import MappingProxyType
from typing import cast

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import Metric
from clinical.observations import WaveformBlock
from widgets.durations import span
from widgets.lane_ground import Geometry, device_font, paint_ground, paint_header
from widgets.lane_paper import Mode, Paper
from widgets.lane_scale import Scale
from widgets.lane_trace import LaneSpec, LaneTrace, Pens
from widgets.playhead import Playhead
from widgets.sweep_buffer import SweepBuffer
from widgets.theme import Look

MM_PER_INCH = 25.4
PLAUSIBLE_PX_PER_MM = (1.5, 25.0)
"""Screens that report another size report nonsense; then 96 dots an inch are assumed."""
ASSUMED_PX_PER_MM = 96 / MM_PER_INCH
LANES = MappingProxyType(
    {
        spec.metric: spec
        for spec in (
            LaneSpec(
                metric=metrics.ECG_II, title="II", mm_per_s=25, note="1 mV", scale=Scale(low=-0.4, high=1.4, highs=(1.4, 2.8, 5.6), bar=1)
            ),
            LaneSpec(metric=metrics.PLETH, title="Pleth", mm_per_s=25, scale=Scale(low=0, high=1, automatic=True)),
            LaneSpec(
                metric=metrics.CO2,
                title="CO₂",
                mm_per_s=6.25,
                note="mmHg",
                scale=Scale(low=0, high=40, highs=(40, 60, 80, 120, 160), ticks_each=20),
            ),
            LaneSpec(metric=metrics.IMPEDANCE, title="Resp", mm_per_s=6.25, scale=Scale(low=-1, high=1, automatic=True)),
            LaneSpec(
                metric=metrics.ART,
                title="ABP",
                mm_per_s=25,
                note="mmHg",
                scale=Scale(low=0, high=160, highs=(160, 200, 260, 320), ticks_each=40),
            ),
            LaneSpec(
                metric=metrics.CVP, title="CVP", mm_per_s=6.25, note="mmHg", scale=Scale(low=0, high=20, highs=(20, 40, 80), ticks_each=10)
            ),
        )
    }
)
"""The usual lane of each waveform; paper speeds as on monitors: 25 mm/s for the heart, 6.25 mm/s for breathing."""


class WaveformPanel(QWidget):
    """Lanes one under another, each with its own speed and scale, all at the same moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._look = Look()
        self._mode = Mode.SWEEP
        self._px_per_mm: float | None = None
        self._traces: tuple[LaneTrace, ...] = ()
        self._geometries: tuple[Geometry, ...] = ()
        self._notes: dict[Metric, str] = {}
        self._headers: dict[Metric, tuple[str, int]] = {}
        self._playhead = Playhead()
        self._at_ns: float | None = None
        self._buffer: SweepBuffer | None = None
        self.setAccessibleName("Waveforms")

    def set_look(self, look: Look) -> None:
        self._look = look
        self._lay_out_later()

    def set_lanes(self, lanes: tuple[LaneSpec, ...]) -> None:
        """The lanes from the top. A lane that stays keeps its samples."""
        known = {trace.spec.metric: trace for trace in self._traces}
        self._traces = tuple(_kept(known.get(spec.metric), spec) for spec in lanes)
        self._lay_out_later()

    def set_mode(self, mode: Mode) -> None:
        """Sweep behind an erase bar, or scroll."""
        self._mode = mode
        self._lay_out_later()

    def set_px_per_mm(self, px_per_mm: float | None) -> None:
        """Logical pixels in a millimetre, measured by hand; None: what the screen says of itself."""
        self._px_per_mm = px_per_mm
        self._lay_out_later()

    def set_note(self, metric: Metric, text: str) -> None:
        """A few words beside a lane's title ("PI 3.6 %")."""
        self._notes[metric] = text

    def append(self, block: WaveformBlock) -> None:
        """New samples for the lane of their metric; nothing is drawn yet. Blocks without a lane are let pass."""
        for trace in self._traces:
            if trace.spec.metric is block.metric:
                trace.ring.append(block)
                self._playhead.arrived(block.at, block.end)

    def clear(self) -> None:
        """Forget all samples: another case begins, perhaps on another clock."""
        self._traces = tuple(LaneTrace(trace.spec) for trace in self._traces)
        self._playhead = Playhead()
        self._notes.clear()
        self._at_ns = None
        self._lay_out_later()

    @property
    def latency_s(self) -> float:
        """How far behind the newest moment the lanes are drawn."""
        return self._playhead.latency_s

    @property
    def px_per_mm(self) -> float:
        """Logical pixels in a millimetre of this screen."""
        if self._px_per_mm is not None:
            return self._px_per_mm
        told = self.screen().physicalDotsPerInch() / MM_PER_INCH
        low, high = PLAUSIBLE_PX_PER_MM
        return told if low <= told <= high else ASSUMED_PX_PER_MM

    def advance(self, now: Instant) -> None:
        """Draw what became due; ask Qt to show just that."""
        self._at_ns = at_ns = self._playhead.at_ns(now)
        buffer = self._buffer or self._lay_out(at_ns)
        painter = QPainter(buffer.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        touched: dict[tuple[int, int], QRect] = {}
        for trace, geometry in zip(self._traces, self._geometries, strict=True):
            if trace.rescale(now.monotonic_ns / NS_PER_S):
                self._ground(trace, geometry, painter)
                trace.redraw(painter, at_ns)
                self._show(geometry.lane)
            for area in trace.advance(painter, at_ns):
                across = (area.left(), area.width())
                touched[across] = touched[across].united(area) if across in touched else area
            self._header(trace, geometry, painter, at_ns)
        painter.end()
        for area in touched.values():  # lanes of one speed touch the same columns: one strip costs less than eight
            self._show(area)

    def _show(self, area: QRect) -> None:
        ratio = self.devicePixelRatioF()
        if ratio == 1.0:
            self.update(area)
        else:
            left, top = int(area.left() / ratio), int(area.top() / ratio)
            self.update(left, top, int(area.width() / ratio) + 2, int(area.height() / ratio) + 2)

    def _header(self, trace: LaneTrace, geometry: Geometry, painter: QPainter, at_ns: float) -> None:
        silent_s = int(trace.silent_s(at_ns) or 0)
        note = self._notes.get(trace.spec.metric, "")
        if self._headers.get(trace.spec.metric) != (note, silent_s) and self._buffer is not None:
            self._headers[trace.spec.metric] = (note, silent_s)
            self._buffer.restore(geometry.header)
            status = f"no data {span(silent_s)}" if silent_s else ""
            paint_header(painter, trace.spec, geometry, self._look, note=note, status=status)
            self._show(geometry.header)

    def _lay_out_later(self) -> None:
        self._buffer = None
        self.update()

    def _lay_out(self, at_ns: float) -> SweepBuffer:
        """A new buffer with everything the rings still hold."""
        ratio = self.devicePixelRatioF()
        theme = self._look.theme
        buffer = SweepBuffer(ceil(self.width() * ratio), ceil(self.height() * ratio), QColor(theme.background))
        self._buffer = buffer
        self._headers.clear()
        count = max(1, len(self._traces))
        size = (buffer.image.width(), buffer.image.height())
        self._geometries = tuple(Geometry.of(place, count, size, self._look.scale * ratio) for place in range(len(self._traces)))
        painter = QPainter(buffer.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for trace, geometry in zip(self._traces, self._geometries, strict=True):
            trace.lay_out(self._paper(trace.spec, geometry, ratio), self._pens(trace.spec.metric, geometry), buffer)
            self._ground(trace, geometry, painter)
            trace.redraw(painter, at_ns)
            self._header(trace, geometry, painter, at_ns)
        painter.end()
        self.update()
        return buffer

    def _paper(self, spec: LaneSpec, geometry: Geometry, ratio: float) -> Paper:
        speed = spec.mm_per_s * self.px_per_mm * ratio
        bar = max(4, round(24 * self._look.scale * ratio))
        return Paper(area=geometry.plot, px_per_s=speed, epoch_ns=0.0, mode=self._mode, bar=min(bar, geometry.plot.width() // 4))

    def _pens(self, metric: Metric, geometry: Geometry) -> Pens:
        theme = self._look.theme
        line = QPen(theme.parameter(metric), 2 * max(1.0, geometry.scale))
        line.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # two thirds of the cost of round joins, the same to the eye at 2 px
        line.setCapStyle(Qt.PenCapStyle.RoundCap)
        font = device_font(self._look, 16, geometry)
        return Pens(line=line, edge=QPen(QColor(theme.ink_faint), 1), ink=QColor(theme.ink_soft), gap=QColor(theme.background), font=font)

    def _ground(self, trace: LaneTrace, geometry: Geometry, painter: QPainter) -> None:
        buffer = self._buffer
        if buffer is None:
            return
        ground = QPainter(buffer.ground)
        paint_ground(ground, trace, geometry, self._look)
        ground.end()
        theme = self._look.theme
        buffer.hatch(geometry.plot, QColor(theme.background), QColor(theme.gap), geometry.px(9))
        buffer.restore(geometry.lane)
        self._headers.pop(trace.spec.metric, None)
        painter.setPen(Qt.PenStyle.NoPen)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - the name is Qt's
        super().resizeEvent(event)
        self._buffer = None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - the name is Qt's
        buffer = self._buffer or self._lay_out(self._at_ns or 0.0)
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        for area in cast("Iterable[QRect]", event.region()):
            source = _in_device_pixels(area, ratio)
            painter.drawImage(source.topLeft(), buffer.image, source)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.theme.head))
        radius = 4 * self._look.scale * ratio
        for trace in self._traces:
            if trace.dot is not None:
                painter.drawEllipse(QPointF(*trace.dot), radius, radius)
        painter.end()


def _in_device_pixels(area: QRect, ratio: float) -> QRect:
    """The device pixels that an area of logical ones touches."""
    if ratio == 1.0:
        return area
    left, top = floor(area.left() * ratio), floor(area.top() * ratio)
    right, bottom = ceil((area.left() + area.width()) * ratio), ceil((area.top() + area.height()) * ratio)
    return QRect(left, top, right - left, bottom - top)


def _kept(known: LaneTrace | None, spec: LaneSpec) -> LaneTrace:
    fresh = LaneTrace(spec)
    if known is not None:
        fresh.ring = known.ring
    return fresh
