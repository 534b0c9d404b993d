"""The words of alarms: titles and details. Knows no rules; whatever is told here was found elsewhere.

A title holds the value and the limit and changes with them. A detail holds no running duration: the screen counts that
from ``Alarm.since`` itself, so a standing alarm is not told anew at each tick.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clinical.alarms.trends import Change
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import Metric

SEPARATOR = " · "
LONG_SPAN_S = 300.0
_MOST_EXTRA_DECIMALS = 3


def number(value: float, decimals: int) -> str:
    """A number as shown: fixed decimals, never "-0"."""
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def crossed(metric: Metric, value: float, limit: float, *, low: bool) -> str:
    """As in "SpO₂ 84 < 90", or "SpO₂ 91, was < 90" on its way back. Takes more decimals where rounding would say "90 < 90"."""
    sign, beyond = ("<", value < limit) if low else (">", value > limit)
    against = number(limit, metric.decimals)
    against = against if float(against) == limit else f"{limit:g}"
    for decimals in range(metric.decimals, metric.decimals + 1 + _MOST_EXTRA_DECIMALS):
        shown = number(value, decimals)
        if float(shown) != limit or value == limit:
            break
    return f"{metric.label} {shown}{'' if beyond else ', was'} {sign} {against}"


def joined(*parts: str) -> str:
    """The parts that say something, with a point between them."""
    return SEPARATOR.join(part for part in parts if part)


def of_baseline(value: float, baseline: float | None) -> str:
    """As in "+31 % of baseline"; empty where there is no baseline."""
    if not baseline:
        return ""
    return f"{round((value / baseline - 1) * 100):+d} % of baseline".replace("-", "−")


def returned(away_s: float | None, returns: int) -> str:
    """As in "back after 40 s, return 3"; empty for an alarm that is new."""
    return "" if away_s is None else f"back after {away_s:.0f} s, return {returns}"


def extreme(metric: Metric, limit: float, *, low: bool) -> str:
    """As in "extreme: < 40"."""
    against = number(limit, metric.decimals)
    return f"extreme: {'<' if low else '>'} {against if float(against) == limit else f'{limit:g}'}"


def fell_or_rose(metric: Metric, change: Change) -> str:
    """As in "SpO₂ fell 5 % in 40 s"."""
    amount = change.after - change.before
    moved = f"{'rose' if amount > 0 else 'fell'} {number(abs(amount), metric.decimals)} {metric.unit.text}".rstrip()
    return f"{metric.label} {moved} in {change.seconds:.0f} s"


def from_to(metric: Metric, change: Change) -> str:
    """As in "SpO₂ 97 → 92 in 40 s"."""
    before, after = number(change.before, metric.decimals), number(change.after, metric.decimals)
    return f"{metric.label} {before} → {after} in {_span(change.seconds)}"


def score_from_to(name: str, change: Change) -> str:
    """As in "RASS 0 → −2 in 15 min"."""
    return f"{name} {change.before:.0f} → {change.after:.0f} in {_span(change.seconds)}".replace("-", "−")


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < LONG_SPAN_S else f"{seconds / 60:.0f} min"


def after_step(at: Instant, step_at: Instant | None, rate_mg_per_h: float | None, *, first: bool, within_s: float) -> str:
    """As in "9 min after step to 25 mg/h", told of a measurement's own moment; empty where no step came before it or too long ago."""
    if step_at is None or rate_mg_per_h is None:
        return ""
    passed_s = at.since(step_at)
    if not 0 <= passed_s <= within_s:
        return ""
    return f"{int(passed_s // 60)} min after {'start at' if first else 'step to'} {rate(rate_mg_per_h)} mg/h"


def rate(value: float) -> str:
    """A dose rate or a volume as people write it: no needless zeros."""
    return f"{round(value, 2):g}"


def clock(at: Instant, utc_offset_min: int) -> str:
    """The time of day at the bed: "14:05:22"."""
    moment = datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC) + timedelta(minutes=utc_offset_min)
    return moment.strftime("%H:%M:%S")


def device_title(device: str) -> str:
    """A device's name at the head of a title: "Pump"."""
    return device[:1].upper() + device[1:]
