"""What was given in a case, and what the vital signs did afterwards, from the values of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinical.assessments.afterwards import afterwards
from clinical.metrics import NIBP_SYS, Metric
from clinical.report.told import BUCKET_S, CaseReport, Entry, Trend

GIVEN = frozenset({"medication", "bolus"})


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    metric: Metric
    seconds: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Given:
    """An entry, and the change of the vital signs in words; empty where none is told."""

    entry: Entry
    afterwards: str


def medication(report: CaseReport) -> Sequence[Given]:
    """All that was given and stands, by time."""
    entries = [one for one in report.entries if one.kind in GIVEN and one.replaced_by is None]
    ends = [*(one.at_s for one in entries), report.length_s][1:]
    series = [
        _cuffs(report),
        *(_Series(one.metric, np.asarray((one.places + 0.5) * BUCKET_S, np.float64), one.means) for one in report.trends),
    ]
    return [Given(entry, afterwards(entry.at_s, series, end)) for entry, end in zip(entries, ends, strict=True)]


def _means(trend: Trend) -> _Series:
    return _Series(trend.metric, np.asarray((trend.places + 0.5) * BUCKET_S, np.float64), trend.means)


def _cuffs(report: CaseReport) -> _Series:
    values = [np.nan if cuff.sys is None else cuff.sys for cuff in report.cuffs]
    return _Series(NIBP_SYS, np.array([cuff.at_s for cuff in report.cuffs], float), np.array(values, float))
