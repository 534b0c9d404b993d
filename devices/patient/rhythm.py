"""When the heart beats and the chest breathes: the one timeline from which every rate and every waveform is read.

Each beat and breath is fixed once, from the body as it was a moment before it, and never changed after: whoever asks later,
or in other pieces, sees the same heart. Draws nothing and knows no sensor. Times are seconds since the bedside's start.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.patient.constants import constant
from devices.patient.physiology import BodyState

BEFORE_START_S = 15.0  # the timeline begins so long before the bedside does: there is a past to ask for at once
KEPT_S = 30.0
INSPIRED_SHARE = 0.38  # of a breath
SHUT_AIRFLOW = 0.1  # below this share no carbon dioxide reaches the sensor
BREATH_CO2_MMHG = 8.0  # what a capnograph counts as a breath
APNOEA_S = 20.0
BEATS_AVERAGED = 8
BREATHS_AVERAGED = 4
MAYER_HZ = 0.1

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """What waveforms are drawn from; arrays of shape (n,), rising in time, reaching past the moment they may be asked for.

    Attributes:
        beat_s: of the R peaks.
        beat_strength: of the pulse in the finger, 1 at rest.
        breath_s: of the beginnings of inspiration.
        inspired_s: how long each inspiration lasts.
        depth: of the chest, 1 at rest.
        plateau_mmhg: carbon dioxide at the end of each expiration; 0 where nothing passed.
    """

    beat_s: Vector
    beat_strength: Vector
    breath_s: Vector
    inspired_s: Vector
    depth: Vector
    plateau_mmhg: Vector


class Rhythm:
    """Grows the timeline ahead of the present. ``generator`` is its own; ``unrest`` scales all natural variation."""

    def __init__(self, generator: np.random.Generator, unrest: float, body: BodyState) -> None:
        self._generator = generator
        self._unrest = unrest
        self._rest_perfusion = body.perfusion_index
        self._breath_s = [-BEFORE_START_S]
        self._depth = [body.depth]
        self._plateau = [body.etco2_mmhg]
        self._beat_s = [-BEFORE_START_S]
        self._strength = [1.0]
        self._timeline: Timeline | None = None
        self.extend(0.0, body)

    def extend(self, until_s: float, body: BodyState) -> None:
        """Adds breaths and beats, as this body makes them, until one of each lies after ``until_s``; forgets the long past."""
        self._timeline = None
        while self._breath_s[-1] <= until_s:
            self._add_breath(body)
        while self._beat_s[-1] <= until_s:
            self._add_beat(body)
        self._forget(until_s - KEPT_S)

    def _add_breath(self, body: BodyState) -> None:
        length_noise, depth_noise = np.clip(self._generator.standard_normal(2), -2, 2).tolist()
        jitter = constant("breath_jitter") * self._unrest
        self._breath_s.append(self._breath_s[-1] + 60 / body.resp_rate * (1 + jitter * length_noise))
        self._depth.append(body.depth * (1 + jitter * depth_noise))
        self._plateau.append(body.etco2_mmhg if body.airflow > SHUT_AIRFLOW else 0.0)

    def _add_beat(self, body: BodyState) -> None:
        last = self._beat_s[-1]
        breathing = math.sin(2 * math.pi * self._breath_phase(last))
        mayer = math.sin(2 * math.pi * MAYER_HZ * last)
        rate = body.heart_rate + self._unrest * (constant("sinus_arrhythmia") * breathing + constant("mayer_wave") * mayer)
        noise = min(2.5, max(-2.5, self._generator.standard_normal())) * constant("beat_jitter") * self._unrest
        self._beat_s.append(last + 60 / rate * (1 + noise))
        self._strength.append(body.perfusion_index / self._rest_perfusion * (1 - 0.05 * breathing))

    def _breath_phase(self, t: float) -> float:
        """0 at the beginning of an inspiration, towards 1 at its next."""
        k = min(bisect_right(self._breath_s, t), len(self._breath_s) - 1)
        begin = self._breath_s[k - 1]
        return (t - begin) / (self._breath_s[k] - begin)

    def _forget(self, before_s: float) -> None:
        for times, others in ((self._beat_s, (self._strength,)), (self._breath_s, (self._depth, self._plateau))):
            old = max(0, bisect_right(times, before_s) - 1)
            for track in (times, *others):
                del track[:old]

    def timeline(self) -> Timeline:
        """As far as it is fixed now. Worked out once for each ``extend``, and only if it is asked for."""
        if self._timeline is None:
            self._timeline = self._as_arrays()
        return self._timeline

    def _as_arrays(self) -> Timeline:
        breath_s = np.array(self._breath_s)
        lengths = np.append(np.diff(breath_s), 1.0)  # the last is never drawn into: it begins after what may be asked for
        return Timeline(
            beat_s=np.array(self._beat_s),
            beat_strength=np.array(self._strength),
            breath_s=breath_s,
            inspired_s=INSPIRED_SHARE * lengths,
            depth=np.array(self._depth),
            plateau_mmhg=np.array(self._plateau),
        )

    def heart_rate(self, now_s: float) -> float:
        """Per minute, over the last beats up to ``now_s``."""
        return _mean_rate(self._beat_s[: bisect_right(self._beat_s, now_s)], BEATS_AVERAGED)

    def resp_rate(self, now_s: float) -> float:
        """Per minute, of the chest; 0 after too long without a breath."""
        return _rate_or_apnoea(self._breath_s[: bisect_right(self._breath_s, now_s)], now_s)

    def co2_resp_rate(self, now_s: float) -> float:
        """Per minute, counted from breaths that brought carbon dioxide; 0 after too long without one."""
        ended = bisect_right(self._breath_s, now_s) - 1
        seen = [t for t, co2 in zip(self._breath_s[1 : ended + 1], self._plateau[:ended], strict=True) if co2 > BREATH_CO2_MMHG]
        return _rate_or_apnoea(seen, now_s)

    def end_tidal_mmhg(self, now_s: float) -> float:
        """Plateau of the last whole breath; 0 when none came for too long."""
        ended = bisect_right(self._breath_s, now_s) - 1
        return self._plateau[ended - 1] if now_s - self._breath_s[ended] <= APNOEA_S else 0.0


def _rate_or_apnoea(times: list[float], now_s: float) -> float:
    if len(times) < 2 or now_s - times[-1] > APNOEA_S:
        return 0.0
    return _mean_rate(times, BREATHS_AVERAGED)


def _mean_rate(times: list[float], intervals: int) -> float:
    recent = times[-1 - intervals :]
    return 60 * (len(recent) - 1) / (recent[-1] - recent[0])
