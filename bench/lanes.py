"""What eight live 500 Hz lanes cost a frame: the program's own panel, and pyqtgraph's ``setData`` with the same pen, in one run.

    python -m bench.lanes [--frames N] [--runs N]

Prints JSON. CPU is that of the whole process (appending, drawing, painting the window); medians over runs. Works on any Qt
platform; without a screen set ``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

import numpy as np
from PySide6 import __version__ as pyside_version
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QApplication

from bench.report import Figure, Peer, report
from clinical import metrics
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import WaveformBlock, read_only_steps
from widgets.fonts import load_fonts
from widgets.gallery_samples import ecg
from widgets.lane_paper import Mode
from widgets.lane_scale import Scale
from widgets.theme import DAY, Look
from widgets.waveform_lane import LaneSpec, WaveformPanel

LANES, RATE_HZ, WINDOW_S, FRAMES_PER_S = 8, 500.0, 10.0, 60
SIZE = (1920, 1080)
PACKET_S = 0.25
HOW = (
    "Eight lanes of 500 Hz, 10 s across 1920×1080, at 60 frames for each second of samples; CPU of the whole process for taking samples "
    "in, drawing and painting. Beside it in the same run pyqtgraph is handed the whole window of eight plots at each frame, as its own "
    "example of a scrolling plot does. Median of {runs} runs."
)


def made_metrics() -> list[Metric]:
    return [Metric(id=f"BENCH_{n}", code=None, unit=metrics.ECG_II.unit, label=f"{n}", title="", waveform=True) for n in range(LANES)]


def block(metric: Metric, at: Instant) -> WaveformBlock:
    values = ecg(at.monotonic_ns / 1e9 + np.arange(round(RATE_HZ * PACKET_S)) / RATE_HZ)
    return WaveformBlock(
        at=at, metric=metric, rate_hz=RATE_HZ, unit_per_step=0.001, steps=read_only_steps(np.round(values * 1000).astype(np.int16))
    )


def own_panel(rows: list[Metric], mode: Mode) -> WaveformPanel:
    panel = WaveformPanel()
    panel.set_look(Look(DAY))
    panel.set_px_per_mm((SIZE[0] - 70) / WINDOW_S / 25)
    panel.set_mode(mode)
    panel.set_lanes(tuple(LaneSpec(metric=row, title=row.label, mm_per_s=25, scale=Scale(low=-0.4, high=1.4, bar=1)) for row in rows))
    panel.resize(*SIZE)
    panel.show()
    return panel


def own_ms_a_frame(app: QApplication, frames: int, mode: Mode) -> float:
    """CPU milliseconds of a frame; packets are made beforehand, taking them in is counted."""
    rows = made_metrics()
    panel = own_panel(rows, mode)
    start = Instant(10_000_000_000, 0)
    every = round(FRAMES_PER_S * PACKET_S)
    packets = [[block(row, start.plus(n * PACKET_S)) for row in rows] for n in range(48 + frames // every)]
    for packet in packets[:44]:
        for one in packet:
            panel.append(one)
    now = start.plus(44 * PACKET_S)
    panel.advance(now)
    app.processEvents()
    begun = time.process_time()
    for frame in range(frames):
        if frame % every == 0:
            for one in packets[44 + frame // every]:
                panel.append(one)
        panel.advance(now.plus(frame / FRAMES_PER_S))
        app.processEvents()
    spent = time.process_time() - begun
    panel.close()
    return spent * 1000 / frames


def peer_ms_a_frame(app: QApplication, frames: int, *, width: float, antialias: bool) -> float:
    """The whole window handed to pyqtgraph at each frame, as its own example of a scrolling plot does."""
    import pyqtgraph as pg

    pg.setConfigOptions(antialias=antialias, background=DAY.background)
    view = pg.GraphicsLayoutWidget()
    view.resize(*SIZE)
    pen = QPen(QColor(DAY.ecg), width)
    pen.setCosmetic(True)
    count = round(RATE_HZ * WINDOW_S)
    curves = []
    for lane in range(LANES):
        plot = view.addPlot(row=lane, col=0)
        plot.setRange(xRange=(0, count), yRange=(-0.4, 1.4))
        curves.append(plot.plot(pen=pen))
    view.show()
    wave = ecg(np.arange(2 * count) / RATE_HZ)
    app.processEvents()
    begun = time.process_time()
    for frame in range(frames):
        shift = round(frame * RATE_HZ / FRAMES_PER_S) % count
        for curve in curves:
            curve.setData(wave[shift : shift + count])
        app.processEvents()
    spent = time.process_time() - begun
    view.close()
    return spent * 1000 / frames


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    app = QApplication(sys.argv[:1])
    load_fonts()
    few = max(6, chosen.frames // 60)
    sweep, scroll, thick, thin = [], [], [], []
    for _ in range(chosen.runs):
        sweep.append(own_ms_a_frame(app, chosen.frames, Mode.SWEEP))
        scroll.append(own_ms_a_frame(app, chosen.frames // 3, Mode.SCROLL))
        thick.append(peer_ms_a_frame(app, few, width=2, antialias=True))
        thin.append(peer_ms_a_frame(app, 4 * few, width=1, antialias=False))
    ours, same_pen, thin_pen = (statistics.median(values) for values in (sweep, thick, thin))
    what = "eight 500 Hz lanes, 2 px antialiased, a frame"
    peer = Peer(what="pyqtgraph setData, same pen", value=round(same_pen, 2))
    thin_peer = Peer(what="pyqtgraph setData, 1 px", value=round(thin_pen, 2))
    figures = [
        Figure(what=what, value=ours, unit="ms CPU", limit=0.6, peer=peer),
        Figure(what="times cheaper than setData with the same pen", value=same_pen / ours, unit="×", limit=100, at_least=True),
        Figure(
            what="times cheaper than setData with its thin line", value=thin_pen / ours, unit="×", limit=10, at_least=True, peer=thin_peer
        ),
        Figure(what="the same lanes scrolling, a frame", value=statistics.median(scroll), unit="ms CPU"),
    ]
    versions = {"platform": QApplication.platformName(), "pyside": pyside_version}
    report("lanes", HOW.format(runs=chosen.runs), figures, sweep_runs_ms=[round(value, 3) for value in sweep], **versions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
