"""Looking back into a very long case: 8 × 500 Hz over 100 hours, from the first picture to the smallest span; pyqtgraph beside it.

    python -m bench.history [--hours 100] [--peer-minutes 30] [--runs 5] [--folder DIR]

Prints one JSON object. Times are wall times of what stands between a wish and its picture: reading, unpacking and drawing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert, text
from sqlalchemy.engine import Connection

import app as program  # noqa: F401 - keeps memory as the program does
from bench.recorder import CHANNELS, RATE_HZ, START, WAVE, case_start
from bench.report import Figure, Peer, percentile, report
from clinical.instant import NS_PER_S
from clinical.observations import WaveformBlock, read_only_steps
from storage.cases import open_case
from storage.compaction import Compactor
from storage.engine import parse_url, writing_engine
from storage.envelopes import Envelopes
from storage.recorder import Recorder
from storage.schema import WAVEFORM_CHANNELS, WAVEFORMS
from storage.waveform_blob import pack
from widgets.gallery_samples import ecg
from widgets.history.lane_raster import rasterised

HOW = (
    "{hours} h of 8 × 500 Hz in one SQLite file: beats of the drawn ECG at eight phases, noise of two steps (of 5 µV) on each, seconds put "
    "together to minutes as the recorder does it. A picture is 8 lanes of 1,900 × 90 pixels, read from the file and drawn. Panned by a "
    "tenth of the span and jumped at random, 30 times at each of 14 spans from 2 s to the whole. pyqtgraph (autoDownsample by peaks, "
    "clipToView, the samples in memory) shows {minutes} min of the same lanes. Median of {runs} runs, but for p99 and memory."
)
COLUMNS, HEIGHT = 1900, 90
SPANS_S = (2, 6, 10, 30, 60, 200, 236, 240, 600, 1800, 7200, 36_000, 120_000, 360_000)
STEPS_PER_MV = 200
PLACES = 30


def samples_of_minutes(count: int) -> list[NDArray[np.int16]]:
    """Minutes that differ, each int16 of shape (channels, samples)."""
    random = np.random.default_rng(11)
    seconds = np.arange(60 * RATE_HZ) / RATE_HZ
    return [
        np.stack([_lead(seconds + 0.13 * channel) + random.normal(0, 2, len(seconds)) for channel in range(CHANNELS)])
        .round()
        .astype(np.int16)
        for _ in range(count)
    ]


def _lead(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(ecg(seconds) * STEPS_PER_MV)


def make_case(path: Path, hours: float) -> float:
    """A case in a new file; gives bytes a sample of all that waveforms take in it, free pages left out."""
    address = f"sqlite:///{path}"
    recorder = Recorder(address)
    recorder.open()
    recorder.keep(case_start())
    recorder.commit()
    recorder.close()
    periods_ns = dict.fromkeys(range(CHANNELS), NS_PER_S / RATE_HZ)
    minutes, compactor = samples_of_minutes(5), Compactor(1, lambda: periods_ns, fresh=True)
    with writing_engine(parse_url(address)).connect() as connection:
        with connection.begin():
            before = _bytes_in_use(connection)
            rows = [_channel(number) for number in range(CHANNELS)]
            connection.execute(insert(WAVEFORM_CHANNELS), rows)
        for batch in range(-(-round(hours * 60) // 20)):
            with connection.begin():
                for minute in range(batch * 20, min(batch * 20 + 20, round(hours * 60))):
                    row = _row(minute, minutes[minute % len(minutes)])
                    connection.execute(insert(WAVEFORMS), [row])
                    compactor.add([(row["at_utc_ns"], row["at_mono_ns"], row["until_mono_ns"], row["blob"])])
                    if compactor.is_behind() and compactor.prepare(wholly=True):
                        compactor.write(connection)
        with connection.begin():
            compactor.finish(connection)
            return (_bytes_in_use(connection) - before) / (hours * 3600 * CHANNELS * RATE_HZ)


def _bytes_in_use(connection: Connection) -> int:
    pages, free, size = (connection.execute(text(f"PRAGMA {what}")).scalar_one() for what in ("page_count", "freelist_count", "page_size"))
    return int((pages - free) * size)


def _channel(number: int) -> dict[str, object]:
    scale = {"rate_hz": RATE_HZ, "unit_per_step": 1 / STEPS_PER_MV, "unit_at_zero": 0.0}
    return {"case_id": 1, "number": number, "device": "monitor", "metric": WAVE.id, "channel": str(number), **scale}


def _row(minute: int, samples: NDArray[np.int16]) -> dict[str, Any]:
    at = START.plus(60 * minute)
    blocks = [WaveformBlock(at=at, metric=WAVE, rate_hz=RATE_HZ, steps=read_only_steps(one), unit_per_step=0.005) for one in samples]
    packed = pack(enumerate(blocks))
    moments = {"at_utc_ns": packed.at_utc_ns, "at_mono_ns": packed.at_mono_ns, "until_mono_ns": packed.until_mono_ns}
    return {"case_id": 1, **moments, "blob": packed.blob}


def picture(envelopes: Envelopes, since_s: float, span_s: float) -> None:
    """Reads and draws one stretch."""
    since = START.plus(since_s)
    for found in envelopes.read(since, since.plus(span_s), COLUMNS):
        rasterised(found.lows, found.highs, HEIGHT, (-1.0, 2.0))


def first_picture(address: str, seconds: float) -> None:
    with open_case(address, 1) as history:
        picture(Envelopes(history), 0, seconds)


def looks(address: str, seconds: float) -> Iterator[tuple[float, float]]:
    """Span and milliseconds of each look."""
    random = np.random.default_rng(5)
    with open_case(address, 1) as history:
        envelopes = Envelopes(history)
        for span_s in (span for span in SPANS_S if span <= seconds):
            since_s = 0.0
            for place in range(PLACES):
                since_s = random.uniform(0, seconds - span_s) if place % 10 == 0 else min(since_s + span_s / 10, seconds - span_s)
                yield span_s, timed(lambda since_s=since_s, span_s=span_s: picture(envelopes, since_s, span_s))


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def memory_mb() -> float:
    """Resident now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peer(app: QApplication, minutes: int) -> tuple[float, float, float]:
    """pyqtgraph's own way: milliseconds to the first picture, p99 of a pan, and megabytes."""
    import pyqtgraph as pg

    before = memory_mb()
    made = samples_of_minutes(1)[0]
    data = [np.tile(one, minutes).astype(np.float64) / STEPS_PER_MV for one in made]
    begun = time.perf_counter()
    view = pg.GraphicsLayoutWidget()
    view.resize(COLUMNS, CHANNELS * HEIGHT)
    plots = [view.addPlot(row=row, col=0) for row in range(CHANNELS)]
    for plot, values in zip(plots, data, strict=True):
        curve = plot.plot(values, skipFiniteCheck=True)
        plot.setYRange(-1, 2)
        plot.setXRange(0, len(values))
        curve.setDownsampling(auto=True, method="peak")
        curve.setClipToView(True)
    view.show()
    view.grab()
    first = (time.perf_counter() - begun) * 1e3
    pans = [timed(lambda place=place: _pan(app, view, plots, place, len(data[0]))) for place in range(20)]
    used = memory_mb() - before
    view.close()
    return first, percentile(pans, 99), used


