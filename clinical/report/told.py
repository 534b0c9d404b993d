"""The words of a case report: everything a page shows, frozen. Nothing here reads, reckons or draws.

Moments are seconds since the case began, by the clock that never steps; ``CaseReport.started`` alone is a date, so dates that are
hidden are hidden in one place. What must not be told is empty already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinical.alarm_model import Kind
from clinical.alarms.burden import Burden
from clinical.assessments.recovery import Line
from clinical.dose_told import GivenTold
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Priority
from clinical.orders import Order

BUCKET_S = 10
"""Of so many seconds a trend keeps the lowest, the highest and the mean value: finer than paper shows, and no extreme is lost."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """One metric and channel, a bucket of ``BUCKET_S`` seconds in which anything usable was shown being one place.

    Attributes:
        places: int64, shape (n,), rising: number of the bucket, counted from the start of the case.
        lows, highs, means: float64, shape (n,), in the metric's unit.
        doubtful: bool, shape (n,): the device itself doubted every value of the bucket.
    """

    metric: Metric
    channel: str
    places: NDArray[np.int64]
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]
    means: NDArray[np.float64]
    doubtful: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffReading:
    """One inflation, mmHg; None: not told."""

    at_s: float
    sys: float | None = None
    dia: float | None = None
    mean: float | None = None

    def written(self) -> str:
        """``128/76 (93)``; a part that was not told is ``–``."""
        sys, dia, mean = ("–" if value is None else f"{value:.0f}" for value in (self.sys, self.dia, self.mean))
        return f"{sys}/{dia}" if self.mean is None else f"{sys}/{dia} ({mean})"


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePoint:
    """The infusion from a moment on: fields as in ``DoseReport``; rates None where they were not known."""

    at_s: float
    state: str
    stale: bool
    rate_ml_per_h: float | None
    rate_mg_per_h: float | None
    rate_mg_per_kg_h: float | None
    planned_mg_per_h: float | None
    given_mg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEntry:
    """The pump took a rate; ``number`` None: it is no step of the order, or a pause."""

    at_s: float
    rate_mg_per_h: float
    rate_mg_per_kg_h: float
    number: int | None
    off_order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEntry:
    """One standing of a condition; ``until_s`` None: it stood at the end. ``answered_s``: since its appearance; None: never."""

    at_s: float
    until_s: float | None
    priority: Priority
    kind: Kind
    text: str
    answered_s: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something entered that is no score.

    Attributes:
        at_s, entered_s: when it was, and when it was entered.
        kind: "medication", "stop", "limit", …
        number: of an event, as corrections name it.
        corrects, replaced_by: numbers; None where there is none.
    """

    at_s: float
    entered_s: float
    kind: str
    text: str
    by: str = ""
    number: int | None = None
    corrects: int | None = None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEntry:
    """One assessment; fields as in ``RecordAssessment``, numbers as corrections name them."""

    at_s: float
    entered_s: float
    number: int
    scores: tuple[tuple[str, int], ...]
    vitals: tuple[tuple[Metric, float], ...] = ()
    note: str = ""
    by: str = ""
    replaced_by: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEntry:
    """A stretch without data; ``until_s`` None: to the end."""

    since_s: float
    until_s: float | None
    device: str
    what: str
    reason: str
    of_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStretch:
    """A threshold while it was in force; ``value`` None: that side was off."""

    metric: Metric
    side: str
    since_s: float
    until_s: float
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEntry:
    """The pump rested: since when, until when (None: to the end), and why, as far as anybody entered it."""

    at_s: float
    until_s: float | None
    state: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One signed line of the controlled drug, mg; fields as in ``LedgerLine``."""

    at_s: float
    what: str
    mg: float
    by: str
    witness: str = ""
    corrects: int | None = None
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPart:
    """The ledger: its lines, what should be left and the sentence under it."""

    lines: tuple[LedgerEntry, ...] = ()
    left_mg: float = 0.0
    verdict: str = "not open"
    closes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands on every page.

    Attributes:
        patient: label, or empty where it is hidden.
        started: date of the case, moved where dates are hidden.
        recording: title of what was played; empty for a patient.
    """

    case: str
    patient: str
    bed: str
    day: int
    started: Instant
    utc_offset_min: int
    simulated: bool
    recording: str
    deidentified: bool
    program_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What doses were reckoned with: at the beginning, or after the last correction."""

    weight_kg: float
    concentration_mg_per_ml: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseReport:
    """A case from its start to its end, or as far as it is recorded.

    Attributes:
        who: age, sex and diagnosis in words; empty where they are hidden.
        length_s, ended, end_reason: how long, whether it has an end, and why.
        basis_at_first, basis: as set up, and as in force at the end: another one where it was corrected.
        order: None where nothing was ordered.
        given: from three sources at the end; None where no pump was heard.
        entries: all that was entered but scores, refused commands left out, by time.
        scores: all assessments, corrected ones too, by time.
        escort: whether the escort was there, as last entered; None: it was not.
        recovery: readiness to go home at the end, a line each; empty where the site's list could not be had.
        seal_rows, seal_head: of the audit chain; the head is empty where it is hidden.
    """

    heading: Heading
    who: str
    recorded_by_version: str
    length_s: float
    ended: bool
    end_reason: str
    basis_at_first: Basis
    basis: Basis
    syringe_ml: float
    baseline_sbp_mmhg: float | None
    preset: str
    order: Order | None
    given: GivenTold | None
    course_before_mg: float
    burden: Burden
    trends: tuple[Trend, ...] = ()
    cuffs: tuple[CuffReading, ...] = ()
    doses: tuple[DosePoint, ...] = ()
    steps: tuple[StepEntry, ...] = ()
    stops: tuple[StopEntry, ...] = ()
    alarms: tuple[AlarmEntry, ...] = ()
    entries: tuple[Entry, ...] = ()
    scores: tuple[ScoreEntry, ...] = ()
    limits: tuple[LimitStretch, ...] = ()
    gaps: tuple[GapEntry, ...] = ()
    ledger: LedgerPart | None = None
    recovery: tuple[Line, ...] = ()
    recovery_source: str = ""
    seal_rows: int = 0
    seal_head: str = ""
    escort: bool | None = None
