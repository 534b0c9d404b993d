"""Which waveforms have a lane: those that come, in a fixed order, from the usual three at the start."""

from __future__ import annotations

from clinical import metrics
from clinical.metrics import Metric
from clinical.observations import WaveformBlock
from widgets.waveform_lane import LANES, WaveformPanel

USUAL = (metrics.ECG_II, metrics.PLETH, metrics.CO2)
ORDER = (metrics.ECG_II, metrics.PLETH, metrics.ART, metrics.CO2, metrics.IMPEDANCE, metrics.CVP)
MOST = 4


class LanesShown:
    """A lane once shown stays until the case ends: nothing jumps because a sensor was off for a while."""

    def __init__(self, panel: WaveformPanel) -> None:
        self._panel = panel
        self._seen: set[Metric] = set()
        self._shown: tuple[Metric, ...] = ()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Another case: the usual lanes, whatever the last one had."""
        self._seen.clear()
        self._show(USUAL)

    def append(self, block: WaveformBlock) -> None:
        """New samples; a waveform seen for the first time gets its lane."""
        if block.metric not in self._seen:
            self._seen.add(block.metric)
            self._show(tuple(metric for metric in ORDER if metric in self._seen)[:MOST] or USUAL)
        self._panel.append(block)

    def _show(self, wanted: tuple[Metric, ...]) -> None:
        if len(wanted) < len(USUAL):
            wanted = tuple(metric for metric in ORDER if metric in {*wanted, *USUAL})[:MOST]
        if wanted != self._shown:
            self._shown = wanted
            self._panel.set_lanes(tuple(LANES[metric] for metric in wanted))
