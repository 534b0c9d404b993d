"""Which trend stands in which lane of a report's chart, and the scale of each. Reckons scales; draws nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from clinical import metrics
from clinical.metrics import Metric
from clinical.report.middle import middle
from clinical.report.told import BUCKET_S, CaseReport, Trend

_HEART = (metrics.HEART_RATE, metrics.PULSE_RATE, metrics.ART_PULSE_RATE)
_BREATH = (metrics.RESP_RATE, metrics.CO2_RESP_RATE, metrics.IMPEDANCE_RESP_RATE)
_CO2 = (metrics.ETCO2, metrics.TCCO2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A strip of the chart with a scale of its own.

    Attributes:
        share: of the height of all lanes.
        low, high, step: of the scale and its labelled lines.
        trend: what is drawn in it; None: nothing of the kind was measured.
        usual_s: from one value of the trend to the next, mostly: reckoned once, for every page asks.
        limits: metrics whose limits are drawn.
        cuffs: the cuff's readings stand in it too.
    """

    title: str
    unit: str
    share: float
    low: float
    high: float
    step: float
    trend: Trend | None = None
    usual_s: float = BUCKET_S
    limits: tuple[Metric, ...] = ()
    cuffs: bool = False


@dataclass(frozen=True, slots=True)
class Scales:
    """The lanes and the top of the dose's scale, mg/h: the same on every page of a report, so that pages can be laid side by side."""

    lanes: tuple[Lane, ...]
    top_mg_per_h: float


def scales_of(report: CaseReport) -> Scales:
    """Of the whole case. Lanes without data are left out."""
    return Scales(_lanes(report), _dose_top(report))


def _lanes(report: CaseReport) -> tuple[Lane, ...]:
    heart, spo2 = _first(report, _HEART), _first(report, (metrics.SPO2,))
    breath, co2 = _first(report, _BREATH), _first(report, _CO2)
    lanes = []
    if heart is not None or report.cuffs:
        lanes.append(_circulation(report, heart))
    if spo2 is not None:
        low, _ = _range([spo2], 85, 100)
        lanes.append(
            Lane(
                title="SpO₂",
                unit="%",
                share=0.7,
                low=low,
                high=100,
                step=_step(100 - low),
                trend=spo2,
                usual_s=usual_s(spo2),
                limits=(metrics.SPO2,),
            )
        )
    if breath is not None:
        lanes.append(_small(breath, "RR", 0, 30))
    if co2 is not None:
        lanes.append(_small(co2, co2.metric.label, 20, 60))
    return tuple(lanes)


def _small(trend: Trend, title: str, low: float, high: float) -> Lane:
    low, high = _range([trend], low, high)
    unit, step = trend.metric.unit.text, _step(high - low)
    return Lane(
        title=title, unit=unit, share=0.6, low=low, high=high, step=step, trend=trend, usual_s=usual_s(trend), limits=(trend.metric,)
    )


def _dose_top(report: CaseReport) -> float:
    """Top of the dose's scale, mg/h: above all that was given and planned."""
    rates = [rate for point in report.doses for rate in (point.rate_mg_per_h, point.planned_mg_per_h) if rate]
    ordered = [step.rate_mg_per_h for step in report.order.steps] if report.order else []
    highest = max((*rates, *ordered), default=10.0)
    step = _step(highest)
    return math.ceil(highest * 1.08 / step) * step


def _circulation(report: CaseReport, heart: Trend | None) -> Lane:
    told = [value for one in report.cuffs for value in (one.sys, one.dia) if value is not None]
    low, high = _range([] if heart is None else [heart], 40, 160, told)
    title = "HR, cuff" if heart is not None and report.cuffs else "HR" if heart is not None else "Cuff"
    unit = "/min, mmHg" if report.cuffs and heart is not None else "/min" if heart is not None else "mmHg"
    limits = (*(() if heart is None else (heart.metric,)), *((metrics.NIBP_SYS,) if report.cuffs else ()))
    return Lane(
        title=title,
        unit=unit,
        share=1.3,
        low=low,
        high=high,
        step=_step(high - low),
        trend=heart,
        usual_s=BUCKET_S if heart is None else usual_s(heart),
        limits=limits,
        cuffs=True,
    )


def usual_s(trend: Trend) -> float:
    """The middle distance of neighbouring values."""
    return middle(np.diff(trend.places)) * BUCKET_S if len(trend.places) > 1 else BUCKET_S


def _first(report: CaseReport, wanted: tuple[Metric, ...]) -> Trend | None:
    """The first of these metrics that was measured."""
    found = {trend.metric: trend for trend in reversed(report.trends) if len(trend.places)}
    return next((found[metric] for metric in wanted if metric in found), None)


def _range(trends: Iterable[Trend], low: float, high: float, further: Iterable[float] = ()) -> tuple[float, float]:
    """The usual range, wide enough for all that was measured, in whole tens (fives for a small range)."""
    ends = [value for trend in trends for value in (float(trend.lows.min()), float(trend.highs.max()))] + list(further)
    grain = 5 if high - low <= 40 else 20
    if ends:
        low = min(low, math.floor(min(ends) / grain) * grain)
        high = max(high, math.ceil(max(ends) / grain) * grain)
    return float(low), float(high)


def _step(length: float) -> float:
    """A round distance of labelled lines: two to four of them."""
    for step in (1, 2, 5, 10, 20, 40, 50, 100, 200, 500, 1000):
        if length / step <= 4:
            return float(step)
    return length
