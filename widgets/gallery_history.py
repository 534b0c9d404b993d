"""Invented values of the history page for the gallery, and nothing but that."""

from __future__ import annotations

import numpy as np

from clinical import metrics
from clinical.metrics import Metric
from clinical.observations import Priority
from widgets.gallery_samples import NOW, ecg
from widgets.history.case_view import CaseView, LimitStretch, Mark, MarkKind, TrendLine, WaveColumns
from widgets.history.history_page import HistoryPage

LENGTH_S = 4 * 3600.0


def invented_case() -> CaseView:
    """Four hours with everything that can be seen in one."""
    seconds = np.arange(0, LENGTH_S, 2.0)
    cuffs = np.arange(60, LENGTH_S, 900.0)
    slow = np.sin(seconds / 900)
    spo2 = np.where(np.abs(seconds - 6000) < 90, 88.0, 97 + slow.round())
    spo2[(seconds > 9000) & (seconds < 9200)] = np.nan
    return CaseView(
        title="M. K., day 3, CRPS right hand, 12:05",
        started=NOW.plus(-LENGTH_S),
        utc_offset_min=60,
        length_s=LENGTH_S,
        simulated=True,
        trends=(
            _line(metrics.HEART_RATE, seconds, 74 + seconds / 900 + 3 * slow),
            _line(metrics.SPO2, seconds, spo2),
            _line(metrics.RESP_RATE, seconds, 14 + 2 * slow),
            _line(metrics.NIBP_SYS, cuffs, 128 + cuffs / 450),
            _line(metrics.NIBP_DIA, cuffs, 78 + cuffs / 900),
        ),
        doses=np.array([(600.0, 10.0), (2400.0, 15.0), (4800.0, 20.0), (7200.0, 25.0), (9600.0, 30.0)]),
        marks=(
            Mark(at_s=600, kind=MarkKind.STEP, title="10 mg/h"),
            Mark(at_s=1500, kind=MarkKind.ROUND, title="pain 7"),
            Mark(at_s=2400, kind=MarkKind.STEP, title="15 mg/h"),
            Mark(at_s=5910, kind=MarkKind.ALARM, title="SpO₂ 88 < 90, 3 min", until_s=6090, priority=Priority.HIGH),
            Mark(at_s=8000, kind=MarkKind.EVENT, title="ondansetron 4 mg IV"),
            Mark(at_s=9600, kind=MarkKind.STEP, title="30 mg/h"),
        ),
        gaps=((9000.0, 9200.0),),
        limits=(LimitStretch(metric=metrics.SPO2, since_s=0, until_s=LENGTH_S, value=90.0),),
    )


def _line(metric: Metric, seconds: np.ndarray[tuple[int, ...], np.dtype[np.float64]], values: object) -> TrendLine:
    return TrendLine(metric=metric, channel="", seconds=seconds, values=np.asarray(values, np.float64))


def invented_waves(columns: int) -> tuple[WaveColumns, ...]:
    """Six seconds of a beat and of a pleth."""
    seconds = np.arange(columns) * 6 / columns
    return tuple(
        WaveColumns(metric=metric, title=metric.label, lows=values.astype(np.float32), highs=values.astype(np.float32))
        for metric, values in ((metrics.ECG_II, ecg(seconds)), (metrics.PLETH, np.sin(seconds * 7) ** 3))
    )


def history_page(*, compared: bool = False) -> HistoryPage:
    """The page in the middle of a look: two cursors, waveforms below."""
    page = HistoryPage(stored=compared)
    page.resize(1900, 756)
    page.set_case(invented_case())
    if compared:
        page.set_compared(invented_case())
    page.views[0].set_cursor("A", 5000.0)
    page.views[0].set_cursor("B", 6000.0)
    page.looked.connect(lambda place, span, columns: page.set_waves(place, span, invented_waves(columns)))
    return page
