"""Conditions of the infusion: what the pump says against itself and against the order. Reckons no dose."""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarms.board import Board
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.infusion_conditions import (
    CONCENTRATION_DIFFERS,
    DRUG_DIFFERS,
    PAST_THE_END,
    PUMP_ALARM,
    PUMP_NOT_INFUSING,
    RATE_ABOVE_ORDER,
    RATE_BELOW_ORDER,
    VOLUME_NOT_RISING,
    WEIGHT_DIFFERS,
)
from clinical.alarms.settling import Settling
from clinical.alarms.wording import rate
from clinical.commands import CaseSetup
from clinical.dosing.delivered import Delivered
from clinical.dosing.ladder import RATE_TOLERANCE, Place, rate_agrees
from clinical.dosing.reconciliation import drug_of, weight_differs
from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus

NOT_INFUSING = MappingProxyType(
    {
        PumpState.PAUSED: "paused",
        PumpState.STOPPED: "stopped",
        PumpState.STANDBY: "in standby",
        PumpState.OFF: "switched off",
        PumpState.KVO: "only keeps the vein open",
    }
)
"""States in which the ordered dose does not reach the patient, as they are told."""

FLAT_ML, FLAT_S = 0.25, 60.0
"""This much volume should have come, over at least this long, before a still counter counts: counters step by up to 0.1 mL."""

_FOLLOWED = (PUMP_ALARM, PUMP_NOT_INFUSING, VOLUME_NOT_RISING, CONCENTRATION_DIFFERS, DRUG_DIFFERS, WEIGHT_DIFFERS)
_OF_ORDER = (RATE_ABOVE_ORDER, RATE_BELOW_ORDER, PAST_THE_END)
_ALL = _FOLLOWED + _OF_ORDER


class InfusionWatch:
    """The case's pump against its order."""

    def __init__(self, board: Board) -> None:
        self._settling = Settling(board)
        self._setup: CaseSetup | None = None
        self._order_stopped = False

    def start(self, setup: CaseSetup) -> None:
        self._setup = setup
        self._order_stopped = False

    def amend(self, setup: CaseSetup) -> None:
        """Weight or concentration were corrected."""
        self._setup = setup

    def stop(self) -> None:
        self._setup = None

    def stop_order(self, at: Instant, *, stopped: bool = True) -> None:
        """The operator recorded a stop: the order plans nothing any more. False: there was none after all."""
        self._order_stopped = stopped
        if stopped:
            self._settle(at, "", "", {}, _OF_ORDER)

    def judge(
        self,
        at: Instant,
        device: str,
        delivered: Delivered,
        place: Place | None,
        *,
        alerting: bool,
        others_ml_per_h: float = 0.0,
    ) -> None:
        """Takes the last report of the pump that is followed, at any moment since.

        Args:
            alerting: an alarm of its own stands already.
            others_ml_per_h: what further pumps give of the same drug: the order is for all of them together.
        """
        status, setup = delivered.last, self._setup
        if status is None or setup is None:
            return
        found = self._against_itself(status, delivered, setup, alerting=alerting)
        found |= self._against_order(status, place, setup, others_ml_per_h)
        self._settle(at, device, status.channel, found, _ALL)

    def judge_further(self, at: Instant, device: str, delivered: Delivered, *, alerting: bool) -> None:
        """The same for a pump that is counted and not followed: it is held against itself alone."""
        status, setup = delivered.last, self._setup
        if status is not None and setup is not None:
            self._settle(at, device, status.channel, self._against_itself(status, delivered, setup, alerting=alerting), _FOLLOWED)

    def _against_itself(self, status: PumpStatus, delivered: Delivered, setup: CaseSetup, *, alerting: bool) -> dict[Condition, str]:
        found: dict[Condition, str] = {PUMP_ALARM: ""} if status.state is PumpState.ALARM and not alerting else {}
        since = delivered.flat_since
        if since is not None and delivered.flat_ml >= FLAT_ML and status.at.since(since) >= FLAT_S:
            found[VOLUME_NOT_RISING] = f"at {rate(status.rate_ml_per_h or 0.0)} mL/h its counter should have moved"
        at_pump, of_case = status.concentration_mg_per_ml, setup.concentration_mg_per_ml
        if at_pump is not None and abs(at_pump - of_case) > RATE_TOLERANCE * of_case:
            found[CONCENTRATION_DIFFERS] = (
                f"{rate(at_pump)} mg/mL at the pump, {rate(of_case)} mg/mL in the case; doses are reckoned with the case's"
            )
        drug = drug_of(status.drug)
        if setup.order is not None and drug is not None and drug != setup.order.drug:
            found[DRUG_DIFFERS] = f"{status.drug} at the pump, {setup.order.drug} in the order: they are never interchanged"
        if weight := weight_differs(status, of_case, setup.weight_kg):
            found[WEIGHT_DIFFERS] = f"{weight}; doses are reckoned with the case's"
        return found

    def _against_order(self, status: PumpStatus, place: Place | None, setup: CaseSetup, others_ml_per_h: float) -> dict[Condition, str]:
        if place is None or setup.order is None or self._order_stopped:
            return {}
        running = status.state is PumpState.INFUSING or others_ml_per_h > 0
        if place.ended:
            return {PAST_THE_END: f"the order is {rate(setup.order.length_min)} min long"} if running else {}
        if status.state in NOT_INFUSING and not running:
            return {PUMP_NOT_INFUSING: NOT_INFUSING[status.state]}
        own_ml_per_h = status.rate_ml_per_h if status.state is PumpState.INFUSING else 0.0
        return self._rate_off(own_ml_per_h, others_ml_per_h, place, setup) if running else {}

    def _rate_off(self, own_ml_per_h: float | None, others_ml_per_h: float, place: Place, setup: CaseSetup) -> dict[Condition, str]:
        planned = place.planned_mg_per_h
        given = None if own_ml_per_h is None else own_ml_per_h + others_ml_per_h
        if planned is None or given is None or rate_agrees(given, planned, setup.concentration_mg_per_ml):
            return {}
        given_mg_per_h = given * setup.concentration_mg_per_ml
        above = given_mg_per_h > planned
        if not above and _is_earlier_step(given, place, setup):
            return {}  # a step has an earliest time, and no latest
        words = f"Rate {rate(given_mg_per_h)} {'>' if above else '<'} {rate(planned)} mg/h ordered"
        return {RATE_ABOVE_ORDER if above else RATE_BELOW_ORDER: words}

    def _settle(self, at: Instant, device: str, channel: str, found: dict[Condition, str], rows: tuple[Condition, ...]) -> None:
        findings = {row: Finding(row=row, device=device, channel=channel, text=text) for row, text in found.items()}
        self._settling.settle(at, rows, findings, device, channel)


def _is_earlier_step(rate_ml_per_h: float, place: Place, setup: CaseSetup) -> bool:
    """Whether a rate is that of a step before the planned one."""
    steps = () if setup.order is None or place.step_number is None else setup.order.steps[: place.step_number]
    return any(rate_agrees(rate_ml_per_h, step.rate_mg_per_h, setup.concentration_mg_per_ml) for step in steps)
