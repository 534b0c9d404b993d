"""The simulated device's reports: a description with all states, then metrics each second, waveforms four times, alerts as they change.

It speaks the documents that a line to a real device would give (frames.py), fed by the simulated bedside. It hears nothing.
"""

from __future__ import annotations

import numpy as np

from clinical.instant import NS_PER_S, Instant
from devices.driver import CuffReading, SimulatedBedside
from devices.drivers.sdc.frames import framed
from devices.drivers.sdc.simulated_documents import (
    ALERTS,
    CUFF,
    NUMERICS,
    WAVES,
    Wave,
    alert_state,
    description,
    metric_state,
    report,
    wave_state,
)

WAVES_EVERY_S = 0.25
LONGEST_BACKLOG_S = 5.0
QUANTA = 4
"""Each fourth report of waveforms goes with one of metrics."""


class SdcSimulator:
    """A monitor that reports what the bedside is."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._start = bedside.now
        self._reports = 0
        self._version = 0
        self._described = False
        self._alerts: dict[str, bool] = {}

    @property
    def due(self) -> Instant:
        return self._start.plus(self._reports * WAVES_EVERY_S)

    def receive(self, data: bytes, now: Instant) -> None:
        """A provider of this kind offers nothing that could be set."""

    def outgoing(self, now: Instant) -> bytes:
        late_s = now.since(self.due) - LONGEST_BACKLOG_S
        if late_s > 0:
            self._reports += int(late_s / WAVES_EVERY_S) + 1
        said = b""
        while self.due <= now:
            said += self._said(self.due)
            self._reports += 1
        return said

    def _said(self, at: Instant) -> bytes:
        if not self._described:
            self._described = True
            return framed(description(self._metrics(at) + self._alert_states(changed=False)))
        documents = [self._report("WaveformStream", "".join(self._wave(wave, at) for wave in WAVES))]
        if self._reports % QUANTA == 0:
            documents.append(self._report("EpisodicMetricReport", self._metrics(at)))
            changed = self._alert_states(changed=True)
            documents += [self._report("EpisodicAlertReport", changed)] if changed else []
        return b"".join(documents)

    def _report(self, name: str, states: str) -> bytes:
        self._version += 1
        return framed(report(name, self._version, states))

    def _metrics(self, at: Instant) -> str:
        states = [metric_state(handle, self._bedside.value(metric), metric.decimals, _ms(at)) for handle, metric, _ in NUMERICS]
        return "".join(states) + self._cuff()

    def _cuff(self) -> str:
        busy, reading = self._bedside.cuff_inflating, self._bedside.cuff
        return "".join(_cuff_state(handle, name, None if busy else reading, busy=busy) for handle, name, _ in CUFF)

    def _wave(self, wave: Wave, at: Instant) -> str:
        count = int(wave.rate_hz * WAVES_EVERY_S)
        samples = self._bedside.samples(wave.metric, at.plus(-count / wave.rate_hz), count, float(wave.rate_hz))
        off = bool(np.isnan(samples).any())
        return wave_state(wave, "" if off else " ".join(f"{sample:.{wave.decimals}f}" for sample in samples), _ms(at))

    def _alert_states(self, *, changed: bool) -> str:
        """All conditions, or those that changed since they were last told."""
        now = {handle: stands(self._bedside) for handle, _, _, stands in ALERTS}
        told = [handle for handle, presence in now.items() if not changed or self._alerts.get(handle) != presence]
        self._alerts = now
        return "".join(alert_state(handle, presence=now[handle]) for handle in told)


def _ms(at: Instant) -> int:
    return at.utc_ns * 1000 // NS_PER_S


def _cuff_state(handle: str, name: str, reading: CuffReading | None, *, busy: bool) -> str:
    if reading is None:
        return metric_state(handle, None, 0, 0, validity="Ong" if busy else "NA")
    numbers = {"sys": reading.sys, "dia": reading.dia, "mean": reading.mean, "pulse": reading.pulse}
    return metric_state(handle, numbers[name], 0, _ms(reading.at))
