"""What a display that has just come must be told: how everything stands, and enough of the past to draw the whole infusion."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from app.core.kept_trend import KeptTrend
from app.core.merge import tells_of_a_line
from clinical.alarm_model import SILENCE
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Gap, Message, Outcome, Tick
from clinical.metrics import Metric
from clinical.observations import Numeric

DOSE_STEP_S = 30.0
"""While the rate stays as it is, one report for each of these is enough to draw what was given."""
MOST_GAPS = 1000
"""Of a line that fails again and again the trend draws the newest; the record has them all."""


class StandingState:
    """The latest of each kind, the whole list of what is never forgotten, and a thinned trend."""

    def __init__(self) -> None:
        self._latest: dict[object, Outcome] = {}
        self._links: dict[str, Outcome] = {}
        self._kept: list[Outcome] = []
        self._doses: list[Outcome] = []
        self._trend: dict[tuple[Metric, str], KeptTrend] = defaultdict(KeptTrend)
        self._gaps: dict[tuple[str, str, Instant], tuple[Instant, Gap]] = {}

    def add(self, outcome: Outcome) -> None:
        """Takes an outcome that is worth showing, in order."""
        at = outcome.message.at
        self._remember(outcome, at)
        for field in ("alarms", "audio", "limits", "dose"):
            value = getattr(outcome, field)
            if value is not None:
                self._latest[field] = Outcome(message=Tick(at), **{field: value})
        if isinstance(outcome.shown, Numeric):
            self._add_numeric(outcome.shown, outcome.message)
        if outcome.aside is not None and isinstance(outcome.message, FromDevice):
            aside = outcome.aside
            self._latest[outcome.message.device, aside.metric, aside.channel] = Outcome(message=outcome.message, aside=aside)
        for standing in outcome.sources:
            self._latest["sources", standing.metric] = Outcome(message=Tick(at), sources=(standing,))
        for gap in outcome.gaps:
            self._gaps[gap.device, gap.what, gap.since] = (at, gap)
            if len(self._gaps) > MOST_GAPS:
                del self._gaps[next(iter(self._gaps))]

    def _remember(self, outcome: Outcome, at: Instant) -> None:
        message = outcome.message
        if outcome.case is not None or outcome.transitions or (isinstance(message, FromOperator) and not outcome.refused):
            told = message if isinstance(message, FromOperator) else Tick(at)
            self._kept.append(Outcome(message=told, case=outcome.case, ended=outcome.ended, transitions=outcome.transitions))
        elif isinstance(message, FromDevice) and tells_of_a_line(outcome):
            self._links[message.device] = outcome
        if outcome.dose is not None and self._is_new_dose(outcome):
            past = replace(outcome.dose, ladder=None, ledger=None, ahead=None)  # of these only the latest is shown
            self._doses.append(Outcome(message=Tick(at), dose=past))

    def _is_new_dose(self, outcome: Outcome) -> bool:
        if not self._doses or self._doses[-1].dose is None or outcome.dose is None:
            return True
        last = self._doses[-1].dose
        return last.rate_mg_per_h != outcome.dose.rate_mg_per_h or outcome.dose.at.since(last.at) >= DOSE_STEP_S

    def _add_numeric(self, numeric: Numeric, message: Message) -> None:
        """The newest is told with the device it came from, so that it can be blanked with that device's line."""
        key = (numeric.metric, numeric.channel)
        self._latest.pop(key, None)  # of two channels of which one is shown the newer is told last
        self._latest[key] = Outcome(message=message, shown=numeric)
        self._trend[key].add(numeric)

    def outcomes(self, now: Instant) -> tuple[Outcome, ...]:
        """All of it, as outcomes in the order of time, the way a display takes them in.

        Alarms and sound are told even where there are none: the display may remember some from a core that was lost.
        """
        quiet = {"alarms": Outcome(message=Tick(now), alarms=()), "audio": Outcome(message=Tick(now), audio=SILENCE)}
        gaps = [Outcome(message=Tick(at), gaps=(gap,)) for at, gap in self._gaps.values()]
        trend = (Outcome(message=Tick(numeric.at), shown=numeric) for kept in self._trend.values() for numeric in kept.numerics())
        past = sorted([*self._kept, *self._doses, *trend, *gaps], key=lambda outcome: outcome.message.at)
        return (*past, *self._links.values(), *(quiet | self._latest).values())