def _pan(app: QApplication, view: object, plots: list[object], place: int, length: int) -> None:
    for plot in plots:
        plot.setXRange(place * length / 40, length / 2 + place * length / 40, padding=0)  # type: ignore[attr-defined]
    app.processEvents()
    view.grab()  # type: ignore[attr-defined]


def reading(address: str, hours: float, runs: int) -> tuple[float, float]:
    """Milliseconds for 10 minutes of all channels from the middle, and for 10 hours of one; in the device's own steps."""
    with open_case(address, 1) as history:
        middle, channel = START.plus(hours * 1800), history.waveform_channels()[3]
        until = START.plus(min(hours, 10) * 3600)
        ten = [timed(lambda: list(history.segments(middle, middle.plus(600)))) for _ in range(runs)]
        one = [timed(lambda: history.steps(channel, START, until)) for _ in range(runs)]
    return statistics.median(ten), statistics.median(one)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hours", type=float, default=100)
    parser.add_argument("--peer-minutes", type=int, default=30)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to be measured")
    chosen = parser.parse_args()
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        path = Path(folder) / "long.sqlite"
        size = make_case(path, chosen.hours)
        address, seconds = f"sqlite:///{path}", chosen.hours * 3600
        first_picture(address, seconds)  # what is imported at its first use is no part of opening a case
        idle = memory_mb()
        first = statistics.median(timed(lambda: first_picture(address, seconds)) for _ in range(chosen.runs))
        looked = list(looks(address, seconds))
        used = memory_mb()
        ten, one = reading(address, chosen.hours, chosen.runs)
    spans = {f"{span:g} s": round(percentile([ms for at, ms in looked if at == span], 99), 2) for span in dict(looked)}
    theirs = peer(app, chosen.peer_minutes)
    of_peer = f"pyqtgraph, {chosen.peer_minutes} min"
    figures = [
        Figure(what="waveforms with overviews, bytes a sample", value=size, unit="B", limit=0.65),
        Figure(what=f"{chosen.hours:g} h, first picture", value=first, unit="ms", limit=100, peer=Peer(what=of_peer, value=theirs[0])),
        Figure(what="pan and zoom at every span, p99", value=percentile([ms for _, ms in looked], 99), unit="ms", limit=10,
               peer=Peer(what=of_peer, value=theirs[1])),
        Figure(what="pan and zoom, p99 of the worst span", value=max(spans.values()), unit="ms"),
        Figure(what="memory of the whole process", value=used, unit="MB", limit=250, peer=Peer(what=of_peer, value=theirs[2])),
        Figure(what="10 min of 8 channels from the middle", value=ten, unit="ms", limit=12),
        Figure(what=f"{min(chosen.hours, 10):g} h of one channel", value=one, unit="ms", limit=80),
    ]  # fmt: skip
    how = HOW.format(hours=f"{chosen.hours:g}", minutes=chosen.peer_minutes, runs=chosen.runs)
    report("history", how, figures, p99_ms_by_span=spans, memory_before_mb=round(idle), platform=QApplication.platformName())
    return 0


if __name__ == "__main__":
    sys.exit(main())
