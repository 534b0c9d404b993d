"""A second judgement of a low limit, written apart from the first: plain lists, the whole history looked at anew each second.

Slow and short. It knows nothing of the program but the fields of AlarmLimit.
"""

from __future__ import annotations

import statistics

from clinical.alarm_model import AlarmLimit

Told = tuple[int, bool, int, bool]
"""Second, whether it appeared (or worsened) or ended, how often it had returned, whether it was extreme."""


def told_by_reference(values: list[float | None], limit: AlarmLimit) -> list[Told]:
    """What is told of values that come each second from second 1 on; None is a second without a reading."""
    assert limit.low is not None
    assert limit.extreme_low is not None
    told: list[Told] = []
    inside_since = beyond_since = extreme_since = None
    on = was_extreme = run_extreme = False
    ended: int | None = None
    worst, returns = 0.0, 0
    for second, value in enumerate(values, start=1):
        if value is None:
            continue
        median = _median(values, second, limit.smoothing_s)
        extreme_since = (extreme_since or second) if value < limit.extreme_low else None
        extreme = extreme_since is not None and second - extreme_since >= limit.extreme_delay_s
        judged = value if extreme else median
        beyond = limit.low - judged
        if on:
            inside_since = None if beyond > 0 else (inside_since or second)
            if inside_since is not None and second - inside_since >= limit.return_s:
                on, ended, beyond_since = False, second, None
                told.append((second, False, returns, was_extreme))
                continue
            worst = max(worst, beyond)
            if extreme and not was_extreme:
                told.append((second, True, returns, True))
                was_extreme = run_extreme = True
            continue
        beyond_since = (beyond_since or second) if beyond > 0 else None
        if not extreme and (beyond_since is None or second - beyond_since < limit.delay_s):
            continue
        near = ended is not None and limit.rejoin_s > 0 and second - ended <= limit.rejoin_s
        same = near and beyond <= worst + limit.worse_by and (run_extreme or not extreme)
        returns = returns + 1 if same else 0
        worst = max(worst, beyond) if same else beyond
        run_extreme = extreme or (same and run_extreme)
        on, was_extreme, inside_since = True, extreme, None
        told.append((second, True, returns, extreme))
    return told


def _median(values: list[float | None], second: int, window_s: float) -> float:
    recent = [value for at, value in enumerate(values[:second], start=1) if value is not None and second - at < max(window_s, 1)]
    return statistics.median(recent)
