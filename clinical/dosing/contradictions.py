"""One pump against itself over time: what it says that cannot be, and what its counter shows that its rate does not explain.

A report older than the last is left out; a rate that cannot be is taken as not known. Tolerances are those of ``reconciliation``.
"""

from __future__ import annotations

from dataclasses import replace

from clinical.commands import CaseSetup
from clinical.dosing.counter_wrap import COUNTER_WIDTHS_ML
from clinical.dosing.given import ABSURD_ML_PER_H, Tally
from clinical.dosing.quantities import Drug
from clinical.dosing.reconciliation import SLACK_ML, TOLERANCE, CaseDose, FindingKind, Reconciliation, findings_of, refusal_of
from clinical.instant import Instant
from clinical.observations import PumpStatus

WINDOW_S = 120.0
"""Over this long a counter is held against the rate, so that what runs besides is seen however often the pump reports. A proposal."""
TOLD_FOR_S = 60.0
"""What happened at one moment (a reset, a step back in time) is told this long."""

_OF_A_MOMENT = frozenset({FindingKind.COUNTER_RESET, FindingKind.COUNTER_WRAPPED, FindingKind.TIME_BACKWARD})
_OF_A_REPORT = frozenset(
    {
        FindingKind.RATE_ABSURD,
        FindingKind.DOSE_DIFFERS,
        FindingKind.UNIT_UNKNOWN,
        FindingKind.COUNTER_RESET,
        FindingKind.COUNTER_WRAPPED,
    }
)


class Contradictions:
    """Follows one pump."""

    def __init__(self, setup: CaseSetup | None) -> None:
        self._last: PumpStatus | None = None
        self._found: dict[FindingKind, Reconciliation] = {}
        self.begin(setup)

    def begin(self, setup: CaseSetup | None) -> None:
        """A case begins, or ended: nothing is held against the pump from before."""
        self._found.clear()
        self._window, self._window_flows = Tally(counter_widths_ml=COUNTER_WIDTHS_ML), False
        self._window_from: Instant | None = None
        self.amend(setup)

    def amend(self, setup: CaseSetup | None) -> None:
        """Weight or concentration of the case are others."""
        drug = None if setup is None or setup.order is None or setup.order.drug not in set(Drug) else Drug(setup.order.drug)
        self._case = (
            None
            if setup is None or drug is None
            else CaseDose(drug=drug, concentration_mg_per_ml=setup.concentration_mg_per_ml, weight_kg=setup.weight_kg)
        )

    def take(self, status: PumpStatus) -> PumpStatus | None:
        """The report as it is to be counted; None: it is left out."""
        backward = refusal_of(self._last, status)
        if backward is not None:
            self._found[backward.kind] = backward
            return None
        found = () if self._case is None else findings_of(self._last, status, self._case)
        self._keep({one.kind: one for one in found if one.kind in _OF_A_REPORT}, status.at)
        self._last = status
        if not _possible(status):
            status = replace(status, rate_ml_per_h=None)
        self._watch_flow(status)
        return status

    def found(self, at: Instant) -> dict[FindingKind, str]:
        """What stands at a moment, in words."""
        return {kind: one.text for kind, one in self._found.items() if kind not in _OF_A_MOMENT or at.since(one.at) <= TOLD_FOR_S}

    def _keep(self, found: dict[FindingKind, Reconciliation], at: Instant) -> None:
        stay = (*_OF_A_MOMENT, FindingKind.FREE_FLOW)
        kept = {kind: one for kind, one in self._found.items() if kind in stay}
        self._found = {kind: one for kind, one in kept.items() if kind not in _OF_A_MOMENT or at.since(one.at) <= TOLD_FOR_S} | found

    def _watch_flow(self, status: PumpStatus) -> None:
        """A finding of free flow stays until a whole window shows none."""
        if self._window_from is None or status.at.since(self._window_from) > WINDOW_S:
            if not self._window_flows:
                self._found.pop(FindingKind.FREE_FLOW, None)
            before = self._window.last
            self._window, self._window_from, self._window_flows = Tally(counter_widths_ml=COUNTER_WIDTHS_ML), status.at, False
            if before is not None:
                self._window.take(before)
        self._window.take(status)
        rate, counter = self._window.rate_and_counter(status.at)
        if counter is None or rate.high is None or counter.low <= rate.high * (1 + TOLERANCE) + SLACK_ML:
            return
        self._window_flows = True
        text = f"its counter rose by {counter.low:.2f} mL or more where at most {rate.high:.2f} are explained: look for free flow"
        self._found[FindingKind.FREE_FLOW] = Reconciliation(kind=FindingKind.FREE_FLOW, at=status.at, text=text)


def _possible(status: PumpStatus) -> bool:
    """Whether the rate can be one: what cannot is not known."""
    rate = status.rate_ml_per_h
    return rate is None or 0 <= rate <= ABSURD_ML_PER_H
